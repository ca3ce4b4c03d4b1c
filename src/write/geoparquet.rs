//! GeoParquet 1.1: columns, compressed, with a box for each point that lets readers pass over what lies elsewhere.

use super::envelope::Envelope;
use super::schema::{Column, Kind};
use super::values::{At, Value, columns, value};
use super::{Layer, LayerInfo};
use crate::error::Result;
use arrow::array::{
    ArrayRef, BinaryBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder, StructArray,
    TimestampMillisecondBuilder,
};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use geojson::Feature;
use geozero::{CoordDimensions, ToWkb};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::json;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::sync::Arc;

/// Features that go into a file together: a row group, and what is in memory at a time.
const GROUP: usize = 1 << 14;

/// Writes GeoParquet: into a temporary file first.
pub struct GeoParquet<W> {
    to: W,
    info: LayerInfo,
    schema: SchemaRef,
    columns: Vec<Column>,
    writer: Option<ArrowWriter<File>>,
    file: File,
    group: Group,
    envelope: Envelope,
}

impl<W: Write> GeoParquet<W> {
    /// Writes to `to`, at the end.
    ///
    /// # Errors
    /// When there is no room for a temporary file.
    pub fn new(to: W, info: LayerInfo) -> Result<Self> {
        let columns = columns(&info.schema);
        let mut fields: Vec<Field> = columns.iter().map(|c| Field::new(c.name, data_type(c.kind), true)).collect();
        fields.push(Field::new("geometry", DataType::Binary, true));
        fields.push(Field::new("bbox", DataType::Struct(edges()), true));
        let schema = Arc::new(Schema::new(fields));
        let file = tempfile::tempfile()?;
        let compression = Compression::ZSTD(ZstdLevel::try_new(3).map_err(io::Error::other)?);
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by(LayerInfo::generator().to_owned())
            .build();
        // Arrow's own copy of the schema would hide `geo` from pyarrow.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file.try_clone()?, schema.clone(), options);
        let writer = Some(writer.map_err(io::Error::other)?);
        let group = Group::new(&columns);
        Ok(Self { to, info, schema, columns, writer, file, group, envelope: Envelope::default() })
    }

    fn flush(&mut self) -> Result<()> {
        let batch = self.group.take(&self.schema).map_err(io::Error::other)?;
        if let Some(writer) = &mut self.writer {
            writer.write(&batch).and_then(|()| writer.flush()).map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// The `geo` metadata that makes Parquet GeoParquet.
    fn geo(&self) -> String {
        let edge = |name: &str| json!(["bbox", name]);
        let mut column = json!({
            "encoding": "WKB",
            "geometry_types": ["Point"],
            "covering": {"bbox": {"xmin": edge("xmin"), "ymin": edge("ymin"), "xmax": edge("xmax"), "ymax": edge("ymax")}},
        });
        // Without `crs` coordinates are longitude and latitude of WGS 84.
        if let (Some(envelope), Some(members)) = (self.envelope.round(), column.as_object_mut()) {
            members.insert("bbox".into(), json!(envelope));
        }
        json!({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}).to_string()
    }
}

impl<W: Write> Layer for GeoParquet<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        let at = At::of(feature);
        if let Some(at) = at {
            self.envelope.add(at);
        }
        self.group.add(feature, at, &self.columns).map_err(io::Error::other)?;
        if self.group.rows == GROUP { self.flush() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<()> {
        if self.group.rows > 0 {
            self.flush()?;
        }
        let geo = self.geo();
        if let Some(mut writer) = self.writer.take() {
            writer.append_key_value_metadata(KeyValue::new("geo".into(), geo));
            for (key, text) in self.info.facts() {
                writer.append_key_value_metadata(KeyValue::new(format!("mentionmap:{key}"), text.to_owned()));
            }
            writer.close().map_err(io::Error::other)?;
        }
        self.file.rewind()?;
        io::copy(&mut self.file, &mut self.to)?;
        Ok(self.to.flush()?)
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer | Kind::Flag => DataType::Int64,
        Kind::Real => DataType::Float64,
        Kind::Date => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
    }
}

fn edges() -> Fields {
    ["xmin", "ymin", "xmax", "ymax"].map(|name| Field::new(name, DataType::Float64, false)).to_vec().into()
}

/// Columns while they fill.
struct Group {
    columns: Vec<Cells>,
    geometry: BinaryBuilder,
    x: Float64Builder,
    y: Float64Builder,
    placed: Vec<bool>,
    rows: usize,
}

enum Cells {
    Text(StringBuilder),
    Integer(Int64Builder),
    Real(Float64Builder),
    Date(TimestampMillisecondBuilder),
}

impl Group {
    fn new(columns: &[Column]) -> Self {
        let cells = |column: &Column| match column.kind {
            Kind::Text => Cells::Text(StringBuilder::new()),
            Kind::Integer | Kind::Flag => Cells::Integer(Int64Builder::new()),
            Kind::Real => Cells::Real(Float64Builder::new()),
            Kind::Date => Cells::Date(TimestampMillisecondBuilder::new().with_timezone("UTC")),
        };
        Self {
            columns: columns.iter().map(cells).collect(),
            geometry: BinaryBuilder::new(),
            x: Float64Builder::new(),
            y: Float64Builder::new(),
            placed: Vec::new(),
            rows: 0,
        }
    }

    fn add(&mut self, feature: &Feature, at: Option<At>, columns: &[Column]) -> geozero::error::Result<()> {
        for (cells, column) in self.columns.iter_mut().zip(columns) {
            match (cells, value(feature, column)) {
                (Cells::Text(cells), Value::Text(text)) => cells.append_value(text),
                (Cells::Text(cells), _) => cells.append_null(),
                (Cells::Integer(cells), Value::Integer(number)) => cells.append_value(number),
                (Cells::Integer(cells), _) => cells.append_null(),
                (Cells::Real(cells), Value::Real(number)) => cells.append_value(number),
                (Cells::Real(cells), _) => cells.append_null(),
                (Cells::Date(cells), Value::Moment(moment)) => cells.append_value(moment.timestamp_millis()),
                (Cells::Date(cells), _) => cells.append_null(),
            }
        }
        self.geometry.append_option(at.map(|at| at.to_wkb(CoordDimensions::xy())).transpose()?);
        // Within a box that is null the edges cannot be.
        self.x.append_value(at.map_or(0.0, |at| at.x));
        self.y.append_value(at.map_or(0.0, |at| at.y));
        self.placed.push(at.is_some());
        self.rows += 1;
        Ok(())
    }

    fn take(&mut self, schema: &SchemaRef) -> Result<RecordBatch, arrow::error::ArrowError> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for cells in &mut self.columns {
            arrays.push(match cells {
                Cells::Text(cells) => Arc::new(cells.finish()),
                Cells::Integer(cells) => Arc::new(cells.finish()),
                Cells::Real(cells) => Arc::new(cells.finish()),
                Cells::Date(cells) => Arc::new(cells.finish()),
            });
        }
        arrays.push(Arc::new(self.geometry.finish()));
        let (x, y): (ArrayRef, ArrayRef) = (Arc::new(self.x.finish()), Arc::new(self.y.finish()));
        let placed = std::mem::take(&mut self.placed).into();
        arrays.push(Arc::new(StructArray::try_new(edges(), vec![x.clone(), y.clone(), x, y], Some(placed))?));
        self.rows = 0;
        RecordBatch::try_new(schema.clone(), arrays)
    }
}
