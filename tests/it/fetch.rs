//! `gazetteer fetch` against a server on this machine that misbehaves as told.

use crate::support;
use mentionmap::ErrorKind;
use mentionmap::gazetteer::fetch::{Event, FetchOptions, FetchedFile, Fetcher, Retry, Scope};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DATE: &str = "Sun, 01 Nov 2026 02:00:00 GMT";

/// What a client asked for: path and header fields, their names in lower case.
#[derive(Clone, Debug)]
struct Request {
    path: String,
    fields: HashMap<String, String>,
}

impl Request {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The first byte of the range asked for.
    fn from(&self) -> Option<usize> {
        self.field("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// An answer, true or not.
#[derive(Clone, Debug)]
struct Reply {
    status: u16,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// The stated length, when it is not that of the body.
    stated: Option<usize>,
    /// The connection ends after so many bytes of the body …
    cut: Option<usize>,
    /// … but not before this long.
    stall: Duration,
}

impl Reply {
    fn new(status: u16, body: &[u8]) -> Self {
        Self { status, fields: Vec::new(), body: body.to_vec(), stated: None, cut: None, stall: Duration::ZERO }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, value.to_owned()));
        self
    }

    fn cut(self, after: usize) -> Self {
        Self { cut: Some(after), ..self }
    }

    fn stating(self, length: usize) -> Self {
        Self { stated: Some(length), ..self }
    }

    fn send(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let length = self.stated.unwrap_or(self.body.len());
        let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status);
        let framed = self.fields.iter().any(|(name, _)| *name == "Transfer-Encoding");
        if !framed && self.status != 304 {
            write!(head, "Content-Length: {length}\r\n").unwrap();
        }
        for (name, value) in &self.fields {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        stream.write_all(head.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.write_all(&self.body[..self.cut.unwrap_or(self.body.len())])?;
        stream.flush()?;
        std::thread::sleep(self.stall);
        stream.shutdown(Shutdown::Write)
    }
}

/// What a good server answers: ranges, conditions, and all.
fn good(request: &Request, body: &[u8], etag: &str) -> Reply {
    let reply = |status, body: &[u8]| Reply::new(status, body).with("ETag", etag).with("Last-Modified", DATE);
    if request.field("if-none-match") == Some(etag) {
        return reply(304, b"");
    }
    match request.from().filter(|_| request.field("if-range").is_none_or(|tag| tag == etag || tag == DATE)) {
        Some(from) if from < body.len() => {
            let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
            reply(206, &body[from..]).with("Content-Range", &range)
        }
        Some(_) => reply(416, b"").with("Content-Range", &format!("bytes */{}", body.len())),
        None => reply(200, body),
    }
}

/// A server with all files for Syria. `script` may answer for `SY.zip` (its request, and how many came before it);
/// everything else, and what it does not answer, is served well.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    fn new(script: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/dump", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, script) = (Arc::clone(&requests), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, seen, script) = (stream.unwrap(), Arc::clone(&seen), Arc::clone(&script));
                // A client that has gone away gets no answer; that is its business.
                std::thread::spawn(move || _ = answer(&stream, &seen, &*script));
            }
        });
        Self { address, requests }
    }

    /// What was asked of SY.zip.
    fn asked(&self) -> Vec<Request> {
        self.requests.lock().unwrap().iter().filter(|r| r.path == "/dump/SY.zip").cloned().collect()
    }
}

fn answer(
    stream: &TcpStream,
    seen: &Mutex<Vec<Request>>,
    script: &dyn Fn(&Request, usize) -> Option<Reply>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next().unwrap_or_else(|| Ok(String::new()))?.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut fields = HashMap::new();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        fields.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let request = Request { path: path.clone(), fields };
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.iter().filter(|r| r.path == path).count() - 1
    };
    let name = path.strip_prefix("/dump/").unwrap_or(&path);
    let scripted = if name == "SY.zip" { script(&request, before) } else { None };
    let reply = scripted.unwrap_or_else(|| match name {
        "SY.zip" | "alternatenames/SY.zip" => good(&request, &archive("SY.txt", 1), "\"one\""),
        "hierarchy.zip" => good(&request, &archive("hierarchy.txt", 1), "\"one\""),
        "admin1CodesASCII.txt" | "admin2Codes.txt" | "countryInfo.txt" => good(&request, b"SY.01\t\t\t\n", "\"one\""),
        _ => Reply::new(404, b"no such file"),
    });
    reply.send(stream)
}

