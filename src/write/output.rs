//! Where a layer goes: a file that appears whole or not at all, or standard output.

use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::NamedTempFile;

/// The bytes of a layer on their way.
#[derive(Debug)]
pub struct Output(Kind);

#[derive(Debug)]
enum Kind {
    /// A temporary file beside the target; it takes its name when all is written.
    File {
        to: BufWriter<NamedTempFile>,
        path: PathBuf,
        _unfinished: Unfinished,
    },
    /// A file called like the target with `.part` after it, which stays when it is not finished.
    Part {
        to: BufWriter<File>,
        part: PathBuf,
        path: PathBuf,
    },
    /// What is not a regular file (a pipe, a device) is written as it comes.
    Stream(BufWriter<File>, PathBuf),
    Stdout(BufWriter<Stdout>),
}

impl Output {
    /// Opens a file, or standard output when there is no path or it is `-`.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written to: before any work is done.
    pub fn create(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            return Ok(Self(Kind::Stdout(BufWriter::new(io::stdout()))));
        };
        let open = || -> io::Result<Kind> {
            if path.exists() && !path.is_file() && !path.is_dir() {
                let stream = std::fs::OpenOptions::new().write(true).open(path)?;
                return Ok(Kind::Stream(BufWriter::new(stream), path.to_path_buf()));
            }
            check_target(path)?;
            let (file, unfinished) = Unfinished::create(|| temporary(folder_of(path), path))?;
            let to = BufWriter::with_capacity(1 << 16, file);
            Ok(Kind::File { to, path: path.to_path_buf(), _unfinished: unfinished })
        };
        open().map(Self).map_err(|e| Error::from(e).at(path))
    }

    /// Opens `PATH.part`, keeps its first `kept` bytes, and goes on writing after them. Unfinished, it stays.
    ///
    /// # Errors
    /// When it cannot be opened, or is shorter than that.
    pub fn resume(path: &Path, kept: u64) -> Result<Self> {
        let part = part_of(path);
        let open = || -> io::Result<Kind> {
            check_target(path)?;
            let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&part)?;
            if file.try_lock().is_err() {
                return Err(io::Error::other("another run is writing it"));
            }
            if file.metadata()?.len() < kept {
                return Err(io::Error::other("is shorter than when it was left; remove it to begin anew"));
            }
            file.set_len(kept)?;
            file.seek(SeekFrom::End(0))?;
            Ok(Kind::Part { to: BufWriter::with_capacity(1 << 16, file), part: part.clone(), path: path.to_path_buf() })
        };
        open().map(Self).map_err(|e| Error::from(e).at(&part))
    }

    /// Brings all that was written to the disk; gives its length in bytes.
    ///
    /// # Errors
    /// When that fails.
    pub fn sync(&mut self) -> Result<u64> {
        self.flush()?;
        match &mut self.0 {
            Kind::Part { to, .. } => {
                to.get_ref().sync_data()?;
                Ok(to.get_mut().stream_position()?)
            }
            Kind::File { to, .. } => Ok(to.get_mut().as_file_mut().stream_position()?),
            Kind::Stream(..) | Kind::Stdout(_) => Ok(0),
        }
    }

    /// Gives the file its name. Without this call nothing is left behind, unless it was opened to be resumed.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the file cannot take its name.
    pub fn finish(self) -> Result<()> {
        match self.0 {
            Kind::Stdout(mut to) => Ok(to.flush()?),
            Kind::Stream(mut to, path) => to.flush().map_err(|e| Error::from(e).at(path)),
            Kind::Part { to, part, path } => {
                let finish = || -> io::Result<()> {
                    to.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data()?;
                    std::fs::rename(&part, &path)
                };
                finish().map_err(|e| Error::from(e).at(&path))
            }
            Kind::File { to, path, _unfinished } => {
                let finish = || -> io::Result<()> {
                    let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
                    file.persist(&path).map_err(|e| e.error)?;
                    Ok(())
                };
                finish().map_err(|e| Error::from(e).at(&path))
            }
        }
    }
}

/// `map.geojsonl.part` for `map.geojsonl`.
fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn check_target(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder; give the name of a file in it"));
    }
    if !folder_of(path).is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"));
    }
    if path.exists() && path.metadata()?.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is read-only"));
    }
    Ok(())
}

/// Temporary files that a signal has to remove, since nobody else will.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary file that is listed there as long as this lives.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Unfinished {
    /// Creates a file and lists it, with no moment between for a signal to fall into.
    fn create(create: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<(NamedTempFile, Self)> {
        let mut list = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        let file = create()?;
        let path = file.path().to_path_buf();
        list.insert(path.clone());
        Ok((file, Self(path)))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Removes every temporary file of this process that has not taken its name, and calls `end` before another can be
/// made: for the handler of a signal.
pub(crate) fn abandon(end: impl FnOnce()) {
    let list = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in list.iter() {
        _ = std::fs::remove_file(path);
    }
    end();
}

/// A file with the permissions that any new file gets; one that replaces another takes over its permissions.
fn temporary(folder: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mentionmap-").suffix(".part");
    #[cfg(unix)]
    let new = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(new);
    // The message of the error names the temporary file, which says nothing to anybody.
    let file = builder.tempfile_in(folder).map_err(|e| io::Error::from(e.kind()))?;
    if let Ok(old) = path.metadata() {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(file)
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::File { to, .. } => to.write(bytes),
            Kind::Part { to, .. } | Kind::Stream(to, _) => to.write(bytes),
            Kind::Stdout(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::File { to, .. } => to.flush(),
            Kind::Part { to, .. } | Kind::Stream(to, _) => to.flush(),
            Kind::Stdout(to) => to.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_what_is_not_finished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.geojson");
        let mut output = Output::create(Some(&path)).unwrap();
        output.write_all(b"half").unwrap();
        drop(output);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut output = Output::create(Some(&path)).unwrap();
        output.write_all(b"whole").unwrap();
        output.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_part_can_be_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.geojsonl");
        let mut output = Output::resume(&path, 0).unwrap();
        output.write_all(b"one\ntwo").unwrap();
        assert_eq!(output.sync().unwrap(), 7);
        drop(output);
        assert!(!path.exists());
        let mut output = Output::resume(&path, 4).unwrap();
        output.write_all(b"three\n").unwrap();
        output.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\nthree\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(Output::resume(&path, 4).is_err());
    }

    #[test]
    fn a_missing_folder_is_an_error_at_once() {
        let error = Output::create(Some(Path::new("no/such/folder/map.geojson"))).unwrap_err();
        assert!(error.to_string().starts_with("no/such/folder/map.geojson: "), "{error}");
    }
}
