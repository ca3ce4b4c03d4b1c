//! `mentionmap map`.

use super::arguments::{InputFormat, Map, Reading};
use super::messages::count;
use super::{Outcome, messages, open_gazetteer};
use crate::error::{Error, Result};
use crate::mapper::Mapper;
use crate::read::{self, FieldNames, Format as ReadFormat, Input, Inputs, ReadOptions};
use crate::weigh::{ArticleMap, Keep, Totals};
use crate::write::{Features, Format, Layer, LayerInfo, More, Output, Per, Scale, Schema, Table, layer};
use clap::ValueEnum;
use geojson::Feature;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// What a run came to.
#[derive(Default)]
struct Summary {
    articles: u64,
    failed: u64,
    mentions: u64,
    placed: u64,
    features: u64,
}

pub(super) fn run(arguments: &Map) -> Result<Outcome> {
    let started = Instant::now();
    let gazetteer = open_gazetteer(&arguments.gazetteer.gazetteer)?;
    let Inputs { mut found, errors, passed_over } = Inputs::expand(&arguments.inputs)?;
    protect_inputs(arguments, &mut found)?;
    let targets = targets(arguments, found)?;
    let mut failures = Failures::create(arguments.errors.as_deref())?;
    let mut summary = Summary::default();
    for error in errors {
        failures.add(&error)?;
        summary.failed += 1;
    }
    let keep = Keep { roles: arguments.roles.clone(), min_confidence: arguments.min_confidence };
    let mut mapper = Mapper::new(gazetteer).keep(keep);
    for target in targets {
        convert(arguments, target, &mut mapper, &mut failures, &mut summary)?;
    }
    failures.finish()?;
    if !arguments.quiet {
        messages::note(&summary.tell(started, passed_over));
    }
    Ok(if summary.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
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
        let known = Format::known_extensions().map(|e| format!(".{e}")).collect::<Vec<_>>().join(", ");
        let unknown = || Error::usage(format!("this extension names no format; use one of {known}, or --format"));
        Format::of_path(path).ok_or_else(|| unknown().at(path))
    };
    let format = match (arguments.format, path) {
        (Some(format), _) => format,
        (None, Some(path)) => of_extension(path)?,
        (None, None) => Format::GeoJson,
    };
    Ok(vec![Target { inputs, path: path.map(Path::to_path_buf), format }])
}

/// Maps a target's inputs into its layer.
fn convert(
    arguments: &Map,
    target: Target,
    mapper: &mut Mapper,
    failures: &mut Failures,
    summary: &mut Summary,
) -> Result<()> {
    let gazetteer = mapper.gazetteer().clone();
    let mut output = Output::create(target.path.as_deref())?;
    let threads = arguments.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    let articles = read::articles(target.inputs, reading(&arguments.reading));
    let name = target.path.clone().unwrap_or_else(|| "standard output".into());
    let more = more(arguments, target.format).map_err(|e| e.at(&name))?;
    let info = LayerInfo {
        options: options(arguments),
        title: arguments.title.clone(),
        more: more.clone(),
        wkt: arguments.wkt,
        ..LayerInfo::new(&gazetteer, schema(arguments))
    };
    let mut writing = Writing {
        layer: layer(target.format, &mut output, info.clone()).map_err(|e| e.at(&name))?,
        per: arguments.per,
        features: Features::new(gazetteer.clone(), arguments.sentences).simplestyle(arguments.simplestyle),
        more,
        features_of_more: Features::new(gazetteer, true).with_sentence_starts(),
        totals: Totals::default(),
        scale: Scale::default(),
        written: 0,
    };
    let written = mapper
        .map_all(articles, threads, |mapped| match mapped {
            Ok(map) => {
                summary.add(&map);
                writing.add(&map)
            }
            Err(error) => {
                summary.failed += 1;
                failures.add(&error)
            }
        })
        .and_then(|()| writing.finish());
    let (features, scale) = written.map_err(|e| e.at(&name))?;
    summary.features += features;
    output.finish().map_err(|e| e.at(&name))?;
    target.path.map_or(Ok(()), |path| companions(&path, target.format, &info, &scale, arguments.style))
}

/// Writes what belongs beside a layer; a pipe or a device has no beside.
fn companions(path: &Path, format: Format, info: &LayerInfo, scale: &Scale, styled: bool) -> Result<()> {
    let Some(file) = path.file_name().filter(|_| path.is_file()) else { return Ok(()) };
    for companion in format.companions(info, &file.to_string_lossy(), scale, styled) {
        let beside = path.with_extension(companion.extension);
        let mut output = Output::create(Some(&beside))?;
        output.write_all(companion.text.as_bytes()).map_err(|e| Error::from(e).at(&beside))?;
        output.finish()?;
    }
    Ok(())
}

