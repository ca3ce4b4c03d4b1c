//! `mentionmap gazetteer near`.

use super::{describe, point};
use crate::cli::arguments::GazetteerChoice;
use crate::cli::table::{Table, rounded};
use crate::cli::{Outcome, messages};
use crate::error::{Error, Result};
use crate::gazetteer::{Gazetteer, Place};
use crate::write::place_record;
use clap::Args;
use std::io::Write;

/// The places nearest to a point.
///
/// With their great-circle distances in km, to the middle of each place, not to its edge. Exit code 1 when no place is
/// within reach.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Latitude and longitude in degrees: `35.95,39.01`, `"35.95 N 39.01 E"`, `"35°57′N 39°1′E"`
    #[arg(value_name = "LAT,LON", allow_hyphen_values = true)]
    point: String,
    /// The longitude, when the first argument is the latitude alone: `-33.9 18.4`
    #[arg(value_name = "LON", allow_hyphen_values = true)]
    longitude: Option<String>,
    /// Show this many at most [default: 10, or all with --within]
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// Only places within so many km
    #[arg(long, value_name = "KM", value_parser = km)]
    within: Option<f64>,
    /// Only places of these feature classes, separated by commas: A divisions, P populated, H water,
    /// T terrain, L areas, S spots …
    #[arg(long, value_name = "CLASSES", value_delimiter = ',', value_parser = class)]
    class: Vec<char>,
    /// Only places with at least so many inhabitants
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_population: u32,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let written = match &arguments.longitude {
        Some(longitude) => &format!("{} {longitude}", arguments.point),
        None => &arguments.point,
    };
    let from = point::parse(written).map_err(Error::usage)?;
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    let near = gazetteer.near_where(|place: &Place<'_>| {
        place.population() >= arguments.min_population
            && (arguments.class.is_empty() || arguments.class.contains(&place.feature().class()))
    });
    let count = arguments.count.unwrap_or(if arguments.within.is_some() { usize::MAX } else { 10 });
    let found = near.nearest_within(from, count, arguments.within.unwrap_or(f64::INFINITY));
    if found.is_empty() {
        messages::error(&"no such place is near; ask for a wider --within, or for other places");
        return Ok(Outcome::SomeFailed);
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        for neighbor in found {
            let mut record = place_record(&neighbor.place);
            record.insert("km".into(), rounded(neighbor.km, 3).into());
            writeln!(out, "{}", serde_json::Value::from(record))?;
        }
        return Ok(Outcome::Done);
    }
    let mut headings = vec![">km"];
    headings.extend(describe::COLUMNS);
    let mut table = Table::new(&headings);
    for neighbor in found {
        let mut cells = vec![format!("{:.1}", neighbor.km)];
        cells.extend(describe::cells(&neighbor.place));
        table.row(cells);
    }
    table.write(&mut out)?;
    Ok(Outcome::Done)
}

fn km(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|km: &f64| *km >= 0.0).ok_or_else(|| "give a number of km, 0 or more".to_owned())
}

pub(super) fn class(text: &str) -> Result<char, String> {
    match text.chars().collect::<Vec<_>>()[..] {
        [letter] if "AHLPRSTUV".contains(letter.to_ascii_uppercase()) => Ok(letter.to_ascii_uppercase()),
        _ => Err("a feature class is one of A, H, L, P, R, S, T, U, V".to_owned()),
    }
}
