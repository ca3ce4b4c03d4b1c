//! The ends of what a layer may hold, in every format that is written: text that means harm, the poles and the
//! antimeridian, nothing, one feature. Each format is read back with a reader of its own.

use crate::support::{collection, lines, mentionmap_in, root};
use resvg::usvg;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

/// What is seen in a layer.
#[derive(Debug, Default)]
struct Seen {
    features: usize,
    points: Vec<[f64; 2]>,
    /// Every text in it.
    texts: BTreeSet<String>,
    columns: Vec<String>,
}

type Read = fn(&Path) -> Seen;

/// Every format, by its extension, and how it is read back.
const FORMATS: &[(&str, Read)] = &[
    ("geojson", |path| features(collection(&fs::read_to_string(path).unwrap()).features)),
    ("geojsonl", |path| features(lines(&fs::read_to_string(path).unwrap()))),
    ("geojsons", |path| features(lines(&fs::read_to_string(path).unwrap()))),
    ("csv", csv),
    ("gpkg", geopackage),
    ("fgb", flatgeobuf),
    ("kml", kml),
    #[cfg(feature = "full")]
    ("parquet", full::geoparquet),
    #[cfg(feature = "full")]
    ("pmtiles", full::tiles),
    ("html", page),
    ("svg", drawing),
    ("png", picture),
];

/// Formats that name their columns whether there are features or not.
const WITH_SCHEMA: [&str; 6] = ["csv", "gpkg", "fgb", "kml", "parquet", "pmtiles"];
/// Formats that show the heading, and no titles of articles.
const STILL: [&str; 2] = ["svg", "png"];

#[test]
fn every_format_is_in_the_table() {
    use clap::ValueEnum;
    use mentionmap::write::Format;
    let full = |format: &Format| matches!(format, Format::GeoParquet | Format::PmTiles);
    let all = Format::value_variants().iter().filter(|f| cfg!(feature = "full") || !full(f));
    let mut missing = all.filter(|f| !FORMATS.iter().any(|(extension, _)| *extension == f.extension()));
    assert_eq!(missing.next(), None);
}

/// Maps articles to a layer, with a few places of our own at the ends of the world.
fn seen(articles: &[Value], extension: &str, read: Read, options: &[&str]) -> Seen {
    let folder = tempdir().unwrap();
    let own =
        "name,latitude,longitude\nCamp Northend,90,0\nCamp Southend,-90,0\nCamp Eastend,1,180\nCamp Westend,2,-180\n";
    fs::write(folder.path().join("own.csv"), own).unwrap();
    fs::write(folder.path().join("a.jsonl"), articles.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"))
        .unwrap();
    let file = format!("map.{extension}");
    let gazetteer = ["--gazetteer", "world", "--gazetteer", "own.csv"];
    let run =
        mentionmap_in(folder.path(), &[&["map", "-q", "a.jsonl", "-o", &file], &gazetteer[..], options].concat(), "");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{extension}");
    read(&folder.path().join(&file))
}

#[test]
fn text_that_means_harm_stays_text() {
    let long = "long ".repeat(20_000);
    let texts = [
        "<script>alert('x')</script> & <b>bold</b> ]]> <!-- x -->",
        "</script><svg onload=alert(1)><![CDATA[ </title>",
        "\"quoted\", 'said' `she`; \\\"no\\\" — and, so, on",
        "two\nlines\tand a tab",
        "=HYPERLINK(\"http://example.org\",\"click\")",
        "'=1+1",
        "@SUM(A1:A9)",
        "أخبار عاجلة ‏(من حلب)‎",
        "\u{202E}reversed\u{202C} 🗼🇫🇷 👩‍👩‍👧",
        "; DROP TABLE places; -- {{7*7}} ${7*7} %s %n",
        long.trim_end(),
    ];
    let articles: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| json!({"id": format!("{i} <i>\"&'"), "title": text, "source": text, "text": "Rain fell in Riga."}))
        .collect();
    for (extension, read) in FORMATS {
        let found = seen(&articles, extension, *read, &["--title", texts[0]]);
        if STILL.contains(extension) {
            assert!(*extension == "png" || found.texts.contains(texts[0]), "{extension}: {:?}", found.texts);
            continue;
        }
        // One of the titles names a place too.
        assert_eq!(found.features, texts.len() + 1, "{extension}");
        for text in texts {
            assert!(found.texts.contains(text), "{extension}: no {text:.60?}");
        }
    }
}

