//! The article that the product was conceived from: every place with its right count, and nothing else.

use crate::support::{mentionmap, number, shared, text};
use geo::{Distance, Haversine, Point};
use geojson::{Feature, GeometryValue};

/// What the article mentions how often: a name for messages, the country, a point (north, east), how far from it the
/// answer may lie in km, the count.
const PLACES: [(&str, &str, f64, f64, f64, f64); 17] = [
    ("Syria", "SY", 35.0, 38.5, 100.0, 9.0),
    ("Iraq", "IQ", 33.0, 44.0, 100.0, 6.0),
    ("the Levant", "", 34.0, 36.5, 300.0, 3.0),
    // The province once, the city once: as one place or as two.
    ("Raqqa", "SY", 35.95, 39.01, 80.0, 2.0),
    ("Libya", "LY", 28.0, 17.0, 300.0, 2.0),
    ("the Badiya", "", 33.5, 39.0, 250.0, 2.0),
    ("the United States", "US", 39.8, -98.5, 300.0, 1.0),
    // The capital, not the state.
    ("Washington", "US", 38.9, -77.04, 30.0, 1.0),
    ("Baghouz", "SY", 34.461, 40.949, 10.0, 1.0),
    ("Anbar", "IQ", 32.9, 41.6, 200.0, 1.0),
    ("Hasakah", "SY", 36.5, 40.75, 80.0, 1.0),
    ("Deir Ezzor", "SY", 35.3, 40.15, 100.0, 1.0),
    ("Al-Hol", "SY", 36.385, 41.154, 15.0, 1.0),
    ("Europe", "", 50.0, 15.0, 1500.0, 1.0),
    ("Sri Lanka", "LK", 7.5, 80.7, 100.0, 1.0),
    ("West Africa", "", 12.0, -3.0, 1200.0, 1.0),
    ("France", "FR", 46.5, 2.5, 200.0, 1.0),
];

/// What `names`, the column of the names used, may say: several places of the list lie close to each other.
const NAMES: [&[&str]; 17] = [
    &["Syria"],
    &["Iraq"],
    &["Levant"],
    &["Raqqa"],
    &["Libya"],
    &["Badiya"],
    &["UNITED STATES"],
    &["WASHINGTON"],
    &["Baghouz"],
    &["Anbar", "Anbar desert"],
    &["Hasakah"],
    &["Deir Ezzor"],
    &["Al-Hol"],
    &["Europe"],
    &["Sri Lanka"],
    &["West Africa"],
    &["France"],
];

fn point(feature: &Feature) -> Point {
    match feature.geometry.as_ref().map(|g| &g.value) {
        Some(GeometryValue::Point { coordinates }) => Point::new(coordinates[0], coordinates[1]),
        other => panic!("no point: {other:?}"),
    }
}

#[test]
fn places_and_counts() {
    let Some(article) = shared("seed/article.txt") else { return };
    let features = mentionmap(&["map", "-q", article.to_str().unwrap()]).features();
    let mut wrong = Vec::new();
    let mut explained = vec![false; features.len()];
    for (&(name, country, north, east, km, count), names) in PLACES.iter().zip(NAMES) {
        let mut found = 0.0;
        for (feature, explained) in features.iter().zip(&mut explained) {
            let is_named = text(feature, "names").split("; ").all(|used| names.contains(&used));
            let is_in = feature.property("country").unwrap().as_str().unwrap_or("") == country;
            let away = Haversine.distance(Point::new(east, north), point(feature)) / 1000.0;
            if is_named && (country.is_empty() || is_in) && away <= km {
                found += number(feature, "mentions");
                *explained = true;
            }
        }
        if found != count {
            wrong.push(format!("{name}: {found} mentions instead of {count}"));
        }
    }
    for (feature, _) in features.iter().zip(&explained).filter(|(_, explained)| !**explained) {
        let [place, names, place_id] = ["place", "names", "place_id"].map(|name| text(feature, name));
        wrong.push(format!(
            "not expected so: {place} ({place_id}) for {names}, {} mentions",
            number(feature, "mentions")
        ));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn roles() {
    let Some(article) = shared("seed/article.txt") else { return };
    let words: Vec<char> = std::fs::read_to_string(&article).unwrap().chars().collect();
    let roles = ["map", "-q", "--per", "mention", "--roles", "place,organization,demonym", article.to_str().unwrap()];
    let mentions = mentionmap(&roles).features();
    let around = |m: &Feature, after: usize| -> String {
        let (start, end) = (number(m, "start") as usize, number(m, "end") as usize);
        words[start..(end + after).min(words.len())].iter().collect()
    };
    let mut wrong = Vec::new();
    for phrase in
        ["US Department of Defense", "US troops", "Syrian Democratic Forces", "Iraqi press", "French interests"]
    {
        let found: Vec<&str> =
            mentions.iter().filter(|m| around(m, phrase.len()).starts_with(phrase)).map(|m| text(m, "role")).collect();
        if !matches!(found[..], ["organization" | "demonym"]) {
            wrong.push(format!("{phrase}: organization or demonym, not {found:?}"));
        }
    }
    // Names of persons, a cell, a feast, a month: nothing, in no role.
    for mention in mentions.iter().filter(|m| m.geometry.is_some()) {
        let (name, place) = (text(mention, "name"), text(mention, "place"));
        for word in ["Puxton", "Baghdad", "Basri", "Basra", "Falcons", "Easter", "May"] {
            if name.contains(word) || place.contains(word) {
                wrong.push(format!("nothing, not {place} at {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
