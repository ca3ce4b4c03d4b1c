//! Which names are written, and where: the heaviest first, each at the first of eight positions where it touches
//! neither another name nor a large circle.

use super::Spot;
use super::font::Fonts;
use super::frame::At;
use rstar::primitives::Rectangle;
use rstar::{AABB, RTree};

/// The most names of places on a map.
const MOST: usize = 70;

/// A name on the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub(super) text: String,
    /// Its left end and baseline, in pixels.
    pub(super) at: At,
    /// In pixels.
    pub(super) size: f64,
    pub(super) is_bold: bool,
}

/// What is taken on the sheet.
pub(super) struct Room {
    taken: RTree<Rectangle<At>>,
    width: f64,
    height: f64,
}

impl Room {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { taken: RTree::new(), width, height }
    }

    /// Takes a box, by its left, top, right and bottom.
    pub(super) fn take(&mut self, [left, top, right, bottom]: [f64; 4]) {
        self.taken.insert(Rectangle::from_corners([left, top], [right, bottom]));
    }

    fn is_free(&self, [left, top, right, bottom]: [f64; 4]) -> bool {
        let is_on_sheet = left >= 3.0 && top >= 3.0 && right <= self.width - 3.0 && bottom <= self.height - 3.0;
        let around = AABB::from_corners([left, top], [right, bottom]);
        is_on_sheet && self.taken.locate_in_envelope_intersecting(&around).next().is_none()
    }

    /// Takes a box if it is free.
    pub(super) fn try_take(&mut self, area: [f64; 4]) -> bool {
        let is_free = self.is_free(area);
        if is_free {
            self.take(area);
        }
        is_free
    }
}

/// Names of places. Circles come as center and radius, the heaviest first, as the places do.
pub(super) fn place(spots: &[&Spot], circles: &[(At, f64)], fonts: &Fonts, room: &mut Room) -> Vec<Label> {
    // Names may touch the rim of a circle, and cover dots, but not hide what is large.
    for &([x, y], r) in circles.iter().filter(|(_, r)| *r >= 5.0) {
        room.take([x - r * 0.7, y - r * 0.7, x + r * 0.7, y + r * 0.7]);
    }
    let mut labels = Vec::new();
    for (spot, &(at, r)) in spots.iter().zip(circles) {
        if labels.len() >= MOST {
            break;
        }
        let is_bold = r >= 12.0;
        let size = (11.5 + r / 6.0).min(17.0);
        let text: String = shortened(&spot.name);
        let width = fonts.width(&text, size, is_bold);
        let found = positions(at, r, width, size).into_iter().find(|&[left, middle]| {
            room.try_take([left - 2.0, middle - size * 0.56, left + width + 2.0, middle + size * 0.56])
        });
        if let Some([left, middle]) = found {
            labels.push(Label { text, at: [left, middle + size * 0.36], size, is_bold });
        }
    }
    labels
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 40 { name.to_owned() } else { name.chars().take(39).chain(['…']).collect() }
}

/// Left end and middle line of a name around a circle: right, left, above, below, then the corners.
fn positions([x, y]: At, r: f64, width: f64, size: f64) -> [At; 8] {
    let beside = r + 4.0;
    let stack = r + size * 0.62 + 1.0;
    let (dx, dy) = (r * 0.72 + 2.5, r * 0.72 + size * 0.4);
    [
        [x + beside, y],
        [x - beside - width, y],
        [x - width / 2.0, y - stack],
        [x - width / 2.0, y + stack],
        [x + dx, y - dy],
        [x + dx, y + dy],
        [x - dx - width, y - dy],
        [x - dx - width, y + dy],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(n: usize) -> Vec<Spot> {
        let name = |i| format!("Place {i}");
        (0..n)
            .map(|i| Spot { name: name(i), longitude: 0.0, latitude: 0.0, is_area: false, weight: (n - i) as f64 })
            .collect()
    }

    fn area(label: &Label, fonts: &Fonts) -> [f64; 4] {
        let width = fonts.width(&label.text, label.size, label.is_bold);
        [label.at[0], label.at[1] - label.size * 0.7, label.at[0] + width, label.at[1] + label.size * 0.1]
    }

    #[test]
    fn names_do_not_touch() {
        let fonts = Fonts::load().unwrap();
        let spots = spots(60);
        let circles: Vec<(At, f64)> =
            (0..60).map(|i| ([300.0 + f64::from(i % 8) * 31.0, 200.0 + f64::from(i / 8) * 14.0], 6.0)).collect();
        let labels = place(&spots.iter().collect::<Vec<_>>(), &circles, &fonts, &mut Room::new(900.0, 600.0));
        assert!((10..60).contains(&labels.len()), "{}", labels.len());
        for (i, a) in labels.iter().enumerate() {
            for b in &labels[..i] {
                let ([l, t, r, d], [l2, t2, r2, d2]) = (area(a, &fonts), area(b, &fonts));
                assert!(r <= l2 || r2 <= l || d <= t2 || d2 <= t, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_heaviest_has_its_name_on_the_right_and_the_edge_turns_it() {
        let fonts = Fonts::load().unwrap();
        let (spots, room) = (spots(1), || Room::new(900.0, 600.0));
        let label = |x: f64| place(&[&spots[0]], &[([x, 300.0], 10.0)], &fonts, &mut room()).remove(0);
        assert_eq!(label(400.0).at[0], 414.0);
        assert!(label(890.0).at[0] < 880.0);
    }
}
