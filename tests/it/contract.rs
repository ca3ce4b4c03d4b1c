//! The contract of what is written: names and order of properties, weights, ids, coordinates, offsets.

use crate::support::{collection, id, lines, mentionmap, mentionmap_in, number, root, text};
use geojson::{Feature, GeometryValue};
use std::collections::{BTreeMap, BTreeSet};

const SAMPLES: [&str; 2] = ["examples/articles", "examples/articles.jsonl"];

fn samples(options: &[&str]) -> Vec<Feature> {
    let arguments: Vec<&str> = ["map", "-q"].iter().chain(&SAMPLES).chain(options).copied().collect();
    let features = mentionmap(&arguments).features();
    assert!(features.len() > 50, "{} features", features.len());
    features
}

fn names(feature: &Feature) -> Vec<&str> {
    feature.properties.as_ref().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn properties_have_these_names_in_this_order() {
    for (options, expected) in [
        (
            &["--per", "article"][..],
            "article title date url source place_id place country admin1 feature mentions weight confidence names first_offset focus",
        ),
        (
            &["--per", "place"],
            "place_id place country admin1 feature mentions articles weight names first_date last_date",
        ),
        (
            &["--per", "mention"],
            "article field start end name role place_id place country admin1 feature confidence runner_up margin why",
        ),
        (
            &["--per", "mention", "--sentences"],
            "article field start end name role sentence place_id place country admin1 feature confidence runner_up margin why",
        ),
    ] {
        let expected: Vec<&str> = expected.split(' ').collect();
        for feature in samples(options) {
            assert_eq!(names(&feature), expected, "{options:?}");
        }
    }
    // Also where nothing is known of a mention.
    let unplaced = samples(&["--per", "mention", "--min-confidence", "1"]);
    assert_eq!(names(&unplaced[0]), names(&samples(&["--per", "mention"])[0]));
}

#[test]
fn one_feature_per_article_and_place_is_the_default() {
    assert_eq!(samples(&[]), samples(&["--per", "article"]));
}

#[test]
fn properties_are_flat_and_of_one_type_each() {
    let types = |value: &serde_json::Value| match value {
        serde_json::Value::String(_) => "text",
        serde_json::Value::Number(n) if n.is_u64() => "whole",
        serde_json::Value::Number(_) => "real",
        serde_json::Value::Bool(_) => "boolean",
        other => panic!("nested or of an odd type: {other}"),
    };
    for per in ["article", "place", "mention"] {
        let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for feature in samples(&["--per", per]) {
            for (name, value) in feature.properties.unwrap().into_iter().filter(|(_, value)| !value.is_null()) {
                seen.entry(name).or_default().insert(types(&value));
            }
        }
        for (name, types) in seen {
            let expected = match name.as_str() {
                "mentions" | "articles" | "first_offset" | "start" | "end" => "whole",
                "weight" | "confidence" | "margin" => "real",
                "focus" => "boolean",
                _ => "text",
            };
            // GDAL and QGIS take a column for whole numbers when its first value has no decimals.
            assert_eq!(Vec::from_iter(types), [expected], "--per {per}: {name}");
        }
    }
}

#[test]
fn weights_are_shares_of_the_articles_mentions() {
    check_weights(samples(&[]));
    // Mentions that are not placed have no share.
    check_weights(samples(&["--min-confidence", "0.9"]));
}

fn check_weights(features: Vec<Feature>) {
    let mut articles: BTreeMap<String, Vec<Feature>> = BTreeMap::new();
    for feature in features {
        articles.entry(text(&feature, "article").to_owned()).or_default().push(feature);
    }
    assert!(articles.len() >= 12);
    for (article, features) in &articles {
        let all: f64 = features.iter().map(|f| number(f, "mentions")).sum();
        let sum: f64 = features.iter().map(|f| number(f, "weight")).sum();
        assert!((sum - 1.0).abs() < 1e-6 * features.len() as f64, "{article}: weights sum to {sum}");
        for feature in features {
            let share = number(feature, "mentions") / all;
            assert!(
                (number(feature, "weight") - share).abs() < 1e-6,
                "{article}: {} instead of {share}",
                number(feature, "weight")
            );
        }
        assert!(features.is_sorted_by(|a, b| number(a, "weight") >= number(b, "weight")), "{article}: not by weight");
    }
}

#[test]
fn places_add_their_articles_up() {
    let mut expected: BTreeMap<String, (f64, f64, f64)> = BTreeMap::new();
    for feature in samples(&[]) {
        let sums = expected.entry(text(&feature, "place_id").to_owned()).or_default();
        *sums = (sums.0 + number(&feature, "mentions"), sums.1 + 1.0, sums.2 + number(&feature, "weight"));
    }
    let places = samples(&["--per", "place"]);
    assert_eq!(places.len(), expected.len());
    for place in &places {
        let (mentions, articles, weight) = expected[text(place, "place_id")];
        assert_eq!((number(place, "mentions"), number(place, "articles")), (mentions, articles), "{}", id(place));
        assert!(
            (number(place, "weight") - weight).abs() < 1e-5,
            "{}: {} instead of {weight}",
            id(place),
            number(place, "weight")
        );
    }
    assert!(places.is_sorted_by(|a, b| number(a, "weight") >= number(b, "weight")));
    assert!(places.iter().any(|place| number(place, "articles") > 2.0), "the samples share places");
}

#[test]
fn articles_count_their_mentions() {
    let mut expected: BTreeMap<(String, String), f64> = BTreeMap::new();
    for mention in samples(&["--per", "mention"]).iter().filter(|mention| mention.geometry.is_some()) {
        *expected.entry((text(mention, "article").to_owned(), text(mention, "place_id").to_owned())).or_default() +=
            1.0;
    }
    let found: BTreeMap<(String, String), f64> = samples(&[])
        .iter()
        .map(|f| ((text(f, "article").to_owned(), text(f, "place_id").to_owned()), number(f, "mentions")))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn places_span_the_dates_of_their_articles() {
    let articles = "{\"id\": 1, \"date\": \"2019-03-23\", \"text\": \"Rain fell in Latvia.\"}\n{\"id\": 2, \"date\": \"2017-10-17\", \"text\": \"Snow fell in Latvia.\"}\n{\"id\": 3, \"text\": \"Hail fell in Latvia.\"}\n";
    let run = mentionmap_in(&root(), &["map", "-", "--per", "place"], articles);
    let features = run.features();
    assert_eq!(features.len(), 1);
    assert_eq!((text(&features[0], "first_date"), text(&features[0], "last_date")), ("2017-10-17", "2019-03-23"));
    assert_eq!(number(&features[0], "articles"), 3.0);
}

#[test]
fn ids_are_unique_and_do_not_depend_on_the_other_input() {
    for per in ["article", "place", "mention"] {
        let all = samples(&["--per", per]);
        let ids: BTreeSet<&str> = all.iter().map(id).collect();
        assert_eq!(ids.len(), all.len(), "--per {per}");
        let alone = mentionmap(&["map", "-q", "--per", per, "examples/articles/13-derna-flood.txt"]).features();
        assert!(!alone.is_empty() && alone.iter().all(|feature| ids.contains(id(feature))), "--per {per}");
    }
    let feature = &samples(&["--per", "place"])[0];
    assert_eq!(id(feature), text(feature, "place_id"));
}

#[test]
fn place_ids_have_a_source() {
    for feature in samples(&["--per", "place"]) {
        let place_id = text(&feature, "place_id");
        match place_id.split_once(':') {
            Some(("geonames", number)) => assert!(number.parse::<u32>().is_ok_and(|n| n > 0), "{place_id}"),
            Some(("custom", rest)) => assert!(!rest.is_empty()),
            _ => panic!("{place_id}"),
        }
        let class = text(&feature, "feature");
        assert!(
            class.len() > 2 && class.as_bytes()[1] == b'.' && b"AHLPRSTUV".contains(&class.as_bytes()[0]),
            "{place_id}: {class}"
        );
        if let Some(country) = feature.property("country").unwrap().as_str() {
            assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()), "{place_id}: {country}");
        }
    }
}

