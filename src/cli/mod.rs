//! The command line: arguments, messages, exit codes; one file a command.
//!
//! Exit codes: 0 all done; 1 some inputs failed, the rest is written whole; 2 nothing could be done.

mod arguments;
mod evaluate;
mod failures;
mod gazetteer;
mod ids;
mod map;
mod messages;
mod progress;
mod reading;
mod summary;
mod table;

use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::gazetteer::overlay::is_overlay;
use arguments::{Arguments, Command};
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
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !crate::read::is_guarded() {
            told(panic);
        }
    }));
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
