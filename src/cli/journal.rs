//! `--resume`: how far a run has come, so that one that was stopped can go on.

use super::summary::Summary;
use crate::error::{Error, Result};
use crate::write::{Format, Output, Per, Tally};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Between two entries.
const INTERVAL: Duration = Duration::from_secs(1);

/// The journal of an output, which lies beside it as `OUT.journal` until the run is done.
pub(super) struct Journal {
    path: PathBuf,
    state: State,
    saved: Instant,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    /// The hash of what decides the result: a journal of another run is not gone on from.
    settings: String,
    /// The next record to map: the input and the record within it.
    input: usize,
    record: u64,
    /// The length of the output so far, and of the file of errors, in bytes.
    output: u64,
    errors: u64,
    summary: Summary,
    /// Of the features in the output.
    tally: Tally,
}

impl Journal {
    /// Opens the journal of an output, or begins one.
    ///
    /// # Errors
    /// When this format or `--per` cannot be gone on with, or when the journal belongs to another run.
    pub(super) fn open(output: &Path, format: Format, per: Per, settings: String) -> Result<Self> {
        if !format.can_go_on() || per == Per::Place {
            let able = Format::value_variants().iter().filter(|format| format.can_go_on());
            let able: Vec<_> = able.filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned())).collect();
            return Err(Error::usage(format!(
                "--resume goes with --per article and --per mention in the formats {}; other layers are only known at \
                 the end. Map this one without --resume, or resume one of these and convert it",
                able.join(", ")
            ))
            .at(output));
        }
        let mut path = output.as_os_str().to_owned();
        path.push(".journal");
        let path = PathBuf::from(path);
        let new = State {
            settings,
            input: 0,
            record: 0,
            output: 0,
            errors: 0,
            summary: Summary::default(),
            tally: Tally::default(),
        };
        let state = match std::fs::read(&path) {
            Ok(bytes) => {
                let old: State = serde_json::from_slice(&bytes).map_err(|e| {
                    Error::usage(format!("no journal of this program ({e}); remove it to begin anew")).at(&path)
                })?;
                if old.settings != new.settings {
                    let advice = "left by a run with other inputs, options or gazetteer; give the same, or remove it to begin anew";
                    return Err(Error::usage(advice).at(&path));
                }
                old
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => new,
            Err(error) => return Err(Error::from(error).at(&path)),
        };
        Ok(Self { path, state, saved: Instant::now() })
    }

    pub(super) fn position(&self) -> (usize, u64) {
        (self.state.input, self.state.record)
    }

    /// The bytes of the output that are good.
    pub(super) fn written(&self) -> u64 {
        self.state.output
    }

    /// The bytes of the file of errors that are good.
    pub(super) fn errors(&self) -> u64 {
        self.state.errors
    }

    /// What the run had come to.
    pub(super) fn summary(&self) -> Summary {
        self.state.summary.clone()
    }

    /// What was gathered of the features written so far.
    pub(super) fn tally(&self) -> &Tally {
        &self.state.tally
    }

    pub(super) fn is_due(&self) -> bool {
        self.saved.elapsed() >= INTERVAL
    }

    /// Notes how far the run has come; all up to there must be on the disk.
    pub(super) fn save(
        &mut self,
        (input, record): (usize, u64),
        output: u64,
        errors: u64,
        summary: &Summary,
        tally: &Tally,
    ) -> Result<()> {
        let settings = std::mem::take(&mut self.state.settings);
        self.state = State { settings, input, record, output, errors, summary: summary.clone(), tally: tally.clone() };
        let mut file = Output::create(Some(&self.path))?;
        file.write_all(&serde_json::to_vec(&self.state).map_err(std::io::Error::from)?)?;
        file.sync()?;
        file.finish()?;
        self.saved = Instant::now();
        Ok(())
    }

    /// Removes the journal: the run is done.
    pub(super) fn remove(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::from(error).at(&self.path)),
            _ => Ok(()),
        }
    }
}
