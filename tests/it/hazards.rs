//! What becomes of files that do not mean well, or that something has befallen: a table for each format, in
//! `tests/cases/hazards.txt`. Whatever happens, the next input is mapped, and the program ends as it should.

use crate::fixtures::{
    ARTICLES, COLUMNS, MANY, ONE, PACKERS, Written, gz, places, record, run, written, written_of, zip,
};
use crate::support::{collection, mentionmap_in, root, text};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// What may befall a file, in the order of the table's columns.
const HAZARDS: [&str; 12] = [
    "good",
    "empty",
    "truncated",
    "renamed",
    "misnamed",
    "latin1",
    "utf16",
    "noise",
    "bomb",
    "nested",
    "outside",
    "loop",
];

/// Maps inputs; in a word or two, what came of them:
///
/// * `all` — the places of the good file, and no error; `some` — fewer or others; `none` — no places;
/// * before a plus, the kinds of errors that were listed: `format+some`.
fn outcome(folder: &Path, input: &str, options: &[&str], expected: &[String]) -> String {
    fs::write(folder.join("last.txt"), "Fog lay over Iceland.").unwrap();
    let arguments = [&["map", "-q", input, "last.txt", "--errors", "errors.jsonl"], options].concat();
    let started = Instant::now();
    let run = mentionmap_in(folder, &arguments, "");
    assert!(started.elapsed() < Duration::from_mins(1), "{input} took {:?}", started.elapsed());
    assert!(!run.err.contains("panicked"), "{input}: {}", run.err);
    let mut found: Vec<String> = collection(&run.out).features.iter().map(|f| text(f, "place").to_owned()).collect();
    assert_eq!(found.pop().as_deref(), Some("Iceland"), "{input}: the next input is mapped: {}", run.err);
    let errors = fs::read_to_string(folder.join("errors.jsonl")).unwrap();
    let mut kinds: Vec<String> = Vec::new();
    for line in errors.lines() {
        let error: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(error["path"].as_str().unwrap().starts_with(input), "names the input: {line}");
        kinds.push(error["kind"].as_str().unwrap().to_owned());
    }
    kinds.dedup();
    let failed = kinds.iter().any(|kind| kind != "skipped");
    assert_eq!(run.code, i32::from(failed), "{input}: {}", run.err);
    let came = if found == expected {
        "all"
    } else if found.is_empty() {
        "none"
    } else {
        "some"
    };
    kinds.push(came.into());
    kinds.join("+")
}

