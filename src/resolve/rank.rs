//! Ranking the candidates of every mention.

use super::candidates::Senses;
use super::evidence::{Evidence, Points};
use super::features::{self, WIDTH};
use super::gather::Gathered;
use super::outlet::Host;
use crate::find::Mention;
use crate::model::{Go, Trees, Watch};

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

/// How far a candidate's log-odds by the hand-set points may be behind the best one's before the trees see it. One that is
/// farther behind is left out, unless it is one of the first two. No figure of LGL, GWN, TUD and ANC changes for it; with
/// 3 some change by .001.
const BEHIND_BY_HAND: f32 = 3.5;

/// The same when the first trees have answered, then behind no place at all, too.
const BEHIND: f32 = 5.0;

/// Log-odds against no place at all, and against the second, from which on the first candidate is the one, whatever the
/// trees say that have not been asked. No figure of LGL, GWN, TUD and ANC changes for it.
const CERTAIN: f32 = 4.0;

/// Sees the odds of a mention's candidates grow, and says which need no more trees.
struct Race<'a> {
    features: &'a [[f32; WIDTH]],
    /// All are followed to the end.
    is_open: bool,
    /// All that were left have been seen, and the next one that is seen opens another round.
    is_seen: bool,
    /// The best odds of the round.
    first: f32,
    second: f32,
}

impl Watch for Race<'_> {
    fn see(&mut self, row: usize, sum: f32) {
        if self.is_seen {
            (self.is_seen, self.first, self.second) = (false, f32::NEG_INFINITY, f32::NEG_INFINITY);
        }
        let odds = odds(&self.features[row], sum);
        self.second = self.second.max(odds.min(self.first));
        self.first = self.first.max(odds);
    }

    fn go(&mut self, row: usize, _: f32, sum: f32) -> Go {
        self.is_seen = true;
        if self.is_open {
            Go::On
        } else if self.first > CERTAIN && self.first - self.second > CERTAIN {
            Go::Enough
        } else if odds(&self.features[row], sum) < self.second.min(self.first.max(0.0) - BEHIND) {
            Go::No
        } else {
            Go::On
        }
    }
}

/// Log-odds against no place at all, with what the trees have answered so far.
fn odds(features: &[f32; WIDTH], learned: f32) -> f32 {
    features::prior(features) + learned + told(features)
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
    let most = senses.all.iter().map(|sense| sense.candidates.len()).max().unwrap_or(0);
    let (mut totals, mut rows, mut features) =
        (Vec::with_capacity(most), Vec::with_capacity(most), Vec::with_capacity(most.min(MOST)));
    let (mut by_hand, mut likely): (Vec<(f32, usize)>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut by_odds: Vec<(f32, u32, usize)> = Vec::new();
    let of_mention = |at: usize| -> Vec<Ranked> {
        if !mentions[at].wanted {
            return Vec::new();
        }
        let candidates = &senses.all[senses.of_mention[at]].candidates;
        evidence.fill(at, &mut rows);
        totals.clear();
        totals.extend(rows.iter().map(|row| points.of_row(row)));
        let odds_of = |c: usize| features::prior_of(totals[c]) + told(&rows[c]) + points.sum(&candidates[c].leaning);
        by_hand.clear();
        by_hand.extend((0..candidates.len()).map(|c| (odds_of(c), c)));
        by_hand.sort_by(|a, b| b.0.total_cmp(&a.0));
        if !all {
            let least = by_hand.first().map_or(0.0, |best| best.0) - BEHIND_BY_HAND;
            by_hand.truncate(by_hand.partition_point(|(odds, _)| *odds >= least).max(2));
        }
        likely.clear();
        likely.extend(by_hand.iter().take(MOST).map(|(_, c)| *c));
        features::rows(mentions, senses, &rows, at, &totals, &likely, &mut features);
        // "Paris, France" is told by the text, wherever the paper has its home.
        let is_told = rows.iter().any(|row| row[Evidence::Contained as usize] != 0.0);
        // What the article leans towards counts later, and may change all.
        let is_open = all || likely.iter().any(|&c| !candidates[c].leaning.is_empty());
        let race = Race { features: &features, is_open, is_seen: true, first: 0.0, second: 0.0 };
        let leaning_of = |c: usize| {
            let leaning = candidates[c].leaning.iter().filter(|_| !is_told);
            leaning.map(|&(e, value)| (e, points.of(e) * value))
        };
        by_odds.clear();
        let mut next = likely.iter().enumerate();
        trees.scores_watched(features.as_flattened(), race, |score| {
            let Some((n, &c)) = next.next().filter(|_| score > f32::NEG_INFINITY) else { return };
            let leaning: f32 = leaning_of(c).map(|(_, points)| points).sum();
            by_odds.push((odds(&features[n], score) + leaning, candidates[c].place.index(), n));
        });
        // Numbers follow prominence, so that equals stay in a stable and sensible order.
        by_odds.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let ranked = |&(odds, place, n): &(f32, u32, usize)| Ranked {
            place,
            odds,
            features: features[n],
            leaning: leaning_of(likely[n]).collect(),
        };
        by_odds.iter().map(ranked).collect()
    };
    (0..mentions.len()).map(of_mention).zip(mentions).map(|(ranking, mention)| finish(mention, ranking)).collect()
}
