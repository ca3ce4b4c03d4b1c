//! The judge: points of clues to a probability, and one reading of overlapping spans.

use super::clues::{Clue, CluePoints};
use super::document::Facts;
use super::gather;
use super::matcher::Candidate;
use super::mention::Role;
use super::roles;
use super::sheet::Sheet;
use crate::gazetteer::{Name, NameKind};
use std::collections::HashMap;
use std::ops::Range;

/// Points that each word beyond the first gives a longer span over the shorter ones inside it.
const LONGER: f32 = 3.0;
/// Points from which on a mention is certain.
const CERTAIN: f32 = 3.0;

/// A candidate that is a mention.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) span: Range<usize>,
    pub(super) words: Range<usize>,
    pub(super) name: Name,
    pub(super) role: Role,
    pub(super) probability: f32,
}

/// The mentions of each field, out of its candidates.
pub(super) fn judge(
    sheets: &[Sheet<'_>],
    candidates: &[Vec<Candidate>],
    facts: &Facts,
    by: &CluePoints,
) -> Vec<Vec<Decided>> {
    let of_field = |(sheet, all): (&Sheet<'_>, &Vec<Candidate>)| -> Vec<f32> {
        all.iter().map(|c| points(&gather::clues(sheet, c, facts, all), by)).collect()
    };
    let points: Vec<Vec<f32>> = sheets.iter().zip(candidates).map(of_field).collect();
    // A name that is certain somewhere is likelier elsewhere in the article.
    let mut certain: HashMap<Name, u32> = HashMap::new();
    for (c, _) in candidates.iter().flatten().zip(points.iter().flatten()).filter(|(_, points)| **points >= CERTAIN) {
        *certain.entry(c.name).or_default() += 1;
    }
    let elsewhere = |c: &Candidate, points: f32| {
        let others = certain.get(&c.name).copied().unwrap_or(0) - u32::from(points >= CERTAIN);
        if others > 0 { points + by.of(Clue::CertainElsewhere) } else { points }
    };
    let mut decided = Vec::with_capacity(sheets.len());
    for ((sheet, candidates), points) in sheets.iter().zip(candidates).zip(points) {
        let scored = candidates.iter().zip(points).map(|(c, points)| (elsewhere(c, points), c));
        decided.push(decide(sheet, scored.filter(|(points, _)| *points > 0.0).collect()));
    }
    decided
}

/// One reading of overlapping spans: the strongest first.
fn decide(sheet: &Sheet<'_>, mut scored: Vec<(f32, &Candidate)>) -> Vec<Decided> {
    let strength = |points: f32, c: &Candidate| points + LONGER * (c.words.len() - 1) as f32;
    scored.sort_by(|(a, c), (b, d)| {
        strength(*b, d)
            .total_cmp(&strength(*a, c))
            .then(c.span.start.cmp(&d.span.start))
            .then(d.span.end.cmp(&c.span.end))
    });
    let mut decided: Vec<Decided> = Vec::new();
    for (points, c) in scored {
        if decided.iter().any(|d| d.words.start < c.words.end && c.words.start < d.words.end) {
            continue;
        }
        let probability = 1.0 / (1.0 + (-points).exp());
        decided.push(Decided {
            span: c.span.start..end_with_dot(sheet, c),
            words: c.words.clone(),
            name: c.name,
            role: roles::role(sheet, c),
            probability,
        });
    }
    decided.sort_by_key(|d| d.span.start);
    decided
}

fn points(clues: &[(Clue, f32)], by: &CluePoints) -> f32 {
    clues.iter().map(|&(clue, value)| by.of(clue) * value).sum()
}

/// Where a mention ends: the dot of "Ky." is part of it.
fn end_with_dot(sheet: &Sheet<'_>, candidate: &Candidate) -> usize {
    let token = &sheet.tokens[candidate.words.end - 1];
    let end = candidate.span.end;
    let dotted =
        candidate.words.len() == 1 && token.dot && !token.dotted && sheet.text.as_bytes().get(end) == Some(&b'.');
    let first = sheet.gazetteer.postings(candidate.name).next();
    if dotted && first.is_some_and(|p| p.kind == NameKind::Abbreviation) { end + 1 } else { end }
}
