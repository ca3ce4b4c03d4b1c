//! A still map for a report or a newspaper: one drawing, SVG or PNG.
//!
//! | question | file |
//! | --- | --- |
//! | What part of the world is shown, and in which projection? | `frame.rs`, `projection.rs` |
//! | Where do land, borders and their names come from? | `basemap.rs` |
//! | Which names are written, and where? | `labels.rs` |
//! | What stands where on the sheet? | `sheet.rs` |
//! | How wide is a text, and how does the PNG get its letters? | `font.rs` |

mod basemap;
mod font;
mod frame;
mod labels;
mod path;
mod projection;
mod sheet;

pub(super) use basemap::PACKED as BASEMAP;

use super::{Layer, LayerInfo, Per};
use crate::error::Result;
use geojson::{Feature, GeometryValue};
use std::collections::BTreeMap;
use std::io::Write;

/// How a still map is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A vector drawing; its texts stay texts.
    Svg,
    /// A picture of 2,400 pixels in width.
    Png,
}

/// Draws a still map.
///
/// Features of one place add up: by `weight`, or, for features per mention, each counts once. Memory grows with the
/// number of places.
#[derive(Debug)]
pub struct Still<W> {
    to: W,
    info: LayerInfo,
    picture: Picture,
    places: BTreeMap<String, Spot>,
}

/// A place on a still map.
#[derive(Clone, Debug, PartialEq)]
struct Spot {
    name: String,
    longitude: f64,
    latitude: f64,
    /// Whether its point stands for an area: a country, a division, a region, a sea.
    is_area: bool,
    weight: f64,
}

/// Whether the point of a place of this feature, class and code, stands for an area: a country, a division, a region, a
/// sea, a desert.
pub(super) fn is_area(feature: &str) -> bool {
    feature.starts_with(['A', 'L', 'H'])
        || ["T.DSRT", "T.ISLS", "T.MTS", "T.PEN", "T.PLN", "T.PLT", "T.VAL"].contains(&feature)
}

impl<W: Write> Still<W> {
    /// Draws to `to`, with the title of `info`.
    pub fn new(to: W, info: LayerInfo, picture: Picture) -> Self {
        Self { to, info, picture, places: BTreeMap::new() }
    }
}

impl<W: Write> Layer for Still<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        let Some(GeometryValue::Point { coordinates }) = feature.geometry.as_ref().map(|g| &g.value) else {
            return Ok(());
        };
        let &[longitude, latitude, ..] = coordinates.as_slice() else { return Ok(()) };
        let text = |key: &str| feature.property(key).and_then(|v| v.as_str()).unwrap_or_default();
        let weight = feature.property("weight").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        let spot = self.places.entry(text("place_id").to_owned()).or_insert_with(|| Spot {
            name: text("place").to_owned(),
            longitude,
            latitude,
            is_area: is_area(text("feature")),
            weight: 0.0,
        });
        spot.weight += weight;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let mut spots: Vec<Spot> = std::mem::take(&mut self.places).into_values().collect();
        spots.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let drawing = sheet::draw(&spots, &self.info, self.info.schema.per == Per::Mention)?;
        match self.picture {
            Picture::Svg => self.to.write_all(drawing.as_bytes())?,
            Picture::Png => self.to.write_all(&font::picture(&drawing)?)?,
        }
        self.to.flush()?;
        Ok(())
    }
}
