//! PMTiles: vector tiles of all zoom levels in one file, for web maps of millions of mentions.

use super::envelope::Envelope;
use super::format::{Companion, Told};
use super::schema::{Column, Kind};
use super::style::{PLACE, WIDE, hex};
use super::values::{At, Value, columns, value};
use super::{Layer, LayerInfo};
use crate::error::Result;
use crate::text::date;
use ::pmtiles::{PmTilesStreamWriter, PmTilesWriter, TileCoord, TileId, TileType};
use fast_mvt::{MvtCoord, MvtGeomType, MvtLayerBuilder, MvtValueRef};
use geojson::Feature;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// The deepest zoom level, at which every feature has its own point, exact to 40 meters; map programs enlarge it further.
const DEEPEST: u8 = 8;
/// A tile's side, in its own units.
const EXTENT: u32 = 4096;
/// Above the deepest level, of the features in a cell of a tile's grid the heaviest stands for all: cells to a side.
const CELLS: u32 = 32;

/// Writes PMTiles. Features wait in a temporary file, and in memory with 32 bytes each.
///
/// Above the deepest level a feature may stand for others: `point_count` says for how many with itself, and
/// `weight_sum` has the sum of their weights. Features that are nowhere are in no tile.
pub struct PmTiles<W> {
    to: W,
    info: LayerInfo,
    columns: Vec<Column>,
    spill: BufWriter<File>,
    length: u64,
    points: Vec<Spilled>,
    envelope: Envelope,
}

/// A feature in the temporary file.
#[derive(Clone, Copy)]
struct Spilled {
    /// The number of its tile at the deepest level along the Hilbert curve.
    tile: u64,
    /// Where in that tile.
    x: u16,
    y: u16,
    weight: f32,
    offset: u64,
    length: u32,
}

/// A feature that a tile shows: itself, how many it stands for, and their weight.
type Shown = (Spilled, u64, f64);

impl<W: Write> PmTiles<W> {
    /// Writes to `to`, at the end.
    ///
    /// # Errors
    /// When there is no room for a temporary file.
    pub fn new(to: W, info: LayerInfo) -> Result<Self> {
        let spill = BufWriter::new(tempfile::tempfile()?);
        let columns = columns(&info.schema);
        Ok(Self { to, info, columns, spill, length: 0, points: Vec::new(), envelope: Envelope::default() })
    }

    fn metadata(&self) -> String {
        let mut fields: serde_json::Map<_, _> = self
            .columns
            .iter()
            .map(|c| {
                (c.name.to_owned(), if matches!(c.kind, Kind::Text | Kind::Date) { "String" } else { "Number" }.into())
            })
            .collect();
        fields.insert("point_count".into(), "Number".into());
        fields.insert("weight_sum".into(), "Number".into());
        let mut metadata = json!({
            "name": self.info.name,
            "type": "overlay",
            "vector_layers": [{"id": self.info.schema.name, "minzoom": 0, "maxzoom": DEEPEST, "fields": fields}],
        });
        if let Some(members) = metadata.as_object_mut() {
            members.extend(self.info.facts().map(|(key, text)| (key.to_owned(), text.into())));
        }
        metadata.to_string()
    }

    fn tile(&self, shown: &mut [Shown], zoom: u8, spill: &mut File) -> Result<Vec<u8>> {
        // The heaviest last, on top of all; where weights are equal, in the order of the input.
        shown.sort_by(|a, b| a.2.total_cmp(&b.2).then(b.0.offset.cmp(&a.0.offset)));
        let mut layer = MvtLayerBuilder::new(self.info.schema.name).map_err(io::Error::other)?;
        let mut bytes = Vec::new();
        for &(point, count, weight) in shown.iter() {
            spill.seek(SeekFrom::Start(point.offset))?;
            bytes.resize(point.length as usize, 0);
            spill.read_exact(&mut bytes)?;
            let feature: Feature = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
            let (x, y) = within(point, zoom);
            let mut built = layer.feature_of(MvtGeomType::Point);
            let mut fill = || {
                built.points([MvtCoord { x: x as i32, y: y as i32 }])?;
                for column in &self.columns {
                    let text;
                    let value = match value(&feature, column) {
                        Value::Null => continue,
                        Value::Text(text) => MvtValueRef::String(text),
                        Value::Integer(number) => MvtValueRef::Int(number),
                        Value::Real(number) => MvtValueRef::Double(number),
                        Value::Moment(moment) => {
                            text = date::iso(moment);
                            MvtValueRef::String(&text)
                        }
                    };
                    built.tag_ref(column.name, value)?;
                }
                built.tag_ref("point_count", MvtValueRef::Int(count as i64))?;
                built.tag_ref("weight_sum", MvtValueRef::Double((weight * 1e6).round() / 1e6))?;
                Ok::<_, fast_mvt::MvtError>(())
            };
            fill().map_err(io::Error::other)?;
            layer = built.end();
        }
        Ok(layer.encode())
    }
}

