//! `mentionmap gazetteer lookup`.

use crate::cli::arguments::GazetteerChoice;
use crate::cli::{Outcome, open_gazetteer};
use crate::error::{Error, Result};
use crate::gazetteer::{NameKind, Place};
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The name, in any spelling
    name: String,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let gazetteer = open_gazetteer(&arguments.gazetteer.gazetteer)?;
    let name = &arguments.name;
    let mut out = std::io::stdout().lock();
    let found: Vec<(Place<'_>, NameKind)> = gazetteer.lookup(name).collect();
    if found.is_empty() {
        return Err(Error::usage(format!("no place is called {name}")));
    }
    if !arguments.json {
        writeln!(
            out,
            "{:<22} {:<32} {:<9} {:<7} {:<24} {:>11} {:>10} {:>11}  name is",
            "id", "place", "feature", "country", "admin1", "population", "latitude", "longitude"
        )?;
    }
    for (place, kind) in found {
        let kind = format!("{kind:?}").to_lowercase();
        let admin1 = place.admin1().map_or("", |a| a.name());
        if arguments.json {
            let record = serde_json::json!({
                "place_id": place.id().to_string(), "place": place.name(), "feature": place.feature().as_str(), "country": place.country(),
                "admin1": admin1, "population": place.population(), "latitude": place.latitude(), "longitude": place.longitude(),
                "radius_km": place.radius_km(), "name_kind": kind,
            });
            writeln!(out, "{record}")?;
        } else {
            writeln!(
                out,
                "{:<22} {:<32} {:<9} {:<7} {:<24} {:>11} {:>10.4} {:>11.4}  {kind}",
                place.id().to_string(),
                place.name(),
                place.feature().as_str(),
                place.country(),
                admin1,
                place.population(),
                place.latitude(),
                place.longitude()
            )?;
        }
    }
    Ok(Outcome::Done)
}
