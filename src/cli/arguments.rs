//! Arguments as typed.

use super::gazetteer;
use crate::find::Role;
use crate::write::{Format, Per, Table};
use clap::{Args, Parser, Subcommand, ValueEnum};
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
    /// Build gazetteers and look into them
    #[command(subcommand)]
    Gazetteer(gazetteer::Command),
    Evaluate(Evaluate),
}

/// Map articles.
///
/// Reads plain text, Markdown and JSON Lines; writes one feature for each place in an article, or over all articles,
/// or for each mention. Exit code 0: all done; 1: some inputs failed, each named on standard error, and the rest is
/// written whole; 2: nothing could be done.
#[derive(Debug, Args)]
pub(super) struct Map {
    /// Files, folders, glob patterns, or `-` for standard input, which is the default
    #[arg(value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// Where the layer goes; standard output when left out or `-`
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
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
    pub(super) reading: Reading,
    /// Threads [default: one for each core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Write every error to this file too, one JSON object a line: path, line, error
    #[arg(long, value_name = "FILE")]
    pub(super) errors: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct GazetteerChoice {
    /// `world` (the default) or a compiled file; .csv, .tsv, .geojson and .json files of your own places are stacked on it
    #[arg(long, value_name = "G")]
    pub(super) gazetteer: Vec<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Reading {
    /// The format of every input [default: by extension, then by content]
    #[arg(long, value_name = "F")]
    pub(super) input_format: Option<InputFormat>,
    /// An article longer than this is an error, in bytes
    #[arg(long, value_name = "N", default_value_t = 32 << 20)]
    pub(super) max_article_bytes: u64,
    /// JSON field with the article's identity
    #[arg(long, value_name = "FIELD", default_value = "id")]
    pub(super) id_field: String,
    /// JSON field with the headline
    #[arg(long, value_name = "FIELD", default_value = "title")]
    pub(super) title_field: String,
    /// JSON field with the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    pub(super) text_field: String,
    /// JSON field with the date
    #[arg(long, value_name = "FIELD", default_value = "date")]
    pub(super) date_field: String,
    /// JSON field with the address
    #[arg(long, value_name = "FIELD", default_value = "url")]
    pub(super) url_field: String,
    /// JSON field with the publisher
    #[arg(long, value_name = "FIELD", default_value = "source")]
    pub(super) source_field: String,
    /// JSON field with the language
    #[arg(long, value_name = "FIELD", default_value = "lang")]
    pub(super) lang_field: String,
    /// JSON field with mentions, [{"start", "end"}…] in code points of the text: exactly these are mapped
    #[arg(long, value_name = "FIELD")]
    pub(super) given_mentions: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum InputFormat {
    /// Plain text, an article a file
    Text,
    /// Markdown, an article a file
    Markdown,
    /// A JSON object a line, an article each
    Jsonl,
}

const EVALUATE: &str = "Measure accuracy on gold corpora.

A gold corpus has a document a line: {\"id\", \"text\", \"toponyms\": [{\"start\", \"end\", \"name\", \"lat\", \"lon\", \
\"geonameid\"?, \"type\"?, \"tol_km\"?}]}, offsets in code points. Right is within 161 km (or tol_km), or the same \
GeoNames id.";

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
    /// Print this many misses, spurious mentions and wrong places of each corpus
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) errors: usize,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

fn confidence(text: &str) -> Result<f32, String> {
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
