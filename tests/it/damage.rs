//! Gazetteer files that are damaged, made up, or another program's: an error or a wrong answer, never a panic. The same
//! questions are asked by `fuzz/fuzz_targets/open_gazetteer.rs`, for as long as one likes.

use crate::support::root;
use mentionmap::gazetteer::format::{BLOCK, MAGIC, VERSION};
use mentionmap::{Article, Gazetteer, Mapper};
use proptest::prelude::*;
use std::fs;

/// Where the header's hash stands, what it is taken from, and where the table of blocks begins.
const HASH: std::ops::Range<usize> = 16..32;
const HASHED_FROM: usize = 32;
const BLOCKS: usize = 176;

fn whole() -> Vec<u8> {
    fs::read(root().join("tests/fixtures/format-3.mentionmap")).unwrap()
}

/// Gives blocks and header their right hashes again, so that damage gets behind the first checks.
fn rehash(file: &mut [u8]) {
    let count = u32::from_le_bytes(file[BLOCKS - 4..BLOCKS].try_into().unwrap()) as usize;
    let end = count.saturating_mul(16).saturating_add(BLOCKS);
    if end <= file.len() {
        let (header, body) = file.split_at_mut(end);
        for (hash, block) in header[BLOCKS..].chunks_exact_mut(16).zip(body.chunks(BLOCK)) {
            hash.copy_from_slice(&xxhash_rust::xxh3::xxh3_128(block).to_le_bytes());
        }
        let hash = xxhash_rust::xxh3::xxh3_128(&header[HASHED_FROM..]);
        header[HASH].copy_from_slice(&hash.to_le_bytes());
    }
}

/// Opens a file and asks everything of it; whether it opened.
fn ask(bytes: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.mentionmap");
    fs::write(&path, bytes).unwrap();
    let _ = Gazetteer::from_bytes(bytes);
    let Ok(gazetteer) = Gazetteer::open(&path) else { return false };
    for place in gazetteer.places() {
        let parents = (place.admin1(), place.admin2(), place.country_place(), place.twin());
        let _ = format!("{place:?} {parents:?} {} {}", place.radius_km(), place.feature());
    }
    for name in ["Raqqa", "Ar Raqqah", "الرقة", "", "Syria", "xyz"] {
        for (place, kind) in gazetteer.lookup(name) {
            let _ = (place.name().len(), kind, place.distance_km(&place));
        }
        gazetteer.fuzzy(name, 5);
    }
    gazetteer.near().nearest(geo::Point::new(39.0, 36.0), 3);
    let _ = (gazetteer.word("police"), gazetteer.country("SY"), gazetteer.verify());
    let text = "Police in Raqqa (الرقة), Syria, said that Ar Raqqah and Raqa lie in Raqqa Governorate.";
    Mapper::new(gazetteer).map(Article::new("1", text));
    true
}

#[test]
fn damage_behind_the_checks_is_asked_about() {
    let mut file = whole();
    let last = file.len() - 1;
    file[last] ^= 1;
    assert!(!ask(&file));
    rehash(&mut file);
    assert!(ask(&file));
}

#[test]
fn the_whole_file_opens() {
    let mut file = whole();
    assert!(ask(&file));
    let before = file.clone();
    rehash(&mut file);
    assert!(file == before, "the header is hashed as this test thinks");
}

#[test]
fn every_cut_is_refused() {
    let file = whole();
    for length in 0..file.len() {
        assert!(!ask(&file[..length]), "cut at {length}");
    }
}

#[test]
fn every_flipped_bit_of_the_header_is_met() {
    let file = whole();
    for at in 0..BLOCKS + 16 {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            assert!(!ask(&flipped), "byte {at}, bit {bit}");
            rehash(&mut flipped);
            ask(&flipped);
        }
    }
}

#[test]
fn other_files_and_newer_ones_are_refused() {
    let mut newer = whole();
    newer[8..12].copy_from_slice(&(VERSION + 1).to_le_bytes());
    let error = Gazetteer::from_bytes(&newer).unwrap_err().to_string();
    assert!(error.contains(&format!("gazetteer format {} (this program reads {VERSION})", VERSION + 1)), "{error}");
    for foreign in [&b"PK\x03\x04"[..], b"SQLite format 3\0", b"\x7fELF", &MAGIC, &[0; 4096], &[0xFF; 4096]] {
        let error = Gazetteer::from_bytes(foreign).unwrap_err().to_string();
        assert!(error.contains("gazetteer"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn bytes_of_all_sorts(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(!ask(&bytes));
        let begun = [&MAGIC[..], &VERSION.to_le_bytes(), &bytes].concat();
        prop_assert!(!ask(&begun));
    }

    #[test]
    fn damage_with_a_header_that_agrees(patches in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8)) {
        let mut file = whole();
        for (at, value) in patches {
            let length = file.len();
            file[at % length] = value;
        }
        ask(&file);
        rehash(&mut file);
        ask(&file);
    }
}
