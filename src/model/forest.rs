//! Trees laid out to be evaluated fast, with the same answers.
//!
//! This is `QuickScorer` (Lucchese et al. 2015, <https://doi.org/10.1145/2766462.2767733>): the leaves of a tree are
//! bits, from left to right, and a question answered "right" rules out all leaves to its left. Of what is left in the
//! end, the first leaf is the answer. Questions are asked feature by feature, so that the rows of news, most of whose
//! features are 0, ask few; what the thresholds below a value rule out together is worked out beforehand. Several trees
//! share a word of bits.

use super::trees::Node;

/// The most leaves of a tree: one word has them all.
const LEAVES: usize = 64;

/// Rows whose answers are added up at once: each sum waits for its last addition.
const TOGETHER: usize = 4;

/// A feature whose thresholds touch this share of the words, or more, touches all: that needs no list of them.
const DENSE: usize = 4;

/// An ensemble of trees of at most 64 leaves.
#[derive(Clone, Debug)]
pub(super) struct Forest {
    base: f32,
    questions: Vec<Question>,
    /// Of all questions, each one's in growing order.
    thresholds: Vec<f32>,
    /// For each threshold, what a value rules out that exceeds it and not the next.
    ruled: Vec<Ruled>,
    /// Words, and what is left of them.
    sparse: Vec<(u32, u64)>,
    /// What is left of all words.
    dense: Vec<u64>,
    /// Bits of a tree, trees in a word, and words.
    bits: usize,
    in_word: usize,
    words: usize,
    /// The answers of the leaves, `bits` for each tree; trees that fill up the last word answer nothing.
    leaves: Vec<f32>,
}

/// A feature that is asked for, and which thresholds it is compared with.
#[derive(Clone, Copy, Debug)]
struct Question {
    feature: u32,
    lowest: f32,
    from: u32,
    to: u32,
}

/// Where the words stand that a threshold leaves something of.
#[derive(Clone, Copy, Debug)]
enum Ruled {
    Sparse(u32, u32),
    Dense(u32),
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
        self.asked.push((node.feature, node.threshold, ruled_out));
        Some(())
    }
}

/// A feature, a threshold, a word and the leaves in it that are ruled out.
type Asked = (u16, f32, u32, u64);

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
        let words = trees.len().div_ceil(in_word);
        let mut asked: Vec<Asked> = Vec::new();
        let mut leaves = Vec::with_capacity(words * in_word * bits);
        for (number, tree) in trees.iter().enumerate() {
            let (word, shift) = (number / in_word, number % in_word * bits);
            // No value exceeds what is no number.
            let questions = tree.asked.iter().filter(|(_, threshold, _)| !threshold.is_nan());
            asked.extend(questions.map(|&(feature, threshold, out)| (feature, threshold, word as u32, out << shift)));
            leaves.extend_from_slice(&tree.leaves);
            leaves.resize((number + 1) * bits, 0.0);
        }
        leaves.resize(words * in_word * bits, 0.0);
        let mut forest = Self {
            base,
            questions: Vec::new(),
            thresholds: Vec::new(),
            ruled: Vec::new(),
            sparse: Vec::new(),
            dense: Vec::new(),
            bits,
            in_word,
            words,
            leaves,
        };
        asked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for of_feature in asked.chunk_by(|a, b| a.0 == b.0) {
            forest.ask(of_feature);
        }
        Some(forest)
    }

    /// Adds the questions about one feature, by threshold.
    fn ask(&mut self, asked: &[Asked]) {
        let Some(&(feature, lowest, ..)) = asked.first() else { return };
        let from = self.thresholds.len() as u32;
        let mut left = vec![u64::MAX; self.words];
        for same in asked.chunk_by(|a, b| a.1 == b.1) {
            for &(.., word, out) in same {
                left[word as usize] &= !out;
            }
            self.thresholds.extend(same.first().map(|first| first.1));
            let touched = left.iter().filter(|word| **word != u64::MAX).count();
            if touched * DENSE >= self.words {
                self.ruled.push(Ruled::Dense(self.dense.len() as u32));
                self.dense.extend_from_slice(&left);
            } else {
                let begin = self.sparse.len() as u32;
                self.sparse
                    .extend((0u32..).zip(&left).filter(|(_, word)| **word != u64::MAX).map(|(n, word)| (n, *word)));
                self.ruled.push(Ruled::Sparse(begin, self.sparse.len() as u32));
            }
        }
        self.questions.push(Question { feature: u32::from(feature), lowest, from, to: self.thresholds.len() as u32 });
    }

    /// Hands over the answer for each of several rows of `width` features, in order; the last one may be shorter, and has
    /// 0 for what it lacks.
    pub(super) fn scores(&self, rows: &[f32], width: usize, mut sink: impl FnMut(f32)) {
        let width = width.max(1);
        let mut left = vec![u64::MAX; self.words * TOGETHER];
        for (n, together) in rows.chunks(width * TOGETHER).enumerate() {
            if n > 0 {
                left.fill(u64::MAX);
            }
            let count = together.len().div_ceil(width);
            for (n, row) in together.chunks(width).enumerate() {
                self.rule_out(row, &mut left[n * self.words..][..self.words]);
            }
            let sums = if count == 1 { self.sums::<1>(&left) } else { self.sums::<TOGETHER>(&left) };
            sums.into_iter().take(count).for_each(&mut sink);
        }
    }

    /// The sums of the answers of several rows. Each has the order of the trees, so that it is the same to the last bit
    /// however many there are.
    fn sums<const ROWS: usize>(&self, left: &[u64]) -> [f32; TOGETHER] {
        let mut sums = [self.base; TOGETHER];
        for (word, leaves) in self.leaves.chunks_exact(self.in_word * self.bits).enumerate() {
            let mut of_rows: [u64; ROWS] = std::array::from_fn(|row| left[row * self.words + word]);
            for leaves in leaves.chunks_exact(self.bits) {
                for (sum, left) in sums.iter_mut().zip(&mut of_rows) {
                    *sum += leaves.get(left.trailing_zeros() as usize).copied().unwrap_or(0.0);
                    // A tree that has all bits is alone in its word.
                    *left = left.checked_shr(self.bits as u32).unwrap_or(0);
                }
            }
        }
        sums
    }

    /// The answer for one row.
    pub(super) fn score(&self, row: &[f32]) -> f32 {
        let mut left = vec![u64::MAX; self.words];
        self.rule_out(row, &mut left);
        self.sums::<1>(&left)[0]
    }

    fn rule_out(&self, row: &[f32], left: &mut [u64]) {
        for question in &self.questions {
            let value = row.get(question.feature as usize).copied().unwrap_or(0.0);
            // Most features are 0 in most rows, and exceed nothing.
            if value > question.lowest {
                let thresholds = &self.thresholds[question.from as usize + 1..question.to as usize];
                let more = thresholds.partition_point(|&threshold| value > threshold);
                match self.ruled[question.from as usize + more] {
                    Ruled::Sparse(from, to) => {
                        for &(word, mask) in &self.sparse[from as usize..to as usize] {
                            left[word as usize] &= mask;
                        }
                    }
                    Ruled::Dense(from) => {
                        for (left, mask) in left.iter_mut().zip(&self.dense[from as usize..]) {
                            *left &= mask;
                        }
                    }
                }
            }
        }
    }
}
