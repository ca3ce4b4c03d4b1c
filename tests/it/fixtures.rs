//! Three articles, written in every format that can be read, and ways to pack and to map them.

use crate::support::{Run, collection, mentionmap_in, text};
use std::fs;
use std::io::{Cursor, Write};
use tempfile::tempdir;

/// What a test article says.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) paragraphs: [&'static str; 2],
    pub(crate) date: &'static str,
}

/// Three, long enough to be told from what stands around them on a page.
pub(crate) const ARTICLES: [Written; 3] = [
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
    pub(crate) fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }

    pub(crate) fn html(&self) -> String {
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

/// The articles, or the first of them in a format of one, as a file with this extension.
pub(crate) fn written(extension: &str) -> Vec<u8> {
    written_of(extension, &ARTICLES)
}

/// The same of other articles.
pub(crate) fn written_of(extension: &str, articles: &[Written]) -> Vec<u8> {
    let all = |article: &dyn Fn(&Written) -> String| articles.iter().map(article).collect::<String>();
    let first = articles[0];
    let text = match extension {
        "txt" => format!("{}\n\n{}\n", first.title, first.text()),
        "md" => format!("# {}\n\n{}\n", first.title, first.text()),
        "html" => first.html(),
        "jsonl" => all(&|a| format!("{}\n", a.json())),
        "json" => serde_json::to_string_pretty(&articles.iter().map(Written::json).collect::<Vec<_>>()).unwrap(),
        "csv" => {
            format!("id,title,text,date\n{}", all(&|a| format!("{},{},\"{}\",{}\n", a.id, a.title, a.text(), a.date)))
        }
        "tsv" => format!(
            "id\ttitle\ttext\tdate\n{}",
            all(&|a| format!("{}\t{}\t\"{}\"\t{}\n", a.id, a.title, a.text(), a.date))
        ),
        "rss" => {
            let items = all(&|a| {
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
        "atom" => {
            let entries = all(&|a| {
                let [one, two] = a.paragraphs;
                format!(
                    "<entry><id>{}</id><title>{}</title><updated>{}T10:00:00Z</updated><content type=\"html\">&lt;p&gt;{one}&lt;/p&gt;&lt;p&gt;{two}&lt;/p&gt;</content></entry>\n",
                    a.id, a.title, a.date
                )
            });
            format!(
                "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>w</id><title>Weather</title><updated>2024-05-17T10:00:00Z</updated>{entries}</feed>"
            )
        }
        "warc" => all(&|a| {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", a.html());
            record("response", "application/http; msgtype=response", a.id, &answer)
        }),
        "wet" => all(&|a| record("conversion", "text/plain", a.id, &format!("{}\n{}", a.title, a.text()))),
        "eml" => first.mail(),
        "mbox" => all(&|a| format!("From a@example.org Tue Mar  5 10:00:00 2024\n{}\n", a.mail())),
        #[cfg(feature = "full")]
        "parquet" | "arrow" => return columns_of(extension, articles),
        other => panic!("no format {other}"),
    };
    text.into_bytes()
}

pub(crate) fn record(kind: &str, media_type: &str, id: &str, body: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{id}>\r\nWARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Target-URI: https://example.org/{id}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
        body.len()
    )
}

/// Extensions of formats that hold one article, and of those that hold many.
pub(crate) const ONE: [&str; 4] = ["txt", "md", "html", "eml"];
pub(crate) const MANY: [&str; 9] = ["jsonl", "json", "csv", "tsv", "rss", "atom", "warc", "wet", "mbox"];
pub(crate) const COLUMNS: [&str; 2] = ["parquet", "arrow"];

/// Maps a file of this name and content, and another good one after it.
pub(crate) fn run(name: &str, content: &[u8], options: &[&str]) -> Run {
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
pub(crate) fn places(run: &Run) -> Vec<String> {
    let mut places: Vec<String> = collection(&run.out).features.iter().map(|f| text(f, "place").to_owned()).collect();
    places.pop();
    places
}

/// Articles as a columnar file.
#[cfg(feature = "full")]
pub(crate) fn columns_of(extension: &str, articles: &[Written]) -> Vec<u8> {
    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    use std::sync::Arc;
    let column = |value: fn(&Written) -> String| -> ArrayRef {
        Arc::new(StringArray::from(articles.iter().map(value).collect::<Vec<String>>()))
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

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) type Pack = fn(&[u8]) -> Vec<u8>;
pub(crate) const PACKERS: [(&str, Pack); 4] = [("gz", gz), ("bz2", bz2), ("xz", xz), ("zst", zst)];
