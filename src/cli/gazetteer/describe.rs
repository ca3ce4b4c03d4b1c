//! How the commands show a place.

use crate::cli::messages::thousands;
use crate::cli::table::rounded;
use crate::gazetteer::{NameKind, Place};
use serde_json::{Map, Value, json};

/// The columns of a place in a table.
pub(super) const COLUMNS: [&str; 8] =
    ["id", "place", "feature", "country", "admin1", ">population", ">latitude", ">longitude"];

/// The cells of those columns.
pub(super) fn cells(place: &Place<'_>) -> [String; 8] {
    [
        place.id().to_string(),
        place.name().to_owned(),
        place.feature().to_string(),
        place.country().to_owned(),
        place.admin1().map_or("", |a| a.name()).to_owned(),
        // Not known is not nobody.
        Some(u64::from(place.population())).filter(|&n| n > 0).map_or_else(|| "–".to_owned(), thousands),
        format!("{:.5}", place.latitude()),
        format!("{:.5}", place.longitude()),
    ]
}

/// The members of a JSON object. Coordinates have 5 decimals, about a meter, the radius one.
pub(super) fn record(place: &Place<'_>) -> Map<String, Value> {
    let mut record = Map::new();
    for (name, value) in [
        ("place_id", json!(place.id().to_string())),
        ("place", json!(place.name())),
        ("feature", json!(place.feature().as_str())),
        ("country", json!(place.country())),
        ("admin1", json!(place.admin1().map_or("", |a| a.name()))),
        ("population", json!(place.population())),
        ("latitude", json!(rounded(place.latitude(), 5))),
        ("longitude", json!(rounded(place.longitude(), 5))),
        ("radius_km", json!(rounded(f64::from(place.radius_km()), 1))),
    ] {
        record.insert(name.to_owned(), value);
    }
    record
}

/// How a name belongs to a place, in a word.
pub(super) fn kind(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Official => "official",
        NameKind::Alternate => "alternate",
        NameKind::Variant => "variant",
        NameKind::Abbreviation => "abbreviation",
        NameKind::Demonym => "demonym",
    }
}
