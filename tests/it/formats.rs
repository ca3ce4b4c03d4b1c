//! Every format that can be read: good files, and empty, truncated, misnamed, oddly encoded and hostile ones.

use crate::support::{Run, collection, mentionmap_in, number, text};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write};
use tempfile::tempdir;

/// What a test article says.
#[derive(Clone, Copy)]
struct Written {
    id: &'static str,
    title: &'static str,
    paragraphs: [&'static str; 2],
    date: &'static str,
}

/// Three, long enough to be told from what stands around them on a page.
const ARTICLES: [Written; 3] = [
    Written {
        id: "rain",
        title: "Rain floods towns in Latvia",
        paragraphs: [
            "Heavy rain flooded streets in Jelgava and Riga on Monday, and the railway across Latvia stood still for most of the day, officials said.",
            "In Orléans, in central France, a similar storm had closed schools a week before; meteorologists expect more of the kind before the end of the month.",
        ],
        date: "2024-03-05",
    },
    Written {
        id: "snow",
        title: "Snow closes roads in Estonia",
        paragraphs: [
            "Snow closed the road between Tartu and Tallinn on Tuesday night, and hundreds of drivers waited in their cars until the ploughs came from the coast.",
            "Estonia has not seen as much snow in April for twenty years, and neighbouring Finland sent two ploughs across the gulf to help with the clearing.",
        ],
        date: "2024-04-09",
    },
    Written {
        id: "hail",
        title: "Hail ruins orchards in Lithuania",
        paragraphs: [
            "Hail the size of walnuts ruined the orchards around Kaunas on Friday afternoon, and growers in Lithuania ask for help with the costs of replanting.",
            "Traders in Warsaw said that apples from Poland would hardly make up for the loss, since frost had already taken a third of the blossoms there.",
        ],
        date: "2024-05-17",
    },
];

impl Written {
    fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }

    fn html(&self) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title>\
             <meta property=\"article:published_time\" content=\"{date}\"></head><body>\
             <nav><a href=\"/\">Home</a> <a href=\"/madrid\">Madrid</a></nav>\
             <article><h1>{title}</h1><p>{}</p><p>{}</p></article>\
             <footer>Printed in Brussels</footer></body></html>",
            self.paragraphs[0],
            self.paragraphs[1],
            title = self.title,
            date = self.date
        )
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({"id": self.id, "title": self.title, "text": self.text(), "date": self.date})
    }

    fn mail(&self) -> String {
        format!(
            "From: A Writer <a@example.org>\r\nTo: b@example.org\r\nMessage-ID: <{}>\r\nSubject: {}\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\n\r\n{}\r\n",
            self.id,
            self.title,
            self.text()
        )
    }
}

fn all(article: impl Fn(&Written) -> String) -> String {
    ARTICLES.iter().map(article).collect()
}

/// The articles, or the first of them in a format of one, as a file with this extension.
fn written(extension: &str) -> Vec<u8> {
    let first = ARTICLES[0];
    let text = match extension {
        "txt" => format!("{}\n\n{}\n", first.title, first.text()),
        "md" => format!("# {}\n\n{}\n", first.title, first.text()),
        "html" => first.html(),
        "jsonl" => all(|a| format!("{}\n", a.json())),
        "json" => serde_json::to_string_pretty(&ARTICLES.map(|a| a.json())).unwrap(),
        "csv" => {
            format!("id,title,text,date\n{}", all(|a| format!("{},{},\"{}\",{}\n", a.id, a.title, a.text(), a.date)))
        }
        "tsv" => format!(
            "id\ttitle\ttext\tdate\n{}",
            all(|a| format!("{}\t{}\t\"{}\"\t{}\n", a.id, a.title, a.text(), a.date))
        ),
        "rss" => {
            let items = all(|a| {
                let [one, two] = a.paragraphs;
                format!(
                    "<item><guid>{}</guid><title>{}</title><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate><description>&lt;p&gt;{one}&lt;/p&gt;&lt;p&gt;{two}&lt;/p&gt;</description></item>\n",
                    a.id, a.title
                )
            });
            format!(
                "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Weather</title>{items}</channel></rss>"
            )
        }
        "warc" => all(|a| {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", a.html());
            record("response", "application/http; msgtype=response", a.id, &answer)
        }),
        "wet" => all(|a| record("conversion", "text/plain", a.id, &format!("{}\n{}", a.title, a.text()))),
        "eml" => first.mail(),
        "mbox" => all(|a| format!("From a@example.org Tue Mar  5 10:00:00 2024\n{}\n", a.mail())),
        other => panic!("no format {other}"),
    };
    text.into_bytes()
}

