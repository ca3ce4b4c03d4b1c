//! `mentionmap gazetteer info`, `lookup` and `near`.

use crate::support::{Run, mentionmap, mentionmap_in, root};
use serde_json::Value;

fn run(arguments: &[&str]) -> Run {
    mentionmap(&[&["gazetteer"], arguments].concat())
}

/// The objects of a run that went well.
fn objects(arguments: &[&str]) -> Vec<Value> {
    let run = run(&[arguments, &["--json"]].concat());
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Where each column starts, by its heading, in a table whose cells hold no two spaces in a row.
fn column<'t>(table: &'t str, heading: &str) -> Vec<&'t str> {
    let mut lines = table.lines().map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()));
    let at = lines.next().unwrap().position(|cell| cell == heading).unwrap();
    lines.map(|mut cells| cells.nth(at).unwrap()).collect()
}

#[test]
fn info_tells_counts_sources_and_whom_to_credit() {
    let info = objects(&["info"]).remove(0);
    let sum = |what: &str| info[what].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("levels"), info["places"].as_u64().unwrap());
    assert_eq!(sum("classes"), info["places"].as_u64().unwrap());
    assert!(info["countries"].as_u64().unwrap() > 190 && info["bytes"].as_u64().unwrap() > 1_000_000);
    assert!(info["format"].is_u64());
    let text = run(&["info"]).out;
    for told in [info["attribution"].as_str().unwrap(), info["hash"].as_str().unwrap(), "countries and territories"] {
        assert!(text.contains(told), "{told}");
    }
    for source in info["sources"].as_array().unwrap() {
        for told in ["name", "version", "license", "url"] {
            assert!(text.contains(source[told].as_str().unwrap()), "{source}");
        }
    }
}

/// Where the embedded gazetteer's data comes from is said in the same words in three places.
#[test]
fn sources_and_credits_agree_everywhere() {
    let info = objects(&["info"]).remove(0);
    let readme = std::fs::read_to_string(root().join("data/README.md")).unwrap();
    for source in info["sources"].as_array().unwrap() {
        let told = |what: &str| source[what].as_str().unwrap();
        if told("url").starts_with("https") {
            let row = format!("| [{}]({})", told("name"), told("url"));
            assert!(readme.contains(&row), "{row}");
        }
        for license in ["CC BY 4.0", "Unicode-3.0", "public domain", "SCOWL", "MIT"] {
            assert!(!told("license").contains(license) || readme.contains(license), "{license}");
        }
    }
    let layer = mentionmap_in(&root(), &["map", "-q"], "Rain fell in Latvia.\n");
    let layer: Value = serde_json::from_str(&layer.out).unwrap();
    assert_eq!(layer["attribution"], info["attribution"]);
    for credit in ["GeoNames", "CC BY 4.0", "Unicode License v3", "airportsdata, MIT"] {
        assert!(info["attribution"].as_str().unwrap().contains(credit), "{credit}");
    }
}

#[test]
fn lookup_tells_how_the_name_matched() {
    let raqqa = objects(&["lookup", "Raqqa"]);
    let city = raqqa.iter().find(|place| place["place_id"] == "geonames:172955").unwrap();
    assert_eq!((&city["country"], &city["matched"]), (&"SY".into(), &"raqqa".into()));
    assert!(city.get("distance").is_none());
    for (name, kind) in
        [("Syrians", "demonym"), ("Ky.", "abbreviation"), ("Mosul", "official"), ("Deir al-Zour", "alternate")]
    {
        assert!(objects(&["lookup", name]).iter().any(|place| place["name_kind"] == kind), "{name}");
    }
    let decimals = |place: &Value, name: &str| place[name].to_string().split_once('.').map_or(0, |(_, d)| d.len());
    for place in &raqqa {
        assert!(decimals(place, "latitude") <= 5 && decimals(place, "radius_km") <= 1, "{place}");
    }
    let table = run(&["lookup", "Raqqa"]).out;
    assert_eq!(table.lines().count(), raqqa.len() + 1);
    assert!(column(&table, "id").contains(&"geonames:172955"));
}

#[test]
fn lookup_proposes_names_spelled_alike() {
    let missing = run(&["lookup", "Kharkhiv"]);
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert!(missing.err.contains("no place is called Kharkhiv; did you mean Kharkiv (UA)"), "{}", missing.err);
    assert_eq!(run(&["lookup", "Xqzzyw"]).err, "mentionmap: no place is called Xqzzyw\n");
    let close = objects(&["lookup", "--fuzzy", "Kharkhiv"]);
    assert_eq!((&close[0]["matched"], &close[0]["distance"]), (&"kharkiv".into(), &1.into()));
    let known = objects(&["lookup", "--fuzzy", "Berlin"]);
    let distances: Vec<u64> = known.iter().map(|place| place["distance"].as_u64().unwrap()).collect();
    assert!(distances[0] == 0 && distances.is_sorted() && *distances.last().unwrap() == 1, "{distances:?}");
}

#[test]
fn near_takes_points_as_people_write_them() {
    let nearest = objects(&["near", "35.95,39.01", "--class", "P", "--count", "1"]);
    assert_eq!(nearest[0]["place_id"], "geonames:172955");
    assert!(nearest[0]["km"].as_f64().unwrap() < 1.0);
    for point in [&["35.95", "39.01"][..], &["35.95 N 39.01 E"], &["35.95N", "39.01E"], &["39°0.6′E 35°57′N"]] {
        assert_eq!(objects(&[&["near", "--class=p", "--count=1"], point].concat()), nearest, "{point:?}");
        assert_eq!(objects(&[&["near"], point, &["--class", "P", "--count", "1"]].concat()), nearest, "{point:?}");
    }
    for point in [&["-33.92,18.42"][..], &["-33.92", "18.42"], &["-33.92,", "18.42"], &["33.92 S 18.42 E"]] {
        assert_eq!(objects(&[&["near"], point].concat())[0]["country"], "ZA", "{point:?}");
    }
    for point in [&["95,10"][..], &["Raqqa"], &["1", "2", "3"], &[]] {
        assert_eq!(run(&[&["near"], point].concat()).code, 2, "{point:?}");
    }
}

#[test]
fn near_keeps_to_its_limits() {
    let within = objects(&["near", "35.95,39.01", "--within", "50", "--min-population", "10000", "--class", "P,A"]);
    assert!(!within.is_empty());
    for place in &within {
        assert!(place["km"].as_f64().unwrap() <= 50.0 && place["population"].as_u64().unwrap() >= 10_000, "{place}");
        assert!(["P", "A"].contains(&&place["feature"].as_str().unwrap()[..1]), "{place}");
    }
    assert!(within.is_sorted_by_key(|place| (place["km"].as_f64().unwrap() * 1000.0) as u64));
    assert_eq!(objects(&["near", "0,0"]).len(), 10);
    // Far from everything is an answer, not bad usage.
    let nothing = run(&["near", "-48.9,-123.4", "--class", "P", "--within", "100"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
    let table = run(&["near", "39.9", "116.4", "--count", "5"]).out;
    assert_eq!(column(&table, "km").len(), 5);
}