/// An archive of some ten kilobytes; `seed` tells versions apart.
fn archive(member: &str, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut text = String::new();
    for id in 0..1000_u32 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(text, "{id}\t{:x}\tSY", state >> 24).unwrap();
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Without a time of its own each archive would have that of its making.
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    zip.start_file(member, options).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn whole() -> Vec<u8> {
    archive("SY.txt", 1)
}

/// A fetcher that is not patient.
fn fetcher(server: &Server, folder: &Path) -> Fetcher {
    let milliseconds = Duration::from_millis;
    let options = FetchOptions {
        folder: folder.to_path_buf(),
        mirror: server.address.clone(),
        connect_timeout: milliseconds(2000),
        stall_timeout: milliseconds(400),
        retry: Retry { attempts: 3, first: milliseconds(1), longest: milliseconds(4), patience: milliseconds(1500) },
    };
    Fetcher::new(options).unwrap()
}

/// What came of fetching Syria: the files or the error, and the reasons of all retries.
fn fetch(server: &Server, folder: &Path) -> (mentionmap::Result<Vec<FetchedFile>>, Vec<String>) {
    let mut retries = Vec::new();
    let result = fetcher(server, folder).fetch(&Scope::countries(["SY"]).unwrap(), &mut |event| {
        if let Event::Retrying { reason, .. } = event {
            retries.push(reason.to_owned());
        }
    });
    (result, retries)
}

/// Fetches Syria, which must go well in the end with SY.zip as `expected`; the reasons of all retries.
#[track_caller]
fn comes(server: &Server, folder: &TempDir, expected: &[u8]) -> Vec<String> {
    let (result, retries) = fetch(server, folder.path());
    result.unwrap();
    assert_eq!(fs::read(folder.path().join("SY.zip")).unwrap(), expected);
    assert!(!folder.path().join("SY.zip.part").exists() && !folder.path().join("SY.zip.part.json").exists());
    retries
}

/// Fetches Syria, which must fail; the message.
#[track_caller]
fn fails(server: &Server, folder: &TempDir) -> String {
    let error = fetch(server, folder.path()).0.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Network(_)), "{error:?}");
    assert!(!folder.path().join("SY.zip").exists(), "a bad file has got its name");
    error.to_string()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn brings_all_files_and_notes_them() {
    let server = Server::new(|_, _| None);
    let folder = folder();
    assert!(comes(&server, &folder, &whole()).is_empty());
    for file in Scope::countries(["SY"]).unwrap().files() {
        assert!(folder.path().join(&file).is_file(), "{file}");
    }
    let text = fs::read_to_string(folder.path().join("fetched.json")).unwrap();
    let notes: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(notes["license"].as_str().unwrap().contains("CC BY 4.0"));
    let note = &notes["files"]["SY.zip"];
    assert_eq!(note["url"], format!("{}/SY.zip", server.address));
    assert_eq!(note["size"], whole().len());
    assert_eq!((note["etag"].as_str(), note["last_modified"].as_str()), (Some("\"one\""), Some(DATE)));
    assert_eq!(note["sha256"].as_str().unwrap().len(), 64);
    assert!(notes["files"]["alternatenames/SY.zip"].is_object());
}

#[test]
fn resumes_where_the_connection_broke() {
    let server = Server::new(|request, n| (n == 0).then(|| good(request, &whole(), "\"one\"").cut(3000)));
    let retries = comes(&server, &folder(), &whole());
    assert_eq!(retries, [format!("the connection broke after 3000 of {} bytes", whole().len())]);
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!((asked[1].from(), asked[1].field("if-range")), (Some(3000), Some("\"one\"")));
}