#[test]
fn the_ends_of_the_world() {
    let text = "Rain fell in Camp Northend, in Camp Southend, in Camp Eastend and in Camp Westend.";
    let ends = [[0.0, -90.0], [180.0, 1.0], [-180.0, 2.0], [0.0, 90.0]];
    for (extension, read) in FORMATS {
        let found = seen(&[json!({"id": "1", "text": text})], extension, *read, &[]);
        let mut points = found.points.clone();
        points.sort_by(|a, b| a[1].total_cmp(&b[1]));
        assert_eq!(found.features, 4, "{extension}");
        match *extension {
            // The sheet has pixels, and tiles end before the poles.
            "svg" | "png" => {}
            "pmtiles" => assert_eq!(points.len(), 4),
            _ => assert_eq!(points, ends, "{extension}"),
        }
    }
}

#[test]
fn nothing_is_a_layer_with_its_columns() {
    let full: Vec<String> = seen(&[json!({"id": "1", "text": "Rain fell in Riga."})], "csv", csv, &[]).columns;
    assert!(full.contains(&"weight".to_owned()));
    for (extension, read) in FORMATS {
        let found = seen(&[json!({"id": "1", "text": "Nothing happened."})], extension, *read, &[]);
        assert_eq!((found.features, found.points.len()), (0, 0), "{extension}");
        if WITH_SCHEMA.contains(extension) {
            for name in full.iter().filter(|name| !["longitude", "latitude"].contains(&name.as_str())) {
                assert!(found.columns.contains(name), "{extension}: no column {name} in {:?}", found.columns);
            }
        }
    }
}

#[test]
fn one_feature() {
    for (extension, read) in FORMATS {
        let found = seen(&[json!({"id": "1", "text": "Rain fell in Riga."})], extension, *read, &[]);
        assert_eq!((found.features, found.points.len()), (1, 1), "{extension}");
        if !["svg", "png", "pmtiles"].contains(extension) {
            let [x, y] = found.points[0];
            assert!((x - 24.1).abs() < 0.1 && (y - 56.95).abs() < 0.1, "{extension}: {x} {y}");
        }
        assert!(*extension == "png" || found.texts.contains("Riga"), "{extension}");
    }
}

/// Whatever column a format has is described where all are.
#[test]
fn every_column_is_documented() {
    let documented = fs::read_to_string(root().join("docs/output.md")).unwrap();
    for (extension, read) in FORMATS {
        for per in ["article", "place", "mention"] {
            let found = seen(&[json!({"id": "1", "text": "Rain fell in Riga."})], extension, *read, &["--per", per]);
            for column in found.columns {
                assert!(documented.contains(&format!("`{column}`")), "{extension}: {column} is not in docs/output.md");
            }
        }
    }
}

fn features(features: Vec<geojson::Feature>) -> Seen {
    let mut seen = Seen { features: features.len(), ..Seen::default() };
    for feature in features {
        if let Some(geojson::GeometryValue::Point { coordinates }) = feature.geometry.map(|g| g.value) {
            seen.points.push([coordinates.as_slice()[0], coordinates.as_slice()[1]]);
        }
        for (name, value) in feature.properties.unwrap_or_default() {
            seen.texts.extend(value.as_str().map(str::to_owned));
            if !seen.columns.contains(&name) {
                seen.columns.push(name);
            }
        }
    }
    seen
}

/// A table, with the apostrophes before what a spreadsheet would take for a formula taken off.
fn csv(path: &Path) -> Seen {
    let mut reader = ::csv::Reader::from_path(path).unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut seen = Seen { columns, ..Seen::default() };
    for record in reader.records() {
        let record = record.unwrap();
        seen.features += 1;
        seen.points.push([0, 1].map(|i| record[i].parse().unwrap()));
        for cell in record.iter().skip(2) {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '\n']), "a formula: {cell:.40}");
            let text = match cell.strip_prefix('\'') {
                Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\n']) => rest,
                _ => cell,
            };
            seen.texts.insert(text.to_owned());
        }
    }
    seen
}

fn geopackage(path: &Path) -> Seen {
    let database = rusqlite::Connection::open(path).unwrap();
    let kind = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let table = kind("SELECT table_name FROM gpkg_geometry_columns");
    let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut seen = Seen::default();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        seen.features += 1;
        for (i, name) in columns.iter().enumerate() {
            match row.get_ref(i).unwrap() {
                rusqlite::types::ValueRef::Text(text) => _ = seen.texts.insert(String::from_utf8(text.into()).unwrap()),
                rusqlite::types::ValueRef::Blob(blob) if name == "geom" => {
                    // A header, a box or none, then well-known binary: byte order, type, x, y.
                    let length = 8 + [0, 32, 48, 48, 64][usize::from(blob[3] >> 1 & 7)] + 5;
                    let number = |at: usize| f64::from_le_bytes(blob[at..at + 8].try_into().unwrap());
                    seen.points.push([number(length), number(length + 8)]);
                }
                _ => {}
            }
        }
    }
    seen.columns = columns.into_iter().filter(|name| name != "fid" && name != "geom").collect();
    seen
}

