//! `mentionmap evaluate` computes what `../shared/eval/score.py` defines.

use crate::support::{mentionmap, shared};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const ROLES: [&str; 2] = ["--roles", "place,organization,demonym"];

/// The two agree to three decimals, with the same options.
fn agree(corpus: &str, given: bool, all_types: bool) {
    let (Some(gold), Some(scorer)) = (shared(&format!("eval/dev/{corpus}.jsonl")), shared("eval/score.py")) else {
        return;
    };
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: no python3");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let layer = folder.path().join("predicted.geojsonl");
    let (gold, layer) = (gold.to_str().unwrap(), layer.to_str().unwrap());
    let mut map = vec!["map", "-q", "--per", "mention", gold, "-o", layer];
    let mut evaluate = vec!["evaluate", "--json", gold];
    map.extend(ROLES);
    evaluate.extend(ROLES);
    if given {
        map.extend(["--given-mentions", "toponyms"]);
        evaluate.push("--given-mentions");
    }
    if all_types {
        evaluate.push("--all-types");
    }
    let run = mentionmap(&map);
    assert_eq!(run.code, 0, "{}", run.err);
    let ours: Value = serde_json::from_str(&mentionmap(&evaluate).out).unwrap();
    let theirs = score(&scorer, gold, layer, all_types);
    assert_eq!(keys(&theirs), keys(&ours[corpus]));
    compare(corpus, &theirs, &ours[corpus]);
    compare("pooled", &theirs, &ours["pooled"]);
}

fn score(scorer: &Path, gold: &str, layer: &str, all_types: bool) -> Value {
    let mut command = Command::new("python3");
    command.arg(scorer).args([gold, layer, "--json"]);
    if all_types {
        command.arg("--all-types");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

fn compare(at: &str, theirs: &Value, ours: &Value) {
    match theirs {
        Value::Object(members) => {
            for (key, value) in members {
                compare(&format!("{at}.{key}"), value, &ours[key]);
            }
        }
        Value::Number(number) if number.is_f64() => {
            let (theirs, ours) = (number.as_f64().unwrap(), ours.as_f64().unwrap_or_else(|| panic!("{at}: {ours}")));
            assert!((theirs - ours).abs() < 0.0005, "{at}: {theirs} by score.py, {ours} by us");
        }
        _ => assert_eq!(theirs, ours, "{at}"),
    }
}

#[test]
fn agrees_on_geowebnews() {
    agree("gwn", false, false);
}

#[test]
fn agrees_on_all_types() {
    agree("gwn", false, true);
}

/// Toponyms without coordinates, several tolerances, other alphabets.
#[test]
fn agrees_on_given_mentions_and_other_corpora() {
    agree("lgl", true, false);
    agree("tud", false, false);
    agree("idrisi_ar", false, false);
}

#[test]
fn figures_of_nothing_are_no_division_by_zero() {
    let folder = tempfile::tempdir().unwrap();
    let gold = folder.path().join("none.jsonl");
    std::fs::write(&gold, "{\"id\": 1, \"text\": \"Nothing here.\", \"toponyms\": []}\n").unwrap();
    let run = mentionmap(&["evaluate", "--json", gold.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.err);
    let figures: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(figures["none"]["end_to_end"]["f1"], 0.0);
    assert!(figures["none"]["resolution"]["median_km"].is_null());
}
