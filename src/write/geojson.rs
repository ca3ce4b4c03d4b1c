//! A GeoJSON `FeatureCollection`, written as it comes.

use super::envelope::Envelope;
use super::values::At;
use super::{Layer, LayerInfo, Row, Tally};
use crate::error::Result;
use geojson::Feature;
use std::io::{self, Write};

/// Writes one `FeatureCollection`: features first, its envelope (`bbox`) last, when it is known.
///
/// The geojson crate's own streaming writer cannot write members after the features, and leaves a collection with
/// foreign members and no features unfinished.
#[derive(Debug)]
pub struct GeoJson<W> {
    to: W,
    info: LayerInfo,
    state: State,
    envelope: Envelope,
    /// A feature, as bytes: it is written as a whole.
    feature: Vec<u8>,
}

#[derive(Debug, PartialEq)]
enum State {
    New,
    Features,
}

impl<W: Write> GeoJson<W> {
    /// Writes to `to`.
    pub fn new(to: W, info: LayerInfo) -> Self {
        Self { to, info, state: State::New, envelope: Envelope::default(), feature: Vec::new() }
    }

    /// Goes on after features that have been written to `to` before.
    pub fn again(to: W, info: LayerInfo, written: &Tally) -> Self {
        Self { state: State::Features, envelope: written.envelope().clone(), ..Self::new(to, info) }
    }

    fn open(&mut self) -> Result<()> {
        write!(self.to, "{{\"type\":\"FeatureCollection\",\"name\":{}", quoted(&self.info.name))?;
        for (key, value) in self.info.facts() {
            write!(self.to, ",{}:{}", quoted(key), quoted(value))?;
        }
        self.to.write_all(b",\"features\":[")?;
        Ok(())
    }

    /// Writes a feature that `json` adds to what there is.
    fn put(&mut self, at: Option<At>, json: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
        self.feature.clear();
        if self.state == State::New {
            self.open()?;
            self.state = State::Features;
        } else {
            self.feature.push(b',');
        }
        self.feature.push(b'\n');
        json(&mut self.feature)?;
        if let Some(at) = at {
            self.envelope.add(at);
        }
        Ok(self.to.write_all(&self.feature)?)
    }
}

fn quoted(text: &str) -> serde_json::Value {
    serde_json::Value::from(text)
}

impl<W: Write> Layer for GeoJson<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.put(At::of(feature), |json| Ok(serde_json::to_writer(json, feature).map_err(io::Error::from)?))
    }

    fn write_row(&mut self, row: Row<'_>) -> Result<()> {
        self.put(row.at(), |json| row.write_json(json))
    }

    fn finish(&mut self) -> Result<()> {
        if self.state == State::New {
            self.open()?;
        }
        self.to.write_all(b"\n]")?;
        if let Some(envelope) = self.envelope.round() {
            write!(self.to, ",\"bbox\":{}", serde_json::json!(envelope))?;
        }
        self.to.write_all(b"}\n")?;
        self.to.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_collection_is_valid() {
        let mut bytes = Vec::new();
        GeoJson::new(&mut bytes, LayerInfo::default()).finish().unwrap();
        let parsed: geojson::FeatureCollection = serde_json::from_slice(&bytes).unwrap();
        assert!(parsed.features.is_empty());
    }

    #[test]
    fn the_envelope_closes_it() {
        let mut bytes = Vec::new();
        let mut layer = GeoJson::new(&mut bytes, LayerInfo::default());
        for at in [[39.0, 35.9], [-74.0, 40.7]] {
            layer.write(&Feature::from(geojson::Geometry::new_point(at))).unwrap();
        }
        layer.finish().unwrap();
        let parsed: geojson::FeatureCollection = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((parsed.features.len(), parsed.bbox), (2, Some(vec![-74.0, 35.9, 39.0, 40.7])));
    }
}
