//! Streams an archive of articles, one JSON object a line, into a layer, on several threads, in bounded memory.
//!
//! `cargo run --release --example stream_json_lines > map.geojson`

// An example talks to its reader.
#![allow(clippy::print_stderr)] // An example shows its results.

use mentionmap::read::{Input, ReadOptions, articles};
use mentionmap::write::{Features, Format, LayerInfo, Schema, layer};
use mentionmap::{Error, Gazetteer, Mapper};
use std::io::{BufWriter, Write, stdout};

pub(crate) fn main() -> Result<(), Error> {
    run(stdout())
}

/// Writes the layer to `out`; gives the first error that is about writing.
pub(crate) fn run(out: impl Write) -> Result<(), Error> {
    let world = Gazetteer::world()?;
    let info = LayerInfo { name: "articles".into(), ..LayerInfo::new(&world, Schema::default()) };
    let mut layer = layer(Format::GeoJson, BufWriter::new(out), info)?;
    let features = Features::new(world.clone(), false);
    let mut broken = 0;

    // The iterator reads as the mapper asks for more: the archive may be larger than memory.
    let archive = vec![Input::Path("examples/articles.jsonl".into())];
    Mapper::new(world).map_all(articles(archive, ReadOptions::default()), 2, |mapped| {
        match mapped {
            Ok(map) => features.of_article(&map).iter().try_for_each(|feature| layer.write(feature))?,
            // A broken line does not end the run: say which it was, and go on.
            Err(error) => {
                eprintln!("{error}");
                broken += 1;
            }
        }
        Ok(())
    })?;
    layer.finish()?;
    eprintln!("{broken} records could not be read");
    Ok(())
}
