//! The command line: arguments, messages, exit codes; one file a command.
//!
//! Exit codes: 0 all done; 1 some inputs failed, the rest is written whole; 2 nothing could be done.

mod arguments;
mod batch;
mod config;
mod evaluate;
mod explain;
mod failures;
mod gazetteer;
mod homes;
mod ids;
mod journal;
mod ledger;
mod manual;
mod map;
mod merge;
mod messages;
mod progress;
mod reading;
mod settings;
mod summary;
mod table;
mod writing;

use crate::error::Result;
use crate::find::Finder;
use crate::gazetteer::Gazetteer;
use crate::mapper::Mapper;
use crate::resolve::{Homes, Preference, Resolver};
use arguments::{Arguments, Command, LeaningChoice};
use clap::{CommandFactory, FromArgMatches};
use config::Config;
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
    // Ctrl-C and the like leave nothing half-written.
    _ = ctrlc::set_handler(|| crate::write::abandon(|| std::process::exit(130)));
    let command = Arguments::command();
    let config = match Config::load(&command) {
        Ok(config) => config,
        Err(error) => {
            messages::error(&error);
            return ExitCode::from(2);
        }
    };
    let parsed = config.apply(command.clone()).try_get_matches().and_then(|found| Arguments::from_arg_matches(&found));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output, and are no errors. A reader that has gone misses nothing.
            _ = error.print();
            if let Some(sources) = config.sources().filter(|_| error.use_stderr()) {
                messages::note(&sources);
            }
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match arguments.command {
        Command::Map(arguments) => map::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Gazetteer(arguments) => gazetteer::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Homes(arguments) => homes::run(&arguments),
        Command::Config(arguments::Config::Show) => config.show(&command),
        Command::Completions(arguments) => manual::completions(&arguments, command),
        Command::Man(arguments) => manual::man(&arguments, command),
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
