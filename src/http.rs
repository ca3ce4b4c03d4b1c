//! What every HTTP client of the crate has in common.

use crate::error::{Error, Result};
use reqwest::blocking::{Client, ClientBuilder};
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

/// A client that gives up a connection, or a read, that takes too long; how long a whole file takes is no matter.
pub(crate) fn builder(connect: Duration, stall: Duration) -> Result<ClientBuilder> {
    // ring rather than aws-lc-rs, reqwest's default: it compiles in seconds, with nothing but a C compiler. The
    // provider is handed over here, and not set for the whole process, which belongs to the program around us.
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|e| unprepared(&e))?
        .with_no_client_auth();
    Ok(Client::builder()
        .user_agent(concat!("mentionmap/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .connect_timeout(connect)
        // Of the blocking client this is the time for the head of an answer, and then for each read.
        .timeout(stall))
}

/// The error of a client that could not be made.
pub(crate) fn unprepared(error: &dyn StdError) -> Error {
    Error::network(format!("cannot prepare secure connections: {}", cause(error)))
}

/// The innermost cause of an error: reqwest's own words only say that something failed.
pub(crate) fn cause(error: &dyn StdError) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
