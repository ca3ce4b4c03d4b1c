//! `mentionmap completions` and `mentionmap man`: what shells and manuals take, made from the options themselves.

use super::Outcome;
use super::arguments::{Completions, Man};
use crate::error::{Error, Result};
use clap::Command;
use std::io::{Write, stdout};

/// Prints the completions for a shell.
pub(super) fn completions(arguments: &Completions, mut command: Command) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "mentionmap", &mut script);
    stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}

/// Prints the manual page of a command, or writes those of all into a folder.
pub(super) fn man(arguments: &Man, mut command: Command) -> Result<Outcome> {
    if let Some(folder) = &arguments.folder {
        let write = || {
            std::fs::create_dir_all(folder)?;
            clap_mangen::generate_to(command, folder)
        };
        write().map_err(|e| Error::from(e).at(folder))?;
        return Ok(Outcome::Done);
    }
    command.build();
    let mut found = &command;
    for name in &arguments.command {
        let unknown = || Error::usage(format!("no command is called {name:?}"));
        found = found.find_subcommand(name).ok_or_else(unknown)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(found.clone()).render(&mut page)?;
    stdout().lock().write_all(&page)?;
    Ok(Outcome::Done)
}