fn record(kind: &str, media_type: &str, id: &str, body: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{id}>\r\nWARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Target-URI: https://example.org/{id}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
        body.len()
    )
}

/// Extensions of formats that hold one article, and of those that hold many.
const ONE: [&str; 4] = ["txt", "md", "html", "eml"];
const MANY: [&str; 8] = ["jsonl", "json", "csv", "tsv", "rss", "warc", "wet", "mbox"];

/// Maps a file of this name and content, and another good one after it.
fn run(name: &str, content: &[u8], options: &[&str]) -> Run {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    fs::write(folder.path().join("last.txt"), "Fog lay over Iceland.").unwrap();
    let run = mentionmap_in(folder.path(), &[&["map", "-q", name, "last.txt"], options].concat(), "");
    assert!(run.code <= 1 && !run.err.contains("panicked"), "{name}: {}", run.err);
    let features = collection(&run.out).features;
    assert_eq!(
        features.last().map(|f| text(f, "place")),
        Some("Iceland"),
        "{name}: the next input is mapped: {}",
        run.err
    );
    for line in run.err.lines() {
        assert!(line.starts_with(&format!("mentionmap: {name}")) && line.len() < 400, "names the input: {line}");
    }
    run
}

/// The places of a run but the last one.
fn places(run: &Run) -> Vec<String> {
    let mut places: Vec<String> = collection(&run.out).features.iter().map(|f| text(f, "place").to_owned()).collect();
    places.pop();
    places
}

#[test]
fn the_same_articles_give_the_same_map() {
    // What an article is called and where it came from differs between formats; what is found must not.
    // How sure one is may differ a little: formats tell paragraphs apart in their own ways.
    let map = |run: &Run| -> Vec<(String, String, f64, f64)> {
        let mut features = collection(&run.out).features;
        features.pop();
        let mut found: Vec<_> = features
            .iter()
            .map(|f| {
                (
                    text(f, "title").to_owned(),
                    text(f, "place_id").to_owned(),
                    number(f, "mentions"),
                    number(f, "weight"),
                )
            })
            .collect();
        found.sort_by(|a, b| a.partial_cmp(b).unwrap());
        found
    };
    let expected = map(&run("a.jsonl", &written("jsonl"), &[]));
    assert!(expected.len() >= 12, "{expected:?}");
    for extension in ["json", "csv", "tsv", "rss", "warc", "mbox"] {
        assert_eq!(map(&run(&format!("a.{extension}"), &written(extension), &[])), expected, "{extension}");
    }
    let first: Vec<_> = expected.iter().filter(|f| f.0 == ARTICLES[0].title).cloned().collect();
    for extension in ONE {
        assert_eq!(map(&run(&format!("a.{extension}"), &written(extension), &[])), first, "{extension}");
    }
    #[cfg(feature = "full")]
    for extension in ["parquet", "arrow"] {
        assert_eq!(map(&run(&format!("a.{extension}"), &columns(extension), &[])), expected, "{extension}");
    }
}