#[test]
fn coordinates_have_five_decimals_and_the_envelope_holds_them() {
    let run = mentionmap(&["map", "-q", "examples/articles"]);
    let layer = collection(&run.out);
    let mut envelope = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for feature in &layer.features {
        let Some(GeometryValue::Point { coordinates }) = feature.geometry.as_ref().map(|g| &g.value) else {
            panic!("no point: {feature:?}")
        };
        let &[x, y] = coordinates.as_slice() else { panic!("{coordinates:?}") };
        assert!((-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y), "{x} {y}");
        envelope = [envelope[0].min(x), envelope[1].min(y), envelope[2].max(x), envelope[3].max(y)];
    }
    assert_eq!(layer.bbox, Some(envelope.to_vec()));
    // As written, not as parsed.
    for part in run.out.split("\"coordinates\":[").skip(1) {
        for degrees in part.split(']').next().unwrap().split(',') {
            let decimals = degrees.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            assert!(decimals <= 5 && !degrees.contains('e'), "{degrees}");
        }
    }
}

#[test]
fn the_collection_credits_its_sources() {
    let layer = collection(&mentionmap(&["map", "-q", "examples/articles"]).out);
    let members = layer.foreign_members.unwrap();
    assert_eq!(members["name"], "mentionmap");
    assert!(members["attribution"].as_str().unwrap().contains("GeoNames"));
    assert_eq!(members["gazetteer"].as_str().unwrap().len(), 32);
    // RFC 7946 has done away with it, and readers differ about what it means.
    assert!(!members.contains_key("crs"));
}

