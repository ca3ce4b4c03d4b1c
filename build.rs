//! Joins and unpacks the embedded gazetteer, so that the program can use it in place.

use std::io::Read;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // The halves are crates: cargo runs this again when they change.
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    let packed = mentionmap_world_1::HALF.chain(mentionmap_world_2::HALF);
    let mut world = io::BufWriter::new(fs::File::create(out.join("world.mentionmap"))?);
    io::copy(&mut liblzma::read::XzDecoder::new(packed), &mut world)?;
    io::Write::flush(&mut world)
}
