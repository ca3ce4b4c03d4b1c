//! Trees laid out to be evaluated fast, with the same answers.
//!
//! This is `QuickScorer` (Lucchese et al. 2015, <https://doi.org/10.1145/2766462.2767733>): the leaves of a tree are
//! bits, from left to right, and a question answered "right" rules out all leaves to its left. Of what is left in the
//! end, the first leaf is the answer. Questions are asked feature by feature, once for all trees; what the thresholds
//! below a value rule out together is worked out beforehand. Several trees share a word of bits, and so many words make
//! a stage that what is left of them fits in registers. Stages are evaluated one after the other, so that a row whose
//! sum is hopeless after the first ones costs no more than those.

use super::trees::Node;
use std::cell::Cell;
use wide::f32x8;

/// The most leaves of a tree: one word has them all.
const LEAVES: usize = 64;

/// Words of a stage: 96 bytes, which are six registers of any x86-64.
const WORDS: usize = 12;

/// Rows whose answers are added up at once: each sum waits for its last addition.
const TOGETHER: usize = 4;

/// Rows that go through the stages at a time.
const BLOCK: usize = 32;

/// Features that are compared with their lowest thresholds at once, and those whose comparisons are the bits of a number.
const LOT: usize = 8;
const MASK: usize = 64;

/// The range between the lowest and the highest threshold of a feature is cut into so many intervals.
const INTERVALS: usize = 32;

/// Thresholds that are compared without a branch: more than so many seldom lie in one interval.
const USUAL: usize = 2;

thread_local! {
    /// Room for the numbers of thresholds, kept from call to call: most are for few rows.
    static EXCEEDED: Cell<Vec<u32>> = const { Cell::new(Vec::new()) };
}

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

/// Who looks at sums while they grow, and says which rows need no more trees.
pub(crate) trait Watch {
    /// Sees a row's number and its sum so far: after every stage first all rows that are left.
    fn see(&mut self, _row: usize, _sum: f32) {}

    /// Says how to go on with each of these rows, whose share of the trees that have not answered is `left`.
    fn go(&mut self, row: usize, left: f32, sum: f32) -> Go;
}

impl<F: FnMut(usize, f32, f32) -> Go> Watch for F {
    fn go(&mut self, row: usize, left: f32, sum: f32) -> Go {
        self(row, left, sum)
    }
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
    /// How the thresholds of each feature are found.
    questions: Vec<Question>,
    /// How many features are asked for.
    asked: usize,
    /// All thresholds by number, each feature's in growing order and followed by such as no value exceeds.
    thresholds: Vec<f32>,
    stages: Vec<Stage>,
    /// Bits of a tree, and trees in a word.
    bits: usize,
    in_word: usize,
}

/// How the highest threshold is found that a value of a feature exceeds: in which interval the value lies tells how many
/// there are below, and which few are left to be compared.
#[derive(Clone, Copy, Debug, Default)]
struct Question {
    /// The number of the lowest threshold.
    from: u32,
    lowest: f32,
    /// Intervals per unit.
    scale: f32,
    /// How many thresholds lie in lower intervals than each.
    below: [u8; INTERVALS],
}

impl Question {
    /// For thresholds in growing order that have numbers from `from` on; nothing when they are too many.
    fn new(from: usize, thresholds: &[f32]) -> Option<Self> {
        let (&lowest, &highest) = thresholds.first().zip(thresholds.last())?;
        let scale = (INTERVALS - 1) as f32 / (highest - lowest);
        let scale = if scale.is_finite() { scale } else { 0.0 };
        let mut question = Self { from: u32::try_from(from).ok()?, lowest, scale, below: [0; INTERVALS] };
        for interval in 0..INTERVALS {
            let count = thresholds.iter().filter(|&&threshold| question.interval(threshold) < interval).count();
            question.below[interval] = u8::try_from(count).ok()?;
        }
        Some(question)
    }

