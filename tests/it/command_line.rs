//! The command line: inputs, formats, options, exit codes.

use crate::support::{collection, id, lines, mentionmap, mentionmap_in, number, root, text};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

const RAIN: &str = "Rain fell in Latvia on Monday.\n";
const SNOW: &str = "{\"id\": \"snow\", \"text\": \"Snow fell in Estonia on Monday.\"}\n";

/// A folder with an article in each format, and what is none.
fn folder() -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    write("b.txt", RAIN);
    write("a.jsonl", SNOW);
    write("sub/c.md", "# Hail\n\nHail fell in *Lithuania* on Monday.\n");
    write("sub/picture.png", "\u{89}PNG");
    write(".hidden.txt", "Fog in Finland.\n");
    folder
}

fn places(features: &[geojson::Feature]) -> Vec<&str> {
    features.iter().map(|f| text(f, "place")).collect()
}

#[test]
fn reads_folders_in_the_order_of_their_paths() {
    let folder = folder();
    let run = mentionmap_in(folder.path(), &["map", "."], "");
    assert_eq!(places(&run.features()), ["Estonia", "Latvia", "Lithuania"]);
    assert!(run.err.contains("3 articles") && run.err.contains("1 file of other kinds passed over"), "{}", run.err);
}

#[test]
fn reads_patterns() {
    let folder = folder();
    assert_eq!(places(&mentionmap_in(folder.path(), &["map", "*.txt"], "").features()), ["Latvia"]);
    assert_eq!(
        places(&mentionmap_in(folder.path(), &["map", "**/*.{md,txt}"], "").features()),
        ["Latvia", "Lithuania"]
    );
    let run = mentionmap_in(folder.path(), &["map", "*.csv"], "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("*.csv: no file matches"), "{}", run.err);
}

#[test]
fn reads_arguments_in_their_order() {
    let folder = folder();
    assert_eq!(
        places(&mentionmap_in(folder.path(), &["map", "sub/c.md", "b.txt", "a.jsonl"], "").features()),
        ["Lithuania", "Latvia", "Estonia"]
    );
}

#[test]
fn reads_standard_input() {
    for arguments in [&["map", "-q"][..], &["map", "-q", "-"]] {
        let features = mentionmap_in(&root(), arguments, RAIN).features();
        assert_eq!((places(&features), text(&features[0], "article")), (vec!["Latvia"], "-"));
    }
    // Without an extension the content tells.
    let features = mentionmap_in(&root(), &["map", "-q"], SNOW).features();
    assert_eq!(text(&features[0], "article"), "snow");
    // Between others, too.
    let folder = folder();
    assert_eq!(
        places(&mentionmap_in(folder.path(), &["map", "-q", "b.txt", "-"], SNOW).features()),
        ["Latvia", "Estonia"]
    );
}

#[test]
fn input_format_overrides_extension_and_content() {
    let folder = folder();
    fs::write(folder.path().join("feed.dat"), SNOW).unwrap();
    let features = mentionmap_in(folder.path(), &["map", "-q", "feed.dat", "--input-format", "jsonl"], "").features();
    assert_eq!(text(&features[0], "article"), "snow");
    let features = mentionmap_in(folder.path(), &["map", "-q", "a.jsonl", "--input-format", "text"], "").features();
    assert_eq!((places(&features), text(&features[0], "article")), (vec!["Estonia"], "a.jsonl"));
    let run = mentionmap_in(folder.path(), &["map", "-q", "a.jsonl", "--input-format", "tea"], "");
    assert_eq!(run.code, 2);
}

#[test]
fn the_extension_tells_the_format() {
    let folder = folder();
    let write = |arguments: &[&str], file: &str| {
        let arguments: Vec<&str> = ["map", "b.txt", "-q", "-o", file].iter().chain(arguments).copied().collect();
        let run = mentionmap_in(folder.path(), &arguments, "");
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""), "{file}");
        fs::read_to_string(folder.path().join(file)).unwrap()
    };
    for file in ["map.geojson", "map.json", "MAP.GeoJSON"] {
        assert_eq!(collection(&write(&[], file)).features.len(), 1, "{file}");
    }
    for file in ["map.geojsonl", "map.ndjson", "map.jsonl"] {
        let text = write(&[], file);
        assert!(!text.starts_with('\u{1E}') && lines(&text).len() == 1, "{file}");
    }
    for file in ["map.geojsons", "map.geojsonseq"] {
        assert!(write(&[], file).starts_with('\u{1E}'), "{file}");
    }
    // What is said goes before what the extension tells.
    assert!(write(&["-f", "geojsonseq"], "other.geojson").starts_with('\u{1E}'));
    assert!(write(&["--format", "geojsonl"], "other.xyz").starts_with("{\"type\":\"Feature\""));
}

