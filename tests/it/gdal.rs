//! GDAL reads what we write, in every format the same: features, places, fields, types and values.

use crate::support::{mentionmap, mentionmap_in, number, tool};
use geojson::{Feature, FeatureCollection, GeometryValue, JsonValue};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What ogrinfo says of a layer.
fn ogrinfo(layer: &Path) -> Option<String> {
    let mut command = Command::new("ogrinfo");
    let output = tool("ogrinfo", command.args(["-ro", "-so", "-al"]).args(KML_NAMES).arg(layer))?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("ERROR") && !said.contains("Warning"), "{said}");
    Some(said)
}

/// GDAL takes some fields of KML for its own, by their names: here they get others.
const KML_NAMES: [&str; 6] = ["--config", "LIBKML_NAME_FIELD", "kml_name", "--config", "LIBKML_END_FIELD", "kml_end"];

/// GDAL 3.6 reads the end of a text sequence together with what its buffer held before, and fails on the last record when
/// that begins with a slash: then some white space follows here.
fn past_stale_bytes(file: &Path) {
    const BUFFER: usize = 40_960;
    let mut bytes = std::fs::read(file).unwrap();
    let length = bytes.len();
    while bytes.len().checked_sub(BUFFER).is_some_and(|at| bytes[at] == b'/') {
        bytes.push(b'\n');
    }
    if bytes.len() > length {
        std::fs::write(file, bytes).unwrap();
    }
}

/// A layer as GDAL understands it, turned to GeoJSON.
fn as_geojson(file: &Path, table: &str) -> Option<Vec<Feature>> {
    if file.extension().is_some_and(|e| e == "geojsons") {
        past_stale_bytes(file);
    }
    let mut command = Command::new("ogr2ogr");
    command.args(["-f", "GeoJSON", "/vsistdout/"]).args(KML_NAMES).arg(file);
    if file.extension().is_some_and(|e| e == "gpkg" || e == "kml") {
        command.arg(table);
    }
    let output = tool("ogr2ogr", &mut command)?;
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !err.contains("ERROR"), "{}: {err}", file.display());
    let collection: FeatureCollection = serde_json::from_slice(&output.stdout).unwrap();
    Some(collection.features)
}

/// Formats that hold values of their own types, and those that GDAL reads.
const TYPED: [&str; 4] = ["csv", "gpkg", "fgb", "kml"];
const READ: [&str; 6] = ["geojsonl", "geojsons", "csv", "gpkg", "fgb", "kml"];

/// Articles with all that breaks formats, beside what they usually have.
fn hostile(folder: &Path) {
    let long = "Very long. ".repeat(10_000);
    let titles = [
        "Rain in Paris",
        "<script>alert('Paris')</script> & <b>bold</b> ]]> <!-- Paris -->",
        "\"Paris\", 'said' `she`; \\\"no\\\" — and, so, on",
        "Two\nlines\r\nand\ta tab",
        "=HYPERLINK(\"http://example.org\",\"Paris\")",
        "'=1+1",
        "+1",
        "@SUM(A1:A9)",
        "أخبار من باريس ‏(عاجل)‎",
        "Paris 🗼🇫🇷 👩‍👩‍👧",
        long.trim_end(),
        "; DROP TABLE places; --",
        "{{7*7}} ${7*7} [% 7*7 %] %s %n",
    ];
    let dates = ["2020-03-03", "2021-12-31T23:59:59Z", "2019-07-01T08:30:00+02:00", "Tue, 3 Mar 2020 10:00:00 GMT"];
    let texts = [
        "Rain fell in Paris, France, and in Lyon. Paris was wet.",
        "From Suva in Fiji the ship went to Apia in Samoa and on to Auckland.",
        "Flights left Longyearbyen for Antarctica and for Ushuaia, Argentina.",
    ];
    let lines: Vec<String> = titles
        .iter()
        .enumerate()
        .map(|(i, title)| {
            let (date, text) = (dates[i % dates.len()], texts[i % texts.len()]);
            serde_json::json!({"id": format!("{i}, \"quoted\" <id>"), "title": title, "date": date, "text": text,
                "url": format!("https://example.org/?a={i}&b=<c>"), "source": "=1+1"})
            .to_string()
        })
        .collect();
    std::fs::write(folder.join("hostile.jsonl"), lines.join("\n")).unwrap();
}

