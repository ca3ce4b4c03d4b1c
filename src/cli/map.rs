//! `mentionmap map`.

use super::arguments::Map;
use super::failures::Failures;
use super::ids::Ids;
use super::progress::Progress;
use super::summary::Summary;
use super::{Outcome, messages, open_gazetteer, reading};
use crate::error::{Error, Result};
use crate::mapper::Mapper;
use crate::read::{self, Input, Inputs, ReadOptions};
use crate::weigh::{ArticleMap, Keep, Totals};
use crate::write::{Features, Format, Layer, LayerInfo, Output, Per, layer};
use std::collections::HashSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Instant;

pub(super) fn run(arguments: &Map) -> Result<Outcome> {
    let started = Instant::now();
    let gazetteer = open_gazetteer(&arguments.gazetteer.gazetteer)?;
    let Inputs { mut found, errors, passed_over } = Inputs::expand(&arguments.inputs)?;
    protect_inputs(arguments, &mut found)?;
    let reading = reading::options(&arguments.reading);
    let progress = Progress::new(&found, reading.bytes_read.clone(), arguments.quiet);
    let targets = targets(arguments, found)?;
    let mut run = Run {
        arguments,
        reading,
        failures: Failures::create(arguments.errors.as_deref())?,
        summary: Summary::default(),
        progress,
    };
    for error in errors {
        run.failures.add(&error, &mut run.summary, &run.progress)?;
    }
    let keep = Keep { roles: arguments.roles.clone(), min_confidence: arguments.min_confidence };
    let mut mapper = Mapper::new(gazetteer).keep(keep);
    for target in targets {
        run.convert(target, &mut mapper)?;
    }
    run.failures.finish()?;
    run.progress.finish();
    if !arguments.quiet {
        messages::note(&run.summary.tell(started, passed_over, arguments.output.as_deref()));
    }
    Ok(if run.summary.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
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
struct Target {
    inputs: Vec<Input>,
    path: Option<PathBuf>,
    format: Format,
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
    let of_extension = |path: &Path| {
        let unknown =
            "this extension names no format; use .geojson, .geojsonl or .geojsons, or say which with --format";
        Format::of_path(path).ok_or_else(|| Error::usage(unknown).at(path))
    };
    let format = match (arguments.format, path) {
        (Some(format), _) => format,
        (None, Some(path)) => of_extension(path)?,
        (None, None) => Format::GeoJson,
    };
    Ok(vec![Target { inputs, path: path.map(Path::to_path_buf), format }])
}

/// A run of the command.
struct Run<'a> {
    arguments: &'a Map,
    reading: ReadOptions,
    failures: Failures,
    summary: Summary,
    progress: Progress,
}

impl Run<'_> {
    /// Maps a target's inputs into its layer.
    fn convert(&mut self, target: Target, mapper: &mut Mapper) -> Result<()> {
        let gazetteer = mapper.gazetteer().clone();
        let mut output = Output::create(target.path.as_deref())?;
        let threads = self.arguments.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
        let records = read::records(target.inputs, self.reading.clone());
        let info = LayerInfo {
            name: "mentionmap".into(),
            attribution: gazetteer.meta().attribution(),
            gazetteer: gazetteer.hash(),
        };
        let mut writing = Writing {
            layer: layer(target.format, &mut output, info),
            per: self.arguments.per,
            features: Features::new(gazetteer, self.arguments.sentences),
            totals: Totals::default(),
            written: 0,
        };
        let name = target.path.unwrap_or_else(|| "standard output".into());
        let mut ids = Ids::default();
        let Self { failures, summary, progress, .. } = self;
        let written = mapper
            .map_records(records, threads, |_, mapped| {
                match mapped {
                    Ok(map) => {
                        summary.add(&map);
                        ids.add(&map.article.id);
                        writing.add(&map)?;
                    }
                    Err(error) => failures.add(&error, summary, progress)?,
                }
                progress.note(summary);
                Ok(())
            })
            .and_then(|()| writing.finish());
        summary.features += written.map_err(|e| e.at(&name))?;
        if let Some(repeated) = ids.tell().filter(|_| !self.arguments.quiet) {
            progress.aside(|| messages::note(&repeated));
        }
        output.finish().map_err(|e| e.at(&name))
    }
}

/// The layer while it is written.
struct Writing<'w> {
    layer: Box<dyn Layer + 'w>,
    per: Per,
    features: Features,
    totals: Totals,
    written: u64,
}

impl Writing<'_> {
    fn add(&mut self, map: &ArticleMap) -> Result<()> {
        let features = match self.per {
            Per::Article => self.features.of_article(map),
            Per::Mention => self.features.of_mentions(map),
            Per::Place => {
                self.totals.add(map);
                return Ok(());
            }
        };
        self.written += features.len() as u64;
        features.iter().try_for_each(|feature| self.layer.write(feature))
    }

    /// Writes what is left and closes the layer; gives the number of features.
    fn finish(mut self) -> Result<u64> {
        for feature in self.totals.finish().iter().filter_map(|total| self.features.of_total(total)) {
            self.layer.write(&feature)?;
            self.written += 1;
        }
        self.layer.finish()?;
        Ok(self.written)
    }
}
