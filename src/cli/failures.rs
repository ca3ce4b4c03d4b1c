//! What failed and what was skipped: told on standard error, and listed in the file of `--errors`.

use super::progress::Progress;
use super::{messages, summary::Summary};
use crate::error::{Error, Result};
use crate::write::Output;
use std::io::Write;
use std::path::Path;

/// Where errors go.
pub(super) struct Failures {
    file: Option<Output>,
}

impl Failures {
    pub(super) fn create(path: Option<&Path>) -> Result<Self> {
        Ok(Self { file: path.map(|path| Output::create(Some(path))).transpose()? })
    }

    /// Goes on with a file of which the first `kept` bytes are good.
    pub(super) fn resume(path: Option<&Path>, kept: u64) -> Result<Self> {
        Ok(Self { file: path.map(|path| Output::resume(path, kept)).transpose()? })
    }

    /// Brings what was listed to the disk; gives its length in bytes.
    pub(super) fn sync(&mut self) -> Result<u64> {
        self.file.as_mut().map_or(Ok(0), Output::sync)
    }

    /// Counts an error, tells it and lists it. What was merely skipped is not told: archives are full of it.
    pub(super) fn add(&mut self, error: &Error, summary: &mut Summary, progress: &Progress) -> Result<()> {
        if error.is_skipped() {
            summary.skipped += 1;
        } else {
            summary.failed += 1;
            progress.aside(|| messages::error(error));
        }
        if let Some(file) = &mut self.file {
            writeln!(file, "{}", line(error))?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<()> {
        self.file.map_or(Ok(()), Output::finish)
    }
}

fn line(error: &Error) -> serde_json::Value {
    serde_json::json!({
        "path": error.path().map(|path| path.to_string_lossy()),
        "line": error.line(),
        "record": error.record(),
        "kind": error.kind().code(),
        "message": error.kind().to_string(),
    })
}
