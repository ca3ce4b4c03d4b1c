//! GeoParquet 1.1: columns, compressed, with a box for each point that lets readers pass over what lies elsewhere.

use super::columns::{Cells, Points};
use super::envelope::Envelope;
use super::values::At;
use super::{Layer, LayerInfo};
use crate::error::Result;
use arrow::array::{BinaryBuilder, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::error::ArrowError;
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
        let cells = Cells::new(&info.schema);
        let mut fields = cells.fields();
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
        let group = Group::new(cells);
        Ok(Self { to, info, schema, writer, file, group, envelope: Envelope::default() })
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
        self.group.add(feature, at).map_err(io::Error::other)?;
        if self.group.cells.rows() == GROUP { self.flush() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<()> {
        if self.group.cells.rows() > 0 {
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

fn edges() -> Fields {
    ["xmin", "ymin", "xmax", "ymax"].map(|name| Field::new(name, DataType::Float64, false)).to_vec().into()
}

/// Rows while they gather.
struct Group {
    cells: Cells,
    geometry: BinaryBuilder,
    points: Points,
}

impl Group {
    fn new(cells: Cells) -> Self {
        Self { cells, geometry: BinaryBuilder::new(), points: Points::default() }
    }

    fn add(&mut self, feature: &Feature, at: Option<At>) -> geozero::error::Result<()> {
        self.cells.add(feature);
        self.geometry.append_option(at.map(|at| at.to_wkb(CoordDimensions::xy())).transpose()?);
        self.points.add(at);
        Ok(())
    }

    fn take(&mut self, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
        let mut arrays = self.cells.take();
        arrays.push(Arc::new(self.geometry.finish()));
        let (x, y, placed) = self.points.take();
        arrays.push(Arc::new(StructArray::try_new(edges(), vec![x.clone(), y.clone(), x, y], Some(placed))?));
        RecordBatch::try_new(schema.clone(), arrays)
    }
}
