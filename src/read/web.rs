//! Addresses: pages and files fetched over HTTP, several ahead of the one that is read, within limits.

use super::{Format, warc};
use crate::error::{Error, ErrorKind, Result};
use crate::http;
use crossbeam_channel::{Receiver, Sender, bounded};
use reqwest::Url;
use reqwest::blocking::{Client, ClientBuilder, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Requests at once, and answers that may wait for their turn.
const REQUESTS: usize = 8;
const WAITING: usize = 16;

/// How addresses are fetched.
#[derive(Clone, Debug)]
pub struct WebOptions {
    /// Addresses within private networks and on this machine may be fetched too, and proxies used.
    pub allow_private: bool,
    /// An answer that is longer than this many bytes is an error.
    pub max_bytes: u64,
    /// No more redirects than this are followed.
    pub max_redirects: usize,
    /// How often a request that failed in passing is repeated.
    pub retries: u32,
    /// Requests to one host at once.
    pub per_host: usize,
    /// The longest time for a connection, for the head of an answer and for each piece of it. The whole may take four
    /// times as long.
    pub timeout: Duration,
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            allow_private: false,
            max_bytes: 64 << 20,
            max_redirects: 5,
            retries: 2,
            per_host: 2,
            timeout: Duration::from_secs(30),
        }
    }
}

/// What an address holds.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) bytes: Vec<u8>,
    /// The format that the server tells.
    pub(super) format: Option<Format>,
    pub(super) charset: Option<String>,
    /// Where it was found in the end.
    pub(super) url: String,
}

/// Fetches addresses in their order, some ahead.
pub(super) struct Fetcher {
    answers: Vec<Receiver<Result<Fetched>>>,
    /// Room for answers that wait.
    room: Receiver<()>,
}

impl Fetcher {
    pub(super) fn new(urls: Vec<String>, options: &WebOptions) -> Self {
        let (senders, answers): (Vec<Sender<_>>, Vec<Receiver<_>>) = urls.iter().map(|_| bounded(1)).unzip();
        let (take_room, room) = bounded(WAITING);
        let work: Arc<Vec<(String, Sender<Result<Fetched>>)>> = Arc::new(urls.into_iter().zip(senders).collect());
        let (next, hosts) = (Arc::new(AtomicUsize::new(0)), Arc::new(Hosts::default()));
        for _ in 0..REQUESTS.min(work.len()) {
            let (work, next, hosts) = (Arc::clone(&work), Arc::clone(&next), Arc::clone(&hosts));
            let (take_room, options) = (take_room.clone(), options.clone());
            thread::spawn(move || {
                // A client of its own: looking a name up would hold up all that share one.
                let client = client(&options);
                loop {
                    // Fails when nobody reads any more.
                    if take_room.send(()).is_err() {
                        return;
                    }
                    let Some((url, sender)) = work.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                    let fetched = match &client {
                        Ok(client) => fetch(client, url, &options, &hosts),
                        Err(error) => Err(Error::network(error.to_string())),
                    };
                    _ = sender.send(fetched);
                }
            });
        }
        Self { answers, room }
    }

    /// The answer of the address with this number; each is given once, in order.
    pub(super) fn get(&self, number: usize) -> Result<Fetched> {
        let fetched = self.answers[number].recv();
        _ = self.room.try_recv();
        fetched.unwrap_or_else(|_| Err(Error::network("could not be fetched")))
    }
}

/// Counts requests to each host.
#[derive(Default)]
struct Hosts {
    busy: Mutex<HashMap<String, usize>>,
    freed: Condvar,
}

impl Hosts {
    fn with<T>(&self, host: &str, most: usize, request: impl FnOnce() -> T) -> T {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |busy: &mut HashMap<String, usize>| busy.get(host).is_some_and(|n| *n >= most.max(1));
        let mut busy = self.freed.wait_while(busy, is_full).unwrap_or_else(PoisonError::into_inner);
        *busy.entry(host.to_owned()).or_default() += 1;
        drop(busy);
        let result = request();
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = busy.get_mut(host) {
            *n -= 1;
            if *n == 0 {
                busy.remove(host);
            }
        }
        self.freed.notify_all();
        result
    }
}

fn client(options: &WebOptions) -> Result<Client> {
    prepared(options)?.build().map_err(|e| http::unprepared(&e))
}