#[test]
fn an_extension_of_no_format_is_bad_usage() {
    let folder = folder();
    for file in ["map.xyz", "map"] {
        let run = mentionmap_in(folder.path(), &["map", "b.txt", "-o", file], "");
        assert_eq!(run.code, 2);
        assert!(run.err.contains(file) && run.err.contains("--format") && run.err.contains(".geojson"), "{}", run.err);
        assert!(!folder.path().join(file).exists());
    }
}

#[test]
fn an_output_folder_takes_a_layer_for_each_input() {
    let folder = folder();
    fs::write(folder.path().join("sub/b.md"), "Fog in Finland.\n").unwrap();
    fs::write(folder.path().join("broken.txt"), b"\0").unwrap();
    let run = mentionmap_in(folder.path(), &["map", "a.jsonl", "b.txt", "sub", "broken.txt", "-o", "new/out/"], "");
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    let written = |name: &str| fs::read_to_string(folder.path().join("new/out").join(name));
    for (name, place) in [("a", "Estonia"), ("b", "Latvia"), ("b-2", "Finland"), ("c", "Lithuania")] {
        assert_eq!(places(&collection(&written(&format!("{name}.geojson")).unwrap()).features), [place], "{name}");
    }
    // Now it is there, and needs no slash.
    let run = mentionmap_in(folder.path(), &["map", "b.txt", "-q", "-o", "new/out", "-f", "geojsonl"], "");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(lines(&written("b.geojsonl").unwrap()).len(), 1);
}

#[test]
fn a_dash_is_standard_output() {
    assert_eq!(mentionmap_in(&root(), &["map", "-q", "-o", "-"], RAIN).features().len(), 1);
    assert!(!Path::new(&root().join("-")).exists());
}

#[test]
fn articles_without_identity_get_a_stable_one() {
    let folder = folder();
    fs::write(
        folder.path().join("x.jsonl"),
        "{\"text\": \"Rain fell in Latvia.\"}\n\n{\"id\": 7, \"text\": \"Rain fell in Latvia.\"}\n",
    )
    .unwrap();
    let features = mentionmap_in(folder.path(), &["map", "-q", "b.txt", "x.jsonl"], "").features();
    assert_eq!(features.iter().map(|f| text(f, "article")).collect::<Vec<_>>(), ["b.txt", "x.jsonl:1", "7"]);
    assert!(id(&features[1]).starts_with("x.jsonl:1/"));
}

#[test]
fn fields_can_be_renamed() {
    let record = "{\"key\": \"k\", \"headline\": \"Storm over Latvia\", \"body\": \"Trees fell in Riga.\", \"published\": \"2020-01-02\", \"link\": \"https://example.org/k\", \"paper\": \"The Daily\", \"language\": \"en\"}\n";
    let renamed = [
        "map",
        "-q",
        "--id-field",
        "key",
        "--title-field",
        "headline",
        "--text-field",
        "body",
        "--date-field",
        "published",
        "--url-field",
        "link",
        "--source-field",
        "paper",
        "--lang-field",
        "language",
    ];
    let features = mentionmap_in(&root(), &renamed, record).features();
    assert_eq!(places(&features), ["Latvia", "Riga"]);
    for (name, value) in [
        ("article", "k"),
        ("title", "Storm over Latvia"),
        ("date", "2020-01-02"),
        ("url", "https://example.org/k"),
        ("source", "The Daily"),
    ] {
        assert_eq!(text(&features[1], name), value);
    }
    let run = mentionmap_in(&root(), &["map", "-q"], record);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("--text-field") && run.err.contains("body"), "says what to do: {}", run.err);
}

