//! A feature before it takes the form of any format: what it is made of, most of it borrowed.

use super::values::At;
use crate::error::Result;
use geojson::{Feature, Geometry, JsonObject, JsonValue, feature::Id};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;
use std::rc::Rc;

/// More properties than a feature has: room for them is made once.
const PROPERTIES: usize = 24;

/// A feature as a row: its identity, its point, and its properties in their order.
///
/// [`Features`](super::Features) makes rows; those formats write them that need no [`Feature`], which takes much longer
/// to make.
#[derive(Clone, Debug)]
pub struct Row<'r> {
    id: Cow<'r, str>,
    at: Option<At>,
    /// What comes before its own properties.
    shared: Option<Rc<Shared<'r>>>,
    properties: Vec<Property<'r>>,
}

type Property<'r> = (&'static str, Cell<'r>);

/// Properties that rows have in common, those of their article: they are long, and made and escaped once.
#[derive(Debug)]
pub(super) struct Shared<'r> {
    properties: Vec<Property<'r>>,
    json: OnceCell<Vec<u8>>,
}

impl<'r> Shared<'r> {
    pub(super) fn new(properties: Vec<Property<'r>>) -> Self {
        Self { properties, json: OnceCell::new() }
    }

    fn write_json(&self, to: &mut Vec<u8>) -> Result<()> {
        if let Some(json) = self.json.get() {
            to.extend_from_slice(json);
            return Ok(());
        }
        let start = to.len();
        write_properties(&self.properties, to)?;
        _ = self.json.set(to[start..].to_vec());
        Ok(())
    }
}

/// What a row has for a property.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'r> {
    Null,
    Text(Cow<'r, str>),
    Whole(u64),
    Real(f64),
    Flag(bool),
}

impl<'r> Row<'r> {
    /// An empty row.
    pub(super) fn new() -> Self {
        Self { id: Cow::Borrowed(""), at: None, shared: None, properties: Vec::with_capacity(PROPERTIES) }
    }

    /// A row with what it shares.
    pub(super) fn sharing(shared: &Rc<Shared<'r>>) -> Self {
        Self { shared: Some(Rc::clone(shared)), ..Self::new() }
    }

    /// Adds a property; each comes once.
    pub(super) fn put(&mut self, name: &'static str, value: impl Into<Cell<'r>>) {
        self.properties.push((name, value.into()));
    }

    /// The same row with its identity, and its point when it has one.
    pub(super) fn identified(self, id: impl Into<Cow<'r, str>>, at: Option<At>) -> Self {
        Self { id: id.into(), at, ..self }
    }

    pub(super) fn at(&self) -> Option<At> {
        self.at
    }

    fn cell(&self, name: &str) -> Option<&Cell<'r>> {
        let shared = self.shared.as_ref().map_or(&[][..], |shared| &shared.properties);
        shared.iter().chain(&self.properties).find(|(known, _)| *known == name).map(|(_, cell)| cell)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        match self.cell(name)? {
            Cell::Whole(number) => Some(*number as f64),
            Cell::Real(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Adds the feature to `to` as GeoJSON: the same bytes as those of the [`Feature`] that it makes.
    pub(super) fn write_json(&self, to: &mut Vec<u8>) -> Result<()> {
        to.extend_from_slice(b"{\"type\":\"Feature\",\"geometry\":");
        match self.at {
            Some(At { x, y }) => {
                to.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
                json(&[x, y], to)?;
                to.push(b'}');
            }
            None => to.extend_from_slice(b"null"),
        }
        to.extend_from_slice(b",\"id\":");
        json(&*self.id, to)?;
        to.extend_from_slice(b",\"properties\":{");
        if let Some(shared) = &self.shared {
            shared.write_json(to)?;
            if !self.properties.is_empty() {
                to.push(b',');
            }
        }
        write_properties(&self.properties, to)?;
        to.extend_from_slice(b"}}");
        Ok(())
    }
}

/// Members of an object.
fn write_properties(properties: &[Property<'_>], to: &mut Vec<u8>) -> Result<()> {
    for (i, (name, cell)) in properties.iter().enumerate() {
        // Names are of letters, and need no care.
        to.extend_from_slice(if i == 0 { b"\"" } else { b",\"" });
        to.extend_from_slice(name.as_bytes());
        to.extend_from_slice(b"\":");
        match cell {
            Cell::Null => to.extend_from_slice(b"null"),
            Cell::Text(text) => json(&**text, to)?,
            Cell::Whole(number) => json(number, to)?,
            Cell::Real(number) => json(number, to)?,
            Cell::Flag(said) => json(said, to)?,
        }
    }
    Ok(())
}

fn json<T: serde::Serialize + ?Sized>(value: &T, to: &mut Vec<u8>) -> Result<()> {
    Ok(serde_json::to_writer(to, value).map_err(io::Error::from)?)
}

impl From<Row<'_>> for Feature {
    fn from(row: Row<'_>) -> Self {
        let mut properties = JsonObject::with_capacity(PROPERTIES);
        let shared = row.shared.iter().flat_map(|shared| shared.properties.iter().cloned());
        properties.extend(shared.chain(row.properties).map(|(name, cell)| (name.to_owned(), cell.into())));
        Self {
            bbox: None,
            geometry: row.at.map(|at| Geometry::new_point([at.x, at.y])),
            id: Some(Id::String(row.id.into_owned())),
            properties: Some(properties),
            foreign_members: None,
        }
    }
}

impl From<Cell<'_>> for JsonValue {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Text(text) => text.into(),
            Cell::Whole(number) => number.into(),
            Cell::Real(number) => number.into(),
            Cell::Flag(said) => said.into(),
        }
    }
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'r> From<Cow<'r, str>> for Cell<'r> {
    fn from(text: Cow<'r, str>) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell<'_> {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<u64> for Cell<'_> {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Self::Whole(number as u64)
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Cell<'_> {
    fn from(said: bool) -> Self {
        Self::Flag(said)
    }
}

impl<'r, T: Into<Cell<'r>>> From<Option<T>> for Cell<'r> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = Cell<'static>> {
        prop_oneof![
            Just(Cell::Null),
            any::<String>().prop_map(Cell::from),
            any::<u64>().prop_map(Cell::from),
            any::<f64>().prop_map(Cell::from),
            any::<bool>().prop_map(Cell::from),
        ]
    }

    proptest! {
        #[test]
        fn as_json_it_is_its_feature(
            id: String,
            at in proptest::option::of((-180.0..180.0f64, -90.0..90.0f64)),
            is_sharing: bool,
            (title, date) in (cell(), cell()),
            cells in prop::collection::vec(cell(), 0..4),
        ) {
            let shared = Rc::new(Shared::new(vec![("title", title), ("date", date)]));
            let mut row = if is_sharing { Row::sharing(&shared) } else { Row::new() };
            for (name, cell) in ["first_offset", "marker-color", "weight"].into_iter().zip(cells) {
                row.put(name, cell);
            }
            let row = row.identified(id, at.map(|(x, y)| At { x, y }));
            let (mut bytes, mut again) = (Vec::new(), Vec::new());
            row.write_json(&mut bytes).unwrap();
            row.write_json(&mut again).unwrap();
            prop_assert_eq!(&bytes, &again);
            let (text, number) = (row.text("title").map(str::to_owned), row.number("weight"));
            let feature = Feature::from(row);
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), serde_json::to_string(&feature).unwrap());
            prop_assert_eq!(text.as_deref(), feature.property("title").and_then(JsonValue::as_str));
            prop_assert_eq!(number.filter(|n| n.is_finite()), feature.property("weight").and_then(JsonValue::as_f64));
        }
    }
}
