//! Homes of sources, and what the user prefers.

use crate::support::{mentionmap, mentionmap_in, text};
use std::path::Path;

/// Where a layer of mentions has a name, by country and division.
fn places(folder: &Path, options: &[&str], input: &str) -> Vec<(String, String)> {
    let arguments: Vec<&str> =
        ["map", "-q", "--per", "mention", "articles.jsonl"].iter().chain(options).copied().collect();
    std::fs::write(folder.join("articles.jsonl"), input).unwrap();
    let of = |f: &geojson::Feature, name: &str| f.property(name).and_then(|v| v.as_str()).unwrap_or("").to_owned();
    mentionmap_in(folder, &arguments, "").features().iter().map(|f| (of(f, "country"), of(f, "admin1"))).collect()
}

const PARIS: &str =
    "{\"id\": 1, \"source\": \"The Paris Record\", \"text\": \"The school board in Paris met on Monday.\"}\n";

#[test]
fn a_home_by_place_or_by_coordinates_decides_a_bare_name() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(places(folder.path(), &[], PARIS)[0].0, "FR");
    for (row, columns) in [
        ("the paris record,geonames:4717560,Paris", "source,place_id,name"),
        ("The Paris Record;33,66094;-95,55551", "Publisher;Lat;Long"),
        ("The Paris Record,geonames:999999999,33.66,-95.55", "source,place_id,latitude,longitude"),
    ] {
        std::fs::write(folder.path().join("homes.csv"), format!("{columns}\n{row}\n")).unwrap();
        let found = places(folder.path(), &["--homes", "homes.csv"], PARIS);
        assert_eq!(found, [("US".into(), "Texas".into())], "{row}");
    }
    // Other sources go on as before, and the text has the last word.
    let other = PARIS.replace("The Paris Record", "Le Monde");
    assert_eq!(places(folder.path(), &["--homes", "homes.csv"], &other)[0].0, "FR");
    let told = PARIS.replace("in Paris met", "in Paris, France, met");
    assert_eq!(places(folder.path(), &["--homes", "homes.csv"], &told)[0].0, "FR");
}

#[test]
fn bad_homes_name_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain in Paris.").unwrap();
    for (table, expected) in [
        ("source,place_id\nA,geonames:Paris\n", "homes.csv:2: column place_id: "),
        ("source,place_id\nA,geonames:4717560\na,geonames:2988507\n", "homes.csv:3: column source: "),
        ("source,lat,lon\nA,95,1\n", "homes.csv:2: column lat: "),
        ("source,lat,lon\nA,5,\n", "homes.csv:2: column longitude: "),
        ("source,lat,lon\n,5,6\n", "homes.csv:2: column source: "),
        ("source,place_id\nA,geonames:999999999\n", "homes.csv:2: column place_id: "),
        ("paper,where\nA,B\n", "homes.csv:1: no column of places"),
        ("name,place_id\nA,B\n", "homes.csv:1: no column of sources"),
    ] {
        std::fs::write(folder.path().join("homes.csv"), table).unwrap();
        let run = mentionmap_in(folder.path(), &["map", "a.txt", "--homes", "homes.csv"], "");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{table}");
        assert!(run.err.contains(expected), "{table}: {}", run.err);
    }
}

