//! GeoJSON features one after the other: text sequences (RFC 8142), or one a line.

use super::Layer;
use crate::error::Result;
use geojson::Feature;
use std::io::Write;

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
}

impl<W: Write> Layer for Sequence<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.feature.clear();
        if self.separators {
            self.feature.push(0x1E);
        }
        serde_json::to_writer(&mut self.feature, feature).map_err(std::io::Error::from)?;
        self.feature.push(b'\n');
        self.to.write_all(&self.feature)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()?;
        Ok(())
    }
}
