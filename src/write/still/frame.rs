//! The part of the world that is shown: fitted to the places, and lines cut to it.

use super::Spot;
use super::projection::{Projection, relative};

/// A point of the sheet, in pixels, y downward.
pub(super) type At = [f64; 2];

/// Places farther than this from their middle, in degrees, make a world map.
const LOCAL: f64 = 48.0;
/// The least that is shown around places and around nothing but areas, in the sphere's radius: 300 km and 900 km.
const LEAST: [f64; 2] = [300.0 / 6371.0, 900.0 / 6371.0];
/// The part of all weight that is enough for a frame.
const ENOUGH: f64 = 0.85;
/// The usual middle meridian: its other side, 169 degrees west, cuts through the Bering Strait.
const MERIDIAN: f64 = 11.0;
/// Longest step of a projected line, in degrees: straight lines of the globe are curves on the sheet.
const STEP: f64 = 2.0;

/// A projected rectangle, and where it lies on the sheet.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    projection: Projection,
    /// West and north end, in the units of the projection.
    corner: [f64; 2],
    /// Pixels for a unit of the projection.
    pub(super) scale: f64,
    /// Of the sheet, in pixels.
    pub(super) width: f64,
    pub(super) height: f64,
    /// The least and greatest longitude from the middle meridian, and the same of latitude, in degrees.
    window: [[f64; 2]; 2],
}

impl Frame {
    /// The frame around these places, `width` pixels wide; its height follows.
    ///
    /// When nearly all weight is in one part of the world and the rest is far off, it is the frame of that part.
    pub(super) fn fit(spots: &[Spot], width: f64) -> Self {
        let core = core(spots);
        let spots = core.as_deref().unwrap_or(spots);
        let middle = middle(spots);
        let is_far = |s: &Spot| {
            let flat = Projection::EqualArea(0.0, middle[1]).forward([relative(s.longitude, middle[0]), s.latitude]);
            2.0 * (flat[0].hypot(flat[1]) / 2.0).min(1.0).asin() > LOCAL.to_radians()
        };
        if spots.is_empty() || spots.iter().any(is_far) {
            Self::world(spots, width)
        } else {
            Self::local(spots, middle, width)
        }
    }

    fn world(spots: &[Spot], width: f64) -> Self {
        let projection = Projection::NaturalEarth(meridian(spots));
        let side = projection.forward([180.0, 0.0])[0];
        // Without Antarctica, unless something is there.
        let lowest = spots.iter().map(|s| s.latitude - 6.0).fold(-57.0, f64::min).max(-90.0);
        let [south, north] = [lowest, 90.0].map(|p| projection.forward([0.0, p])[1]);
        let scale = width / (2.0 * side * 1.01);
        Self {
            projection,
            corner: [-side * 1.01, north + side * 0.01],
            scale,
            width,
            height: (north - south + side * 0.02) * scale,
            window: [[-180.0, 180.0], [-90.0, 90.0]],
        }
    }

    fn local(spots: &[Spot], mut middle: [f64; 2], width: f64) -> Self {
        let least = LEAST[usize::from(spots.iter().all(|s| s.is_area))];
        let mut reach = [least, least];
        // The first middle is that of gravity: from there, to the middle of the rectangle around all.
        for _ in 0..3 {
            let projection = Projection::EqualArea(middle[0], middle[1]);
            let flat = spots.iter().map(|s| projection.forward([relative(s.longitude, middle[0]), s.latitude]));
            let ends = flat.fold([f64::MAX, f64::MIN, f64::MAX, f64::MIN], |[w, e, s, n], [x, y]| {
                [w.min(x), e.max(x), s.min(y), n.max(y)]
            });
            let [w, e, s, n] = ends;
            reach = [((e - w) / 2.0 * 1.16).max(least), ((n - s) / 2.0 * 1.2).max(least)];
            if let Some([l, p]) = projection.back([f64::midpoint(w, e), f64::midpoint(s, n)]) {
                middle = [relative(middle[0] + l, 0.0), p];
            }
        }
        // Neither a tower nor a ribbon.
        let shape = (reach[1] / reach[0]).clamp(0.52, 0.78);
        let reach = [reach[0].max(reach[1] / shape), reach[1].max(reach[0] * shape)];
        let mut frame = Self {
            projection: Projection::EqualArea(middle[0], middle[1]),
            corner: [-reach[0], reach[1]],
            scale: width / (2.0 * reach[0]),
            width,
            height: width * reach[1] / reach[0],
            window: [[-180.0, 180.0], [-90.0, 90.0]],
        };
        frame.window = frame.look_around(reach);
        frame
    }

