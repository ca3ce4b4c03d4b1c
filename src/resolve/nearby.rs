//! Which candidates of an article are near each other: asked once, and used for all that depends on it.

use super::candidates::Senses;
use crate::gazetteer::{Level, Place};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// Mean Earth radius in km (IUGG R1), as in GRS 80.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Distances that are told apart, in km, rising.
pub(super) const RINGS: [f64; 5] = [30.0, 60.0, 100.0, 250.0, 1000.0];

/// The most neighbors that are kept of a candidate, and of all candidates together: more say nothing new, and cost without
/// bound.
const MOST: usize = 400;
const MOST_OF_ALL: usize = 1 << 20;

/// The most points that are looked at around a candidate.
const LOOKED_AT: usize = 1 << 13;

/// Fewer points are looked at one by one.
const FEW: usize = 256;
/// So many of them at a time.
const LOT: usize = 8;

/// Of very many points, so many next ones in both directions are looked at.
const ALONG: usize = 4;

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
#[derive(Clone, Copy, Debug)]
struct Point {
    at: [f64; 3],
    candidate: u32,
    name: u32,
}

/// The points of an article's candidates, to be asked which lie around one.
///
/// They lie on the unit sphere: straight distances there grow with great-circle distances, and neither the antimeridian
/// nor the poles are special.
enum Points<'p> {
    /// So few that looking at each is quicker than making a tree.
    Few(Few<'p>),
    Many(RTree<Point>),
}

/// Few points, by coordinate: distances from one to all are worked out several at a time.
struct Few<'p> {
    points: &'p [Point],
    /// Lots of them, filled up with points that are far from all.
    along: Vec<[[f64; LOT]; 3]>,
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
        let seek = if senses.is_part { Self::along } else { Self::among };
        seek(&points, senses.count())
    }

    /// The neighbors of each of `count` candidates; those without a point have none.
    fn among(centers: &[Point], count: usize) -> Self {
        let rings = RINGS.map(squared_chord);
        let most = (MOST_OF_ALL / centers.len().max(1)).clamp(4, MOST);
        let mut nearby = Self { begins: Vec::with_capacity(count + 1), near: Vec::with_capacity(2 * centers.len()) };
        let points = Points::new(centers);
        for center in centers {
            nearby.begins.resize(center.candidate as usize + 1, nearby.near.len() as u32);
            let full = nearby.near.len() + most;
            points.around(center.at, rings[RINGS.len() - 1], |point, squared| {
                if point.name != center.name {
                    let ring = rings.iter().map(|&ring| u32::from(squared > ring)).sum();
                    nearby.near.push(Near { candidate: point.candidate, name: point.name, ring });
                }
                nearby.near.len() < full
            });
        }
        nearby.begins.resize(count + 1, nearby.near.len() as u32);
        nearby
    }

    /// Some neighbors of every candidate, when there are very many: those that are next to it on a line that goes through
    /// all cells of a cube around the Earth. Half of what is near is near on the line, too.
    fn along(points: &[Point], count: usize) -> Self {
        let rings = RINGS.map(squared_chord);
        let mut line: Vec<(u32, u32)> = (0..).zip(points).map(|(n, point)| (cell(point.at), n)).collect();
        line.sort_unstable();
        let mut places = vec![0u32; points.len()];
        for (place, &(_, n)) in (0..).zip(&line) {
            places[n as usize] = place;
        }
        let mut nearby = Self { begins: Vec::with_capacity(count + 1), near: Vec::with_capacity(points.len() * 2) };
        for (center, &place) in points.iter().zip(&places) {
            nearby.begins.resize(center.candidate as usize + 1, nearby.near.len() as u32);
            let place = place as usize;
            for &(_, n) in &line[place.saturating_sub(ALONG)..(place + ALONG + 1).min(line.len())] {
                let point = &points[n as usize];
                let squared = squared_distance(point.at, center.at);
                if point.name != center.name && squared <= rings[RINGS.len() - 1] {
                    let ring = rings.iter().map(|&ring| u32::from(squared > ring)).sum();
                    nearby.near.push(Near { candidate: point.candidate, name: point.name, ring });
                }
            }
        }
        nearby.begins.resize(count + 1, nearby.near.len() as u32);
        nearby
    }

    /// The neighbors of a candidate, by its number among all; those of its own name are left out.
    pub(super) fn of(&self, candidate: usize) -> &[Near] {
        &self.near[self.begins[candidate] as usize..self.begins[candidate + 1] as usize]
    }
}

impl<'p> Points<'p> {
    fn new(points: &'p [Point]) -> Self {
        if points.len() >= FEW {
            return Self::Many(RTree::bulk_load(points.to_vec()));
        }
        let lot = |points: &[Point]| {
            let coordinate = |axis: usize, n: usize| points.get(n).map_or(f64::INFINITY, |point| point.at[axis]);
            std::array::from_fn(|axis| std::array::from_fn(|n| coordinate(axis, n)))
        };
        Self::Few(Few { points, along: points.chunks(LOT).map(lot).collect() })
    }

