//! Bringing the files of GeoNames' export over the network, to compile a gazetteer from.
//!
//! The embedded gazetteer needs none of this. [`Fetcher`] is for those who want every village of some countries, or
//! of the world:
//!
//! ```no_run
//! use mentionmap::gazetteer::fetch::{Event, FetchOptions, Fetcher, Scope};
//!
//! let fetcher = Fetcher::new(FetchOptions { folder: "geonames".into(), ..FetchOptions::default() })?;
//! let scope = Scope::countries(["SY", "IQ"])?;
//! let files = fetcher.fetch(&scope, &mut |event| {
//!     if let Event::Retrying { file, reason, .. } = event {
//!         eprintln!("{file}: {reason}");
//!     }
//! })?;
//! for file in &files {
//!     println!("{}  {}", file.sha256, file.path.display());
//! }
//! # Ok::<(), mentionmap::Error>(())
//! ```
//!
//! # What can be relied on
//!
//! * A file appears under its own name only when it is whole: it grows under the name `.part`, is checked, written
//!   through to the disk and renamed. A table must have the length that the server stated; in an archive every
//!   member's checksum must agree too.
//! * What was received before a break is kept, and the next attempt or the next run asks for the rest only. When the
//!   file has changed on the server meanwhile, or the server cannot send parts, it is received anew.
//! * Broken connections, stalls, damaged files and answers that say "later" (408, 429, 5xx) are tried again, at
//!   intervals that double, [`Retry`]. An attempt that got further than any before does not count.
//! * A file that has not changed since it was fetched, and still has its checksum, is not sent again.
//! * `fetched.json` in the folder names license, address, size, SHA-256 and version of each file.
//! * Proxies are taken from the environment: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`.

mod client;
mod manifest;
mod partial;
mod range;
mod retry;
mod scope;
mod transfer;
mod verify;

use crate::error::{Error, Result};
use manifest::{Manifest, Record};
use reqwest::Url;
use reqwest::blocking::Client;
use std::cell::Cell;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use transfer::{Received, Transfer};

pub use retry::Retry;
pub use scope::Scope;

/// Where GeoNames publishes its export.
pub const GEONAMES: &str = "https://download.geonames.org/export/dump/";

/// Under which license GeoNames gives its data, and what it asks for.
pub const LICENSE: &str =
    "GeoNames, https://www.geonames.org/, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)";

/// How and where to fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Where the files go; made when it does not exist.
    pub folder: PathBuf,
    /// The address of the folder that holds `allCountries.zip` and its like, `http` or `https`.
    pub mirror: String,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for the next bytes before an attempt is given up.
    pub stall_timeout: Duration,
    /// When to try again.
    pub retry: Retry,
}

impl Default for FetchOptions {
    /// From GeoNames into `geonames`, 15 seconds for a connection, 30 for the next bytes.
    fn default() -> Self {
        Self {
            folder: PathBuf::from("geonames"),
            mirror: GEONAMES.to_owned(),
            connect_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            retry: Retry::default(),
        }
    }
}

/// What happens while files are fetched.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A file comes next.
    Starting {
        /// Its name below the mirror's address.
        file: &'a str,
        /// Its number, from 1.
        number: usize,
        /// How many files there are.
        of: usize,
    },
    /// Some of a file has come.
    Receiving {
        /// Its name.
        file: &'a str,
        /// Bytes that were there before this attempt.
        resumed: u64,
        /// Bytes that are there now, those included.
        received: u64,
        /// The size of the file in bytes, when the server states it.
        total: Option<u64>,
    },
    /// An attempt has failed, and there will be another.
    Retrying {
        /// The file's name.
        file: &'a str,
        /// What went wrong.
        reason: &'a str,
        /// How long until the next attempt.
        pause: Duration,
    },
    /// All of a file has come and is checked now.
    Verifying {
        /// Its name.
        file: &'a str,
    },
    /// A file is in its place.
    Finished(&'a FetchedFile),
}

/// A file that is in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// Its name below the mirror's address, such as `alternatenames/SY.zip`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Whether it was there already, and has not changed on the server.
    pub unchanged: bool,
}

/// Fetches files of GeoNames' export.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    mirror: Url,
    options: FetchOptions,
}

impl Fetcher {
    /// Prepares to fetch; does not touch the network or the disk yet.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) when the mirror is no `http` or `https` address.
    pub fn new(options: FetchOptions) -> Result<Self> {
        let mirror = client::mirror(&options.mirror)?;
        let client = client::client(options.connect_timeout, options.stall_timeout)?;
        Ok(Self { client, mirror, options })
    }

    /// Brings all files of `scope` into the folder, in the order of [`Scope::files`], and tells `on_event` about it.
    ///
    /// # Errors
    /// [`ErrorKind::Network`](crate::ErrorKind::Network) when a file cannot be had: at once when the network or the
    /// file does not exist, else after the last retry. [`ErrorKind::Io`](crate::ErrorKind::Io) when the folder cannot
    /// be written, [`ErrorKind::Usage`](crate::ErrorKind::Usage) when another fetcher is at work in it. Files that
    /// came before the error stay, and the next call goes on from there.
    pub fn fetch(&self, scope: &Scope, on_event: &mut dyn FnMut(Event<'_>)) -> Result<Vec<FetchedFile>> {
        let folder = &self.options.folder;
        fs::create_dir_all(folder).map_err(|e| Error::from(e).at(folder))?;
        let _lock = lock(folder)?;
        let mut manifest = Manifest::load(folder)?;
        let names = scope.files();
        let connected = Cell::new(false);
        let mut fetched = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            on_event(Event::Starting { file: name, number: i + 1, of: names.len() });
            let file = self.fetch_file(name, &mut manifest, &connected, on_event)?;
            on_event(Event::Finished(&file));
            fetched.push(file);
        }
        Ok(fetched)
    }

    fn fetch_file(
        &self,
        name: &str,
        manifest: &mut Manifest,
        connected: &Cell<bool>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<FetchedFile> {
        let url = self.mirror.join(name).map_err(|e| Error::usage(format!("{name}: {e}")))?;
        let path = self.options.folder.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| Error::from(e).at(folder))?;
        }
        let known = manifest.files.get(name).filter(|r| r.url == url.as_str() && r.describes(&path));
        let transfer = Transfer {
            client: &self.client,
            retry: self.options.retry,
            stall: self.options.stall_timeout,
            url: &url,
            name,
            path: &path,
            known,
            connected,
        };
        let (record, unchanged) = match transfer.run(on_event)? {
            Received::Unchanged(record) => (record, true),
            Received::Whole(record) => (record, false),
        };
        let Record { size, sha256, .. } = record.clone();
        if !unchanged {
            manifest.files.insert(name.to_owned(), record);
            manifest.save(&self.options.folder)?;
        }
        Ok(FetchedFile { name: name.to_owned(), path, size, sha256, unchanged })
    }
}

/// Keeps other fetchers out of the folder until the file is closed: two that write one `.part` would garble it.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(|e| Error::from(e).at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::usage("another fetch is at work in this folder").at(folder)),
        Err(TryLockError::Error(e)) => Err(Error::from(e).at(path)),
    }
}
