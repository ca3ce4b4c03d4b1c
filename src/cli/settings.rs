//! A hash of all that decides what comes out: options, gazetteer, program.

use super::arguments::Map;
use crate::error::{Error, Result};
use crate::read::Input;
use std::fmt::Write;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;
use xxhash_rust::xxh3::Xxh3;

/// The hash of options, gazetteer and program. Whatever option is added is a part of it, unless it is left out here.
pub(super) fn hash(arguments: &Map, gazetteer: &str) -> String {
    let deciding = Map {
        inputs: Vec::new(),
        urls: None,
        output: None,
        jobs: None,
        errors: None,
        quiet: false,
        update: false,
        resume: false,
        ..arguments.clone()
    };
    // Homes count by what the file says, not by its name alone.
    let homes = arguments.leaning.homes.as_deref().map(hash_of_file).and_then(Result::ok);
    digest(&format!("{} {gazetteer} {deciding:?} {homes:?}", env!("CARGO_PKG_VERSION")))
}

/// The hash of all that and of the inputs, by their names, sizes and times.
pub(super) fn hash_with_inputs(arguments: &Map, gazetteer: &str, inputs: &[Input]) -> String {
    let mut all = hash(arguments, gazetteer);
    for input in inputs {
        let facts = match input {
            Input::Path(path) => path.metadata().ok().map(|m| {
                let modified = m.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
                (m.len(), modified.map(|t| t.as_nanos()))
            }),
            Input::Stdin | Input::Url(_) => None,
        };
        _ = write!(all, "\n{} {facts:?}", input.name());
    }
    digest(&all)
}

/// The hash of a file's content.
pub(super) fn hash_of_file(path: &Path) -> Result<String> {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let (mut hash, mut buffer) = (Xxh3::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(format!("{:032x}", hash.digest128())),
                Ok(read) => hash.update(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    };
    read().map_err(|e| Error::from(e).at(path))
}

fn digest(text: &str) -> String {
    let mut hash = Xxh3::new();
    hash.update(text.as_bytes());
    format!("{:032x}", hash.digest128())
}
