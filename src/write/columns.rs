//! Features as Arrow columns while they fill.

use super::schema::{Column, Kind, Schema};
use super::values::{At, Value, columns, value};
use arrow::array::{
    ArrayRef, Float64Builder, Int64Builder, NullBufferBuilder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, TimeUnit};
use geojson::Feature;
use std::sync::Arc;

/// The id and the properties of features.
pub(super) struct Cells {
    columns: Vec<(Column, Builder)>,
    rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Real(Float64Builder),
    Date(TimestampMillisecondBuilder),
}

impl Cells {
    pub(super) fn new(schema: &Schema) -> Self {
        let builder = |column: &Column| match column.kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Integer | Kind::Flag => Builder::Integer(Int64Builder::new()),
            Kind::Real => Builder::Real(Float64Builder::new()),
            Kind::Date => Builder::Date(TimestampMillisecondBuilder::new().with_timezone("UTC")),
        };
        let columns = columns(schema).into_iter().map(|column| (column, builder(&column))).collect();
        Self { columns, rows: 0 }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|(column, _)| Field::new(column.name, data_type(column.kind), true)).collect()
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn add(&mut self, feature: &Feature) {
        self.add_row(|column| value(feature, column));
    }

    /// A row with nothing but a text in one column.
    pub(super) fn add_text(&mut self, name: &str, text: &str) {
        self.add_row(|column| if column.name == name { Value::Text(text) } else { Value::Null });
    }

    fn add_row<'v>(&mut self, value: impl Fn(&Column) -> Value<'v>) {
        for (column, builder) in &mut self.columns {
            match (builder, value(column)) {
                (Builder::Text(cells), Value::Text(text)) => cells.append_value(text),
                (Builder::Text(cells), _) => cells.append_null(),
                (Builder::Integer(cells), Value::Integer(number)) => cells.append_value(number),
                (Builder::Integer(cells), _) => cells.append_null(),
                (Builder::Real(cells), Value::Real(number)) => cells.append_value(number),
                (Builder::Real(cells), _) => cells.append_null(),
                (Builder::Date(cells), Value::Moment(moment)) => cells.append_value(moment.timestamp_millis()),
                (Builder::Date(cells), _) => cells.append_null(),
            }
        }
        self.rows += 1;
    }

    /// The columns so far; then they are empty.
    pub(super) fn take(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        let finish = |builder: &mut Builder| -> ArrayRef {
            match builder {
                Builder::Text(cells) => Arc::new(cells.finish()),
                Builder::Integer(cells) => Arc::new(cells.finish()),
                Builder::Real(cells) => Arc::new(cells.finish()),
                Builder::Date(cells) => Arc::new(cells.finish()),
            }
        };
        self.columns.iter_mut().map(|(_, builder)| finish(builder)).collect()
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

/// Where features are.
pub(super) struct Points {
    x: Float64Builder,
    y: Float64Builder,
    placed: NullBufferBuilder,
}

impl Default for Points {
    fn default() -> Self {
        Self { x: Float64Builder::new(), y: Float64Builder::new(), placed: NullBufferBuilder::new(0) }
    }
}

impl Points {
    pub(super) fn add(&mut self, at: Option<At>) {
        // Within a point that is null the coordinates cannot be.
        self.x.append_value(at.map_or(0.0, |at| at.x));
        self.y.append_value(at.map_or(0.0, |at| at.y));
        self.placed.append(at.is_some());
    }

    /// Longitudes, latitudes, and which of them count.
    pub(super) fn take(&mut self) -> (ArrayRef, ArrayRef, NullBuffer) {
        let (x, y): (ArrayRef, ArrayRef) = (Arc::new(self.x.finish()), Arc::new(self.y.finish()));
        let placed = self.placed.finish().unwrap_or_else(|| NullBuffer::new_valid(x.len()));
        (x, y, placed)
    }
}
