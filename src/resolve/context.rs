//! What the other mentions of the article say about countries and divisions.

use super::candidates::{Candidate, Senses, Spot};
use crate::gazetteer::Level;

/// How many mentions on either side are near.
const NEAR: usize = 4;

/// From which probability on a reading of a name is certain enough to speak for its country.
const CERTAIN: f32 = 0.6;

/// Probabilities summed by region, over countries and first-order divisions alike.
#[derive(Clone, Debug, Default)]
struct Mass {
    of_region: Vec<f32>,
    total: f32,
}

/// The same of each name, which has few regions.
#[derive(Clone, Debug, Default)]
struct OwnMasses {
    of_region: Vec<(u32, f32)>,
    /// For each name, where its regions end, and its total.
    names: Vec<(usize, f32)>,
}

/// The mass of each name and of all together.
pub(super) struct Context {
    all: Mass,
    own: OwnMasses,
    /// For each region, how likely it is named, as a country or a division.
    named: Vec<Named>,
    /// The country of each name that is certain enough, and whether the name is a country or a division.
    certain: Vec<Option<(u16, bool)>>,
}

/// The names that are likeliest to mean a region.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    name: usize,
    probability: f32,
    /// Of the likeliest other name.
    other: f32,
}

impl Named {
    fn add(&mut self, name: usize, probability: f32) {
        if probability > self.probability {
            if self.name != name {
                self.other = self.probability;
            }
            (self.name, self.probability) = (name, probability);
        } else if self.name != name {
            self.other = self.other.max(probability);
        }
    }

    /// The highest probability of names but this one.
    fn without(&self, name: usize) -> f32 {
        if self.name == name { self.other } else { self.probability }
    }
}

/// What the mentions nearest to one say of regions.
#[derive(Debug, Default)]
pub(super) struct Local {
    mass: Mass,
    /// Regions that have any.
    regions: Vec<u32>,
}

impl Local {
    /// The shares in a candidate's country and division.
    pub(super) fn shares(&self, candidate: &Candidate<'_>) -> [f32; 2] {
        candidate.regions.map(|region| region.map_or(0.0, |r| self.mass.of_region[r as usize]) / self.mass.total)
    }
}

/// The countries that the mentions nearest to one speak for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nearest {
    /// Of the nearest mention that is certain.
    any: Option<u16>,
    /// Of the nearest that is a country or a division.
    region: Option<u16>,
}

impl Nearest {
    /// Whether a place lies in the one and in the other, as 0 or 1.
    pub(super) fn holds(self, spot: &Spot) -> (f32, f32) {
        let is_there = |of: Option<u16>| f32::from(u8::from(of.is_some() && of == spot.country));
        (is_there(self.any), is_there(self.region))
    }
}

/// Shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shares {
    pub(super) country: f32,
    pub(super) admin1: f32,
    pub(super) country_named: f32,
    pub(super) admin1_named: f32,
}

impl OwnMasses {
    /// Adds to the name at hand, whose regions begin at `from`.
    fn add(&mut self, from: usize, regions: [Option<u32>; 2], weight: f32) {
        for region in regions.into_iter().flatten() {
            match self.of_region[from..].iter_mut().find(|(known, _)| *known == region) {
                Some((_, sum)) => *sum += weight,
                None => self.of_region.push((region, weight)),
            }
        }
    }

    /// The regions of a name, and its total.
    fn of(&self, name: usize) -> (&[(u32, f32)], f32) {
        let from = name.checked_sub(1).map_or(0, |before| self.names[before].0);
        let (to, total) = self.names[name];
        (&self.of_region[from..to], total)
    }
}

impl Mass {
    fn add_all(&mut self, (regions, total): (&[(u32, f32)], f32)) {
        for &(region, weight) in regions {
            self.of_region[region as usize] += weight;
        }
        self.total += total;
    }

    /// The share of this mass, without what a name of its own adds to it, in a candidate's country and division.
    fn shares(&self, candidate: &Candidate<'_>, (own, total): (&[(u32, f32)], f32)) -> [f32; 2] {
        // Half a name more, so that a single other name does not count as everything.
        let total = (self.total - total).max(0.0) + 0.5;
        let of_own = |region: u32| own.iter().find(|(known, _)| *known == region).map_or(0.0, |(_, weight)| *weight);
        let without = |region: u32| (self.of_region[region as usize] - of_own(region)).max(0.0);
        candidate.regions.map(|region| region.map_or(0.0, without) / total)
    }
}

