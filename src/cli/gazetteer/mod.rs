//! `mentionmap gazetteer`, one file a subcommand.

mod describe;
mod info;
mod lookup;
mod near;
mod point;

use super::Outcome;
use crate::error::Result;
use clap::Subcommand;

/// Look into a gazetteer
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Info(info::Arguments),
    Lookup(lookup::Arguments),
    Near(near::Arguments),
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Info(arguments) => info::run(arguments),
        Command::Lookup(arguments) => lookup::run(arguments),
        Command::Near(arguments) => near::run(arguments),
    }
}
