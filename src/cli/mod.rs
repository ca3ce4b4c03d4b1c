//! The command line: arguments, messages, exit codes; one file a command.
//!
//! Exit codes: 0 all done; 1 some inputs failed, the rest is written whole; 2 nothing could be done.

mod arguments;
mod evaluate;
mod explain;
mod gazetteer;
mod homes;
mod map;
mod messages;
mod table;

use crate::error::{Error, Result};
use crate::find::Finder;
use crate::gazetteer::Gazetteer;
use crate::gazetteer::overlay::is_overlay;
use crate::mapper::Mapper;
use crate::resolve::{Homes, Preference, Resolver};
use arguments::{Arguments, Command, LeaningChoice};
use clap::Parser;
use std::process::ExitCode;

/// What a command that could do its work came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    SomeFailed,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output, and are no errors. A reader that has gone misses nothing.
            _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match arguments.command {
        Command::Map(command) => map::run(&command),
        Command::Gazetteer(command) => gazetteer::run(&command),
        Command::Evaluate(command) => evaluate::run(&command),
        Command::Explain(command) => explain::run(&command),
        Command::Homes(command) => homes::run(&command),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            messages::error(&error);
            ExitCode::from(2)
        }
    }
}

/// The gazetteer that `--gazetteer` names: `world` or a compiled file, by default the world, with all tables and
/// GeoJSON files stacked on it.
fn open_gazetteer(names: &[String]) -> Result<Gazetteer> {
    let (overlays, bases): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| is_overlay(name));
    let base = match bases.as_slice() {
        [] => Gazetteer::world()?,
        [name] if *name == "world" => Gazetteer::world()?,
        [path] => Gazetteer::open(path)?,
        [one, other, ..] => {
            return Err(Error::usage(format!(
                "--gazetteer {one} and --gazetteer {other}: one base at a time; what is stacked on it are .csv, .tsv, \
                 .geojson and .json files"
            )));
        }
    };
    base.with_overlay(&overlays)
}

/// A resolver that leans as `--homes` and `--prefer` say.
fn leaning_resolver(gazetteer: &Gazetteer, choice: &LeaningChoice) -> Result<Resolver> {
    let mut resolver = Resolver::new(gazetteer.clone());
    if let Some(path) = &choice.homes {
        resolver = resolver.with_homes(Homes::open(path, gazetteer)?);
    }
    let mut preference = Preference::default();
    choice.prefer.iter().try_for_each(|text| preference.add(text, gazetteer))?;
    Ok(resolver.with_preference(preference))
}

/// A mapper that leans likewise.
fn leaning_mapper(gazetteer: &Gazetteer, choice: &LeaningChoice) -> Result<Mapper> {
    Ok(Mapper::with_models(Finder::new(gazetteer.clone()), leaning_resolver(gazetteer, choice)?))
}
