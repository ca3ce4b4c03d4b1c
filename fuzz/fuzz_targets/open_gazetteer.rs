//! Opens damaged gazetteer files and asks everything of those that open.
//!
//! Run with `cargo +nightly fuzz run open_gazetteer`. The input is taken as a file as it is, and as a patch of a whole
//! file whose header is given the right hash again, so that damage gets behind the check of the header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mentionmap::Gazetteer;
use std::io::Write;

const WHOLE: &[u8] = include_bytes!("../../tests/fixtures/format-3.mentionmap");

fuzz_target!(|data: &[u8]| {
    ask(data);
    let mut patched = WHOLE.to_vec();
    for patch in data.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % patched.len();
        patched[at] = patch[2];
    }
    ask(&patched);
    rehash(&mut patched);
    ask(&patched);
});

/// Makes the header agree with itself again: where its table of blocks ends, and its hash.
fn rehash(file: &mut [u8]) {
    const BLOCKS: usize = 176;
    let count = u32::from_le_bytes([file[172], file[173], file[174], file[175]]) as usize;
    let Some(end) = count.checked_mul(16).and_then(|n| n.checked_add(BLOCKS)).filter(|&end| end <= file.len()) else {
        return;
    };
    let hash = xxhash_rust::xxh3::xxh3_128(&file[32..end]).to_le_bytes();
    file[16..32].copy_from_slice(&hash);
}

fn ask(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    let Ok(gazetteer) = Gazetteer::open(file.path()) else { return };
    for place in gazetteer.places() {
        let _ = format!("{place:?} {:?} {:?} {:?}", place.admin1(), place.country_place(), place.twin());
    }
    for name in ["Raqqa", "Ar Raqqah", "الرقة", "", "Syria"] {
        let _ = gazetteer.lookup(name).count();
        let _ = gazetteer.fuzzy(name, 5);
    }
    let _ = gazetteer.word("police");
    let _ = gazetteer.verify();
}
