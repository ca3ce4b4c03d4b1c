//! Reads GeoParquet that we wrote: rows back into features.

use super::shard::{Facts, Sink};
use crate::error::{Error, Result};
use crate::text::date;
use crate::write::{Column, Kind, Per, Schema};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMillisecondType};
use chrono::DateTime;
use geojson::{Feature, Geometry, JsonObject, feature::Id};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::fs::File;

pub(super) fn read(file: &File, sink: &mut dyn Sink) -> Result<()> {
    let bad = |e: &dyn std::fmt::Display| Error::format(format!("cannot be read as GeoParquet: {e}"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(file.try_clone()?).map_err(|e| bad(&e))?;
    let said = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let fact = |key: &str| said.iter().find(|said| said.key.strip_prefix("mentionmap:") == Some(key))?.value.clone();
    if let Some(facts) = Facts::gather(fact) {
        sink.facts(facts)?;
    }
    for batch in builder.with_batch_size(1024).build().map_err(|e| bad(&e))? {
        let batch = batch.map_err(|e| bad(&e))?;
        let columns = columns(&batch);
        for row in 0..batch.num_rows() {
            sink.feature(feature(&batch, &columns, row))?;
        }
    }
    Ok(())
}

/// The columns that hold properties, in the order of the file.
fn columns(batch: &RecordBatch) -> Vec<(Column, ArrayRef)> {
    let has = |name: &str| batch.column_by_name(name).is_some();
    let per = match (has("field"), has("articles")) {
        (true, _) => Per::Mention,
        (_, true) => Per::Place,
        _ => Per::Article,
    };
    let mut columns = Schema::of(per, has("sentence")).simplestyle().columns;
    columns.retain(|column| has(column.name));
    columns.into_iter().filter_map(|column| Some((column, batch.column_by_name(column.name)?.clone()))).collect()
}

fn feature(batch: &RecordBatch, columns: &[(Column, ArrayRef)], row: usize) -> Feature {
    let mut properties = JsonObject::new();
    for (column, cells) in columns {
        properties.insert(column.name.to_owned(), value(cells, column.kind, row));
    }
    let id = batch.column_by_name("id").map(|cells| value(cells, Kind::Text, row));
    Feature {
        bbox: None,
        geometry: point(batch, row).map(Geometry::new_point),
        id: id.and_then(|id| id.as_str().map(|id| Id::String(id.to_owned()))),
        properties: Some(properties),
        foreign_members: None,
    }
}

fn value(cells: &ArrayRef, kind: Kind, row: usize) -> Value {
    if cells.is_null(row) {
        return Value::Null;
    }
    match cells.data_type() {
        DataType::Utf8 => cells.as_string::<i32>().value(row).into(),
        DataType::Int64 if kind == Kind::Flag => (cells.as_primitive::<Int64Type>().value(row) != 0).into(),
        DataType::Int64 => cells.as_primitive::<Int64Type>().value(row).into(),
        DataType::Float64 => cells.as_primitive::<Float64Type>().value(row).into(),
        DataType::Timestamp(..) => cells
            .as_primitive_opt::<TimestampMillisecondType>()
            .and_then(|cells| DateTime::from_timestamp_millis(cells.value(row)))
            .map_or(Value::Null, |moment| {
                // A day is its first moment in this format, and is a day again.
                let text = date::iso(moment);
                text.strip_suffix("T00:00:00Z").map_or_else(|| text.clone(), str::to_owned).into()
            }),
        _ => Value::Null,
    }
}

/// The box of a point is the point.
fn point(batch: &RecordBatch, row: usize) -> Option<[f64; 2]> {
    let bbox = batch.column_by_name("bbox")?.as_struct_opt().filter(|bbox| bbox.is_valid(row))?;
    let edge = |name: &str| Some(bbox.column_by_name(name)?.as_primitive_opt::<Float64Type>()?.value(row));
    Some([edge("xmin")?, edge("ymin")?])
}
