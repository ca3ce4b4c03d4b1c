//! `mentionmap explain`, and the list of what it shows in docs/resolving.md.

use crate::support::{mentionmap, mentionmap_in, root};
use mentionmap::resolve::{EVIDENCE, LEANING, feature_names};
use std::collections::BTreeSet;

const TEXT: &str = "A tornado passed near Paris, Texas, on Friday.";

#[test]
fn mentions_and_their_candidates() {
    let run = mentionmap_in(&root(), &["explain", "-"], TEXT);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.out);
    assert!(lines[1].contains("Paris, Texas, US") && lines[2].contains("Texas, US"), "{}", run.out);
    let run = mentionmap_in(&root(), &["explain", "-", "--mention", "1"], TEXT);
    let row = |name: &str| run.out.lines().find(|line| line.split_whitespace().next() == Some(name));
    assert!(run.out.contains("geonames:4717560") && run.out.contains("geonames:2988507"), "{}", run.out);
    assert!(row("contained_by").is_some() && row("population").is_some(), "{}", run.out);
    assert!(row("near_home").is_none() && row("covers").is_none(), "zero everywhere, left out: {}", run.out);
    let preferring =
        mentionmap_in(&root(), &["explain", "-", "--mention", "1", "--prefer", "LB"], "Floods hit Tripoli.");
    assert!(preferring.out.contains("preferred"), "{}", preferring.out);
}

#[test]
fn as_json() {
    let record = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&mentionmap_in(&root(), arguments, TEXT).out).unwrap()
    };
    let all = record(&["explain", "-", "--json"]);
    assert_eq!((all["mentions"].as_array().unwrap().len(), &all["mentions"][0]["start"]), (2, &22.into()));
    let one = record(&["explain", "-", "--json", "--mention", "1"]);
    let candidates = one["candidates"].as_array().unwrap();
    let odds: Vec<f64> = candidates.iter().map(|c| c["log_odds"].as_f64().unwrap()).collect();
    assert!(odds.len() > 3 && odds.is_sorted_by(|a, b| a >= b), "{odds:?}");
    assert_eq!((&one["place_id"], &one["name"]), (&candidates[0]["place_id"], &"Paris".into()));
    assert_eq!(candidates[0]["features"]["contained_by"], 1.0);
    let sum: f64 = candidates.iter().map(|c| c["probability"].as_f64().unwrap()).sum();
    assert!(sum > 0.5 && sum < 1.001, "{sum}");
}

#[test]
fn one_article_and_one_of_its_mentions() {
    for (arguments, expected) in [
        (&["explain", "examples/articles.jsonl"][..], "--id"),
        (&["explain", "examples/articles.jsonl", "--id", "nowhere"], "nowhere"),
        (&["explain", "examples/articles/03-anbar-border-desert.txt", "--mention", "0"], "mentions 1 to"),
        (&["explain", "no/such/file.txt"], "no/such/file.txt"),
    ] {
        let run = mentionmap(arguments);
        assert!(run.code == 2 && run.err.contains(expected), "{arguments:?}: {} {}", run.code, run.err);
    }
}

#[test]
fn every_code_is_documented_and_nothing_else() {
    let page = std::fs::read_to_string(root().join("docs/resolving.md")).unwrap();
    let listed = |heading: &str| -> BTreeSet<String> {
        let section = page.split("\n## ").find(|s| s.starts_with(heading)).unwrap_or_else(|| panic!("no {heading}"));
        let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        cells.map(|(code, _)| code.to_owned()).collect()
    };
    let codes: BTreeSet<String> = EVIDENCE.iter().chain(LEANING).map(|e| e.1.to_owned()).collect();
    assert_eq!(listed("Codes"), codes);
    let other: BTreeSet<String> =
        feature_names().into_iter().filter(|name| !codes.contains(name) && !name.ends_with("_ahead")).collect();
    let ahead = ["points_ahead".to_owned()];
    let documented: BTreeSet<String> = listed("What else").into_iter().filter(|name| !ahead.contains(name)).collect();
    assert_eq!(documented, other);
}
