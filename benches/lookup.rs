//! Times opening a gazetteer and looking names up in it: `cargo bench --bench lookup -- FILE.mentionmap`; the embedded
//! one when no file is given.

#![allow(clippy::print_stdout)] // A tool for the developer at the terminal.
#![allow(missing_docs)] // Nobody links against it.

use mentionmap::text::name_key;
use mentionmap::{Gazetteer, Result};
use std::hint::black_box;
use std::time::Instant;

const LOOKUPS: u32 = 1_000_000;

fn main() -> Result<()> {
    let path = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let open = || path.as_ref().map_or_else(Gazetteer::world, Gazetteer::open);
    let started = Instant::now();
    black_box(open()?);
    println!("opened in {:.2} ms", started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    let gazetteer = open()?;
    println!("opened again in {:.2} ms", started.elapsed().as_secs_f64() * 1e3);
    // Names from all over the file, so that caches help no more than they would in use.
    let count = gazetteer.meta().places as u32;
    let keys: Vec<String> = (0..count.min(LOOKUPS))
        .filter_map(|i| gazetteer.place((u64::from(i) * 7_919 % u64::from(count)) as u32))
        .map(|place| name_key(place.name()))
        .collect();
    let started = Instant::now();
    let found = keys.iter().filter_map(|key| gazetteer.postings(gazetteer.name(key)?).next()).count();
    let each = started.elapsed().as_secs_f64() * 1e6 / keys.len().max(1) as f64;
    println!("{found} of {} names found, {each:.2} µs a name", keys.len());
    Ok(())
}
