//! Trains the linear models of the words around a name and of the name itself, on text that nobody annotated for this
//! purpose: news that the hand-set points label where they are certain, Wikipedia's links, corpora of named entities.

use super::material::{self, Line};
use anyhow::{Context as _, Result};
use mentionmap::find::Example;
use mentionmap::model::Table;
use mentionmap::text::CodePoints;
use mentionmap::{Article, Field, Finder};
use std::ops::Range;
use std::path::Path;

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

/// Trains on the files under `text`, `train/wikipedia-links.jsonl.xz` and `train/ner` of a folder.
pub(super) fn train(folder: &Path, finder: &mut Finder) -> Result<Tables> {
    let points = mentionmap::find::feature_names().iter().position(|name| name == "points").context("no points")?;
    let mut labeled = Labeled::default();
    let mut files = material::news_files(folder)?;
    files.push(material::linked_file(folder));
    files.extend(material::tagged_files(folder)?);
    for file in files {
        for line in material::lines(&file)? {
            labeled.add(line?, finder, points);
        }
    }
    Ok(Tables { context: fit(&labeled.context, &labeled.yes)?, name: fit(&labeled.name, &labeled.yes)? })
}

impl Labeled {
    fn add(&mut self, line: Line, finder: &mut Finder, points: usize) {
        if !line.tokens.is_empty() {
            let (text, entities) = material::entities(&line.tokens, &line.tags);
            self.take(finder.examples(&Article::new("", text)), |e| material::label(&entities, e));
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
