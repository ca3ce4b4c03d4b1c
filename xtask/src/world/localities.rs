//! Localities of the United States below the size of cities500, from the places that postal codes belong to, and the
//! townships that are called after a town.

use super::World;
use crate::packages;
use anyhow::{Context, Result};
use mentionmap::gazetteer::build::PlaceInput;
use mentionmap::gazetteer::{Level, NameKind};
use mentionmap::text::name_key;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// A postal locality this near to a known place of its name is that place.
const SAME_KM: f64 = 40.0;
/// States that are divided into townships, most of which share their name with a town.
const TOWNSHIP_STATES: &[&str] = &["IL", "IN", "KS", "MI", "MN", "MO", "NJ", "OH", "PA"];
/// "States" of military post offices and of places under a compact.
const NO_STATES: &[&str] = &["", "AA", "AE", "AP", "FM", "MH", "PW"];

/// Latitude, longitude and the code of the county.
type Point<'a> = (f64, f64, &'a str);

/// The localities, by state and name. Columns: country, postal code, place, state, its code, county, its code, two of
/// a third order, latitude, longitude, accuracy.
pub(super) fn add(world: &mut World, packages_folder: &Path) -> Result<()> {
    let text = packages::POSTAL.file(packages_folder, "data/US.txt")?;
    let words = common_words(packages_folder)?;
    let mut localities: BTreeMap<(&str, &str), Vec<Point<'_>>> = BTreeMap::new();
    for line in std::str::from_utf8(&text)?.lines() {
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() < 11 || NO_STATES.contains(&c[4]) {
            continue;
        }
        localities.entry((c[4], c[2])).or_default().push((c[9].parse()?, c[10].parse()?, c[6]));
    }
    let known = known(world);
    for ((state, name), points) in localities {
        let name = joined(name);
        let key = spelled_out(&name);
        // A village called Institute or Midwest is named less often than the word is used.
        if words.contains(&key) || !name.starts_with(char::is_uppercase) {
            continue;
        }
        let n = points.len() as f64;
        let latitude = points.iter().map(|p| p.0).sum::<f64>() / n;
        let longitude = points.iter().map(|p| p.1).sum::<f64>() / n;
        let place = PlaceInput {
            latitude,
            longitude,
            radius_km: 2.0,
            country: "US".into(),
            admin1: state.into(),
            admin2: points[0].2.into(),
            ..PlaceInput::custom(&format!("us-{}-{}", state.to_lowercase(), key.replace(' ', "-")), &name, "P.PPL")
        };
        let is_known = known.get(&key).is_some_and(|all| all.iter().any(|&other| km(&place, other) < SAME_KM));
        if !is_known && !world.by_slug.contains_key(place.custom.as_deref().unwrap_or_default()) {
            world.add(place);
        }
    }
    Ok(())
}

/// "Clinton Township" for every Clinton of a state with townships, and "Henry Co." for counties: the place that is so
/// called is near enough to the town to stand for it.
pub(super) fn add_townships(world: &mut World) {
    let mut names = Vec::new();
    let mut all: Vec<_> = world.by_id.values().chain(world.by_slug.values()).copied().collect();
    all.sort_unstable();
    for handle in all {
        let place = world.builder.place(handle);
        if place.country != "US" {
            continue;
        }
        match place.feature.level() {
            Level::City if place.feature.code() != "PPLX" && TOWNSHIP_STATES.contains(&place.admin1.as_str()) => {
                let name = place.name.trim_end_matches(" Township");
                names.push((handle, format!("{name} Township")));
                names.push((handle, format!("{name} Twp.")));
            }
            Level::Admin2 => {
                if let Some(name) = place.name.strip_suffix(" County") {
                    names.push((handle, format!("{name} Co.")));
                }
            }
            _ => {}
        }
    }
    for (handle, name) in names {
        world.builder.add_name(handle, &name, NameKind::Variant);
    }
}

/// Towns and divisions of the United States that are there already, by all of their names.
fn known(world: &World) -> HashMap<String, Vec<(f64, f64)>> {
    let mut known: HashMap<String, Vec<(f64, f64)>> = HashMap::new();
    for (handle, name) in &world.american {
        let place = world.builder.place(*handle);
        known.entry(spelled_out(name)).or_default().push((place.latitude, place.longitude));
    }
    known
}

/// The postal service writes `Mc Grady`, others `McGrady`.
fn joined(name: &str) -> String {
    match name.strip_prefix("Mc ") {
        Some(rest) => format!("Mc{rest}"),
        None => name.to_owned(),
    }
}

/// The key of a name, with the abbreviations of names of towns spelled out.
fn spelled_out(name: &str) -> String {
    let key = name_key(&joined(name));
    let words = key.split(' ').map(|word| match word {
        "st" => "saint",
        "mt" => "mount",
        "ft" => "fort",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn common_words(packages_folder: &Path) -> Result<HashSet<String>> {
    let mut words = HashSet::new();
    for (path, content) in packages::WORDS.files(packages_folder, &["-10.json", "-20.json", "-35.json", "-40.json"])? {
        let list: Vec<String> = serde_json::from_slice(&content).with_context(|| path.clone())?;
        words.extend(list.into_iter().filter(|w| w.chars().all(char::is_lowercase)));
    }
    Ok(words)
}

fn km(place: &PlaceInput, (latitude, longitude): (f64, f64)) -> f64 {
    let north = (place.latitude - latitude) * 111.2;
    let east = (place.longitude - longitude) * 111.2 * latitude.to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_a_town() {
        assert_eq!(spelled_out("Mc Grady"), spelled_out("McGrady"));
        assert_eq!(spelled_out("Saint Paul"), spelled_out("St. Paul"));
        assert_ne!(spelled_out("Fort Klamath"), spelled_out("Klamath"));
    }
}
