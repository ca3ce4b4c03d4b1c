//! The places near a point, through an R-tree over points on the sphere.
//!
//! Points are kept on the unit sphere in three dimensions: straight distances there grow with great-circle distances,
//! and neither the antimeridian nor the poles are special. The tree is made when it is asked for, since mapping
//! articles needs none.

use super::{Gazetteer, Place};
use geo::{Distance, Haversine, Point};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Mean Earth radius in km, the one of [`geo::Haversine`].
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Straight distances are compared with this much to spare, some meters, before great-circle distances decide: near
/// the antipode of a point straight distances tell less than the last digits of great-circle distances.
const SPARE: f64 = 1e-12;

/// A place with its number, as a point on the unit sphere.
type OnSphere = GeomWithData<[f64; 3], u32>;

/// An index over the places of a gazetteer that finds the nearest to a point.
///
/// Made by [`Gazetteer::near`] or [`Gazetteer::near_where`]; holds a (cheap) clone of its gazetteer. Building takes
/// O(*n* log *n*) time, a fifth of a second for the built-in gazetteer, and 32 bytes for each place; a query takes
/// O(log *n*) time for each place found.
///
/// ```
/// use geo::Point;
/// use mentionmap::Gazetteer;
///
/// let world = Gazetteer::world()?;
/// let near = world.near_where(|place| place.feature().class() == 'P' && place.population() >= 100_000);
/// let found = near.nearest(Point::new(39.01, 35.95), 2);
/// assert_eq!(found[0].place.id().to_string(), "geonames:172955");
/// assert!(found[0].km < 1.0 && found[1].km > 40.0);
/// # Ok::<(), mentionmap::Error>(())
/// ```
#[derive(Clone)]
pub struct Near {
    gazetteer: Gazetteer,
    tree: RTree<OnSphere>,
}

/// A place and how far it is from the point that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Neighbor<'n> {
    /// The place.
    pub place: Place<'n>,
    /// Great-circle distance in km (haversine, mean Earth radius 6371.0088 km), to the place's point, not to its edge.
    pub km: f64,
}

impl Gazetteer {
    /// An index of all places that finds the nearest to a point.
    pub fn near(&self) -> Near {
        self.near_where(|_| true)
    }

    /// An index of the places for which `keep` is true.
    pub fn near_where(&self, keep: impl Fn(&Place<'_>) -> bool) -> Near {
        let points =
            self.places().filter(|p| keep(p)).map(|place| OnSphere::new(on_sphere(place.point()), place.index()));
        Near { tree: RTree::bulk_load(points.collect()), gazetteer: self.clone() }
    }
}

impl Near {
    /// The `count` places nearest to `point` (x is the longitude, y the latitude, in degrees, WGS 84), nearest first;
    /// of places equally far the more prominent first. None when a coordinate of `point` is infinite or not a number.
    pub fn nearest(&self, point: Point, count: usize) -> Vec<Neighbor<'_>> {
        self.nearest_within(point, count, f64::INFINITY)
    }

    /// All places within `km` of `point`, the distance itself included, in the order of [`Near::nearest`].
    ///
    /// ```
    /// use geo::Point;
    /// use mentionmap::Gazetteer;
    ///
    /// // Fiji lies on both sides of the antimeridian.
    /// let near = Gazetteer::world()?.near();
    /// let found = near.within(Point::new(180.0, -18.2), 150.0);
    /// assert!(found.iter().any(|n| n.place.longitude() > 0.0) && found.iter().any(|n| n.place.longitude() < 0.0));
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn within(&self, point: Point, km: f64) -> Vec<Neighbor<'_>> {
        self.nearest_within(point, usize::MAX, km)
    }

    /// The `count` nearest of the places within `km` of `point`.
    pub fn nearest_within(&self, point: Point, count: usize, km: f64) -> Vec<Neighbor<'_>> {
        // The tree cannot order distances that are not numbers.
        if count == 0 || km.is_nan() || km < 0.0 || !(point.x().is_finite() && point.y().is_finite()) {
            return Vec::new();
        }
        let mut reach = squared_chord(km) + SPARE;
        let mut found = Vec::new();
        for (at, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&on_sphere(point)) {
            if squared > reach {
                break;
            }
            if let Some(place) = self.gazetteer.place(at.data) {
                found.push(Neighbor { place, km: Haversine.distance(point, place.point()) / 1000.0 });
            }
            // Places as far as the last one compete for the last seat: their order is ours, not the tree's.
            if found.len() == count {
                reach = reach.min(squared + SPARE);
            }
        }
        found.retain(|neighbor| neighbor.km <= km);
        found.sort_by(|a, b| a.km.total_cmp(&b.km).then(a.place.index().cmp(&b.place.index())));
        found.truncate(count);
        found
    }

    /// How many places are in the index.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether no place is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::fmt::Debug for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Near").field("places", &self.len()).finish_non_exhaustive()
    }
}