    /// Hands over the points within a squared distance of a place, with theirs, until `take` has enough or many have been
    /// looked at.
    fn around(&self, at: [f64; 3], most: f64, mut take: impl FnMut(&Point, f64) -> bool) {
        match self {
            Self::Few(Few { points, along }) => {
                for ([x, y, z], points) in along.iter().zip(points.chunks(LOT)) {
                    let mut squared = [0.0; LOT];
                    for n in 0..LOT {
                        let (x, y, z) = (x[n] - at[0], y[n] - at[1], z[n] - at[2]);
                        squared[n] = x * x + y * y + z * z;
                    }
                    for (point, &squared) in points.iter().zip(&squared) {
                        if squared <= most && !take(point, squared) {
                            return;
                        }
                    }
                }
            }
            Self::Many(tree) => {
                for point in tree.locate_within_distance(at, most).take(LOOKED_AT) {
                    if !take(point, squared_distance(point.at, at)) {
                        break;
                    }
                }
            }
        }
    }
}

impl RTreeObject for Point {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Point {
    fn distance_2(&self, at: &[f64; 3]) -> f64 {
        squared_distance(self.at, *at)
    }
}

/// The number of a point's cell on a line through all of them (a Z-order curve), 1,024 in each direction.
fn cell(at: [f64; 3]) -> u32 {
    at.iter().fold(0, |cell, x| {
        let mut bits = ((x + 1.0) * 511.99) as u32 & 0x3FF;
        bits = (bits | bits << 16) & 0x0300_00FF;
        bits = (bits | bits << 8) & 0x0300_F00F;
        bits = (bits | bits << 4) & 0x030C_30C3;
        bits = (bits | bits << 2) & 0x0924_9249;
        cell << 1 | bits
    })
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
    at_degrees(place.latitude(), place.longitude())
}

fn at_degrees(latitude: f64, longitude: f64) -> [f64; 3] {
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

/// The square of the straight distance between points.
pub(super) fn squared_distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    (0..3).map(|i| (one[i] - other[i]).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Haversine};
    use proptest::prelude::*;

    /// Closer to the edge of a ring than this, in km, rounding decides.
    const EDGE: f64 = 1e-6;

    fn points(degrees: &[(f64, f64)]) -> Vec<Point> {
        let numbered = degrees.iter().zip(0..);
        numbered.map(|(&(north, east), n)| Point { at: at_degrees(north, east), candidate: n, name: n }).collect()
    }

    /// The candidate and the ring of each neighbor, sorted; without those at the edge of a ring.
    fn told(nearby: &Nearby, of: usize, degrees: &[(f64, f64)]) -> Vec<(usize, usize)> {
        let near = nearby.of(of).iter().map(|near| (near.candidate as usize, near.ring as usize));
        let mut near: Vec<_> = near.filter(|&(other, _)| !is_edge(km(degrees, of, other))).collect();
        near.sort_unstable();
        near
    }

    fn by_force(of: usize, degrees: &[(f64, f64)]) -> Vec<(usize, usize)> {
        let others = (0..degrees.len()).filter(|&other| other != of).map(|other| (other, km(degrees, of, other)));
        let near = others.filter(|&(_, km)| km <= RINGS[RINGS.len() - 1] && !is_edge(km));
        near.map(|(other, km)| (other, RINGS.iter().filter(|&&ring| km > ring).count())).collect()
    }

    fn km(degrees: &[(f64, f64)], one: usize, other: usize) -> f64 {
        let point = |n: usize| geo::Point::new(degrees[n].1, degrees[n].0);
        Haversine.distance(point(one), point(other)) / 1000.0
    }

    fn is_edge(km: f64) -> bool {
        RINGS.iter().any(|ring| (ring - km).abs() < EDGE)
    }

    /// A point anywhere, at a pole, along the antimeridian, or in a region where most are near each other.
    fn point() -> impl Strategy<Value = (f64, f64)> {
        prop_oneof![
            (-90.0..=90.0, -180.0..=180.0),
            (prop_oneof![Just(90.0), Just(-90.0), 85.0..=90.0, -90.0..=-85.0], -180.0..=180.0),
            (-90.0..=90.0, prop_oneof![Just(180.0), Just(-180.0), 178.0..=180.0, -180.0..=-178.0]),
            (33.0..=37.0, 36.0..=42.0),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn agrees_with_brute_force(degrees in prop::collection::vec(point(), 1..3 * FEW)) {
            let nearby = Nearby::among(&points(&degrees), degrees.len());
            for of in 0..degrees.len() {
                prop_assert_eq!(told(&nearby, of, &degrees), by_force(of, &degrees));
            }
        }

        #[test]
        fn the_tree_agrees_with_looking_at_each(degrees in prop::collection::vec(point(), FEW..2 * FEW)) {
            let points = points(&degrees);
            let points = &points[..FEW - 1];
            let (few, many) = (Points::new(points), Points::Many(RTree::bulk_load(points.to_vec())));
            prop_assert!(matches!(few, Points::Few(_)));
            for center in points {
                for ring in RINGS.map(squared_chord) {
                    let around = |all: &Points<'_>| {
                        let mut found = Vec::new();
                        all.around(center.at, ring, |point, squared| {
                            found.push((point.candidate, squared.to_bits()));
                            true
                        });
                        found.sort_unstable();
                        found
                    };
                    prop_assert_eq!(around(&few), around(&many));
                }
            }
        }
    }

    #[test]
    fn a_name_is_no_neighbor_of_itself_and_places_without_a_point_have_none() {
        let mut three = points(&[(35.0, 39.0), (35.1, 39.0), (35.2, 39.0)]);
        three[1].name = 0;
        three[2].candidate = 4;
        let nearby = Nearby::among(&three, 6);
        let of = |n: usize| nearby.of(n).iter().map(|near| near.candidate).collect::<Vec<_>>();
        assert_eq!((0..6).map(of).collect::<Vec<_>>(), [vec![4], vec![4], vec![], vec![], vec![0, 1], vec![]]);
    }
}
