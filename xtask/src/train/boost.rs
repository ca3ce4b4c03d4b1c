//! Gradient boosting of regression trees on histograms (Friedman 2001; Ke et al. 2017, "LightGBM"): trees grow where
//! the loss falls most, until they have so many leaves. One thread and a fixed order of sums: the same rows give the
//! same trees.

use anyhow::Result;
use mentionmap::model::{Node, Trees};
use std::ops::Range;

/// The most bins of a feature.
const BINS: usize = 64;

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) rounds: usize,
    pub(super) leaves: usize,
    /// How far each tree goes towards what it would answer.
    pub(super) rate: f32,
    /// The least weight of second derivatives in a leaf.
    pub(super) least: f32,
    /// Pulls the answers of leaves towards 0.
    pub(super) ridge: f32,
    /// The share of the features, and of the rows, that each tree sees.
    pub(super) features: f32,
    pub(super) rows: f32,
    /// Which of them those are.
    pub(super) seed: u64,
}

/// What is learned from the rows.
pub(super) enum Goal<'a> {
    /// Each row for itself: yes or no.
    Logistic { yes: &'a [bool] },
    /// One of each group's rows, or none of them.
    Listwise { groups: &'a [Range<usize>], right: &'a [bool] },
}

/// Rows of one width, one after the other, each with a weight.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
    pub(super) weights: Vec<f32>,
    /// What the answer starts from, before any tree.
    pub(super) priors: Vec<f32>,
}

impl Rows {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub(super) fn push(&mut self, row: &[f32], weight: f32, prior: f32) {
        debug_assert_eq!(row.len(), self.width);
        self.values.extend_from_slice(row);
        self.weights.push(weight);
        self.priors.push(prior);
    }

    /// Blanks the features of these names, so that no tree asks for them.
    pub(super) fn blank(&mut self, names: &[String], without: &[String]) {
        let is_meant = |name: &String| {
            without.iter().any(|w| w.strip_suffix('*').map_or(name == w, |start| name.starts_with(start)))
        };
        let blanked: Vec<usize> = (0..self.width).filter(|&f| is_meant(&names[f])).collect();
        for row in self.values.chunks_exact_mut(self.width) {
            for &feature in &blanked {
                row[feature] = 0.0;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.weights.len()
    }
}

/// First and second derivatives of the loss.
#[derive(Clone, Copy, Debug, Default)]
struct Slope {
    first: f32,
    second: f32,
}

impl Goal<'_> {
    fn slopes(&self, scores: &[f32], weights: &[f32], to: &mut [Slope]) {
        match self {
            Goal::Logistic { yes } => {
                for (i, slope) in to.iter_mut().enumerate() {
                    let p = 1.0 / (1.0 + (-scores[i]).exp());
                    slope.first = weights[i] * (p - f32::from(u8::from(yes[i])));
                    slope.second = weights[i] * (p * (1.0 - p)).max(1e-6);
                }
            }
            Goal::Listwise { groups, right } => {
                for group in *groups {
                    let highest = scores[group.clone()].iter().copied().fold(0.0, f32::max);
                    let of = |i: usize| (scores[i] - highest).exp();
                    let all: f32 = group.clone().map(of).sum::<f32>() + (-highest).exp();
                    let good: f32 = group.clone().filter(|&i| right[i]).map(of).sum();
                    for i in group.clone() {
                        let p = of(i) / all;
                        let wanted = if right[i] { of(i) / good } else { 0.0 };
                        to[i].first = weights[i] * (p - wanted);
                        to[i].second = weights[i] * (p * (1.0 - p)).max(1e-6);
                    }
                }
            }
        }
    }
}

/// The rows, each value as the number of its bin, feature by feature.
struct Binned {
    bins: Vec<u8>,
    /// The highest value of every bin but the last, by feature.
    cuts: Vec<Vec<f32>>,
    count: usize,
}

impl Binned {
    fn new(rows: &Rows) -> Self {
        let count = rows.len();
        let mut bins = vec![0; count * rows.width];
        let mut cuts = Vec::with_capacity(rows.width);
        for feature in 0..rows.width {
            let column = || rows.values.iter().skip(feature).step_by(rows.width).copied();
            let of_feature = cut(column().collect());
            for (to, value) in bins[feature * count..].iter_mut().zip(column()) {
                *to = of_feature.partition_point(|cut| *cut < value) as u8;
            }
            cuts.push(of_feature);
        }
        Self { bins, cuts, count }
    }