#[test]
fn offsets_count_code_points() {
    let source = std::fs::read_to_string(root().join("examples/articles.jsonl")).unwrap();
    let articles: BTreeMap<String, serde_json::Value> = source
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|a| (a["id"].as_str().unwrap().to_owned(), a))
        .collect();
    let run = mentionmap(&["map", "-q", "examples/articles.jsonl", "--per", "mention", "--sentences"]);
    let mentions = run.features();
    for mention in &mentions {
        let field: Vec<char> =
            articles[text(mention, "article")][text(mention, "field")].as_str().unwrap().chars().collect();
        let span: String = field[number(mention, "start") as usize..number(mention, "end") as usize].iter().collect();
        assert_eq!(span, text(mention, "name"));
        assert!(text(mention, "sentence").contains(&span), "{}", id(mention));
    }
    assert!(mentions.iter().any(|mention| !text(mention, "name").is_ascii()), "the samples are not all ASCII");
    assert!(mentions.iter().any(|mention| text(mention, "field") == "title"));
    let first = mentionmap(&["map", "-q", "examples/articles.jsonl"]).features();
    for place in &first {
        let on = |m: &&Feature| {
            m.property("place_id") == place.property("place_id") && m.property("article") == place.property("article")
        };
        let mention = mentions.iter().find(on).unwrap();
        assert_eq!(place.property("first_offset"), mention.property("start"), "{}", id(place));
        assert!(text(place, "names").starts_with(text(mention, "name")), "{}", id(place));
    }
}

#[test]
fn a_mention_that_cannot_be_placed_keeps_a_null_geometry() {
    let placed = samples(&["--per", "mention"]);
    let unplaced = samples(&["--per", "mention", "--min-confidence", "1"]);
    assert_eq!(placed.len(), unplaced.len());
    assert!(unplaced.iter().all(|m| m.geometry.is_none() && m.property("place_id").unwrap().is_null()));
    let run = mentionmap(&["map", "examples/articles", "--min-confidence", "1"]);
    assert!(run.features().is_empty());
    assert!(run.err.contains("(0 placed"), "counted: {}", run.err);
}

#[test]
fn explanations_are_codes() {
    for mention in samples(&["--per", "mention"]).iter().filter(|m| m.geometry.is_some()) {
        assert!((0.0..=1.0).contains(&number(mention, "confidence")));
        let why = text(mention, "why");
        assert!(why.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_:|".contains(&b)), "{why}");
        match mention.property("runner_up").unwrap().as_str() {
            Some(runner_up) => {
                assert!(runner_up.contains("(geonames:") || runner_up.contains("(custom:"), "{runner_up}");
            }
            None => assert!(mention.property("margin").unwrap().is_null()),
        }
    }
}

#[test]
fn one_feature_a_line_and_text_sequences() {
    let whole = mentionmap(&["map", "-q", "examples/articles"]).features();
    let each = mentionmap(&["map", "-q", "examples/articles", "-f", "geojsonl"]).out;
    assert!(!each.contains('\u{1E}') && each.ends_with('\n'));
    assert_eq!(lines(&each), whole);
    let sequence = mentionmap(&["map", "-q", "examples/articles", "-f", "geojsonseq"]).out;
    for record in sequence.split_inclusive('\n') {
        assert!(record.starts_with('\u{1E}') && record.matches('\u{1E}').count() == 1, "{record}");
    }
    assert_eq!(lines(&sequence), whole);
}