fn reading(arguments: &Reading) -> ReadOptions {
    ReadOptions {
        format: arguments.input_format.map(|format| match format {
            InputFormat::Text => ReadFormat::Text,
            InputFormat::Markdown => ReadFormat::Markdown,
            InputFormat::Jsonl => ReadFormat::JsonLines,
        }),
        fields: FieldNames {
            id: arguments.id_field.clone(),
            title: arguments.title_field.clone(),
            text: arguments.text_field.clone(),
            date: arguments.date_field.clone(),
            url: arguments.url_field.clone(),
            source: arguments.source_field.clone(),
            language: arguments.lang_field.clone(),
            given_mentions: arguments.given_mentions.clone(),
        },
        max_article_bytes: arguments.max_article_bytes,
    }
}

fn schema(arguments: &Map) -> Schema {
    let schema = Schema::of(arguments.per, arguments.sentences);
    if arguments.simplestyle { schema.simplestyle() } else { schema }
}

/// The further tables that a layer gets: those asked for, and those without which its format is nothing.
fn more(arguments: &Map, format: Format) -> Result<Vec<Table>> {
    let mut asked = Vec::new();
    for &table in &arguments.with {
        if !asked.contains(&table) && (arguments.per != Per::Mention || table != Table::Mentions) {
            asked.push(table);
        }
    }
    match format.more() {
        More::Always(tables) => Ok(tables.to_vec()),
        More::Never if !asked.is_empty() => {
            Err(Error::usage("this format holds one table; leave --with out, or write a GeoPackage (.gpkg)"))
        }
        _ => Ok(asked),
    }
}

/// The options that shape the features, those at their default too: what somebody needs to make the layer again.
fn options(arguments: &Map) -> String {
    let per = arguments.per.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
    let roles: Vec<_> = arguments.roles.iter().map(|r| r.as_str()).collect();
    let mut options = vec![
        format!("--per {per}"),
        format!("--roles {}", roles.join(",")),
        format!("--min-confidence {}", arguments.min_confidence),
    ];
    if let Some(field) = &arguments.reading.given_mentions {
        options.push(format!("--given-mentions {field}"));
    }
    for (given, option) in [(arguments.sentences, "--sentences"), (arguments.simplestyle, "--simplestyle")] {
        if given {
            options.push(option.into());
        }
    }
    options.join(" ")
}

/// The layer while it is written.
struct Writing<'w> {
    layer: Box<dyn Layer + 'w>,
    per: Per,
    features: Features,
    more: Vec<Table>,
    features_of_more: Features,
    totals: Totals,
    scale: Scale,
    written: u64,
}

impl Writing<'_> {
    fn add(&mut self, map: &ArticleMap) -> Result<()> {
        for &table in &self.more {
            let features = match table {
                Table::Mentions => self.features_of_more.of_mentions(map),
                Table::Articles => vec![self.features_of_more.of_whole_article(map)],
            };
            features.iter().try_for_each(|feature| self.layer.write_more(table, feature))?;
        }
        let features = match self.per {
            Per::Article => self.features.of_article(map),
            Per::Mention => self.features.of_mentions(map),
            Per::Place => {
                self.totals.add(map);
                return Ok(());
            }
        };
        features.iter().try_for_each(|feature| self.put(feature))
    }

    fn put(&mut self, feature: &Feature) -> Result<()> {
        self.scale.add(feature);
        self.written += 1;
        self.layer.write(feature)
    }

    /// Writes what is left and closes the layer; gives the number of features, and their scale.
    fn finish(mut self) -> Result<(u64, Scale)> {
        for total in std::mem::take(&mut self.totals).finish() {
            self.features.of_total(&total).map_or(Ok(()), |feature| self.put(&feature))?;
        }
        self.layer.finish()?;
        Ok((self.written, self.scale))
    }
}

/// "35 ms", "4.2 s", "3 min 5 s".
fn duration(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0 => format!("{} ms", elapsed.as_millis()),
        seconds @ 1..60 => format!("{seconds}.{} s", elapsed.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Where errors are told: on standard error, and in the file of `--errors`.
struct Failures {
    file: Option<Output>,
}

impl Failures {
    fn create(path: Option<&Path>) -> Result<Self> {
        Ok(Self { file: path.map(|path| Output::create(Some(path))).transpose()? })
    }

    fn add(&mut self, error: &Error) -> Result<()> {
        messages::error(error);
        if let Some(file) = &mut self.file {
            let record =
                serde_json::json!({"path": error.path(), "line": error.line(), "error": error.kind().to_string()});
            writeln!(file, "{record}")?;
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        self.file.map_or(Ok(()), Output::finish)
    }
}

impl Summary {
    fn add(&mut self, map: &ArticleMap) {
        self.articles += 1;
        self.mentions += map.mentions.len() as u64;
        self.placed += (map.mentions.len() - map.unplaced()) as u64;
    }

    fn tell(&self, started: Instant, passed_over: u64) -> String {
        let mut text = format!(
            "{}, {} ({} placed, {} not), {} in {}",
            count(self.articles, "article", "articles"),
            count(self.mentions, "mention", "mentions"),
            self.placed,
            self.mentions - self.placed,
            count(self.features, "feature", "features"),
            duration(started.elapsed()),
        );
        if self.failed > 0 {
            _ = write!(text, "; {} failed", count(self.failed, "input", "inputs"));
        }
        if passed_over > 0 {
            _ = write!(text, "; {} of other kinds passed over", count(passed_over, "file", "files"));
        }
        text
    }
}
