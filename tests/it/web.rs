//! Addresses: fetched from a server on this machine that behaves as told.

use crate::support::{Run, collection, mentionmap_in, program, text};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// A server that answers by path.
struct Server {
    address: String,
    /// Paths asked for, with the user agent of each.
    asked: Arc<Mutex<Vec<(String, String)>>>,
    /// The most requests that were under way at once.
    most: Arc<AtomicUsize>,
}

const PAGE: &str =
    "<html><head><title>Rain</title></head><body><article><p>Rain fell in Latvia.</p></article></body></html>";

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, most, now) =
            (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Self { address, asked: Arc::clone(&asked), most: Arc::clone(&most) };
        let port = server.address.rsplit(':').next().unwrap().to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (asked, most, now, port) = (Arc::clone(&asked), Arc::clone(&most), Arc::clone(&now), port.clone());
                std::thread::spawn(move || {
                    let busy = || {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(300));
                        now.fetch_sub(1, Ordering::SeqCst);
                    };
                    _ = answer(&stream.unwrap(), &asked, &port, &busy);
                });
            }
        });
        server
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    fn times(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, _)| asked == path).count()
    }
}

fn answer(
    mut stream: &TcpStream,
    asked: &Mutex<Vec<(String, String)>>,
    port: &str,
    busy: &dyn Fn(),
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next().unwrap_or_else(|| Ok(String::new()))?.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut agent = String::new();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            assert_eq!(name.len(), 10);
            value.clone_into(&mut agent);
        }
    }
    let before = {
        let mut asked = asked.lock().unwrap();
        asked.push((path.clone(), agent));
        asked.iter().filter(|(p, _)| *p == path).count() - 1
    };
    let mut reply = |status: u16, fields: &str, body: &[u8]| -> std::io::Result<()> {
        write!(
            stream,
            "HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Length: {}\r\n{fields}\r\n",
            body.len()
        )?;
        stream.write_all(body)?;
        stream.shutdown(Shutdown::Write)
    };
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    match path.as_str() {
        "/latin" => reply(
            200,
            "Content-Type: text/html; charset=windows-1252\r\n",
            b"<html><p>Rain fell in Orl\xE9ans, France.</p>",
        ),
        "/text" => reply(200, "Content-Type: text/plain\r\n", b"Snow fell in <b>Estonia</b>."),
        "/all.jsonl" => {
            reply(200, "Content-Type: text/plain\r\n", b"{\"id\": \"a\", \"text\": \"Hail in Lithuania.\"}\n")
        }
        "/all" => {
            reply(200, "Content-Type: application/json\r\n", b"[{\"id\": \"a\", \"text\": \"Hail in Lithuania.\"}]")
        }
        "/untold" => reply(200, "", PAGE.as_bytes()),
        "/picture" => reply(200, "Content-Type: image/png\r\n", b"\x89PNG"),
        "/busy" if before < 2 => reply(503, "Retry-After: 0\r\n", b"busy"),
        "/page" | "/busy" => reply(200, html, PAGE.as_bytes()),
        "/down" => reply(500, "", b"down"),
        "/long" => reply(200, html, "Rain in Latvia. ".repeat(10_000).as_bytes()),
        "/to-page" => reply(302, "Location: /page\r\n", b""),
        "/round" => reply(302, "Location: /round\r\n", b""),
        "/to-name" => reply(302, &format!("Location: http://localhost:{port}/page\r\n"), b""),
        "/to-file" => reply(302, "Location: file:///etc/passwd\r\n", b""),
        "/stalls" => {
            write!(stream, "HTTP/1.1 200 OK\r\n{html}Content-Length: 1000\r\n\r\n<html>")?;
            stream.flush()?;
            std::thread::sleep(Duration::from_secs(8));
            Ok(())
        }
        "/broken" => {
            write!(stream, "HTTP/1.1 200 OK\r\n{html}Content-Length: 100000\r\n\r\n<html>Rain in Latvia")?;
            stream.shutdown(Shutdown::Both)
        }
        "/slow" | "/slow?1" | "/slow?2" | "/slow?3" | "/slow?4" | "/slow?5" => {
            busy();
            reply(200, html, PAGE.as_bytes())
        }
        _ => reply(404, html, b"<html><p>Nothing in Poland.</p>"),
    }
}