impl<W: Write> Layer for PmTiles<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        let Some(at) = At::of(feature) else { return Ok(()) };
        self.envelope.add(at);
        let bytes = serde_json::to_vec(feature).map_err(io::Error::other)?;
        self.spill.write_all(&bytes)?;
        let weight = feature.property("weight").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        let length = bytes.len() as u32;
        self.points.push(Spilled { weight: weight as f32, offset: self.length, length, ..tile_of(at)? });
        self.length += u64::from(length);
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let mut file = tempfile::tempfile()?;
        let [west, south, east, north] = self.envelope.flat().unwrap_or([-180.0, -85.0, 180.0, 85.0]);
        let mut writer = PmTilesWriter::new(TileType::Mvt)
            .min_zoom(0)
            .max_zoom(DEEPEST)
            .bounds(west, south, east, north)
            .center(f64::midpoint(west, east), f64::midpoint(south, north))
            .center_zoom(1)
            .metadata(self.metadata())
            .create(file.try_clone()?)
            .map_err(io::Error::other)?;
        self.spill.flush()?;
        let mut spill = self.spill.get_ref().try_clone()?;
        let mut points = std::mem::take(&mut self.points);
        points.sort_unstable_by_key(|point| (point.tile, point.offset));
        for zoom in 0..=DEEPEST {
            self.level(zoom, &points, &mut spill, &mut writer)?;
        }
        writer.finalize().map_err(io::Error::other)?;
        file.rewind()?;
        io::copy(&mut file, &mut self.to)?;
        Ok(self.to.flush()?)
    }
}