    /// The longitudes and latitudes that the frame may hold, and some more.
    fn look_around(&self, reach: [f64; 2]) -> [[f64; 2]; 2] {
        let Projection::EqualArea(_, latitude) = self.projection else { return self.window };
        let mut window = [[0.0f64, 0.0f64], [latitude, latitude]];
        for i in -12..=12 {
            for j in -12..=12 {
                let at = [reach[0] * f64::from(i) / 12.0, reach[1] * f64::from(j) / 12.0];
                let Some(point) = self.projection.back(at) else { return self.window };
                for (range, value) in window.iter_mut().zip(point) {
                    *range = [range[0].min(value - 2.0), range[1].max(value + 2.0)];
                }
            }
        }
        // Around a pole all meridians meet.
        for pole in [-90.0, 90.0] {
            let at = self.projection.forward([0.0, pole]);
            if at[0].abs() <= reach[0] && at[1].abs() <= reach[1] * 1.05 {
                window[0] = [-180.0, 180.0];
                window[1][usize::from(pole > 0.0)] = pole;
            }
        }
        [window[0].map(|l| l.clamp(-180.0, 180.0)), window[1].map(|p| p.clamp(-90.0, 90.0))]
    }

    /// Whether it shows the whole world.
    pub(super) fn is_world(&self) -> bool {
        matches!(self.projection, Projection::NaturalEarth(_))
    }

    /// Pixels for a degree of latitude in the middle.
    pub(super) fn degree(&self) -> f64 {
        self.scale.to_radians()
    }

    /// Where a place is on the sheet; none when it is outside.
    pub(super) fn point(&self, longitude: f64, latitude: f64) -> Option<At> {
        let l = relative(longitude, self.projection.meridian());
        let [west_east, south_north] = self.window;
        let is_in = (west_east[0]..=west_east[1]).contains(&l) && (south_north[0]..=south_north[1]).contains(&latitude);
        let at = self.on_sheet([l, latitude]);
        (is_in && (0.0..=self.width).contains(&at[0]) && (0.0..=self.height).contains(&at[1])).then_some(at)
    }

    fn on_sheet(&self, point: [f64; 2]) -> At {
        let [x, y] = self.projection.forward(point);
        [(x - self.corner[0]) * self.scale, (self.corner[1] - y) * self.scale]
    }

    /// The outline of the globe, on a world map.
    pub(super) fn globe(&self) -> Option<Vec<At>> {
        let side = |l: f64, turn: f64| (-90..=90).map(move |p| [l, f64::from(p) * turn]);
        self.is_world().then(|| side(180.0, 1.0).chain(side(-180.0, -1.0)).map(|p| self.on_sheet(p)).collect())
    }

    /// The parts of an area within the frame's window.
    pub(super) fn area(&self, ring: &[[f64; 2]]) -> Vec<Vec<At>> {
        let mut unrolled = self.unroll(ring);
        if let (Some(first), Some(last)) = (unrolled.first().copied(), unrolled.last().copied())
            && (first[0] - last[0]).abs() > 180.0
        {
            // It goes around a pole, which is part of it.
            let pole = if first[1] < 0.0 { -90.0 } else { 90.0 };
            unrolled.extend([[last[0], pole], [first[0], pole]]);
        }
        let mut parts = Vec::new();
        for turn in [-720.0, -360.0, 0.0, 360.0, 720.0] {
            let mut part: Vec<[f64; 2]> = unrolled.iter().map(|p| [p[0] + turn, p[1]]).collect();
            for (axis, sign, end) in [
                (0, 1.0, self.window[0][0]),
                (0, -1.0, -self.window[0][1]),
                (1, 1.0, self.window[1][0]),
                (1, -1.0, -self.window[1][1]),
            ] {
                part = cut(&part, |p| sign * p[axis] - end);
            }
            if part.len() > 2 {
                part.push(part[0]);
                parts.push(self.projected(&part));
            }
        }
        parts
    }

    /// The parts of a line within the frame's window.
    pub(super) fn line(&self, line: &[[f64; 2]]) -> Vec<Vec<At>> {
        let mut parts = Vec::new();
        let mut part: Vec<[f64; 2]> = Vec::new();
        let [west_east, south_north] = self.window;
        let mut before: Option<[f64; 2]> = None;
        for &there in line {
            let is_seam = before.is_some_and(|before| along_seam(before, there));
            before = Some(there);
            let point = [relative(there[0], self.projection.meridian()), there[1]];
            let is_in = (west_east[0]..=west_east[1]).contains(&point[0])
                && (south_north[0]..=south_north[1]).contains(&point[1]);
            let jumps = part.last().is_some_and(|last| (last[0] - point[0]).abs() > 180.0);
            if !is_in || jumps || is_seam {
                parts.push(std::mem::take(&mut part));
            }
            if is_in {
                part.push(point);
            }
        }
        parts.push(part);
        parts.iter().filter(|part| part.len() > 1).map(|part| self.projected(part)).collect()
    }

