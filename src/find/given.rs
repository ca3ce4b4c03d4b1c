//! Mentions that an article brings along.

use super::judge::Decided;
use super::matcher::Candidate;
use super::mention::{Link, Mention, Role};
use super::roles;
use super::sheet::Sheet;
use crate::gazetteer::Name;
use crate::read::Field;
use crate::text::name_key;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Puts the given spans among those that were found, in reading order. What overlaps a given span is another reading
/// of the same words, and goes. Spans without a word are left out.
pub(super) fn merge(sheet: &Sheet<'_>, found: Vec<Decided>, given: &[Range<usize>]) -> Vec<Decided> {
    let mut all: Vec<Decided> = given.iter().filter_map(|span| decided(sheet, &found, span)).collect();
    // By their starts, each with the last end up to it: of those that start before a span ends, one overlaps it when one
    // ends after it starts.
    let mut starts: Vec<(usize, usize)> = given.iter().map(|span| (span.start, span.end)).collect();
    starts.sort_unstable();
    let mut last = 0;
    for (_, end) in &mut starts {
        last = last.max(*end);
        *end = last;
    }
    let is_free = |d: &Decided| {
        let before = starts.partition_point(|(start, _)| *start < d.span.end);
        before == 0 || starts[before - 1].1 <= d.span.start
    };
    all.extend(found.into_iter().filter(is_free));
    all.sort_by_key(|d| (d.span.start, d.span.end));
    all
}

/// A given span as a mention. Those that were `found` do not overlap each other, and come in reading order.
fn decided(sheet: &Sheet<'_>, found: &[Decided], span: &Range<usize>) -> Option<Decided> {
    let overlapping = &found[found.partition_point(|d| d.span.end <= span.start)..];
    let overlapping = overlapping.first().filter(|d| d.span.start < span.end);
    if let Some(same) = overlapping.filter(|d| d.span == *span) {
        return Some(same.clone());
    }
    let first = sheet.tokens.partition_point(|t| t.end as usize <= span.start);
    let after = sheet.tokens.partition_point(|t| (t.start as usize) < span.end);
    if first >= after {
        return None;
    }
    let name = name(sheet, &sheet.text[span.clone()]).or_else(|| overlapping.map(|d| d.name)).unwrap_or(Name::NONE);
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
    let wanted = mentions.iter().filter(|m| m.wanted && m.field == Field::Text);
    let mut there: FxHashSet<Range<usize>> = wanted.map(|m| m.start..m.end).collect();
    for span in given {
        if there.insert(span.clone()) {
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