/// The articles as a columnar file.
#[cfg(feature = "full")]
fn columns(extension: &str) -> Vec<u8> {
    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    use std::sync::Arc;
    let column = |value: fn(&Written) -> String| -> ArrayRef {
        Arc::new(StringArray::from(ARTICLES.iter().map(value).collect::<Vec<String>>()))
    };
    let batch = RecordBatch::try_from_iter([
        ("id", column(|a| a.id.into())),
        ("title", column(|a| a.title.into())),
        ("text", column(Written::text)),
        ("date", column(|a| a.date.into())),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    if extension == "parquet" {
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    } else {
        let mut writer = arrow::ipc::writer::FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
    }
    bytes
}

#[cfg(feature = "full")]
#[test]
fn columnar_files() {
    for extension in ["parquet", "arrow"] {
        let name = format!("a.{extension}");
        let whole = columns(extension);
        let expected = places(&run(&name, &whole, &[]));
        assert!(expected.len() >= 12, "{expected:?}");
        for other in ["a.txt", "a"] {
            assert_eq!(places(&run(other, &whole, &[])), expected, "{extension} as {other}");
        }
        assert_eq!(places(&run("a.dat", &gz(&whole), &[])), expected, "packed {extension}");
        let cut = run(&name, &whole[..whole.len() / 2], &[]);
        assert!(cut.code == 1 && places(&cut).is_empty(), "{}", cut.err);
        let missing = run(&name, &whole, &["--text-field", "body"]);
        assert!(missing.code == 1 && missing.err.contains("id, title, text, date"), "{}", missing.err);
        // Damage anywhere is an error or passes unnoticed; it brings nothing down.
        for at in (8..whole.len()).step_by(whole.len() / 60) {
            let mut damaged = whole.clone();
            damaged[at..(at + 4).min(whole.len())].fill(0xFF);
            run(&name, &damaged, &[]);
        }
        assert_eq!(run(&name, b"", &[]).code, 1);
    }
}

#[cfg(not(feature = "full"))]
#[test]
fn columnar_files_need_a_feature() {
    let run = run("a.parquet", b"PAR1 and so on", &[]);
    assert!(run.code == 1 && run.err.contains("--features full"), "{}", run.err);
}

#[test]
fn boilerplate_is_no_article() {
    for extension in ["html", "warc"] {
        let found = places(&run(&format!("a.{extension}"), &written(extension), &[]));
        assert!(!found.iter().any(|place| place == "Madrid" || place.starts_with("Brussels")), "{found:?}");
    }
}

#[test]
fn empty_files() {
    for extension in ONE.iter().chain(&["rss"]) {
        let run = run(&format!("a.{extension}"), b"", &[]);
        assert!(run.code == 1 && run.err.contains("empty"), "{extension}: {}", run.err);
    }
    for extension in MANY.iter().filter(|e| **e != "rss") {
        let run = run(&format!("a.{extension}"), b"", &[]);
        assert!(run.code == 0 && places(&run).is_empty(), "{extension}: an archive of nothing: {}", run.err);
    }
}

#[test]
fn truncated_files() {
    for extension in MANY {
        let whole = written(extension);
        let run = run(&format!("a.{extension}"), &whole[..whole.len() - 60], &[]);
        let found = places(&run);
        // A feed is one document, and lost as a whole; a table or a mailbox that ends within a text does not show it.
        match extension {
            "rss" => assert!(run.code == 1 && found.is_empty(), "{}", run.err),
            "csv" | "tsv" | "mbox" => assert!(found.iter().any(|p| p == "Tallinn"), "{extension}"),
            _ => assert!(run.code == 1 && found.iter().any(|p| p == "Tallinn"), "{extension}: {}", run.err),
        }
    }
    for extension in ONE {
        let whole = written(extension);
        let found = places(&run(&format!("a.{extension}"), &whole[..whole.len() - 40], &[]));
        assert!(found.iter().any(|p| p == "Latvia"), "{extension}: what is there is mapped");
    }
}

#[test]
fn misnamed_files() {
    for extension in MANY.iter().chain(&["html", "eml"]) {
        let content = written(extension);
        let expected = places(&run(&format!("a.{extension}"), &content, &[]));
        for name in ["a.txt", "a", "a.dat"] {
            assert_eq!(places(&run(name, &content, &[])), expected, "{extension} as {name}");
        }
    }
    // Content that is not what the name says is an error, not an empty map.
    for name in ["a.rss", "a.warc", "a.parquet", "a.jsonl", "a.csv"] {
        let run = run(name, b"Rain fell in Latvia.\nSnow fell in Estonia.\n", &[]);
        assert!(run.code == 1 && places(&run).is_empty(), "{name}: {}", run.err);
    }
}

#[test]
fn files_in_other_encodings() {
    for extension in ONE.iter().chain(&MANY) {
        let utf8 = String::from_utf8(written(extension)).unwrap();
        let expected = places(&run(&format!("a.{extension}"), utf8.as_bytes(), &[]));
        assert!(expected.iter().any(|p| p == "Orléans"), "{expected:?}");
        // Lengths within a web archive are in bytes of its encoding.
        let fixed = |old: usize, new: usize| {
            utf8.replacen(&format!("Content-Length: {old}\r"), &format!("Content-Length: {new}\r"), 1)
        };
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&utf8);
        let latin = match extension {
            &"warc" | &"wet" => {
                let body = utf8.split("Content-Length: ").nth(1).unwrap();
                let length: usize = body.split('\r').next().unwrap().parse().unwrap();
                encoding_rs::WINDOWS_1252.encode(&fixed(length, length - 1)).0.into_owned()
            }
            _ => latin.into_owned(),
        };
        assert_eq!(places(&run(&format!("a.{extension}"), &latin, &[])), expected, "{extension}");
        if !["warc", "wet", "eml", "mbox"].contains(extension) {
            let wide: Vec<u8> = [vec![0xFF, 0xFE], utf8.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
            assert_eq!(places(&run(&format!("a.{extension}"), &wide, &[])), expected, "{extension} in UTF-16");
        }
    }
    let cyrillic = encoding_rs::KOI8_R.encode("Наводнение произошло в городе Сочи, Россия.").0.into_owned();
    assert!(places(&run("a.txt", &cyrillic, &["--encoding", "koi8-r"])).iter().any(|p| p == "Sochi"));
}

#[test]
fn binary_data_is_refused() {
    let noise: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for extension in ONE.iter().chain(&MANY) {
        let run = run(&format!("a.{extension}"), &noise, &[]);
        assert!(run.code == 1 && places(&run).is_empty(), "{extension}: {}", run.err);
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

type Pack = fn(&[u8]) -> Vec<u8>;
const PACKERS: [(&str, Pack); 4] = [("gz", gz), ("bz2", bz2), ("xz", xz), ("zst", zst)];

#[test]
fn packed_files() {
    let plain = written("jsonl");
    let expected = places(&run("a.jsonl", &plain, &[]));
    for (suffix, pack) in PACKERS {
        let packed = pack(&plain);
        for name in [format!("a.jsonl.{suffix}"), "a.jsonl".into(), "a.dat".into()] {
            assert_eq!(places(&run(&name, &packed, &[])), expected, "{name}");
        }
        // Parts one after the other, as archives are often made.
        let first = plain.iter().position(|b| *b == b'\n').unwrap() + 1;
        let parts = [pack(&plain[..first]), pack(&plain[first..])].concat();
        assert_eq!(places(&run("a.dat", &parts, &[])), expected, "{suffix} in parts");
        assert_eq!(places(&run("a.dat", &gz(&packed), &[])), expected, "{suffix} within gz");
        let thrice = run("a.dat", &gz(&gz(&packed)), &[]);
        assert!(thrice.code == 1 && thrice.err.contains("more than twice"), "{}", thrice.err);
        let cut = run("a.dat", &packed[..packed.len() / 2], &[]);
        assert!(cut.code == 1 && cut.err.contains("packed"), "{suffix} truncated: {}", cut.err);
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].copy_from_slice(&[0x55; 8]);
        assert_eq!(run("a.dat", &damaged, &[]).code, 1, "{suffix} damaged");
    }
    let html = gz(&written("html"));
    assert_eq!(places(&run("a.html.gz", &html, &[])), places(&run("a.html", &written("html"), &[])));
}

#[test]
fn zip_archives() {
    let folder = tempdir().unwrap();
    let (json, html, text) = (gz(&written("jsonl")), written("html"), written("txt"));
    let members: [(&str, &[u8]); 4] =
        [("sub/a.jsonl.gz", &json), ("b.html", &html), ("c.txt", &text), ("d.png", b"\x89PNG\r\n")];
    fs::write(folder.path().join("all.zip"), zip(&members)).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "all.zip", "--errors", "e.jsonl", "-o", "m.geojson"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("5 articles") && run.err.contains("1 record skipped"), "{}", run.err);
    let errors = fs::read_to_string(folder.path().join("e.jsonl")).unwrap();
    assert!(errors.contains("\"path\":\"all.zip/d.png\"") && errors.contains("\"kind\":\"skipped\""), "{errors}");
    let features = collection(&fs::read_to_string(folder.path().join("m.geojson")).unwrap()).features;
    assert!(features.iter().any(|f| text_of(f) == "all.zip/c.txt"));
    // From a pipe, and within another archive.
    let packed = zip(&members);
    let piped = mentionmap_in(folder.path(), &["map", "-q"], packed.clone());
    assert_eq!(collection(&piped.out).features.len(), features.len(), "{}", piped.err);
    let nested = mentionmap_in(folder.path(), &["map", "-q"], gz(&packed));
    assert_eq!(nested.code, 1, "a packed file within an archive within a packed file is too deep: {}", nested.err);
    assert!(nested.err.contains("more than twice"), "{}", nested.err);
    let cut = mentionmap_in(folder.path(), &["map", "-q"], packed[..packed.len() / 2].to_vec());
    assert!(cut.code == 1 && cut.err.contains("zip"), "{}", cut.err);
}

fn text_of(feature: &geojson::Feature) -> &str {
    text(feature, "article")
}

#[test]
fn hostile_archives() {
    // A gigabyte from less than a megabyte or so: ten megabytes, packed and repeated.
    let mut line = b"{\"id\": \"x\", \"text\": \"".to_vec();
    line.resize(10 << 20, b' ');
    for (suffix, pack) in PACKERS {
        let bomb = pack(&line).repeat(100);
        assert!(bomb.len() < 4 << 20, "{suffix}: {}", bomb.len());
        for name in ["a.txt", "a.jsonl", "a.csv", "a.warc", "a.mbox", "a.html"] {
            let run = run(name, &bomb, &[]);
            assert_eq!(run.code, 1, "{suffix} {name}");
            assert!(
                run.err.contains("--max-ratio") || run.err.contains("WARC") || run.err.contains("longer than"),
                "{}",
                run.err
            );
        }
    }
    let bomb = gz(&line).repeat(100);
    let trusted = run("a.jsonl", &bomb, &["--max-ratio", "1000000"]);
    assert!(trusted.code == 1 && trusted.err.contains("longer than 33554432 bytes"), "{}", trusted.err);
    let run_limited = run("a.txt", &bomb, &["--max-ratio", "1000000", "--max-unpacked-bytes", "20000000"]);
    assert!(run_limited.err.contains("--max-unpacked-bytes"), "{}", run_limited.err);
    let mut member = line.clone();
    member.resize(80 << 20, b' ');
    let bomb = zip(&[("a.jsonl", &member), ("b.txt", b"Snow fell in Estonia.")]);
    let zipped = run("a.zip", &bomb, &[]);
    assert!(zipped.code == 1 && zipped.err.contains("--max-ratio"), "{}", zipped.err);
    assert_eq!(places(&zipped), ["Estonia"]);
    let outside = zip(&[("../../outside.txt", b"Rain fell in Latvia."), ("b.txt", b"Snow fell in Estonia.")]);
    let outside = run("a.zip", &outside, &[]);
    assert!(outside.code == 1 && outside.err.contains("leaves the archive"), "{}", outside.err);
    assert_eq!(places(&outside), ["Estonia"]);
}

#[test]
fn hostile_nesting() {
    let deep = 100_000;
    let tags = "<div>".repeat(deep);
    let brackets = "[".repeat(deep);
    let objects = "{\"a\":".repeat(deep);
    let entry = format!("<item><title>x</title><description>{}</description></item>", "<b>".repeat(deep));
    let rss = format!("<rss version=\"2.0\"><channel>{entry}</channel></rss>");
    let mail = format!("Subject: x\r\nFrom: a\r\nTo: b\r\nContent-Type: text/html\r\n\r\n{tags}");
    let boundary = |i: usize| format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
    let parts = (0..20_000).fold(String::from("Subject: x\r\nFrom: a\r\nTo: b\r\n"), |mail, i| mail + &boundary(i));
    let svg = format!("<html><body>{}</body></html>", "<svg><p>".repeat(deep));
    let attributes = format!("<html><body><p {}>Rain.</p></body></html>", "a=b ".repeat(deep));
    let warc = record(
        "response",
        "application/http",
        "x",
        &format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>{tags}"),
    );
    for (name, content) in [
        ("a.html", format!("<html>{tags}")),
        ("a.html", format!("<html>{}", "<a href=x><b><i>".repeat(deep))),
        ("a.html", svg),
        ("a.html", attributes),
        ("a.html", "<".repeat(deep)),
        ("a.html", "<!--".repeat(deep)),
        ("a.html", "<p ".repeat(deep)),
        ("a.md", format!("{}x", "> ".repeat(deep))),
        ("a.md", format!("{brackets}x")),
        ("a.json", brackets.clone()),
        ("a.json", format!("[{objects}")),
        ("a.jsonl", format!("{{\"text\": {brackets}")),
        ("a.rss", rss),
        ("a.rss", format!("<rss version=\"2.0\">{}", "<x>".repeat(deep))),
        ("a.eml", mail),
        ("a.eml", parts),
        ("a.warc", warc),
    ] {
        let started = std::time::Instant::now();
        let run = run(name, content.as_bytes(), &[]);
        let took = started.elapsed();
        assert!(took.as_secs() < 20, "{name} {}…: {took:?}", &content[..20]);
        // What of it can be read may be; none may bring the program down.
        assert!(run.code == 0 || !run.err.is_empty(), "{name}");
    }
}

#[test]
fn hostile_fields() {
    let long = "Latvia ".repeat(6 << 20);
    let mut csv = String::from("id,text\na,Rain in Latvia.\nb,\"");
    write!(csv, "{long}\"\nc,Snow in Estonia.\n").unwrap();
    let mbox = format!(
        "From a\nSubject: a\n\nRain in Latvia.\n\nFrom b\nSubject: b\n\n{long}\n\nFrom c\nSubject: c\n\nSnow in Estonia.\n"
    );
    let json =
        format!("[{{\"text\": \"Rain in Latvia.\"}}, {{\"text\": \"{long}\"}}, {{\"text\": \"Snow in Estonia.\"}}]");
    let page = |body: &str| {
        record(
            "response",
            "application/http",
            "x",
            &format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{body}"),
        )
    };
    let warc = [page("Rain in Latvia."), page(&long), page("Snow in Estonia.")].concat();
    for (name, content) in [("a.csv", csv), ("a.mbox", mbox), ("a.json", json), ("a.warc", warc)] {
        let run = run(name, content.as_bytes(), &[]);
        assert!(
            run.code == 1 && run.err.lines().count() == 1 && run.err.contains("longer than 33554432 bytes"),
            "{}",
            run.err
        );
        assert_eq!(places(&run), ["Latvia", "Estonia"], "{name}");
    }
    for name in ["a.html", "a.eml", "a.rss", "a.txt", "a.md"] {
        let run = run(name, long.as_bytes(), &[]);
        assert!(run.code == 1 && run.err.contains("longer than 33554432 bytes"), "{name}: {}", run.err);
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
    symlink("loop.txt", folder.path().join("loop.txt")).unwrap();
    symlink("nowhere.txt", folder.path().join("dangling.txt")).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "."], "");
    assert_eq!((run.code, collection(&run.out).features.len()), (0, 1), "{}", run.err);
    let named = mentionmap_in(folder.path(), &["map", "-q", "loop.txt", "sub/a.txt"], "");
    assert_eq!((named.code, collection(&named.out).features.len()), (1, 1), "{}", named.err);
    assert!(named.err.contains("loop.txt"), "{}", named.err);
}

#[test]
fn nested_fields_by_path() {
    let folder = tempdir().unwrap();
    let record = "{\"meta\": {\"key\": 7}, \"article\": {\"body\": \"Rain in Latvia.\", \"heads\": [\"Wet\"]}}";
    let options =
        ["map", "-q", "--id-field", "meta.key", "--text-field", "article.body", "--title-field", "article.heads.0"];
    for input in [record.to_owned(), format!("[{record}]")] {
        let features = mentionmap_in(folder.path(), &options, input).features();
        assert_eq!((text(&features[0], "article"), text(&features[0], "title")), ("7", "Wet"));
    }
}

#[test]
fn offsets_refer_to_the_extracted_text() {
    let folder = tempdir().unwrap();
    let html = ARTICLES[1].html();
    let features = mentionmap_in(folder.path(), &["map", "-q", "--per", "mention", "--sentences"], html).features();
    let tartu = features.iter().find(|f| text(f, "name") == "Tartu").unwrap();
    let first = ARTICLES[1].paragraphs[0];
    let at = first.find("Tartu").unwrap();
    let (start, end) = (number(tartu, "start") as usize, number(tartu, "end") as usize);
    // The page's headline may stand before the text.
    let before = start - at;
    assert_eq!((end - start, text(tartu, "sentence")), (5, first));
    assert!(before == 0 || before == ARTICLES[1].title.len() + 2, "{start}");
}