fn fetch(server: &Server, paths: &[&str], options: &[&str]) -> Run {
    let folder = tempdir().unwrap();
    let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let run = mentionmap_in(folder.path(), &[&["map", "-q", "--allow-private"], &urls[..], options].concat(), "");
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

fn places(run: &Run) -> Vec<String> {
    collection(&run.out).features.iter().map(|f| text(f, "place").to_owned()).collect()
}

#[test]
fn pages_and_files_are_fetched() {
    let server = Server::new();
    let run = fetch(
        &server,
        &["/page", "/latin", "/text", "/all.jsonl", "/all", "/untold", "/to-page", "/to-name", "/busy"],
        &["--retries", "2"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        places(&run),
        ["Latvia", "Orléans", "France", "Estonia", "Lithuania", "Lithuania", "Latvia", "Latvia", "Latvia", "Latvia"]
    );
    let features = collection(&run.out).features;
    assert_eq!(
        (text(&features[0], "article"), text(&features[0], "url")),
        (&*server.url("/page"), &*server.url("/page"))
    );
    assert_eq!(server.times("/busy"), 3);
    let agents = server.asked.lock().unwrap().iter().map(|(_, agent)| agent.clone()).collect::<Vec<_>>();
    assert!(agents.iter().all(|a| a == concat!("mentionmap/", env!("CARGO_PKG_VERSION"))), "{agents:?}");
}

#[test]
fn what_fails_is_told_and_the_rest_goes_on() {
    let server = Server::new();
    let started = Instant::now();
    let run = fetch(
        &server,
        &["/gone", "/picture", "/down", "/long", "/round", "/to-file", "/stalls", "/broken", "/page"],
        &["--retries", "1", "--max-fetch-bytes", "100000", "--timeout", "2"],
    );
    assert_eq!((run.code, places(&run)), (1, vec!["Latvia".to_owned()]), "{}", run.err);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    let lines: Vec<&str> = run.err.lines().collect();
    for (line, (path, reason)) in lines.iter().zip([
        ("/gone", "404"),
        ("/picture", "image/png"),
        ("/down", "500"),
        ("/long", "--max-fetch-bytes"),
        ("/round", "too many redirects"),
        ("/to-file", ""),
        ("/stalls", ""),
        ("/broken", ""),
    ]) {
        assert!(line.starts_with(&format!("mentionmap: {}: ", server.url(path))) && line.contains(reason), "{line}");
    }
    assert_eq!((lines.len(), server.times("/down"), server.times("/gone")), (8, 2, 1), "{}", run.err);
}

#[test]
fn private_addresses_are_not_asked() {
    let server = Server::new();
    let port = server.address.rsplit(':').next().unwrap();
    let urls = [
        server.url("/page"),
        format!("http://localhost:{port}/page"),
        format!("http://[::ffff:127.0.0.1]:{port}/page"),
        format!("http://0x7f000001:{port}/page"),
        format!("http://127.1:{port}/page"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ];
    for url in &urls {
        let run = mentionmap_in(Path::new("."), &["map", "-q", url], "");
        assert!(run.code == 1 && run.err.contains("--allow-private"), "{url}: {}", run.err);
    }
    assert!(server.asked.lock().unwrap().is_empty());
    // A proxy would look names up unseen.
    let output = program().args(["map", "-q", &urls[1]]).env("http_proxy", &server.address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(server.asked.lock().unwrap().is_empty());
}

#[test]
fn few_requests_at_once_to_a_host() {
    let server = Server::new();
    let paths = ["/slow", "/slow?1", "/slow?2", "/slow?3", "/slow?4", "/slow?5"];
    let started = Instant::now();
    assert_eq!(places(&fetch(&server, &paths, &["--per-host", "2"])).len(), 6);
    assert!(started.elapsed() >= Duration::from_millis(900), "{:?}", started.elapsed());
    assert_eq!(server.most.load(Ordering::SeqCst), 2);
}

#[test]
fn lists_of_addresses() {
    let server = Server::new();
    let folder = tempdir().unwrap();
    let list = format!("# pages\n{}\n\n{}\n{}\n", server.url("/page"), server.url("/text"), server.url("/page"));
    fs::write(folder.path().join("urls.txt"), list).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "-q", "--urls", "urls.txt", "--allow-private"], "");
    assert_eq!((run.code, places(&run)), (0, vec!["Latvia".to_owned(), "Estonia".into()]), "{}", run.err);
    let arguments = ["map", "--urls", "urls.txt", "--allow-private", "-o", "out/", "--per-input"];
    assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 0);
    let host = server.address.trim_start_matches("http://").replace(':', "_");
    assert!(folder.path().join(format!("out/{host}/page.geojson")).exists());
    fs::write(folder.path().join("urls.txt"), "https://example.org/\nexample.org\n").unwrap();
    let run = mentionmap_in(folder.path(), &["map", "--urls", "urls.txt"], "");
    assert!(run.code == 2 && run.err.contains("urls.txt:2: "), "{}", run.err);
}
