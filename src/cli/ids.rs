//! Article ids that occur more than once: features of a layer should have ids of their own.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Ids that are remembered, by their hashes: 40 MB at most.
const MOST: usize = 2_000_000;

/// The ids of a layer's articles.
#[derive(Default)]
pub(super) struct Ids {
    seen: FxHashSet<u64>,
    repeated: u64,
    example: Option<String>,
}

impl Ids {
    pub(super) fn add(&mut self, id: &str) {
        let hash = xxh3_64(id.as_bytes());
        if self.seen.contains(&hash) {
            self.repeated += 1;
            self.example.get_or_insert_with(|| id.to_owned());
        } else if self.seen.len() < MOST {
            self.seen.insert(hash);
        }
    }

    /// What to tell, if anything.
    pub(super) fn tell(&self) -> Option<String> {
        let example = self.example.as_ref()?;
        let articles = super::messages::count(self.repeated, "article has", "articles have");
        Some(format!(
            "{articles} the id of another one (such as {example:?}), and so have their features; name a field of unique \
             ids with --id-field, or give --id-field \"\" to have articles numbered"
        ))
    }
}
