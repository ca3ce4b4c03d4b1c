//! Trains the linear models of the words around a name and of the name itself, on text that nobody annotated for this
//! purpose: news that the hand-set points label where they are certain, Wikipedia's links, corpora of named entities.

use anyhow::{Context as _, Result};
use liblzma::read::XzDecoder;
use mentionmap::find::Example;
use mentionmap::model::Table;
use mentionmap::text::CodePoints;
use mentionmap::{Article, Field, Finder};
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Weights of a table.
const SIZE: usize = 1 << 18;
/// Points from which on a candidate is taken for a mention, and below which for none.
const CERTAIN: f32 = 3.0;
const CERTAINLY_NOT: f32 = -2.5;
const EPOCHS: usize = 3;
/// The step of `AdaGrad` (Duchi et al. 2011), and the pull towards 0.
const STEP: f32 = 0.15;
const RIDGE: f32 = 2e-5;

/// Two tables: of what stands around, and of the name.
pub(super) struct Tables {
    pub(super) context: Table,
    pub(super) name: Table,
}

/// Labeled candidates, as hashes.
#[derive(Default)]
struct Labeled {
    context: Vec<Vec<u32>>,
    name: Vec<Vec<u32>>,
    yes: Vec<bool>,
}

/// A line of any of the files.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    text: String,
    title: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    tokens: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Link {
    start: usize,
    end: usize,
}

/// Trains on the files under `text`, `train/wikipedia-links.jsonl.xz` and `train/ner` of a folder.
pub(super) fn train(folder: &Path, finder: &mut Finder) -> Result<Tables> {
    let points = mentionmap::find::feature_names().iter().position(|name| name == "points").context("no points")?;
    let mut labeled = Labeled::default();
    let mut files = files(&folder.join("text"))?;
    files.push(folder.join("train/wikipedia-links.jsonl.xz"));
    for source in ["btc_en", "uner_ewt_en", "wnut17_en"] {
        files.extend(self::files(&folder.join("train/ner").join(source))?);
    }
    for file in files {
        let lines = BufReader::new(XzDecoder::new(File::open(&file).with_context(|| file.display().to_string())?));
        for line in lines.lines() {
            let line: Line = serde_json::from_str(&line?)?;
            labeled.add(line, finder, points);
        }
    }
    Ok(Tables { context: fit(&labeled.context, &labeled.yes)?, name: fit(&labeled.name, &labeled.yes)? })
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".jsonl.xz"));
    files.sort();
    Ok(files)
}

impl Labeled {
    fn add(&mut self, line: Line, finder: &mut Finder, points: usize) {
        if !line.tokens.is_empty() {
            let (text, entities) = entities(&line.tokens, &line.tags);
            let label = |e: &Example| {
                let kind = |(span, kind): &(Range<usize>, String)| {
                    let overlaps = span.start < e.span.end && e.span.start < span.end;
                    overlaps.then(|| kind.to_lowercase().starts_with("loc").then_some(*span == e.span))
                };
                match entities.iter().find_map(kind) {
                    None => Some(false),
                    Some(Some(same)) => same.then_some(true),
                    // A place's name within an organization's or a work's is one too, for some.
                    Some(None) => entities
                        .iter()
                        .any(|(span, kind)| {
                            kind.to_lowercase().starts_with("per") && span.start < e.span.end && e.span.start < span.end
                        })
                        .then_some(false),
                }
            };
            self.take(finder.examples(&Article::new("", text)), label);
            return;
        }
        let mut at = CodePoints::new(&line.text);
        let links: Vec<Range<usize>> = line.links.iter().map(|l| at.byte(l.start)..at.byte(l.end)).collect();
        let label = |e: &Example| {
            let linked = links.contains(&e.span);
            let part = !linked && links.iter().any(|l| l.start < e.span.end && e.span.start < l.end);
            match e.features[points] {
                _ if linked => Some(true),
                _ if part => None,
                p if p >= CERTAIN => Some(true),
                p if p <= CERTAINLY_NOT => Some(false),
                _ => None,
            }
        };
        let article = Article { title: line.title, ..Article::new("", line.text) };
        self.take(finder.examples(&article), label);
    }

    fn take(&mut self, examples: Vec<Example>, label: impl Fn(&Example) -> Option<bool>) {
        for example in examples.into_iter().filter(|e| e.field == Field::Text) {
            if let Some(yes) = label(&example) {
                self.yes.push(yes);
                self.context.push(example.context);
                self.name.push(example.name);
            }
        }
    }
}

/// The text of tokens with BIO tags, and the spans of the entities with their kinds.
fn entities(tokens: &[String], tags: &[String]) -> (String, Vec<(Range<usize>, String)>) {
    let mut text = String::new();
    let mut entities: Vec<(Range<usize>, String)> = Vec::new();
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

/// Logistic regression by `AdaGrad`, in a fixed order that mixes the sources.
fn fit(rows: &[Vec<u32>], yes: &[bool]) -> Result<Table> {
    let mut weights = vec![0.0f32; SIZE];
    let mut squares = vec![1e-6f32; SIZE];
    let mut bias = 0.0f32;
    // A step that has no factor in common with the number of rows comes by every row once.
    let stride = (rows.len() as f64 * 0.618) as usize | 1;
    let stride = (stride..stride + 1000).find(|&s| gcd(s, rows.len().max(1)) == 1).unwrap_or(1);
    for _ in 0..EPOCHS {
        for i in 0..rows.len() {
            let row = i * stride % rows.len();
            let at = |hash: &u32| *hash as usize & (SIZE - 1);
            let score = bias + rows[row].iter().map(|hash| weights[at(hash)]).sum::<f32>();
            let slope = 1.0 / (1.0 + (-score).exp()) - f32::from(u8::from(yes[row]));
            bias -= 0.01 * slope;
            for hash in &rows[row] {
                let (weight, square) = (&mut weights[at(hash)], &mut squares[at(hash)]);
                let slope = slope + RIDGE * *weight;
                *square += slope * slope;
                *weight -= STEP * slope / square.sqrt();
            }
        }
    }
    Ok(Table::new(&weights)?)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
