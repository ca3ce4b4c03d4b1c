//! Every span of words that is a name of the gazetteer.

use super::document::Facts;
use super::sheet::Sheet;
use crate::gazetteer::Name;
use crate::text::{Casing, Gap};
use std::ops::Range;

/// The most words that a name has.
const LONGEST: usize = 10;

/// A span that may be a mention.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Bytes of the field.
    pub(super) span: Range<usize>,
    /// Its words.
    pub(super) words: Range<usize>,
    pub(super) name: Name,
}

/// All candidates, by first word, longer ones first.
pub(super) fn candidates(sheet: &Sheet<'_>, facts: &Facts) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (i, token) in sheet.tokens.iter().enumerate() {
        let may_start = match token.casing {
            Casing::Lower => facts.is_lower_case || token.tag == Some('#') || (sheet.is_particle(i) && sheet.gap(i + 1) == Gap::Hyphen && sheet.is_capital(i + 1)),
            Casing::Number => false,
            _ => true,
        };
        if !may_start || token.tag == Some('@') {
            continue;
        }
        let from = found.len();
        let words = sheet.words();
        walk(sheet, i, words.normal(token), token.start as usize, token.end as usize, facts, &mut found);
        for reading in words.readings(token) {
            walk(sheet, i, words.reading_normal(reading), reading.start as usize, reading.end as usize, facts, &mut found);
        }
        found[from..].sort_by_key(|c: &Candidate| (std::cmp::Reverse(c.words.end), std::cmp::Reverse(c.span.end), c.span.start));
        found[from..].iter_mut().for_each(|c| c.span.end = c.span.end.max(c.span.start + 1));
    }
    found
}

/// Follows one reading of a first word through the names.
fn walk(sheet: &Sheet<'_>, i: usize, first: &str, start: usize, end: usize, facts: &Facts, found: &mut Vec<Candidate>) {
    if !sheet.gazetteer.may_start(first) {
        return;
    }
    let mut walk = sheet.gazetteer.walk();
    if !walk.step(first.as_bytes()) {
        return;
    }
    let words = sheet.words();
    let mut j = i;
    let mut end = end;
    loop {
        if let Some(name) = walk.name().filter(|_| may_end(sheet, i, j, facts)) {
            // The dot of an abbreviation is part of it: "Ky.", but not of a name that ends a sentence.
            found.push(Candidate { span: start..end, words: i..j + 1, name });
        }
        j += 1;
        if j - i >= LONGEST || j >= sheet.tokens.len() || !matches!(sheet.gap(j), Gap::Space | Gap::Hyphen) || !walk.step(b" ") {
            return;
        }
        let token = &sheet.tokens[j];
        // "St. John's" is a name with its s; "Saint John's mayor" is not.
        for reading in words.readings(token).iter().filter(|_| token.possessive) {
            let mut ahead = walk;
            if ahead.step(words.reading_normal(reading).as_bytes())
                && let Some(name) = ahead.name()
            {
                found.push(Candidate { span: start..reading.end as usize, words: i..j + 1, name });
            }
        }
        if !walk.step(words.normal(token).as_bytes()) {
            return;
        }
        end = token.end as usize;
    }
}

/// A name ends in a word with a capital, or in the word for what it is: "Anbar province".
fn may_end(sheet: &Sheet<'_>, first: usize, last: usize, facts: &Facts) -> bool {
    let token = &sheet.tokens[last];
    match token.casing {
        Casing::Lower => first == last || facts.is_lower_case || (last > first && sheet.gap(last) == Gap::Hyphen) || sheet.gazetteer.word(sheet.normal(last)).is_place_cue(),
        _ => true,
    }
}
