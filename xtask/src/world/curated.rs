//! What no package has: data/curated/*.csv, written by hand from public facts.

use super::World;
use anyhow::{Context, Result};
use mentionmap::gazetteer::build::PlaceInput;
use mentionmap::gazetteer::{Feature, Level, NameKind, Source};
use mentionmap::text::name_key;
use mentionmap::{Gazetteer, Place};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::Path;

#[derive(Deserialize)]
struct PlaceRow {
    id: String,
    name: String,
    feature: String,
    latitude: f64,
    longitude: f64,
    radius_km: f32,
    countries: String,
    aliases: String,
}

#[derive(Deserialize)]
struct AliasRow {
    place: String,
    alias: String,
}

#[derive(Deserialize)]
struct WithdrawnRow {
    place: String,
    alias: String,
    /// The place that it means.
    means: String,
}

#[derive(Deserialize)]
struct DemonymRow {
    form: String,
    place: String,
}

#[derive(Deserialize)]
struct UniversityRow {
    name: String,
    /// A country, or a first-order division of one.
    region: String,
    town: String,
}

#[derive(Deserialize)]
struct AbbreviationRow {
    abbreviation: String,
    place: String,
}

/// The rows of a CSV file; an error names the file and the line.
fn rows<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<(u64, T)>> {
    let path = folder.join(name);
    let mut reader = csv::Reader::from_path(&path).with_context(|| path.display().to_string())?;
    let mut found = Vec::new();
    let mut record = csv::StringRecord::new();
    let headers = reader.headers()?.clone();
    while reader.read_record(&mut record).with_context(|| path.display().to_string())? {
        let line = record.position().map_or(0, csv::Position::line);
        let row = record.deserialize(Some(&headers)).with_context(|| format!("{}:{line}", path.display()))?;
        found.push((line, row));
    }
    Ok(found)
}

pub(super) fn add(world: &mut World, folder: &Path) -> Result<()> {
    world.builder.add_source(Source {
        name: "mentionmap curated places, aliases, demonyms and abbreviations".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        license: "CC BY 4.0".into(),
        url: "data/curated".into(),
    });
    world.list_cities();
    for (line, row) in rows::<PlaceRow>(folder, "places.csv")? {
        place(world, &row).with_context(|| format!("places.csv:{line}"))?;
    }
    // All rows that refer to nothing are told at once.
    let mut lost = Vec::new();
    let mut name = |file: &str, line: u64, place: &str, name: &str, kind: NameKind| match world.resolve(place) {
        Ok(handle) => world.builder.add_name(handle, name, kind),
        Err(error) => lost.push(format!("{file}:{line}: {error}")),
    };
    for (line, row) in rows::<AliasRow>(folder, "aliases.csv")? {
        name("aliases.csv", line, &row.place, &row.alias, NameKind::Alternate);
    }
    for (line, row) in rows::<DemonymRow>(folder, "demonyms.csv")? {
        name("demonyms.csv", line, &row.place, &row.form, NameKind::Demonym);
    }
    for (line, row) in rows::<AbbreviationRow>(folder, "abbreviations.csv")? {
        name("abbreviations.csv", line, &row.place, &row.abbreviation, NameKind::Abbreviation);
    }
    for (line, row) in rows::<WithdrawnRow>(folder, "withdrawn.csv")? {
        match (world.resolve(&row.place), world.resolve(&row.means)) {
            (Ok(place), Ok(_)) => world.builder.withdraw_name(place, &row.alias),
            (Err(error), _) | (_, Err(error)) => lost.push(format!("withdrawn.csv:{line}: {error}")),
        }
    }
    let towns = towns(world);
    for (line, row) in rows::<UniversityRow>(folder, "universities.csv")? {
        match towns.get(&(row.region.clone(), name_key(&row.town))) {
            Some(town) => university(world, &row.name, town),
            None => lost.push(format!("universities.csv:{line}: no {} in {}", row.town, row.region)),
        }
    }
    anyhow::ensure!(lost.is_empty(), "{}", lost.join("\n"));
    Ok(())
}

