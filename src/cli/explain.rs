//! `mentionmap explain`.

use super::arguments::{GazetteerChoice, LeaningChoice, Reading};
use super::reading;
use super::table::{Table, rounded};
use super::{Outcome, leaning_resolver};
use crate::error::{Error, Result};
use crate::find::{Finder, Mention};
use crate::gazetteer::{Gazetteer, Place};
use crate::read::{self, Article, Inputs};
use crate::resolve::{Explained, Outlet, Placement};
use crate::text::CodePoints;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;

/// Show how the places of an article were chosen.
///
/// Lists the article's mentions; with --mention it prints every candidate place of one of them with all that the
/// ranker reads, best first. What is zero for every candidate is left out.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A file with one article, or `-` for standard input
    #[arg(value_name = "ARTICLE")]
    article: String,
    /// The mention to explain, by its number in the list
    #[arg(long, value_name = "N")]
    mention: Option<usize>,
    /// Of an input with several articles, the one with this identity
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    #[command(flatten)]
    leaning: LeaningChoice,
    #[command(flatten)]
    reading: Reading,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// A mention with its outcome.
struct Line<'a> {
    number: usize,
    mention: &'a Mention,
    placement: &'a Placement,
    candidates: &'a [Explained],
    text: &'a str,
    start: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    let article = article(arguments)?;
    let resolver = leaning_resolver(&gazetteer, &arguments.leaning)?;
    let mentions = Finder::new(gazetteer.clone()).find(&article);
    let outlet = Outlet::of(&article);
    let explained: Vec<Vec<Explained>> = resolver.explain(outlet, &mentions);
    let placements = resolver.resolve_of(outlet, &mentions);
    // Context is no mention: the numbers are those of the mentions that are mapped.
    let wanted = mentions.iter().zip(&explained).filter(|(mention, _)| mention.wanted);
    let mut at = [None, None];
    let lines: Vec<Line<'_>> = wanted
        .zip(&placements)
        .zip(1..)
        .map(|(((mention, candidates), placement), number)| {
            let text = article.field(mention.field);
            let slot = usize::from(mention.field == read::Field::Text);
            let start = at[slot].get_or_insert_with(|| CodePoints::new(text)).offset(mention.start);
            let text = text.get(mention.start..mention.end).unwrap_or_default();
            Line { number, mention, placement, candidates, text, start }
        })
        .collect();
    let mut out = std::io::stdout().lock();
    let Some(number) = arguments.mention else {
        if arguments.json {
            let all: Vec<Value> = lines.iter().map(|line| line.record(&gazetteer)).collect();
            writeln!(out, "{}", json!({ "article": article.id, "mentions": all }))?;
        } else {
            list(&lines, &gazetteer, &mut out)?;
        }
        return Ok(Outcome::Done);
    };
    let Some(line) = lines.get(number.wrapping_sub(1)) else {
        let message = match lines.len() {
            0 => "the article has no mentions".to_owned(),
            1 => format!("--mention {number}: the article has one mention, give 1"),
            most => format!("--mention {number}: the article has mentions 1 to {most}"),
        };
        return Err(Error::usage(message));
    };
    if arguments.json {
        let mut record = line.record(&gazetteer);
        let candidates = line.candidates.iter().filter_map(|c| Some(candidate(c, &gazetteer.place(c.place)?)));
        record["article"] = article.id.clone().into();
        record["candidates"] = candidates.collect();
        writeln!(out, "{record}")?;
    } else {
        explain(line, &gazetteer, &mut out)?;
    }
    Ok(Outcome::Done)
}

/// The one article of the input, or the one of several that `--id` names.
fn article(arguments: &Arguments) -> Result<Article> {
    let Inputs { found, errors, .. } = Inputs::expand(std::slice::from_ref(&arguments.article))?;
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    let mut only = None;
    for article in read::articles(found, reading::options(&arguments.reading)) {
        let article = article?;
        match &arguments.id {
            Some(id) if article.id == *id => return Ok(article),
            Some(_) => {}
            None if only.is_none() => only = Some(article),
            None => {
                return Err(Error::usage("holds several articles; say which with --id").at(&arguments.article));
            }
        }
    }
    only.ok_or_else(|| {
        let missing =
            arguments.id.as_ref().map_or_else(|| "holds no article".into(), |id| format!("no article {id:?}"));
        Error::usage(missing).at(&arguments.article)
    })
}

