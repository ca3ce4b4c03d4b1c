//! What the other mentions of the article say about countries and divisions.

use super::candidates::Senses;
use crate::gazetteer::{Level, Place};
use std::collections::HashMap;

/// How many mentions on either side are near.
const NEAR: usize = 4;

/// From which probability on a reading of a name is certain enough to speak for its country.
const CERTAIN: f32 = 0.6;

/// Probabilities summed by country and by first-order division.
#[derive(Clone, Debug, Default)]
struct Mass {
    country: HashMap<u16, f32>,
    admin1: HashMap<u32, f32>,
    total: f32,
}

/// The mass of each name and of all together.
pub(super) struct Context {
    all: Mass,
    own: Vec<Mass>,
    /// Names that are countries or divisions, with the mass of each reading.
    named: HashMap<u32, Vec<(usize, f32)>>,
    /// The country of each name that is certain enough, and whether the name is a country or a division.
    certain: Vec<Option<(u16, bool)>>,
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
    pub(super) fn holds(self, place: &Place<'_>) -> (f32, f32) {
        let country = country_key(place);
        let is_there = |of: Option<u16>| f32::from(u8::from(of.is_some() && of == country));
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

fn country_key(place: &Place<'_>) -> Option<u16> {
    match *place.country().as_bytes() {
        [a, b] => Some(u16::from_be_bytes([a, b])),
        _ => None,
    }
}

/// The first-order division that a place is or lies in.
fn admin1_key(place: &Place<'_>) -> Option<u32> {
    if place.feature().level() == Level::Admin1 { Some(place.index()) } else { place.admin1().map(|a| a.index()) }
}

impl Mass {
    fn add(&mut self, place: &Place<'_>, weight: f32) {
        if let Some(country) = country_key(place) {
            *self.country.entry(country).or_default() += weight;
        }
        if let Some(admin1) = admin1_key(place) {
            *self.admin1.entry(admin1).or_default() += weight;
        }
        self.total += weight;
    }

    fn add_all(&mut self, other: &Self) {
        for (&key, &weight) in &other.country {
            *self.country.entry(key).or_default() += weight;
        }
        for (&key, &weight) in &other.admin1 {
            *self.admin1.entry(key).or_default() += weight;
        }
        self.total += other.total;
    }

    /// The share of this mass, without what `own` adds to it, in a place's country and division.
    fn shares(&self, place: &Place<'_>, own: &Self) -> (f32, f32) {
        let without = |all: Option<&f32>, own: Option<&f32>| (all.unwrap_or(&0.0) - own.unwrap_or(&0.0)).max(0.0);
        // Half a name more, so that a single other name does not count as everything.
        let total = (self.total - own.total).max(0.0) + 0.5;
        let country = country_key(place).map_or(0.0, |k| without(self.country.get(&k), own.country.get(&k)));
        let admin1 = admin1_key(place).map_or(0.0, |k| without(self.admin1.get(&k), own.admin1.get(&k)));
        (country / total, admin1 / total)
    }
}

impl Context {
    pub(super) fn new(senses: &Senses<'_>, probabilities: &[Vec<f32>]) -> Self {
        let mut all = Mass::default();
        let mut own = Vec::with_capacity(senses.senses.len());
        let mut named: HashMap<u32, Vec<(usize, f32)>> = HashMap::new();
        let mut certain = Vec::with_capacity(senses.senses.len());
        for (number, (sense, probabilities)) in senses.senses.iter().zip(probabilities).enumerate() {
            let mut mass = Mass::default();
            // A name that comes ten times says more than one that comes once, but not ten times as much.
            let weight = 1.0 + (sense.count as f32).ln();
            for (candidate, &probability) in sense.candidates.iter().zip(probabilities) {
                mass.add(&candidate.place, probability * weight);
                if matches!(candidate.place.feature().level(), Level::Country | Level::Admin1) && probability > 0.05 {
                    named.entry(candidate.place.index()).or_default().push((number, probability));
                }
            }
            let likely =
                sense.candidates.iter().zip(probabilities).find(|(_, p)| **p >= CERTAIN).map(|(c, _)| &c.place);
            certain.push(likely.and_then(|place| {
                let is_region = matches!(place.feature().level(), Level::Country | Level::Admin1);
                Some((country_key(place)?, is_region))
            }));
            all.add_all(&mass);
            own.push(mass);
        }
        Self { all, own, named, certain }
    }

    /// What the whole article says for a candidate of name `own`.
    pub(super) fn shares(&self, place: &Place<'_>, own: usize) -> Shares {
        let (country, admin1) = self.all.shares(place, &self.own[own]);
        let named = |region: Option<u32>| {
            let readings = region.and_then(|r| self.named.get(&r));
            readings
                .map_or(0.0, |all| all.iter().filter(|(number, _)| *number != own).map(|(_, p)| *p).fold(0.0, f32::max))
        };
        let country_place = place.country_place().map(|c| c.index()).filter(|&c| c != place.index());
        Shares {
            country,
            admin1,
            country_named: named(country_place),
            admin1_named: named(place.admin1().map(|a| a.index())),
        }
    }

    /// What the mentions nearest to mention `at` say, for a candidate of its name: shares in its country and division.
    pub(super) fn local(&self, senses: &Senses<'_>, at: usize, place: &Place<'_>) -> (f32, f32) {
        let own = senses.of_mention[at];
        let window = at.saturating_sub(NEAR)..(at + NEAR + 1).min(senses.of_mention.len());
        let (mut country, mut admin1, mut total) = (0.0, 0.0, 0.5);
        for &number in &senses.of_mention[window] {
            if number != own {
                let mass = &self.own[number];
                let share = |m: Option<&f32>| m.copied().unwrap_or(0.0) / mass.total.max(f32::EPSILON);
                country += country_key(place).map_or(0.0, |k| share(mass.country.get(&k)));
                admin1 += admin1_key(place).map_or(0.0, |k| share(mass.admin1.get(&k)));
                total += 1.0;
            }
        }
        (country / total, admin1 / total)
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
