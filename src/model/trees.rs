//! Boosted regression trees.

use super::forest::{Forest, Go, Watch};
use crate::error::{Error, Result};
use std::sync::OnceLock;

/// The first bytes of a file of trees; the last one is the version.
const MAGIC: [u8; 8] = *b"MMTREES\x01";
/// Bytes of a node.
const NODE: usize = 12;
/// The feature of a leaf.
const LEAF: u16 = u16::MAX;

/// A node of a tree. Numbers are little-endian in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Rows with this value or less of the feature go left.
    pub threshold: f32,
    /// The answer, if this were a leaf: the mean over what came by in training.
    pub value: f32,
    /// The feature that is asked for; `u16::MAX` in a leaf.
    pub feature: u16,
    /// The left child, counted from the tree's root; the right one follows it.
    pub left: u16,
}

/// An ensemble: its answer for a row is the sum of the answers of its trees.
///
/// Trees of up to 64 leaves are evaluated several times as fast as larger ones.
#[derive(Clone, Debug, Default)]
pub struct Trees {
    width: usize,
    base: f32,
    roots: Vec<u32>,
    nodes: Vec<Node>,
    /// The same, laid out when the first row comes; nothing when they are too large for it.
    forest: OnceLock<Option<Forest>>,
}

impl PartialEq for Trees {
    fn eq(&self, other: &Self) -> bool {
        (self.width, self.base, &self.roots, &self.nodes) == (other.width, other.base, &other.roots, &other.nodes)
    }
}

impl Node {
    /// A leaf with this answer.
    pub fn leaf(value: f32) -> Self {
        Self { threshold: 0.0, value, feature: LEAF, left: 0 }
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.feature == LEAF
    }
}

impl Trees {
    /// No trees yet, for rows of `width` features; every row's answer starts at `base`.
    pub fn new(width: usize, base: f32) -> Self {
        Self { width, base, ..Self::default() }
    }

    /// Adds a tree, root first.
    ///
    /// # Errors
    /// When a node asks for a feature that no row has, or a child is not after its parent or not there.
    pub fn push(&mut self, tree: &[Node]) -> Result<()> {
        check(tree, self.width)?;
        self.roots.push(self.nodes.len() as u32);
        self.nodes.extend_from_slice(tree);
        self.forest = OnceLock::new();
        Ok(())
    }

    /// How many features a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// These trees, if they are for rows of `width` features.
    ///
    /// # Errors
    /// When they were trained on rows of another width.
    pub fn of_width(self, width: usize) -> Result<Self> {
        if self.width == width {
            return Ok(self);
        }
        Err(Error::model(format!("is for {} features, not {width}; train it again", self.width)))
    }

    /// The answer for a row: for a judge or ranker, log-odds.
    ///
    /// A row that is too short has 0 for what it lacks.
    ///
    /// ```
    /// use mentionmap::model::{Node, Trees};
    /// let mut trees = Trees::new(1, 0.5);
    /// let root = Node { threshold: 2.0, value: 0.0, feature: 0, left: 1 };
    /// trees.push(&[root, Node::leaf(-1.0), Node::leaf(1.0)])?;
    /// assert_eq!((trees.score(&[2.0]), trees.score(&[3.0])), (-0.5, 1.5));
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn score(&self, row: &[f32]) -> f32 {
        self.forest().map_or_else(|| self.score_by_walking(row), |forest| forest.score(row))
    }