impl Line<'_> {
    fn record(&self, gazetteer: &Gazetteer) -> Value {
        let place = self.placement.place.and_then(|p| gazetteer.place(p));
        json!({
            "mention": self.number,
            "field": self.mention.field.as_str(),
            "start": self.start,
            "name": self.text,
            "role": self.mention.role.as_str(),
            "place_id": place.map(|p| p.id().to_string()),
            "place": place.map(|p| p.name()),
            "confidence": rounded(f64::from(self.placement.confidence), 4),
            "mention_probability": rounded(f64::from(self.mention.probability), 4),
            "why": self.placement.why.iter().map(|e| e.code()).collect::<Vec<_>>().join("|"),
        })
    }
}

fn list(lines: &[Line<'_>], gazetteer: &Gazetteer, out: &mut impl Write) -> Result<()> {
    let mut table = Table::new(&[">mention", "name", "role", "place", "id", ">confidence", "why"]);
    for line in lines {
        let place = line.placement.place.and_then(|p| gazetteer.place(p));
        table.row([
            line.number.to_string(),
            line.text.to_owned(),
            line.mention.role.as_str().to_owned(),
            place.map_or_else(|| "none".to_owned(), |p| full_name(&p)),
            place.map_or_else(String::new, |p| p.id().to_string()),
            format!("{:.3}", line.placement.confidence),
            line.placement.why.iter().map(|e| e.code()).collect::<Vec<_>>().join("|"),
        ]);
    }
    Ok(table.write(out)?)
}

/// "Paris, Texas, US".
fn full_name(place: &Place<'_>) -> String {
    let admin1 = place.admin1().map_or("", |a| a.name());
    [place.name(), admin1, place.country()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The values of a candidate in one row: the ranker's features, then what it leans towards.
fn values(candidate: &Explained) -> impl Iterator<Item = (&str, f32)> {
    let features = candidate.features.iter().map(|(name, value)| (name.as_str(), *value));
    features.chain(candidate.leaning.iter().map(|(evidence, points)| (evidence.code(), *points)))
}

fn candidate(of: &Explained, place: &Place<'_>) -> Value {
    let features: serde_json::Map<String, Value> = values(of)
        .filter(|(_, value)| *value != 0.0)
        .map(|(name, value)| (name.to_owned(), rounded(f64::from(value), 4).into()))
        .collect();
    json!({
        "place_id": place.id().to_string(),
        "place": place.name(),
        "country": place.country(),
        "admin1": place.admin1().map(|a| a.name()),
        "feature": place.feature().as_str(),
        "log_odds": rounded(f64::from(of.log_odds), 4),
        "probability": rounded(f64::from(of.probability), 4),
        "features": features,
    })
}

/// A column a candidate, a row a feature: there are more features than a terminal has columns, and few candidates that
/// matter.
const SHOWN: usize = 8;

fn explain(line: &Line<'_>, gazetteer: &Gazetteer, out: &mut impl Write) -> Result<()> {
    let shown: Vec<(&Explained, Place<'_>)> =
        line.candidates.iter().filter_map(|c| Some((c, gazetteer.place(c.place)?))).collect();
    writeln!(
        out,
        "mention {}: {} ({}, mention with probability {:.3})",
        line.number,
        line.text,
        line.mention.role.as_str(),
        line.mention.probability
    )?;
    let mut table = Table::new(&[">rank", "candidate", "id", "feature", ">log-odds", ">probability"]);
    for ((of, place), rank) in shown.iter().zip(1..) {
        table.row([
            rank.to_string(),
            full_name(place),
            place.id().to_string(),
            place.feature().as_str().to_owned(),
            format!("{:.3}", of.log_odds),
            format!("{:.3}", of.probability),
        ]);
    }
    writeln!(out)?;
    table.write(out)?;
    writeln!(out)?;
    let shown = &shown[..shown.len().min(SHOWN)];
    let numbers: Vec<String> = (1..=shown.len()).map(|n| format!(">{n}")).collect();
    let headings: Vec<&str> = std::iter::once("feature").chain(numbers.iter().map(String::as_str)).collect();
    let mut table = Table::new(&headings);
    let columns: Vec<Vec<(&str, f32)>> = shown.iter().map(|(of, _)| values(of).collect()).collect();
    for row in 0..columns.first().map_or(0, Vec::len) {
        let cells: Vec<f32> = columns.iter().map(|column| column[row].1).collect();
        if cells.iter().any(|value| *value != 0.0) {
            let name = columns[0][row].0.to_owned();
            let cell = |value: f32| if value == 0.0 { String::new() } else { format!("{value:.3}") };
            table.row(std::iter::once(name).chain(cells.into_iter().map(cell)));
        }
    }
    Ok(table.write(out)?)
}