/// What befalls a file of this format.
fn befall(hazard: &str, extension: &str, folder: &Path) -> Option<String> {
    let name = format!("a.{extension}");
    let good = written(extension);
    let half = good.len() / 2;
    let is_text = !COLUMNS.contains(&extension);
    let content = match hazard {
        "good" => good,
        "empty" => Vec::new(),
        // In the last article, where there are three.
        "truncated" if MANY.contains(&extension) => good[..good.len() - 60].to_vec(),
        "truncated" => good[..good.len() - half].to_vec(),
        "renamed" => {
            fs::write(folder.join("a.dat"), good).unwrap();
            return Some("a.dat".into());
        }
        // Another format under this name.
        "misnamed" => b"Rain fell in Latvia.\nSnow fell in Estonia.\n".to_vec(),
        "latin1" if is_text => latin1(extension),
        "utf16" if is_text => {
            let wide = std::str::from_utf8(&good).unwrap().encode_utf16().flat_map(u16::to_le_bytes);
            [0xFF, 0xFE].into_iter().chain(wide).collect()
        }
        // Within a column of text.
        "latin1" | "utf16" => replaced(&good, "Orléans".as_bytes(), b"Orl\xE9\xFFans"),
        "noise" => (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect(),
        "bomb" => bomb(extension),
        "nested" => nested(extension)?,
        "outside" => {
            let members = [("../../outside.txt", &b"Rain fell in Latvia."[..]), (&name, &good)];
            fs::write(folder.join("a.zip"), zip(&members)).unwrap();
            return Some("a.zip".into());
        }
        "loop" => {
            #[cfg(unix)]
            std::os::unix::fs::symlink(&name, folder.join(&name)).unwrap();
            return Some(name);
        }
        other => panic!("no hazard {other}"),
    };
    fs::write(folder.join(&name), content).unwrap();
    Some(name)
}

/// One format's row of the table.
fn row(extension: &str) -> String {
    let expected = places(&run(&format!("a.{extension}"), &written(extension), &[]));
    assert!(expected.len() >= if ONE.contains(&extension) { 3 } else { 12 }, "{extension}: {expected:?}");
    let mut row = format!("{extension:8}");
    for hazard in HAZARDS {
        let folder = tempdir().unwrap();
        let came = match befall(hazard, extension, folder.path()) {
            Some(input) => outcome(folder.path(), &input, &[], &expected),
            None => "-".into(),
        };
        _ = write!(row, " {came:16}");
    }
    row.trim_end().to_owned()
}

/// Compares with the table; `UPDATE_HAZARDS=1` prints the row as it is instead.
fn compare(extension: &str) {
    let row = row(extension);
    if std::env::var_os("UPDATE_HAZARDS").is_some_and(|v| v == "1") {
        eprintln!("{row}");
        return;
    }
    let table = fs::read_to_string(root().join("tests/cases/hazards.txt")).unwrap();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let header = words(table.lines().find(|line| line.starts_with("format ")).unwrap());
    assert_eq!(header[1..], HAZARDS);
    let expected = words(table.lines().find(|line| words(line).first().is_some_and(|w| w == extension)).unwrap());
    let found = words(&row);
    for (i, hazard) in header.iter().enumerate() {
        assert_eq!(found.get(i), expected.get(i), "{extension}, {hazard}:\n{row}");
    }
}

macro_rules! tables {
    ($($(#[$attribute:meta])* $extension:ident),*) => { $(
        $(#[$attribute])*
        #[test]
        fn $extension() {
            compare(stringify!($extension));
        }
    )* };
}

tables!(
    txt,
    md,
    html,
    eml,
    jsonl,
    json,
    csv,
    tsv,
    rss,
    atom,
    warc,
    wet,
    mbox,
    #[cfg(feature = "full")]
    parquet,
    #[cfg(feature = "full")]
    arrow
);

/// The good file in windows-1252, which nothing declares.
fn latin1(extension: &str) -> Vec<u8> {
    let text = String::from_utf8(written(extension)).unwrap();
    let text = match extension {
        // Lengths within a web archive are in bytes of its encoding.
        "warc" | "wet" => {
            let length = text.split("Content-Length: ").nth(1).unwrap().split('\r').next().unwrap();
            let shorter = length.parse::<usize>().unwrap() - 1;
            text.replacen(&format!("Content-Length: {length}\r"), &format!("Content-Length: {shorter}\r"), 1)
        }
        _ => text,
    };
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the bytes are there");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

/// The first article with a mark where something long will stand, and the others.
fn marked() -> [Written; 3] {
    let [first, rest @ ..] = ARTICLES;
    let [second, third] = rest;
    [
        Written { paragraphs: ["Heavy rain @@@ flooded streets in Jelgava on Monday.", first.paragraphs[1]], ..first },
        second,
        third,
    ]
}

/// What stands before and behind the mark in a file of this format; lengths within count `long` bytes for it.
fn around(extension: &str, long: usize) -> [Vec<u8>; 2] {
    let text = String::from_utf8(written_of(extension, &marked())).unwrap();
    let text = match extension {
        "warc" | "wet" => {
            let length = text.split("Content-Length: ").nth(1).unwrap().split('\r').next().unwrap();
            let longer = length.parse::<usize>().unwrap() - 3 + long;
            text.replacen(&format!("Content-Length: {length}\r"), &format!("Content-Length: {longer}\r"), 1)
        }
        _ => text,
    };
    let (before, behind) = text.split_once("@@@").unwrap();
    [before.as_bytes().to_vec(), behind.as_bytes().to_vec()]
}

const FILLER: &[u8] = b"it rained and rained ";

/// A gigabyte in the middle of the first article, packed into a megabyte or two.
fn bomb(extension: &str) -> Vec<u8> {
    let bomb = match extension {
        #[cfg(feature = "full")]
        "parquet" => columnar::bomb(),
        #[cfg(feature = "full")]
        "arrow" => gz(&columnar::long("arrow", 64 << 20)),
        _ => {
            let long = vec![b' '; 10 << 20];
            let [before, behind] = around(extension, 100 * long.len());
            [gz(&before), gz(&long).repeat(100), gz(&behind)].concat()
        }
    };
    assert!(bomb.len() < 2 << 20, "{extension}: {}", bomb.len());
    bomb
}

/// A hundred thousand of what can stand within itself, before what could be read.
fn nested(extension: &str) -> Option<Vec<u8>> {
    let deep = 100_000;
    let rest = ARTICLES[0].text();
    let tags = "<div>".repeat(deep);
    let text = match extension {
        "txt" => format!("{}\n\n{rest}", "(".repeat(deep)),
        "md" => format!("{}x\n\n{rest}", "> ".repeat(deep)),
        "html" => format!("<html>{tags}{rest}"),
        "eml" => format!("Subject: x\r\nFrom: a\r\nTo: b\r\nContent-Type: text/html\r\n\r\n{tags}{rest}"),
        "jsonl" => format!("{{\"text\": {}\n{}", "[".repeat(deep), String::from_utf8(written(extension)).unwrap()),
        "json" => format!("[{{\"a\": {}", "[".repeat(deep)),
        // Fields that are wider than any table.
        "csv" => format!("id,text\na,b{}\nc,Snow in Estonia.\n", ",".repeat(deep)),
        "tsv" => format!("id\ttext\na\tb{}\nc\tSnow in Estonia.\n", "\t".repeat(deep)),
        "rss" => format!("<rss version=\"2.0\"><channel>{}", "<x>".repeat(deep)),
        "atom" => format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{}", "<x>".repeat(deep)),
        "warc" => {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>{tags}{rest}");
            record("response", "application/http", "x", &answer) + &String::from_utf8(written(extension)).unwrap()
        }
        "wet" => record("conversion", "text/plain", "x", &format!("{}\n{rest}", "(".repeat(deep))),
        "mbox" => format!(
            "From a@example.org Tue Mar  5 10:00:00 2024\nSubject: x\nFrom: a\nTo: b\nContent-Type: text/html\n\n{tags}\n\n{}",
            String::from_utf8(written(extension)).unwrap()
        ),
        #[cfg(feature = "full")]
        "parquet" | "arrow" => return Some(columnar::nested(extension, deep)),
        _ => return None,
    };
    Some(text.into_bytes())
}

/// A field of so many bytes comes in by a pipe, in every format: an error of its own, the articles behind it are mapped,
/// and memory stays small. The default is short; `MENTIONMAP_FIELD_BYTES=2000000000` is the long form.
#[test]
fn a_field_that_does_not_end() {
    let long: usize = std::env::var("MENTIONMAP_FIELD_BYTES").ok().and_then(|n| n.parse().ok()).unwrap_or(48 << 20);
    for extension in ONE.iter().chain(&MANY) {
        let format = match *extension {
            "txt" => "text",
            "md" => "markdown",
            "wet" => "warc",
            other => other,
        };
        let folder = tempdir().unwrap();
        let long = long / FILLER.len() * FILLER.len();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
            .current_dir(folder.path())
            .args(["map", "-q", "--input-format", format, "--errors", "errors.jsonl", "-o", "map.geojson"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let [before, behind] = around(extension, long);
        let writing = std::thread::spawn(move || {
            let piece = FILLER.repeat(10_000);
            let mut left = long;
            // It may stop listening, when nothing that follows can matter.
            let mut write = |bytes: &[u8]| input.write_all(bytes).is_ok();
            let mut goes_on = write(&before);
            while left > 0 && goes_on {
                let some = left.min(piece.len());
                goes_on = write(&piece[..some]);
                left -= some;
            }
            _ = goes_on && write(&behind);
        });
        let most = peak(&mut child);
        writing.join().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{extension}");
        let errors = fs::read_to_string(folder.path().join("errors.jsonl")).unwrap();
        assert!(errors.lines().count() == 1 && errors.contains("\"kind\":\"too_long\""), "{extension}: {errors}");
        let found = collection(&fs::read_to_string(folder.path().join("map.geojson")).unwrap()).features;
        let goes_on = MANY.contains(extension) && !["rss", "atom"].contains(extension);
        assert_eq!(found.iter().any(|f| text(f, "place") == "Tallinn"), goes_on, "{extension}");
        assert!(most < 300 << 10, "{extension}: {most} kB of memory");
        eprintln!("a field of {long} bytes in {extension}: {} MB of memory", most >> 10);
    }
}

/// Waits for the end of a process; gives the most memory that it had, in kB (0 where the system does not tell).
fn peak(child: &mut std::process::Child) -> u64 {
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        most = most.max(line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(3));
    }
    most
}

#[test]
fn bombs_in_every_packing() {
    let long = vec![b' '; 10 << 20];
    let [before, behind] = around("jsonl", 0);
    for (suffix, pack) in PACKERS {
        let bomb = [pack(&before), pack(&long).repeat(100), pack(&behind)].concat();
        assert!(bomb.len() < 4 << 20, "{suffix}: {}", bomb.len());
        let run = run("a.jsonl", &bomb, &[]);
        assert!(run.code == 1 && run.err.contains("--max-ratio"), "{suffix}: {}", run.err);
        let limited = run_limited(&bomb);
        assert!(limited.contains("--max-unpacked-bytes"), "{suffix}: {limited}");
    }
    // Who trusts it gets what stands behind.
    let bomb = [gz(&before), gz(&long).repeat(10), gz(&behind)].concat();
    let trusted = run("a.jsonl", &bomb, &["--max-ratio", "1000000"]);
    assert!(trusted.code == 1 && trusted.err.contains("longer than 33554432 bytes"), "{}", trusted.err);
    assert!(places(&trusted).contains(&"Tallinn".to_owned()));
    let mut member = long.clone();
    member.resize(80 << 20, b' ');
    let bomb = zip(&[("a.jsonl", &member), ("b.txt", b"Snow fell in Estonia.")]);
    let zipped = run("a.zip", &bomb, &[]);
    assert!(zipped.code == 1 && zipped.err.contains("--max-ratio"), "{}", zipped.err);
    assert_eq!(places(&zipped), ["Estonia"]);
}

fn run_limited(bomb: &[u8]) -> String {
    run("a.txt", bomb, &["--max-ratio", "1000000", "--max-unpacked-bytes", "20000000"]).err
}

#[test]
fn nesting_in_other_ways() {
    let deep = 100_000;
    let entry = format!("<item><title>x</title><description>{}</description></item>", "<b>".repeat(deep));
    let boundary = |i: usize| format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
    let parts = (0..20_000).fold(String::from("Subject: x\r\nFrom: a\r\nTo: b\r\n"), |mail, i| mail + &boundary(i));
    for (name, content) in [
        ("a.html", format!("<html>{}", "<a href=x><b><i>".repeat(deep))),
        ("a.html", format!("<html><body>{}</body></html>", "<svg><p>".repeat(deep))),
        ("a.html", format!("<html><body><p {}>Rain.</p></body></html>", "a=b ".repeat(deep))),
        ("a.html", "<".repeat(deep)),
        ("a.html", "<!--".repeat(deep)),
        ("a.html", "<p ".repeat(deep)),
        ("a.md", format!("{}x", "[".repeat(deep))),
        ("a.json", "[".repeat(deep)),
        ("a.json", format!("[{}", "{\"a\":".repeat(deep))),
        ("a.rss", format!("<rss version=\"2.0\"><channel>{entry}</channel></rss>")),
        ("a.eml", parts),
    ] {
        let started = Instant::now();
        let run = run(name, content.as_bytes(), &[]);
        assert!(started.elapsed().as_secs() < 20, "{name} {}…: {:?}", &content[..20], started.elapsed());
        // What of it can be read may be; none may bring the program down.
        assert!(run.code == 0 || !run.err.is_empty(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn links_that_go_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("sub/a.txt"), "Rain fell in Latvia.").unwrap();
    symlink("..", folder.path().join("sub/up")).unwrap();
    for extension in ONE.iter().chain(&MANY).chain(&COLUMNS) {
        symlink(format!("loop.{extension}"), folder.path().join(format!("loop.{extension}"))).unwrap();
    }
    symlink("nowhere.txt", folder.path().join("dangling.txt")).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "."], "");
    assert_eq!((run.code, collection(&run.out).features.len()), (0, 1), "{}", run.err);
}

#[test]
fn other_encodings_can_be_named() {
    let cyrillic = encoding_rs::KOI8_R.encode("Наводнение произошло в городе Сочи, Россия.").0.into_owned();
    assert!(places(&run("a.txt", &cyrillic, &["--encoding", "koi8-r"])).iter().any(|p| p == "Sochi"));
}

/// Every format that names a file has its row.
#[test]
fn the_table_is_complete() {
    let table = fs::read_to_string(root().join("tests/cases/hazards.txt")).unwrap();
    let rows: BTreeMap<&str, usize> = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| (line.split_whitespace().next().unwrap(), line.split_whitespace().count()))
        .collect();
    for extension in ONE.iter().chain(&MANY).chain(&COLUMNS) {
        assert_eq!(rows.get(extension), Some(&(HAZARDS.len() + 1)), "{extension}");
    }
}

/// Files that only a build with the feature `full` reads.
#[cfg(feature = "full")]
mod columnar {
    use super::*;
    use arrow::array::{ArrayRef, LargeStringArray, RecordBatch};
    use arrow::datatypes::{DataType, Field, Schema};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;
    use std::sync::Arc;

    /// Three row groups, or three batches, of one article each; the first has a text of so many bytes.
    pub(super) fn long(extension: &str, bytes: usize) -> Vec<u8> {
        let batch = |article: &Written| {
            let text = match article.id {
                "rain" => String::from_utf8(FILLER.repeat(bytes / FILLER.len())).unwrap(),
                _ => article.text(),
            };
            let column = |text: String| -> ArrayRef { Arc::new(LargeStringArray::from(vec![text])) };
            RecordBatch::try_from_iter([("id", column(article.id.into())), ("text", column(text))]).unwrap()
        };
        let schema = batch(&ARTICLES[1]).schema();
        let mut file = Vec::new();
        if extension == "parquet" {
            let zstd = Compression::ZSTD(ZstdLevel::try_new(1).unwrap());
            let properties = WriterProperties::builder().set_compression(zstd).set_dictionary_enabled(false).build();
            let mut writer = ArrowWriter::try_new(&mut file, schema, Some(properties)).unwrap();
            for article in &ARTICLES {
                writer.write(&batch(article)).unwrap();
                writer.flush().unwrap();
            }
            writer.close().unwrap();
        } else {
            let mut writer = arrow::ipc::writer::FileWriter::try_new(&mut file, &schema).unwrap();
            for article in &ARTICLES {
                writer.write(&batch(article)).unwrap();
            }
            writer.finish().unwrap();
        }
        file
    }

    /// A thousand rows with the same megabyte, which a dictionary holds once: a gigabyte for who unfolds it. And a page
    /// that unpacks to 64 MB.
    pub(super) fn bomb() -> Vec<u8> {
        long("parquet", 64 << 20)
    }

    /// As deep as the libraries write.
    pub(super) fn nested(extension: &str, deep: usize) -> Vec<u8> {
        if extension == "parquet" {
            return nested_schema(deep);
        }
        let field = (0..500).fold(Field::new("text", DataType::Utf8, true), |inner, _| {
            Field::new("text", DataType::Struct(vec![inner].into()), true)
        });
        let mut file = Vec::new();
        arrow::ipc::writer::FileWriter::try_new(&mut file, &Schema::new(vec![field])).unwrap().finish().unwrap();
        file
    }

    /// A Parquet file of nothing but a schema of groups within groups, written by hand: in Thrift's compact protocol.
    fn nested_schema(deep: usize) -> Vec<u8> {
        let mut footer = vec![0x15, 2, 0x19, 0xFC];
        let mut count = deep + 2;
        while count > 0x7F {
            footer.push((count & 0x7F) as u8 | 0x80);
            count >>= 7;
        }
        footer.push(count as u8);
        for _ in 0..=deep {
            // Required, called "a", of one child.
            footer.extend([0x35, 0, 0x18, 1, b'a', 0x15, 2, 0]);
        }
        // A text called "text"; no rows, no row groups.
        footer.extend([0x15, 12, 0x25, 0, 0x18, 4]);
        footer.extend(b"text");
        footer.extend([0, 0x16, 0, 0x19, 0x0C, 0]);
        let length = (footer.len() as u32).to_le_bytes();
        [b"PAR1", &footer[..], &length, b"PAR1"].concat()
    }

    #[test]
    fn columns_that_do_not_end() {
        let long_form = std::env::var("MENTIONMAP_FIELD_BYTES").ok().and_then(|n| n.parse().ok());
        let length = long_form.unwrap_or(48_usize << 20);
        for extension in COLUMNS {
            let folder = tempdir().unwrap();
            fs::write(folder.path().join("a"), long(extension, length)).unwrap();
            // The text alone is too long; with a lower limit, so is what it stands in.
            for (limit, kind) in [("268435456", "too_long"), ("16777216", "limit")] {
                let kind = if length > 200 << 20 { "limit" } else { kind };
                let arguments =
                    ["map", "-q", "a", "--errors", "e.jsonl", "-o", "m.geojson", "--max-batch-bytes", limit];
                let mut command = Command::new(env!("CARGO_BIN_EXE_mentionmap"));
                let ratio = ["--max-ratio", "1000000"];
                let mut child = command
                    .current_dir(folder.path())
                    .args(arguments)
                    .args(ratio)
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                let most = peak(&mut child);
                assert_eq!(child.wait().unwrap().code(), Some(1), "{extension}");
                let errors = fs::read_to_string(folder.path().join("e.jsonl")).unwrap();
                let expected = format!("\"kind\":\"{kind}\"");
                assert!(errors.lines().count() == 1 && errors.contains(&expected), "{extension}: {errors}");
                let found = collection(&fs::read_to_string(folder.path().join("m.geojson")).unwrap()).features;
                assert!(found.iter().any(|f| text(f, "place") == "Tallinn"), "{extension}, {limit}");
                assert!(most < 300 << 10, "{extension}: {most} kB of memory");
                eprintln!("a field of {length} bytes in {extension}: {} MB of memory", most >> 10);
            }
        }
    }

    /// A dictionary holds a text once, however many rows have it.
    #[test]
    fn a_dictionary_is_not_unfolded() {
        let text: &str = &(ARTICLES[0].text() + &String::from_utf8(FILLER.repeat((8 << 20) / FILLER.len())).unwrap());
        let column: ArrayRef = Arc::new(LargeStringArray::from(vec![text; 120]));
        let batch = RecordBatch::try_from_iter([("text", column)]).unwrap();
        let properties =
            WriterProperties::builder().set_dictionary_page_size_limit(64 << 20).set_compression(Compression::SNAPPY);
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties.build())).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        assert!(file.len() < 2 << 20, "{}", file.len());
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("a"), file).unwrap();
        let arguments = ["map", "-q", "-j2", "a", "-o", "m.geojson", "--max-article-bytes", "4000000"];
        let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
            .current_dir(folder.path())
            .args(arguments)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let most = peak(&mut child);
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(most < 300 << 10, "{most} kB of memory");
    }
}