#[test]
fn resumes_by_date_when_the_tag_is_weak() {
    let weak = "W/\"one\"";
    let server = Server::new(move |request, n| {
        let reply = good(request, &whole(), weak);
        Some(if n == 0 { reply.cut(3000) } else { reply })
    });
    comes(&server, &folder(), &whole());
    assert_eq!(server.asked()[1].field("if-range"), Some(DATE));
}

#[test]
fn breaks_that_let_it_get_further_are_not_counted() {
    let server = Server::new(|request, _| {
        let reply = good(request, &whole(), "\"one\"");
        let after = reply.body.len().min(1000);
        Some(if after == 1000 { reply.cut(after) } else { reply })
    });
    let retries = comes(&server, &folder(), &whole());
    assert_eq!(retries.len(), whole().len() / 1000);
    assert!(retries.len() > 3, "more than the fetcher's retries");
}

#[test]
fn the_next_run_resumes() {
    let folder = folder();
    let server = Server::new(|request, n| {
        let reply = good(request, &whole(), "\"one\"");
        // All retries of the first run break before a byte has come.
        Some(match n {
            0 => reply.cut(5000),
            1..=3 => reply.cut(0),
            _ => reply,
        })
    });
    let message = fails(&server, &folder);
    assert!(message.contains("after 5000 of"), "{message}");
    assert_eq!(fs::read(folder.path().join("SY.zip.part")).unwrap(), whole()[..5000]);
    comes(&server, &folder, &whole());
    assert_eq!(server.asked().last().unwrap().from(), Some(5000));
}

#[test]
fn a_part_that_is_whole_is_not_sent_again() {
    let folder = folder();
    let server = Server::new(|request, n| (n < 4).then(|| good(request, &whole(), "\"one\"").cut(0)));
    fails(&server, &folder);
    // As if the run had ended between the last byte and the renaming.
    fs::write(folder.path().join("SY.zip.part"), whole()).unwrap();
    assert!(comes(&server, &folder, &whole()).is_empty());
    assert_eq!(server.asked().last().unwrap().from(), Some(whole().len()));
}

#[test]
fn starts_anew_when_the_server_ignores_ranges() {
    let server = Server::new(|request, n| {
        let plain = Request { path: request.path.clone(), fields: HashMap::new() };
        let reply = good(&plain, &whole(), "\"one\"");
        Some(if n == 0 { reply.cut(3000) } else { reply })
    });
    assert_eq!(comes(&server, &folder(), &whole()).len(), 1);
    assert_eq!(server.asked()[1].from(), Some(3000));
}

#[test]
fn starts_anew_when_the_file_changed_meanwhile() {
    let second = archive("SY.txt", 2);
    let body = second.clone();
    let server = Server::new(move |request, n| {
        Some(if n == 0 { good(request, &whole(), "\"one\"").cut(3000) } else { good(request, &body, "\"two\"") })
    });
    assert_eq!(comes(&server, &folder(), &second).len(), 1);
}

#[test]
fn starts_anew_when_a_server_mixes_versions() {
    // It ignores If-Range and sends the rest of another version: the tag tells.
    let second = archive("SY.txt", 2);
    let body = second.clone();
    let server = Server::new(move |request, n| {
        let mut careless = request.clone();
        careless.fields.remove("if-range");
        Some(if n == 0 { good(request, &whole(), "\"one\"").cut(3000) } else { good(&careless, &body, "\"two\"") })
    });
    let retries = comes(&server, &folder(), &second);
    assert_eq!(retries[1..], ["the file has changed on the server"]);
    assert_eq!(server.asked()[2].from(), None);
}

#[test]
fn starts_anew_when_the_server_sends_another_part() {
    let server = Server::new(|request, n| match n {
        0 => Some(good(request, &whole(), "\"one\"").cut(3000)),
        1 => {
            let range = format!("bytes 2000-{}/{}", whole().len() - 1, whole().len());
            Some(Reply::new(206, &whole()[2000..]).with("Content-Range", &range))
        }
        _ => None,
    });
    let retries = comes(&server, &folder(), &whole());
    assert_eq!(retries[1..], ["the server sends another part than asked for"]);
}

