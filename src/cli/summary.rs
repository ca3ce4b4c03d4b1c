//! What a run came to.

use super::messages::count;
use crate::weigh::ArticleMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Counts of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) articles: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    pub(super) mentions: u64,
    pub(super) placed: u64,
    pub(super) features: u64,
    /// Inputs that are as they were when they were last mapped.
    pub(super) unchanged: u64,
    /// Layers that were written.
    #[serde(skip)]
    pub(super) outputs: u64,
    places: BTreeSet<u32>,
}

impl Summary {
    pub(super) fn add(&mut self, map: &ArticleMap) {
        self.articles += 1;
        self.mentions += map.mentions.len() as u64;
        self.placed += (map.mentions.len() - map.unplaced()) as u64;
        self.places.extend(map.places.iter().map(|place| place.place));
    }

    /// One line for people.
    pub(super) fn tell(&self, started: Instant, passed_over: u64, output: Option<&Path>) -> String {
        let mut text = format!(
            "{}, {} ({} placed, {} not), {}, {} in {}",
            count(self.articles, "article", "articles"),
            count(self.mentions, "mention", "mentions"),
            self.placed,
            self.mentions - self.placed,
            count(self.places.len() as u64, "place", "places"),
            count(self.features, "feature", "features"),
            duration(started.elapsed()),
        );
        if let Some(path) = output {
            if self.outputs > 1 || self.unchanged > 0 {
                _ = write!(text, ", to {} in {}", count(self.outputs, "file", "files"), path.display());
            } else {
                _ = write!(text, ", to {}", path.display());
            }
        }
        for (number, one, many) in [
            (self.unchanged, "input unchanged", "inputs unchanged"),
            (self.skipped, "record skipped", "records skipped"),
            (self.failed, "input failed", "inputs failed"),
            (passed_over, "file of other kinds passed over", "files of other kinds passed over"),
        ] {
            if number > 0 {
                _ = write!(text, "; {}", count(number, one, many));
            }
        }
        text
    }
}

/// "35 ms", "4.2 s", "3 min 5 s".
pub(super) fn duration(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0 => format!("{} ms", elapsed.as_millis()),
        seconds @ 1..60 => format!("{seconds}.{} s", elapsed.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
