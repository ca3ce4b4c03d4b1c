//! What can go wrong, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// A result of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error, with the file and line it belongs to where there is one.
///
/// The message says what happened, where, and what to do about it.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    path: Option<PathBuf>,
    line: Option<u64>,
    record: Option<u64>,
}

/// The kinds of errors; more may come.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The input is not text, and of no other known format.
    #[error("not a text file (it holds binary data), and of no format that can be read, from JSON Lines to mail")]
    Binary,
    /// The input is not UTF-8; the byte offset of the first bad byte.
    #[error("invalid UTF-8 at byte {0}; convert the file first, for example with `iconv -t UTF-8`")]
    Utf8(u64),
    /// The input holds no text.
    #[error("empty: there is no text to map")]
    Empty,
    /// A record is longer than the limit, in bytes.
    #[error("longer than {0} bytes; split the record, or raise the limit with --max-article-bytes")]
    TooLong(u64),
    /// A JSON record could not be understood.
    #[error("{0}")]
    Json(String),
    /// A file of a richer format (a page, a feed, an archive, a mail) could not be understood.
    #[error("{0}")]
    Format(String),
    /// The input goes beyond a limit that protects from hostile files.
    #[error("{0}")]
    Limit(String),
    /// A record that holds no article, as is usual where it stands: counted, and no failure.
    #[error("skipped: {0}")]
    Skipped(String),
    /// A gazetteer could not be opened.
    #[error("{0}")]
    Gazetteer(String),
    /// Weights of a trained model could not be read.
    #[error("{0}")]
    Model(String),
    /// A row of a table could not be understood.
    #[error("{0}")]
    Table(String),
    /// A file could not be brought over the network.
    #[error("{0}")]
    Network(String),
    /// Bad usage.
    #[error("{0}")]
    Usage(String),
}

impl ErrorKind {
    /// A word for the kind that scripts can rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Binary => "binary",
            Self::Utf8(_) => "encoding",
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Json(_) => "json",
            Self::Format(_) => "format",
            Self::Limit(_) => "limit",
            Self::Skipped(_) => "skipped",
            Self::Gazetteer(_) => "gazetteer",
            Self::Model(_) => "model",
            Self::Table(_) => "table",
            Self::Network(_) => "network",
            Self::Usage(_) => "usage",
        }
    }
}

impl Error {
    /// Names the file that the error belongs to.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// Names the line that the error belongs to, counted from 1.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Self {
        self.0.line.get_or_insert(line);
        self
    }

    /// Numbers the record that the error belongs to, counted from 1, where records are not lines.
    #[must_use]
    pub fn in_record(mut self, record: u64) -> Self {
        self.0.record.get_or_insert(record);
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The file it belongs to.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The line it belongs to, counted from 1.
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// The record it belongs to, counted from 1.
    pub fn record(&self) -> Option<u64> {
        self.0.record
    }

    /// Whether nothing failed: a record was passed over as one that holds no article.
    pub fn is_skipped(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Skipped(_))
    }

    /// Whether the reader of our output has gone: for a program in a pipe that is no error.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// JSON that could not be understood; the line that serde counts is always 1, and said elsewhere.
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        ErrorKind::Json(format!("expected a JSON object: {what} (column {})", error.column())).into()
    }

    pub(crate) fn format(message: impl Into<String>) -> Self {
        ErrorKind::Format(message.into()).into()
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        ErrorKind::Limit(message.into()).into()
    }

    pub(crate) fn skipped(message: impl Into<String>) -> Self {
        ErrorKind::Skipped(message.into()).into()
    }

    /// As an error of a stream; it comes out again when that is turned into an error of ours.
    pub(crate) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }

    /// What a stream failed with: an error of ours that was put into it, or its own.
    pub(crate) fn of_stream(error: std::io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(ours) => ours,
            Err(error) => ErrorKind::Io(error).into(),
        }
    }

    pub(crate) fn gazetteer(message: impl Into<String>) -> Self {
        ErrorKind::Gazetteer(message.into()).into()
    }

    pub(crate) fn model(message: impl Into<String>) -> Self {
        ErrorKind::Model(message.into()).into()
    }

    pub(crate) fn table(message: impl Into<String>) -> Self {
        ErrorKind::Table(message.into()).into()
    }

    pub(crate) fn network(message: impl Into<String>) -> Self {
        ErrorKind::Network(message.into()).into()
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        ErrorKind::Usage(message.into()).into()
    }
}

impl<K: Into<ErrorKind>> From<K> for Error {
    fn from(kind: K) -> Self {
        Self(Box::new(Inner { kind: kind.into(), path: None, line: None, record: None }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}", path.display())?;
            if let Some(line) = self.0.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        } else if let Some(line) = self.0.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(record) = self.0.record {
            write!(f, "record {record}: ")?;
        }
        write!(f, "{}", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(e) => Some(e),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_file_and_line() {
        let error = Error::from(ErrorKind::Json("expected `,`".into())).at("news.jsonl").on_line(7);
        assert_eq!(error.to_string(), "news.jsonl:7: expected `,`");
    }
}
