//! Natural Earth's land, borders and names, as `xtask basemap` packs them.

use crate::error::Result;
use flate2::read::ZlibDecoder;
use serde::Deserialize;

/// JSON, packed with zlib: two topologies of land and borders, one of provinces' borders, and names. The page takes it
/// as it is.
pub(in crate::write) const PACKED: &[u8] = include_bytes!("../../../data/map/basemap.json.zlib");

/// The base map: lines of longitude and latitude, in degrees.
pub(super) struct BaseMap {
    /// The rings of land, lakes' among them.
    pub(super) land: Vec<Vec<[f64; 2]>>,
    /// Borders between countries.
    pub(super) borders: Vec<Vec<[f64; 2]>>,
    /// Borders between provinces.
    pub(super) provinces: Vec<Vec<[f64; 2]>>,
    /// Countries by size: name, longitude, latitude, the root of the area in degrees.
    pub(super) countries: Vec<(String, f64, f64, f64)>,
    /// Provinces by importance: name, longitude, latitude, the web map zoom from which they are named.
    pub(super) province_names: Vec<(String, f64, f64, f64)>,
}

#[derive(Deserialize)]
struct Packed {
    detail: Topology<Nations>,
    provinces: Topology<Divisions>,
    country_names: Vec<(String, f64, f64, f64)>,
    province_names: Vec<(String, f64, f64, f64)>,
}

#[derive(Deserialize)]
struct Topology<O> {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: O,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Nations {
    land: Arcs<Vec<Vec<Vec<i64>>>>,
    borders: Arcs<Vec<Vec<i64>>>,
}

#[derive(Deserialize)]
struct Divisions {
    provinces: Arcs<Vec<Vec<i64>>>,
}

#[derive(Deserialize)]
struct Arcs<A> {
    arcs: A,
}

impl<O> Topology<O> {
    /// The line that arcs make one after the other; an arc that is run backwards is given as `!number`.
    fn line(&self, arcs: &[i64]) -> Vec<[f64; 2]> {
        let Transform { scale, translate } = &self.transform;
        let mut line: Vec<[f64; 2]> = Vec::new();
        for &arc in arcs {
            let number = if arc < 0 { !arc } else { arc };
            let mut at = [0, 0];
            let mut points: Vec<[f64; 2]> = self
                .arcs
                .get(number as usize)
                .into_iter()
                .flatten()
                .map(|step| {
                    at = [at[0] + step[0], at[1] + step[1]];
                    [at[0] as f64 * scale[0] + translate[0], at[1] as f64 * scale[1] + translate[1]]
                })
                .collect();
            if arc < 0 {
                points.reverse();
            }
            // Where two arcs meet, both have the point.
            line.extend(points.into_iter().skip(usize::from(!line.is_empty())));
        }
        line
    }
}

impl BaseMap {
    /// Unpacks it.
    pub(super) fn load() -> Result<Self> {
        let packed: Packed =
            serde_json::from_reader(std::io::BufReader::new(ZlibDecoder::new(PACKED))).map_err(std::io::Error::from)?;
        let Packed { detail, provinces, country_names, province_names } = packed;
        let lines = |of: &[Vec<i64>]| of.iter().map(|arcs| detail.line(arcs)).collect::<Vec<_>>();
        Ok(Self {
            land: detail.objects.land.arcs.iter().flat_map(|polygon| lines(polygon)).collect(),
            borders: lines(&detail.objects.borders.arcs),
            provinces: provinces.objects.provinces.arcs.iter().map(|arcs| provinces.line(arcs)).collect(),
            countries: country_names,
            province_names,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn land_is_closed_and_on_earth() {
        let map = BaseMap::load().unwrap();
        assert!(map.land.len() > 1000 && map.borders.len() > 300 && map.provinces.len() > 3000);
        assert!(map.countries.len() > 200 && map.province_names.len() > 3000);
        for ring in &map.land {
            assert_eq!(ring.first(), ring.last());
        }
        let is_on_earth = |p: &[f64; 2]| p[0].abs() <= 180.001 && p[1].abs() <= 90.001;
        assert!(map.land.iter().chain(&map.borders).chain(&map.provinces).flatten().all(is_on_earth));
    }
}
