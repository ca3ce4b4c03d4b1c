//! A mention with the place that it means.

use super::evidence::{Evidence, NOWHERE, Points};
use super::rank::Ranked;
use crate::find::Mention;

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

/// The most codes that explain a placement.
const REASONS: usize = 4;

/// Picks the best-ranked candidate, unless no place at all is likelier.
pub(super) fn place(mention: &Mention, ranking: &[Ranked], points: &Points) -> Placement {
    let mut placement = Placement { mention: *mention, place: None, confidence: 0.0, runner_up: None, why: Vec::new() };
    let Some(best) = ranking.first() else { return placement };
    let highest = best.points.max(NOWHERE);
    let total: f32 = ranking.iter().map(|r| (r.points - highest).exp()).sum::<f32>() + (NOWHERE - highest).exp();
    let probability = |points: f32| (points - highest).exp() / total;
    if best.points <= NOWHERE {
        return placement;
    }
    placement.place = Some(best.place);
    placement.confidence = probability(best.points) * mention.probability;
    let second = ranking.get(1);
    placement.runner_up =
        second.map(|r| Alternative { place: r.place, margin: probability(best.points) - probability(r.points) });
    placement.why = reasons(best, second, points);
    placement
}

fn reasons(best: &Ranked, second: Option<&Ranked>, points: &Points) -> Vec<Evidence> {
    let against = |evidence: Evidence| {
        second.map_or(0.0, |r| r.evidence.iter().filter(|(e, _)| *e == evidence).map(|&(e, v)| points.of(e) * v).sum())
    };
    let mut reasons: Vec<(f32, Evidence)> = best
        .evidence
        .iter()
        .map(|&(e, v)| (points.of(e) * v - against(e), e))
        .filter(|(gain, _)| *gain > 0.2)
        .collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    reasons.into_iter().take(REASONS).map(|(_, e)| e).collect()
}