    /// Hands over the answer for each of several rows of [`Trees::width`] features, in order: the same as one by one,
    /// and faster.
    ///
    /// ```
    /// use mentionmap::model::{Node, Trees};
    /// let mut trees = Trees::new(1, 0.5);
    /// let root = Node { threshold: 2.0, value: 0.0, feature: 0, left: 1 };
    /// trees.push(&[root, Node::leaf(-1.0), Node::leaf(1.0)])?;
    /// let mut scores = Vec::new();
    /// trees.scores(&[2.0, 3.0], |score| scores.push(score));
    /// assert_eq!(scores, [-0.5, 1.5]);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn scores(&self, rows: &[f32], sink: impl FnMut(f32)) {
        self.scores_watched(rows, |_: usize, _: f32, _: f32| Go::On, sink);
    }

    /// The same, but `watch` may say now and then that a row needs no more trees. It need not be asked.
    pub(crate) fn scores_watched(&self, rows: &[f32], watch: impl Watch, mut sink: impl FnMut(f32)) {
        match self.forest() {
            Some(forest) => forest.scores(rows, self.width, watch, sink),
            None => rows.chunks(self.width.max(1)).for_each(|row| sink(self.score_by_walking(row))),
        }
    }

    fn forest(&self) -> Option<&Forest> {
        let ends = || self.roots.iter().skip(1).map(|&r| r as usize).chain([self.nodes.len()]);
        let trees = || self.roots.iter().zip(ends()).map(|(&from, to)| &self.nodes[from as usize..to]);
        self.forest.get_or_init(|| Forest::new(self.base, trees())).as_ref()
    }

    fn score_by_walking(&self, row: &[f32]) -> f32 {
        let mut sum = self.base;
        self.walk(row, |_, _, to| sum += if to.is_leaf() { to.value } else { 0.0 });
        sum
    }

    /// Adds to `shares` what each feature of a row contributes to its answer: along the way of each tree, what every
    /// question changes in the mean answer (Saabas 2014, <https://blog.datadive.net/interpreting-random-forests/>).
    pub fn explain(&self, row: &[f32], shares: &mut [f32]) {
        self.walk(row, |feature, from, to| {
            if let Some(share) = feature.and_then(|f| shares.get_mut(usize::from(f))) {
                *share += to.value - from.value;
            }
        });
    }

    /// Follows a row through every tree: the feature that was asked for, the node that asked, and the one reached.
    fn walk(&self, row: &[f32], mut step: impl FnMut(Option<u16>, &Node, &Node)) {
        for &root in &self.roots {
            let tree = &self.nodes[root as usize..];
            let mut node = &tree[0];
            if node.is_leaf() {
                step(None, node, node);
            }
            while !node.is_leaf() {
                let value = row.get(usize::from(node.feature)).copied().unwrap_or(0.0);
                let next = &tree[usize::from(node.left) + usize::from(value > node.threshold)];
                step(Some(node.feature), node, next);
                node = next;
            }
        }
    }

    /// As a file: magic, width, number of trees and nodes, base, roots, nodes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.width, self.roots.len(), self.nodes.len()] {
            bytes.extend((number as u32).to_le_bytes());
        }
        bytes.extend(self.base.to_le_bytes());
        self.roots.iter().for_each(|root| bytes.extend(root.to_le_bytes()));
        for node in &self.nodes {
            bytes.extend(node.threshold.to_le_bytes());
            bytes.extend(node.value.to_le_bytes());
            bytes.extend(node.feature.to_le_bytes());
            bytes.extend(node.left.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Trees::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not whole, of another version, or no trees.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let broken = || Error::model("is no file of trees, or a broken one; rebuild it");
        let (head, rest) = bytes.split_at_checked(24).ok_or_else(broken)?;
        let number = |at: usize| -> u32 { u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) };
        let (width, roots, nodes) = (number(8) as usize, number(12) as usize, number(16) as usize);
        let sizes = roots.checked_mul(4).zip(nodes.checked_mul(NODE));
        let whole = sizes.and_then(|(a, b)| a.checked_add(b)) == Some(rest.len());
        if head[..8] != MAGIC || !whole {
            return Err(broken());
        }
        let (roots, nodes) = rest.split_at(roots * 4);
        let roots: Vec<u32> = roots.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let nodes: Vec<Node> = nodes
            .chunks_exact(NODE)
            .map(|b| Node {
                threshold: f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
                value: f32::from_le_bytes([b[4], b[5], b[6], b[7]]),
                feature: u16::from_le_bytes([b[8], b[9]]),
                left: u16::from_le_bytes([b[10], b[11]]),
            })
            .collect();
        let ends = roots.iter().skip(1).map(|&r| r as usize).chain([nodes.len()]);
        for (&from, to) in roots.iter().zip(ends) {
            check(nodes.get(from as usize..to).ok_or_else(broken)?, width)?;
        }
        Ok(Self { width, base: f32::from_bits(number(20)), roots, nodes, forest: OnceLock::new() })
    }
}

