//! Trees laid out to be evaluated fast, with the same answers.
//!
//! This is `QuickScorer` (Lucchese et al. 2015, <https://doi.org/10.1145/2766462.2767733>): the leaves of a tree are
//! bits of a word, from left to right, and a question answered "right" rules out all leaves to its left. Of what is left
//! in the end, the first leaf is the answer. Questions are asked feature by feature, so that the rows of news, most of
//! whose features are 0, ask few; what the thresholds below a value rule out together is worked out beforehand.

use super::trees::Node;

/// The most leaves of a tree.
const LEAVES: usize = 32;

/// Rows whose answers are added up at once: each sum waits for its last addition.
const TOGETHER: usize = 4;

/// An ensemble of trees of at most 32 leaves.
#[derive(Clone, Debug)]
pub(super) struct Forest {
    base: f32,
    questions: Vec<Question>,
    /// Of all questions, each one's in growing order.
    thresholds: Vec<f32>,
    /// For each threshold, where that begins which a value rules out that exceeds it and not the next.
    begins: Vec<u32>,
    /// Trees, and the leaves that are left of them.
    ruled: Vec<(u32, u32)>,
    trees: usize,
    /// The answers of the leaves, [`LEAVES`] for each tree.
    leaves: Vec<f32>,
}

/// A feature that is asked for, and which thresholds it is compared with.
#[derive(Clone, Debug)]
struct Question {
    feature: usize,
    from: usize,
    to: usize,
}

/// A tree, flat: what is asked for and ruled out, and the answers from left to right.
#[derive(Default)]
struct Flat {
    asked: Vec<(u16, f32, u32)>,
    leaves: Vec<f32>,
}

impl Flat {
    /// Nothing when the tree has too many leaves; a node more than so many deep has.
    fn add(&mut self, tree: &[Node], at: usize, depth: usize) -> Option<()> {
        let node = tree.get(at)?;
        if depth > LEAVES || self.leaves.len() >= LEAVES {
            return None;
        }
        if node.is_leaf() {
            self.leaves.push(node.value);
            return Some(());
        }
        let left = usize::from(node.left);
        let from = self.leaves.len();
        self.add(tree, left, depth + 1)?;
        let middle = self.leaves.len();
        self.add(tree, left + 1, depth + 1)?;
        // At least one leaf lies on the right, so that this does not overflow.
        let ruled_out = ((1u32 << (middle - from)) - 1) << from;
        self.asked.push((node.feature, node.threshold, !ruled_out));
        Some(())
    }
}

impl Forest {
    /// Lays trees out; nothing when one has more than 32 leaves.
    pub(super) fn new<'t>(base: f32, all: impl Iterator<Item = &'t [Node]>) -> Option<Self> {
        let mut asked: Vec<(u16, f32, u32, u32)> = Vec::new();
        let mut leaves = Vec::new();
        let mut trees = 0;
        for (number, tree) in (0u32..).zip(all) {
            let mut flat = Flat::default();
            flat.add(tree, 0, 0)?;
            // No value exceeds what is no number.
            let questions = flat.asked.iter().filter(|(_, threshold, _)| !threshold.is_nan());
            asked.extend(questions.map(|&(feature, threshold, left)| (feature, threshold, number, left)));
            leaves.extend_from_slice(&flat.leaves);
            trees += 1;
            leaves.resize(trees * LEAVES, 0.0);
        }
        let mut forest = Self {
            base,
            questions: Vec::new(),
            thresholds: Vec::new(),
            begins: vec![0],
            ruled: Vec::new(),
            trees,
            leaves,
        };
        asked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        for of_feature in asked.chunk_by(|a, b| a.0 == b.0) {
            forest.ask(of_feature);
        }
        Some(forest)
    }

    /// Adds the questions about one feature, by threshold.
    fn ask(&mut self, asked: &[(u16, f32, u32, u32)]) {
        let Some(first) = asked.first() else { return };
        let from = self.thresholds.len();
        let mut left: std::collections::BTreeMap<u32, u32> = std::collections::BTreeMap::new();
        for same in asked.chunk_by(|a, b| a.1 == b.1) {
            for &(_, threshold, tree, mask) in same {
                *left.entry(tree).or_insert(u32::MAX) &= mask;
                if self.begins.len() == self.thresholds.len() + 1 {
                    self.thresholds.push(threshold);
                }
            }
            self.ruled.extend(left.iter().map(|(&tree, &mask)| (tree, mask)));
            self.begins.push(self.ruled.len() as u32);
        }
        self.questions.push(Question { feature: usize::from(first.0), from, to: self.thresholds.len() });
    }

    /// The answer for a row; a row that is too short has 0 for what it lacks.
    pub(super) fn score(&self, row: &[f32]) -> f32 {
        let mut left = vec![u32::MAX; self.trees];
        self.rule_out(row, &mut left);
        let answers = left.iter().zip(self.leaves.chunks_exact(LEAVES));
        answers.fold(self.base, |sum, (left, leaves)| sum + leaves[left.trailing_zeros() as usize % LEAVES])
    }

    /// Hands over the answer for each of several rows of `width` features, in order.
    pub(super) fn scores(&self, rows: &[f32], width: usize, mut sink: impl FnMut(f32)) {
        let mut left = vec![u32::MAX; self.trees * TOGETHER];
        for together in rows.chunks(width.max(1) * TOGETHER) {
            left.fill(u32::MAX);
            for (row, left) in together.chunks(width.max(1)).zip(left.chunks_exact_mut(self.trees.max(1))) {
                self.rule_out(row, left);
            }
            // Each row's sum has the order of the trees, so that it is the same as for the row alone.
            let mut sums = [self.base; TOGETHER];
            let (first, rest) = left.split_at(self.trees);
            let (second, rest) = rest.split_at(self.trees);
            let (third, fourth) = rest.split_at(self.trees);
            let of_tree = first.iter().zip(second).zip(third.iter().zip(fourth));
            for (((a, b), (c, d)), leaves) in of_tree.zip(self.leaves.chunks_exact(LEAVES)) {
                for (sum, left) in sums.iter_mut().zip([a, b, c, d]) {
                    *sum += leaves[left.trailing_zeros() as usize % LEAVES];
                }
            }
            sums.into_iter().take(together.len().div_ceil(width.max(1))).for_each(&mut sink);
        }
    }

    fn rule_out(&self, row: &[f32], left: &mut [u32]) {
        for question in &self.questions {
            let value = row.get(question.feature).copied().unwrap_or(0.0);
            let thresholds = &self.thresholds[question.from..question.to];
            let exceeded = thresholds.partition_point(|&threshold| value > threshold);
            if exceeded > 0 {
                let last = question.from + exceeded - 1;
                for &(tree, mask) in &self.ruled[self.begins[last] as usize..self.begins[last + 1] as usize] {
                    left[tree as usize] &= mask;
                }
            }
        }
    }
}
