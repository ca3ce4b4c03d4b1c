//! `mentionmap gazetteer`, one file a subcommand.

mod fetch;
mod info;
mod lookup;

use super::Outcome;
use crate::error::Result;
use clap::Subcommand;

/// Look into a gazetteer
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the files of GeoNames over the network
    Fetch(fetch::Arguments),
    /// What is in a gazetteer, where it comes from, under which licenses
    Info(info::Arguments),
    /// Every place that bears a name
    Lookup(lookup::Arguments),
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Fetch(arguments) => fetch::run(arguments),
        Command::Info(arguments) => info::run(arguments),
        Command::Lookup(arguments) => lookup::run(arguments),
    }
}
