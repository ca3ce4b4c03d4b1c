//! Figures: counts added up over documents, then ratios.

use super::gold::{RIGHT_KM, Toponym};
use super::matching::{Predicted, match_spans};
use serde::Serialize;

/// Half the Earth's circumference in km: the error of a mention without a place, and the scale of the AUC.
const HALF_EARTH_KM: f64 = 20039.0;

/// Counts over documents.
#[derive(Clone, Debug, Default)]
pub struct Score {
    documents: usize,
    gold: usize,
    predicted: usize,
    overlap: usize,
    exact: usize,
    located: usize,
    seen: usize,
    correct: usize,
    near: usize,
    unlocated_hits: usize,
    errors_km: Vec<f64>,
}

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prf {
    /// Share of the predictions that are right.
    pub precision: f64,
    /// Share of the gold that is found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// How well mentions are placed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Resolution {
    /// Gold toponyms with coordinates.
    pub located: usize,
    /// Share of them that is placed right: within 161 km (or the toponym's own tolerance), or the same GeoNames id.
    pub placed_right: f64,
    /// The same over those recognized.
    pub placed_right_of_recognised: f64,
    /// Share of those recognized whose point is within 161 km.
    pub within161_of_recognised: f64,
    /// Median error in km over those recognized.
    pub median_km: Option<f64>,
    /// Mean error in km over those recognized.
    pub mean_km: Option<f64>,
    /// Area under the curve of the log error (0 best, 1 worst), over those recognized (Jurgens et al. 2015).
    pub auc: Option<f64>,
}

/// All figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Documents.
    pub documents: usize,
    /// Gold toponyms that count.
    pub gold: usize,
    /// Predictions that count.
    pub predicted: usize,
    /// Spans that are the same.
    pub recognition_exact: Prf,
    /// Spans that share a character.
    pub recognition_overlap: Prf,
    /// Places.
    pub resolution: Resolution,
    /// Spans that share a character and are placed right.
    pub end_to_end: Prf,
}

impl Prf {
    fn new(right: usize, predicted: usize, gold: usize) -> Self {
        let precision = ratio(right, predicted);
        let recall = ratio(right, gold);
        let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        Self { precision, recall, f1 }
    }
}

fn ratio(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

impl Score {
    /// Adds a document. Toponyms of the types that [`Toponym::is_soft`] names count only with `all_types`.
    pub fn add(&mut self, gold: &[Toponym], predicted: &[Predicted], all_types: bool) {
        let soft = |t: &Toponym| !all_types && t.is_soft();
        let pairs = match_spans(gold, predicted);
        let mut answer: Vec<Option<(usize, bool)>> = vec![None; gold.len()];
        let mut ignored = 0;
        for (i, j, exact) in pairs {
            answer[i] = Some((j, exact));
            ignored += usize::from(soft(&gold[i]));
        }
        self.documents += 1;
        self.predicted += predicted.len() - ignored;
        for (toponym, answer) in gold.iter().zip(answer).filter(|(t, _)| !soft(t)) {
            self.gold += 1;
            self.overlap += usize::from(answer.is_some());
            self.exact += usize::from(answer.is_some_and(|(_, exact)| exact));
            if toponym.lat.is_none() || toponym.lon.is_none() {
                self.unlocated_hits += usize::from(answer.is_some());
                continue;
            }
            self.located += 1;
            let Some((j, _)) = answer else { continue };
            self.seen += 1;
            let prediction = &predicted[j];
            let error = prediction.point.and_then(|point| toponym.distance_km(point)).unwrap_or(HALF_EARTH_KM);
            self.errors_km.push(error);
            let same = prediction.place_id.as_deref().is_some_and(|id| toponym.is_entry(id));
            self.near += usize::from(error <= RIGHT_KM);
            self.correct += usize::from(same || toponym.tolerates(error));
        }
    }

    /// Adds another score's documents.
    pub fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.overlap += other.overlap;
        self.exact += other.exact;
        self.located += other.located;
        self.seen += other.seen;
        self.correct += other.correct;
        self.near += other.near;
        self.unlocated_hits += other.unlocated_hits;
        self.errors_km.extend(&other.errors_km);
    }

    /// The ratios.
    pub fn figures(&self) -> Figures {
        let mut errors = self.errors_km.clone();
        errors.sort_by(f64::total_cmp);
        let count = errors.len() as f64;
        let mean = |sum: f64| (!errors.is_empty()).then(|| sum / count);
        Figures {
            documents: self.documents,
            gold: self.gold,
            predicted: self.predicted,
            recognition_exact: Prf::new(self.exact, self.predicted, self.gold),
            recognition_overlap: Prf::new(self.overlap, self.predicted, self.gold),
            resolution: Resolution {
                located: self.located,
                placed_right: ratio(self.correct, self.located),
                placed_right_of_recognised: ratio(self.correct, self.seen),
                within161_of_recognised: ratio(self.near, self.seen),
                median_km: errors.get(errors.len() / 2).copied(),
                mean_km: mean(errors.iter().sum()),
                auc: mean(errors.iter().map(|e| e.ln_1p()).sum::<f64>() / HALF_EARTH_KM.ln_1p()),
            },
            end_to_end: Prf::new(self.correct, self.predicted - self.unlocated_hits, self.located),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toponym(start: usize, end: usize, point: Option<(f64, f64)>, kind: &str) -> Toponym {
        Toponym {
            start,
            end,
            name: String::new(),
            lat: point.map(|p| p.0),
            lon: point.map(|p| p.1),
            geonameid: None,
            kind: Some(kind.into()),
            tol_km: None,
        }
    }

    #[test]
    fn counts_as_defined() {
        let gold = [
            toponym(0, 5, Some((48.9, 2.4)), "literal"),
            toponym(10, 15, None, "literal"),
            toponym(20, 26, Some((0.0, 0.0)), "Demonym_x"),
        ];
        let at = |start, end, point| Predicted { start, end, point, place_id: None };
        let predicted = [at(0, 5, Some((48.86, 2.35))), at(9, 14, None), at(20, 26, None), at(40, 44, None)];
        let mut score = Score::default();
        score.add(&gold, &predicted, false);
        let f = score.figures();
        assert_eq!((f.gold, f.predicted), (2, 3));
        assert_eq!((f.recognition_exact.recall, f.recognition_overlap.recall), (0.5, 1.0));
        assert_eq!((f.end_to_end.precision, f.end_to_end.recall), (0.5, 1.0));
    }
}