#[test]
fn gives_a_stalled_connection_up_and_resumes() {
    let server = Server::new(|request, n| {
        (n == 0).then(|| Reply { stall: Duration::from_secs(20), ..good(request, &whole(), "\"one\"").cut(3000) })
    });
    let began = Instant::now();
    let retries = comes(&server, &folder(), &whole());
    assert!(retries[0].starts_with("nothing came for 0.4 seconds after 3000"), "{retries:?}");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(server.asked()[1].from(), Some(3000));
}

#[test]
fn tries_again_when_the_server_says_later() {
    let server = Server::new(|_, n| (n < 2).then(|| Reply::new(503, b"busy")));
    let retries = comes(&server, &folder(), &whole());
    assert_eq!(retries.len(), 2);
    assert!(retries[0].contains("503"), "{retries:?}");
}

#[test]
fn waits_as_long_as_the_server_asks() {
    let server = Server::new(|_, n| (n == 0).then(|| Reply::new(429, b"").with("Retry-After", "1")));
    let began = Instant::now();
    assert_eq!(comes(&server, &folder(), &whole()).len(), 1);
    assert!(began.elapsed() >= Duration::from_secs(1));

    let server = Server::new(|_, _| Some(Reply::new(429, b"").with("Retry-After", "3600")));
    let message = fails(&server, &folder());
    assert!(message.contains("429") && message.contains("3600 seconds"), "{message}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn gives_up_after_the_last_retry() {
    let server = Server::new(|_, _| Some(Reply::new(500, b"")));
    let message = fails(&server, &folder());
    assert!(message.contains("500") && message.contains("after 4 attempts"), "{message}");
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn a_length_that_is_too_long_is_no_file() {
    let server = Server::new(|_, _| Some(Reply::new(200, &whole()).with("ETag", "\"x\"").stating(whole().len() + 10)));
    let message = fails(&server, &folder());
    assert!(message.contains(&format!("after {} of {} bytes", whole().len(), whole().len() + 10)), "{message}");
}

#[test]
fn a_length_that_is_too_short_is_no_file() {
    let server = Server::new(|_, _| Some(Reply::new(200, &whole()).stating(whole().len() - 10)));
    let message = fails(&server, &folder());
    assert!(message.contains("damaged archive"), "{message}");
}

#[test]
fn a_damaged_archive_is_fetched_again() {
    let server = Server::new(|request, n| {
        let mut body = whole();
        body[2000] ^= 1;
        (n == 0).then(|| good(request, &body, "\"one\""))
    });
    let retries = comes(&server, &folder(), &whole());
    assert!(retries[0].starts_with("damaged archive"), "{retries:?}");
    assert_eq!(server.asked()[1].from(), None);
}

#[test]
fn a_web_page_is_no_file() {
    let server = Server::new(|_, _| Some(Reply::new(200, b"<!DOCTYPE html><title>Log in</title>")));
    let message = fails(&server, &folder());
    assert!(message.contains("web page"), "{message}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn unknown_length_is_fine_when_chunks_end() {
    let chunked = |cut: bool| {
        let mut body = format!("{:x}\r\n", whole().len()).into_bytes();
        body.extend(whole());
        body.extend(if cut { &b""[..] } else { &b"\r\n0\r\n\r\n"[..] });
        Reply::new(200, &body).with("Transfer-Encoding", "chunked")
    };
    let server = Server::new(move |_, n| Some(chunked(n == 0)));
    assert_eq!(comes(&server, &folder(), &whole()).len(), 1);
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::new(|_, _| None);
    let folder = folder();
    comes(&server, &folder, &whole());
    let (again, _) = fetch(&server, folder.path());
    assert!(again.unwrap().iter().all(|file| file.unchanged));
    let asked = server.asked();
    assert_eq!((asked[1].field("if-none-match"), asked[1].field("if-modified-since")), (Some("\"one\""), Some(DATE)));

    // A file that was changed here is not what was fetched, whatever its size.
    let mut changed = whole();
    changed[100] ^= 1;
    fs::write(folder.path().join("SY.zip"), changed).unwrap();
    comes(&server, &folder, &whole());
    assert_eq!(server.asked()[2].field("if-none-match"), None);
}

#[test]
fn a_newer_file_replaces_the_older() {
    let second = archive("SY.txt", 2);
    let body = second.clone();
    let server = Server::new(move |request, n| (n > 0).then(|| good(request, &body, "\"two\"")));
    let folder = folder();
    comes(&server, &folder, &whole());
    comes(&server, &folder, &second);
    assert_eq!(server.asked()[1].field("if-none-match"), Some("\"one\""));
}

#[test]
fn follows_redirects_but_not_in_circles() {
    let elsewhere = Server::new(|_, _| None);
    let there = format!("{}/SY.zip", elsewhere.address);
    let server = Server::new(move |_, _| Some(Reply::new(302, b"").with("Location", &there)));
    comes(&server, &folder(), &whole());

    let circle = Server::new(|_, _| Some(Reply::new(302, b"").with("Location", "/dump/SY.zip")));
    let message = fails(&circle, &folder());
    assert!(message.contains("redirect"), "{message}");
}

#[test]
fn a_file_that_does_not_exist_is_an_error_at_once() {
    let server = Server::new(|_, _| Some(Reply::new(404, b"")));
    let message = fails(&server, &folder());
    assert!(message.contains("404") && message.contains("country code"), "{message}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn two_do_not_write_one_folder() {
    let server = Server::new(|request, _| {
        Some(Reply { stall: Duration::from_millis(300), ..good(request, &whole(), "\"one\"") })
    });
    let folder = folder();
    let mut second = None;
    fetcher(&server, folder.path())
        .fetch(&Scope::countries(["SY"]).unwrap(), &mut |event| {
            if let Event::Starting { number: 1, .. } = event {
                second = Some(fetch(&server, folder.path()).0);
            }
        })
        .unwrap();
    let error = second.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Usage(_)) && error.to_string().contains("another fetch"), "{error}");
}

/// The program, without the proxies of whoever runs the tests.
fn program() -> assert_cmd::Command {
    let mut program = support::program();
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        program.env_remove(proxy);
    }
    program.args(["gazetteer", "fetch", "--country", "sy", "--download-only"]);
    program
}

#[test]
fn the_command_prints_checksums_the_license_and_what_comes_next() {
    let server = Server::new(|_, n| (n == 0).then(|| Reply::new(503, b"").with("Retry-After", "0")));
    let folder = folder();
    let output = program().current_dir(&folder).args(["--mirror", &server.address]).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].len() > 66 && lines[0].ends_with("  geonames/SY.zip"), "{}", lines[0]);
    assert!(err.contains("503") && err.contains("CC BY 4.0"), "{err}");
    assert!(err.contains("mentionmap gazetteer build geonames/SY.zip --alternate-names"), "{err}");

    let arguments = ["--mirror", &server.address, "--quiet"];
    let output = program().current_dir(&folder).args(arguments).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_command_says_when_there_is_no_network() {
    // A port that was free a moment ago: nobody listens.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for mirror in [format!("http://{address}/"), "http://no-such-host.invalid/".to_owned()] {
        let folder = folder();
        let output = program().current_dir(&folder).args(["--mirror", &mirror]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.starts_with("mentionmap: no network: cannot reach ") && err.contains("needs none"), "{err}");
    }
}

#[test]
fn the_command_goes_through_the_proxy_of_the_environment() {
    // What a proxy is asked for is a whole address; this one answers all by itself.
    let proxy = Server::new(|_, _| None);
    let address = proxy.address.strip_suffix("/dump").unwrap();
    let folder = folder();
    let output = program()
        .current_dir(&folder)
        .env("HTTP_PROXY", address)
        .env("http_proxy", address)
        .args(["--mirror", "http://geonames.invalid/", "--retries", "0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let asked = proxy.requests.lock().unwrap();
    assert_eq!(asked[0].path, "http://geonames.invalid/SY.zip");
}

#[test]
fn bad_usage_is_told_before_the_network_is_touched() {
    for arguments in [
        &["gazetteer", "fetch"][..],
        &["gazetteer", "fetch", "--all", "--country", "SY"],
        &["gazetteer", "fetch", "--country", "Syria"],
        &["gazetteer", "fetch", "--country", "SY", "--mirror", "ftp://example.org/"],
    ] {
        let run = support::mentionmap(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
    }
}
