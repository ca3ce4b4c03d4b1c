//! `mentionmap homes`.

use super::arguments::{GazetteerChoice, Reading};
use super::reading;
use super::{Outcome, messages};
use crate::error::{Error, Result};
use crate::find::Role;
use crate::gazetteer::Gazetteer;
use crate::mapper::Mapper;
use crate::read::{self, Inputs};
use crate::resolve::{Home, Homes};
use crate::weigh::{HomeLearner, Keep, LearnedHome};
use crate::write::Output;
use clap::{Args, Subcommand};
use std::io::Write;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread::available_parallelism;

/// Passes over the articles: the second one knows the homes that the first one found, and places more of what the
/// first had elsewhere.
const PASSES: usize = 2;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Learn(Arguments),
}

/// Learn the homes of sources from their articles.
///
/// Takes articles that carry a source, and writes where each source has its home: the center of the places that its
/// articles mention, when they are concentrated. A source without a home, such as a national paper, is left out. Exit
/// code 0: all done; 1: some inputs failed, the rest counts; 2: nothing could be done.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files, folders or glob patterns; they are read twice
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Where the table goes; standard output when left out or `-`
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    #[command(flatten)]
    reading: Reading,
    /// Threads [default: one for each core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    let Command::Learn(arguments) = command;
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    if arguments.inputs.iter().any(|input| input == "-") {
        return Err(Error::usage("homes are learned in two passes; give files, standard input can be read only once"));
    }
    let path = arguments.output.as_deref().filter(|p| p.as_os_str() != "-");
    let mut output = Output::create(path)?;
    let threads = arguments.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    let (mut homes, mut found_homes, mut sources, mut failed) = (Homes::default(), Vec::new(), 0, 0);
    for pass in 0..PASSES {
        let Inputs { found, errors, .. } = Inputs::expand(&arguments.inputs)?;
        let mut learner = HomeLearner::default();
        let mut fail = |error: &Error| {
            if pass == 0 {
                messages::error(error);
                failed += 1;
            }
        };
        errors.iter().for_each(&mut fail);
        let keep = Keep { roles: vec![Role::Place, Role::Organization], min_confidence: 0.0 };
        let mut mapper = Mapper::new(gazetteer.clone()).homes(homes).keep(keep);
        mapper.map_all(read::articles(found, reading::options(&arguments.reading)), threads, |mapped| {
            match mapped {
                Ok(map) => learner.add(&map, &gazetteer),
                Err(error) => fail(&error),
            }
            Ok(())
        })?;
        sources = learner.sources();
        found_homes = learner.finish(&gazetteer);
        homes = Homes::default();
        for home in &found_homes {
            if let Some(place) = gazetteer.place(home.place) {
                homes.insert(&home.source, Home::at(&place));
            }
        }
    }
    if sources == 0 && failed == 0 {
        return Err(Error::usage(
            "no article carries a source and mentions a place; say with --source-field where it is",
        ));
    }
    let name = path.map_or_else(|| "standard output".into(), PathBuf::from);
    write(&found_homes, &gazetteer, &mut output).map_err(|e| e.at(&name))?;
    output.finish().map_err(|e| e.at(&name))?;
    if !arguments.quiet {
        let count = messages::count(sources as u64, "source", "sources");
        messages::note(&format!("{count}, {} with a home", messages::thousands(found_homes.len() as u64)));
    }
    Ok(if failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

fn write(learned: &[LearnedHome], gazetteer: &Gazetteer, to: &mut impl Write) -> Result<()> {
    let broken = |e: csv::Error| Error::from(std::io::Error::from(e));
    let mut table = csv::Writer::from_writer(to);
    let columns =
        ["source", "place_id", "name", "country", "latitude", "longitude", "articles", "places", "share", "spread_km"];
    table.write_record(columns).map_err(broken)?;
    for home in learned {
        let Some(place) = gazetteer.place(home.place) else { continue };
        let cells = [
            home.source.clone(),
            place.id().to_string(),
            place.name().to_owned(),
            place.country().to_owned(),
            format!("{:.5}", place.latitude()),
            format!("{:.5}", place.longitude()),
            home.articles.to_string(),
            home.places.to_string(),
            format!("{:.3}", home.share),
            format!("{:.1}", home.spread_km),
        ];
        table.write_record(&cells).map_err(broken)?;
    }
    table.flush()?;
    Ok(())
}
