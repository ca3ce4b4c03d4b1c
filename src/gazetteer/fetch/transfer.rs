//! Receiving one file, in as many attempts as it takes.

use super::manifest::Record;
use super::partial::{Origin, Partial};
use super::range::{self, ContentRange, Version};
use super::retry::{self, Retry};
use super::verify::{self, Fault};
use super::{Event, client};
use crate::error::{Error, Result};
use reqwest::blocking::{Client, Response};
use reqwest::header::{self, HeaderMap};
use reqwest::{StatusCode, Url};
use std::cell::Cell;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How large a piece is read, written and reported at once.
const PIECE: usize = 1 << 16;

/// What to receive, and how.
#[derive(Debug)]
pub(super) struct Transfer<'a> {
    pub(super) client: &'a Client,
    pub(super) retry: Retry,
    pub(super) stall: Duration,
    pub(super) url: &'a Url,
    pub(super) name: &'a str,
    pub(super) path: &'a Path,
    /// What is known of the file that is there.
    pub(super) known: Option<&'a Record>,
    /// Whether any server has answered in this run: until then a connection that fails means that there is no network.
    pub(super) connected: &'a Cell<bool>,
}

/// What came.
#[derive(Debug)]
pub(super) enum Received {
    /// Nothing: what is there is the newest.
    Unchanged(Record),
    /// The file, which is in its place now.
    Whole(Record),
}

/// Why an attempt failed.
#[derive(Debug)]
enum Failure {
    /// Another would fail as well.
    Final(Error),
    /// Another may succeed, after the pause when the server asks for one.
    Passing { reason: String, pause: Option<Duration> },
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

fn passing(reason: impl Into<String>) -> Failure {
    Failure::Passing { reason: reason.into(), pause: None }
}

impl Transfer<'_> {
    /// Receives the file, unless it has not changed.
    pub(super) fn run(&self, on_event: &mut dyn FnMut(Event<'_>)) -> Result<Received> {
        let mut partial = Partial::of(self.path, self.url.as_str());
        let mut furthest = partial.length();
        let mut failures = 0;
        loop {
            let (reason, pause) = match self.attempt(&mut partial, on_event) {
                Ok(None) => return self.settle(partial),
                Ok(Some(record)) => return Ok(Received::Unchanged(record)),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Passing { reason, pause }) => (reason, pause),
            };
            // A server that breaks every connection, but each a little later, is still going to send it all.
            if partial.length() > furthest {
                furthest = partial.length();
                failures = 0;
            }
            if failures >= self.retry.attempts {
                let hint = if partial.length() > 0 { "; fetch again to go on from there" } else { "" };
                return Err(self.error(format!(
                    "{reason}; given up after {} attempts without getting further{hint}",
                    failures + 1
                )));
            }
            let pause = pause.unwrap_or_else(|| self.retry.pause(failures));
            if pause > self.retry.patience {
                return Err(self.error(format!("{reason}; the server asks to wait for {} seconds", pause.as_secs())));
            }
            failures += 1;
            on_event(Event::Retrying { file: self.name, reason: &reason, pause });
            std::thread::sleep(pause);
        }
    }

