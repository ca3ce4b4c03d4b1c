//! Arguments as typed.

use super::{explain, gazetteer, homes, merge};
use crate::find::Role;
use crate::read::Format as ReadFormat;
use crate::write::{Format, Per, Table};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Articles in, map layers out: finds the places that news articles mention, decides which place each name means, and
/// writes GeoJSON in which every place is weighted by how often each article mentions it.
#[derive(Debug, Parser)]
#[command(name = "mentionmap", version, propagate_version = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Map(Box<Map>),
    Merge(Box<merge::Arguments>),
    /// Build gazetteers and look into them
    #[command(subcommand)]
    Gazetteer(gazetteer::Command),
    Evaluate(Evaluate),
    Explain(explain::Arguments),
    /// Where sources have their homes
    #[command(subcommand)]
    Homes(homes::Command),
    /// Show the options in force
    #[command(subcommand)]
    Config(Config),
    Completions(Completions),
    Man(Man),
}

/// Options of `map` and `evaluate` come from the command line, else from variables called like `MENTIONMAP_MIN_CONFIDENCE`,
/// else from the nearest mentionmap.toml in this folder or above.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Print every option with its value and where that comes from, in the form of mentionmap.toml
    Show,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// Print a manual page, as `man -l -` shows it
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The command that it is about, such as `map` [default: the program]
    #[arg(value_name = "COMMAND")]
    pub(super) command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(super) folder: Option<PathBuf>,
}

