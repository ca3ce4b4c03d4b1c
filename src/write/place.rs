//! A place of the gazetteer by itself, as commands that look into it show it.

use super::features::rounded;
use crate::gazetteer::Place;
use geojson::JsonObject;

/// The properties of a place, as `gazetteer lookup --json` has them. Coordinates have five decimals, about a meter, the
/// radius in km has one; what is not known is empty text, or 0.
///
/// ```
/// let world = mentionmap::Gazetteer::world()?;
/// let (raqqa, _) = world.lookup("Raqqa").next().unwrap();
/// assert_eq!(mentionmap::write::place_record(&raqqa)["country"], "SY");
/// # Ok::<(), mentionmap::Error>(())
/// ```
pub fn place_record(place: &Place<'_>) -> JsonObject {
    let mut record = JsonObject::new();
    for (name, value) in [
        ("place_id", place.id().to_string().into()),
        ("place", place.name().into()),
        ("feature", place.feature().as_str().into()),
        ("country", place.country().into()),
        ("admin1", place.admin1().map_or("", |a| a.name()).into()),
        ("population", place.population().into()),
        ("latitude", rounded(place.latitude(), 5).into()),
        ("longitude", rounded(place.longitude(), 5).into()),
        ("radius_km", rounded(f64::from(place.radius_km()), 1).into()),
    ] {
        record.insert(name.to_owned(), value);
    }
    record
}
