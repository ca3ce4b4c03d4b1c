//! `mentionmap gazetteer info`.

use crate::cli::arguments::GazetteerChoice;
use crate::cli::{Outcome, open_gazetteer};
use crate::error::Result;
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let gazetteer = open_gazetteer(&arguments.gazetteer.gazetteer)?;
    let mut out = std::io::stdout().lock();
    let meta = gazetteer.meta();
    if arguments.json {
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
