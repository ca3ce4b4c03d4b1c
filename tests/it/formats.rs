//! What holds for every format, with no other program at hand.

use crate::support::{mentionmap, mentionmap_in, root};
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
                Kind::Real => "real",
                Kind::Date => "date",
            };
            expected += &format!("| `{}` | {kind} | {} |\n", column.name, column.about);
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
