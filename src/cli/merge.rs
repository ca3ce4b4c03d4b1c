//! `mentionmap merge`.

use super::arguments::{GazetteerChoice, confidence};
use super::batch::Shared;
use super::map::single_format;
use super::summary::duration;
use super::writing;
use super::{Outcome, messages};
use crate::error::{Error, Result};
use crate::find::Role;
use crate::gazetteer::Gazetteer;
use crate::merge::{self, Facts, Places, Sink};
use crate::weigh::Keep;
use crate::write::{Features, Format, Layer, LayerInfo, More, Output, Per, Schema, Tally, layer};
use clap::{Args, ValueEnum};
use geojson::Feature;
use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

/// Join the layers of shards into one.
///
/// Takes what `map` wrote of parts of the articles, in the order of the parts: GeoJSON, its sequences, or GeoParquet.
/// The result is the layer that one run over all articles would have written, byte for byte. Features per article and
/// per mention are joined as they are; features per place are added up, and those per article are too with --per place.
/// What sequences do not say of themselves is told with the options that `map` got. Exit code 0: all done; 2: a shard
/// could not be read whole, and nothing was written.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Layers, in the order of their articles; `-` for standard input
    #[arg(required = true, value_name = "SHARD")]
    shards: Vec<PathBuf>,
    /// Where the layer goes; standard output when left out or `-`
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// How the layer is written [default: by OUT's extension, else geojson]
    #[arg(short, long)]
    format: Option<Format>,
    /// What a feature stands for [default: what those of the shards do]
    #[arg(long, value_enum)]
    per: Option<Per>,
    /// The roles that the shards were made with
    #[arg(long, value_delimiter = ',', value_name = "ROLES", default_value = "place")]
    roles: Vec<Role>,
    /// The least confidence that the shards were made with
    #[arg(long, value_name = "X", default_value_t = 0.0, value_parser = confidence)]
    min_confidence: f32,
    /// The field of given mentions that the shards were made with
    #[arg(long, value_name = "FIELD")]
    given_mentions: Option<String>,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// The heading of a map (SVG, PNG)
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Write a style for QGIS beside the layer (.qml); a GeoPackage has it within
    #[arg(long)]
    style: bool,
    /// Coordinates in CSV as one column of well-known text, instead of longitude and latitude
    #[arg(long)]
    wkt: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let path = arguments.output.as_deref().filter(|p| p.as_os_str() != "-");
    let format = single_format(arguments.format, path)?;
    if let More::Always(_) = format.more() {
        let message = "a page shows articles and sentences, which shards do not have; map all articles in one run";
        return Err(Error::usage(message));
    }
    check(arguments, path)?;
    let mut merging = Merging::new(arguments, format, Output::create(path)?);
    for shard in &arguments.shards {
        merge::read(shard, &mut merging)?;
    }
    let Merged { output, info, tally, written, left_out } = merging.finish()?;
    output.finish()?;
    if let Some(path) = path {
        writing::companions(path, format, &info, tally.scale(), arguments.style)?;
    }
    if !arguments.quiet {
        if let Some(left_out) = left_out {
            messages::note(&left_out);
        }
        let shards = messages::count(arguments.shards.len() as u64, "shard", "shards");
        let features = messages::count(written, "feature", "features");
        let to = path.map_or_else(String::new, |path| format!(", to {}", path.display()));
        messages::note(&format!("{shards}, {features} in {}{to}", duration(started.elapsed())));
    }
    Ok(Outcome::Done)
}

/// A shard that comes twice would count twice, and one that is the output would be lost.
fn check(arguments: &Arguments, output: Option<&Path>) -> Result<()> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut seen = HashSet::new();
    for shard in &arguments.shards {
        if output.is_some_and(|output| real(output) == real(shard)) {
            return Err(Error::usage("is an input and an output at once; write to another file").at(shard));
        }
        if !seen.insert(real(shard)) {
            return Err(Error::usage("is given twice; its features would count twice").at(shard));
        }
    }
    Ok(())
}

/// Shards on their way into a layer.
struct Merging<'a> {
    arguments: &'a Arguments,
    format: Format,
    output: Rc<RefCell<Output>>,
    /// What the shards say of themselves, or what the options say for them.
    said: Option<Facts>,
    /// What their features stand for.
    kind: Option<Per>,
    /// Whether they have colors and sizes.
    simplestyle: bool,
    places: Places,
    /// Opened for the first feature that is written.
    open: Option<(Box<dyn Layer>, LayerInfo)>,
    tally: Tally,
    written: u64,
}

/// What became of them.
struct Merged {
    output: Output,
    info: LayerInfo,
    tally: Tally,
    written: u64,
    left_out: Option<String>,
}

