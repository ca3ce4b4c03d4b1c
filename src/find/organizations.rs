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

/// The most characters before the dash of a dateline.
const LONGEST_HEAD: usize = 90;

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
    let rest = &sheet.text[start..];
    // The head has so many characters at most.
    let head = match rest.split_at_checked(LONGEST_HEAD) {
        Some((head, _)) if head.is_ascii() => head,
        _ => rest.char_indices().nth(LONGEST_HEAD).map_or(rest, |(at, _)| &rest[..at]),
    };
    let head = head.lines().next().unwrap_or_default();
    // Few heads have any dash.
    if !head.contains('-') && (head.is_ascii() || !head.contains(['—', '–'])) {
        return false;
    }
    let cut = [" — ", " – ", " -- ", " - ", ") —", ") –", ") -", "—"].iter().filter_map(|dash| head.find(dash)).min();
    cut.is_some_and(|cut| candidate.span.end <= start + cut)
}
