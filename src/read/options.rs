//! What readers need to know.

use super::{FieldNames, Format, WebOptions};
use crate::error::{Error, Result};
use encoding_rs::Encoding;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What readers need to know.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Every input has this format; otherwise the content tells, then the name.
    pub format: Option<Format>,
    /// Every input is text in this encoding; otherwise its byte order mark, what it declares, or its bytes tell.
    pub encoding: Option<&'static Encoding>,
    /// The names of the fields of a record.
    pub fields: FieldNames,
    /// An article, a page, a feed or a mail longer than this many bytes is an error.
    pub max_article_bytes: u64,
    /// A web page longer than this many bytes is an error: finding its article takes some fifty times as much memory.
    pub max_page_bytes: u64,
    /// A packed file that unpacks to more than this many bytes is not read further.
    pub max_unpacked_bytes: u64,
    /// A packed file that unpacks to more than this many times its size (and to more than 16 MB) is not read further.
    pub max_ratio: u64,
    /// A page of a Parquet file or a batch of an Arrow file longer than this many bytes is not read: they are read whole.
    pub max_batch_bytes: u64,
    /// Markup that is nested deeper than this is an error.
    pub max_nesting: usize,
    /// How addresses are fetched.
    pub web: WebOptions,
    /// Bytes of files read so far, as they lie on disk; any thread may look.
    pub bytes_read: BytesRead,
    /// The same up to the last record that an article was made of: how far a run is.
    pub bytes_taken: BytesRead,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            fields: FieldNames::default(),
            max_article_bytes: 32 << 20,
            max_page_bytes: 4 << 20,
            max_unpacked_bytes: 1 << 40,
            max_ratio: 250,
            max_batch_bytes: 256 << 20,
            max_nesting: 400,
            web: WebOptions::default(),
            bytes_read: BytesRead::default(),
            bytes_taken: BytesRead::default(),
        }
    }
}

/// Counts bytes; its clones count together.
#[derive(Clone, Debug, Default)]
pub struct BytesRead(Arc<AtomicU64>);

impl BytesRead {
    /// The bytes so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn reach(&self, bytes: u64) {
        self.0.fetch_max(bytes, Ordering::Relaxed);
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// The encoding of this name, as web pages declare it.
///
/// # Errors
/// When no encoding has the name.
///
/// ```
/// assert_eq!(mentionmap::read::encoding("latin1")?.name(), "windows-1252");
/// # Ok::<(), mentionmap::Error>(())
/// ```
pub fn encoding(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        Error::usage(format!("no encoding is called {label:?}; examples: utf-8, windows-1256, koi8-r, shift_jis"))
    })
}
