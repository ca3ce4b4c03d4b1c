//! Writes any number of features in a format, to see how long it takes and what memory it needs.
//!
//! `cargo bench --bench many_features -- FORMAT COUNT OUT`, with `--features full` for GeoParquet and PMTiles.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // A tool for the developer at the terminal.
#![allow(missing_docs)] // Nobody links against it.

use clap::ValueEnum;
use geojson::{Feature, Geometry, feature::Id};
use mentionmap::write::{Format, LayerInfo, More, Output, Schema, Table, layer};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [format, count, out] = &arguments[..] else {
        println!("usage: many_features FORMAT COUNT OUT");
        return;
    };
    let format = Format::from_str(format, true).unwrap();
    let count: u64 = count.parse().unwrap();
    let started = Instant::now();
    let mut output = Output::create(Some(Path::new(out))).unwrap();
    let info = LayerInfo { name: "many".into(), schema: Schema::default(), ..LayerInfo::default() };
    let mut out = layer(format, &mut output, info).unwrap();
    for i in 0..count {
        if format.more() == More::Never || format.more() == More::Asked {
            out.write(&feature(i)).unwrap();
            continue;
        }
        // A page is made from articles and mentions: as many of these as there would be features.
        if i.is_multiple_of(8) {
            out.write_more(Table::Articles, &feature(i)).unwrap();
        }
        out.write_more(Table::Mentions, &mention(i)).unwrap();
    }
    out.finish().unwrap();
    if let Some(left_out) = out.left_out() {
        println!("{left_out}");
    }
    drop(out);
    output.finish().unwrap();
    println!("{count} features in {:.1} s, at most {} in memory", started.elapsed().as_secs_f64(), peak());
}

/// A place in an article, somewhere: the same for the same number.
fn feature(i: u64) -> Feature {
    // Weyl's sequence spreads points evenly.
    let spread = |step: f64, width: f64| ((i as f64 * step).fract() * width * 1e5).round() / 1e5 - width / 2.0;
    let at = [spread(0.754_877_666, 360.0), spread(0.569_840_291, 170.0)];
    let mut feature = Feature::from(Geometry::new_point(at));
    let place = format!("geonames:{}", i % 300_000);
    feature.id = Some(Id::String(format!("articles.jsonl:{}/{place}", i / 8)));
    for (name, value) in [
        ("article", json!(format!("articles.jsonl:{}", i / 8))),
        ("title", json!("A headline as long as headlines usually are, give or take")),
        ("date", json!(format!("20{:02}-{:02}-{:02}", i % 25, i % 12 + 1, i % 28 + 1))),
        ("url", json!(format!("https://example.org/news/{}", i / 8))),
        ("source", json!("The Example")),
        ("place_id", json!(place)),
        ("place", json!(format!("Place {}", i % 300_000))),
        ("country", json!("SY")),
        ("admin1", json!("Some Province")),
        ("feature", json!(if i.is_multiple_of(9) { "A.PCLI" } else { "P.PPL" })),
        ("mentions", json!(i % 7 + 1)),
        ("weight", json!((i % 100 + 1) as f64 / 100.0)),
        ("confidence", json!(0.9)),
        ("names", json!("Place; Platz")),
        ("first_offset", json!(i % 5000)),
    ] {
        feature.set_property(name, value);
    }
    feature
}

/// The same as a mention.
fn mention(i: u64) -> Feature {
    let mut feature = feature(i);
    let sentence = "The sentence around it is as long as sentences usually are in the news, which is about this.";
    for (name, value) in [
        ("field", json!("text")),
        ("start", json!(i % 8 * 200 + 4)),
        ("end", json!(i % 8 * 200 + 12)),
        ("sentence_start", json!(i % 8 * 200)),
        ("sentence", json!(sentence)),
        ("role", json!("place")),
    ] {
        feature.set_property(name, value);
    }
    feature
}

/// The most memory that this process ever had, as the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("no idea how much", str::trim).to_owned()
}
