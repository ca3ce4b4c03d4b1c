//! Airports with scheduled flights.

use super::World;
use crate::packages;
use anyhow::Result;
use mentionmap::gazetteer::NameKind;
use mentionmap::gazetteer::build::PlaceInput;
use mentionmap::text::name_key;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// Words of an airport's name that are left out as often as not.
const RANKS: &[&str] = &[" International", " Regional", " Municipal", " Intercontinental"];
/// An airport of the curated file this near is the same one, in degrees.
const SAME_DEGREES: f64 = 0.06;

#[derive(Deserialize)]
struct Row {
    iata: String,
    name: String,
    city: String,
    subd: String,
    country: String,
    lat: f64,
    lon: f64,
}

/// Adds those with an IATA code that are called airport, airfield or air base; others have names that are something
/// else's too.
pub(super) fn add(world: &mut World, packages_folder: &Path) -> Result<()> {
    let table = packages::AIRPORTS.file(packages_folder, "airportsdata/airports.csv")?;
    let mut rows: Vec<Row> = csv::Reader::from_reader(table.as_slice()).deserialize().collect::<Result<_, _>>()?;
    rows.retain(|row| !row.iata.is_empty() && feature(&row.name).is_some());
    rows.sort_by(|a, b| a.iata.cmp(&b.iata));
    rows.dedup_by(|a, b| a.iata == b.iata);
    let mut of_city: HashMap<(String, String), u32> = HashMap::new();
    for row in &rows {
        *of_city.entry((row.country.clone(), name_key(&row.city))).or_default() += 1;
    }
    let curated: Vec<_> = world
        .by_slug
        .values()
        .map(|&handle| world.builder.place(handle))
        .filter(|place| place.feature.as_str().starts_with("S.AIR"))
        .map(|place| (place.latitude, place.longitude))
        .collect();
    let divisions = divisions(world);
    for row in rows {
        let is_near = |&(north, east): &(f64, f64)| {
            (north - row.lat).abs() < SAME_DEGREES && (east - row.lon).abs() < SAME_DEGREES / row.lat.to_radians().cos()
        };
        if curated.iter().any(is_near) {
            continue;
        }
        let division = divisions.get(&(row.country.clone(), name_key(&row.subd))).cloned().unwrap_or_default();
        let slug = format!("airport-{}", row.iata.to_lowercase());
        let handle = world.add(PlaceInput {
            latitude: row.lat,
            longitude: row.lon,
            radius_km: 2.0,
            country: row.country.clone(),
            admin1: division,
            ..PlaceInput::custom(&slug, &row.name, feature(&row.name).unwrap_or("S.AIRP"))
        });
        for rank in RANKS {
            if row.name.contains(rank) {
                world.builder.add_name(handle, &row.name.replacen(rank, "", 1), NameKind::Variant);
            }
        }
        // "Copenhagen Airport" is Copenhagen Kastrup; of a city's several airports those that are called after it and the
        // international one.
        let is_only = of_city.get(&(row.country.clone(), name_key(&row.city))) == Some(&1);
        let is_citys = is_only || row.name.contains("International") || row.name.starts_with(&row.city);
        if !row.city.is_empty() && row.name.ends_with("Airport") && is_citys {
            world.builder.add_name(handle, &format!("{} Airport", row.city), NameKind::Variant);
            world.builder.add_name(handle, &format!("{} International Airport", row.city), NameKind::Variant);
        }
    }
    Ok(())
}

fn feature(name: &str) -> Option<&'static str> {
    let ends = |endings: &[&str]| endings.iter().any(|e| name.ends_with(e)) && name.matches(' ').count() > 0;
    if ends(&["Air Base", "Air Force Base", "Airbase", "Air Station", "Army Airfield"]) {
        Some("S.AIRB")
    } else if ends(&["Airport", "Airfield", "Aerodrome"]) {
        Some("S.AIRP")
    } else {
        None
    }
}

/// Codes of first-order divisions by country and name.
fn divisions(world: &World) -> HashMap<(String, String), String> {
    let mut found = HashMap::new();
    let mut codes: Vec<_> = world.by_code.iter().collect();
    codes.sort_unstable();
    for (code, &handle) in codes {
        if let Some((country, division)) = code.split_once('.')
            && !division.contains('.')
        {
            let name = name_key(&world.builder.place(handle).name);
            found.entry((country.to_owned(), name)).or_insert_with(|| division.to_owned());
        }
    }
    found
}