/// The square of the straight distance, on the unit sphere, between points `km` apart on the Earth.
fn squared_chord(km: f64) -> f64 {
    let angle = (km / EARTH_RADIUS_KM).min(std::f64::consts::PI);
    (2.0 * (angle / 2.0).sin()).powi(2)
}

fn on_sphere(point: Point) -> [f64; 3] {
    let (longitude, latitude) = point.to_radians().x_y();
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::build::{Builder, PlaceInput};
    use proptest::prelude::*;

    fn gazetteer(points: &[(f64, f64)]) -> Gazetteer {
        let mut builder = Builder::default();
        for (&(latitude, longitude), id) in points.iter().zip(1..) {
            let place = PlaceInput::geonames(id, &format!("Place {id}"), "P.PPL");
            builder.add_place(PlaceInput { latitude, longitude, ..place });
        }
        Gazetteer::from_bytes(&builder.finish().unwrap()).unwrap()
    }

    /// Every place with its distance, in the order of the index.
    fn by_force(gazetteer: &Gazetteer, from: Point) -> Vec<(f64, u32)> {
        let mut all: Vec<(f64, u32)> =
            gazetteer.places().map(|p| (Haversine.distance(from, p.point()) / 1000.0, p.index())).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all
    }

    fn told(found: &[Neighbor<'_>]) -> Vec<(f64, u32)> {
        found.iter().map(|n| (n.km, n.place.index())).collect()
    }

    /// Points all over the globe, many of them at the poles, along the antimeridian, or on a coarse grid.
    fn point() -> impl Strategy<Value = (f64, f64)> {
        prop_oneof![
            (-90.0..=90.0, -180.0..=180.0),
            (prop_oneof![Just(90.0), Just(-90.0), 89.9..=90.0, -90.0..=-89.9], -180.0..=180.0),
            (-90.0..=90.0, prop_oneof![Just(180.0), Just(-180.0), 179.9..=180.0, -180.0..=-179.9]),
            ((-3..=3i32).prop_map(|n| f64::from(n) * 30.0), (-3..=3i32).prop_map(|n| f64::from(n) * 60.0)),
        ]
    }

    proptest! {
        #[test]
        fn agrees_with_brute_force(
            points in prop::collection::vec(point(), 0..60),
            (latitude, longitude) in point(),
            count in 0usize..70,
            km in prop_oneof![0.0..100.0, 0.0..21_000.0],
        ) {
            let gazetteer = gazetteer(&points);
            let near = gazetteer.near();
            let from = Point::new(longitude, latitude);
            let mut all = by_force(&gazetteer, from);
            prop_assert_eq!(told(&near.nearest(from, count)), &all[..count.min(all.len())]);
            all.retain(|&(distance, _)| distance <= km);
            prop_assert_eq!(told(&near.within(from, km)), &all[..]);
            prop_assert_eq!(told(&near.nearest_within(from, count, km)), &all[..count.min(all.len())]);
        }
    }

    #[test]
    fn agrees_with_brute_force_on_the_world() {
        let world = Gazetteer::world().unwrap();
        let near = world.near();
        assert_eq!(near.len() as u64, world.meta().places);
        for (latitude, longitude) in [(35.95, 39.01), (90.0, 0.0), (-90.0, 12.0), (-17.0, 180.0), (52.9, -179.99)] {
            let from = Point::new(longitude, latitude);
            let all = by_force(&world, from);
            assert_eq!(told(&near.nearest(from, 50)), &all[..50]);
            let within = all.iter().take_while(|(km, _)| *km <= 300.0).count();
            assert_eq!(told(&near.within(from, 300.0)), &all[..within]);
        }
    }

    #[test]
    fn crosses_the_antimeridian_and_the_poles() {
        let gazetteer = gazetteer(&[(0.0, 179.9), (0.0, 170.0), (89.9, 0.0), (80.0, 180.0)]);
        let near = gazetteer.near();
        let nearest = |latitude, longitude| {
            let found = near.nearest(Point::new(longitude, latitude), 1);
            (found[0].place.name(), found[0].km.round())
        };
        assert_eq!(nearest(0.0, -179.9), ("Place 1", 22.0));
        assert_eq!(nearest(89.9, 180.0), ("Place 3", 22.0));
    }

    #[test]
    fn what_is_no_point_has_no_neighbors() {
        let near = gazetteer(&[(1.0, 2.0)]).near();
        assert!(near.nearest(Point::new(f64::NAN, 0.0), 1).is_empty());
        assert!(near.nearest(Point::new(0.0, f64::INFINITY), 1).is_empty());
        assert!(near.within(Point::new(2.0, 1.0), -1.0).is_empty());
        assert_eq!(near.within(Point::new(2.0, 1.0), 0.0).len(), 1);
        assert!(gazetteer(&[]).near().is_empty());
    }
}
