//! Nearness of a candidate to what the article's other names are likely to mean.

use super::candidates::{Candidate, Senses};
use super::nearby::{Near, squared_chord, squared_distance};
use crate::gazetteer::Level;

/// Candidates that are less likely than this do not count.
const LEAST: f32 = 0.02;

/// The [`RINGS`](super::nearby::RINGS) within which neighbors are counted: 60, 250 and 1,000 km.
const WITHIN: [u32; 3] = [1, 3, 4];

/// The most candidates that are looked for within a wide region, and among which.
const MOST: usize = 400;
const LOOKED_AT: usize = 1 << 13;

/// The weight of other names' candidates within 60, 250 and 1,000 km of one: 0 is none, 1 is many.
pub(super) fn weights(near: &[Near], probabilities: &[f32]) -> [f32; 3] {
    let mut sums = [0.0f32; 3];
    for near in near {
        let probability = probabilities[near.candidate as usize];
        if probability >= LEAST {
            for (sum, within) in sums.iter_mut().zip(WITHIN) {
                *sum += if near.ring <= within { probability } else { 0.0 };
            }
        }
    }
    sums.map(|sum| if sum > 0.0 { 1.0 - (-sum / 1.5).exp() } else { 0.0 })
}

/// The share of the article's other names that lie within the radius of a wide region: 0 for other places.
pub(super) fn covered(senses: &Senses<'_>, probabilities: &[f32], candidate: &Candidate<'_>, own: usize) -> f32 {
    let Candidate { place, spot, .. } = candidate;
    let names = senses.all.len() as f32;
    let wide = matches!(spot.level, Level::Region | Level::Land | Level::Water) && place.radius_km() >= 100.0;
    if !wide || names < 2.0 {
        return 0.0;
    }
    let reach = squared_chord(f64::from(place.radius_km()).min(5000.0));
    let likely = senses.each().zip(probabilities).take(LOOKED_AT).filter(|(_, probability)| **probability >= LEAST);
    let within = likely
        .filter(|((name, other), _)| *name != own && squared_distance(other.spot.on_sphere, spot.on_sphere) <= reach);
    let sum: f32 = within.map(|(_, probability)| probability).take(MOST).sum();
    (sum / (names - 0.5)).min(1.0)
}