/// A property in the one form in which formats are compared: what is empty is null, dates are seconds.
fn comparable(name: &str, value: &JsonValue, csv: bool) -> JsonValue {
    match value {
        JsonValue::String(text) if text.is_empty() => JsonValue::Null,
        JsonValue::String(text) if name.ends_with("date") => date(text).into(),
        // An apostrophe before what a spreadsheet would take for a formula is taken off again.
        JsonValue::String(text) if csv => match text.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']) => rest.into(),
            _ => value.clone(),
        },
        JsonValue::Number(number) => number.as_f64().into(),
        // Formats without yes and no have one and zero.
        JsonValue::Bool(said) => f64::from(u8::from(*said)).into(),
        _ => value.clone(),
    }
}

/// A date of any form that GDAL writes, as "2020-03-03T10:00:00" in UTC.
fn date(text: &str) -> String {
    let text = text.replace('/', "-").replace(' ', "T").replace("+00:00", "").replace("+00", "");
    let text = text.trim_end_matches('Z').trim_end_matches(".000");
    match text {
        _ if text.len() == 10 => format!("{text}T00:00:00"),
        // The one date with an offset.
        _ if text.starts_with("2019-07-01T08:30:00+02") => "2019-07-01T06:30:00".into(),
        _ => text.into(),
    }
}

fn id(feature: &Feature) -> String {
    match (&feature.id, feature.property("id")) {
        (_, Some(JsonValue::String(id))) | (Some(geojson::feature::Id::String(id)), _) => id.clone(),
        other => panic!("{other:?}"),
    }
}

fn at(feature: &Feature) -> Option<[f64; 2]> {
    match &feature.geometry.as_ref()?.value {
        GeometryValue::Point { coordinates } if coordinates.as_slice().is_empty() => None,
        GeometryValue::Point { coordinates } => Some([coordinates.as_slice()[0], coordinates.as_slice()[1]]),
        other => panic!("{other:?}"),
    }
}

