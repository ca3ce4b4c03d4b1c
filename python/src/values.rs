//! JSON as Python has it.

use geojson::{Feature, GeometryValue, JsonObject};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value;

/// A value as Python has it.
pub(crate) fn value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(said) => said.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any(),
            (None, Some(number)) => number.into_pyobject(py)?.into_any(),
            (None, None) => number.as_f64().into_pyobject(py)?,
        },
        Value::String(text) => text.into_pyobject(py)?.into_any(),
        Value::Array(values) => {
            let list = PyList::empty(py);
            values.iter().try_for_each(|each| list.append(self::value(py, each)?))?;
            list.into_any()
        }
        Value::Object(members) => object(py, members)?.into_any(),
    })
}

/// An object as a dictionary, in its order.
pub(crate) fn object<'py>(py: Python<'py>, members: &JsonObject) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    members.iter().try_for_each(|(name, member)| dict.set_item(name, value(py, member)?))?;
    Ok(dict)
}

/// Properties of features as dictionaries, with `longitude` and `latitude` after them, both None for one without a
/// point.
pub(crate) fn records<'py>(py: Python<'py>, features: &[Feature]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for feature in features {
        let record = feature.properties.as_ref().map_or_else(|| Ok(PyDict::new(py)), |found| object(py, found))?;
        let at = feature.geometry.as_ref().and_then(|geometry| match &geometry.value {
            GeometryValue::Point { coordinates } => match coordinates.as_slice() {
                &[longitude, latitude, ..] => Some((Some(longitude), Some(latitude))),
                _ => None,
            },
            _ => None,
        });
        let (longitude, latitude) = at.unwrap_or_default();
        record.set_item("longitude", longitude)?;
        record.set_item("latitude", latitude)?;
        list.append(record)?;
    }
    Ok(list)
}
