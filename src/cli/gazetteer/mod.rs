//! `mentionmap gazetteer`, one file a subcommand.

mod build;
mod info;
mod lookup;

use super::Outcome;
use crate::error::Result;
use clap::Subcommand;

/// Build gazetteers and look into them
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compile GeoNames dumps into a gazetteer file
    Build(build::Arguments),
    /// What is in a gazetteer, where it comes from, under which licenses
    Info(info::Arguments),
    /// Every place that bears a name
    Lookup(lookup::Arguments),
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Build(arguments) => build::run(arguments),
        Command::Info(arguments) => info::run(arguments),
        Command::Lookup(arguments) => lookup::run(arguments),
    }
}
