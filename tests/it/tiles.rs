//! PMTiles on a web map: MapLibre GL with the style that lies beside the tiles, in a real browser.
//!
//! The two libraries are npm's; `.ci/web-libraries` puts them where this test looks.

use crate::browser::Browser;
use crate::support::{mentionmap, root};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

/// What docs/web.md tells people to write, and a report of how it went.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="maplibre-gl/dist/maplibre-gl.css">
<body style="margin: 0"><div id="map" style="height: 100vh"></div>
<script src="pmtiles/dist/pmtiles.js"></script>
<script type="module">
  import * as maplibregl from "./maplibre-gl/dist/maplibre-gl.mjs";
  maplibregl.addProtocol("pmtiles", new pmtiles.Protocol().tile);
  window.errors = [];
  window.map = new maplibregl.Map({ container: "map", style: "news.style.json", center: [27, 36], zoom: 3.3 });
  map.on("error", (event) => errors.push(event.error.message));
  map.on("idle", () => { window.isDrawn = true; });
</script>"#;

/// The folder of the libraries; says aloud that the test is skipped where there is none.
fn libraries() -> Option<PathBuf> {
    let folder = root().join("target/web");
    if folder.join("maplibre-gl/dist/maplibre-gl.mjs").is_file() && folder.join("pmtiles/dist/pmtiles.js").is_file() {
        return Some(folder);
    }
    let is_required = std::env::var_os("CI_REQUIRE_TOOLS").is_some_and(|v| v == "1");
    assert!(!is_required, "MapLibre and pmtiles are required here: run .ci/web-libraries");
    eprintln!("skipped: no MapLibre in target/web; .ci/web-libraries puts it there");
    None
}

/// Serves files, or the parts of them that are asked for, from the first of these folders that has them.
fn serve(folders: Vec<PathBuf>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folders = folders.clone();
            std::thread::spawn(move || answer(stream, &folders));
        }
    });
    address
}

/// Answers one request after the other, until the browser hangs up.
fn answer(mut stream: TcpStream, folders: &[PathBuf]) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let name = line.split(' ').nth(1)?.trim_start_matches('/').split('?').next()?.to_owned();
        let mut part = None;
        loop {
            line.clear();
            reader.read_line(&mut line).ok()?;
            if line.trim().is_empty() {
                break;
            }
            let (field, value) = line.split_once(':')?;
            if field.eq_ignore_ascii_case("range") {
                let (first, last) = value.trim().strip_prefix("bytes=")?.split_once('-')?;
                part = Some((first.parse::<usize>().ok()?, last.parse::<usize>().ok()?));
            }
        }
        let file = folders.iter().map(|folder| folder.join(&name)).find(|path| path.is_file());
        let kind = match Path::new(&name).extension().and_then(|e| e.to_str()) {
            Some("html") => "text/html",
            Some("js" | "mjs") => "text/javascript",
            Some("css") => "text/css",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        };
        let Some(content) = file.and_then(|path| fs::read(path).ok()) else {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").ok()?;
            continue;
        };
        let (status, range, body) = match part {
            Some((first, last)) => {
                let end = (last + 1).min(content.len());
                let range = format!("Content-Range: bytes {first}-{}/{}\r\n", end - 1, content.len());
                ("206 Partial Content", range, content.get(first..end)?)
            }
            None => ("200 OK", String::new(), &content[..]),
        };
        let length = body.len();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{range}Content-Length: {length}\r\n\r\n").ok()?;
        stream.write_all(body).ok()?;
    }
}

#[test]
fn maplibre_draws_the_tiles() {
    let Some(libraries) = libraries() else { return };
    let flags = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
    let Some(browser) = Browser::start_with(&flags) else { return };
    let folder = tempfile::tempdir().unwrap();
    let tiles = folder.path().join("news.pmtiles");
    let arguments = ["map", "-q", "--per", "place", "examples/articles", "-o"];
    assert_eq!(mentionmap(&[&arguments[..], &[tiles.to_str().unwrap()]].concat()).code, 0);
    fs::write(folder.path().join("index.html"), PAGE).unwrap();
    let address = serve(vec![folder.path().to_path_buf(), libraries]);
    browser.go(&format!("{address}/index.html"));
    browser.wait("window.isDrawn");
    assert_eq!(browser.run("return errors"), json!([]));

    // The circles that it has drawn are places of the layer.
    let drawn = browser.run("return map.queryRenderedFeatures({layers: ['places']}).map(f => f.properties)");
    let drawn: Vec<Value> = serde_json::from_value(drawn).unwrap();
    assert!(drawn.len() > 50, "{} circles", drawn.len());
    let expected = mentionmap(&[&arguments[..4], &["examples/articles"]].concat()).features();
    let names: BTreeSet<&str> = expected.iter().map(|f| crate::support::text(f, "place")).collect();
    for properties in &drawn {
        assert!(names.contains(properties["place"].as_str().unwrap()), "{properties}");
        assert!(properties["weight_sum"].as_f64().unwrap() > 0.0 && properties["point_count"].as_f64().unwrap() >= 1.0);
    }
    // And they are there to see, in the colors of places and of countries.
    let picture = browser.command("Page.captureScreenshot", &json!({"format": "png"}));
    let png = base64(picture["data"].as_str().unwrap());
    let picture = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
    let reds = picture.pixels().iter().filter(|p| p.red() > p.blue().saturating_add(40)).count();
    let blues = picture.pixels().iter().filter(|p| p.blue() > p.red().saturating_add(40)).count();
    assert!(reds > 2000 && blues > 500, "{reds} red and {blues} blue pixels");
    // Closer in, every place has its own.
    browser.run("window.isDrawn = false; map.jumpTo({center: [39.5, 35.8], zoom: 8})");
    browser.wait("window.isDrawn");
    let near = browser.run("return map.queryRenderedFeatures({layers: ['places']}).map(f => f.properties)");
    let near: Vec<Value> = serde_json::from_value(near).unwrap();
    assert!(!near.is_empty() && near.iter().all(|p| p["point_count"] == 1), "{near:?}");

    assert_eq!(browser.run("return errors"), json!([]));
    let asked = browser.requests();
    assert!(
        asked.iter().all(|url| url.starts_with(&address) || url.starts_with("blob:") || url.starts_with("data:")),
        "{asked:?}"
    );
    // A driver of a machine without a graphics card has things to say that are no errors.
    let complaints: Vec<String> =
        browser.complaints().into_iter().filter(|said| !said.contains("GL Driver Message")).collect();
    assert_eq!(complaints, Vec::<String>::new());
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}