/// Map articles.
///
/// Reads text, Markdown, HTML, JSON, CSV, feeds, web archives and mail, packed or not; writes one feature for each place in an article, or over all articles,
/// or for each mention. Exit code 0: all done; 1: some inputs failed, each named on standard error, and the rest is
/// written whole; 2: nothing could be done.
#[derive(Clone, Debug, Args)]
pub(super) struct Map {
    /// Files, folders, glob patterns, addresses (https://…), or `-` for standard input, which is the default
    #[arg(value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// A file of addresses to map too, one a line
    #[arg(long, value_name = "FILE")]
    pub(super) urls: Option<PathBuf>,
    /// Where the layer goes; standard output when left out or `-`
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// Write a layer for each input into the folder OUT, in folders like the inputs'
    #[arg(long, requires = "output")]
    pub(super) per_input: bool,
    /// Map only inputs that have changed since, or whose options or gazetteer have
    #[arg(long, requires = "per_input")]
    pub(super) update: bool,
    /// Keep a journal beside OUT, and go on from the one that a stopped run has left
    #[arg(long, requires = "output", conflicts_with = "per_input")]
    pub(super) resume: bool,
    /// How the layer is written [default: by OUT's extension, else geojson]
    #[arg(short, long)]
    pub(super) format: Option<Format>,
    /// What a feature stands for
    #[arg(long, value_enum, default_value_t)]
    pub(super) per: Per,
    /// Which mentions count, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ROLES", default_value = "place")]
    pub(super) roles: Vec<Role>,
    /// Take a mention for unplaced when its confidence is lower than this, from 0 to 1
    #[arg(long, value_name = "X", default_value_t = 0.0, value_parser = confidence)]
    pub(super) min_confidence: f32,
    /// Add the sentence around each mention (with --per mention)
    #[arg(long)]
    pub(super) sentences: bool,
    /// Further tables in the same file, separated by commas (GeoPackage)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TABLES")]
    pub(super) with: Vec<Table>,
    /// The heading of a map (HTML, SVG, PNG)
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Write a style for QGIS beside the layer (.qml), so that it opens as a map; a GeoPackage has it within
    #[arg(long)]
    pub(super) style: bool,
    /// Add colors and sizes for geojson.io and GitHub to the properties (simplestyle)
    #[arg(long)]
    pub(super) simplestyle: bool,
    /// Coordinates in CSV as one column of well-known text, instead of longitude and latitude
    #[arg(long)]
    pub(super) wkt: bool,
    #[command(flatten)]
    pub(super) gazetteer: GazetteerChoice,
    #[command(flatten)]
    pub(super) leaning: LeaningChoice,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// Threads [default: one for each core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Write every input that failed or was skipped to this file, one JSON object a line: path, line, record, kind, message
    #[arg(long, value_name = "FILE")]
    pub(super) errors: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct GazetteerChoice {
    /// `world` (the default) or a compiled file; .csv, .tsv, .geojson and .json files of your own places are stacked on it
    #[arg(long, value_name = "G")]
    pub(super) gazetteer: Vec<String>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct LeaningChoice {
    /// Where sources have their homes: a table with the columns `source`, and `place_id` or `latitude` and `longitude`
    #[arg(long, value_name = "FILE")]
    pub(super) homes: Option<PathBuf>,
    /// Lean towards countries (SY,IQ) or a box in degrees (W,S,E,N), without forbidding the rest
    #[arg(long, value_name = "WHERE", allow_hyphen_values = true)]
    pub(super) prefer: Vec<String>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Reading {
    /// The format of every input [default: by content, then by extension]
    #[arg(long, value_name = "F")]
    pub(super) input_format: Option<ReadFormat>,
    /// The encoding of every input, such as windows-1256 [default: what it declares, else UTF-8, else a guess]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(super) encoding: Option<&'static encoding_rs::Encoding>,
    /// An article, a page, a feed or a mail longer than this is an error, in bytes
    #[arg(long, value_name = "N", default_value_t = 32 << 20)]
    pub(super) max_article_bytes: u64,
    /// A web page longer than this is an error, in bytes
    #[arg(long, value_name = "N", default_value_t = 4 << 20)]
    pub(super) max_page_bytes: u64,
    /// A packed file that unpacks to more than this is read no further, in bytes
    #[arg(long, value_name = "N", default_value_t = 1 << 40)]
    pub(super) max_unpacked_bytes: u64,
    /// A packed file that unpacks to more than this many times its size, and to more than 16 MB, is read no further
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_ratio: u64,
    /// A page of a Parquet file or a batch of an Arrow file longer than this is left out, in bytes
    #[arg(long, value_name = "N", default_value_t = 256 << 20)]
    pub(super) max_batch_bytes: u64,
    /// HTML and XML with elements nested deeper than this are errors
    #[arg(long, value_name = "N", default_value_t = 400)]
    pub(super) max_nesting: usize,
    /// Fetch addresses within private networks and on this machine too, and use proxies of the environment
    #[arg(long)]
    pub(super) allow_private: bool,
    /// What an address gives is an error when it is longer than this, in bytes
    #[arg(long, value_name = "N", default_value_t = 64 << 20)]
    pub(super) max_fetch_bytes: u64,
    /// Follow this many redirects
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(super) max_redirects: usize,
    /// Repeat a request that failed in passing this many times
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(super) retries: u32,
    /// Requests to one host at once
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) per_host: u16,
    /// Wait this many seconds for a connection or an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) timeout: u64,
    /// Field or column with the article's identity; a path such as `meta.id` for nested JSON, here and below
    #[arg(long, value_name = "FIELD", default_value = "id")]
    pub(super) id_field: String,
    /// Field or column with the headline
    #[arg(long, value_name = "FIELD", default_value = "title")]
    pub(super) title_field: String,
    /// Field or column with the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    pub(super) text_field: String,
    /// Field or column with the date
    #[arg(long, value_name = "FIELD", default_value = "date")]
    pub(super) date_field: String,
    /// Field or column with the address
    #[arg(long, value_name = "FIELD", default_value = "url")]
    pub(super) url_field: String,
    /// Field or column with the publisher
    #[arg(long, value_name = "FIELD", default_value = "source")]
    pub(super) source_field: String,
    /// Field or column with the language
    #[arg(long, value_name = "FIELD", default_value = "lang")]
    pub(super) lang_field: String,
    /// Field with mentions, [{"start", "end"}…] in code points of the text: exactly these are mapped
    #[arg(long, value_name = "FIELD")]
    pub(super) given_mentions: Option<String>,
}

const EVALUATE: &str = "Measure accuracy on gold corpora.

A gold corpus has a document a line: {\"id\", \"text\", \"toponyms\": [{\"start\", \"end\", \"name\", \"lat\", \"lon\", \
\"geonameid\"?, \"type\"?, \"tol_km\"?}], \"focus_country\"?}, offsets in code points. Right is within 161 km (or \
tol_km), or the same GeoNames id.";

/// Measure accuracy on gold corpora
#[derive(Debug, Args)]
#[command(long_about = EVALUATE)]
pub(super) struct Evaluate {
    /// Gold corpora
    #[arg(required = true, value_name = "GOLD")]
    pub(super) gold: Vec<PathBuf>,
    /// Which mentions count as predictions, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ROLES", default_value = "place")]
    pub(super) roles: Vec<Role>,
    /// Resolve the gold's own spans: measures resolution alone
    #[arg(long)]
    pub(super) given_mentions: bool,
    /// Demonyms, languages, homonyms and associative uses count too
    #[arg(long)]
    pub(super) all_types: bool,
    #[command(flatten)]
    pub(super) gazetteer: GazetteerChoice,
    #[command(flatten)]
    pub(super) leaning: LeaningChoice,
    /// Print this many misses, spurious mentions, wrong places and wrong focuses of each corpus
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) errors: usize,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

fn encoding(name: &str) -> Result<&'static encoding_rs::Encoding, String> {
    crate::read::encoding(name).map_err(|e| e.to_string())
}

pub(super) fn confidence(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|x| (0.0..=1.0).contains(x)).ok_or_else(|| "give a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