#[test]
fn roles_choose_which_mentions_count() {
    let article = "The Paris Police Department sent two Syrian officers to Lyon.";
    let found = |roles: &[&str]| -> Vec<(String, String)> {
        let arguments: Vec<&str> = ["map", "-q", "--per", "mention"].iter().chain(roles).copied().collect();
        let features = mentionmap_in(&root(), &arguments, article).features();
        features.iter().map(|f| (text(f, "name").to_owned(), text(f, "role").to_owned())).collect()
    };
    let [paris, syrian, lyon] = [("Paris", "organization"), ("Syrian", "demonym"), ("Lyon", "place")]
        .map(|(name, role)| (name.to_owned(), role.to_owned()));
    assert_eq!(found(&[]), std::slice::from_ref(&lyon));
    assert_eq!(found(&["--roles", "organization"]), std::slice::from_ref(&paris));
    assert_eq!(found(&["--roles", "place,demonym"]), [syrian.clone(), lyon.clone()]);
    assert_eq!(found(&["--roles", "demonym,organization,place"]), [paris, syrian, lyon]);
    // What does not count carries no weight either.
    let features = mentionmap_in(&root(), &["map", "-q"], article).features();
    assert_eq!((features.len(), number(&features[0], "weight")), (1, 1.0));
}

#[test]
fn min_confidence_takes_the_unsure_for_unplaced() {
    let all = mentionmap(&["map", "-q", "examples/articles", "--per", "mention"]).features();
    let sure =
        mentionmap(&["map", "-q", "examples/articles", "--per", "mention", "--min-confidence", "0.8"]).features();
    assert_eq!(all.len(), sure.len());
    let mut lost = 0;
    for (before, after) in all.iter().zip(&sure) {
        if before.geometry.is_some() && number(before, "confidence") < 0.7999 {
            assert!(after.geometry.is_none(), "{}", id(before));
            lost += 1;
        } else if number(before, "confidence") > 0.8001 {
            assert_eq!(before, after);
        }
    }
    assert!(lost > 0, "the samples hold doubtful mentions");
}

#[test]
fn given_mentions_are_output_exactly() {
    // One that would be found, one within another, one that no gazetteer knows, one that is not like a place at all.
    let article = "{\"id\": \"g\", \"text\": \"É: Mayor Paris left Lyon, France, for Xyzzyville and the river.\", \"spans\": [\
        {\"start\": 20, \"end\": 24}, {\"start\": 26, \"end\": 32}, {\"start\": 38, \"end\": 48}, {\"start\": 9, \"end\": 14, \"name\": \"Paris\"}]}\n";
    let run = mentionmap_in(&root(), &["map", "-q", "--per", "mention", "--given-mentions", "spans"], article);
    let features = run.features();
    let found: Vec<(f64, f64, &str)> =
        features.iter().map(|f| (number(f, "start"), number(f, "end"), text(f, "name"))).collect();
    assert_eq!(found, [(9.0, 14.0, "Paris"), (20.0, 24.0, "Lyon"), (26.0, 32.0, "France"), (38.0, 48.0, "Xyzzyville")]);
    assert_eq!(text(&features[0], "country"), "FR");
    assert!(features[3].geometry.is_none(), "no gazetteer knows Xyzzyville");
    // The others are context: Texas, not given, still says which Paris is meant.
    let article =
        "{\"text\": \"A tornado passed near Paris, Texas, on Friday.\", \"spans\": [{\"start\": 22, \"end\": 27}]}";
    let features =
        mentionmap_in(&root(), &["map", "-q", "--per", "mention", "--given-mentions", "spans"], article).features();
    assert_eq!((features.len(), text(&features[0], "admin1")), (1, "Texas"));
    let features = mentionmap_in(
        &root(),
        &["map", "-q", "--given-mentions", "spans"],
        "{\"text\": \"Rain in Latvia.\", \"spans\": []}",
    )
    .features();
    assert!(features.is_empty());
}