    fn of(&self, feature: usize) -> &[u8] {
        &self.bins[feature * self.count..(feature + 1) * self.count]
    }
}

/// Where a feature's values are cut into bins: between any two when there are few, else so that bins hold alike many.
fn cut(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let mut different = values.clone();
    different.dedup();
    let middle = |pair: &[f32]| f32::midpoint(pair[0], pair[1]);
    if different.len() <= BINS {
        return different.windows(2).map(middle).collect();
    }
    let mut cuts: Vec<f32> = (1..BINS).map(|k| values[k * values.len() / BINS]).collect();
    cuts.dedup();
    cuts.retain(|cut| *cut < values[values.len() - 1]);
    cuts
}

/// A leaf that may still be split.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    sums: Vec<Slope>,
    all: Slope,
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    feature: usize,
    bin: usize,
    left: Slope,
}

/// Boosts trees for a goal.
pub(super) fn boost(rows: &Rows, goal: &Goal<'_>, options: &Options) -> Result<Trees> {
    let binned = Binned::new(rows);
    let mut trees = Trees::new(rows.width, 0.0);
    let mut scores = rows.priors.clone();
    let mut slopes = vec![Slope::default(); rows.len()];
    let mut random = Random::new(options.seed);
    for _ in 0..options.rounds {
        goal.slopes(&scores, &rows.weights, &mut slopes);
        let mut features: Vec<usize> = (0..rows.width).collect();
        let wanted = ((rows.width as f32 * options.features) as usize).max(1);
        for i in 0..wanted {
            let with = i + random.below(rows.width - i);
            features.swap(i, with);
        }
        features.truncate(wanted);
        features.sort_unstable();
        let seen: Vec<u32> = (0..rows.len() as u32).filter(|_| random.share() < options.rows).collect();
        let tree = grow(&binned, &slopes, seen, &features, options);
        let one = {
            let mut one = Trees::new(rows.width, 0.0);
            one.push(&tree)?;
            one
        };
        for (score, row) in scores.iter_mut().zip(rows.values.chunks_exact(rows.width)) {
            *score += one.score(row);
        }
        trees.push(&tree)?;
    }
    Ok(trees)
}

fn grow(binned: &Binned, slopes: &[Slope], rows: Vec<u32>, features: &[usize], options: &Options) -> Vec<Node> {
    let answer = |sum: Slope| -sum.first / (sum.second + options.ridge) * options.rate;
    let all = total(slopes, &rows);
    let sums = histogram(binned, slopes, &rows, features);
    let mut nodes = vec![Node::leaf(answer(all))];
    let best = best_split(&sums, all, features, binned, options);
    let mut leaves = vec![Leaf { node: 0, rows, sums, all, best }];
    while leaves.len() < options.leaves {
        let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |s| s.gain);
        let Some(at) = (0..leaves.len())
            .filter(|&i| gain(&leaves[i]) > 0.0)
            .max_by(|&a, &b| gain(&leaves[a]).total_cmp(&gain(&leaves[b])).then(b.cmp(&a)))
        else {
            break;
        };
        let leaf = leaves.swap_remove(at);
        let Some(split) = leaf.best else { break };
        let bins = binned.of(split.feature);
        let (left, right): (Vec<u32>, Vec<u32>) =
            leaf.rows.iter().partition(|&&row| usize::from(bins[row as usize]) <= split.bin);
        let child = nodes.len();
        nodes[leaf.node] = Node {
            threshold: binned.cuts[split.feature][split.bin],
            value: nodes[leaf.node].value,
            feature: split.feature as u16,
            left: child as u16,
        };
        let other = Slope { first: leaf.all.first - split.left.first, second: leaf.all.second - split.left.second };
        nodes.push(Node::leaf(answer(split.left)));
        nodes.push(Node::leaf(answer(other)));
        // The sums of the smaller half; the other's are what is left of the parent's.
        let left_is_smaller = left.len() <= right.len();
        let small = histogram(binned, slopes, if left_is_smaller { &left } else { &right }, features);
        let rest: Vec<Slope> = leaf
            .sums
            .iter()
            .zip(&small)
            .map(|(all, part)| Slope { first: all.first - part.first, second: all.second - part.second })
            .collect();
        let (left_sums, right_sums) = if left_is_smaller { (small, rest) } else { (rest, small) };
        for (node, rows, sums, all) in [(child, left, left_sums, split.left), (child + 1, right, right_sums, other)] {
            let best = best_split(&sums, all, features, binned, options);
            leaves.push(Leaf { node, rows, sums, all, best });
        }
    }
    nodes
}

