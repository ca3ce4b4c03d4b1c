//! Which candidates of an article are near each other: asked once, and used for all that depends on it.

use super::candidates::Senses;
use crate::gazetteer::{Level, Place};

/// Mean Earth radius in km (IUGG R1), as in GRS 80.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Distances that are told apart, in km, rising.
pub(super) const RINGS: [f64; 5] = [30.0, 60.0, 100.0, 250.0, 1000.0];

/// The most neighbors of a candidate that are kept within the smaller rings and in all, and the most of all candidates
/// together: more say nothing new, and cost without bound.
const MOST: usize = 400;
const MOST_OF_ALL: usize = 1 << 20;

/// The most points that are looked at around a candidate.
const LOOKED_AT: usize = 1 << 13;

/// Cells of the grid in each direction: each is a little wider than the largest ring. Fewer points share one.
const CELLS: usize = 12;
const FEW: usize = 96;

/// A candidate near another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    /// The candidate, by its number among all of the article.
    pub(super) candidate: u32,
    /// Its name.
    pub(super) name: u32,
    /// The smallest of [`RINGS`] that it is in.
    pub(super) ring: u32,
}

/// The candidates of an article that are near each other.
pub(super) struct Nearby {
    /// Where the neighbors of each candidate begin; at last, how many there are.
    begins: Vec<u32>,
    near: Vec<Near>,
}

/// A candidate's point.
#[derive(Clone, Copy, Debug, Default)]
struct Point {
    at: [f64; 3],
    candidate: u32,
    name: u32,
}

/// Points by the cells of a grid around the unit sphere.
///
/// Straight distances on the sphere grow with great-circle distances, and neither the antimeridian nor the poles are
/// special.
struct Grid {
    /// Cells in each direction.
    side: usize,
    /// Where the points of each cell begin; at last, how many there are.
    begins: Vec<u32>,
    points: Vec<Point>,
}

impl Nearby {
    /// Seeks the neighbors of every candidate that is small enough that nearness to it tells something, among such.
    pub(super) fn new(senses: &Senses<'_>) -> Self {
        let mut points = Vec::with_capacity(senses.count());
        let local = (0u32..).zip(senses.each()).filter(|(_, (_, candidate))| candidate.spot.is_local);
        points.extend(local.map(|(candidate, (name, of))| Point {
            at: of.spot.on_sphere,
            candidate,
            name: name as u32,
        }));
        let rings = RINGS.map(squared_chord);
        let most = (MOST_OF_ALL / points.len().max(1)).clamp(4, MOST);
        let grid = Grid::new(&points);
        let mut nearby = Self { begins: Vec::with_capacity(senses.count() + 1), near: Vec::new() };
        for center in &points {
            nearby.begins.resize(center.candidate as usize + 1, nearby.near.len() as u32);
            let full = nearby.near.len() + most;
            let mut looked_at = 0;
            for points in grid.around(center.at) {
                let points = &points[..points.len().min(LOOKED_AT - looked_at)];
                for point in points {
                    let squared = squared_distance(point.at, center.at);
                    if squared <= rings[RINGS.len() - 1] && point.name != center.name {
                        let ring = rings.iter().map(|&ring| u32::from(squared > ring)).sum();
                        nearby.near.push(Near { candidate: point.candidate, name: point.name, ring });
                    }
                }
                looked_at += points.len();
                if looked_at == LOOKED_AT || nearby.near.len() > full {
                    break;
                }
            }
            nearby.near.truncate(full);
        }
        nearby.begins.resize(senses.count() + 1, nearby.near.len() as u32);
        nearby
    }

    /// The neighbors of a candidate, by its number among all; those of its own name are left out.
    pub(super) fn of(&self, candidate: usize) -> &[Near] {
        &self.near[self.begins[candidate] as usize..self.begins[candidate + 1] as usize]
    }
}

impl Grid {
    fn new(points: &[Point]) -> Self {
        let side = if points.len() < FEW { 1 } else { CELLS };
        let cell_of = |point: &Point| cell_number(side, point.at.map(|coordinate| cell(side, coordinate)));
        let mut begins = vec![0u32; side.pow(3) + 1];
        for point in points {
            begins[cell_of(point) + 1] += 1;
        }
        for cell in 1..begins.len() {
            begins[cell] += begins[cell - 1];
        }
        let mut next = begins.clone();
        let mut sorted = vec![Point::default(); points.len()];
        for point in points {
            let next = &mut next[cell_of(point)];
            sorted[*next as usize] = *point;
            *next += 1;
        }
        Self { side, begins, points: sorted }
    }

    /// The points in the cell of a place on the sphere and in those around it: all within the largest ring, and more. They
    /// come in lots, of cells that follow each other.
    fn around(&self, at: [f64; 3]) -> impl Iterator<Item = &[Point]> {
        let [x, y, z] = at.map(|coordinate| {
            let cell = cell(self.side, coordinate);
            cell.saturating_sub(1)..(cell + 2).min(self.side)
        });
        z.flat_map(move |z| y.clone().map(move |y| (y, z))).map(move |(y, z)| {
            let [from, to] = [x.start, x.end].map(|x| self.begins[cell_number(self.side, [x, y, z])] as usize);
            &self.points[from..to]
        })
    }
}

/// The cell of a coordinate on the unit sphere, of so many in each direction.
fn cell(side: usize, coordinate: f64) -> usize {
    (((coordinate + 1.0) * (side as f64 / 2.0)) as usize).min(side - 1)
}

/// Cells that differ in the first coordinate follow each other.
fn cell_number(side: usize, [x, y, z]: [usize; 3]) -> usize {
    (z * side + y) * side + x
}

/// The square of the straight distance, on the unit sphere, between points `km` apart on the Earth.
pub(super) fn squared_chord(km: f64) -> f64 {
    (2.0 * (km / EARTH_RADIUS_KM / 2.0).sin()).powi(2)
}

/// Whether a place is small enough that nearness to it tells something.
pub(super) fn is_local(place: &Place<'_>) -> bool {
    !matches!(place.feature().level(), Level::Country | Level::Region) && place.radius_km() < 400.0
}

/// A place's point on the unit sphere.
pub(super) fn on_sphere(place: &Place<'_>) -> [f64; 3] {
    let (latitude, longitude) = (place.latitude().to_radians(), place.longitude().to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

/// The square of the straight distance between points.
pub(super) fn squared_distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    (0..3).map(|i| (one[i] - other[i]).powi(2)).sum()
}
