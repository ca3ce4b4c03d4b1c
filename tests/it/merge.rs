//! Shards, mapped one by one and merged, are the map of the whole: the same bytes.

use crate::support::{Run, mentionmap_in, root};
use serde_json::json;
use std::path::Path;

/// The formats that merge reads.
fn formats() -> impl Iterator<Item = &'static str> {
    ["geojson", "geojsonl", "geojsons"].into_iter().chain(Some("parquet").filter(|_| cfg!(feature = "full")))
}

/// The sample articles as JSON Lines, cut into shards; dates are given in several forms, and one article has none.
fn shards(folder: &Path) -> usize {
    let mut files: Vec<_> =
        std::fs::read_dir(root().join("examples/articles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let dates = ["2019-03-23", "Mon, 21 Oct 2019 10:00:00 GMT", "2017-10-17T08:30:00Z", "2020"];
    let articles: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(i, file)| {
            let text = std::fs::read_to_string(file).unwrap();
            let date = dates.get(i % 5);
            json!({"id": format!("a-{i}"), "title": text.lines().next(), "text": text, "date": date}).to_string()
        })
        .collect();
    std::fs::write(folder.join("all.jsonl"), articles.join("\n")).unwrap();
    // Shards of odd sizes; one without an article.
    let bounds = [0, 1, 6, 6, 11, articles.len()];
    for (number, pair) in bounds.windows(2).enumerate() {
        std::fs::write(folder.join(format!("part-{number}.jsonl")), articles[pair[0]..pair[1]].join("\n")).unwrap();
    }
    bounds.len() - 1
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    mentionmap_in(folder, arguments, "")
}

fn done(folder: &Path, arguments: &[&str]) {
    let run = run(folder, arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
}

/// Maps the whole and the shards with these options; gives the names of the shards' layers.
fn map(folder: &Path, count: usize, format: &str, options: &[&str]) -> Vec<String> {
    let mapped = |input: &str, output: &str| {
        let mut arguments = vec!["map", "-q", input, "-o", output];
        arguments.extend(options);
        // A shard without an article is empty, and an empty file is a failure.
        let run = run(folder, &arguments);
        assert!(run.code == 0 || run.err.contains("empty"), "{}", run.err);
    };
    let names: Vec<String> = (0..count).map(|number| format!("part-{number}.{format}")).collect();
    for (number, name) in names.iter().enumerate() {
        mapped(&format!("part-{number}.jsonl"), name);
    }
    mapped("all.jsonl", &format!("all.{format}"));
    names
}

fn same(folder: &Path, one: &str, other: &str) {
    let [one_bytes, other_bytes] = [one, other].map(|name| std::fs::read(folder.join(name)).unwrap());
    assert!(!one_bytes.is_empty() && one_bytes == other_bytes, "{one} and {other} differ");
}

#[test]
fn merged_shards_are_the_single_run() {
    let folder = tempfile::tempdir().unwrap();
    let count = shards(folder.path());
    for options in [&["--per", "article"][..], &["--per", "place"], &["--per", "mention", "--sentences"]] {
        for format in formats() {
            let names = map(folder.path(), count, format, options);
            let merged = format!("merged.{format}");
            let mut arguments = vec!["merge", "-q", "-o", &merged];
            arguments.extend(names.iter().map(String::as_str));
            done(folder.path(), &arguments);
            same(folder.path(), &merged, &format!("all.{format}"));
        }
    }
}

#[test]
fn articles_add_up_to_places() {
    let folder = tempfile::tempdir().unwrap();
    let count = shards(folder.path());
    for (format, target) in formats().flat_map(|format| ["geojson", "geojsonl", "csv"].map(|target| (format, target))) {
        // A moment in GeoParquet has forgotten how its date was written.
        if format == "parquet" {
            continue;
        }
        let options = ["--roles", "place,demonym", "--min-confidence", "0.3"];
        let names = map(folder.path(), count, format, &options);
        let single = format!("single.{target}");
        let mut arguments = vec!["map", "-q", "all.jsonl", "--per", "place", "-o", &single];
        arguments.extend(options);
        done(folder.path(), &arguments);
        let merged = format!("merged.{target}");
        let mut arguments = vec!["merge", "-q", "--per", "place", "-o", &merged];
        // Sequences do not say how they were made.
        arguments.extend(options);
        arguments.extend(names.iter().map(String::as_str));
        done(folder.path(), &arguments);
        same(folder.path(), &merged, &single);
    }
}

#[test]
fn what_does_not_go_together_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("a.txt"), "Rain fell in Riga, Latvia, and in Lyon.").unwrap();
    std::fs::write(path.join("mine.csv"), "name,lat,lon\nUmm Zarqun,35.02,40.45\n").unwrap();
    done(path, &["map", "-q", "a.txt", "-o", "article.geojson"]);
    done(path, &["map", "-q", "a.txt", "-o", "article.geojsonl"]);
    done(path, &["map", "-q", "a.txt", "--per", "mention", "-o", "mention.geojsonl"]);
    done(path, &["map", "-q", "a.txt", "--roles", "place,demonym", "-o", "roles.geojson"]);
    done(path, &["map", "-q", "a.txt", "--gazetteer", "mine.csv", "-o", "mine.geojson"]);
    let whole = std::fs::read(path.join("article.geojsonl")).unwrap();
    std::fs::write(path.join("cut.geojsonl"), &whole[..whole.len() - 20]).unwrap();
    for (arguments, expected) in [
        (&["article.geojsonl", "mention.geojsonl"][..], "per mention among others per article"),
        (&["article.geojson", "roles.geojson"], "another options"),
        (&["article.geojson", "mine.geojson"], "another gazetteer"),
        (&["mine.geojson", "--per", "place"], "name it with --gazetteer"),
        (&["mention.geojsonl", "--per", "place"], "none per place can be made"),
        (&["article.geojsonl", "./article.geojsonl"], "is given twice"),
        (&["article.geojsonl", "cut.geojsonl"], "is cut off"),
        (&["a.txt"], "expected a JSON object"),
        (&["missing.geojsonl"], "missing.geojsonl: "),
    ] {
        let mut all = vec!["merge", "-o", "out.geojson"];
        all.extend(arguments);
        let run = run(path, &all);
        assert!(run.code == 2 && run.err.contains(expected), "{arguments:?}: {} {}", run.code, run.err);
        assert!(!path.join("out.geojson").exists());
    }
    done(path, &["merge", "-q", "mine.geojson", "--per", "place", "--gazetteer", "mine.csv", "-o", "out.geojson"]);
    let run = run(path, &["merge", "article.geojson", "-o", "article.geojson"]);
    assert!(run.err.contains("input and an output"), "{}", run.err);
    let run = self::run(path, &["merge", "article.geojson", "-o", "out.html"]);
    assert!(run.code == 2 && run.err.contains("map all articles in one run"), "{}", run.err);
}

/// The map of a stream, as `cat shards | mentionmap merge -` makes it.
#[test]
fn sequences_come_from_standard_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let count = shards(folder.path());
    let names = map(folder.path(), count, "geojsonl", &[]);
    let stream: Vec<u8> = names.iter().flat_map(|name| std::fs::read(folder.path().join(name)).unwrap()).collect();
    let merged = mentionmap_in(folder.path(), &["merge", "-q", "-", "--per", "place"], stream);
    let single = run(folder.path(), &["map", "-q", "all.jsonl", "--per", "place"]);
    assert_eq!((merged.code, merged.out), (0, single.out));
}
