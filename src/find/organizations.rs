//! Names within the names of organizations, and in datelines.

use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::text::{Casing, Gap};

/// The words after a candidate that make it a part of an organization's name: the head's number, when there is one in
/// the same run of words with capitals.
pub(super) fn organization_after(sheet: &Sheet<'_>, candidate: &Candidate) -> Option<usize> {
    let mut head = None;
    let from = candidate.words.end;
    for j in from..(from + 6).min(sheet.tokens.len()) {
        let connects = matches!(sheet.normal(j), "of" | "for" | "and" | "de" | "du" | "des")
            && sheet.is_capital(j + 1)
            && j > from;
        if !sheet.joins(j) || sheet.tokens[j - 1].possessive || !(sheet.is_capital(j) || connects) {
            break;
        }
        let flags = sheet.flags(j);
        // "Syria University" is one; "Texas State" has a cue, "Lincoln Street" is a street.
        if flags.is_organization_head() || flags.is_team() {
            head = Some(j);
        }
    }
    head
}

/// "UNITED STATES, WASHINGTON (Agency) —", "BEIRUT, Lebanon, March 3 –", "LONDON: ".
pub(super) fn is_dateline(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let first = candidate.words.start;
    if sheet.tokens[first].opened {
        return false; // The agency, in parentheses.
    }
    let Some(from) = (first.saturating_sub(5)..=first).rev().find(|&j| sheet.gap(j) == Gap::Paragraph) else {
        return false;
    };
    let capitals = sheet.tokens[from].casing == Casing::Upper || (from..=first).all(|j| sheet.is_capital(j));
    if !capitals {
        return false;
    }
    let start = sheet.tokens[from].start as usize;
    let end = sheet.text[start..].char_indices().nth(90).map_or(sheet.text.len(), |(at, _)| start + at);
    let head = sheet.text[start..end].lines().next().unwrap_or_default();
    // The first byte of a long dash; few heads have any.
    if !head.bytes().any(|b| matches!(b, b'-' | 0xE2)) {
        return false;
    }
    let cut = [" — ", " – ", " -- ", " - ", ") —", ") –", ") -", "—"].iter().filter_map(|dash| head.find(dash)).min();
    cut.is_some_and(|cut| candidate.span.end <= start + cut)
}