/// Whether every withdrawn alias leads to the place that it means, and no more to the one that it was withdrawn from.
pub(super) fn check_withdrawn(world: &Gazetteer, folder: &Path) -> Result<()> {
    for (line, WithdrawnRow { place, alias, means }) in rows::<WithdrawnRow>(folder, "withdrawn.csv")? {
        let is_meant = |found: &Place<'_>| {
            found.id().to_string() == means || found.feature().level() == Level::Country && found.country() == means
        };
        let mut found = world.lookup(&alias).map(|(found, _)| found);
        anyhow::ensure!(found.any(|found| is_meant(&found)), "withdrawn.csv:{line}: {means} is not called {alias}");
        let mut found = world.lookup(&alias).filter(|(_, kind)| *kind <= NameKind::Variant);
        anyhow::ensure!(
            !found.any(|(found, _)| found.id().to_string() == place),
            "withdrawn.csv:{line}: {alias} is the main name of {place}, which stays"
        );
    }
    Ok(())
}

/// The largest town of each name in each country ("SY") and first-order division ("SY.04").
fn towns(world: &World) -> HashMap<(String, String), PlaceInput> {
    let mut towns: HashMap<(String, String), PlaceInput> = HashMap::new();
    let mut all: Vec<_> = world.by_id.values().copied().collect();
    all.sort_unstable();
    for town in all.into_iter().map(|handle| world.builder.place(handle)) {
        if town.feature.class() != 'P' {
            continue;
        }
        for region in [town.country.clone(), format!("{}.{}", town.country, town.admin1)] {
            let known = towns.entry((region, name_key(&town.name))).or_insert_with(|| town.clone());
            if known.population < town.population {
                known.clone_from(&town);
            }
        }
    }
    towns
}

/// A university, at the point of its town.
fn university(world: &mut World, name: &str, town: &PlaceInput) {
    let slug = name_key(name).replace(' ', "-");
    if !world.by_slug.contains_key(&slug) {
        world.add(PlaceInput {
            geonames: 0,
            custom: Some(slug),
            name: name.into(),
            feature: Feature::new("S.UNIV"),
            population: 0,
            radius_km: 2.0,
            ..town.clone()
        });
    }
}

fn place(world: &mut World, row: &PlaceRow) -> Result<()> {
    // A place of several countries belongs to none, unless it is a spot: a river is not "in" its first country.
    let countries: Vec<&str> = row.countries.split('|').filter(|c| !c.is_empty()).collect();
    let country = if countries.len() == 1 { countries[0] } else { "" };
    let known = world.resolve(&row.id).ok();
    let handle = if let Some(handle) = known {
        world.builder.change_place(handle, |place| {
            place.feature = Feature::new(&row.feature);
            place.radius_km = row.radius_km;
            place.latitude = row.latitude;
            place.longitude = row.longitude;
        });
        world.builder.add_name(handle, &row.name, NameKind::Official);
        handle
    } else {
        let new = match row.id.split_once(':') {
            Some(("custom", slug)) => PlaceInput::custom(slug, &row.name, &row.feature),
            Some(("geonames", id)) => PlaceInput::geonames(id.parse()?, &row.name, &row.feature),
            _ => anyhow::bail!("{}: an id starts with geonames: or custom:", row.id),
        };
        let place = PlaceInput {
            latitude: row.latitude,
            longitude: row.longitude,
            radius_km: row.radius_km,
            country: country.into(),
            ..new
        };
        let admin1 = if is_small(&place) { world.admin1_nearby(&place) } else { String::new() };
        world.add(PlaceInput { admin1, ..place })
    };
    for alias in row.aliases.split('|').filter(|a| !a.is_empty()) {
        world.builder.add_name(handle, alias, NameKind::Alternate);
    }
    Ok(())
}

/// Whether a place surely lies in one division: a settlement, camp or base, and not a region or a mountain range.
fn is_small(place: &PlaceInput) -> bool {
    matches!(place.feature.class(), 'P' | 'S') && place.radius_km < 30.0 && !place.country.is_empty()
}