impl Context {
    pub(super) fn new(senses: &Senses<'_>, probabilities: &[f32]) -> Self {
        let mut all = Mass { of_region: vec![0.0; senses.regions], total: 0.0 };
        let mut own = OwnMasses {
            of_region: Vec::with_capacity(2 * senses.count()),
            names: Vec::with_capacity(senses.all.len()),
        };
        let mut named = vec![Named::default(); senses.regions];
        let mut certain = Vec::with_capacity(senses.all.len());
        for (number, sense) in senses.all.iter().enumerate() {
            let probabilities = &probabilities[senses.numbers(number)];
            let (from, mut total) = (own.of_region.len(), 0.0);
            // A name that comes ten times says more than one that comes once, but not ten times as much.
            let weight = 1.0 + (sense.count as f32).ln();
            for (candidate, &probability) in sense.candidates.iter().zip(probabilities) {
                own.add(from, candidate.regions, probability * weight);
                total += probability * weight;
                let region = match candidate.spot.level {
                    Level::Country => candidate.regions[0],
                    Level::Admin1 => candidate.regions[1],
                    _ => None,
                };
                if let Some(region) = region.filter(|_| probability > 0.05) {
                    named[region as usize].add(number, probability);
                }
            }
            let likely = sense.candidates.iter().zip(probabilities).find(|(_, p)| **p >= CERTAIN).map(|(c, _)| c);
            certain.push(likely.and_then(|candidate| {
                let is_region = matches!(candidate.spot.level, Level::Country | Level::Admin1);
                Some((candidate.spot.country?, is_region))
            }));
            own.names.push((own.of_region.len(), total));
            all.add_all(own.of(number));
        }
        Self { all, own, named, certain }
    }

    /// What the whole article says for a candidate of name `own`.
    pub(super) fn shares(&self, candidate: &Candidate<'_>, own: usize) -> Shares {
        let [country, admin1] = self.all.shares(candidate, self.own.of(own));
        let named = |lies_in: Option<u32>, region: Option<u32>| {
            lies_in.and(region).map_or(0.0, |region| self.named[region as usize].without(own))
        };
        let (spot, [in_country, in_division]) = (&candidate.spot, candidate.regions);
        Shares {
            country,
            admin1,
            country_named: named(spot.country_place, in_country),
            admin1_named: named(spot.admin1, in_division),
        }
    }

    /// What the mentions nearest to mention `at` say, name by name as much.
    pub(super) fn local(&self, senses: &Senses<'_>, at: usize, local: &mut Local) {
        let own = senses.of_mention[at];
        let window = at.saturating_sub(NEAR)..(at + NEAR + 1).min(senses.of_mention.len());
        let Local { mass: sum, regions } = local;
        sum.of_region.resize(senses.regions, 0.0);
        for region in regions.drain(..) {
            sum.of_region[region as usize] = 0.0;
        }
        sum.total = 0.5;
        for &number in senses.of_mention[window].iter().filter(|number| **number != own) {
            let (of_region, total) = self.own.of(number);
            let all = total.max(f32::EPSILON);
            for &(region, weight) in of_region {
                sum.of_region[region as usize] += weight / all;
                regions.push(region);
            }
            sum.total += 1.0;
        }
    }

    /// The countries that the nearest mentions of other names speak for: outwards, what follows before what precedes
    /// ("Georgia, the American state").
    pub(super) fn nearest(&self, senses: &Senses<'_>, at: usize) -> Nearest {
        let mut nearest = Nearest::default();
        let outwards = (1..=NEAR).flat_map(|step| [at.checked_add(step), at.checked_sub(step)]).flatten();
        for &number in outwards.filter_map(|other| senses.of_mention.get(other)) {
            if let Some((country, is_region)) = self.certain[number].filter(|_| number != senses.of_mention[at]) {
                nearest.any = nearest.any.or(Some(country));
                nearest.region = nearest.region.or(is_region.then_some(country));
            }
        }
        nearest
    }
}
