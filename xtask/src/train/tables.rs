//! Given mentions that were placed right, by what sort of place and name they are.

use super::corpus::Page;
use mentionmap::evaluate::Toponym;
use mentionmap::text::name_key;
use mentionmap::{Gazetteer, Place, PlaceId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

/// From so many candidates on a name is ambiguous.
const AMBIGUOUS: usize = 5;

/// Names of documents that models were trained on.
pub(super) struct Seen(HashSet<String>);

impl Seen {
    pub(super) fn of<'a>(pages: impl Iterator<Item = &'a Page>) -> Self {
        Self(pages.flat_map(|page| &page.document.toponyms).map(|t| name_key(&t.name)).collect())
    }
}

/// Counts of a kind: how many, placed right, and right by population alone.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: usize,
    right: usize,
    by_population: usize,
}

/// Counts by kind; one toponym is of several kinds.
#[derive(Clone, Debug, Default)]
pub(super) struct Breakdown {
    kinds: BTreeMap<String, Count>,
}

impl Breakdown {
    pub(super) fn add(&mut self, world: &Gazetteer, toponym: &Toponym, right: bool, seen: &Seen) {
        let is_right = |place: &Place<'_>| {
            toponym.is_entry(&place.id().to_string())
                || toponym.distance_km((place.latitude(), place.longitude())).is_some_and(|km| toponym.tolerates(km))
        };
        let key = name_key(&toponym.name);
        let candidates: Vec<Place<'_>> = world.lookup(&key).map(|(place, _)| place).collect();
        let by_population = candidates.iter().max_by_key(|p| p.population()).is_some_and(is_right);
        let entry = toponym.geonameid.and_then(|id| entry(world, id));
        let (class, country) = match &entry {
            Some(place) => (format!("class {}", place.feature().class()), format!("country {}", place.country())),
            None => ("class not in the gazetteer".into(), "country not known".into()),
        };
        let is_country = entry.is_some_and(|place| place.feature().code().starts_with("PCL"));
        let mut put = |kind: String| {
            let count = self.kinds.entry(kind).or_default();
            count.all += 1;
            count.right += usize::from(right);
            count.by_population += usize::from(by_population);
        };
        put("all".into());
        put(class);
        put(country);
        if !is_country {
            put("all but countries".into());
        }
        if candidates.len() >= AMBIGUOUS {
            put(format!("names of {AMBIGUOUS} places or more"));
        }
        put(if candidates.iter().any(is_right) { "right place among the candidates" } else { "right place lacking" }
            .into());
        put(if seen.0.contains(&key) { "names seen in training" } else { "names not seen in training" }.into());
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (kind, count) in &other.kinds {
            let own = self.kinds.entry(kind.clone()).or_default();
            own.all += count.all;
            own.right += count.right;
            own.by_population += count.by_population;
        }
    }
}

/// A place by its GeoNames id.
fn entry(world: &Gazetteer, id: u64) -> Option<Place<'_>> {
    static PLACES: OnceLock<HashMap<u64, u32>> = OnceLock::new();
    let geonames = |place: Place<'_>| match place.id() {
        PlaceId::GeoNames(id) => Some((u64::from(id), place.index())),
        PlaceId::Custom(_) => None,
    };
    let places = PLACES.get_or_init(|| world.places().filter_map(geonames).collect());
    places.get(&id).and_then(|&index| world.place(index))
}

/// A line a kind: share placed right, share by population, how many. Rare countries are left out.
impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = self.kinds.get("all").map_or(0, |count| count.all / 50);
        for (kind, count) in &self.kinds {
            if count.all >= least || !kind.starts_with("country") {
                let share = |part: usize| part as f64 / count.all as f64;
                let (right, by_population) = (share(count.right), share(count.by_population));
                writeln!(f, "    {kind:36} {right:.3} {by_population:.3} {}", count.all)?;
            }
        }
        Ok(())
    }
}
