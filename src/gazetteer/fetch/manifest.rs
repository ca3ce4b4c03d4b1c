//! `fetched.json`: what is in the folder, from where, under which license.

use super::range::Version;
use super::{LICENSE, verify};
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "fetched.json";

/// The content of `fetched.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    license: String,
    pub(super) files: BTreeMap<String, Record>,
}

/// What is known of a file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) url: String,
    pub(super) size: u64,
    pub(super) sha256: String,
    #[serde(flatten)]
    pub(super) version: Version,
}

impl Record {
    /// Whether the file is still what was fetched. A file that was changed since is fetched again.
    pub(super) fn describes(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|m| m.len() == self.size) && verify::sha256(path).is_ok_and(|s| s == self.sha256)
    }
}

impl Manifest {
    /// Reads the manifest of `folder`; an empty one where there is none.
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|e| Error::from(ErrorKind::Json(format!("{e}; delete the file to fetch anew"))).at(path)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                Ok(Self { license: LICENSE.to_owned(), files: BTreeMap::new() })
            }
            Err(e) => Err(Error::from(e).at(path)),
        }
    }

    pub(super) fn save(&self, folder: &Path) -> Result<()> {
        write_json(&folder.join(NAME), self)
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let write = || {
        let growing = with_suffix(path, ".new");
        let mut file = File::create(&growing)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&growing, path)
    };
    write().map_err(|e| Error::from(e).at(path))
}

/// The path with something appended to its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
