//! Still maps: whatever the places are, a drawing that can be read.

use crate::support::{mentionmap, mentionmap_in};
use geojson::Feature;
use mentionmap::write::{Format, LayerInfo, layer};
use serde_json::json;

fn feature(name: &str, longitude: f64, latitude: f64, weight: f64) -> Feature {
    let properties = json!({"place_id": format!("custom:{name}"), "place": name, "feature": "P.PPL", "weight": weight});
    let point = json!({"type": "Point", "coordinates": [longitude, latitude]});
    serde_json::from_value(json!({"type": "Feature", "geometry": point, "properties": properties})).unwrap()
}

fn draw(format: Format, title: &str, features: &[Feature]) -> Vec<u8> {
    let info = LayerInfo { title: Some(title.into()), attribution: "GeoNames".into(), ..LayerInfo::default() };
    let mut bytes = Vec::new();
    let mut still = layer(format, &mut bytes, info).unwrap();
    for feature in features {
        still.write(feature).unwrap();
    }
    still.finish().unwrap();
    drop(still);
    bytes
}

fn svg(title: &str, features: &[Feature]) -> String {
    String::from_utf8(draw(Format::Svg, title, features)).unwrap()
}

/// Center and radius of the circles of places, in drawing order.
fn circles(drawing: &str) -> Vec<[f64; 3]> {
    let value = |tag: &str, name: &str| -> f64 {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let tags = drawing.split("<circle class=\"").skip(1).filter(|t| t.starts_with("place") || t.starts_with("area"));
    tags.map(|t| ["cx", "cy", "r"].map(|name| value(t, name))).collect()
}

#[test]
fn areas_of_circles_are_in_proportion_to_weights() {
    let drawing = svg("Weights", &[feature("A", 39.0, 36.0, 4.0), feature("B", 40.0, 36.5, 1.0)]);
    let circles = circles(&drawing);
    assert_eq!(circles.len(), 2);
    assert!((circles[0][2] / circles[1][2] - 2.0).abs() < 0.02, "{circles:?}");
    assert!(circles[0][0] < circles[1][0] && circles[0][1] > circles[1][1], "east is right, north is up: {circles:?}");
}

#[test]
fn every_place_is_on_the_sheet() {
    let sets: [&[(f64, f64)]; 8] = [
        &[(39.0, 35.95)],
        &[(179.9, -16.8), (-179.9, -17.2)],
        &[(0.0, 90.0), (40.0, 85.0)],
        &[(0.0, -90.0), (166.7, -77.8)],
        &[(-180.0, 0.0), (180.0, 1.0), (0.0, 90.0), (0.0, -90.0)],
        &[(2.3, 48.9), (-74.0, 40.7), (139.7, 35.7), (151.2, -33.9)],
        &[(-58.4, -34.6), (-70.7, -33.4)],
        &[(39.0, 35.95), (39.0, 35.95)],
    ];
    for set in sets {
        let features: Vec<Feature> =
            set.iter().enumerate().map(|(i, &(x, y))| feature(&format!("Place {i}"), x, y, 1.0 + i as f64)).collect();
        let drawing = svg("Anywhere", &features);
        let circles = circles(&drawing);
        assert_eq!(circles.len(), set.len(), "{set:?}");
        assert!(circles.iter().flatten().all(|v| v.is_finite() && *v >= 0.0 && *v < 1200.0), "{circles:?}");
        assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{set:?}");
        assert!(drawing.matches("class=\"land").count() <= 1);
    }
}

#[test]
fn no_places_make_a_map_that_says_so() {
    let drawing = svg("Nothing", &[]);
    assert!(drawing.contains(">No places</text>") && circles(&drawing).is_empty());
    assert!(draw(Format::Png, "Nothing", &[]).starts_with(b"\x89PNG"));
}

/// A sheet has room for 20,000 circles; the rest is counted below it.
#[test]
fn the_heaviest_of_very_many_are_drawn() {
    let spread = |i: u32, step: f64, width: f64| (f64::from(i) * step).fract() * width - width / 2.0;
    let features: Vec<Feature> = (0..20_500)
        .map(|i| {
            feature(
                &format!("P{i}"),
                spread(i, 0.754_877_666, 360.0),
                spread(i, 0.569_840_291, 170.0),
                1.0 + f64::from(i),
            )
        })
        .collect();
    let drawing = svg("Very many", &features);
    assert_eq!(circles(&drawing).len(), 20_000);
    assert!(drawing.contains(">20000 of 20500 places are drawn, the heaviest.</text>"));
    assert!(drawing.contains("<title>P500: 501</title>") && !drawing.contains("<title>P499: 500</title>"));
    // Whoever wrote it is told.
    let mut bytes = Vec::new();
    let mut still = layer(Format::Svg, &mut bytes, LayerInfo::default()).unwrap();
    for feature in &features {
        still.write(feature).unwrap();
    }
    still.finish().unwrap();
    assert_eq!(still.left_out().as_deref(), Some("20000 of 20500 places are drawn, the heaviest"));
}

#[test]
fn content_stays_text() {
    let hostile = "<script>alert(1)</script> & \"quotes\" ]]> \u{0}\u{1B} مرحبا 🌍";
    let drawing = svg(hostile, &[feature(hostile, 10.0, 50.0, 1.0), feature(&"long ".repeat(20_000), 11.0, 50.0, 1.0)]);
    assert!(!drawing.contains("<script") && !drawing.contains('\u{0}') && !drawing.contains('\u{1B}'));
    assert!(drawing.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; "));
    // What draws the PNG reads it: it is well-formed.
    assert!(draw(Format::Png, hostile, &[feature(hostile, 10.0, 50.0, 1.0)]).starts_with(b"\x89PNG"));
}

#[test]
fn the_command_draws_both_and_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Rain fell in Raqqa, Syria, and in Deir ez-Zor. Aleppo stayed dry.";
    for file in ["map.svg", "map.png"] {
        let run = |jobs: &str| {
            let arguments = ["map", "-q", "--title", "Rain", "-j", jobs, "-o", file];
            let run = mentionmap_in(folder.path(), &arguments, text);
            assert_eq!(run.code, 0, "{}", run.err);
            std::fs::read(folder.path().join(file)).unwrap()
        };
        let bytes = run("1");
        assert_eq!(bytes, run("2"));
        if file == "map.png" {
            // 2,400 pixels wide; and not one color.
            assert_eq!(bytes[16..20], 2400u32.to_be_bytes());
            assert!(bytes.len() > 50_000, "{}", bytes.len());
        } else {
            let drawing = String::from_utf8(bytes).unwrap();
            for expected in [">Rain</text>", ">Aleppo</text>", "GeoNames", "Natural Earth", "Weight: "] {
                assert!(drawing.contains(expected), "no {expected}");
            }
        }
    }
}

#[test]
fn per_place_article_and_mention_draw_the_same_places() {
    let drawn = |per: &str| {
        let run = mentionmap(&["map", "-q", "-f", "svg", "--per", per, "examples/articles/13-derna-flood.txt"]);
        assert_eq!(run.code, 0, "{}", run.err);
        let mut circles = circles(&run.out);
        circles.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        circles.iter().map(|c| [c[0], c[1]]).collect::<Vec<_>>()
    };
    let by_article = drawn("article");
    assert!(by_article.len() > 5);
    assert_eq!(by_article, drawn("place"));
    assert_eq!(by_article, drawn("mention"));
}
