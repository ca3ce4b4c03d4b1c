//! A ranking, laid open.

use super::evidence::{Evidence, LEANING};
use super::features;
use super::placement::probabilities;
use super::rank::Ranked;

/// A candidate place of a mention with all that its rank comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The place, by its number in the gazetteer.
    pub place: u32,
    /// Log-odds (natural logarithm) of this place against no place at all.
    pub log_odds: f32,
    /// The probability among the candidates and "none of them", from 0 to 1.
    pub probability: f32,
    /// What the ranker reads, each value under the name that [`feature_names`](super::feature_names) gives it.
    pub features: Vec<(String, f32)>,
    /// What speaks for the place from outside the article, in points that the log-odds contain; all of [`LEANING`].
    pub leaning: Vec<(Evidence, f32)>,
}

/// Lays a ranking open, best first.
pub(super) fn explain(ranking: &[Ranked]) -> Vec<Explained> {
    let names = features::names();
    let probability = probabilities(ranking);
    let points = |of: &Ranked, evidence: Evidence| -> f32 {
        of.leaning.iter().filter(|(e, _)| *e == evidence).map(|(_, points)| points).sum()
    };
    ranking
        .iter()
        .map(|ranked| Explained {
            place: ranked.place,
            log_odds: ranked.odds,
            probability: probability(ranked.odds),
            features: names.iter().cloned().zip(ranked.features).collect(),
            leaning: LEANING.iter().map(|&(e, ..)| (e, points(ranked, e))).collect(),
        })
        .collect()
}
