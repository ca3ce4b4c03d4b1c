//! Lists of names and "X, Y".

use super::clues::Clue;
use super::gather::letters;
use super::known::{NameFacts, name_facts};
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::text::Gap;

/// Lists and "X, Y".
pub(super) fn neighbors(
    sheet: &Sheet<'_>,
    candidate: &Candidate,
    name: NameFacts,
    all: &[Candidate],
    put: &mut impl FnMut(Clue),
) {
    let starting = |word: usize| {
        let from = all.partition_point(|c| c.words.start < word);
        all[from..].iter().take_while(move |c| c.words.start == word)
    };
    let ending = |word: usize| {
        let to = all.partition_point(|c| c.words.start <= word);
        all[to.saturating_sub(24)..to].iter().filter(move |c| c.words.end == word + 1)
    };
    let mut contained = false;
    let mut containing = false;
    let (mut listed, mut known) = (false, false);
    let next = candidate.words.end;
    let mut consider = |other: &Candidate| {
        listed = true;
        known |= name_facts(sheet, other, |_| {}).is_known;
    };
    if sheet.gap(next) == Gap::Comma && next < sheet.tokens.len() {
        for other in starting(next) {
            contained |= contains(sheet, other, candidate);
            consider(other);
        }
    } else if matches!(sheet.normal(next), "and" | "or" | "et" | "y" | "und" | "e" | "ou" | "o" | "oder")
        && sheet.joins(next)
        && next + 1 < sheet.tokens.len()
    {
        starting(next + 1).for_each(&mut consider);
    }
    let first = candidate.words.start;
    if first > 0 && sheet.gap(first) == Gap::Comma {
        for other in ending(first - 1) {
            containing |= contains(sheet, candidate, other);
            consider(other);
        }
    } else if first > 1
        && matches!(sheet.normal(first - 1), "and" | "or" | "et" | "y" | "und" | "e" | "ou" | "o" | "oder")
        && sheet.joins(first)
    {
        ending(first - 2).for_each(&mut consider);
    } else if first > 0 && sheet.joins(first) && starts_with_and(sheet, candidate) {
        ending(first - 1).for_each(&mut consider);
    } else if first > 0 && name.is_abbreviation && sheet.joins(first) {
        // "Bowling Green KY"
        for other in ending(first - 1) {
            containing |= contains(sheet, candidate, other);
        }
    }
    if lists_a_kind(sheet, next) {
        put(Clue::ListedKind);
    }
    for (said, clue) in [
        (contained, Clue::Contained),
        (containing, Clue::Containing),
        (listed && !contained && !containing, Clue::Listed),
        (known && !contained && !containing, Clue::ListedWithKnown),
    ] {
        if said {
            put(clue);
        }
    }
    let letters = letters(sheet, first);
    if name.is_abbreviation
        && !name.abbreviates_country
        && !containing
        && (letters <= 2 || !sheet.tokens[first].dot)
        && !sheet.tokens[first].dotted
    {
        put(Clue::PostalAlone);
    }
}

/// Whether the Arabic "and" is joined to a name. What comes before it may be in a list with it; that it is a name says
/// nothing of what comes before, since verbs are joined in the same way.
fn starts_with_and(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    clitics(sheet, candidate).starts_with('و')
}

/// What is joined to a name before it in its first word: Arabic conjunctions and prepositions.
pub(super) fn clitics<'a>(sheet: &Sheet<'a>, candidate: &Candidate) -> &'a str {
    let start = sheet.tokens.get(candidate.words.start).map_or(0, |token| token.start as usize);
    sheet.text.get(start..candidate.span.start).unwrap_or_default()
}

/// Whether a list goes on from word `next` and ends in a common noun: "Clay, Douglas, Grant and Wilkin counties".
fn lists_a_kind(sheet: &Sheet<'_>, next: usize) -> bool {
    let mut separated = false;
    for j in next..(next + 30).min(sheet.tokens.len()) {
        let and = matches!(sheet.normal(j), "and" | "or" | "et" | "y");
        separated |= and || sheet.gap(j) == Gap::Comma;
        if !separated || sheet.gap(j) > Gap::Comma {
            return false;
        }
        if !and && !sheet.is_capital(j) {
            return sheet.gap(j) == Gap::Space && PLURAL_CUES.contains(&sheet.normal(j));
        }
    }
    false
}

/// Common nouns for several places.
pub(super) const PLURAL_CUES: &[&str] = &[
    "counties",
    "provinces",
    "governorates",
    "states",
    "districts",
    "regions",
    "parishes",
    "cities",
    "towns",
    "villages",
    "oblasts",
    "rivers",
    "islands",
    "municipalities",
];

/// Whether a place that `outer` may mean contains one that `inner` may mean.
fn contains(sheet: &Sheet<'_>, outer: &Candidate, inner: &Candidate) -> bool {
    sheet.known(outer.name, |outer| sheet.known(inner.name, |inner| outer.contains(inner)))
}
