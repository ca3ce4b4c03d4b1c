//! A mention with the place that it means.

use super::evidence::{EVIDENCE, Evidence, LEANING};
use super::features::{self, WIDTH};
use super::rank::Ranked;
use crate::find::Mention;
use crate::model::Trees;

/// A mention, placed or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The mention.
    pub mention: Mention,
    /// The place, by its number in the gazetteer; none when the gazetteer has no place that the name is likely to mean.
    pub place: Option<u32>,
    /// How likely it is that this is a mention and that it means this place, from 0 to 1.
    pub confidence: f32,
    /// The second-best candidate.
    pub runner_up: Option<Alternative>,
    /// What speaks most for the place against the runner-up, strongest first.
    pub why: Vec<Evidence>,
}

/// A place that was not chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alternative {
    /// The place, by its number in the gazetteer.
    pub place: u32,
    /// How much likelier the chosen one is: the difference of their probabilities, from 0 to 1.
    pub margin: f32,
}

/// Log-odds against no place at all from which on a candidate is the answer. Below even odds: an analyst can drop what
/// has little confidence, and cannot bring back what is not there.
const LEAST: f32 = -1.5;
/// The most codes that explain a placement.
const REASONS: usize = 4;

/// Picks the best-ranked candidate, unless no place at all is likelier.
///
/// Reasons are sought when there are trees to ask for them.
pub(super) fn place(mention: &Mention, ranking: &[Ranked], trees: Option<&Trees>) -> Placement {
    let mut placement = Placement { mention: *mention, place: None, confidence: 0.0, runner_up: None, why: Vec::new() };
    let Some(best) = ranking.first() else { return placement };
    let probability = probabilities(ranking);
    if best.odds <= LEAST {
        return placement;
    }
    placement.place = Some(best.place);
    placement.confidence = probability(best.odds) * mention.probability;
    let second = ranking.get(1);
    placement.runner_up =
        second.map(|r| Alternative { place: r.place, margin: probability(best.odds) - probability(r.odds) });
    placement.why = trees.map_or_else(Vec::new, |trees| reasons(best, second, trees));
    if mention.misspelled {
        // Whoever reads the reasons shall see this one, whatever it counts.
        placement.why.insert(0, Evidence::Misspelled);
        placement.why.truncate(REASONS);
    }
    placement
}

/// How odds turn into probabilities among these candidates; "none of them" has log-odds of 0.
pub(super) fn probabilities(ranking: &[Ranked]) -> impl Fn(f32) -> f32 + use<> {
    let highest = ranking.iter().map(|r| r.odds).fold(0.0, f32::max);
    let total: f32 = ranking.iter().map(|r| (r.odds - highest).exp()).sum::<f32>() + (-highest).exp();
    move |odds| (odds - highest).exp() / total
}

/// The evidence that counts most for the best candidate against the second.
fn reasons(best: &Ranked, second: Option<&Ranked>, trees: &Trees) -> Vec<Evidence> {
    if best.leaning.iter().any(|(evidence, _)| *evidence == Evidence::Vicinity) {
        return vec![Evidence::Vicinity];
    }
    let mut shares = [0.0; WIDTH];
    trees.explain(&best.features, &mut shares);
    if let Some(second) = second {
        let mut against = [0.0; WIDTH];
        trees.explain(&second.features, &mut against);
        shares.iter_mut().zip(against).for_each(|(share, against)| *share -= against);
    }
    let mut gains = [0.0f32; EVIDENCE.len() + LEANING.len()];
    for (piece, gain) in EVIDENCE.iter().zip(&mut gains) {
        let against = second.map_or(0.0, |second| second.features[piece.0 as usize]);
        *gain = features::BY_POINT * piece.2 * (best.features[piece.0 as usize] - against);
    }
    for (feature, share) in shares.into_iter().enumerate() {
        if let Some(evidence) = features::evidence_of(feature) {
            gains[evidence as usize] += share;
        }
    }
    best.leaning.iter().for_each(|&(evidence, points)| gains[evidence as usize] += points);
    for &(evidence, points) in second.iter().flat_map(|second| &second.leaning) {
        gains[evidence as usize] -= points;
    }
    let all = EVIDENCE.iter().chain(LEANING).map(|e| (gains[e.0 as usize], e.0));
    let mut reasons: Vec<(f32, Evidence)> = all.filter(|(gain, _)| *gain > 0.1).collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    reasons.into_iter().take(REASONS).map(|(_, e)| e).collect()
}