fn total(slopes: &[Slope], rows: &[u32]) -> Slope {
    rows.iter().fold(Slope::default(), |sum, &row| {
        let slope = slopes[row as usize];
        Slope { first: sum.first + slope.first, second: sum.second + slope.second }
    })
}

/// Sums of slopes by feature and bin.
fn histogram(binned: &Binned, slopes: &[Slope], rows: &[u32], features: &[usize]) -> Vec<Slope> {
    let mut sums = vec![Slope::default(); features.len() * BINS];
    for (&feature, sums) in features.iter().zip(sums.chunks_exact_mut(BINS)) {
        let bins = binned.of(feature);
        for &row in rows {
            let slope = slopes[row as usize];
            let sum = &mut sums[usize::from(bins[row as usize])];
            sum.first += slope.first;
            sum.second += slope.second;
        }
    }
    sums
}

fn best_split(sums: &[Slope], all: Slope, features: &[usize], binned: &Binned, options: &Options) -> Option<Split> {
    let worth = |s: Slope| s.first * s.first / (s.second + options.ridge);
    let mut best: Option<Split> = None;
    for (&feature, sums) in features.iter().zip(sums.chunks_exact(BINS)) {
        let mut left = Slope::default();
        for (bin, sum) in sums.iter().enumerate().take(binned.cuts[feature].len()) {
            left.first += sum.first;
            left.second += sum.second;
            let right = Slope { first: all.first - left.first, second: all.second - left.second };
            if left.second < options.least || right.second < options.least {
                continue;
            }
            let gain = worth(left) + worth(right) - worth(all);
            if gain > 1e-4 && best.is_none_or(|b| gain > b.gain) {
                best = Some(Split { gain, feature, bin, left });
            }
        }
    }
    best
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: Options =
        Options { rounds: 40, leaves: 4, rate: 0.3, least: 0.1, ridge: 0.1, features: 1.0, rows: 1.0, seed: 1 };

    #[test]
    fn learns_what_no_single_feature_tells() {
        let mut rows = Rows::new(2);
        let mut yes = Vec::new();
        for i in 0..200 {
            let (a, b) = (f32::from(i % 2 == 0), f32::from(i / 2 % 2 == 0));
            rows.push(&[a, b + i as f32 / 1e4], 1.0, 0.0);
            yes.push(a > 0.5 && b < 0.5);
        }
        let trees = boost(&rows, &Goal::Logistic { yes: &yes }, &OPTIONS).unwrap();
        let scores = [[1.0, 0.005], [1.0, 1.005], [0.0, 0.005]].map(|row| trees.score(&row));
        assert!(scores[0] > 1.0 && scores[1] < -1.0 && scores[2] < -1.0, "{scores:?}");
    }

    #[test]
    fn ranks_within_groups_and_knows_when_none_is_right() {
        let mut rows = Rows::new(1);
        let (mut groups, mut right) = (Vec::new(), Vec::new());
        for i in 0..60 {
            groups.push(i * 3..i * 3 + 3);
            for k in 0..3 {
                rows.push(&[k as f32 + if i % 3 == 0 { 10.0 } else { 0.0 }], 1.0, 0.0);
                right.push(k == 2 && i % 3 != 0);
            }
        }
        let trees = boost(&rows, &Goal::Listwise { groups: &groups, right: &right }, &OPTIONS).unwrap();
        assert!(trees.score(&[2.0]) > trees.score(&[1.0]) && trees.score(&[2.0]) > 0.0);
        assert!(trees.score(&[12.0]) < 0.0);
    }
}