fn flatgeobuf(path: &Path) -> Seen {
    use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
    use geozero::{GeomProcessor, GeozeroGeometry, error::Result};
    struct Points(Vec<[f64; 2]>);
    impl GeomProcessor for Points {
        fn xy(&mut self, x: f64, y: f64, _: usize) -> Result<()> {
            self.0.push([x, y]);
            Ok(())
        }
    }
    let mut file = std::io::BufReader::new(fs::File::open(path).unwrap());
    let reader = FgbReader::open(&mut file).unwrap();
    let columns = reader.header().columns().unwrap().iter().map(|column| column.name().to_owned()).collect();
    let mut seen = Seen { columns, ..Seen::default() };
    let mut points = Points(Vec::new());
    if reader.header().features_count() > 0 {
        let mut features = reader.select_all().unwrap();
        while let Some(feature) = features.next().unwrap() {
            seen.features += 1;
            feature.process_geom(&mut points).unwrap();
            seen.texts.extend(feature.properties().unwrap().into_values());
        }
    }
    seen.points = points.0;
    seen
}

fn kml(path: &Path) -> Seen {
    let text = fs::read_to_string(path).unwrap();
    let document = usvg::roxmltree::Document::parse(&text).unwrap();
    let all = |name: &'static str| {
        document.descendants().filter(move |node| node.has_tag_name(("http://www.opengis.net/kml/2.2", name)))
    };
    let point = |text: &str| {
        let mut numbers = text.trim().split(',').map(|number| number.parse().unwrap());
        [(); 2].map(|()| numbers.next().unwrap())
    };
    Seen {
        features: all("Placemark").count(),
        points: all("coordinates").map(|node| point(node.text().unwrap())).collect(),
        texts: all("SimpleData").filter_map(|node| node.text().map(str::to_owned)).collect(),
        columns: all("SimpleField").map(|node| node.attribute("name").unwrap().to_owned()).collect(),
    }
}

/// A page has articles and places, each a row of an array; a feature is a place in an article.
fn page(path: &Path) -> Seen {
    let text = fs::read_to_string(path).unwrap();
    let block = |id: &str| -> Value {
        let (_, rest) = text.split_once(&format!("id=\"{id}\">")).unwrap();
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    };
    // All that is markup is the page's own: nothing else opens a script.
    assert_eq!(text.matches("<script").count(), 6);
    let (articles, places) = (block("articles"), block("places"));
    let mut seen = Seen::default();
    for article in articles.as_array().unwrap() {
        let numbers: BTreeSet<i64> = article[5].as_array().unwrap().iter().filter_map(|m| m[0].as_i64()).collect();
        seen.features += numbers.iter().filter(|number| **number >= 0).count();
        seen.texts
            .extend([&article[0], &article[1], &article[3]].into_iter().filter_map(|v| v.as_str()).map(str::to_owned));
    }
    for place in places.as_array().unwrap() {
        seen.points.push([5, 6].map(|i| place[i].as_f64().unwrap()));
        seen.texts.extend(place[1].as_str().map(str::to_owned));
    }
    seen
}

fn drawing(path: &Path) -> Seen {
    let text = fs::read_to_string(path).unwrap();
    usvg::Tree::from_str(&text, &usvg::Options::default()).unwrap();
    let document = usvg::roxmltree::Document::parse(&text).unwrap();
    let named = |name: &'static str| document.descendants().filter(move |node| node.tag_name().name() == name);
    assert_eq!(named("script").count(), 0);
    let circles = named("circle").filter(|node| matches!(node.attribute("class"), Some("place" | "area")));
    let points: Vec<[f64; 2]> =
        circles.map(|node| ["cx", "cy"].map(|key| node.attribute(key).unwrap().parse().unwrap())).collect();
    assert!(points.iter().flatten().all(|v| v.is_finite()));
    let texts = named("text").chain(named("title")).filter_map(|node| node.text().map(str::to_owned)).collect();
    Seen { features: points.len(), points, texts, ..Seen::default() }
}

/// A picture says nothing of its features but whether there are any: it is compared with its drawing.
fn picture(path: &Path) -> Seen {
    let picture = resvg::tiny_skia::Pixmap::load_png(path).unwrap();
    assert_eq!(picture.width(), 2400);
    let svg = path.with_extension("svg");
    let folder = path.parent().unwrap();
    let gazetteer = ["--gazetteer", "world", "--gazetteer", "own.csv"];
    let run = mentionmap_in(folder, &[&["map", "-q", "a.jsonl", "-o", "map.svg"], &gazetteer[..]].concat(), "");
    assert_eq!(run.code, 0, "{}", run.err);
    let drawn = drawing(&svg);
    let reds = picture.pixels().iter().filter(|p| p.red() > 150 && p.red() > p.green().saturating_add(40)).count();
    assert_eq!(reds > 300, drawn.features > 0, "{reds} red pixels");
    Seen { texts: BTreeSet::new(), ..drawn }
}