    /// Longitudes from the middle meridian, going on beyond 180 degrees where the line does.
    fn unroll(&self, line: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let mut last: Option<f64> = None;
        line.iter()
            .map(|&[longitude, latitude]| {
                let l = relative(longitude, last.unwrap_or(self.projection.meridian()))
                    + last.unwrap_or(self.projection.meridian());
                last = Some(l);
                [l - self.projection.meridian(), latitude]
            })
            .collect()
    }

    fn projected(&self, line: &[[f64; 2]]) -> Vec<At> {
        let mut points = Vec::with_capacity(line.len());
        for pair in line.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let steps = ((b[0] - a[0]).abs().max((b[1] - a[1]).abs()) / STEP).ceil().max(1.0) as u32;
            for i in 0..steps {
                let t = f64::from(i) / f64::from(steps);
                points.push(self.on_sheet([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]));
            }
        }
        points.extend(line.last().map(|&p| self.on_sheet(p)));
        points
    }
}

/// Whether a line runs where areas are cut open to lie flat: along the antimeridian, or at a pole. No coast is there.
fn along_seam(a: [f64; 2], b: [f64; 2]) -> bool {
    let is_side = |p: [f64; 2]| p[0].abs() > 179.99;
    let is_pole = |p: [f64; 2]| p[1].abs() > 89.9;
    (is_side(a) && is_side(b)) || (is_pole(a) && is_pole(b))
}

/// Cuts off what is outside, where `depth` is negative (Sutherland and Hodgman's way).
fn cut(ring: &[[f64; 2]], depth: impl Fn([f64; 2]) -> f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let Some(mut from) = ring.last().copied() else { return kept };
    for &to in ring {
        let (a, b) = (depth(from), depth(to));
        if (a < 0.0) != (b < 0.0) {
            let t = a / (a - b);
            kept.push([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t]);
        }
        if b >= 0.0 {
            kept.push(to);
        }
        from = to;
    }
    kept
}