impl<W: Write> PmTiles<W> {
    /// Writes the tiles of a zoom level, in the order of the Hilbert curve: the points of a tile are neighbors.
    fn level(
        &self,
        zoom: u8,
        points: &[Spilled],
        spill: &mut File,
        writer: &mut PmTilesStreamWriter<File>,
    ) -> Result<()> {
        let up = 2 * u32::from(DEEPEST - zoom);
        for tile in points.chunk_by(|a, b| a.tile >> up == b.tile >> up) {
            let mut shown = if zoom == DEEPEST {
                tile.iter().map(|&point| (point, 1, f64::from(point.weight))).collect()
            } else {
                thinned(tile, zoom)
            };
            let data = self.tile(&mut shown, zoom, spill)?;
            let id = first_of(zoom) + (tile[0].tile >> up);
            let at = TileId::new(id).map_err(io::Error::other)?;
            writer.add_tile(TileCoord::from(at), &data).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// The heaviest feature of each cell, with the number and the weight of all of them.
fn thinned(tile: &[Spilled], zoom: u8) -> Vec<Shown> {
    let mut cells: BTreeMap<(u32, u32), Shown> = BTreeMap::new();
    for &point in tile {
        let (x, y) = within(point, zoom);
        let cell = (x * CELLS / EXTENT, y * CELLS / EXTENT);
        let weight = f64::from(point.weight);
        cells
            .entry(cell)
            .and_modify(|(best, count, sum)| {
                let earlier = point.weight == best.weight && point.offset < best.offset;
                if point.weight > best.weight || earlier {
                    *best = point;
                }
                *count += 1;
                *sum += weight;
            })
            .or_insert((point, 1, weight));
    }
    cells.into_values().collect()
}

/// The number of a level's first tile.
fn first_of(zoom: u8) -> u64 {
    ((1 << (2 * u32::from(zoom))) - 1) / 3
}

/// Which tile of the deepest level a point lies in, and where: web Mercator, which ends before the poles.
fn tile_of(at: At) -> Result<Spilled> {
    let side = f64::from(EXTENT) * f64::from(1 << DEEPEST);
    let latitude = at.y.clamp(-85.051_128, 85.051_128).to_radians();
    let x = (at.x + 180.0) / 360.0;
    let y = (1.0 - latitude.tan().asinh() / std::f64::consts::PI) / 2.0;
    let unit = |share: f64| (share * side).floor().clamp(0.0, side - 1.0) as u32;
    let (x, y) = (unit(x), unit(y));
    let coord = TileCoord::new(DEEPEST, x / EXTENT, y / EXTENT).map_err(io::Error::other)?;
    let tile = TileId::from(coord).value() - first_of(DEEPEST);
    Ok(Spilled { tile, x: (x % EXTENT) as u16, y: (y % EXTENT) as u16, weight: 0.0, offset: 0, length: 0 })
}

/// Where a point lies in its tile of a level.
fn within(point: Spilled, zoom: u8) -> (u32, u32) {
    let id = first_of(DEEPEST) + point.tile;
    let Ok(coord) = TileId::new(id).map(TileCoord::from) else { return (0, 0) };
    let up = DEEPEST - zoom;
    let inside: Range<u32> = 0..1 << up;
    let of = |tile: u32, unit: u16| ((tile % inside.end) * EXTENT + u32::from(unit)) >> up;
    (of(coord.x(), point.x), of(coord.y(), point.y))
}

/// A style for MapLibre beside the tiles: circles by weight, colored by what they are. It has no labels, since letters
/// would have to be fetched from somewhere.
pub(super) fn style(told: &Told<'_>) -> Vec<Companion> {
    let layer = told.info.schema.name;
    let largest = told.scale.largest();
    // Radius in pixels: the heaviest gets 22 at zoom 0, and grows with the zoom.
    let radius = |pixels: f64| json!(["max", 3, ["*", pixels, ["sqrt", ["/", ["get", "weight_sum"], largest]]]]);
    let wide = json!([
        "any",
        ["==", ["slice", ["coalesce", ["get", "feature"], ""], 0, 5], "A.PCL"],
        ["==", ["slice", ["coalesce", ["get", "feature"], ""], 0, 2], "L."]
    ]);
    let style = json!({
        "version": 8,
        "name": told.info.name,
        "center": [0, 20],
        "zoom": 1,
        "sources": {"mentionmap": {
            "type": "vector",
            "url": format!("pmtiles://{}", told.file),
            "attribution": told.info.attribution,
        }},
        "layers": [
            {"id": "background", "type": "background", "paint": {"background-color": "#e9eef2"}},
            {"id": layer, "type": "circle", "source": "mentionmap", "source-layer": layer,
                "layout": {"circle-sort-key": ["-", 0, ["get", "weight_sum"]]},
                "paint": {
                    "circle-radius": ["interpolate", ["linear"], ["zoom"], 0, radius(22.0), 8, radius(60.0)],
                    "circle-color": ["case", wide, hex(WIDE), hex(PLACE)],
                    "circle-opacity": 0.55,
                    "circle-stroke-width": 0.8,
                    "circle-stroke-color": ["case", wide, "#204d6f", "#8c2c1d"],
                }},
        ],
    });
    vec![Companion { extension: "style.json", text: format!("{style:#}\n") }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poles_and_antimeridian_are_in_a_tile() {
        for (x, y) in [(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0), (179.999, 85.06)] {
            let point = tile_of(At { x, y }).unwrap();
            for zoom in 0..=DEEPEST {
                let (x, y) = within(point, zoom);
                assert!(x < EXTENT && y < EXTENT);
            }
        }
        // The north-western quarter of the world is the first tile of level 1.
        let point = tile_of(At { x: -90.0, y: 45.0 }).unwrap();
        assert_eq!(point.tile >> (2 * u32::from(DEEPEST - 1)), 0);
        assert_eq!(within(point, 0), (1024, 1473));
    }

    #[test]
    fn the_heaviest_stands_for_its_cell() {
        let point = |offset, weight| Spilled { weight, offset, ..tile_of(At { x: 10.0, y: 10.0 }).unwrap() };
        let shown = thinned(&[point(0, 0.25), point(1, 0.5), point(2, 0.5)], 3);
        assert_eq!(shown.len(), 1);
        assert_eq!((shown[0].0.offset, shown[0].1, shown[0].2), (1, 3, 1.25));
    }
}