fn prepared(options: &WebOptions) -> Result<ClientBuilder> {
    let (allow_private, most) = (options.allow_private, options.max_redirects);
    let redirects = Policy::custom(move |attempt| {
        let secure = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
        if let Err(error) = check(attempt.url(), allow_private) {
            attempt.error(error)
        } else if secure && attempt.url().scheme() != "https" {
            attempt.error("redirected from https to http")
        } else if attempt.previous().len() > most {
            attempt.error("too many redirects")
        } else {
            attempt.follow()
        }
    });
    let mut builder = http::builder(options.timeout, options.timeout)?.redirect(redirects);
    if !allow_private {
        // Behind a proxy nobody could tell which address a name stands for.
        builder = builder.no_proxy().dns_resolver(Arc::new(PublicOnly));
    }
    Ok(builder)
}

fn fetch(client: &Client, url: &str, options: &WebOptions, hosts: &Hosts) -> Result<Fetched> {
    let parsed = Url::parse(url).map_err(|e| Error::usage(format!("no address: {e}")))?;
    check(&parsed, options.allow_private).map_err(Error::network)?;
    let host = parsed.host_str().unwrap_or_default().to_owned();
    let mut tried = 0;
    loop {
        let attempt = hosts.with(&host, options.per_host, || attempt(client, parsed.clone(), options));
        match attempt {
            Ok(fetched) => return Ok(fetched),
            Err(Failure { error, again: Some(pause) }) if tried < options.retries => {
                drop(error);
                thread::sleep(match pause {
                    Pause::Asked(pause) => pause,
                    Pause::Own => Duration::from_millis(500 << tried.min(6)),
                });
                tried += 1;
            }
            Err(Failure { error, .. }) => return Err(error),
        }
    }
}

struct Failure {
    error: Error,
    /// It may go better another time, after this pause.
    again: Option<Pause>,
}

enum Pause {
    /// The one that the server asks for.
    Asked(Duration),
    /// Ours.
    Own,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, again: None }
    }
}

fn attempt(client: &Client, url: Url, options: &WebOptions) -> Result<Fetched, Failure> {
    let deadline = Instant::now() + options.timeout * 4;
    let passing = |message: String| Failure { error: Error::network(message), again: Some(Pause::Own) };
    let answer = client.get(url).send().map_err(|e| {
        let message = if e.is_timeout() { "no answer in time".to_owned() } else { http::cause(&e) };
        // What is refused stays refused.
        let final_ = e.is_redirect() || message.contains("--allow-private");
        Failure { error: Error::network(message), again: (!final_).then_some(Pause::Own) }
    })?;
    let status = answer.status();
    if status.as_u16() == 429 || status.is_server_error() {
        let asked = answer.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
        let pause = asked.map_or(Pause::Own, |seconds| Pause::Asked(Duration::from_secs(seconds)));
        let error = Error::network(format!("the server answers {status}"));
        // A server that asks for a long pause is taken to refuse.
        let patient = !matches!(pause, Pause::Asked(pause) if pause > Duration::from_secs(20));
        return Err(Failure { error, again: patient.then_some(pause) });
    }
    if !status.is_success() {
        return Err(Error::network(format!("the server answers {status}")).into());
    }
    let (format, charset) = told(&answer)?;
    let url = answer.url().to_string();
    let bytes = body(answer, options.max_bytes, deadline).map_err(|e| match e.kind() {
        ErrorKind::Io(io) => passing(format!("broke off: {}", http::cause(io))),
        _ => e.into(),
    })?;
    Ok(Fetched { bytes, format, charset, url })
}

fn body(mut answer: Response, limit: u64, deadline: Instant) -> Result<Vec<u8>> {
    if answer.content_length().is_some_and(|length| length > limit) {
        return Err(too_long(limit));
    }
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        let read = match answer.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        bytes.extend_from_slice(&buffer[..read]);
        if bytes.len() as u64 > limit {
            return Err(too_long(limit));
        }
        if Instant::now() > deadline {
            return Err(Error::network("took too long; raise --timeout to wait longer"));
        }
    }
}

fn too_long(limit: u64) -> Error {
    Error::limit(format!("longer than {limit} bytes; raise --max-fetch-bytes to take it"))
}

