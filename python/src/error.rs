//! Errors as Python exceptions, and what failed of many as a warning.

use mentionmap::{Error, ErrorKind};
use pyo3::exceptions::{PyOSError, PyRuntimeWarning, PyValueError};
use pyo3::prelude::*;
use std::ffi::CString;

pyo3::create_exception!(
    mentionmap,
    MentionmapError,
    PyValueError,
    "What mentionmap cannot do, in the words of the command line."
);
pyo3::create_exception!(
    mentionmap,
    MentionmapWarning,
    PyRuntimeWarning,
    "Articles that could not be mapped, counted; the others are."
);

/// The exception for an error of the library: `OSError` where a file cannot be read, else `MentionmapError`.
pub(crate) fn exception(error: &Error) -> PyErr {
    match error.kind() {
        ErrorKind::Io(io) => match io.raw_os_error() {
            // With a number Python takes the matching subclass, such as FileNotFoundError.
            Some(code) => PyOSError::new_err((code, error.to_string())),
            None => PyOSError::new_err(error.to_string()),
        },
        _ => MentionmapError::new_err(error.to_string()),
    }
}

/// What could not be mapped of many articles.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// How many articles.
    pub(crate) count: u64,
    /// The first, in words.
    first: Option<String>,
}

impl Failures {
    /// Takes note of an article, numbered from 1, that could not be mapped.
    pub(crate) fn add(&mut self, number: u64, error: &Error) {
        self.count += 1;
        self.first.get_or_insert_with(|| format!("row {number}: {error}"));
    }

    /// Takes note of those of what comes after.
    pub(crate) fn append(&mut self, more: Self) {
        self.count += more.count;
        self.first = self.first.take().or(more.first);
    }

    /// Warns when there are some, of `all` articles; afterwards there are none.
    ///
    /// # Errors
    /// When warnings are exceptions.
    pub(crate) fn warn(&mut self, py: Python<'_>, all: u64) -> PyResult<()> {
        let Self { count, first } = std::mem::take(self);
        let Some(first) = first else { return Ok(()) };
        let message = format!("{count} of {all} articles could not be mapped; the first is {first}");
        // A message with a null byte in it cannot be told to Python.
        let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
        PyErr::warn(py, py.get_type::<MentionmapWarning>().as_any(), &message, 1)
    }
}
