//! Trees laid out to be evaluated fast, with the same answers.
//!
//! This is `QuickScorer` (Lucchese et al. 2015, <https://doi.org/10.1145/2766462.2767733>): the leaves of a tree are
//! bits, from left to right, and a question answered "right" rules out all leaves to its left. Of what is left in the
//! end, the first leaf is the answer. Questions are asked feature by feature, once for all trees; what the thresholds
//! below a value rule out together is worked out beforehand. Several trees share a word of bits, and so many words make
//! a stage that what is left of them fits in registers. Stages are evaluated one after the other, so that a row whose
//! sum is hopeless after the first ones costs no more than those.

use super::trees::Node;
use wide::f32x8;

/// The most leaves of a tree: one word has them all.
const LEAVES: usize = 64;

/// Words of a stage: 96 bytes, which are six registers of any x86-64.
const WORDS: usize = 12;

/// Rows whose answers are added up at once: each sum waits for its last addition.
const TOGETHER: usize = 4;

/// Rows that go through the stages at a time.
const BLOCK: usize = 32;

/// Thresholds that are compared at once, and features whose comparisons are the bits of a number.
const LOT: usize = 8;
const MASK: usize = 64;

/// How to go on with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Go {
    /// The next trees are asked.
    On,
    /// It is left: its answer is negative infinity.
    No,
    /// The answer is what it is so far.
    Enough,
}

/// What is left of the leaves of a stage's trees.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Left([u64; WORDS]);

impl Left {
    const ALL: Self = Self([u64::MAX; WORDS]);
}

/// An ensemble of trees of at most 64 leaves.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    base: f32,
    /// The lowest threshold of each feature; what no feature asks for no value exceeds.
    lowest: Vec<f32>,
    /// Which features have one threshold, [`MASK`] of them a number.
    flags: Vec<u64>,
    /// Where the thresholds of each feature are.
    questions: Vec<Question>,
    /// All thresholds by number, each feature's in growing order and filled up with such as no value exceeds.
    thresholds: Vec<f32>,
    stages: Vec<Stage>,
    /// Bits of a tree, and trees in a word.
    bits: usize,
    in_word: usize,
}

/// Where the thresholds begin that a feature is compared with, and where they end.
#[derive(Clone, Copy, Debug, Default)]
struct Question {
    from: u32,
    to: u32,
}

/// Some of the trees, one after the other.
#[derive(Clone, Debug)]
struct Stage {
    /// By threshold: where in `left` stands what a value leaves that exceeds it and not the next one of its feature.
    of: Vec<u16>,
    /// The first is whole.
    left: Vec<Left>,
    /// The answers of the leaves, `bits` for each tree; trees that fill up the last word answer nothing.
    leaves: Vec<f32>,
}

/// A tree, flat: what is asked for and ruled out, and the answers from left to right.
#[derive(Default)]
struct Flat {
    asked: Vec<(u16, f32, u64)>,
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
        let ruled_out = ((1u64 << (middle - from)) - 1) << from;
        // No value exceeds what is no number.
        if !node.threshold.is_nan() {
            self.asked.push((node.feature, node.threshold, ruled_out));
        }
        Some(())
    }
}

/// A feature, a threshold, a tree and the leaves of it that are ruled out.
type Asked = (u16, f32, usize, u64);

