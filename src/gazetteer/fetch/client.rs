//! The HTTP client, and what its errors mean.

use crate::error::{Error, Result};
use crate::http;
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

/// The address of a mirror, ending in a slash, so that names of files can be joined to it.
pub(super) fn mirror(text: &str) -> Result<Url> {
    let wrong = |why: &str| Error::usage(format!("{text:?} is no address of a mirror: {why}"));
    let mut url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it must begin with https:// or http://"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// A client that gives up a connection, or a read, that takes too long; how long a whole file takes is no matter.
pub(super) fn client(connect: Duration, stall: Duration) -> Result<Client> {
    http::builder(connect, stall)?.redirect(redirects()).build().map_err(|e| http::unprepared(&e))
}

/// Up to ten redirects, and never from https to http: nothing would vouch for what comes.
fn redirects() -> Policy {
    Policy::custom(|attempt| {
        let secure = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
        if secure && attempt.url().scheme() != "https" {
            attempt.error("redirected from https to http")
        } else if attempt.previous().len() > 10 {
            attempt.error("too many redirects")
        } else {
            attempt.follow()
        }
    })
}

/// Whether a connection failed because the other side could not prove who it is.
pub(super) fn is_tls(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        // An I/O error does not count what it wraps among its sources.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<rustls::Error>() || matches!(wrapped, Some(e) if e.is::<rustls::Error>()) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::mirror;

    #[test]
    fn a_mirror_is_a_folder() {
        assert_eq!(mirror("http://example.org/dump").unwrap().join("SY.zip").unwrap().path(), "/dump/SY.zip");
        assert_eq!(mirror("https://example.org").unwrap().join("a/SY.zip").unwrap().path(), "/a/SY.zip");
        for bad in ["ftp://example.org/", "example.org/dump", "file:///tmp/", ""] {
            assert!(mirror(bad).is_err(), "{bad}");
        }
    }
}
