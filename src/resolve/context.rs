//! What the other mentions of the article say about countries and divisions.

use super::candidates::{Candidate, Senses, Spot};
use crate::gazetteer::Level;
use rustc_hash::FxHashMap;

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

/// The same of one name, which has few.
#[derive(Clone, Debug, Default)]
struct OwnMass {
    of_region: Vec<(u32, f32)>,
    total: f32,
}

/// The mass of each name and of all together.
pub(super) struct Context {
    all: Mass,
    own: Vec<OwnMass>,
    /// Names that are countries or divisions, with the mass of each reading.
    named: FxHashMap<u32, Vec<(usize, f32)>>,
    /// The country of each name that is certain enough, and whether the name is a country or a division.
    certain: Vec<Option<(u16, bool)>>,
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

impl OwnMass {
    fn add(&mut self, regions: [Option<u32>; 2], weight: f32) {
        for region in regions.into_iter().flatten() {
            match self.of_region.iter_mut().find(|(known, _)| *known == region) {
                Some((_, sum)) => *sum += weight,
                None => self.of_region.push((region, weight)),
            }
        }
        self.total += weight;
    }

    fn of(&self, region: u32) -> f32 {
        self.of_region.iter().find(|(known, _)| *known == region).map_or(0.0, |(_, weight)| *weight)
    }
}

impl Mass {
    fn add_all(&mut self, other: &OwnMass) {
        for &(region, weight) in &other.of_region {
            self.of_region[region as usize] += weight;
        }
        self.total += other.total;
    }

    /// The share of this mass, without what `own` adds to it, in a candidate's country and division.
    fn shares(&self, candidate: &Candidate<'_>, own: &OwnMass) -> [f32; 2] {
        // Half a name more, so that a single other name does not count as everything.
        let total = (self.total - own.total).max(0.0) + 0.5;
        let without = |region: u32| (self.of_region[region as usize] - own.of(region)).max(0.0);
        candidate.regions.map(|region| region.map_or(0.0, without) / total)
    }
}

impl Context {
    pub(super) fn new(senses: &Senses<'_>, probabilities: &[f32]) -> Self {
        let mut all = Mass { of_region: vec![0.0; senses.regions], total: 0.0 };
        let mut own = Vec::with_capacity(senses.all.len());
        let mut named: FxHashMap<u32, Vec<(usize, f32)>> = FxHashMap::default();
        let mut certain = Vec::with_capacity(senses.all.len());
        for (number, sense) in senses.all.iter().enumerate() {
            let probabilities = &probabilities[senses.numbers(number)];
            let mut mass = OwnMass::default();
            // A name that comes ten times says more than one that comes once, but not ten times as much.
            let weight = 1.0 + (sense.count as f32).ln();
            for (candidate, &probability) in sense.candidates.iter().zip(probabilities) {
                mass.add(candidate.regions, probability * weight);
                if probability > 0.05 && matches!(candidate.spot.level, Level::Country | Level::Admin1) {
                    named.entry(candidate.place.index()).or_default().push((number, probability));
                }
            }
            let likely = sense.candidates.iter().zip(probabilities).find(|(_, p)| **p >= CERTAIN).map(|(c, _)| c);
            certain.push(likely.and_then(|candidate| {
                let is_region = matches!(candidate.spot.level, Level::Country | Level::Admin1);
                Some((candidate.spot.country?, is_region))
            }));
            all.add_all(&mass);
            own.push(mass);
        }
        Self { all, own, named, certain }
    }

    /// What the whole article says for a candidate of name `own`.
    pub(super) fn shares(&self, candidate: &Candidate<'_>, own: usize) -> Shares {
        let [country, admin1] = self.all.shares(candidate, &self.own[own]);
        let named = |region: Option<u32>| {
            let readings = region.and_then(|r| self.named.get(&r));
            readings
                .map_or(0.0, |all| all.iter().filter(|(number, _)| *number != own).map(|(_, p)| *p).fold(0.0, f32::max))
        };
        let spot = &candidate.spot;
        Shares { country, admin1, country_named: named(spot.country_place), admin1_named: named(spot.admin1) }
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
            let mass = &self.own[number];
            let all = mass.total.max(f32::EPSILON);
            for &(region, weight) in &mass.of_region {
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