#[test]
fn homes_are_learned_from_articles() {
    let folder = tempfile::tempdir().unwrap();
    let article = |source: &str, text: &str| format!("{{\"source\": \"{source}\", \"text\": \"{text}\"}}\n");
    let archive = [
        article("Lamar Sun", "Fire crews from Paris, Texas, and from Reno, Texas, put out a fire in Blossom, Texas."),
        article("Lamar Sun", "A storm closed schools in Paris, Texas, and in Clarksville, Texas."),
        article("Lamar Sun", "The fair in Paris, Texas, opens today."),
        article("World Daily", "Rain fell in Tokyo, Japan, and in Lima, Peru."),
        article("World Daily", "Talks in Nairobi, Kenya, go on; those in Oslo, Norway, have ended."),
    ];
    std::fs::write(folder.path().join("archive.jsonl"), archive.concat()).unwrap();
    let learn = ["homes", "learn", "archive.jsonl", "-o", "homes.csv", "-j"];
    let run = mentionmap_in(folder.path(), &[&learn[..], &["1"]].concat(), "");
    assert_eq!((run.code, run.err.trim()), (0, "2 sources, 1 with a home"), "{}", run.err);
    let table = std::fs::read_to_string(folder.path().join("homes.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(
        lines.next().unwrap(),
        "source,place_id,name,country,latitude,longitude,articles,places,share,spread_km"
    );
    assert!(lines.next().unwrap().starts_with("Lamar Sun,geonames:4717560,Paris,US,33.66094,-95.55551,3,"), "{table}");
    assert_eq!(lines.next(), None);
    // The same with more threads, and what was learned can be read.
    mentionmap_in(folder.path(), &[&learn[..], &["4"]].concat(), "");
    assert_eq!(std::fs::read_to_string(folder.path().join("homes.csv")).unwrap(), table);
    let sun = PARIS.replace("The Paris Record", "Lamar Sun");
    assert_eq!(places(folder.path(), &["--homes", "homes.csv"], &sun)[0].1, "Texas");
    // From standard input there is no second pass; without sources there is nothing to learn.
    assert_eq!(mentionmap_in(folder.path(), &["homes", "learn", "-"], PARIS).code, 2);
    std::fs::write(folder.path().join("archive.jsonl"), "{\"text\": \"Rain fell in Lima.\"}\n").unwrap();
    let run = mentionmap_in(folder.path(), &["homes", "learn", "archive.jsonl", "-o", "none.csv"], "");
    assert!(run.code == 2 && !folder.path().join("none.csv").exists(), "{}", run.err);
}

#[test]
fn preference_leans_and_does_not_forbid() {
    let folder = tempfile::tempdir().unwrap();
    let bare = "{\"text\": \"Floods hit Tripoli on Monday.\"}\n";
    let told = "{\"text\": \"Floods hit Tripoli, Libya, on Monday.\"}\n";
    assert_eq!(places(folder.path(), &[], bare)[0].0, "LY");
    for prefer in ["LB", "lebanon", "SY,LB", "35,33,37,35", "170,33,37,35"] {
        assert_eq!(places(folder.path(), &["--prefer", prefer], bare)[0].0, "LB", "{prefer}");
        assert_eq!(places(folder.path(), &["--prefer", prefer], told)[0].0, "LY", "{prefer}");
    }
    let rain = "{\"text\": \"Rain in Paris.\"}\n";
    assert_eq!(places(folder.path(), &[], rain)[0].0, "FR");
    assert_eq!(places(folder.path(), &["--prefer", "-100,30,-90,36"], rain)[0].1, "Texas");
    let run = mentionmap(&["map", "-q", "--per", "mention", "--prefer", "-130,20,-60,50", "examples/articles.jsonl"]);
    assert!(run.features().iter().any(|f| f.property("country").is_some_and(|c| c != "US")));
    assert!(!text(&run.features()[0], "name").is_empty());
    for bad in ["Atlantis", "1,2,3", "0,50,10,40", ","] {
        let run = mentionmap_in(folder.path(), &["map", "articles.jsonl", "--prefer", bad], "");
        assert!(run.code == 2 && run.err.contains("--prefer"), "{bad}: {}", run.err);
    }
}

#[test]
fn one_place_of_an_article_is_its_focus() {
    let folder = tempfile::tempdir().unwrap();
    for (article, expected) in [
        (
            "{\"title\": \"Strike in Lyon\", \"text\": \"Trains stood still in Lyon on Monday. Officials came from Paris, and a minister was in Berlin.\"}",
            "Lyon",
        ),
        (
            "{\"text\": \"Farmers drove to Lyon, Lille, Nantes and Nice on Monday. France has seen such marches before; Spain has not.\"}",
            "France",
        ),
        (
            "{\"text\": \"Dallas and Houston flooded, and so did Austin. Texas asked for help; Ohio sent boats.\"}",
            "Texas",
        ),
    ] {
        std::fs::write(folder.path().join("a.jsonl"), format!("{article}\n")).unwrap();
        let features = mentionmap_in(folder.path(), &["map", "-q", "a.jsonl"], "").features();
        let focus: Vec<&str> =
            features.iter().filter(|f| f.property("focus").unwrap() == true).map(|f| text(f, "place")).collect();
        assert_eq!(focus, [expected], "{article}");
    }
}
