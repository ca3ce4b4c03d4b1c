//! Writes a GeoNames dump of any size that is the same on every machine: how `gazetteer build` and `map` fare with all
//! places of the world can be measured without having them.
//!
//! `rustc -O benches/generate_dump.rs && ./generate_dump FOLDER 12000000 25000000` writes `allCountries.txt` and
//! `alternateNamesV2.txt` with that many places, and names beside their main ones.

#![allow(clippy::expect_used, clippy::print_stderr)] // A tool for the developer at the terminal.
#![allow(missing_docs)] // Nobody links against it.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

const LATIN: &[&str] = &[
    "ba", "den", "ka", "lo", "mir", "na", "ol", "pe", "qa", "ra", "san", "ta", "ur", "vi", "wa", "xi", "ya", "zor",
    "stad", "ville", "ton", "bur", "gra", "hol", "é", "ñi", "ü", "ko", "le", "mu", "no", "pra",
];
const ARABIC: &[&str] = &["با", "دن", "كا", "لو", "مر", "نا", "رق", "سا", "تا", "حل", "هو", "زو", "شا", "عين"];
const FEATURES: &[(&str, &str)] =
    &[("P", "PPL"), ("P", "PPL"), ("P", "PPL"), ("P", "PPLX"), ("H", "STM"), ("T", "HLL"), ("S", "FRM"), ("L", "LCTY")];
const COUNTRIES: &[&str] = &["US", "SY", "IQ", "FR", "DE", "RU", "CN", "IN", "BR", "NG", "ID", "MX"];

/// A name of one to three words; short ones come up again and again, as San José does.
fn name(random: &mut Random, syllables: &[&str], out: &mut String) {
    out.clear();
    for word in 0..=random.below(3) {
        if word > 0 {
            out.push(' ');
        }
        let from = out.len();
        for _ in 0..2 + random.below(3) {
            out.push_str(syllables[random.below(syllables.len())]);
        }
        if let Some(first) = out.get_mut(from..=from) {
            first.make_ascii_uppercase();
        }
    }
}

fn write(folder: &Path, places: usize, names: usize) -> Result<()> {
    let mut random = Random(12);
    let mut text = String::new();
    let mut out = BufWriter::new(File::create(folder.join("allCountries.txt"))?);
    for id in 1..=places {
        name(&mut random, LATIN, &mut text);
        let (class, code) = FEATURES[random.below(FEATURES.len())];
        let country = COUNTRIES[random.below(COUNTRIES.len())];
        let (latitude, longitude) =
            (random.below(16_000_000) as f64 / 1e5 - 80.0, random.below(36_000_000) as f64 / 1e5 - 180.0);
        let population = if random.below(20) == 0 { random.below(300_000) } else { 0 };
        let (admin1, admin2) = (random.below(40), random.below(4000));
        writeln!(
            out,
            "{id}\t{text}\t{text}\t\t{latitude:.5}\t{longitude:.5}\t{class}\t{code}\t{country}\t\t{admin1:02}\t{admin2}\t\t\t{population}\t\t\t\t2024-01-01"
        )?;
    }
    out.flush()?;
    let mut out = BufWriter::new(File::create(folder.join("alternateNamesV2.txt"))?);
    for id in 1..=names {
        let (language, syllables) = if random.below(4) == 0 { ("ar", ARABIC) } else { ("en", LATIN) };
        name(&mut random, syllables, &mut text);
        writeln!(out, "{id}\t{}\t{language}\t{text}\t\t\t\t\t\t", 1 + random.below(places))?;
    }
    out.flush()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, places, names] = &arguments[..] else {
        // Cargo runs benches with arguments of its own: then there is nothing to do.
        eprintln!("usage: generate_dump FOLDER PLACES NAMES");
        return;
    };
    let number = |text: &str| text.parse().expect("a number");
    write(Path::new(folder), number(places), number(names)).expect("the folder can be written to");
}
