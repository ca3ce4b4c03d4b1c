//! How the commands show a place.

use crate::cli::messages::thousands;
use crate::gazetteer::Place;

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
