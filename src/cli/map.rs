//! `mentionmap map`.

use super::arguments::Map;
use super::batch::Batch;
use super::failures::Failures;
use super::journal::Journal;
use super::ledger::{self, Ledger};
use super::progress::Progress;
use super::summary::Summary;
use super::{Outcome, leaning_mapper, messages, reading, settings, writing};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::read::{Input, Inputs};
use crate::write::{Format, More, Per};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(super) fn run(arguments: &Map) -> Result<Outcome> {
    let started = Instant::now();
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    let Inputs { mut found, errors, passed_over } = inputs(arguments)?;
    protect_inputs(arguments, &mut found)?;
    let reading = reading::options(&arguments.reading);
    let hash = gazetteer.hash();
    let mut summary = Summary::default();
    let journal = match &arguments.output {
        Some(output) if arguments.resume => {
            let settings = settings::hash_with_inputs(arguments, &hash, &found);
            let format = single_format(arguments.format, Some(output))?;
            Some(Journal::open(output, format, arguments.per, settings)?)
        }
        _ => None,
    };
    let (targets, ledger) = match &arguments.output {
        Some(folder) if arguments.per_input => {
            let format = arguments.format.unwrap_or(Format::GeoJson);
            let targets = ledger::targets(arguments, found, folder, format)?;
            let mut ledger = Ledger::open(folder)?;
            let (targets, unchanged) = ledger.changed(targets, &settings::hash(arguments, &hash), arguments.update);
            summary.unchanged = unchanged;
            (targets, Some(ledger))
        }
        _ => (targets(arguments, found)?, None),
    };
    let inputs: Vec<Input> = targets.iter().flat_map(|target| target.inputs.iter().cloned()).collect();
    let failures = match &journal {
        Some(journal) => Failures::resume(arguments.errors.as_deref(), journal.errors())?,
        None => Failures::create(arguments.errors.as_deref())?,
    };
    let goes_on = journal.as_ref().is_some_and(|journal| journal.position() != (0, 0));
    let mut batch = Batch {
        arguments,
        gazetteer: gazetteer.clone(),
        failures,
        summary: journal.as_ref().map_or(summary, Journal::summary),
        progress: Progress::new(&inputs, reading.bytes_taken.clone(), arguments.quiet),
        journal,
        ledger,
    };
    drop(inputs);
    // A run that goes on has told and counted them before.
    for error in errors.into_iter().filter(|_| !goes_on) {
        batch.failures.add(&error, &mut batch.summary, &batch.progress)?;
    }
    let mut mapper = leaning_mapper(&gazetteer, &arguments.leaning)?.keep(writing::keep(arguments));
    // Only features of mentions have reasons.
    if arguments.per != Per::Mention && targets.iter().all(|target| target.format.more() == More::Never) {
        mapper = mapper.without_reasons();
    }
    batch.convert(targets, reading, &mut mapper)?;
    batch.failures.finish()?;
    if let Some(ledger) = batch.ledger {
        ledger.finish()?;
    }
    batch.progress.finish();
    if !arguments.quiet {
        messages::note(&batch.summary.tell(started, passed_over, arguments.output.as_deref()));
    }
    Ok(if batch.summary.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// What the arguments stand for; standard input when there are none.
fn inputs(arguments: &Map) -> Result<Inputs> {
    let Some(list) = &arguments.urls else { return Inputs::expand(&arguments.inputs) };
    let mut inputs = match arguments.inputs.as_slice() {
        [] => Inputs::default(),
        named => Inputs::expand(named)?,
    };
    inputs.add_urls(list)?;
    Ok(inputs)
}

/// Keeps the files that are written apart from those that are read: an input that is an output too is an error when it
/// was named, and no input when a folder or a pattern found it.
fn protect_inputs(arguments: &Map, found: &mut Vec<Input>) -> Result<()> {
    let real = |path: &Path| path.canonicalize().ok();
    let written: Vec<&Path> =
        [&arguments.output, &arguments.errors].into_iter().flatten().map(PathBuf::as_path).collect();
    if let [output, errors] = written[..]
        && output == errors
    {
        return Err(Error::usage("the layer and the errors cannot go to one file").at(output));
    }
    for path in written.into_iter().filter(|p| p.is_file()) {
        let is_same = |input: &Input| matches!(input, Input::Path(p) if real(p) == real(path));
        if arguments.inputs.iter().any(|argument| is_same(&Input::Path(argument.into()))) {
            return Err(Error::usage("is an input and an output at once; write to another file").at(path));
        }
        found.retain(|input| !is_same(input));
    }
    Ok(())
}

/// Inputs that go into one layer.
pub(super) struct Target {
    pub(super) inputs: Vec<Input>,
    pub(super) path: Option<PathBuf>,
    pub(super) format: Format,
}

/// One layer of everything, or, when the output is a folder, one for each input, called like it.
fn targets(arguments: &Map, inputs: Vec<Input>) -> Result<Vec<Target>> {
    let path = arguments.output.as_deref().filter(|p| p.as_os_str() != "-");
    let is_folder = path.is_some_and(|p| p.is_dir() || p.to_string_lossy().ends_with(std::path::is_separator));
    if let Some(folder) = path.filter(|_| is_folder) {
        std::fs::create_dir_all(folder).map_err(|e| Error::from(e).at(folder))?;
        let format = arguments.format.unwrap_or(Format::GeoJson);
        let mut taken = HashSet::new();
        let mut name = |input: &Input| {
            let stem = input.stem();
            let numbered = (2..).map(|n| format!("{stem}-{n}"));
            let free = std::iter::once(stem.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
            format!("{}.{}", free.unwrap_or(stem), format.extension())
        };
        let target = |input: Input| Target { path: Some(folder.join(name(&input))), inputs: vec![input], format };
        return Ok(inputs.into_iter().map(target).collect());
    }
    Ok(vec![Target { inputs, path: path.map(Path::to_path_buf), format: single_format(arguments.format, path)? }])
}

/// The format of a single layer: the one that was asked for, else what the extension tells.
pub(super) fn single_format(asked: Option<Format>, path: Option<&Path>) -> Result<Format> {
    let of_extension = |path: &Path| {
        let known = Format::known_extensions().map(|e| format!(".{e}")).collect::<Vec<_>>().join(", ");
        let unknown = || Error::usage(format!("this extension names no format; use one of {known}, or --format"));
        Format::of_path(path).ok_or_else(|| unknown().at(path))
    };
    match (asked, path) {
        (Some(format), _) => Ok(format),
        (None, Some(path)) => of_extension(path),
        (None, None) => Ok(Format::GeoJson),
    }
}
