//! Trees laid out to be evaluated fast, with the same answers.
//!
//! This is `QuickScorer` (Lucchese et al. 2015, <https://doi.org/10.1145/2766462.2767733>): the leaves of a tree are
//! bits, from left to right, and a question answered "right" rules out all leaves to its left. Of what is left in the
//! end, the first leaf is the answer. Questions are asked feature by feature, once for all trees; what the thresholds
//! below a value rule out together is worked out beforehand. Several trees share a word of bits, and so many words make
//! a stage that what is left of them fits in registers. Stages are evaluated one after the other, so that a row whose
//! sum is hopeless after the first ones costs no more than those.

use super::trees::Node;

/// The most leaves of a tree: one word has them all.
const LEAVES: usize = 64;

/// Words of a stage: 96 bytes, which are six registers of any x86-64.
const WORDS: usize = 12;

/// Rows whose answers are added up at once: each sum waits for its last addition.
const TOGETHER: usize = 4;

/// Rows that go through the stages at a time.
const BLOCK: usize = 32;

/// Thresholds that are compared at once.
const LOT: usize = 8;

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
    /// Features with one threshold, and that threshold: its number is their place here.
    flags: Vec<(u32, f32)>,
    /// Features with several.
    questions: Vec<Question>,
    /// All thresholds by number: those of flags, then those of questions, each one's in growing order and filled up with
    /// such as no value exceeds.
    thresholds: Vec<f32>,
    stages: Vec<Stage>,
    /// Bits of a tree, and trees in a word.
    bits: usize,
    in_word: usize,
}

/// A feature that is asked for, and where the thresholds begin that it is compared with, and how many lots of them.
#[derive(Clone, Copy, Debug)]
struct Question {
    feature: u32,
    lowest: f32,
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
        let of_features = asked.chunk_by(|a, b| a.0 == b.0);
        let (flags, others): (Vec<_>, Vec<_>) = of_features.partition(|asked| asked.iter().all(|a| a.1 == asked[0].1));
        for asked in flags {
            forest.flags.push((u32::from(asked[0].0), asked[0].1));
            forest.take(asked);
        }
        for asked in others {
            let from = forest.thresholds.len();
            forest.take(asked);
            let to = from + (forest.thresholds.len() - from).next_multiple_of(LOT);
            forest.thresholds.resize(to, f32::INFINITY);
            let (feature, lowest, ..) = asked[0];
            forest.questions.push(Question { feature: u32::from(feature), lowest, from: from as u32, to: to as u32 });
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
    /// 0 for what it lacks. A row is left after a stage when `is_hopeless` says so of its number, the share of the trees
    /// that have not answered, and the sum so far: its answer is negative infinity.
    pub(super) fn scores(
        &self,
        rows: &[f32],
        width: usize,
        mut is_hopeless: impl FnMut(usize, f32, f32) -> bool,
        mut sink: impl FnMut(f32),
    ) {
        let width = width.max(1);
        let most = self.flags.len() + self.questions.len();
        // For each row, the highest thresholds that it exceeds.
        let mut exceeded: Vec<u32> = vec![0; most * BLOCK.min(rows.len().div_ceil(width))];
        for (block, rows) in rows.chunks(width * BLOCK).enumerate() {
            let mut lengths = [0; BLOCK];
            let mut sums = [self.base; BLOCK];
            let mut live = [0; BLOCK];
            let mut count = 0;
            for (n, row) in rows.chunks(width).enumerate() {
                lengths[n] = self.ask(row, &mut exceeded[n * most..][..most]);
                live[n] = n;
                count = n + 1;
            }
            let all = count;
            for (number, stage) in self.stages.iter().enumerate() {
                for rows in live[..count].chunks(TOGETHER) {
                    let mut left = [Left::ALL; TOGETHER];
                    for (left, &row) in left.iter_mut().zip(rows) {
                        *left = stage.left(&exceeded[row * most..][..lengths[row]]);
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
                    if is_hopeless(block * BLOCK + row, left, sums[row]) {
                        sums[row] = f32::NEG_INFINITY;
                    } else {
                        live[still] = row;
                        still += 1;
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
        self.scores(row, row.len(), |_, _, _| false, |score| answer = score);
        answer
    }

    /// Finds the highest threshold of each feature that a row exceeds; gives how many there are. Which features are 0 is
    /// hard to foresee, so that there are few branches.
    fn ask(&self, row: &[f32], exceeded: &mut [u32]) -> usize {
        let value = |feature: u32| row.get(feature as usize).copied().unwrap_or(0.0);
        let mut count = 0;
        for (number, &(feature, threshold)) in (0..).zip(&self.flags) {
            exceeded[count] = number;
            count += usize::from(value(feature) > threshold);
        }
        let flags = count;
        for (number, question) in (0..).zip(&self.questions) {
            exceeded[count] = number;
            count += usize::from(value(question.feature) > question.lowest);
        }
        for exceeded in &mut exceeded[flags..count] {
            let question = &self.questions[*exceeded as usize];
            let value = value(question.feature);
            let (lots, _) = self.thresholds[question.from as usize..question.to as usize].as_chunks::<LOT>();
            let mut lower = 0;
            for lot in lots {
                let of_lot: u32 = lot.iter().map(|&threshold| u32::from(value > threshold)).sum();
                lower += of_lot;
                if of_lot < LOT as u32 {
                    break;
                }
            }
            *exceeded = question.from + lower - 1;
        }
        count
    }
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