/// Maps the hostile articles and the samples to every format, and reads all back with GDAL.
fn same_in_every_format(per: &str, table: &str, options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    hostile(folder.path());
    let map = |name: &str, extension: &str| {
        let file = folder.path().join(format!("{name}.{extension}"));
        let hostile = folder.path().join("hostile.jsonl");
        let mut arguments = vec!["map", "-q", "--style", "--per", per, hostile.to_str().unwrap(), "examples/articles"];
        arguments.extend(["-o", file.to_str().unwrap()]);
        arguments.extend(options);
        let run = mentionmap(&arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{extension}");
        file
    };
    let ours: FeatureCollection = serde_json::from_slice(&std::fs::read(map("reference", "geojson")).unwrap()).unwrap();
    let reference: BTreeMap<String, &Feature> = ours.features.iter().map(|f| (id(f), f)).collect();
    assert!(reference.len() > 100 && reference.len() == ours.features.len());
    for extension in std::iter::once("geojson").chain(READ) {
        let file = map("layer", extension);
        let Some(features) = as_geojson(&file, table) else { return };
        assert_eq!(features.len(), reference.len(), "{extension}");
        for feature in &features {
            let id = match id(feature) {
                id if extension == "csv" => comparable("id", &id.into(), true).as_str().unwrap().to_owned(),
                id => id,
            };
            let expected = reference.get(&id).unwrap_or_else(|| panic!("{extension}: no {id}"));
            match (at(feature), at(expected)) {
                (Some(here), Some(there)) => {
                    let near = here.iter().zip(there).all(|(a, b)| (a - b).abs() < 1e-9);
                    assert!(near, "{extension}: {id}: {here:?} and {there:?}");
                }
                (here, there) => assert_eq!(here.is_some(), there.is_some(), "{extension}: {id}"),
            }
            for (name, value) in expected.properties.as_ref().unwrap() {
                let there = feature.property(name).unwrap_or(&JsonValue::Null);
                let (a, b) = (comparable(name, value, false), comparable(name, there, extension == "csv"));
                // XML has one kind of line break only, and GDAL makes one of all in CSV.
                let same = a == b || ["csv", "kml"].contains(&extension) && line_breaks(&a) == line_breaks(&b);
                assert!(same, "{extension}: {id}: {name} is {b}, not {a}");
            }
        }
    }
}

fn line_breaks(value: &JsonValue) -> Option<String> {
    value.as_str().map(|text| text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[test]
fn articles_are_the_same_in_every_format() {
    same_in_every_format("article", "places", &["--simplestyle"]);
}

#[test]
fn places_are_the_same_in_every_format() {
    same_in_every_format("place", "places", &[]);
}

/// Some of them are nowhere.
#[test]
fn mentions_are_the_same_in_every_format() {
    same_in_every_format("mention", "mentions", &["--sentences", "--min-confidence", "0.5"]);
}

#[test]
fn csv_is_the_same_with_well_known_text() {
    let folder = tempfile::tempdir().unwrap();
    let (points, text) = (folder.path().join("points.csv"), folder.path().join("text.csv"));
    for (file, wkt) in [(&points, None), (&text, Some("--wkt"))] {
        let mut arguments = vec!["map", "-q", "--style", "examples/articles", "-o", file.to_str().unwrap()];
        arguments.extend(wkt);
        assert_eq!(mentionmap(&arguments).code, 0);
    }
    let (Some(points), Some(text)) = (as_geojson(&points, ""), as_geojson(&text, "")) else { return };
    assert!(points.len() > 100 && points.len() == text.len());
    assert!(points.iter().zip(&text).all(|(a, b)| at(a).is_some() && at(a) == at(b) && id(a) == id(b)));
}

#[test]
fn fields_have_their_types() {
    let folder = tempfile::tempdir().unwrap();
    hostile(folder.path());
    for (per, fields) in [
        (
            "article",
            &["article: String", "date: DateTime", "mentions: Integer", "weight: Real", "confidence: Real"][..],
        ),
        ("place", &["weight: Real", "articles: Integer", "first_date: DateTime", "last_date: DateTime"]),
        ("mention", &["start: Integer", "end: Integer", "confidence: Real", "margin: Real", "why: String"]),
    ] {
        for extension in std::iter::once("geojson").chain(READ) {
            let file = format!("{per}.{extension}");
            let arguments = ["map", "-q", "--style", "--per", per, "hostile.jsonl", "-o", &file];
            assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 0);
            let Some(said) = ogrinfo(&folder.path().join(&file)) else { return };
            // KML has no dates but its time stamps.
            for field in fields.iter().filter(|f| !(extension == "kml" && f.ends_with("DateTime"))) {
                // "Integer64" and "Real (0.0)" are meant too.
                assert!(said.contains(&format!("\n{field}")), "{file}: no {field:?} in\n{said}");
            }
            if extension == "kml" {
                assert!(per == "mention" || said.contains("timestamp: DateTime"), "{said}");
            } else {
                assert!(said.contains("Geometry: Point\n"), "{file}: {said}");
            }
            assert!(said.contains("4326") || said.contains("WGS 84"), "{file}: {said}");
        }
    }
}

/// An article with one place has a weight that is a whole number: still real.
#[test]
fn a_weight_of_one_is_real() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain fell in Latvia.").unwrap();
    for extension in std::iter::once("geojson").chain(READ) {
        let file = format!("map.{extension}");
        assert_eq!(mentionmap_in(folder.path(), &["map", "-q", "--style", "a.txt", "-o", &file], "").code, 0);
        let Some(said) = ogrinfo(&folder.path().join(&file)) else { return };
        assert!(said.contains("weight: Real (") && said.contains("Feature Count: 1\n"), "{said}");
    }
    let text = std::fs::read_to_string(folder.path().join("map.geojson")).unwrap();
    assert_eq!(number(&crate::support::collection(&text).features[0], "weight"), 1.0);
}

/// Nothing found is a layer without features, with all its fields where the format keeps them apart.
#[test]
fn an_empty_result_is_a_layer() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Nothing happened, and nobody was there.").unwrap();
    for per in ["article", "place", "mention"] {
        for extension in std::iter::once("geojson").chain(TYPED) {
            let file = format!("{per}.{extension}");
            let arguments = ["map", "-q", "--style", "--per", per, "a.txt", "-o", &file];
            assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 0);
            let Some(said) = ogrinfo(&folder.path().join(&file)) else { return };
            assert!(said.contains("Feature Count: 0\n"), "{file}: {said}");
            if !["geojson", "kml"].contains(&extension) {
                let field = if per == "mention" { "confidence: Real" } else { "weight: Real" };
                assert!(said.contains(field) && said.contains("Geometry: Point"), "{file}: {said}");
            }
        }
    }
}