/// Whether every way through a tree ends in a leaf of it.
fn check(tree: &[Node], width: usize) -> Result<()> {
    let sound = |(at, node): (usize, &Node)| {
        let left = usize::from(node.left);
        node.is_leaf() || (usize::from(node.feature) < width && left > at && left + 1 < tree.len())
    };
    if !tree.is_empty() && tree.iter().enumerate().all(sound) {
        Ok(())
    } else {
        Err(Error::model("has a tree that leads nowhere; rebuild it"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A tree that splits its leaves one after the other, and asks each time what comes next of `asked`.
    fn grown(asked: &[(u16, i8)], values: impl Fn(usize) -> f32) -> Vec<Node> {
        let mut nodes = vec![Node::leaf(values(0))];
        let mut leaves = std::collections::VecDeque::from([0]);
        for &(feature, threshold) in asked {
            let Some(at) = leaves.pop_front() else { break };
            let left = nodes.len();
            nodes[at] = Node { threshold: f32::from(threshold).powi(3) / 2.0, value: 0.0, feature, left: left as u16 };
            nodes.extend([Node::leaf(values(left)), Node::leaf(values(left + 1))]);
            // Some trees are bushy, some are long.
            if threshold % 3 == 0 {
                leaves.push_front(left);
            } else {
                leaves.push_back(left);
            }
            leaves.push_back(left + 1);
        }
        nodes
    }

    proptest! {
        #[test]
        fn fast_answers_are_the_same(
            trees in prop::collection::vec(prop::collection::vec((0..5u16, -9..9i8), 0..70), 0..9),
            rows in prop::collection::vec(-6..6i8, 0..60),
        ) {
            let mut all = Trees::new(5, 0.25);
            for (t, asked) in trees.iter().enumerate() {
                all.push(&grown(asked, |leaf| (leaf * 7 + t * 3) as f32 * 0.013)).unwrap();
            }
            let mut rows: Vec<f32> = rows.iter().map(|v| f32::from(*v).powi(3) * 0.75).collect();
            rows.truncate(rows.len() / 5 * 5);
            let walked: Vec<f32> = rows.chunks(5).map(|row| all.score_by_walking(row)).collect();
            prop_assert_eq!(rows.chunks(5).map(|row| all.score(row)).collect::<Vec<_>>(), walked.clone());
            let mut together = Vec::new();
            all.scores(&rows, |score| together.push(score));
            prop_assert_eq!(together, walked);
        }
    }

    fn stump() -> Trees {
        let mut trees = Trees::new(2, 0.25);
        let root = Node { threshold: 0.5, value: 0.1, feature: 1, left: 1 };
        trees.push(&[root, Node::leaf(-1.0), Node::leaf(2.0)]).unwrap();
        trees.push(&[Node::leaf(0.5)]).unwrap();
        trees
    }

    #[test]
    fn what_is_written_is_read() {
        let trees = stump();
        assert_eq!(Trees::from_bytes(&trees.to_bytes()).unwrap(), trees);
        assert_eq!(trees.score(&[0.0, 1.0]), 2.75);
        let mut shares = [0.0; 2];
        trees.explain(&[0.0, 1.0], &mut shares);
        assert_eq!(shares, [0.0, 1.9]);
    }

    #[test]
    fn broken_files_are_errors() {
        let bytes = stump().to_bytes();
        for length in 0..bytes.len() {
            assert!(Trees::from_bytes(&bytes[..length]).is_err());
        }
        let mut looped = bytes.clone();
        let root = 24 + 8;
        looped[root + 10] = 0;
        assert!(Trees::from_bytes(&looped).is_err());
    }
}
