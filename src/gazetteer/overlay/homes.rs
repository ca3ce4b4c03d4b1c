//! Tables of homes: which source is published where. Their columns are recognized as those of overlays are.

use super::row::{Column, Identity, Row, degrees, identity, normal};
use super::{Problem, error, table, text};
use crate::error::{Error, Result};
use std::path::Path;

/// A source with its home, as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HomeRow {
    /// Counted from 1.
    pub(crate) line: u64,
    pub(crate) source: String,
    /// `geonames:ID` or `custom:ID`.
    pub(crate) place_id: Option<String>,
    /// Degrees north and east, WGS 84. It or the place is there.
    pub(crate) point: Option<(f64, f64)>,
}

/// Reads a table of homes.
pub(crate) fn home_rows(path: &Path) -> Result<Vec<HomeRow>> {
    let bytes = std::fs::read(path).map_err(|e| Error::from(e).at(path))?;
    let rows = text(&bytes).and_then(|text| table::rows(text, check)).map_err(|problems| error(path, problems))?;
    let mut problems = Vec::new();
    let understood: Vec<HomeRow> =
        rows.iter().filter_map(|row| understand(row).map_err(|found| problems.extend(found)).ok()).collect();
    if problems.is_empty() { Ok(understood) } else { Err(error(path, problems)) }
}

/// Without sources, and without a place for them, every single row would be bad.
fn check(header: &csv::StringRecord, columns: &[Option<Column>]) -> Result<(), Vec<Problem>> {
    let has = |wanted: Column| columns.iter().flatten().any(|column| *column == wanted);
    let found = || header.iter().collect::<Vec<_>>().join(", ");
    let message = if !has(Column::Source) {
        format!("no column of sources; call one \"source\" in the first line, which has: {}", found())
    } else if !(has(Column::Id) || has(Column::Latitude) && has(Column::Longitude)) {
        format!(
            "no column of places; call one \"place_id\", or two \"latitude\" and \"longitude\", in the first line, \
             which has: {}",
            found()
        )
    } else {
        return Ok(());
    };
    Err(vec![Problem::of_row(1, message)])
}

fn understand(row: &Row) -> Result<HomeRow, Vec<Problem>> {
    let mut problems = Vec::new();
    let source = row.get(Column::Source).map(|cell| cell.text.clone());
    if source.is_none() {
        problems.push(Problem::of_cell(row.line, "source", "is empty; every row needs a source"));
    }
    let place_id = row.get(Column::Id).and_then(|cell| {
        let id = match cell.text.parse() {
            // A bare number is an id of GeoNames where a column says so.
            Ok(number) if normal(&cell.header).starts_with("geoname") => Ok(Identity::GeoNames(number)),
            _ => identity(&cell.text),
        };
        id.map_err(|message| problems.push(Problem::of_cell(row.line, &cell.header, message))).ok()
    });
    let mut number = |column: Column, name: &str, most: f64, towards: &str| {
        let cell = row.get(column)?;
        let degrees = degrees(&cell.text, name, most, towards);
        degrees.map_err(|message| problems.push(Problem::of_cell(row.line, &cell.header, message))).ok()
    };
    let latitude = number(Column::Latitude, "latitude", 90.0, "north");
    let longitude = number(Column::Longitude, "longitude", 180.0, "east");
    if problems.is_empty() {
        let missing = match (latitude, longitude, &place_id) {
            (Some(_), None, _) => Some(("longitude", "is empty, and there is a latitude; give both, or a place_id")),
            (None, Some(_), _) => Some(("latitude", "is empty, and there is a longitude; give both, or a place_id")),
            (None, None, None) => Some(("place_id", "is empty; give a place_id, or latitude and longitude")),
            _ => None,
        };
        problems.extend(missing.map(|(column, message)| Problem::of_cell(row.line, column, message)));
    }
    match source {
        Some(source) if problems.is_empty() => Ok(HomeRow {
            line: row.line,
            source,
            place_id: place_id.map(|id| id.to_string()),
            point: latitude.zip(longitude),
        }),
        _ => Err(problems),
    }
}
