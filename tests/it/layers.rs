//! What holds for every format, with no other program at hand.

use crate::support::{mentionmap, mentionmap_in, root};
use std::fmt::Write;
use std::path::Path;

/// Those that any build writes.
const ALL: [&str; 7] = ["geojson", "geojsonl", "geojsons", "csv", "gpkg", "fgb", "kml"];
const FULL: [&str; 2] = ["parquet", "pmtiles"];

fn formats() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().chain(FULL.into_iter().filter(|_| cfg!(feature = "full")))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_same_bytes_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    for format in formats() {
        let run = |name: &str, jobs: &str| {
            let file = folder.path().join(format!("{name}.{format}"));
            let arguments = ["map", "-q", "-j", jobs, "examples/articles", "-o", file.to_str().unwrap()];
            assert_eq!(mentionmap(&arguments).code, 0);
            std::fs::read(file).unwrap()
        };
        let (one, four) = (run("one", "1"), run("four", "4"));
        assert!(!one.is_empty() && one == four, "{format}");
        let standard_output = crate::support::program()
            .current_dir(root())
            .args(["map", "-q", "-f", format_name(format), "examples/articles"])
            .output()
            .unwrap();
        assert!(standard_output.stdout == one, "{format}: a file and standard output differ");
    }
}

/// What `--format` calls the format of this extension.
fn format_name(extension: &str) -> &str {
    if extension == "geojsons" { "geojsonseq" } else { extension }
}

#[test]
fn styles_and_descriptions_lie_beside() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain fell in Latvia.").unwrap();
    for (format, plain, styled) in [
        ("geojson", &["a.txt", "m.geojson"][..], &["a.txt", "m.geojson", "m.qml"][..]),
        ("fgb", &["a.txt", "m.fgb"], &["a.txt", "m.fgb", "m.qml"]),
        ("gpkg", &["a.txt", "m.gpkg"], &["a.txt", "m.gpkg"]),
        ("kml", &["a.txt", "m.kml"], &["a.txt", "m.kml"]),
        (
            "csv",
            &["a.txt", "m.csv", "m.csv-metadata.json"],
            &["a.txt", "m.csv", "m.csv-metadata.json", "m.csvt", "m.prj", "m.qml"],
        ),
    ] {
        for (options, expected) in [(&[][..], plain), (&["--style"][..], styled)] {
            let file = format!("m.{format}");
            let mut arguments = vec!["map", "-q", "a.txt", "-o", &file];
            arguments.extend(options);
            assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 0);
            assert_eq!(files(folder.path()), expected);
        }
        for name in files(folder.path()).iter().filter(|name| name.starts_with("m.")) {
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
}

#[test]
fn csv_tells_what_it_has_no_room_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain fell in Latvia.").unwrap();
    assert_eq!(mentionmap_in(folder.path(), &["map", "-q", "a.txt", "-o", "m.csv"], "").code, 0);
    let csv = std::fs::read_to_string(folder.path().join("m.csv")).unwrap();
    let header: Vec<_> = csv.lines().next().unwrap().split(',').collect();
    let text = std::fs::read(folder.path().join("m.csv-metadata.json")).unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let described: Vec<_> = metadata["tableSchema"]["columns"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert_eq!(described, header);
    assert_eq!(metadata["url"], "m.csv");
    for fact in ["attribution", "license", "gazetteer", "options", "generator"] {
        assert!(!metadata["notes"][0][fact].as_str().unwrap().is_empty(), "{fact}");
    }
}

/// Programs that guess the type of a column, such as kepler.gl, cut coordinates to whole numbers when half of them look so.
#[test]
fn real_numbers_in_csv_have_a_point() {
    let run = mentionmap_in(&root(), &["map", "-q", "-f", "csv"], "Rain fell in Latvia.");
    let row = run.out.lines().nth(1).unwrap();
    assert!(row.starts_with("25.0,57.0,") && row.contains(",1.0,"), "{row}");
}

#[test]
fn only_a_geopackage_takes_further_tables() {
    for format in formats().filter(|f| *f != "gpkg") {
        let file = format!("never.{format}");
        let run = mentionmap(&["map", "-q", "--with", "articles", "examples/articles", "-o", &file]);
        assert_eq!(run.code, 2, "{format}");
        assert!(run.err.contains("leave --with out"), "{}", run.err);
        assert!(!root().join(&file).exists());
    }
}

/// The columns come back as they went in, and say where they are.
#[cfg(feature = "full")]
#[test]
fn geoparquet_can_be_read() {
    use arrow::array::{Array, BinaryArray, Float64Array, StringArray, StructArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.parquet");
    assert_eq!(mentionmap(&["map", "-q", "examples/articles", "-o", file.to_str().unwrap()]).code, 0);
    let expected = mentionmap(&["map", "-q", "examples/articles"]).features();
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&file).unwrap()).unwrap();
    let facts = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let fact = |key: &str| facts.iter().find(|fact| fact.key == key).unwrap().value.clone().unwrap();
    let geo: serde_json::Value = serde_json::from_str(&fact("geo")).unwrap();
    assert_eq!(geo["version"], "1.1.0");
    assert_eq!(geo["columns"]["geometry"]["covering"]["bbox"]["xmax"], serde_json::json!(["bbox", "xmax"]));
    assert!(fact("mentionmap:attribution").contains("GeoNames"));
    let mut rows = 0;
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap().as_any();
        let places = column("place").downcast_ref::<StringArray>().unwrap();
        let weights = column("weight").downcast_ref::<Float64Array>().unwrap();
        let points = column("geometry").downcast_ref::<BinaryArray>().unwrap();
        let boxes = column("bbox").downcast_ref::<StructArray>().unwrap();
        let west = boxes.column_by_name("xmin").unwrap().as_any().downcast_ref::<Float64Array>().unwrap();
        for i in 0..batch.num_rows() {
            let feature = &expected[rows];
            assert_eq!(places.value(i), crate::support::text(feature, "place"));
            assert_eq!(weights.value(i), crate::support::number(feature, "weight"));
            let x = f64::from_le_bytes(points.value(i)[5..13].try_into().unwrap());
            assert!(!points.is_null(i) && x == west.value(i));
            rows += 1;
        }
    }
    assert!(rows > 100 && rows == expected.len());
}

