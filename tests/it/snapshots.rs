//! What people see, as a whole: read the files in `snapshots` to judge a change, accept it with `cargo insta review`.

use crate::support::{mentionmap, mentionmap_in, root};
use serde_json::Value;
use std::fmt::Write;

/// An article with all fields, whose names leave little doubt.
const ARTICLE: &str = r#"{"id": "aid-1", "title": "Aid reaches Al-Hol", "text": "Trucks from Erbil, Iraq, reached Al-Hol in northeastern Syria on Tuesday. Nearly all who live in Al-Hol are women and children.", "date": "2019-04-02", "url": "https://example.org/aid-1", "source": "The Example", "lang": "en"}"#;

/// The layer, indented. Probabilities are left out: they move with every improvement, and others tests watch them.
fn layer(options: &[&str]) -> String {
    let arguments: Vec<&str> = ["map", "-q"].iter().chain(options).copied().collect();
    let run = mentionmap_in(&root(), &arguments, ARTICLE);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let mut layer: Value = serde_json::from_str(&run.out).unwrap();
    layer["gazetteer"] = "[hash]".into();
    for feature in layer["features"].as_array_mut().unwrap() {
        for name in ["confidence", "margin", "runner_up", "why"] {
            if let Some(value) = feature["properties"].get_mut(name).filter(|value| !value.is_null()) {
                *value = format!("[{name}]").into();
            }
        }
    }
    serde_json::to_string_pretty(&layer).unwrap()
}

#[test]
fn per_article() {
    insta::assert_snapshot!(layer(&[]));
}

#[test]
fn per_place() {
    insta::assert_snapshot!(layer(&["--per", "place"]));
}

#[test]
fn per_mention() {
    insta::assert_snapshot!(layer(&["--per", "mention", "--sentences"]));
}

#[test]
fn lookup() {
    insta::assert_snapshot!(mentionmap(&["gazetteer", "lookup", "Raqqa"]).out);
}

#[test]
fn help() {
    insta::assert_snapshot!("help", mentionmap(&["--help"]).out);
    insta::assert_snapshot!("help_map", mentionmap(&["map", "--help"]).out);
}

#[test]
fn messages() {
    let mut said = String::new();
    for arguments in [
        &["map", "no/such.txt"][..],
        &["map", "no-*.txt"],
        &["map", "examples/articles.jsonl", "--text-field", "body"],
        &["map", "-o", "map.xyz"],
        &["map", "-f", "shapefile"],
        &["map", "--min-confidence", "2"],
        &["map", "http://127.0.0.1/news"],
        &["map", "--gazetteer", "Cargo.toml"],
        &["gazetteer", "lookup", "Xyzzyville"],
        &["evaluate", "Cargo.toml"],
    ] {
        let run = mentionmap_in(&root(), arguments, "Rain fell in Latvia.");
        // How long a run took is another every time.
        let timeless = |line: &str| match line.rsplit_once(" features in ") {
            Some((start, _)) => format!("{start} features in [time]"),
            None => line.to_owned(),
        };
        let err: Vec<String> = run.err.lines().map(timeless).collect();
        writeln!(said, "$ mentionmap {}\n{}\nexit code {}\n", arguments.join(" "), err.join("\n"), run.code).unwrap();
    }
    insta::assert_snapshot!(said);
}