/// Formats of builds with the feature `full`.
#[cfg(feature = "full")]
mod full {
    use super::Seen;
    use std::fs;
    use std::io::Read;
    use std::path::Path;

    pub(super) fn geoparquet(path: &Path) -> Seen {
        use arrow::array::AsArray;
        use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
        let columns = reader.schema().fields().iter().map(|f| f.name().clone()).collect();
        let mut seen = Seen { columns, ..Seen::default() };
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            seen.features += batch.num_rows();
            let points = batch.column_by_name("geometry").unwrap().as_binary::<i32>();
            for bytes in points.iter().flatten() {
                seen.points.push([5, 13].map(|at| f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())));
            }
            for column in batch.columns().iter().filter_map(|column| column.as_string_opt::<i32>()) {
                seen.texts.extend(column.iter().flatten().map(str::to_owned));
            }
        }
        seen
    }

    /// All tiles in a row make one: points are those of the whole world's, which stand for all; texts those of all.
    pub(super) fn tiles(path: &Path) -> Seen {
        let bytes = fs::read(path).unwrap();
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
        let unpacked = |mut reader: Box<dyn Read>| {
            let mut plain = Vec::new();
            reader.read_to_end(&mut plain).unwrap();
            plain
        };
        let section = |at: usize| bytes[number(at)..number(at) + number(at + 8)].to_vec();
        let metadata = unpacked(Box::new(flate2::read::GzDecoder::new(std::io::Cursor::new(section(24)))));
        let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
        let fields = metadata["vector_layers"][0]["fields"].as_object().unwrap();
        let mut seen = Seen { columns: fields.keys().cloned().collect(), ..Seen::default() };
        let tiles = section(56);
        if tiles.is_empty() {
            return seen;
        }
        let world = unpacked(Box::new(flate2::read::GzDecoder::new(std::io::Cursor::new(tiles.clone()))));
        let all = unpacked(Box::new(flate2::read::MultiGzDecoder::new(std::io::Cursor::new(tiles))));
        for (field, layer) in messages(&all) {
            assert_eq!(field, 3);
            for (_, value) in messages(layer).into_iter().filter(|(field, _)| *field == 4) {
                let text = messages(value).into_iter().find(|(field, _)| *field == 1);
                seen.texts.extend(text.map(|(_, text)| String::from_utf8(text.to_vec()).unwrap()));
            }
        }
        for (_, layer) in messages(&world) {
            let parts = messages(layer);
            let of = |number: u64| parts.iter().filter(move |(field, _)| *field == number).map(|(_, bytes)| *bytes);
            let keys: Vec<&[u8]> = of(3).collect();
            let values: Vec<&[u8]> = of(4).collect();
            for feature in of(2) {
                let tags = messages(feature).into_iter().find(|(field, _)| *field == 2).unwrap().1;
                let mut tags = numbers(tags).into_iter();
                while let (Some(key), Some(value)) = (tags.next(), tags.next()) {
                    if keys[key as usize] == b"point_count" {
                        // A value that is an integer: field 4, 5 or 6.
                        let stands_for = numbers(&values[value as usize][1..])[0] as usize;
                        let is_signed = values[value as usize][0] >> 3 == 6;
                        seen.features += if is_signed { stands_for / 2 } else { stands_for };
                    }
                }
                seen.points.push([0.0; 2]);
            }
        }
        seen
    }

    /// The fields of a message of protocol buffers that have a length; others are passed over.
    fn messages(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            let key = number(&mut bytes);
            match key & 7 {
                0 => _ = number(&mut bytes),
                1 => bytes = &bytes[8..],
                5 => bytes = &bytes[4..],
                2 => {
                    let length = number(&mut bytes) as usize;
                    found.push((key >> 3, &bytes[..length]));
                    bytes = &bytes[length..];
                }
                other => panic!("wire type {other}"),
            }
        }
        found
    }

    fn numbers(mut bytes: &[u8]) -> Vec<u64> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            found.push(number(&mut bytes));
        }
        found
    }

    fn number(bytes: &mut &[u8]) -> u64 {
        let end = bytes.iter().position(|b| *b < 0x80).unwrap() + 1;
        let number = bytes[..end].iter().rev().fold(0, |sum, b| sum << 7 | u64::from(b & 0x7F));
        *bytes = &bytes[end..];
        number
    }
}
