//! `mentionmap gazetteer`.

use super::arguments::GazetteerCommand;
use super::{Outcome, open_gazetteer};
use crate::error::{Error, Result};
use crate::gazetteer::{Gazetteer, NameKind, Place};
use std::io::Write;

pub(super) fn run(command: GazetteerCommand) -> Result<Outcome> {
    match command {
        GazetteerCommand::Info { gazetteer, json } => info(&open_gazetteer(&gazetteer.gazetteer)?, json),
        GazetteerCommand::Lookup { name, gazetteer, json } => lookup(&open_gazetteer(&gazetteer.gazetteer)?, &name, json),
    }
}

fn info(gazetteer: &Gazetteer, json: bool) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let meta = gazetteer.meta();
    if json {
        let record = serde_json::json!({"hash": gazetteer.hash(), "places": meta.places, "names": meta.names, "sources": meta.sources});
        writeln!(out, "{record}")?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "{} places, {} names, hash {}", meta.places, meta.names, gazetteer.hash())?;
    writeln!(out, "\nsources")?;
    for source in &meta.sources {
        writeln!(out, "  {} {}\n    {}\n    {}", source.name, source.version, source.license, source.url)?;
    }
    Ok(Outcome::Done)
}

fn lookup(gazetteer: &Gazetteer, name: &str, json: bool) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let found: Vec<(Place<'_>, NameKind)> = gazetteer.lookup(name).collect();
    if found.is_empty() {
        return Err(Error::usage(format!("no place is called {name}")));
    }
    if !json {
        writeln!(out, "{:<22} {:<32} {:<9} {:<7} {:<24} {:>11} {:>10} {:>11}  name is", "id", "place", "feature", "country", "admin1", "population", "latitude", "longitude")?;
    }
    for (place, kind) in found {
        let kind = format!("{kind:?}").to_lowercase();
        let admin1 = place.admin1().map_or("", |a| a.name());
        if json {
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
