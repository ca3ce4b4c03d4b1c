//! GeoJSON features one after the other: text sequences (RFC 8142), or one a line.

use super::{Layer, Row};
use crate::error::Result;
use geojson::Feature;
use std::io::{self, Write};

/// Writes features one a line.
#[derive(Debug)]
pub struct Sequence<W> {
    to: W,
    separators: bool,
    /// A feature, as bytes: it is written as a whole.
    feature: Vec<u8>,
}

impl<W: Write> Sequence<W> {
    /// Writes to `to`; with `separators`, each feature starts with the record separator of RFC 8142 (U+001E).
    pub fn new(to: W, separators: bool) -> Self {
        Self { to, separators, feature: Vec::new() }
    }

    /// Writes a feature that `json` adds to what there is.
    fn put(&mut self, json: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
        self.feature.clear();
        if self.separators {
            self.feature.push(0x1E);
        }
        json(&mut self.feature)?;
        self.feature.push(b'\n');
        Ok(self.to.write_all(&self.feature)?)
    }
}

impl<W: Write> Layer for Sequence<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.put(|json| Ok(serde_json::to_writer(json, feature).map_err(io::Error::from)?))
    }

    fn write_row(&mut self, row: Row<'_>) -> Result<()> {
        self.put(|json| row.write_json(json))
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()?;
        Ok(())
    }
}
