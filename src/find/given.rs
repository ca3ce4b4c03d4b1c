//! Mentions that an article brings along.

use super::judge::Decided;
use super::matcher::Candidate;
use super::mention::{Link, Mention, Role};
use super::roles;
use super::sheet::Sheet;
use crate::gazetteer::Name;
use crate::read::Field;
use crate::text::name_key;
use std::ops::Range;

/// Puts the given spans among those that were found, in reading order. What overlaps a given span is another reading
/// of the same words, and goes. Spans without a word are left out.
pub(super) fn merge(sheet: &Sheet<'_>, found: Vec<Decided>, given: &[Range<usize>]) -> Vec<Decided> {
    let mut all: Vec<Decided> = given.iter().filter_map(|span| decided(sheet, &found, span)).collect();
    let is_free = |d: &Decided| !given.iter().any(|g| g.start < d.span.end && d.span.start < g.end);
    all.extend(found.into_iter().filter(is_free));
    all.sort_by_key(|d| (d.span.start, d.span.end));
    all
}

fn decided(sheet: &Sheet<'_>, found: &[Decided], span: &Range<usize>) -> Option<Decided> {
    if let Some(same) = found.iter().find(|d| d.span == *span) {
        return Some(same.clone());
    }
    let first = sheet.tokens.partition_point(|t| t.end as usize <= span.start);
    let after = sheet.tokens.partition_point(|t| (t.start as usize) < span.end);
    if first >= after {
        return None;
    }
    let name = name(sheet, &sheet.text[span.clone()])
        .or_else(|| found.iter().find(|d| d.span.start < span.end && span.start < d.span.end).map(|d| d.name))
        .unwrap_or(Name::NONE);
    let candidate = Candidate { span: span.clone(), words: first..after, name };
    // Whoever gives a span says that it is a mention.
    Some(Decided {
        span: span.clone(),
        words: first..after,
        name,
        role: roles::role(sheet, &candidate),
        probability: 1.0,
        misspelled: false,
    })
}

/// The longest run of a span's words that is a name, the first of equals. A part that is nothing but common nouns says
/// nothing of the whole: "Trump Tower" is not the hamlet Tower.
fn name(sheet: &Sheet<'_>, surface: &str) -> Option<Name> {
    let key = name_key(surface);
    let words: Vec<&str> = key.split(' ').collect();
    let is_generic = |word: &&str| {
        let flags = sheet.gazetteer.word(word);
        flags.is_common() || flags.is_street() || flags.is_organization_head() || flags.is_place_cue()
    };
    (1..=words.len()).rev().find_map(|length| {
        let tells = |run: &&[&str]| length == words.len() || !run.iter().all(is_generic);
        words.windows(length).filter(tells).find_map(|run| sheet.gazetteer.name(&run.join(" ")))
    })
}

/// Adds the given spans that hold no word: they come out too, without a place.
pub(super) fn add_wordless(given: &[Range<usize>], mentions: &mut Vec<Mention>) {
    let before = mentions.len();
    for span in given {
        if !mentions.iter().any(|m| m.wanted && m.field == Field::Text && m.start == span.start && m.end == span.end) {
            mentions.push(Mention {
                field: Field::Text,
                start: span.start,
                end: span.end,
                role: Role::Place,
                probability: 1.0,
                name: Name::NONE,
                misspelled: false,
                cue: None,
                after_article: false,
                link: Link::None,
                wanted: true,
                local: false,
            });
        }
    }
    if mentions.len() > before {
        mentions.sort_by_key(|m| (m.field, m.start, m.end));
    }
}