    /// One attempt. The record when the file that is there is the newest, nothing when it has come whole.
    fn attempt(&self, partial: &mut Partial, on_event: &mut dyn FnMut(Event<'_>)) -> Result<Option<Record>, Failure> {
        let mut request = self.client.get(self.url.clone());
        let resumed = partial.resumable().is_some();
        if let Some((_, version)) = partial.resumable() {
            request = request.header(header::RANGE, format!("bytes={}-", partial.length()));
            request = request.header(header::IF_RANGE, version);
        } else if let Some(known) = self.known {
            if let Some(etag) = &known.version.etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            if let Some(date) = &known.version.last_modified {
                request = request.header(header::IF_MODIFIED_SINCE, date);
            }
        }
        let response = request.send().map_err(|e| self.unanswered(&e))?;
        self.connected.set(true);
        match (response.status(), self.known) {
            (StatusCode::NOT_MODIFIED, Some(known)) if !resumed => {
                partial.discard()?;
                return Ok(Some(known.clone()));
            }
            (StatusCode::OK, _) => self.whole(response, partial, on_event)?,
            (StatusCode::PARTIAL_CONTENT, _) if resumed => self.rest(response, partial, on_event)?,
            // There is no rest: either all is there already, or the part is no part of what the server has.
            (StatusCode::RANGE_NOT_SATISFIABLE, _) if resumed => {
                let total = ContentRange::of(response.headers()).and_then(|range| range.total);
                if !partial.is_whole() || total.is_some_and(|total| total != partial.length()) {
                    partial.discard()?;
                    return Err(passing("the server does not have the rest of what it began to send"));
                }
            }
            (status, _) => return Err(self.refused(status, response.headers())),
        }
        on_event(Event::Verifying { file: self.name });
        match verify::check(partial.path(), self.name) {
            Ok(()) => Ok(None),
            Err(Fault::Io(e)) => Err(Error::from(e).at(partial.path()).into()),
            Err(Fault::Damaged(reason)) => {
                partial.discard()?;
                Err(passing(reason))
            }
            Err(Fault::Foreign(reason)) => {
                partial.discard()?;
                Err(self.error(reason).into())
            }
        }
    }

    /// Receives all of the file.
    fn whole(
        &self,
        response: Response,
        partial: &mut Partial,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Failure> {
        let headers = response.headers();
        if headers.contains_key(header::CONTENT_ENCODING) {
            return Err(self.error("the server compresses what it sends, which was not asked for").into());
        }
        let size = response.content_length();
        // Nothing but the end of the connection would end the file, and an archive alone can tell that it is cut.
        if size.is_none()
            && !headers.contains_key(header::TRANSFER_ENCODING)
            && self.name.strip_suffix(".zip").is_none()
        {
            return Err(self.error("the server does not state the file's length, so that a cut would not show").into());
        }
        let origin = Origin { url: self.url.to_string(), size, version: Version::of(headers) };
        let file = partial.begin(origin)?;
        self.receive(response, file, partial, on_event)
    }

    /// Receives the rest of the file.
    fn rest(
        &self,
        response: Response,
        partial: &mut Partial,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Failure> {
        let continued = partial
            .origin()
            .ok_or("nothing to go on from")
            .and_then(|origin| range::continues(partial.length(), origin.size, &origin.version, response.headers()));
        if let Err(reason) = continued {
            partial.discard()?;
            return Err(passing(reason));
        }
        let file = partial.append()?;
        self.receive(response, file, partial, on_event)
    }

    fn receive(
        &self,
        mut response: Response,
        mut file: std::fs::File,
        partial: &mut Partial,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Failure> {
        let total = partial.origin().and_then(|origin| origin.size);
        let resumed = partial.length();
        let mut buffer = vec![0; PIECE];
        loop {
            on_event(Event::Receiving { file: self.name, resumed, received: partial.length(), total });
            match response.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => {
                    file.write_all(&buffer[..n]).map_err(|e| Error::from(e).at(partial.path()))?;
                    partial.grew(n as u64);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(passing(self.broken(&e, partial.length(), total))),
            }
        }
        match total {
            Some(total) if partial.length() < total => {
                Err(passing(format!("the connection ended after {} of {total} bytes", partial.length())))
            }
            Some(total) if partial.length() > total => {
                partial.discard()?;
                Err(passing(format!("more came than the {total} bytes that the server stated")))
            }
            _ => Ok(()),
        }
    }

    /// The part is whole and sound: makes it the file.
    fn settle(&self, partial: Partial) -> Result<Received> {
        let sha256 = verify::sha256(partial.path()).map_err(|e| Error::from(e).at(partial.path()))?;
        let version = partial.origin().map(|origin| origin.version.clone()).unwrap_or_default();
        let record = Record { url: self.url.to_string(), size: partial.length(), sha256, version };
        partial.finish(self.path)?;
        Ok(Received::Whole(record))
    }

    /// Why there was no answer at all.
    fn unanswered(&self, error: &reqwest::Error) -> Failure {
        let reason = crate::http::cause(error);
        if error.is_redirect() || error.is_builder() {
            return self.error(reason).into();
        }
        if client::is_tls(error) {
            return self.error(format!("no secure connection: {reason}")).into();
        }
        if error.is_connect() && !self.connected.get() {
            let host = self.url.host_str().unwrap_or_default();
            return Error::network(format!(
                "no network: cannot reach {host} ({reason}); the embedded gazetteer needs none"
            ))
            .into();
        }
        if error.is_timeout() && !error.is_connect() {
            return passing(format!("no answer for {}", seconds(self.stall)));
        }
        passing(format!("the connection failed: {reason}"))
    }

    /// Why an answer is not what was asked for.
    fn refused(&self, status: StatusCode, headers: &HeaderMap) -> Failure {
        let reason = format!("the server answers {status}");
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {}
            _ if status.is_server_error() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                return self.error(format!("{reason}; check the country code and the mirror's address")).into();
            }
            _ => return self.error(reason).into(),
        }
        Failure::Passing { reason, pause: retry::asked(headers, SystemTime::now()) }
    }

    /// Why an answer broke off.
    fn broken(&self, error: &io::Error, received: u64, total: Option<u64>) -> String {
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let inner = error.get_ref().and_then(|e| e.downcast_ref::<reqwest::Error>());
        if inner.is_some_and(reqwest::Error::is_timeout) || error.kind() == io::ErrorKind::TimedOut {
            format!("nothing came for {} after {received}{of} bytes", seconds(self.stall))
        } else {
            format!("the connection broke after {received}{of} bytes")
        }
    }

    fn error(&self, reason: impl std::fmt::Display) -> Error {
        Error::network(format!("{}: {reason}", self.url))
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} seconds", duration.as_secs_f32())
}
