//! Weighs places in a way of one's own: what stands in the headline or the first lines counts more, and countries
//! give way to the places within them.
//!
//! `cargo run --release --example own_weights`

// An example talks to its reader.
#![allow(clippy::print_stdout)] // An example shows its results.

use mentionmap::gazetteer::Level;
use mentionmap::{Article, Error, Field, Gazetteer, Mapper};
use std::collections::BTreeMap;

pub(crate) fn main() -> Result<(), Error> {
    let article = Article {
        title: Some("Flood reaches Derna".into()),
        ..Article::new(
            "flood",
            "Two dams above Derna broke in the night. Roads from Benghazi are cut, and aid for the east of Libya is \
             flown in from Egypt and Turkey.",
        )
    };
    let length = article.text.len() as f64;
    let mut mapper = Mapper::new(Gazetteer::world()?);
    let map = mapper.map(article);
    let world = mapper.gazetteer();

    // Each mention carries where it stands, how sure its place is, and what sort of place that is.
    let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
    for placement in &map.mentions {
        let Some(place) = placement.place.and_then(|place| world.place(place)) else { continue };
        let position = match placement.mention.field {
            Field::Title => 3.0,
            Field::Text => 2.0 - placement.mention.start as f64 / length,
        };
        let level = if place.feature().level() == Level::Country { 0.5 } else { 1.0 };
        *weights.entry(place.index()).or_default() += position * level * f64::from(placement.confidence);
    }

    let total: f64 = weights.values().sum();
    let mut ranked: Vec<(u32, f64)> = weights.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (place, weight) in ranked {
        if let Some(place) = world.place(place) {
            println!("{:>5.1} %  {} ({})", 100.0 * weight / total, place.name(), place.country());
        }
    }
    Ok(())
}
