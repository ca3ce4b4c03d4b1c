//! Every span of words that is a name of the gazetteer, or has the form of one.

use super::document::Facts;
use super::sheet::Sheet;
use super::unlisted;
use crate::gazetteer::{Name, Walk};
use crate::text::{Casing, Gap};
use std::ops::Range;

/// The most words that a name has.
pub(super) const LONGEST: usize = 10;

/// A span that may be a mention.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Bytes of the field.
    pub(super) span: Range<usize>,
    /// Its words.
    pub(super) words: Range<usize>,
    /// [`Name::NONE`] when it only has the form of a name.
    pub(super) name: Name,
}

/// All candidates, by first word, longer ones first.
pub(super) fn candidates(sheet: &Sheet<'_>, facts: &Facts) -> Vec<Candidate> {
    let mut found = Vec::with_capacity(sheet.capitals());
    if facts.is_lower_case {
        let may_start = |i: &usize| sheet.tokens[*i].casing != Casing::Number;
        (0..sheet.tokens.len()).filter(may_start).for_each(|i| start_at(sheet, i, facts, &mut found));
    } else {
        for i in sheet.marked() {
            // "al-Hol": the article before a hyphen belongs to the name.
            if i > 0
                && sheet.tokens[i - 1].casing == Casing::Lower
                && sheet.tokens[i - 1].tag.is_none()
                && sheet.gap(i) == Gap::Hyphen
                && sheet.is_capital(i)
                && sheet.is_particle(i - 1)
            {
                start_at(sheet, i - 1, facts, &mut found);
            }
            let token = &sheet.tokens[i];
            let is_in_lower_case = token.casing == Casing::Lower && token.tag != Some('#');
            if !is_in_lower_case && token.casing != Casing::Number {
                start_at(sheet, i, facts, &mut found);
            }
        }
    }
    if facts.is_english {
        unlisted::add(sheet, &mut found);
    }
    found
}

/// Adds the candidates that start with word `i`, longer ones first.
fn start_at(sheet: &Sheet<'_>, i: usize, facts: &Facts, found: &mut Vec<Candidate>) {
    let token = &sheet.tokens[i];
    if token.tag == Some('@') {
        return;
    }
    let from = found.len();
    let words = sheet.words();
    let named = sheet.start(i);
    let (start, end) = (token.start as usize, token.end as usize);
    take(sheet, named.name, start..end, i..i + 1, facts, found);
    if let Some(mark) = named.goes_on.filter(|_| may_go_on(sheet, &(i..i + 1))) {
        go_on(sheet, sheet.gazetteer.walk().at(&mark), start, i..i + 1, facts, found);
    }
    for reading in words.readings(token) {
        walk(sheet, i, words.reading_normal(reading), reading.start as usize, reading.end as usize, facts, found);
    }
    if found.len() > from + 1 {
        found[from..]
            .sort_by_key(|c: &Candidate| (std::cmp::Reverse(c.words.end), std::cmp::Reverse(c.span.end), c.span.start));
    }
}

/// Follows another reading of a first word through the names.
fn walk(sheet: &Sheet<'_>, i: usize, first: &str, start: usize, end: usize, facts: &Facts, found: &mut Vec<Candidate>) {
    if !sheet.gazetteer.may_start(first) {
        return;
    }
    let mut walk = sheet.gazetteer.walk();
    if walk.step(first.as_bytes()) {
        arrive(sheet, walk, start..end, i..i + 1, facts, found);
    }
}

/// Takes the name that ends after `words`, if one does.
fn take(
    sheet: &Sheet<'_>,
    name: Option<Name>,
    span: Range<usize>,
    words: Range<usize>,
    facts: &Facts,
    found: &mut Vec<Candidate>,
) {
    if let Some(name) = name.filter(|_| may_end(sheet, words.start, words.end - 1, facts)) {
        found.push(Candidate { span, words, name });
    }
}

/// Takes the name that ends after `words`, if one does, and goes on with the next word.
fn arrive(
    sheet: &Sheet<'_>,
    mut walk: Walk<'_>,
    span: Range<usize>,
    words: Range<usize>,
    facts: &Facts,
    found: &mut Vec<Candidate>,
) {
    take(sheet, walk.name(), span.clone(), words.clone(), facts, found);
    if may_go_on(sheet, &words) && walk.step(b" ") {
        go_on(sheet, walk, span.start, words, facts, found);
    }
}

/// Whether a name may be longer than these words.
fn may_go_on(sheet: &Sheet<'_>, words: &Range<usize>) -> bool {
    words.len() < LONGEST && words.end < sheet.tokens.len() && goes_on(sheet, words.end)
}

/// Goes on with the word after `words`, whose names the walk has followed up to the space.
fn go_on(
    sheet: &Sheet<'_>,
    mut walk: Walk<'_>,
    start: usize,
    words: Range<usize>,
    facts: &Facts,
    found: &mut Vec<Candidate>,
) {
    let token = &sheet.tokens[words.end];
    let longer = words.start..words.end + 1;
    // "St. John's" and "Hell's Kitchen" are names with their s; "Saint John's mayor" is not.
    // So is "Нижнем Новгороде", declined in both words.
    for reading in sheet.words().readings(token).iter().filter(|r| token.possessive || r.start == token.start) {
        let mut ahead = walk;
        if ahead.step(sheet.words().reading_normal(reading).as_bytes()) {
            arrive(sheet, ahead, start..reading.end as usize, longer.clone(), facts, found);
        }
    }
    if walk.step(sheet.normal(words.end).as_bytes()) {
        arrive(sheet, walk, start..token.end as usize, longer, facts, found);
    }
}

/// Whether a name may go on with word `j`: nothing but a space or a hyphen before it, or the comma of "Washington, D.C."
fn goes_on(sheet: &Sheet<'_>, j: usize) -> bool {
    match sheet.gap(j) {
        Gap::Space | Gap::Hyphen => true,
        Gap::Comma => sheet.tokens[j].dotted,
        _ => false,
    }
}

/// A name ends in a word with a capital, or in the word for what it is: "Anbar province".
fn may_end(sheet: &Sheet<'_>, first: usize, last: usize, facts: &Facts) -> bool {
    let token = &sheet.tokens[last];
    match token.casing {
        Casing::Lower => {
            first == last
                || facts.is_lower_case
                || (last > first && sheet.gap(last) == Gap::Hyphen)
                || sheet.flags(last).is_place_cue()
        }
        _ => true,
    }
}
