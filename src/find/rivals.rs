//! The candidates around one: those that share its words, and its neighbors.

use super::judge::LONGER;
use super::matcher::{Candidate, LONGEST};

/// Points that stand for "there is none".
pub(super) const NONE: f32 = -12.0;
/// Candidates before and after one that may overlap it or be its neighbors.
const AROUND: usize = 40;
/// A distance in words that stands for "there is none".
const FAR: f32 = 30.0;

/// The candidates that share words with candidate `n`: the strongest, the longer ones' highest, how many.
pub(super) fn rivals(all: &[Candidate], points: &[f32], n: usize) -> (f32, f32, f32) {
    let own = &all[n].words;
    let (mut rival, mut longer, mut count) = (NONE, NONE, 0.0);
    // By first word, and no name is longer than the longest.
    let before = (n.saturating_sub(AROUND)..n).rev().take_while(|&m| all[m].words.start + LONGEST > own.start);
    let after = (n + 1..(n + AROUND).min(all.len())).take_while(|&m| all[m].words.start < own.end);
    for m in before.chain(after) {
        let other = &all[m].words;
        if own.start < other.end {
            count += 1.0;
            rival = rival.max(points[m] + LONGER * (other.len() as f32 - own.len() as f32));
            if other.len() > own.len() {
                longer = longer.max(points[m]);
            }
        }
    }
    (rival, longer, count)
}

/// The nearest likely candidate: its points, and its distance in words.
pub(super) struct Neighbor {
    points: f32,
    distance: f32,
}

impl Neighbor {
    const NONE: Self = Self { points: NONE, distance: f32::INFINITY };

    /// Takes the nearer one, of equals the one with more points.
    fn take(&mut self, distance: f32, points: f32) {
        if points > 0.0 && (distance < self.distance || (distance == self.distance && points > self.points)) {
            *self = Self { points, distance };
        }
    }

    /// Both; far away when there is none.
    pub(super) fn told(&self) -> (f32, f32) {
        (self.points, self.distance.min(FAR))
    }
}

/// The nearest likely candidates before and after candidate `n`.
pub(super) fn neighbors(all: &[Candidate], points: &[f32], n: usize) -> (Neighbor, Neighbor) {
    let own = &all[n].words;
    let (mut before, mut after) = (Neighbor::NONE, Neighbor::NONE);
    for m in (n.saturating_sub(AROUND)..n).rev() {
        let other = &all[m].words;
        if own.start as f32 - (other.start + LONGEST) as f32 > before.distance {
            break; // All that come now start, and end, farther away.
        }
        if other.end <= own.start {
            before.take((own.start - other.end) as f32, points[m]);
        }
    }
    for m in n + 1..(n + AROUND).min(all.len()) {
        let other = &all[m].words;
        if other.start >= own.end {
            let distance = (other.start - own.end) as f32;
            if distance > after.distance {
                break;
            }
            after.take(distance, points[m]);
        }
    }
    (before, after)
}
