//! Opens damaged gazetteer files and asks everything of those that open.
//!
//! Run as CONTRIBUTING.md tells. An input that begins like a gazetteer is taken as a file, as it is and with its hashes
//! put right; any other is a list of patches of a whole file, three bytes each, with the hashes put right, so that damage
//! gets behind the checks.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mentionmap::gazetteer::build::{Builder, PlaceInput};
use mentionmap::gazetteer::format::{BLOCK, MAGIC};
use mentionmap::gazetteer::{NameKind, WordFlags};
use mentionmap::write::Features;
use mentionmap::{Article, Gazetteer, Mapper};
use std::io::Write;
use std::sync::LazyLock;
use tempfile::NamedTempFile;

/// Where the header's hash stands, what it is taken from, and where the table of blocks begins.
const HASH: std::ops::Range<usize> = 16..32;
const HASHED_FROM: usize = 32;
const BLOCKS: usize = 176;

const OVERLAY: &str = "name,lat,lon,country,place_id,action\nRaqqa,35.9,39.0,SY,custom:own,\nHoms,,,,geonames:1,\n\
                       Hama,,,,,silence\nNew Place,1.0,2.0,XX,,\n";
const TEXT: &str = "RAQQA (AP) - Police in Ar Raqqah, Syria, said on Monday that 200 Syrians left Homs and al-Hol for \
                    Place 17, Raqqa Governorate. قال في الرقة. Ein Dorf bei Ölort, near Rakqa and Place 3, SY.";

fuzz_target!(|data: &[u8]| {
    if data.starts_with(&MAGIC) {
        ask(data);
        let mut right = data.to_vec();
        rehash(&mut right);
        ask(&right);
    } else {
        let mut patched = WHOLE.clone();
        for patch in data.chunks_exact(3) {
            let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % patched.len();
            patched[at] = patch[2];
        }
        rehash(&mut patched);
        ask(&patched);
    }
});

/// Has everything that a gazetteer can have: all levels, kinds of names and ids, scripts, and nodes of many letters.
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    let place = |id, name: &str, feature: &str, (latitude, longitude), admin1: &str, admin2: &str| PlaceInput {
        latitude,
        longitude,
        population: id * 1000,
        country: "SY".into(),
        admin1: admin1.into(),
        admin2: admin2.into(),
        ..PlaceInput::geonames(id, name, feature)
    };
    let syria = builder.add_place(place(9, "Syria", "A.PCLI", (35.0, 38.0), "", ""));
    builder.add_name(syria, "Syrians", NameKind::Demonym);
    builder.add_name(syria, "SY", NameKind::Abbreviation);
    builder.add_place(place(8, "Raqqa Governorate", "A.ADM1", (35.9, 39.0), "04", ""));
    builder.add_place(place(7, "Raqqa District", "A.ADM2", (35.9, 39.1), "04", "01"));
    let raqqa = builder.add_place(place(6, "Ar Raqqah", "P.PPLA", (35.95, 39.01), "04", "01"));
    builder.add_name(raqqa, "الرقة", NameKind::Alternate);
    builder.add_place(place(5, "Homs", "P.PPLA", (34.73, 36.71), "11", ""));
    builder.add_place(place(4, "Hama", "P.PPLA", (35.13, 36.75), "10", ""));
    let camp = PlaceInput::custom("al-hol", "Al-Hol", "S.CMPRF");
    builder.add_place(PlaceInput { latitude: 36.38, longitude: 41.15, country: "SY".into(), ..camp });
    for (letter, n) in ('a'..='z').chain('0'..='9').chain('а'..='я').chain('ا'..='ي').zip(100..) {
        let name = format!("{letter}rt Place {n}");
        builder.add_place(place(n, &name, "P.PPL", (f64::from(n) - 130.0, f64::from(n)), "04", "01"));
    }
    builder.add_place(place(3, "Ölort", "P.PPL", (90.0, 180.0), "", ""));
    for word in ["police", "monday", "said", "near"] {
        builder.add_word(word, WordFlags::COMMON);
    }
    builder.finish().expect("a gazetteer")
});

/// The overlay's file, once for the whole run.
static OVERLAY_FILE: LazyLock<NamedTempFile> = LazyLock::new(|| {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a temporary file");
    file.write_all(OVERLAY.as_bytes()).expect("room for it");
    file
});

/// Gives blocks and header their right hashes again.
fn rehash(file: &mut [u8]) {
    if file.len() < BLOCKS {
        return;
    }
    let count = u32::from_le_bytes([file[172], file[173], file[174], file[175]]) as usize;
    let Some(end) = count.checked_mul(16).and_then(|n| n.checked_add(BLOCKS)).filter(|&end| end <= file.len()) else {
        return;
    };
    let (header, body) = file.split_at_mut(end);
    for (hash, block) in header[BLOCKS..].chunks_exact_mut(16).zip(body.chunks(BLOCK)) {
        hash.copy_from_slice(&xxhash_rust::xxh3::xxh3_128(block).to_le_bytes());
    }
    let hash = xxhash_rust::xxh3::xxh3_128(&header[HASHED_FROM..]).to_le_bytes();
    header[HASH].copy_from_slice(&hash);
}

fn ask(bytes: &[u8]) {
    let _ = Gazetteer::from_bytes(bytes);
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    let Ok(gazetteer) = Gazetteer::open(file.path()) else { return };
    let _ = (gazetteer.verify(), gazetteer.hash(), gazetteer.meta().attribution(), gazetteer.size_bytes());
    ask_opened(&gazetteer);
    if let Ok(stacked) = gazetteer.with_overlay(&[OVERLAY_FILE.path()]) {
        ask_opened(&stacked);
    }
}

fn ask_opened(gazetteer: &Gazetteer) {
    let first = gazetteer.place(0);
    for place in gazetteer.places() {
        let parents = [place.admin1(), place.admin2(), place.country_place(), place.twin()];
        let _ = format!("{place:?} {parents:?} {:?} {} {}", place.feature().level(), place.feature(), place.radius_km());
        for parent in parents.into_iter().flatten().chain(first) {
            let _ = (place.lies_in(&parent), place.distance_km(&parent));
        }
    }
    for name in ["Raqqa", "Ar Raqqah", "الرقة", "", "Syria", "Homs", "Hama", "Syrians", "art place 100", "new place"] {
        for (place, kind) in gazetteer.lookup(name) {
            let _ = (place.name().len(), kind.as_str());
        }
        let _ = gazetteer.fuzzy(name, 5);
        let _ = gazetteer.search(name, true);
    }
    let near = gazetteer.near();
    for (longitude, latitude) in [(39.0, 36.0), (180.0, 90.0)] {
        let _ = near.nearest(geo::Point::new(longitude, latitude), 3);
        let _ = near.within(geo::Point::new(longitude, latitude), 500.0);
    }
    let _ = (gazetteer.word("police"), gazetteer.country("SY"), gazetteer.country("XX"));
    // The matcher's walk through the names, and what the other stages ask of places.
    let map = Mapper::new(gazetteer.clone()).map(Article::new("1", TEXT));
    for feature in Features::new(gazetteer.clone(), true).of_article(&map) {
        let _ = format!("{feature:?}");
    }
}
