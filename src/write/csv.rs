//! CSV: a row for each feature, with longitude and latitude or well-known text.

use super::format::{Companion, Told, qml};
use super::schema::{Column, Kind};
use super::values::{At, Value, columns, value};
use super::{Layer, LayerInfo};
use crate::error::Result;
use crate::text::date;
use geojson::Feature;
use serde_json::json;
use std::borrow::Cow;
use std::io::Write;

/// Writes a table of comma-separated values (RFC 4180).
///
/// Spreadsheets take a cell that starts with `=`, `+`, `-` or `@` for a formula, which may fetch what it likes. Such text
/// gets an apostrophe in front, which spreadsheets take for "this is text"; so that nothing is lost, text that starts
/// with apostrophes before such a sign gets one more: whoever takes one off gets back what was there.
pub struct Csv<W: Write> {
    to: ::csv::Writer<W>,
    columns: Vec<Column>,
    wkt: bool,
    opened: bool,
}

impl<W: Write> Csv<W> {
    /// Writes to `to`.
    pub fn new(to: W, info: &LayerInfo) -> Self {
        let to = ::csv::WriterBuilder::new().from_writer(to);
        Self { to, columns: columns(&info.schema), wkt: info.wkt, opened: false }
    }

    /// Goes on after rows that have been written to `to` before.
    pub fn again(to: W, info: &LayerInfo) -> Self {
        Self { opened: true, ..Self::new(to, info) }
    }

    fn open(&mut self) -> Result<()> {
        if !self.opened {
            self.opened = true;
            self.to.write_record(header(&self.columns, self.wkt).iter().map(|(name, _)| name)).map_err(io)?;
        }
        Ok(())
    }
}

impl<W: Write> Layer for Csv<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.open()?;
        let at = At::of(feature);
        if self.wkt {
            let text = at.map_or_else(String::new, |at| format!("POINT ({} {})", at.x, at.y));
            self.to.write_field(text).map_err(io)?;
        } else {
            for degrees in [at.map(|at| at.x), at.map(|at| at.y)] {
                self.to.write_field(degrees.map_or_else(String::new, real)).map_err(io)?;
            }
        }
        for column in &self.columns {
            let field = match (column.kind, value(feature, column)) {
                // As given, even where it is no date.
                (Kind::Date, _) => {
                    let given = feature.property(column.name).and_then(|v| v.as_str()).unwrap_or_default();
                    harmless(given)
                }
                (_, Value::Null) => Cow::Borrowed(""),
                (_, Value::Text(text)) => harmless(text),
                (_, Value::Integer(number)) => number.to_string().into(),
                (_, Value::Real(number)) => real(number).into(),
                (_, Value::Moment(moment)) => date::iso(moment).into(),
            };
            self.to.write_field(field.as_bytes()).map_err(io)?;
        }
        self.to.write_record(None::<&[u8]>).map_err(io)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.to.flush()?)
    }

    fn finish(&mut self) -> Result<()> {
        self.open()?;
        Ok(self.to.flush()?)
    }
}

/// A number that always has a point: programs that guess types take a column for whole numbers when half of it looks so,
/// and cut the rest.
fn real(number: f64) -> String {
    format!("{number:?}")
}

fn io(error: ::csv::Error) -> crate::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        other => std::io::Error::other(format!("{other:?}")).into(),
    }
}

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = text.trim_start_matches('\'').chars().next();
    // The wide forms count in East Asian spreadsheets; after a tab or a line break some look on.
    if begins.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The names of all columns with their types in GeoCSV's `.csvt`.
fn header(columns: &[Column], wkt: bool) -> Vec<(&'static str, &'static str)> {
    let places: &[_] = if wkt { &[("WKT", "WKT")] } else { &[("longitude", "CoordX"), ("latitude", "CoordY")] };
    let typed = columns.iter().map(|column| {
        let kind = match column.kind {
            Kind::Text => "String",
            Kind::Integer | Kind::Flag => "Integer64",
            Kind::Real => "Real",
            Kind::Date => "DateTime",
        };
        (column.name, kind)
    });
    places.iter().copied().chain(typed).collect()
}

/// What CSV has no room for: `-metadata.json` describes the table (W3C's CSV on the Web), `.csvt` and `.prj` tell GDAL
/// and QGIS the types and the coordinates (GeoCSV).
pub(super) fn companions(told: &Told<'_>) -> Vec<Companion> {
    let &Told { info, file, styled, .. } = told;
    let columns = columns(&info.schema);
    let mut companions = vec![Companion { extension: "csv-metadata.json", text: metadata(info, &columns, file) }];
    if styled {
        let types: Vec<_> = header(&columns, info.wkt).iter().map(|(_, kind)| format!("\"{kind}\"")).collect();
        companions.push(Companion { extension: "csvt", text: types.join(",") + "\n" });
        companions.push(Companion { extension: "prj", text: format!("{}\n", super::WGS84) });
    }
    companions.extend(qml(told));
    companions
}

fn metadata(info: &LayerInfo, columns: &[Column], file: &str) -> String {
    let mut described = Vec::new();
    if info.wkt {
        described.push(json!({"name": "WKT", "datatype": "string", "dc:description": "Where it is, WGS 84"}));
    } else {
        described.push(json!({"name": "longitude", "datatype": "number", "dc:description": "Degrees east, WGS 84"}));
        described.push(json!({"name": "latitude", "datatype": "number", "dc:description": "Degrees north, WGS 84"}));
    }
    for column in columns {
        let datatype = match column.kind {
            Kind::Integer | Kind::Flag => "integer",
            Kind::Real => "number",
            // A date may be a day or a moment.
            Kind::Text | Kind::Date => "string",
        };
        described.push(json!({"name": column.name, "datatype": datatype, "dc:description": column.about}));
    }
    let notes: serde_json::Map<_, _> = info.facts().map(|(key, text)| (key.into(), text.into())).into_iter().collect();
    let metadata = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:title": info.name,
        "notes": [notes],
        "tableSchema": {"columns": described},
    });
    format!("{metadata:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_come_back() {
        for text in
            ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''=1", "＝1", "x", "'x", "", "'"]
        {
            let cell = harmless(text);
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '＝']), "{cell}");
            let back = match cell.strip_prefix('\'') {
                Some(rest) if harmless(rest) != rest => rest,
                _ => &cell,
            };
            assert_eq!(back, text);
        }
    }
}