/// GDAL reads the tile of the whole world; its features stand for all.
#[cfg(feature = "full")]
#[test]
fn tiles_can_be_read() {
    use std::io::Read;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.pmtiles");
    assert_eq!(mentionmap(&["map", "-q", "examples/articles", "-o", file.to_str().unwrap()]).code, 0);
    let expected = mentionmap(&["map", "-q", "examples/articles"]).features();
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(&bytes[..8], b"PMTiles\x03");
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let mut metadata = String::new();
    let packed = &bytes[number(24)..number(24) + number(32)];
    flate2::read::GzDecoder::new(packed).read_to_string(&mut metadata).unwrap();
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    assert_eq!(metadata["vector_layers"][0]["id"], "places");
    assert!(metadata["attribution"].as_str().unwrap().contains("GeoNames"));
    // Tiles lie in the order of their numbers: that of level 0 is the first.
    let mut tile = Vec::new();
    flate2::read::GzDecoder::new(&bytes[number(56)..]).read_to_end(&mut tile).unwrap();
    let folder = folder.path().join("0/0");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("0.mvt"), tile).unwrap();
    let style: serde_json::Value =
        serde_json::from_slice(&std::fs::read(file.with_extension("style.json")).unwrap()).unwrap();
    assert_eq!(style["sources"]["mentionmap"]["url"], "pmtiles://map.pmtiles");
    let mut command = std::process::Command::new("ogr2ogr");
    command.args(["-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/"]).arg(folder.join("0.mvt"));
    let Some(output) = crate::support::tool("ogr2ogr", &mut command) else { return };
    let world = crate::support::collection(std::str::from_utf8(&output.stdout).unwrap()).features;
    assert!(world.len() > 50 && world.len() < expected.len());
    let stands_for: f64 = world.iter().map(|f| crate::support::number(f, "point_count")).sum();
    assert_eq!(stands_for as usize, expected.len());
    let heaviest = world.iter().map(|f| crate::support::number(f, "weight")).fold(0.0, f64::max);
    assert!(expected.iter().all(|f| crate::support::number(f, "weight") <= heaviest + 1e-6));
}

#[cfg(not(feature = "full"))]
#[test]
fn what_is_left_out_says_how_to_get_it() {
    for format in FULL {
        let file = format!("never.{format}");
        let run = mentionmap(&["map", "-q", "examples/articles", "-o", &file]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("--features full"), "{}", run.err);
        assert!(!root().join(&file).exists());
    }
}

/// Every property that any feature has is described in docs/output.md, as the code describes it.
#[test]
fn every_property_is_documented() {
    use mentionmap::write::{Kind, Per, Schema};
    let documented = std::fs::read_to_string(root().join("docs/output.md")).unwrap();
    let tables = [
        ("article", Schema::of(Per::Article, true).simplestyle()),
        ("place", Schema::of(Per::Place, true).simplestyle()),
        ("mention", Schema::of(Per::Mention, true).simplestyle()),
        ("articles", Schema::articles()),
    ];
    let mut missing = Vec::new();
    for (table, schema) in &tables {
        let begins = format!("<!-- properties: {table} -->\n");
        let section =
            documented.split_once(&begins).map(|(_, rest)| rest.split("<!-- /properties -->").next().unwrap());
        let mut expected = String::from("\n| property | type | meaning |\n| --- | --- | --- |\n");
        for column in &schema.columns {
            let kind = match column.kind {
                Kind::Text => "text",
                Kind::Integer => "integer",
                Kind::Flag => "yes or no",
                Kind::Real => "real",
                Kind::Date => "date",
            };
            _ = writeln!(expected, "| `{}` | {kind} | {} |", column.name, column.about);
        }
        expected += "\n";
        if section != Some(&expected) {
            missing.push(format!("{begins}{expected}<!-- /properties -->"));
        }
    }
    assert!(missing.is_empty(), "docs/output.md should have\n{}", missing.join("\n\n"));
    // And features have these properties, in this order.
    for (per, (_, schema)) in ["article", "place", "mention"].into_iter().zip(&tables) {
        let run = mentionmap(&["map", "-q", "--per", per, "--sentences", "--simplestyle", "examples/articles"]);
        for feature in run.features() {
            let names: Vec<_> = feature.properties.as_ref().unwrap().keys().map(String::as_str).collect();
            let expected: Vec<_> = schema.columns.iter().map(|c| c.name).collect();
            assert_eq!(names, expected);
        }
    }
}

/// Every format has its paragraph, under the name that `--format` knows it by.
#[test]
fn every_format_is_documented() {
    use clap::ValueEnum;
    let documented = std::fs::read_to_string(root().join("docs/output.md")).unwrap();
    for format in mentionmap::write::Format::value_variants() {
        let name = format.to_possible_value().unwrap().get_name().to_owned();
        let row = format!("| `{name}` | `.{}`", format.extension());
        assert!(documented.contains(&row), "docs/output.md has no row {row:?}");
    }
}