#[test]
fn given_mentions_that_cannot_be_are_errors() {
    for (spans, expected) in [
        ("[{\"start\": 0, \"end\": 99}]", "99"),
        ("[{\"start\": 3, \"end\": 3}]", "3"),
        ("[{\"start\": -1, \"end\": 3}]", "-1"),
        ("\"Latvia\"", "spans"),
        ("null", "spans"),
    ] {
        let article = format!("{{\"text\": \"Rain in Latvia.\", \"spans\": {spans}}}\n{SNOW}");
        let run = mentionmap_in(&root(), &["map", "-q", "--given-mentions", "spans"], article);
        assert_eq!(run.code, 1);
        assert!(run.err.starts_with("mentionmap: -:1: ") && run.err.contains(expected), "{spans}: {}", run.err);
        // The second article lacks the field, which is an error as well.
        assert!(run.err.contains("-:2: "), "{}", run.err);
    }
}

#[test]
fn output_does_not_depend_on_threads() {
    let folder = tempdir().unwrap();
    let many = folder.path().join("many.jsonl");
    fs::write(&many, synthetic(300)).unwrap();
    let many = many.to_str().unwrap();
    for per in ["article", "place", "mention"] {
        let run = |jobs: &str| mentionmap(&["map", "-q", "--per", per, "-j", jobs, "examples/articles", many]);
        let one = run("1");
        let articles: BTreeSet<String> = lines_of(&one.out).collect();
        assert!(articles.len() > 300, "--per {per}: {} features", articles.len());
        for jobs in ["2", "4"] {
            let other = run(jobs);
            assert!(one.out == other.out, "--per {per} -j {jobs} differs from -j 1");
            assert_eq!(one.err, other.err);
        }
    }
}

fn lines_of(collection_text: &str) -> impl Iterator<Item = String> {
    collection(collection_text).features.into_iter().map(|feature| feature.to_string())
}

/// Articles made of the samples' paragraphs, mixed; some broken records between them.
fn synthetic(count: usize) -> String {
    let mut paragraphs = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(root().join("examples/articles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        paragraphs.extend(fs::read_to_string(file).unwrap().split("\n\n").filter(|p| p.len() > 40).map(str::to_owned));
    }
    let mut text = String::new();
    for i in 0..count {
        if i % 97 == 50 {
            text.push_str("{broken\n");
        }
        // Steps without a common divisor with most counts: every article is another mixture.
        let body: Vec<&str> = (0..=i % 4).map(|k| paragraphs[(i * 7 + k * 31) % paragraphs.len()].as_str()).collect();
        let record = serde_json::json!({"id": format!("s{i}"), "date": format!("2024-01-{:02}", 1 + i % 28), "text": body.join("\n\n")});
        writeln!(text, "{record}").unwrap();
    }
    text
}

#[test]
fn bad_usage_ends_with_two() {
    for arguments in [
        &["map", "--min-confidence", "2"][..],
        &["map", "--roles", "person"],
        &["map", "--per", "country"],
        &["map", "-j", "0"],
        &["map", "--no-such-option"],
        &["map", "-f", "shapefile"],
        &["map", "--encoding", "utf-9"],
        &["map", "--gazetteer", "no/such.mentionmap"],
        &["map", "--gazetteer", "Cargo.toml"],
        &["gazetteer", "lookup"],
        &["evaluate"],
        &["evaluate", "no/such.jsonl"],
        &["fly"],
        &[],
    ] {
        let run = mentionmap_in(&root(), arguments, RAIN);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
        assert!(!run.err.contains("panicked"), "{}", run.err);
    }
}

#[test]
fn help_and_version_are_no_errors() {
    for arguments in [&["--help"][..], &["map", "--help"], &["--version"], &["gazetteer", "lookup", "-h"]] {
        let run = mentionmap(arguments);
        assert!(run.code == 0 && run.err.is_empty() && !run.out.is_empty(), "{arguments:?}");
    }
    assert_eq!(mentionmap(&["--version"]).out.trim(), format!("mentionmap {}", env!("CARGO_PKG_VERSION")));
}
