//! The part of a file that has come so far.

use super::manifest::{with_suffix, write_json};
use super::range::Version;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

/// `NAME.part`, and beside it `NAME.part.json`, which says what it is a part of.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    origin_path: PathBuf,
    origin: Option<Origin>,
    length: u64,
}

/// What a part is a part of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Origin {
    pub(super) url: String,
    /// The size of the whole in bytes, when the server states it.
    pub(super) size: Option<u64>,
    #[serde(flatten)]
    pub(super) version: Version,
}

impl Partial {
    /// Looks what there is of the file `path`; of another address than `url`, it is as good as nothing.
    pub(super) fn of(path: &Path, url: &str) -> Self {
        let origin_path = with_suffix(path, ".part.json");
        let path = with_suffix(path, ".part");
        let origin = fs::read(&origin_path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Origin>(&bytes).ok())
            .filter(|origin| origin.url == url);
        let length = fs::metadata(&path).map_or(0, |m| m.len());
        Self { path, origin_path, origin, length }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// From what the server can tell that the rest is wanted of this very version; none when it must send all.
    pub(super) fn resumable(&self) -> Option<(&Origin, &str)> {
        let origin = self.origin.as_ref().filter(|_| self.length > 0)?;
        Some((origin, origin.version.exact()?))
    }

    /// Whether all of the file is there.
    pub(super) fn is_whole(&self) -> bool {
        self.origin.as_ref().and_then(|origin| origin.size).is_some_and(|size| size == self.length)
    }

    /// Starts from nothing. The origin is written first: bytes are never taken for those of another version.
    pub(super) fn begin(&mut self, origin: Origin) -> Result<File> {
        self.discard()?;
        write_json(&self.origin_path, &origin)?;
        self.origin = Some(origin);
        File::create(&self.path).map_err(|e| Error::from(e).at(&self.path))
    }

    /// Goes on at the end.
    pub(super) fn append(&self) -> Result<File> {
        OpenOptions::new().append(true).open(&self.path).map_err(|e| Error::from(e).at(&self.path))
    }

    /// Notes that so many bytes have been written.
    pub(super) fn grew(&mut self, bytes: u64) {
        self.length += bytes;
    }

    /// Removes the part.
    pub(super) fn discard(&mut self) -> Result<()> {
        remove(&self.path)?;
        remove(&self.origin_path)?;
        self.origin = None;
        self.length = 0;
        Ok(())
    }

    /// Makes the part, which is whole, the file itself.
    pub(super) fn finish(self, path: &Path) -> Result<()> {
        let place = || {
            // Opened for writing: some systems do not write through what is only read.
            OpenOptions::new().append(true).open(&self.path)?.sync_all()?;
            fs::rename(&self.path, path)
        };
        place().map_err(|e| Error::from(e).at(path))?;
        remove(&self.origin_path)
    }
}

/// Removes a file that may be absent.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::from(e).at(path)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn origin(url: &str) -> Origin {
        let version = Version { etag: Some("\"a\"".into()), last_modified: None };
        Origin { url: url.into(), size: Some(4), version }
    }

    #[test]
    fn a_part_is_found_again_and_finished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SY.zip");
        let mut partial = Partial::of(&path, "http://a/");
        assert!(partial.resumable().is_none());
        partial.begin(origin("http://a/")).unwrap().write_all(b"ab").unwrap();

        let mut partial = Partial::of(&path, "http://a/");
        assert_eq!((partial.length(), partial.is_whole()), (2, false));
        assert_eq!(partial.resumable().unwrap().1, "\"a\"");
        partial.append().unwrap().write_all(b"cd").unwrap();
        partial.grew(2);
        assert!(partial.is_whole());
        partial.finish(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abcd");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_part_of_another_address_or_of_nothing_known_is_not_resumed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SY.zip");
        Partial::of(&path, "http://a/").begin(origin("http://a/")).unwrap().write_all(b"ab").unwrap();
        assert!(Partial::of(&path, "http://b/").resumable().is_none());
        fs::write(folder.path().join("SY.zip.part.json"), "{").unwrap();
        assert!(Partial::of(&path, "http://a/").resumable().is_none());
    }
}
