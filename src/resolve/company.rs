//! The company that a candidate would be in, whatever the other names mean: the county seat of three villages named
//! beside it is likelier than a namesake with none of them near, although each village alone could be anywhere.
//!
//! Unlike [`coherence`](super::coherence), which weighs the other names' candidates by how likely they are so far, this
//! counts a name as soon as any of its candidates is near. Neither mistakes of the first guess nor populous namesakes
//! elsewhere can hide the small places that explain each other.

use super::candidates::{Candidate, Senses};
use super::evidence::Evidence;
use super::nearby::Near;
use crate::gazetteer::Level;

/// The [`RINGS`](super::nearby::RINGS) within which neighbors are counted: 30 km, a county, and 100 km, what a local paper
/// covers.
const WITHIN: [u32; 2] = [0, 2];

/// The most candidates of one name that count as company, its best known.
const POINTS: usize = 24;

/// How many other names saturate: with so many the evidence is at 1 - 1/e.
const MANY: f32 = 2.0;

/// In which countries and divisions each of an article's names has any candidate.
pub(super) struct Company {
    /// The rarity of each name: 1 for one that can be a single place, less the more places it can be.
    rarity: Vec<f32>,
    /// Summed rarity of the names that may lie in a country or a first-order division.
    of_region: Vec<f32>,
    total: f32,
    /// Whether each of all candidates counts as company.
    counts: Vec<bool>,
}

/// Whether a candidate, the `n`th of its name, counts as company in its country and division. A country's own name says
/// nothing of which of its places are meant beyond what `country_named` says.
fn speaks(n: usize, candidate: &Candidate<'_>) -> bool {
    n < POINTS && candidate.spot.level != Level::Country
}

impl Company {
    /// Takes the candidates of every name.
    pub(super) fn new(senses: &Senses<'_>) -> Self {
        let mut company = Self {
            rarity: Vec::with_capacity(senses.all.len()),
            of_region: vec![0.0; senses.regions],
            total: 0.0,
            counts: Vec::with_capacity(senses.count()),
        };
        // The name that was last found in each region: of several candidates of a name in one the first counts.
        let mut last = vec![u32::MAX; senses.regions];
        for (name, sense) in (0u32..).zip(&senses.all) {
            let count = sense.candidates.len() as f32;
            let rarity = if count > 0.0 { 1.0 / count.sqrt() } else { 0.0 };
            company.rarity.push(rarity);
            company.total += rarity;
            company.counts.extend((0..sense.candidates.len()).map(|n| n < POINTS));
            for (_, candidate) in sense.candidates.iter().enumerate().filter(|(n, candidate)| speaks(*n, candidate)) {
                for region in candidate.regions.into_iter().flatten().map(|region| region as usize) {
                    if last[region] != name {
                        last[region] = name;
                        company.of_region[region] += rarity;
                    }
                }
            }
        }
        company
    }

    /// What the company of candidate `n` of name `own` says.
    pub(super) fn evidence(&self, senses: &Senses<'_>, own: usize, n: usize, near: &[Near]) -> [(Evidence, f32); 5] {
        let rarity = self.rarity[own];
        let others = (self.total - rarity).max(0.0) + 0.5;
        let candidates = &senses.all[own].candidates;
        let candidate = &candidates[n];
        let has_own = |region: u32| {
            let mut all = candidates.iter().enumerate();
            speaks(n, candidate) || all.any(|(n, other)| speaks(n, other) && other.regions.contains(&Some(region)))
        };
        let [country, division] = candidate.regions.map(|region| {
            let Some(region) = region else { return 0.0 };
            let all = self.of_region[region as usize];
            if has_own(region) { (all - rarity).max(0.0) / others } else { all / others }
        });
        let (near, nearer, rare) = self.near(near);
        [
            (Evidence::Company30, nearer),
            (Evidence::Company100, near),
            (Evidence::RareCompany, rare),
            (Evidence::CompanyAdmin1, division),
            (Evidence::CompanyCountry, country),
        ]
    }

    /// How many other names have a candidate within the larger and the smaller distance, and the rarity of the former;
    /// each from 0 to 1.
    fn near(&self, near: &[Near]) -> (f32, f32, f32) {
        let [nearer, far] = WITHIN;
        let near = near.iter().filter(|near| near.ring <= far && self.counts[near.candidate as usize]);
        let mut names: Vec<(u32, bool)> = near.map(|near| (near.name, near.ring > nearer)).collect();
        if names.is_empty() {
            return (0.0, 0.0, 0.0);
        }
        // Of several candidates of one name the nearest counts.
        names.sort_unstable();
        names.dedup_by_key(|(name, _)| *name);
        let saturated = |sum: f32| 1.0 - (-sum / MANY).exp();
        let nearer = names.iter().filter(|(_, is_far)| !is_far).count() as f32;
        let rare: f32 = names.iter().map(|(name, _)| self.rarity[*name as usize].powi(2)).sum();
        (saturated(names.len() as f32), saturated(nearer), saturated(rare))
    }
}

#[cfg(test)]
mod tests {
    use crate::gazetteer::Gazetteer;
    use crate::resolve::Outlet;
    use crate::{Article, Finder, Resolver};

    #[test]
    fn small_places_named_together_explain_each_other() {
        let world = Gazetteer::world().unwrap();
        let text = "Hail fell on Elkhart, Grapeland, Crockett and Palestine; no one was hurt.";
        let mentions = Finder::new(world.clone()).find(&Article::new("1", text));
        let palestine = mentions.iter().position(|m| text[m.start..m.end].eq("Palestine")).unwrap();
        let candidates = &Resolver::new(world.clone()).explain(Outlet::default(), &mentions)[palestine];
        let company = |division: &str, code: &str| {
            let lies_there = |index: u32| world.place(index).unwrap().admin1().is_some_and(|a| a.name() == division);
            let of = candidates.iter().filter(|c| lies_there(c.place)).flat_map(|c| &c.features);
            of.filter(|(name, _)| name == code).map(|(_, value)| *value).fold(0.0, f32::max)
        };
        for code in ["company_30_km", "company_100_km", "rare_company", "company_admin1"] {
            assert!(company("Texas", code) > company("Illinois", code), "{code}");
        }
        assert!(company("Texas", "company_30_km") > 0.3);
    }
}
