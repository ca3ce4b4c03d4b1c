//! The box around all points, across the antimeridian where that makes it smaller.

use super::values::At;
use serde::{Deserialize, Serialize};

/// Longitudes are gathered in stripes of one degree, so that the box is exact and the memory bounded.
const STRIPES: usize = 360;

/// West, south, east, north of points that come one by one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    /// The southernmost and the northernmost latitude.
    south_north: Option<(f64, f64)>,
    /// The westernmost and the easternmost point of each stripe.
    stripes: Vec<Option<(f64, f64)>>,
}

impl Default for Envelope {
    fn default() -> Self {
        Self { south_north: None, stripes: vec![None; STRIPES] }
    }
}

impl Envelope {
    pub(super) fn add(&mut self, at: At) {
        let (south, north) = self.south_north.unwrap_or((at.y, at.y));
        self.south_north = Some((south.min(at.y), north.max(at.y)));
        let stripe = ((at.x + 180.0).floor() as usize).min(STRIPES - 1);
        let (west, east) = self.stripes[stripe].unwrap_or((at.x, at.x));
        self.stripes[stripe] = Some((west.min(at.x), east.max(at.x)));
    }

    /// West, south, east, north; west is less than east.
    pub(super) fn flat(&self) -> Option<[f64; 4]> {
        let (south, north) = self.south_north?;
        let mut used = self.stripes.iter().flatten();
        let &(west, first_east) = used.next()?;
        let east = used.next_back().map_or(first_east, |&(_, east)| east);
        Some([west, south, east, north])
    }

    /// As RFC 7946, section 5.2, has it: west is greater than east when the box crosses the antimeridian, which it does
    /// when all points then lie within half the world, and otherwise do not.
    pub(super) fn round(&self) -> Option<[f64; 4]> {
        let [west, south, east, north] = self.flat()?;
        if east - west <= 180.0 {
            return Some([west, south, east, north]);
        }
        // The widest gap between neighbors is what a box across the antimeridian leaves out.
        let mut used = self.stripes.iter().flatten();
        let mut last_east = used.next()?.1;
        let mut gap = (0.0, east, west);
        for &(next_west, next_east) in used {
            if next_west - last_east > gap.0 {
                gap = (next_west - last_east, last_east, next_west);
            }
            last_east = next_east;
        }
        let (wide, gap_begins, gap_ends) = gap;
        Some(if wide >= 180.0 { [gap_ends, south, gap_begins, north] } else { [west, south, east, north] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(points: &[(f64, f64)]) -> Envelope {
        let mut envelope = Envelope::default();
        for &(x, y) in points {
            envelope.add(At { x, y });
        }
        envelope
    }

    #[test]
    fn crosses_the_antimeridian_where_that_is_nearer() {
        let pacific = around(&[(178.4, -18.1), (-171.8, -13.8), (179.2, -8.5)]);
        assert_eq!(pacific.round(), Some([178.4, -18.1, -171.8, -8.5]));
        assert_eq!(pacific.flat(), Some([-171.8, -18.1, 179.2, -8.5]));
        let world = around(&[(-120.0, 0.0), (0.0, 10.0), (150.0, 20.0)]);
        assert_eq!(world.round(), Some([-120.0, 0.0, 150.0, 20.0]));
    }

    #[test]
    fn poles_and_edges_and_nothing() {
        assert_eq!(around(&[]).round(), None);
        assert_eq!(around(&[(180.0, 90.0)]).round(), Some([180.0, 90.0, 180.0, 90.0]));
        assert_eq!(around(&[(0.0, -90.0), (10.5, 90.0)]).round(), Some([0.0, -90.0, 10.5, 90.0]));
        assert_eq!(around(&[(-180.0, 1.0), (180.0, 1.0)]).round(), Some([180.0, 1.0, -180.0, 1.0]));
    }
}