/// The places around which nearly all weight is, when the others are far off. Places come by weight.
fn core(spots: &[Spot]) -> Option<Vec<Spot>> {
    let heavy = &spots[..spots.len().min(40)];
    let off = |a: &Spot, b: &Spot| {
        let flat = Projection::EqualArea(0.0, a.latitude).forward([relative(b.longitude, a.longitude), b.latitude]);
        2.0 * (flat[0].hypot(flat[1]) / 2.0).min(1.0).asin()
    };
    let sum_from = |a: &Spot| heavy.iter().map(|b| b.weight * off(a, b)).sum::<f64>();
    let middle = heavy.iter().min_by(|a, b| sum_from(a).total_cmp(&sum_from(b)))?;
    let mut order: Vec<(f64, &Spot)> = spots.iter().map(|s| (off(middle, s), s)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let enough = ENOUGH * spots.iter().map(|s| s.weight).sum::<f64>();
    let mut sum = 0.0;
    let reach = order.iter().find(|(_, s)| {
        sum += s.weight;
        sum >= enough
    });
    let reach = reach?.0.max(0.02);
    let is_apart = reach < 0.6 && order.last().is_some_and(|(farthest, _)| *farthest > 3.0 * reach);
    let near = || order.iter().take_while(|(far, _)| *far <= 1.1 * reach).map(|(_, s)| (*s).clone()).collect();
    is_apart.then(near)
}

/// The middle of the places on the globe: longitude and latitude.
fn middle(spots: &[Spot]) -> [f64; 2] {
    let sum = spots.iter().fold([0.0; 3], |[x, y, z], s| {
        let (l, p) = (s.longitude.to_radians(), s.latitude.to_radians());
        [x + p.cos() * l.cos(), y + p.cos() * l.sin(), z + p.sin()]
    });
    let [x, y, z] = sum;
    if x.hypot(y).hypot(z) < 1e-6 {
        return [0.0, 0.0];
    }
    [y.atan2(x).to_degrees(), z.atan2(x.hypot(y)).to_degrees()]
}

/// The middle meridian of a world map: the usual one, or, when places lie where that would cut, the one whose other
/// side is in the middle of the widest gap.
fn meridian(spots: &[Spot]) -> f64 {
    let cut = MERIDIAN - 180.0;
    if spots.iter().all(|s| relative(s.longitude, cut).abs() > 8.0) {
        return MERIDIAN;
    }
    let mut longitudes: Vec<f64> = spots.iter().map(|s| s.longitude.rem_euclid(360.0)).collect();
    longitudes.sort_by(f64::total_cmp);
    let mut widest = (0.0, cut);
    for (i, &here) in longitudes.iter().enumerate() {
        let next = longitudes.get(i + 1).copied().unwrap_or(longitudes[0] + 360.0);
        if next - here > widest.0 {
            widest = (next - here, f64::midpoint(here, next));
        }
    }
    relative(widest.1 + 180.0, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(longitude: f64, latitude: f64) -> Spot {
        Spot { name: String::new(), longitude, latitude, is_area: false, weight: 1.0 }
    }

    fn assert_all_in(frame: &Frame, spots: &[Spot]) {
        for s in spots {
            assert!(frame.point(s.longitude, s.latitude).is_some(), "{s:?} in {frame:?}");
        }
    }

    #[test]
    fn every_place_is_in_its_frame() {
        let sets: [&[(f64, f64)]; 9] = [
            &[(39.0, 36.0), (41.0, 36.4)],
            &[(2.3, 48.9), (-74.0, 40.7), (139.7, 35.7)],
            &[(179.9, -16.8), (-179.9, -17.2)],
            &[(0.0, 90.0)],
            &[(0.0, -90.0), (100.0, -75.0)],
            &[(15.6, 78.2), (-150.0, 82.0)],
            &[(178.0, -18.0), (-122.0, 37.0), (151.0, -33.0), (-170.0, -14.0)],
            &[(37.6, 55.7)],
            &[(-180.0, 0.0), (180.0, 10.0)],
        ];
        for set in sets {
            let spots: Vec<Spot> = set.iter().map(|&(l, p)| spot(l, p)).collect();
            assert_all_in(&Frame::fit(&spots, 1000.0), &spots);
        }
    }

    #[test]
    fn islands_on_both_sides_of_the_antimeridian_are_near_each_other() {
        let spots = [spot(179.9, -16.8), spot(-179.9, -17.2)];
        let frame = Frame::fit(&spots, 1000.0);
        assert!(!frame.is_world());
        let [a, b] = [0, 1].map(|i| frame.point(spots[i].longitude, spots[i].latitude).unwrap());
        assert!(a[0] < b[0] && b[0] - a[0] < 100.0, "{a:?} {b:?}");
    }

    #[test]
    fn what_is_far_and_light_does_not_stretch_the_frame() {
        let mut spots = vec![spot(39.0, 36.0), spot(41.0, 36.4), spot(43.1, 36.3)];
        spots.push(Spot { weight: 0.2, ..spot(-77.0, 38.9) });
        let frame = Frame::fit(&spots, 1000.0);
        assert_all_in(&frame, &spots[..3]);
        assert!(!frame.is_world() && frame.point(-77.0, 38.9).is_none());
        // What is heavy does.
        spots[3].weight = 2.0;
        assert_all_in(&Frame::fit(&spots, 1000.0), &spots);
    }

    #[test]
    fn land_around_the_frame_fills_it() {
        // Deep in Asia: every corner of the sheet is land.
        let frame = Frame::fit(&[spot(80.0, 45.0)], 1000.0);
        let ring = [[30.0, 10.0], [140.0, 10.0], [140.0, 70.0], [30.0, 70.0], [30.0, 10.0]];
        let parts = frame.area(&ring);
        assert_eq!(parts.len(), 1);
        let [w, e] = parts[0].iter().fold([f64::MAX, f64::MIN], |[w, e], p| [w.min(p[0]), e.max(p[0])]);
        assert!(w <= 0.0 && e >= 1000.0);
    }

    #[test]
    fn an_area_around_the_pole_holds_it() {
        let frame = Frame::fit(&[spot(0.0, -89.9)], 1000.0);
        let ring: Vec<[f64; 2]> = (0..=36).map(|i| [relative(f64::from(i) * 10.0, 0.0), -70.0]).collect();
        let parts = frame.area(&ring);
        let inside = |at: At| {
            parts.iter().any(|part| {
                let crossings = part.windows(2).filter(|p| {
                    (p[0][1] > at[1]) != (p[1][1] > at[1])
                        && at[0] < (p[1][0] - p[0][0]) * (at[1] - p[0][1]) / (p[1][1] - p[0][1]) + p[0][0]
                });
                crossings.count() % 2 == 1
            })
        };
        for longitude in [-170.0, -90.0, 0.5, 90.0, 170.0] {
            assert!(inside(frame.point(longitude, -89.0).unwrap()), "{longitude}");
        }
    }
}