impl Sink for Merging<'_> {
    fn facts(&mut self, facts: Facts) -> Result<()> {
        if self.kind.is_none() {
            let told = facts.options.split(' ').nth(1).and_then(|per| Per::from_str(per, false).ok());
            self.kind = told;
        }
        match &self.said {
            None => self.said = Some(facts),
            Some(said) if *said == facts => {}
            Some(said) => {
                let (what, here, before) = if said.gazetteer == facts.gazetteer {
                    ("options", &facts.options, &said.options)
                } else {
                    ("gazetteer", &facts.gazetteer, &said.gazetteer)
                };
                return Err(Error::usage(format!(
                    "made with another {what} than what came before it: {here} instead of {before}; map all shards \
                     alike, and give merge the options that they got"
                )));
            }
        }
        Ok(())
    }

    fn feature(&mut self, feature: Feature) -> Result<()> {
        let kind = merge::per(&feature)?;
        let first = *self.kind.get_or_insert(kind);
        self.simplestyle |= feature.contains_property("marker-color");
        if kind != first {
            let message =
                format!("has features per {} among others per {}; map all shards alike", kind.as_str(), first.as_str());
            return Err(Error::usage(message));
        }
        match (kind, self.arguments.per.unwrap_or(kind)) {
            (Per::Article | Per::Place, Per::Place) => self.places.add(&feature),
            (kind, wanted) if kind == wanted => self.put(&feature),
            (kind, wanted) => Err(Error::usage(format!(
                "has features per {}, of which none per {} can be made; those per place can be made of those per article",
                kind.as_str(),
                wanted.as_str()
            ))),
        }
    }
}

impl<'a> Merging<'a> {
    fn new(arguments: &'a Arguments, format: Format, output: Output) -> Self {
        Self {
            arguments,
            format,
            output: Rc::new(RefCell::new(output)),
            said: None,
            kind: None,
            simplestyle: false,
            places: Places::default(),
            open: None,
            tally: Tally::default(),
            written: 0,
        }
    }

    fn put(&mut self, feature: &Feature) -> Result<()> {
        self.tally.add(feature);
        self.written += 1;
        self.open(Some(feature))?.write(feature)
    }

    /// The layer, which is opened when it is not yet.
    fn open(&mut self, like: Option<&Feature>) -> Result<&mut dyn Layer> {
        let open = if let Some(open) = self.open.take() {
            open
        } else {
            let info = self.info(like)?;
            (layer(self.format, Shared(Rc::clone(&self.output)), info.clone())?, info)
        };
        Ok(self.open.insert(open).0.as_mut())
    }

    /// What the layer says of itself: what the shards do, or what the options tell for them.
    fn info(&mut self, like: Option<&Feature>) -> Result<LayerInfo> {
        let per = self.arguments.per.or(self.kind).unwrap_or_default();
        let is_told =
            |option: &str| self.said.as_ref().is_some_and(|said| said.options.split(' ').any(|o| o == option));
        let has = |name: &str| like.is_some_and(|feature| feature.contains_property(name));
        let sentences = is_told("--sentences") || has("sentence");
        let simplestyle = self.simplestyle || is_told("--simplestyle");
        let schema = Schema::of(per, sentences);
        let schema = if simplestyle { schema.simplestyle() } else { schema };
        let said = if let Some(said) = self.said.take() {
            said
        } else {
            let Arguments { roles, min_confidence, given_mentions, .. } = self.arguments;
            let keep = Keep { roles: roles.clone(), min_confidence: *min_confidence };
            let flags = [(sentences, "--sentences"), (simplestyle, "--simplestyle")];
            let options = LayerInfo::options(per, &keep, given_mentions.as_deref(), &flags);
            let gazetteer = Gazetteer::named(&self.arguments.gazetteer.gazetteer)?;
            let LayerInfo { attribution, license, gazetteer, .. } = LayerInfo::new(&gazetteer, schema.clone());
            Facts { attribution, license, gazetteer, options }
        };
        let Facts { attribution, license, gazetteer, options } = said.clone();
        // Of places that are added up it says so.
        let rest = options.split(' ').skip(2).collect::<Vec<_>>().join(" ");
        let options = format!("--per {} {rest}", per.as_str());
        self.said = Some(said);
        Ok(LayerInfo {
            name: LayerInfo::NAME.into(),
            title: self.arguments.title.clone(),
            attribution,
            license,
            gazetteer,
            options,
            schema,
            more: Vec::new(),
            wkt: self.arguments.wkt,
        })
    }

    fn finish(mut self) -> Result<Merged> {
        if self.arguments.per.or(self.kind) == Some(Per::Place) {
            self.put_places()?;
        }
        self.open(None)?.finish()?;
        let Self { open, output, tally, written, .. } = self;
        let in_use = || Error::from(std::io::Error::other("the layer is still in use"));
        let (layer, info) = open.ok_or_else(in_use)?;
        let left_out = layer.left_out();
        drop(layer);
        let output = Rc::into_inner(output).map(RefCell::into_inner).ok_or_else(in_use)?;
        Ok(Merged { output, info, tally, written, left_out })
    }

    fn put_places(&mut self) -> Result<()> {
        let gazetteer = Gazetteer::named(&self.arguments.gazetteer.gazetteer)?;
        if let Some(said) = self.said.as_ref().filter(|said| said.gazetteer != gazetteer.hash()) {
            let hash = &said.gazetteer;
            let message = format!("the shards were made with the gazetteer {hash}; name it with --gazetteer");
            return Err(Error::usage(message));
        }
        let simplestyle = self.simplestyle;
        let features = Features::new(gazetteer.clone(), false).simplestyle(simplestyle);
        for total in std::mem::take(&mut self.places).finish(&gazetteer)? {
            features.of_total(&total).map_or(Ok(()), |feature| self.put(&feature))?;
        }
        Ok(())
    }
}
