//! Rows of GeoJSON: Point features whose properties are the columns.

use super::row::{Cell, Column, Row};
use super::{Lines, Problem};
use geojson::{Feature, GeometryValue, feature::Id};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Features stay text until they are read one by one, so that each knows its line.
#[derive(Deserialize)]
struct Collection<'t> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    features: Option<Vec<&'t RawValue>>,
}

/// Reads the features of a `FeatureCollection`, or a single feature.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Vec<Problem>> {
    let bad = |line: usize, message: String| vec![Problem::of_row(line.max(1) as u64, message)];
    let collection: Collection<'_> =
        serde_json::from_str(text).map_err(|e| bad(e.line(), format!("no GeoJSON: {e}")))?;
    let features: Vec<&str> = match (collection.kind.as_str(), &collection.features) {
        ("FeatureCollection", Some(features)) => features.iter().map(|raw| raw.get()).collect(),
        ("Feature", _) => vec![text.trim()],
        (other, _) => return Err(bad(1, format!("a GeoJSON {other}; give a FeatureCollection of Point features"))),
    };
    let mut lines = Lines::new(text.as_bytes());
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for feature in features {
        match row(feature, lines.line(start(text, feature))) {
            Ok(row) => rows.push(row),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Where a part of the text starts.
fn start(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn row(text: &str, line: u64) -> Result<Row, Problem> {
    let feature: Feature = text.parse().map_err(|e| Problem::of_row(line, format!("no GeoJSON feature: {e}")))?;
    let mut cells = Vec::new();
    match feature.geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::Point { coordinates }) => {
            for (column, value) in [Column::Longitude, Column::Latitude].into_iter().zip(coordinates.as_slice()) {
                cells.push(Cell { column, header: "geometry".into(), text: value.to_string() });
            }
        }
        Some(other) => {
            let message = format!("a {}; give a Point", other.type_name());
            return Err(Problem::of_cell(line, "geometry", message));
        }
        None => {}
    }
    let has_point = !cells.is_empty();
    for (key, value) in feature.properties.into_iter().flatten() {
        let Some(column) = Column::of_header(&key) else { continue };
        if has_point && matches!(column, Column::Latitude | Column::Longitude) {
            continue;
        }
        let text = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Array(all) if column == Column::Aliases => {
                all.iter().filter_map(|alias| alias.as_str()).collect::<Vec<_>>().join("|")
            }
            other => {
                let message = format!("{other} is neither text nor a number");
                return Err(Problem::of_cell(line, &key, message));
            }
        };
        cells.push(Cell { column, header: key, text: text.trim().to_owned() });
    }
    // Numbers are what programs give features in passing; they identify no place.
    if let Some(Id::String(text)) = feature.id {
        cells.push(Cell { column: Column::Id, header: "id".into(), text });
    }
    Ok(Row::new(line, cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_cells() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [40.45, 35.02]},
             "properties": {"Name": "Umm Zarqun", "aliases": ["أم زرقون", "Um Zarqun"], "pop": 300, "note": {}}},
            {"type": "Feature", "id": "x", "geometry": null, "properties": {"name": "Reading", "kind": "silence"}}]}"#;
        let rows = rows(text).unwrap();
        let get = |i: usize, column| rows[i].get(column).map(|cell| cell.text.as_str());
        assert_eq!((rows[0].line, rows[1].line), (2, 4));
        assert_eq!(get(0, Column::Latitude), Some("35.02"));
        assert_eq!(get(0, Column::Aliases), Some("أم زرقون|Um Zarqun"));
        assert_eq!((get(0, Column::Population), get(1, Column::Id)), (Some("300"), Some("x")));
    }

    #[test]
    fn other_geometries_are_problems() {
        let text = r#"{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
            "properties": {"name": "x"}}"#;
        assert_eq!(rows(text).unwrap_err()[0].tell(), "column geometry: a LineString; give a Point");
        assert_eq!(rows("{").unwrap_err()[0].line, 1);
    }
}