/// What the server says that it sends.
fn told(answer: &Response) -> Result<(Option<Format>, Option<String>)> {
    let Some(value) = answer.headers().get(CONTENT_TYPE) else { return Ok((None, None)) };
    let (media_type, charset) = warc::split_type(&String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let format = match media_type.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/plain" => Some(Format::Text),
        "text/markdown" => Some(Format::Markdown),
        "text/csv" | "text/tab-separated-values" => Some(Format::Csv),
        "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" => Some(Format::Feed),
        "message/rfc822" => Some(Format::Mail),
        other if ["image/", "audio/", "video/", "font/"].iter().any(|kind| other.starts_with(kind)) => {
            return Err(Error::format(format!("is {other}, which holds no article")));
        }
        "application/pdf" | "application/javascript" | "text/javascript" | "text/css" | "application/wasm" => {
            return Err(Error::format(format!("is {media_type}, which is not read")));
        }
        // JSON, XML, archives and the like: the content tells more.
        _ => None,
    };
    Ok((format, charset))
}

/// Whether an address may be asked, as far as it shows by itself.
fn check(url: &Url, allow_private: bool) -> std::result::Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not fetched, only http and https", url.scheme()));
    }
    let ip = match url.host() {
        _ if allow_private => return Ok(()),
        Some(url::Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(url::Host::Ipv6(ip)) => IpAddr::V6(ip),
        // Names are looked at when they are looked up.
        Some(url::Host::Domain(_)) => return Ok(()),
        None => return Err("an address without a host".to_owned()),
    };
    if is_public(ip) { Ok(()) } else { Err(refusal(&ip.to_string())) }
}

fn refusal(what: &str) -> String {
    format!("{what} is within a private network or on this machine; --allow-private allows that")
}

/// Looks names up, and keeps addresses that anybody may ask.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str();
            let all: Vec<SocketAddr> = (name, 0).to_socket_addrs()?.collect();
            let public: Vec<SocketAddr> = all.into_iter().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Box::<dyn StdError + Send + Sync>::from(refusal(name)));
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let embedded = |high: u16, low: u16| is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    if let Some(ip) = ip.to_ipv4() {
        return is_public_v4(ip);
    }
    match parts {
        // Translated and tunneled addresses of IPv4.
        [0x64, 0xFF9B, .., high, low] | [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0 | 0xDB8, ..] => false,
        // Global unicast is all else that starts so.
        [first, ..] => first & 0xE000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_apart() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "ff02::1",
            "2001:db8::1",
            "fec0::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "64:ff9b::808:808"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    /// A server on this machine passes for a public one by its name; where it sends us is looked at all the same.
    #[test]
    fn redirects_into_private_networks_are_not_followed() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let port = address.port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 2000];
                let read = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                count.fetch_add(1, Ordering::SeqCst);
                let answer = match path {
                    "/ip" => format!("302 Found\r\nLocation: http://127.0.0.1:{port}/"),
                    "/name" => format!("302 Found\r\nLocation: http://localhost:{port}/"),
                    "/same" => format!("302 Found\r\nLocation: http://public.test:{port}/"),
                    _ => "200 OK\r\nContent-Type: text/plain".to_owned(),
                };
                io::Write::write_all(
                    &mut stream,
                    format!("HTTP/1.1 {answer}\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok").as_bytes(),
                )
                .unwrap();
            }
        });
        let options = WebOptions { retries: 0, timeout: Duration::from_secs(5), ..WebOptions::default() };
        let client = prepared(&options).unwrap().resolve("public.test", address).build().unwrap();
        let get = |path: &str| fetch(&client, &format!("http://public.test:{port}{path}"), &options, &Hosts::default());
        assert_eq!(get("/same").unwrap().bytes, b"ok");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        for path in ["/ip", "/name"] {
            let error = get(path).unwrap_err().to_string();
            assert!(error.contains("--allow-private"), "{path}: {error}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 4, "the redirects were not followed");
    }

    #[test]
    fn odd_spellings_of_this_machine_are_recognized() {
        for url in ["http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://[::ffff:7f00:1]/", "http://0/"]
        {
            assert!(check(&Url::parse(url).unwrap(), false).is_err(), "{url}");
            assert!(check(&Url::parse(url).unwrap(), true).is_ok(), "{url}");
        }
        assert!(check(&Url::parse("ftp://example.org/").unwrap(), true).is_err());
    }
}
