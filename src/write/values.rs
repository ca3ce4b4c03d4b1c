//! What a feature has in a column, typed; and where it is.

use super::schema::{Column, Kind, Schema};
use crate::text::date;
use chrono::{DateTime, Utc};
use geojson::{Feature, GeometryValue, feature::Id};
use geozero::error::Result as GeoResult;
use geozero::{GeomProcessor, GeozeroGeometry};

/// The column of a feature's id, which GeoJSON has outside of the properties.
pub(super) const ID: Column =
    Column { name: "id", kind: Kind::Text, about: "the feature's identity, stable between runs" };

/// A value in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'f> {
    Null,
    Text(&'f str),
    Integer(i64),
    Real(f64),
    Moment(DateTime<Utc>),
}

/// The columns of formats that know no other place for the id: it comes first.
pub(super) fn columns(schema: &Schema) -> Vec<Column> {
    std::iter::once(ID).chain(schema.columns.iter().copied()).collect()
}

/// What a feature has in a column; a date that cannot be understood is null in a column of dates.
pub(super) fn value<'f>(feature: &'f Feature, column: &Column) -> Value<'f> {
    if column.name == ID.name {
        return match &feature.id {
            Some(Id::String(id)) => Value::Text(id),
            _ => Value::Null,
        };
    }
    let Some(value) = feature.property(column.name) else { return Value::Null };
    match column.kind {
        Kind::Text => value.as_str().map(Value::Text),
        Kind::Integer => value.as_i64().map(Value::Integer),
        Kind::Flag => value.as_bool().map(|said| Value::Integer(i64::from(said))),
        Kind::Real => value.as_f64().map(Value::Real),
        Kind::Date => value.as_str().and_then(date::moment).map(Value::Moment),
    }
    .unwrap_or(Value::Null)
}

/// A point in degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl At {
    /// Where a feature is, if anywhere.
    pub(super) fn of(feature: &Feature) -> Option<Self> {
        match &feature.geometry.as_ref()?.value {
            GeometryValue::Point { coordinates } => match coordinates.as_slice() {
                &[x, y, ..] => Some(Self { x, y }),
                _ => None,
            },
            _ => None,
        }
    }
}

impl GeozeroGeometry for At {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> GeoResult<()> {
        processor.point_begin(0)?;
        processor.xy(self.x, self.y, 0)?;
        processor.point_end(0)
    }
}
