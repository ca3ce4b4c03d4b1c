//! Layers of shards back into features, and places of many shards into places over all.
//!
//! What `map` wrote per article or per mention is joined as it is; places are added up, and their sums are exact, so
//! that the result is the layer that a single run would have written.

#[cfg(feature = "full")]
mod columns;
mod places;
mod shard;

pub(crate) use places::Places;
pub(crate) use shard::{Facts, Sink, read};

use crate::error::{Error, Result};
use crate::write::Per;
use geojson::Feature;

/// What a feature of ours stands for, by the properties that it has.
pub(crate) fn per(feature: &Feature) -> Result<Per> {
    let has = |name: &str| feature.contains_property(name);
    match (has("place_id"), has("article"), has("field")) {
        (true, true, true) => Ok(Per::Mention),
        (true, true, false) if has("weight") => Ok(Per::Article),
        (true, false, false) if has("articles") => Ok(Per::Place),
        _ => Err(Error::format("a feature without the properties of a map; give layers that mentionmap wrote")),
    }
}
