//! FlatGeobuf: binary features in the order of a spatial index, which comes first.

use super::schema::{Column, Kind};
use super::values::{At, Value, columns, value};
use super::{Layer, LayerInfo};
use crate::error::Result;
use crate::text::date;
use ::flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geojson::Feature;
use geozero::{ColumnValue, PropertyProcessor};
use std::io::{self, Write};

/// Writes FlatGeobuf. Features wait in a temporary file until all are there, and in memory with 140 bytes each.
pub struct FlatGeobuf<W> {
    to: W,
    info: LayerInfo,
    columns: Vec<Column>,
    /// From the first feature on.
    writer: Option<FgbWriter<'static>>,
}

impl<W: Write> FlatGeobuf<W> {
    /// Writes to `to`, at the end.
    pub fn new(to: W, info: LayerInfo) -> Self {
        let columns = columns(&info.schema);
        Self { to, info, columns, writer: None }
    }

    /// Without features there is no index: GDAL refuses an empty one.
    fn open(info: &LayerInfo, columns: &[Column], write_index: bool) -> Result<FgbWriter<'static>> {
        let facts: serde_json::Map<_, _> =
            info.facts().map(|(key, text)| (key.into(), text.into())).into_iter().collect();
        let options = FgbWriterOptions {
            write_index,
            detect_type: false,
            promote_to_multi: false,
            crs: FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() },
            title: Some(&info.name),
            description: Some(&info.attribution),
            metadata: Some(&serde_json::Value::from(facts).to_string()),
            ..FgbWriterOptions::default()
        };
        let mut writer =
            FgbWriter::create_with_options(info.schema.name, GeometryType::Point, options).map_err(io::Error::other)?;
        for column in columns {
            let kind = match column.kind {
                Kind::Text => ColumnType::String,
                Kind::Integer | Kind::Flag => ColumnType::Long,
                Kind::Real => ColumnType::Double,
                Kind::Date => ColumnType::DateTime,
            };
            writer.add_column(column.name, kind, |strings, told| {
                told.description = Some(strings.create_string(column.about));
            });
        }
        Ok(writer)
    }
}

impl<W: Write> Layer for FlatGeobuf<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Self::open(&self.info, &self.columns, true)?),
        };
        // The index has an entry for every feature: one that is nowhere gets the point that is no point, which programs
        // take for an empty one.
        let at = At::of(feature).unwrap_or(At { x: f64::NAN, y: f64::NAN });
        let mut written = Ok(());
        writer
            .add_feature_geom(at, |properties| {
                for (i, column) in self.columns.iter().enumerate() {
                    let text;
                    let value = match value(feature, column) {
                        Value::Null => continue,
                        Value::Text(text) => ColumnValue::String(text),
                        Value::Integer(number) => ColumnValue::Long(number),
                        Value::Real(number) => ColumnValue::Double(number),
                        Value::Moment(moment) => {
                            text = date::iso_millis(moment);
                            ColumnValue::DateTime(&text)
                        }
                    };
                    if let Err(error) = properties.property(i, column.name, &value) {
                        written = Err(error);
                    }
                }
            })
            .and(written)
            .map_err(io::Error::other)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let writer = self.writer.take().map_or_else(|| Self::open(&self.info, &self.columns, false), Ok)?;
        writer.write(&mut self.to).map_err(io::Error::other)?;
        Ok(self.to.flush()?)
    }
}