impl Forest {
    /// Lays trees out; nothing when one has more than 64 leaves.
    pub(super) fn new<'t>(base: f32, all: impl Iterator<Item = &'t [Node]>) -> Option<Self> {
        let mut trees = Vec::new();
        for tree in all {
            let mut flat = Flat::default();
            flat.add(tree, 0, 0)?;
            trees.push(flat);
        }
        let bits = trees.iter().map(|tree| tree.leaves.len()).max().unwrap_or(1);
        let in_word = LEAVES / bits;
        let in_stage = in_word * WORDS;
        let mut forest = Self { base, bits, in_word, ..Self::default() };
        forest.stages = trees.chunks(in_stage).map(|trees| Stage::new(trees, in_stage, bits)).collect();
        let mut asked: Vec<Asked> = Vec::new();
        for (number, tree) in trees.iter().enumerate() {
            asked.extend(tree.asked.iter().map(|&(feature, threshold, out)| (feature, threshold, number, out)));
        }
        asked.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let width = asked.last().map_or(0, |last| usize::from(last.0) + 1).next_multiple_of(LOT);
        forest.lowest = vec![f32::INFINITY; width];
        forest.questions = vec![Question::default(); width];
        forest.flags = vec![0; width.div_ceil(MASK)];
        for asked in asked.chunk_by(|a, b| a.0 == b.0) {
            let (feature, lowest) = (usize::from(asked[0].0), asked[0].1);
            let from = forest.thresholds.len();
            forest.take(asked);
            let count = forest.thresholds.len() - from;
            if count == 1 {
                forest.flags[feature / MASK] |= 1 << (feature % MASK);
            } else {
                forest.thresholds.resize(from + count.next_multiple_of(LOT), f32::INFINITY);
            }
            forest.lowest[feature] = lowest;
            forest.questions[feature] = Question { from: from as u32, to: forest.thresholds.len() as u32 };
        }
        Some(forest)
    }

    /// Takes the thresholds of one feature, and what they rule out.
    fn take(&mut self, asked: &[Asked]) {
        let in_stage = self.in_word * WORDS;
        // What is left of each stage after the threshold at hand, and where that stands.
        let mut left = vec![(Left::ALL, 0); self.stages.len()];
        for stage in &mut self.stages {
            // Those that fill up lots rule nothing out.
            stage.of.resize(self.thresholds.len(), 0);
        }
        for same in asked.chunk_by(|a, b| a.1 == b.1) {
            for &(.., tree, out) in same {
                let (number, tree) = (tree / in_stage, tree % in_stage);
                let (left, at) = &mut left[number];
                left.0[tree / self.in_word] &= !(out << (tree % self.in_word * self.bits));
                *at = self.stages[number].left.len();
            }
            for (stage, (left, at)) in self.stages.iter_mut().zip(&left) {
                if *at == stage.left.len() {
                    stage.left.push(*left);
                }
                stage.of.push(*at as u16);
            }
            self.thresholds.push(same[0].1);
        }
    }

    /// Hands over the answer for each of several rows of `width` features, in order; the last one may be shorter, and has
    /// 0 for what it lacks. After a stage `look` is told a row's number, the share of the trees that have not answered,
    /// and the sum so far, and says how to go on with it.
    pub(super) fn scores(
        &self,
        rows: &[f32],
        width: usize,
        mut look: impl FnMut(usize, f32, f32) -> Go,
        mut sink: impl FnMut(f32),
    ) {
        let width = width.max(1);
        // For each row, the highest thresholds that it exceeds, row after row.
        let mut exceeded: Vec<u32> = Vec::new();
        // A row that ends before its lots do.
        let mut last = Vec::new();
        for (block, rows) in rows.chunks(width * BLOCK).enumerate() {
            exceeded.clear();
            let mut begins = [0; BLOCK + 1];
            let mut sums = [self.base; BLOCK];
            let mut live = [0; BLOCK];
            let mut count = 0;
            for (n, row) in rows.chunks(width).enumerate() {
                if let Some(row) = rows.get(n * width..).filter(|row| row.len() >= self.lowest.len()) {
                    self.ask(row, &mut exceeded);
                } else {
                    last.resize(self.lowest.len(), 0.0);
                    let length = row.len().min(last.len());
                    last[..length].copy_from_slice(&row[..length]);
                    last[length..].fill(0.0);
                    self.ask(&last, &mut exceeded);
                }
                begins[n + 1] = exceeded.len();
                live[n] = n;
                count = n + 1;
            }
            let all = count;
            for (number, stage) in self.stages.iter().enumerate() {
                for rows in live[..count].chunks(TOGETHER) {
                    let mut left = [Left::ALL; TOGETHER];
                    for (left, &row) in left.iter_mut().zip(rows) {
                        *left = stage.left(&exceeded[begins[row]..begins[row + 1]]);
                    }
                    let mut added: [f32; TOGETHER] = std::array::from_fn(|n| rows.get(n).map_or(0.0, |&row| sums[row]));
                    match rows.len() {
                        1 => self.add::<1>(stage, &left, &mut added),
                        2 => self.add::<2>(stage, &left, &mut added),
                        _ => self.add::<TOGETHER>(stage, &left, &mut added),
                    }
                    rows.iter().zip(added).for_each(|(&row, sum)| sums[row] = sum);
                }
                let to_come = self.stages.len() - 1 - number;
                if to_come == 0 {
                    break;
                }
                let left = to_come as f32 / self.stages.len() as f32;
                let mut still = 0;
                for n in 0..count {
                    let row = live[n];
                    match look(block * BLOCK + row, left, sums[row]) {
                        Go::On => {
                            live[still] = row;
                            still += 1;
                        }
                        Go::No => sums[row] = f32::NEG_INFINITY,
                        Go::Enough => {}
                    }
                }
                count = still;
            }
            sums[..all].iter().copied().for_each(&mut sink);
        }
    }

    /// Adds the answers of a stage for several rows. Each sum has the order of the trees, so that it is the same to the
    /// last bit however many there are.
    fn add<const ROWS: usize>(&self, stage: &Stage, left: &[Left; TOGETHER], sums: &mut [f32; TOGETHER]) {
        for (word, leaves) in stage.leaves.chunks_exact(self.in_word * self.bits).enumerate() {
            let mut of_rows: [u64; ROWS] = std::array::from_fn(|row| left[row].0[word]);
            for leaves in leaves.chunks_exact(self.bits) {
                for (sum, left) in sums.iter_mut().zip(&mut of_rows) {
                    *sum += leaves.get(left.trailing_zeros() as usize).copied().unwrap_or(0.0);
                    // A tree that has all bits is alone in its word.
                    *left = left.checked_shr(self.bits as u32).unwrap_or(0);
                }
            }
        }
    }

    /// The answer for one row.
    pub(super) fn score(&self, row: &[f32]) -> f32 {
        let mut answer = self.base;
        self.scores(row, row.len(), |_, _, _| Go::On, |score| answer = score);
        answer
    }

    /// Adds the number of the highest threshold of each feature that a row exceeds. Which features are 0 is hard to
    /// foresee, so that there are few branches: features are compared in lots, and those that exceed any are bits. `row`
    /// goes on until there is a value for each of `lowest`; what stands after it exceeds nothing.
    fn ask(&self, row: &[f32], exceeded: &mut Vec<u32>) {
        for (number, (lowest, row)) in self.lowest.chunks(MASK).zip(row.chunks(MASK)).enumerate() {
            let mut mask = 0;
            for (lot, (lowest, values)) in lowest.as_chunks::<LOT>().0.iter().zip(row.as_chunks::<LOT>().0).enumerate()
            {
                mask |= u64::from(exceeds(values, lowest)) << (lot * LOT);
            }
            let questions = &self.questions[number * MASK..];
            let mut flags = mask & self.flags[number];
            mask &= !flags;
            while flags != 0 {
                exceeded.push(questions[flags.trailing_zeros() as usize].from);
                flags &= flags - 1;
            }
            while mask != 0 {
                let feature = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let question = questions[feature];
                let value = row[feature];
                let (lots, _) = self.thresholds[question.from as usize..question.to as usize].as_chunks::<LOT>();
                let mut lower = 0;
                for lot in lots {
                    // They grow: those that are exceeded come first.
                    let of_lot = (!exceeds(&[value; LOT], lot)).trailing_zeros();
                    lower += of_lot;
                    if of_lot < LOT as u32 {
                        break;
                    }
                }
                exceeded.push(question.from + lower - 1);
            }
        }
    }
}

/// Which of some values exceed their thresholds, a bit each.
#[inline]
fn exceeds(values: &[f32; LOT], thresholds: &[f32; LOT]) -> u32 {
    f32x8::from(*values).simd_gt(f32x8::from(*thresholds)).to_bitmask()
}

impl Stage {
    fn new(trees: &[Flat], in_stage: usize, bits: usize) -> Self {
        let mut leaves = Vec::with_capacity(in_stage * bits);
        for (number, tree) in trees.iter().enumerate() {
            leaves.extend_from_slice(&tree.leaves);
            leaves.resize((number + 1) * bits, 0.0);
        }
        leaves.resize(in_stage * bits, 0.0);
        Self { of: Vec::new(), left: vec![Left::ALL], leaves }
    }

    /// What is left when these thresholds are exceeded.
    fn left(&self, exceeded: &[u32]) -> Left {
        let mut left = Left::ALL;
        for &threshold in exceeded {
            let more = &self.left[usize::from(self.of[threshold as usize])];
            for (left, more) in left.0.iter_mut().zip(more.0) {
                *left &= more;
            }
        }
        left
    }
}