    /// The interval that a value lies in, if it is not below the lowest threshold. It grows with the value, so that all
    /// thresholds in lower intervals are exceeded and none in higher ones.
    #[inline]
    fn interval(&self, value: f32) -> usize {
        // The lowest bits of a number from here on are those of its integer.
        const INTEGERS: f32 = 8_388_608.0;
        const LAST: f32 = (INTERVALS - 1) as f32;
        let along = (value - self.lowest) * self.scale;
        let along = if along < LAST { along } else { LAST };
        (along + INTEGERS).to_bits() as usize % INTERVALS
    }
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
        let width = asked.last().map_or(0, |last| usize::from(last.0) + 1).next_multiple_of(MASK);
        forest.lowest = vec![f32::INFINITY; width];
        forest.questions = vec![Question::default(); width];
        forest.flags = vec![0; width.div_ceil(MASK)];
        for asked in asked.chunk_by(|a, b| a.0 == b.0) {
            let (feature, lowest) = (usize::from(asked[0].0), asked[0].1);
            let from = forest.thresholds.len();
            forest.take(asked);
            let thresholds = &forest.thresholds[from..];
            forest.questions[feature] = Question::new(from, thresholds)?;
            if thresholds.len() == 1 {
                forest.flags[feature / MASK] |= 1 << (feature % MASK);
            } else {
                forest.thresholds.extend([f32::INFINITY; USUAL]);
            }
            forest.lowest[feature] = lowest;
            forest.asked += 1;
        }
        Some(forest)
    }

    /// Takes the thresholds of one feature, and what they rule out.
    fn take(&mut self, asked: &[Asked]) {
        let in_stage = self.in_word * WORDS;
        // What is left of each stage after the threshold at hand, and where that stands.
        let mut left = vec![(Left::ALL, 0); self.stages.len()];
        for stage in &mut self.stages {
            // Those that follow a feature's thresholds rule nothing out.
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
    /// 0 for what it lacks. After a stage `watch` says how to go on with each row.
    pub(super) fn scores(&self, rows: &[f32], width: usize, mut watch: impl Watch, mut sink: impl FnMut(f32)) {
        let width = width.max(1);
        // For each row, the highest thresholds that it exceeds, with room for one of each feature.
        let mut exceeded = EXCEEDED.take();
        let room = BLOCK.min(rows.len().div_ceil(width)) * self.asked;
        if exceeded.len() < room {
            exceeded.resize(room, 0);
        }
        // A row that ends before its lots do.
        let mut last = Vec::new();
        for (block, rows) in rows.chunks(width * BLOCK).enumerate() {
            let mut counts = [0; BLOCK];
            // Which rows exceed the same as those before them, as when a name is said again and again: the first of them.
            let mut firsts = [0; BLOCK];
            let mut has_again = false;
            let mut sums = [self.base; BLOCK];
            let mut live = [0; BLOCK];
            let mut count = 0;
            for (n, row) in rows.chunks(width).enumerate() {
                let exceeded = &mut exceeded[n * self.asked..][..self.asked];
                counts[n] = if let Some(row) = rows.get(n * width..).filter(|row| row.len() >= self.lowest.len()) {
                    self.ask(row, exceeded)
                } else {
                    last.resize(self.lowest.len(), 0.0);
                    let length = row.len().min(last.len());
                    last[..length].copy_from_slice(&row[..length]);
                    last[length..].fill(0.0);
                    self.ask(&last, exceeded)
                };
                live[n] = n;
                firsts[n] = n;
                count = n + 1;
            }
            for n in 1..count {
                let of = |n: usize| &exceeded[n * self.asked..][..counts[n]];
                if of(n) == of(n - 1) {
                    firsts[n] = firsts[n - 1];
                    has_again = true;
                }
            }
            let all = count;
            for (number, stage) in self.stages.iter().enumerate() {
                if has_again {
                    let (different, count_of_different) = different(&live[..count], &firsts);
                    self.add_stage(stage, &different[..count_of_different], &exceeded, &counts, &mut sums);
                    repeat(&live[..count], &firsts, &mut sums);
                } else {
                    self.add_stage(stage, &live[..count], &exceeded, &counts, &mut sums);
                }
                let to_come = self.stages.len() - 1 - number;
                if to_come == 0 {
                    break;
                }
                let left = to_come as f32 / self.stages.len() as f32;
                live[..count].iter().for_each(|&row| watch.see(block * BLOCK + row, sums[row]));
                let mut still = 0;
                for n in 0..count {
                    let row = live[n];
                    match watch.go(block * BLOCK + row, left, sums[row]) {
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
        EXCEEDED.set(exceeded);
    }

    /// Adds the answers of a stage to the sums of these rows, given the thresholds that each exceeds.
    fn add_stage(
        &self,
        stage: &Stage,
        rows: &[usize],
        exceeded: &[u32],
        counts: &[usize; BLOCK],
        sums: &mut [f32; BLOCK],
    ) {
        for rows in rows.chunks(TOGETHER) {
            let mut left = [Left::ALL; TOGETHER];
            for (left, &row) in left.iter_mut().zip(rows) {
                *left = stage.left(&exceeded[row * self.asked..][..counts[row]]);
            }
            let mut added: [f32; TOGETHER] = std::array::from_fn(|n| rows.get(n).map_or(0.0, |&row| sums[row]));
            match rows.len() {
                1 => self.add::<1>(stage, &left, &mut added),
                2 => self.add::<2>(stage, &left, &mut added),
                _ => self.add::<TOGETHER>(stage, &left, &mut added),
            }
            rows.iter().zip(added).for_each(|(&row, sum)| sums[row] = sum);
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
        self.scores(row, row.len(), |_: usize, _: f32, _: f32| Go::On, |score| answer = score);
        answer
    }

    /// Notes the number of the highest threshold of each feature that a row exceeds, and gives how many those are. Which
    /// features are 0 is hard to foresee, so that there are few branches: features are compared in lots, and those that
    /// exceed any are bits. `row` goes on until there is a value for each of `lowest`; what stands after it exceeds nothing.
    fn ask(&self, row: &[f32], exceeded: &mut [u32]) -> usize {
        let most = exceeded.len();
        let mut exceeded = exceeded.iter_mut();
        let mut note = |threshold: u32| {
            if let Some(next) = exceeded.next() {
                *next = threshold;
            }
        };
        let lots = self.lowest.as_chunks::<MASK>().0.iter().zip(row.as_chunks::<MASK>().0);
        for (((lowest, row), questions), &flags) in lots.zip(self.questions.as_chunks::<MASK>().0).zip(&self.flags) {
            let mut mask = 0;
            for (lot, (lowest, values)) in lowest.as_chunks::<LOT>().0.iter().zip(row.as_chunks::<LOT>().0).enumerate()
            {
                mask |= u64::from(exceeds(values, lowest)) << (lot * LOT);
            }
            let mut flags = mask & flags;
            mask &= !flags;
            while flags != 0 {
                note(questions[flags.trailing_zeros() as usize % MASK].from);
                flags &= flags - 1;
            }
            while mask != 0 {
                let feature = mask.trailing_zeros() as usize % MASK;
                mask &= mask - 1;
                let (question, value) = (&questions[feature], row[feature]);
                let mut at = question.from as usize + usize::from(question.below[question.interval(value)]);
                if let Some(usual) = self.thresholds.get(at..).and_then(<[f32]>::first_chunk::<USUAL>) {
                    let count: usize = usual.iter().map(|&threshold| usize::from(value > threshold)).sum();
                    at += count;
                    if count == USUAL {
                        at += self.thresholds[at..].iter().take_while(|&&threshold| value > threshold).count();
                    }
                }
                note(at as u32 - 1);
            }
        }
        most - exceeded.len()
    }
}

/// Of rows that are left, those that exceed other thresholds than the one before, and how many they are.
fn different(live: &[usize], firsts: &[usize; BLOCK]) -> ([usize; BLOCK], usize) {
    let (mut different, mut count) = ([0; BLOCK], 0);
    for (i, &row) in live.iter().enumerate() {
        if i == 0 || firsts[row] != firsts[live[i - 1]] {
            different[count] = row;
            count += 1;
        }
    }
    (different, count)
}

/// Gives the others the sum of the one before.
fn repeat(live: &[usize], firsts: &[usize; BLOCK], sums: &mut [f32; BLOCK]) {
    for pair in live.windows(2) {
        if firsts[pair[0]] == firsts[pair[1]] {
            sums[pair[1]] = sums[pair[0]];
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
