//! Builds a gazetteer of one's own places and maps with it: the farms of a valley that no public gazetteer knows.
//!
//! `cargo run --release --example build_gazetteer`

// An example talks to its reader.
#![allow(clippy::print_stdout)] // An example shows its results.

use mentionmap::gazetteer::NameKind;
use mentionmap::gazetteer::build::{Builder, PlaceInput};
use mentionmap::{Article, Error, Gazetteer, Mapper};

pub(crate) fn main() -> Result<(), Error> {
    let mut builder = Builder::default();
    for (id, name, latitude, longitude, population) in
        [("upper-mill", "Uppermill", 53.548, -2.007, 400), ("old-ford", "Oldford", 53.551, -1.995, 25)]
    {
        let place = PlaceInput { latitude, longitude, population, ..PlaceInput::custom(id, name, "P.PPL") };
        builder.add_place(place);
    }
    // Other spellings are added to the handle of their place; case, accents and hyphens need none.
    let farm = builder.add_place(PlaceInput {
        latitude: 53.5,
        longitude: -2.0,
        population: 6,
        ..PlaceInput::custom("hill-farm", "Hill Top Farm", "S.FRM")
    });
    builder.add_name(farm, "Hilltop", NameKind::Alternate);

    // The bytes can be written to a file and opened with Gazetteer::open, or with --gazetteer on the command line.
    let valley = Gazetteer::from_bytes(&builder.finish()?)?;
    println!("{} places, {} names, hash {}", valley.meta().places, valley.meta().names, valley.hash());

    let text = "The road from Uppermill to Oldford was closed on Friday. Walkers from Uppermill slept at Hilltop.";
    let mut mapper = Mapper::new(valley);
    let map = mapper.map(Article::new("road", text));
    for mapped in &map.places {
        if let Some(place) = mapper.gazetteer().place(mapped.place) {
            println!("{:<18} {:<14} {} mentions", place.id().to_string(), place.name(), mapped.mentions);
        }
    }
    Ok(())
}
