//! Maps one text: which places it mentions, how often, where they are, and what speaks for each.
//!
//! `cargo run --release --example map_text`

// An example talks to its reader.
#![allow(clippy::print_stdout)] // An example shows its results.

use mentionmap::{Article, Error, Gazetteer, Mapper};

const TEXT: &str = "\
Paris, Texas, has an Eiffel Tower of its own, with a red hat on top. Visitors who drive up from Dallas are told that \
the tower in Paris, Tennessee, is smaller. Nobody in Texas mentions the one in France.";

pub(crate) fn main() -> Result<(), Error> {
    // The gazetteer inside the program: nothing to download, no service to start.
    let mut mapper = Mapper::new(Gazetteer::world()?);
    let map = mapper.map(Article::new("towers", TEXT));
    let world = mapper.gazetteer();

    println!("Places by weight:");
    for mapped in &map.places {
        let Some(place) = world.place(mapped.place) else { continue };
        let admin1 = place.admin1().map_or("", |admin1| admin1.name());
        println!(
            "  {:.2}  {} mentions  {:<10} {:<10} {:<3} {:>9.4} {:>9.4}",
            mapped.weight,
            mapped.mentions,
            place.name(),
            admin1,
            place.country(),
            place.latitude(),
            place.longitude()
        );
    }

    println!("Mentions in reading order:");
    for placement in &map.mentions {
        let surface = &TEXT[placement.mention.start..placement.mention.end];
        let place = placement.place.and_then(|place| world.place(place));
        let answer = place.map_or("nowhere".to_owned(), |place| format!("{} {}", place.id(), place.feature()));
        let why: Vec<&str> = placement.why.iter().map(|evidence| evidence.code()).collect();
        println!("  {surface:<10} {answer:<28} {:.2}  {}", placement.confidence, why.join(", "));
    }
    Ok(())
}
