//! Where a layer goes: a file that appears whole or not at all, or standard output.

use crate::error::{Error, Result};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};
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
    },
    /// What is not a regular file (a pipe, a device) is written as it comes.
    Stream(BufWriter<std::fs::File>, PathBuf),
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
            if path.is_dir() {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder; give the name of a file in it"));
            }
            if path.exists() && !path.is_file() {
                let stream = std::fs::OpenOptions::new().write(true).open(path)?;
                return Ok(Kind::Stream(BufWriter::new(stream), path.to_path_buf()));
            }
            if path.exists() && path.metadata()?.permissions().readonly() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is read-only"));
            }
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let file = temporary(folder, path)?;
            Ok(Kind::File { to: BufWriter::with_capacity(1 << 16, file), path: path.to_path_buf() })
        };
        open().map(Self).map_err(|e| Error::from(e).at(path))
    }

    /// Gives the file its name. Without this call nothing is left behind.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the file cannot take its name.
    pub fn finish(self) -> Result<()> {
        match self.0 {
            Kind::Stdout(mut to) => Ok(to.flush()?),
            Kind::Stream(mut to, path) => to.flush().map_err(|e| Error::from(e).at(path)),
            Kind::File { to, path } => {
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
            Kind::Stream(to, _) => to.write(bytes),
            Kind::Stdout(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::File { to, .. } => to.flush(),
            Kind::Stream(to, _) => to.flush(),
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
    fn a_missing_folder_is_an_error_at_once() {
        let error = Output::create(Some(Path::new("no/such/folder/map.geojson"))).unwrap_err();
        assert!(error.to_string().starts_with("no/such/folder/map.geojson: "), "{error}");
    }
}
