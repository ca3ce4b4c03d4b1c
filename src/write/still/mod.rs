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

/// The most places that are drawn: a sheet of paper has no room for more.
const DRAWN: usize = 20_000;
/// The places that are remembered until all are known; of twice as many, the lighter half is forgotten.
const REMEMBERED: usize = 300_000;

/// Draws a still map.
///
/// Features of one place add up: by `weight`, or, for features per mention, each counts once. The 20,000 heaviest places
/// are drawn, and the map says so when there are more ([`left_out`](Layer::left_out)). Memory grows with the number of
/// places, up to 600,000: beyond, those that weigh least so far are forgotten.
#[derive(Debug)]
pub struct Still<W> {
    to: W,
    info: LayerInfo,
    picture: Picture,
    places: BTreeMap<String, Spot>,
    /// How many places were forgotten, some of them more than once.
    forgotten: u64,
    left_out: Option<String>,
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
        Self { to, info, picture, places: BTreeMap::new(), forgotten: 0, left_out: None }
    }

    /// Forgets the lighter half of the places.
    fn forget(&mut self) {
        let mut weights: Vec<f64> = self.places.values().map(|spot| spot.weight).collect();
        let (_, &mut edge, _) = weights.select_nth_unstable_by(REMEMBERED, |a, b| b.total_cmp(a));
        let before = self.places.len();
        let mut room = REMEMBERED - self.places.values().filter(|spot| spot.weight > edge).count();
        self.places.retain(|_, spot| {
            let has_room = spot.weight == edge && room > 0;
            room -= usize::from(has_room);
            spot.weight > edge || has_room
        });
        self.forgotten += (before - self.places.len()) as u64;
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
        if self.places.len() > 2 * REMEMBERED {
            self.forget();
        }
        Ok(())
    }

    fn left_out(&self) -> Option<String> {
        self.left_out.clone()
    }

    fn finish(&mut self) -> Result<()> {
        let mut spots: Vec<Spot> = std::mem::take(&mut self.places).into_values().collect();
        spots.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        if spots.len() > DRAWN {
            let more = if self.forgotten > 0 { "more than " } else { "" };
            let all = spots.len().max(usize::from(self.forgotten > 0) * 2 * REMEMBERED);
            self.left_out = Some(format!("{DRAWN} of {more}{all} places are drawn, the heaviest"));
            spots.truncate(DRAWN);
        }
        let is_of_mentions = self.info.schema.per == Per::Mention;
        let drawing = sheet::draw(&spots, &self.info, is_of_mentions, self.left_out.as_deref())?;
        match self.picture {
            Picture::Svg => self.to.write_all(drawing.as_bytes())?,
            Picture::Png => self.to.write_all(&font::picture(&drawing)?)?,
        }
        self.to.flush()?;
        Ok(())
    }
}
