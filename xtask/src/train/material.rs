//! Text that nobody annotated for this purpose: news, Wikipedia's paragraphs with their links, sentences with tagged
//! named entities. A line of any of the files, and what it says of a candidate.

use anyhow::{Context as _, Result};
use liblzma::read::XzDecoder;
use mentionmap::find::Example;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Corpora of named entities under `train/ner`, whose licenses allow to train weights that ship.
const TAGGED: [&str; 3] = ["btc_en", "uner_ewt_en", "wnut17_en"];

/// A line of any of the files.
#[derive(Deserialize)]
pub(super) struct Line {
    #[serde(default)]
    pub(super) text: String,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
    #[serde(default)]
    pub(super) tokens: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
}

/// A linked mention of a place.
#[derive(Deserialize)]
pub(super) struct Link {
    /// Code points.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Of the page that it leads to.
    #[serde(default)]
    pub(super) title: String,
}

/// A named entity, in bytes of its sentence, with its kind.
pub(super) type Entity = (Range<usize>, String);

/// News: every file under `text`.
pub(super) fn news_files(folder: &Path) -> Result<Vec<PathBuf>> {
    files(&folder.join("text"))
}

/// Wikipedia's paragraphs with their links.
pub(super) fn linked_file(folder: &Path) -> PathBuf {
    folder.join("train/wikipedia-links.jsonl.xz")
}

/// Sentences with tagged entities.
pub(super) fn tagged_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let of = |source: &&str| files(&folder.join("train/ner").join(source));
    Ok(TAGGED.iter().map(of).collect::<Result<Vec<_>>>()?.concat())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".jsonl.xz"));
    files.sort();
    Ok(files)
}

/// The lines of a file.
pub(super) fn lines(file: &Path) -> Result<impl Iterator<Item = Result<Line>> + use<>> {
    let reader = BufReader::new(XzDecoder::new(File::open(file).with_context(|| file.display().to_string())?));
    Ok(reader.lines().map(|line| Ok(serde_json::from_str(&line?)?)))
}

/// What tagged entities say of a candidate: the same span as a location is a mention, and what is in no entity or in a
/// person is none. A place's name within an organization's or a work's is one too, for some: nothing is said of it.
pub(super) fn label(entities: &[Entity], example: &Example) -> Option<bool> {
    let overlaps = |span: &Range<usize>| span.start < example.span.end && example.span.start < span.end;
    let is_kind = |kind: &str, of: &str| kind.to_lowercase().starts_with(of);
    match entities.iter().find(|(span, _)| overlaps(span)) {
        None => Some(false),
        Some((span, kind)) if is_kind(kind, "loc") => (*span == example.span).then_some(true),
        Some(_) => entities.iter().any(|(span, kind)| is_kind(kind, "per") && overlaps(span)).then_some(false),
    }
}

/// The text of tokens with BIO tags, and the spans of the entities with their kinds.
pub(super) fn entities(tokens: &[String], tags: &[String]) -> (String, Vec<Entity>) {
    let mut text = String::new();
    let mut entities: Vec<Entity> = Vec::new();
    for (token, tag) in tokens.iter().zip(tags) {
        let glued = matches!(token.as_str(), "," | "." | "'s" | "’s" | ":" | ";" | ")" | "!" | "?");
        if !text.is_empty() && !glued {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token);
        if let Some(kind) = tag.strip_prefix("B-") {
            entities.push((start..text.len(), kind.to_owned()));
        } else if tag.starts_with("I-")
            && let Some(last) = entities.last_mut()
        {
            last.0.end = text.len();
        }
    }
    (text, entities)
}
