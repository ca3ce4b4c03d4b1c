//! `mentionmap gazetteer`, one file a subcommand.

mod build;
mod describe;
mod fetch;
mod info;
mod lookup;
mod near;
mod point;

use super::Outcome;
use crate::error::Result;
use clap::Subcommand;

/// Build gazetteers and look into them
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compile GeoNames dumps into a gazetteer file
    Build(build::Arguments),
    /// Bring the files of GeoNames over the network
    Fetch(fetch::Arguments),
    Info(info::Arguments),
    Lookup(lookup::Arguments),
    Near(near::Arguments),
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Build(arguments) => build::run(arguments),
        Command::Fetch(arguments) => fetch::run(arguments),
        Command::Info(arguments) => info::run(arguments),
        Command::Lookup(arguments) => lookup::run(arguments),
        Command::Near(arguments) => near::run(arguments),
    }
}
