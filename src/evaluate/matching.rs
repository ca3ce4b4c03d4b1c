//! Which prediction answers which gold toponym.

use super::gold::Toponym;
use std::cmp::Reverse;

/// A predicted mention of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicted {
    /// First code point.
    pub start: usize,
    /// The code point after the last.
    pub end: usize,
    /// Degrees north and east, when placed.
    pub point: Option<(f64, f64)>,
    /// `geonames:ID` or another id.
    pub place_id: Option<String>,
}

/// Pairs gold and predicted spans that share a character: same spans first, then the longest overlap, each used once.
/// Gives the numbers of both and whether the spans are the same.
pub fn match_spans(gold: &[Toponym], predicted: &[Predicted]) -> Vec<(usize, usize, bool)> {
    let mut pairs = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in predicted.iter().enumerate() {
            let overlap = g.end.min(p.end).saturating_sub(g.start.max(p.start));
            if overlap > 0 {
                let exact = g.start == p.start && g.end == p.end;
                pairs.push((Reverse(exact), Reverse(overlap), i, j));
            }
        }
    }
    pairs.sort_unstable();
    let (mut used_gold, mut used_predicted) = (vec![false; gold.len()], vec![false; predicted.len()]);
    let mut matched = Vec::new();
    for (Reverse(exact), _, i, j) in pairs {
        if !used_gold[i] && !used_predicted[j] {
            used_gold[i] = true;
            used_predicted[j] = true;
            matched.push((i, j, exact));
        }
    }
    matched
}
