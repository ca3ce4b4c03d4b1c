//! Ranking the candidates of every mention.

use super::candidates::Senses;
use super::evidence::{Evidence, Points};
use super::features::{self, WIDTH};
use super::gather::{gather, total};
use super::outlet::Host;
use crate::find::Mention;
use crate::model::Trees;

/// The most candidates of a mention that the trees rank, those that the hand-set points have first.
const MOST: usize = 16;

/// Log-odds for a place of the level that the words beside the name say ("Raqqa province"), on top of what is learned: a
/// province and its capital are near each other, so that gold corpora scored by distance teach little of it.
const TOLD: f32 = 2.0;

/// Evidence from outside the article, each piece with how much of it there is.
type Weighted = Vec<(Evidence, f32)>;

/// A candidate with its log-odds against no place at all, and the features behind them.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) place: u32,
    pub(super) odds: f32,
    pub(super) features: [f32; WIDTH],
    /// What speaks for it from outside the article, in points that the odds contain.
    pub(super) leaning: Weighted,
}

/// The candidates of every mention that is wanted, best first; none for the others.
pub(super) fn rank(
    mentions: &[Mention],
    senses: &Senses<'_>,
    host: Option<&Host>,
    points: &Points,
    trees: &Trees,
) -> Vec<Vec<Ranked>> {
    let evidence = gather(mentions, senses, host, points);
    let mut totals = Vec::new();
    let of_mention = |at: usize| {
        if !mentions[at].wanted {
            return Vec::new();
        }
        let candidates = &senses.senses[senses.of_mention[at]].candidates;
        let rows = evidence.of(at);
        totals.clear();
        totals.extend(rows.iter().zip(candidates).map(|(row, candidate)| total(row, candidate, points)));
        let mut likely: Vec<usize> = (0..candidates.len()).collect();
        if likely.len() > MOST {
            let by_hand: Vec<f32> = totals
                .iter()
                .zip(candidates)
                .map(|(total, candidate)| features::prior_of(*total) + points.sum(&candidate.leaning))
                .collect();
            likely.sort_by(|&a, &b| by_hand[b].total_cmp(&by_hand[a]));
            likely.truncate(MOST);
        }
        let features = features::rows(mentions, senses, rows, at, &totals, &likely);
        // "Paris, France" is told by the text, wherever the paper has its home.
        let is_told = rows.iter().any(|row| row[Evidence::Contained as usize] != 0.0);
        let mut ranking: Vec<Ranked> = Vec::with_capacity(likely.len());
        let mut next = features.iter().zip(&likely);
        trees.scores(features.as_flattened(), |score| {
            let Some((features, &c)) = next.next() else { return };
            let candidate = &candidates[c];
            let leaning = candidate.leaning.iter().filter(|_| !is_told);
            let leaning: Weighted = leaning.map(|&(e, value)| (e, points.of(e) * value)).collect();
            let told = TOLD * features[Evidence::Cue as usize];
            let learned = features::prior(features) + score + told;
            let odds = learned + leaning.iter().map(|(_, points)| points).sum::<f32>();
            ranking.push(Ranked { place: candidate.place.index(), odds, features: *features, leaning });
        });
        // Numbers follow prominence, so that equals stay in a stable and sensible order.
        ranking.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.place.cmp(&b.place)));
        ranking
    };
    (0..mentions.len()).map(of_mention).collect()
}
