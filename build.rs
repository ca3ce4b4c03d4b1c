//! Unpacks the embedded gazetteer, so that the program can use it in place.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data/world.mentionmap.xz");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    let packed = Path::new("data/world.mentionmap.xz");
    let mut world = io::BufWriter::new(fs::File::create(out.join("world.mentionmap"))?);
    if packed.exists() {
        io::copy(&mut liblzma::read::XzDecoder::new(fs::File::open(packed)?), &mut world)?;
    }
    io::Write::flush(&mut world)
}
