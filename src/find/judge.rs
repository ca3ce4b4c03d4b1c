//! The judge: points of clues to a probability, and one reading of overlapping spans.

use super::clues::{self, Clue, CluePoints};
use super::document::{Facts, is_locative};
use super::matcher::Candidate;
use super::mention::Role;
use super::sheet::Sheet;
use crate::gazetteer::{Name, NameKind};
use crate::read::Field;
use crate::text::{Casing, Gap};
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

pub(super) fn judge(
    proposed: Vec<(Field, Sheet<'_>, Vec<Candidate>, Facts)>,
    by: &CluePoints,
) -> Vec<(Field, Vec<Decided>)> {
    let points: Vec<Vec<f32>> = proposed
        .iter()
        .map(|(_, sheet, candidates, facts)| {
            candidates.iter().map(|c| points(&clues::clues(sheet, c, facts, candidates), by)).collect()
        })
        .collect();
    // A name that is certain somewhere is likelier elsewhere in the article.
    let mut certain: HashMap<Name, u32> = HashMap::new();
    for ((_, _, candidates, _), points) in proposed.iter().zip(&points) {
        for (c, _) in candidates.iter().zip(points).filter(|(_, points)| **points >= CERTAIN) {
            *certain.entry(c.name).or_default() += 1;
        }
    }
    let elsewhere = |c: &Candidate, points: f32| {
        let others = certain.get(&c.name).copied().unwrap_or(0) - u32::from(points >= CERTAIN);
        if others > 0 { points + by.of(Clue::CertainElsewhere) } else { points }
    };
    proposed
        .iter()
        .zip(points)
        .map(|((field, sheet, candidates, _), points)| {
            let scored = candidates.iter().zip(points).map(|(c, points)| (elsewhere(c, points), c)).collect();
            (*field, decide(sheet, scored))
        })
        .collect()
}

fn decide(sheet: &Sheet<'_>, scored: Vec<(f32, &Candidate)>) -> Vec<Decided> {
    let mut scored: Vec<(f32, &Candidate)> = scored.into_iter().filter(|(points, _)| *points > 0.0).collect();
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
            role: role(sheet, c),
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
    let dotted = candidate.words.len() == 1 && token.dot && !token.dotted && sheet.text.as_bytes().get(end) == Some(&b'.');
    let first = sheet.gazetteer.postings(candidate.name).next();
    if dotted && first.is_some_and(|p| p.kind == NameKind::Abbreviation) { end + 1 } else { end }
}

/// In which role a mention is used.
pub(super) fn role(sheet: &Sheet<'_>, candidate: &Candidate) -> Role {
    if clues::organization_after(sheet, candidate).is_some() || organization_before(sheet, candidate) || is_named_after(sheet, candidate) {
        return Role::Organization;
    }
    let facts = clues::name_facts(sheet, candidate, |_| {});
    let first = candidate.words.start;
    let after_preposition = first > 0 && sheet.joins(first) && is_locative(sheet.normal(first - 1));
    if (facts.is_demonym && !(facts.names_division && after_preposition))
        || (facts.abbreviates_country && is_attributive(sheet, candidate))
    {
        return Role::Demonym;
    }
    Role::Place
}

/// "University of X", "Bank of X", "Bishop of the X".
fn organization_before(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let mut i = candidate.words.start;
    if i > 0 && sheet.joins(i) && matches!(sheet.normal(i - 1), "the" | "la" | "le" | "los") {
        i -= 1;
    }
    if i < 2
        || !sheet.joins(i)
        || !sheet.joins(i - 1)
        || !matches!(sheet.normal(i - 1), "of" | "de" | "du" | "del" | "di" | "von" | "at")
    {
        return false;
    }
    sheet.is_capital(i - 2) && sheet.flags(i - 2).is_organization_opener()
}

/// "Air France", "Radio Tirana": a common noun with a capital before a name.
fn is_named_after(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let i = candidate.words.start;
    if i == 0 || !sheet.joins(i) || sheet.gap(i) != Gap::Space || !sheet.is_capital(i - 1) || sheet.starts_sentence(i - 1) {
        return false;
    }
    let flags = sheet.flags(i - 1);
    let common = flags.is_common() && !flags.is_title() && !flags.is_calendar() && !flags.is_place_cue() && !flags.may_be_given_name();
    common && !sheet.is_geographic(i - 1) && !clues::is_demonym(sheet, i - 1) && !clues::is_shouting(sheet, i)
}

/// "US troops", "U.K. officials": an abbreviation that stands for the adjective.
fn is_attributive(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let next = candidate.words.end;
    let token = &sheet.tokens[next - 1];
    if token.possessive || next >= sheet.tokens.len() || !sheet.joins(next) {
        return false;
    }
    let flags = sheet.flags(next);
    match sheet.tokens[next].casing {
        // "U.S.-led", "US-backed".
        _ if sheet.gap(next) == Gap::Hyphen => true,
        Casing::Lower => {
            !is_function_word(sheet.normal(next)) && !flags.is_speech_verb() && !sheet.normal(next).ends_with("ed")
        }
        Casing::Number => false,
        _ => !flags.is_calendar(),
    }
}

/// Words that go on with the sentence rather than with the noun.
fn is_function_word(normal: &str) -> bool {
    matches!(
        normal,
        "a" | "an"
            | "the"
            | "and"
            | "or"
            | "but"
            | "nor"
            | "if"
            | "as"
            | "at"
            | "by"
            | "for"
            | "from"
            | "in"
            | "into"
            | "of"
            | "off"
            | "on"
            | "onto"
            | "out"
            | "over"
            | "to"
            | "under"
            | "up"
            | "upon"
            | "with"
            | "within"
            | "without"
            | "about"
            | "above"
            | "across"
            | "after"
            | "against"
            | "along"
            | "amid"
            | "among"
            | "around"
            | "before"
            | "behind"
            | "below"
            | "beneath"
            | "beside"
            | "between"
            | "beyond"
            | "despite"
            | "down"
            | "during"
            | "except"
            | "inside"
            | "like"
            | "near"
            | "outside"
            | "past"
            | "since"
            | "than"
            | "through"
            | "throughout"
            | "till"
            | "toward"
            | "towards"
            | "until"
            | "via"
            | "while"
            | "who"
            | "whose"
            | "which"
            | "that"
            | "this"
            | "these"
            | "those"
            | "when"
            | "where"
            | "why"
            | "how"
            | "what"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "being"
            | "has"
            | "have"
            | "had"
            | "having"
            | "do"
            | "does"
            | "did"
            | "will"
            | "would"
            | "shall"
            | "should"
            | "can"
            | "could"
            | "may"
            | "might"
            | "must"
            | "not"
            | "no"
            | "so"
            | "yet"
            | "also"
            | "too"
            | "then"
            | "there"
            | "here"
            | "now"
            | "still"
            | "just"
            | "only"
            | "even"
            | "because"
            | "although"
            | "though"
            | "unless"
            | "whether"
            | "he"
            | "she"
            | "it"
            | "they"
            | "we"
            | "i"
            | "you"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "my"
            | "your"
            | "all"
            | "both"
            | "each"
            | "last"
            | "next"
            | "again"
            | "already"
            | "alone"
            | "itself"
            | "et"
            | "y"
            | "und"
            | "today"
            | "yesterday"
            | "tomorrow"
            | "says"
            | "goes"
            | "gets"
            | "makes"
            | "took"
            | "made"
            | "went"
            | "came"
            | "began"
            | "won"
            | "lost"
    )
}
