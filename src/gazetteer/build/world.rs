//! What a dump does not know, taken over from another gazetteer.

use super::geonames::Filter;
use super::places::Places;
use super::{Builder, PlaceInput};
use crate::error::Result;
use crate::gazetteer::{Feature, Gazetteer, Level, Place, PlaceId};
use crate::text::name_key;
use geo::{Distance, Haversine};
use std::collections::{HashMap, HashSet};

/// Country, first- and second-order division, each by the number of its code; 0 stands for none.
type Code = (u32, u32, u32);

/// Adds to `builder`, whose GeoNames places `by_id` knows, what `world` knows beyond.
pub(super) fn carry_over(
    builder: &mut Builder,
    world: &Gazetteer,
    by_id: &HashMap<u32, u32>,
    filter: &Filter,
) -> Result<()> {
    world.verify()?;
    let same = same_places(&builder.places, world);
    let known = |place: &Place<'_>| match place.id() {
        PlaceId::GeoNames(id) => by_id.get(&id).copied(),
        PlaceId::Custom(_) => same.get(&place.index()).copied(),
    };
    let codes = codes(&mut builder.places, world, known);
    let dump = Dump::of(&builder.places);
    let mut here: Vec<Option<u32>> = Vec::with_capacity(world.meta().places as usize);
    for place in world.places() {
        here.push(match known(&place) {
            Some(index) => {
                let record = builder.places.record_mut(index);
                // The world's radii of cities follow from its population figures; the dump's are as good. Of what is
                // no city the world's table has corrections.
                if place.feature().level() != Level::City {
                    record.feature = place.feature();
                    record.radius = (place.radius_km() * 10.0).round() as u16;
                    record.latitude = (place.latitude() * 1e6).round() as i32;
                    record.longitude = (place.longitude() * 1e6).round() as i32;
                }
                record.population = if record.population == 0 { place.population() } else { record.population };
                Some(index)
            }
            None if is_wanted(&place, filter, &dump) => Some(add(builder, &place, &codes, &dump)?),
            None => None,
        });
    }
    demote_doubles(&mut builder.places, world, &here);
    let mut result = Ok(());
    world.each_name(|key, name| {
        for posting in world.postings(name) {
            if let Some(&Some(index)) = here.get(posting.place as usize)
                && result.is_ok()
            {
                result = builder.names.add(key, index, posting.kind);
            }
        }
    });
    result?;
    world.each_word(|word, flags| builder.add_word(word, flags));
    for source in &world.meta().sources {
        builder.add_source(source.clone());
    }
    Ok(())
}

/// Of two entries of a country the one that the world knows comes first: by inhabitants, the other is given none.
fn demote_doubles(places: &mut Places, world: &Gazetteer, here: &[Option<u32>]) {
    let is_country = |feature: Feature| feature.level() == Level::Country && feature.code() != "PCLH";
    let mut known: HashMap<u32, u32> = HashMap::new();
    for place in world.places().filter(|place| is_country(place.feature())) {
        if let Some(&Some(index)) = here.get(place.index() as usize) {
            known.entry(places.records()[index as usize].country).or_insert(index);
        }
    }
    for index in 0..places.len() as u32 {
        let record = places.record_mut(index);
        if is_country(record.feature) && known.get(&record.country).is_some_and(|&first| first != index) {
            record.population = 0;
        }
    }
}

/// A town or an airport of the dump this near to a place of the world's own, and of its name and class, is that place.
const SAME_KM: f64 = 15.0;

/// The world's own towns and spots, by their numbers there, that the dump has too, under an id of its own.
fn same_places(places: &Places, world: &Gazetteer) -> HashMap<u32, u32> {
    let mut wanted: HashMap<(&str, String), Vec<Place<'_>>> = HashMap::new();
    for place in world.places() {
        let is_local = matches!(place.feature().class(), 'P' | 'S') && !place.country().is_empty();
        if is_local && matches!(place.id(), PlaceId::Custom(_)) {
            wanted.entry((place.country(), name_key(place.name()))).or_default().push(place);
        }
    }
    let countries: HashSet<&str> = wanted.keys().map(|(country, _)| *country).collect();
    let mut same = HashMap::new();
    for (record, index) in places.records().iter().zip(0..) {
        let country = places.code(record.country);
        if !matches!(record.feature.class(), 'P' | 'S') || !countries.contains(country) {
            continue;
        }
        let point = geo::Point::new(f64::from(record.longitude) / 1e6, f64::from(record.latitude) / 1e6);
        for place in wanted.get(&(country, name_key(places.name(record)))).into_iter().flatten() {
            let is_near = || Haversine.distance(place.point(), point) / 1000.0 < SAME_KM;
            if place.feature().class() == record.feature.class() && is_near() {
                same.entry(place.index()).or_insert(index);
            }
        }
    }
    same
}

/// What a dump has: of which countries places, near which points, and which divisions.
struct Dump {
    countries: HashSet<String>,
    /// Whole degrees, rounded down, in which it has places.
    degrees: HashSet<(i32, i32)>,
    divisions: HashMap<Code, u32>,
}