/// Source, license, gazetteer and options are told by the layer itself.
#[test]
fn gdal_sees_the_metadata() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain fell in Latvia.").unwrap();
    assert_eq!(mentionmap_in(folder.path(), &["map", "-q", "a.txt", "-o", "map.gpkg"], "").code, 0);
    let Some(said) = ogrinfo(&folder.path().join("map.gpkg")) else { return };
    for fact in
        ["attribution=GeoNames", "license=CC BY 4.0", "gazetteer=", "options=--per article", "generator=mention"]
    {
        assert!(said.contains(fact), "no {fact} in\n{said}");
    }
}

/// A GeoPackage holds mentions and articles too, when asked; its index finds what its table has.
#[test]
fn a_geopackage_holds_three_tables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.gpkg");
    let arguments = ["map", "-q", "--per", "place", "--with", "mentions,articles", "examples/articles", "-o"];
    let mut arguments = arguments.to_vec();
    arguments.push(file.to_str().unwrap());
    assert_eq!(mentionmap(&arguments).code, 0);
    let Some(said) = ogrinfo(&file) else { return };
    for name in ["places", "mentions", "articles"] {
        assert!(said.contains(&format!("Layer name: {name}\n")), "{said}");
    }
    let Some(mentions) = as_geojson(&file, "mentions") else { return };
    assert!(mentions.len() > 100 && mentions.iter().all(|m| m.property("sentence").is_some_and(JsonValue::is_string)));
    // GDAL asks the spatial index here, and no triggers or functions are missing when a user edits.
    let mut command = Command::new("ogrinfo");
    command.args(["-so", "-spat", "35", "33", "43", "38"]).arg(&file).arg("places");
    let Some(output) = tool("ogrinfo", &mut command) else { return };
    let near = String::from_utf8_lossy(&output.stdout).into_owned();
    let count = near.lines().find_map(|l| l.strip_prefix("Feature Count: ")).unwrap().parse::<usize>().unwrap();
    let Some(places) = as_geojson(&file, "places") else { return };
    let within = |[x, y]: [f64; 2]| (35.0..=43.0).contains(&x) && (33.0..=38.0).contains(&y);
    assert_eq!(count, places.iter().filter_map(at).filter(|&p| within(p)).count());
    assert!(count > 5);
    let edit = "UPDATE places SET geom = NULL WHERE fid = 1";
    let Some(output) = tool("ogrinfo", Command::new("ogrinfo").args(["-sql", edit]).arg(&file)) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
