//! Gold corpora and what is learned from each of their documents.

use super::exchange::Exchange;
use anyhow::{Context, Result};
use mentionmap::evaluate::{Document, Toponym, article, read_gold};
use mentionmap::resolve::Outlet;
use mentionmap::text::CodePoints;
use mentionmap::{Article, Field, Finder, Gazetteer, Resolver};
use std::ops::Range;
use std::path::Path;

/// A gold corpus.
pub(super) struct Corpus {
    pub(super) name: String,
    pub(super) pages: Vec<Page>,
}

/// A document with what the judge reads of it.
pub(super) struct Page {
    pub(super) document: Document,
    pub(super) candidates: Vec<Candidate>,
    /// The same text in pieces of a sentence or two: articles of their own, because people map short texts too.
    pub(super) pieces: Vec<Page>,
    /// Of a piece: the candidates of the same text with other places in it.
    pub(super) exchanged: Vec<Candidate>,
}

/// A candidate of the judge, and whether it is a mention.
pub(super) struct Candidate {
    pub(super) features: Vec<f32>,
    pub(super) prior: f32,
    pub(super) yes: bool,
}

/// A mention with its candidate places, and which of them are right.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) features: Vec<Vec<f32>>,
    pub(super) priors: Vec<f32>,
    pub(super) right: Vec<bool>,
    same: Vec<bool>,
}

impl Corpus {
    pub(super) fn read(path: &Path, finder: &mut Finder, exchange: &mut Exchange) -> Result<Self> {
        let documents = read_gold(path).with_context(|| format!("reading {}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let pages = documents
            .into_iter()
            .map(|document| {
                let piece = |(n, piece): (usize, Document)| {
                    let other = exchange.apply(&piece);
                    let exchanged = other.map(|other| candidates(&other, finder)).unwrap_or_default();
                    Page { exchanged, ..Page::new(in_case(n, piece), finder) }
                };
                let pieces = pieces(&document).into_iter().enumerate().map(piece).collect();
                Page { pieces, ..Page::new(document, finder) }
            })
            .collect();
        Ok(Self { name, pages })
    }
}

impl Page {
    fn new(document: Document, finder: &mut Finder) -> Self {
        let candidates = candidates(&document, finder);
        Self { document, candidates, pieces: Vec::new(), exchanged: Vec::new() }
    }
}

/// The least length of a piece, in code points.
const PIECE: usize = 120;

/// Cuts a document after sentences; toponyms that a cut goes through are left out.
fn pieces(document: &Document) -> Vec<Document> {
    let text: Vec<char> = document.text.chars().collect();
    let mut pieces = Vec::new();
    let mut from = 0;
    for at in 1..=text.len() {
        let ends = at == text.len()
            || text[at] == '\n'
            || (text[at] == ' '
                && matches!(text[at - 1], '.' | '!' | '?')
                && text.get(at + 1).is_some_and(|c| c.is_uppercase()));
        if !ends || (at - from < PIECE && at < text.len()) {
            continue;
        }
        let mut piece =
            Document { title: None, text: text[from..at].iter().collect(), toponyms: Vec::new(), ..document.clone() };
        for toponym in document.toponyms.iter().filter(|t| from <= t.start && t.end <= at) {
            piece.toponyms.push(Toponym { start: toponym.start - from, end: toponym.end - from, ..toponym.clone() });
        }
        pieces.push(piece);
        from = at;
    }
    pieces
}

/// Every so many pieces one is shouted, and one is written without any capital: people do both.
const OTHER_CASE: usize = 8;

/// A piece as it is, in capitals or in lower case, where that keeps its code points.
fn in_case(number: usize, piece: Document) -> Document {
    let change: fn(&str) -> String = match number % OTHER_CASE {
        3 => str::to_uppercase,
        7 => str::to_lowercase,
        _ => return piece,
    };
    let text = change(&piece.text);
    if text.chars().count() == piece.text.chars().count() { Document { text, ..piece } } else { piece }
}

/// Spans of a document's toponyms, in bytes.
fn spans(document: &Document) -> Vec<Range<usize>> {
    let mut at = CodePoints::new(&document.text);
    document.toponyms.iter().map(|t| at.byte(t.start)..at.byte(t.end)).collect()
}

fn candidates(document: &Document, finder: &mut Finder) -> Vec<Candidate> {
    let noun = mentionmap::find::feature_names().iter().position(|name| name == "OtherNoun").unwrap_or(0);
    let examples: Vec<_> =
        finder.examples(&article(document, false)).into_iter().filter(|e| e.field == Field::Text).collect();
    let mut yes = vec![false; examples.len()];
    for gold in spans(document) {
        let overlap = |span: &Range<usize>| span.end.min(gold.end).saturating_sub(span.start.max(gold.start));
        // The same span if there is one, else what shares most with it, the shortest of equals.
        let best = examples
            .iter()
            .map(|e| (e.span == gold, overlap(&e.span), std::cmp::Reverse(e.span.len())))
            .filter(|(_, shared, _)| *shared > 0)
            .max();
        for (yes, e) in yes.iter_mut().zip(&examples) {
            // "Street" alone is no mention of "Market Street", although it is all that the gazetteer knows of it.
            let is_part = e.span != gold && e.features[noun] > 0.0;
            *yes |= !is_part && best == Some((e.span == gold, overlap(&e.span), std::cmp::Reverse(e.span.len())));
        }
    }
    examples.into_iter().zip(yes).map(|(e, yes)| Candidate { features: e.features, prior: e.prior, yes }).collect()
}

/// The choices that a document gives the ranker: its toponyms with coordinates, among the other mentions found.
pub(super) fn choices(page: &Page, finder: &mut Finder, resolver: &Resolver, world: &Gazetteer) -> Vec<Choice> {
    let document = &page.document;
    let article: Article = article(document, true);
    let mentions = finder.find(&article);
    let gold = spans(document);
    let mut choices: Vec<Choice> = Vec::new();
    let mut last = None;
    for example in resolver.examples(Outlet::of(&article), &mentions) {
        let mention = &mentions[example.mention];
        let toponym = gold.iter().position(|span| *span == (mention.start..mention.end));
        let Some(toponym) = toponym.map(|at| &document.toponyms[at]).filter(|t| t.lat.is_some()) else { continue };
        if last != Some(example.mention) {
            choices.push(Choice::default());
            last = Some(example.mention);
        }
        if let Some(choice) = choices.last_mut() {
            let place = world.place(example.place);
            let error = place.and_then(|p| toponym.distance_km((p.latitude(), p.longitude())));
            choice.right.push(error.is_some_and(|km| toponym.tolerates(km)));
            choice.same.push(place.is_some_and(|p| toponym.is_entry(&p.id().to_string())));
            choice.priors.push(example.prior);
            choice.features.push(example.features);
        }
    }
    for choice in &mut choices {
        // Where the very entry is among the candidates, its neighbors are not right: a county is not its seat.
        if choice.same.contains(&true) {
            choice.right.clone_from(&choice.same);
        }
    }
    choices
}