impl Dump {
    fn of(places: &Places) -> Self {
        let mut dump = Self { countries: HashSet::new(), degrees: HashSet::new(), divisions: HashMap::new() };
        for (record, index) in places.records().iter().zip(0..) {
            if record.country != 0 {
                dump.countries.insert(places.code(record.country).to_owned());
                dump.degrees.insert((record.latitude.div_euclid(DEGREE), record.longitude.div_euclid(DEGREE)));
            }
            let code = match (record.feature.level(), record.feature.code()) {
                (Level::Admin1, _) => (record.country, record.admin1, 0),
                (_, "ADM2") => (record.country, record.admin1, record.admin2),
                _ => continue,
            };
            if record.admin1 != 0 {
                dump.divisions.entry(code).or_insert(index);
            }
        }
        dump
    }

    /// Whether it has a place in the same degree as a point, or in one beside it.
    fn is_near(&self, place: &Place<'_>) -> bool {
        let (latitude, longitude) = (place.latitude().floor() as i32, place.longitude().floor() as i32);
        let beside = |n: i32| [n - 1, n, n + 1];
        let around = |n: i32| beside(n).map(|n| (n + 180).rem_euclid(360) - 180);
        beside(latitude)
            .iter()
            .any(|&north| around(longitude).iter().any(|&east| self.degrees.contains(&(north, east))))
    }
}

/// A degree, in the unit of records.
const DEGREE: i32 = 1_000_000;

/// The codes of the world's divisions, by their numbers there: a compiled gazetteer has lost them, but the dump has them
/// for the divisions themselves or for the places that lie in them. Other divisions get codes that nothing else has.
fn codes<'w>(
    places: &mut Places,
    world: &'w Gazetteer,
    known: impl Fn(&Place<'w>) -> Option<u32>,
) -> HashMap<u32, Code> {
    let mut codes: HashMap<u32, Code> = HashMap::new();
    for place in world.places() {
        let Some(record) = known(&place).map(|index| places.records()[index as usize]) else { continue };
        if record.admin1 == 0 {
            continue;
        }
        let code = (record.country, record.admin1, record.admin2);
        match (place.feature().level(), place.feature().code()) {
            (Level::Admin1, _) => _ = codes.insert(place.index(), (code.0, code.1, 0)),
            (_, "ADM2") if code.2 != 0 => _ = codes.insert(place.index(), code),
            _ => {}
        }
        if let Some(division) = place.admin1() {
            codes.entry(division.index()).or_insert((code.0, code.1, 0));
        }
        if let Some(division) = place.admin2().filter(|_| code.2 != 0) {
            codes.entry(division.index()).or_insert(code);
        }
    }
    for place in world.places() {
        for division in [place.admin1(), place.admin2()].into_iter().flatten() {
            if codes.contains_key(&division.index()) {
                continue;
            }
            let own = places.code_number(&format!("={}", division.index()));
            let parent = division.admin1().and_then(|above| codes.get(&above.index()));
            let code = match parent {
                Some(&(country, admin1, _)) => (country, admin1, own),
                None => (places.code_number(division.country()), own, 0),
            };
            codes.insert(division.index(), code);
        }
    }
    codes
}

/// Whether a place that the dump lacks is taken over. Countries, world regions and waters always are: articles about any
/// country speak of them. What lies in one country is if the dump has places of that country or the filter names it,
/// since its absence is the dump's gap then. What lies in several countries belongs to none: land forms are taken over,
/// towns and spots (a border crossing) if the dump has places around. The filter's classes hold for all.
fn is_wanted(place: &Place<'_>, filter: &Filter, dump: &Dump) -> bool {
    let level = place.feature().level();
    let class = place.feature().class().to_string();
    // A curated village is there because it is in the news, however small it is.
    let is_custom = matches!(place.id(), PlaceId::Custom(_));
    let population = if is_custom { u32::MAX } else { place.population() };
    let is_covered = match (level, place.country()) {
        (Level::Country | Level::Region | Level::Water, _) | (Level::Land, "") => true,
        (_, "") => dump.is_near(place),
        (_, country) => dump.countries.contains(country) || filter.names_country(country),
    };
    is_covered && filter.admits_class(&class, population)
}

/// The place's number in the builder. A division that the dump has under another id is that one.
fn add(builder: &mut Builder, place: &Place<'_>, codes: &HashMap<u32, Code>, dump: &Dump) -> Result<u32> {
    let code = codes.get(&place.index());
    if let Some(&index) = code.and_then(|code| dump.divisions.get(code)) {
        return Ok(index);
    }
    let index = builder.places.add(&input(place))?;
    let parent = |division: Option<Place<'_>>| division.and_then(|d| codes.get(&d.index()));
    let code = code.or_else(|| parent(place.admin2())).or_else(|| parent(place.admin1()));
    if let Some(&(_, admin1, admin2)) = code {
        let record = builder.places.record_mut(index);
        (record.admin1, record.admin2) = (admin1, admin2);
    }
    Ok(index)
}

fn input(place: &Place<'_>) -> PlaceInput {
    let (geonames, custom) = match place.id() {
        PlaceId::GeoNames(id) => (id, None),
        PlaceId::Custom(id) => (0, Some(id.to_owned())),
    };
    PlaceInput {
        geonames,
        custom,
        name: place.name().to_owned(),
        feature: place.feature(),
        latitude: place.latitude(),
        longitude: place.longitude(),
        population: place.population(),
        radius_km: place.radius_km(),
        country: place.country().to_owned(),
        admin1: String::new(),
        admin2: String::new(),
    }
}
