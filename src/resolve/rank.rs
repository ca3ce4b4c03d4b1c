//! Ranking the candidates of every mention.

use super::candidates::Senses;
use super::evidence::{Evidence, Points};
use super::features::{self, WIDTH};
use super::gather::{Gathered, total};
use super::outlet::Host;
use crate::find::Mention;
use crate::model::Trees;

/// The most candidates of a mention that the trees rank, those that the hand-set points have first.
const MOST: usize = 16;

/// Log-odds for a place of the level that the words beside the name say ("Raqqa province"), on top of what is learned: a
/// province and its capital are near each other, so that gold corpora scored by distance teach little of it.
const TOLD: f32 = 2.0;

/// The same for the one that contains the place before the comma: in "Vaziani, Georgia" the text says which Georgia, and
/// gold corpora of American papers have taught that a state follows a comma.
const OUTER: f32 = 1.0;

/// Evidence from outside the article, each piece with how much of it there is.
type Weighted = Vec<(Evidence, f32)>;

/// How far a candidate's log-odds may be behind the best one's: by the hand-set points before the trees see it, and again
/// when the first ones have answered, then behind no place at all, too. One that is farther behind is left out, unless it
/// is one of the first two. No first one of LGL, GWN, TUD and the BBC's news is another for it, and confidences change by
/// .001 in the mean.
const BEHIND: f32 = 5.0;

/// The odds of the best candidates that have been seen on one round through the candidates.
#[derive(Clone, Copy, Debug, Default)]
struct Leaders {
    round: f32,
    first: f32,
    second: f32,
}

impl Leaders {
    /// Whether a candidate is too far behind those before it on this round.
    fn leave_behind(&mut self, round: f32, odds: f32) -> bool {
        if self.round != round {
            *self = Self { round, first: f32::NEG_INFINITY, second: f32::NEG_INFINITY };
        }
        if odds > self.first {
            (self.first, self.second) = (odds, self.first);
        } else if odds > self.second {
            self.second = odds;
        } else {
            return odds < self.first.max(0.0) - BEHIND;
        }
        false
    }
}

/// A candidate with its log-odds against no place at all, and the features behind them.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) place: u32,
    pub(super) odds: f32,
    pub(super) features: [f32; WIDTH],
    /// What speaks for it from outside the article, in points that the odds contain.
    pub(super) leaning: Weighted,
}

/// What the words beside the name say, on top of what is learned.
fn told(row: &[f32]) -> f32 {
    TOLD * row[Evidence::Cue as usize] + OUTER * row[Evidence::Containing as usize]
}

/// What `finish` makes of the candidates of every mention that is wanted, best first; of the others it gets none. Those far
/// behind are left out unless `all` are asked for.
pub(super) fn rank<T>(
    mentions: &[Mention],
    senses: &Senses<'_>,
    host: Option<&Host>,
    points: &Points,
    trees: &Trees,
    all: bool,
    mut finish: impl FnMut(&Mention, Vec<Ranked>) -> T,
) -> Vec<T> {
    let mut evidence = Gathered::new(mentions, senses, host, points);
    let (mut totals, mut rows) = (Vec::new(), Vec::new());
    let of_mention = |at: usize| -> Vec<Ranked> {
        if !mentions[at].wanted {
            return Vec::new();
        }
        let candidates = &senses.all[senses.of_mention[at]].candidates;
        evidence.fill(at, &mut rows);
        totals.clear();
        totals.extend(rows.iter().zip(candidates).map(|(row, candidate)| total(row, candidate, points)));
        let by_hand = |c: usize| features::prior_of(totals[c]) + told(&rows[c]) + points.sum(&candidates[c].leaning);
        let mut likely: Vec<(f32, usize)> = (0..candidates.len()).map(|c| (by_hand(c), c)).collect();
        likely.sort_by(|a, b| b.0.total_cmp(&a.0));
        if !all {
            let least = likely.first().map_or(0.0, |best| best.0) - BEHIND;
            likely.truncate(likely.partition_point(|(odds, _)| *odds >= least).max(2));
        }
        let likely: Vec<usize> = likely.into_iter().take(MOST).map(|(_, c)| c).collect();
        let features = features::rows(mentions, senses, &rows, at, &totals, &likely);
        // "Paris, France" is told by the text, wherever the paper has its home.
        let is_told = rows.iter().any(|row| row[Evidence::Contained as usize] != 0.0);
        let mut ranking: Vec<Ranked> = Vec::with_capacity(likely.len());
        let mut next = features.iter().zip(&likely);
        let odds = |features: &[f32; WIDTH], learned: f32| features::prior(features) + learned + told(features);
        let mut leaders = Leaders::default();
        let is_hopeless = |n: usize, left: f32, learned: f32| {
            // What the article leans towards counts later, and may change all.
            !all && candidates[likely[n]].leaning.is_empty() && leaders.leave_behind(left, odds(&features[n], learned))
        };
        trees.scores_of_hopeful(features.as_flattened(), is_hopeless, |score| {
            let Some((features, &c)) = next.next().filter(|_| score > f32::NEG_INFINITY) else { return };
            let candidate = &candidates[c];
            let leaning = candidate.leaning.iter().filter(|_| !is_told);
            let leaning: Weighted = leaning.map(|&(e, value)| (e, points.of(e) * value)).collect();
            let odds = odds(features, score) + leaning.iter().map(|(_, points)| points).sum::<f32>();
            ranking.push(Ranked { place: candidate.place.index(), odds, features: *features, leaning });
        });
        // Numbers follow prominence, so that equals stay in a stable and sensible order.
        ranking.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.place.cmp(&b.place)));
        ranking
    };
    (0..mentions.len()).map(of_mention).zip(mentions).map(|(ranking, mention)| finish(mention, ranking)).collect()
}
