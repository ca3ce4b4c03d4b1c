//! Nearness of an article's candidates, through an R-tree over points on the sphere.

use super::candidates::{Candidate, Senses};
use crate::gazetteer::{Level, Place};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Mean Earth radius in km (IUGG R1), as in GRS 80.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Distances that are looked at, in km.
pub(super) const DISTANCES: [f64; 3] = [60.0, 250.0, 1000.0];

/// Candidates that are less likely than this do not count.
const LEAST: f32 = 0.02;

/// The most neighbors that one query looks at: more say nothing new, and cost without bound.
const MOST: usize = 400;

/// A candidate's point with the number of its name, its probability, and whether nearness to it tells something.
type Neighbor = GeomWithData<[f64; 3], (usize, f32, bool)>;

/// The article's candidate points.
///
/// Points are on the unit sphere: straight distances there grow with great-circle distances, and neither the
/// antimeridian nor the poles are special.
pub(super) struct Coherence {
    tree: RTree<Neighbor>,
    names: f32,
    /// [`DISTANCES`] on the unit sphere.
    chords: [f64; 3],
}

impl Coherence {
    /// Takes the candidates of every name with their probabilities.
    pub(super) fn new(senses: &Senses<'_>, probabilities: &[Vec<f32>]) -> Self {
        let mut points = Vec::new();
        for (number, (sense, probabilities)) in senses.senses.iter().zip(probabilities).enumerate() {
            for (candidate, &probability) in sense.candidates.iter().zip(probabilities) {
                if probability >= LEAST {
                    let spot = &candidate.spot;
                    points.push(Neighbor::new(spot.on_sphere, (number, probability, spot.is_local)));
                }
            }
        }
        let chords = DISTANCES.map(squared_chord);
        Self { tree: RTree::bulk_load(points), names: senses.senses.len() as f32, chords }
    }

    /// The weight of other names' candidates within each of the distances: 0 is none, 1 is many.
    pub(super) fn weights(&self, candidate: &Candidate<'_>, own: usize) -> [f32; 3] {
        if !candidate.spot.is_local {
            return [0.0; 3];
        }
        let center = candidate.spot.on_sphere;
        let chords = self.chords;
        let mut sums = [0.0f32; 3];
        for neighbor in self.tree.locate_within_distance(center, chords[2]).take(MOST) {
            let (number, probability, is_local) = neighbor.data;
            if number == own || !is_local {
                continue;
            }
            let at = neighbor.geom();
            let squared: f64 = (0..3).map(|i| (at[i] - center[i]).powi(2)).sum();
            for (sum, &chord) in sums.iter_mut().zip(&chords) {
                if squared <= chord {
                    *sum += probability;
                }
            }
        }
        sums.map(|sum| 1.0 - (-sum / 1.5).exp())
    }

    /// The share of the article's other names that lie within the radius of a wide region: 0 for other places.
    pub(super) fn covered(&self, candidate: &Candidate<'_>, own: usize) -> f32 {
        let Candidate { place, spot, .. } = candidate;
        let wide = matches!(spot.level, Level::Region | Level::Land | Level::Water) && place.radius_km() >= 100.0;
        if !wide || self.names < 2.0 {
            return 0.0;
        }
        let reach = squared_chord(f64::from(place.radius_km()).min(5000.0));
        let within = self.tree.locate_within_distance(spot.on_sphere, reach).take(MOST);
        let sum: f32 =
            within.map(|n| n.data).filter(|(number, ..)| *number != own).map(|(_, probability, _)| probability).sum();
        (sum / (self.names - 0.5)).min(1.0)
    }
}

/// The square of the straight distance, on the unit sphere, between points `km` apart on the Earth.
pub(super) fn squared_chord(km: f64) -> f64 {
    (2.0 * (km / EARTH_RADIUS_KM / 2.0).sin()).powi(2)
}

/// Whether a place is small enough that nearness to it tells something.
pub(super) fn is_local(place: &Place<'_>) -> bool {
    !matches!(place.feature().level(), Level::Country | Level::Region) && place.radius_km() < 400.0
}

pub(super) fn on_sphere(place: &Place<'_>) -> [f64; 3] {
    let (latitude, longitude) = (place.latitude().to_radians(), place.longitude().to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}
