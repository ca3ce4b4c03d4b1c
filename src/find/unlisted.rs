//! Names that no gazetteer has, told by the common noun in them: streets and roads, creeks, parks, townships. They come
//! out without a place unless the gazetteer happens to know them, and keep their words from being taken for other
//! places: "Lincoln Street" is no Lincoln.

use super::clues::Clue;
use super::document::is_initial;
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::gazetteer::Name;
use crate::text::{Casing, Gap};
use std::ops::Range;

/// The most words before the common noun.
const BEFORE: usize = 3;

/// What kind of thing a common noun makes of the name before it.
fn kind(word: &str) -> Option<Clue> {
    Some(match word {
        "street" | "st" | "avenue" | "ave" | "boulevard" | "blvd" | "road" | "rd" | "drive" | "dr" | "lane" | "ln"
        | "highway" | "hwy" | "parkway" | "pkwy" | "freeway" | "expressway" | "turnpike" | "pike" | "terrace"
        | "alley" | "crescent" | "causeway" | "bypass" | "beltway" | "streets" | "avenues" | "roads" | "way"
        | "court" | "circle" | "trail" | "square" => Clue::Road,
        "creek" | "river" | "lake" | "reservoir" | "pond" | "bayou" | "bay" | "falls" | "springs" | "canal"
        | "mountain" | "mountains" | "hill" | "hills" | "ridge" | "valley" | "canyon" | "island" | "islands"
        | "forest" | "wilderness" | "park" | "beach" | "peninsula" | "glacier" | "township" | "village" | "peak"
        | "pass" | "bridge" | "dam" | "desert" | "plateau" | "cape" | "harbor" | "harbour" => Clue::Unlisted,
        _ => return None,
    })
}

/// Words that open the name of a numbered road, after a space or a hyphen ("Interstate 95", "I-95", "CR 2202").
fn numbers_roads(word: &str) -> bool {
    matches!(word, "highway" | "hwy" | "route" | "rte" | "interstate" | "road" | "i" | "cr" | "sr" | "us")
}

/// Words that open the name of a street in other languages.
fn opens_street(word: &str) -> bool {
    matches!(
        word,
        "rue"
            | "avenue"
            | "boulevard"
            | "place"
            | "calle"
            | "avenida"
            | "plaza"
            | "paseo"
            | "via"
            | "viale"
            | "piazza"
            | "rua"
            | "largo"
    )
}

/// A letter and a number: a road in Britain, France or Germany ("A417", "N7", "B51").
fn is_numbered_road(surface: &str) -> bool {
    let digits = surface.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or_default();
    (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the last of these words makes them the name of something too small for a gazetteer: a street, a building, a
/// park, a numbered road.
pub(super) fn is_local(sheet: &Sheet<'_>, words: &Range<usize>) -> bool {
    let last = words.end - 1;
    if words.len() == 1 {
        return is_numbered_road(sheet.surface(last));
    }
    sheet.tokens[last].casing == Casing::Number
        || sheet.flags(last).is_street()
        || kind(sheet.normal(last)).is_some()
        || opens_street(sheet.normal(words.start))
}

/// Whether a candidate is such a name, and of which kind.
pub(super) fn clue(sheet: &Sheet<'_>, candidate: &Candidate) -> Option<Clue> {
    if candidate.name != Name::NONE {
        return None;
    }
    let last = candidate.words.end - 1;
    if sheet.tokens[last].casing == Casing::Number { Some(Clue::Road) } else { kind(sheet.normal(last)) }
}

/// Adds the names that end in a common noun with a capital, or in the number of a road, and that the gazetteer lacks.
/// Candidates stay in their order.
pub(super) fn add(sheet: &Sheet<'_>, found: &mut Vec<Candidate>) {
    let listed = found.len();
    for last in sheet.marked() {
        if !sheet.joins(last) || sheet.tokens[last - 1].possessive {
            continue;
        }
        if sheet.tokens[last].casing == Casing::Number {
            if sheet.is_capital(last - 1) && numbers_roads(sheet.normal(last - 1)) {
                // "State Route 9", "U.S. Highway 61"; a road alone is numbered in a county or a state.
                let from = start(sheet, last - 1);
                if from < last - 1 || sheet.normal(last - 1) != "road" {
                    put(sheet, from.max(last.saturating_sub(3)), last, listed, found);
                }
            }
        } else if sheet.gap(last) == Gap::Space
            && sheet.is_capital(last)
            && kind(sheet.normal(last)).is_some()
            && !is_person(sheet, last)
        {
            let from = start(sheet, last);
            if from < last {
                put(sheet, from, last, listed, found);
            }
            if from + 1 < last {
                // "Saturday Main Street": the words before may be another name.
                put(sheet, last - 1, last, listed, found);
            }
        }
    }
    if found.len() > listed {
        found.sort_by_key(|c| (c.words.start, std::cmp::Reverse(c.words.end), std::cmp::Reverse(c.span.end)));
    }
}

/// The first of the words with capitals, or ordinals ("42nd"), that lead to word `last`.
fn start(sheet: &Sheet<'_>, last: usize) -> usize {
    let mut first = last;
    while first > last.saturating_sub(BEFORE) && sheet.joins(first) && !sheet.tokens[first - 1].possessive {
        let token = &sheet.tokens[first - 1];
        let is_name = match token.casing {
            Casing::Title | Casing::Upper | Casing::Mixed => {
                // "On Main Street": the first word of a sentence has a capital anyway.
                !sheet.starts_sentence(first - 1) || !sheet.flags(first - 1).is_frequent()
            }
            Casing::Number => sheet.surface(first - 1).ends_with(|c: char| c.is_ascii_alphabetic()),
            _ => false,
        };
        if !is_name {
            break;
        }
        first -= 1;
    }
    first
}

/// "Marvin F. Lane": a given name and an initial, not of a direction, stand before the last word.
fn is_person(sheet: &Sheet<'_>, last: usize) -> bool {
    let is_direction = matches!(sheet.normal(last - 1), "n" | "s" | "e" | "w");
    is_initial(sheet, last - 1)
        && !is_direction
        && sheet.joins(last - 1)
        && sheet.is_capital(last - 2)
        && sheet.flags(last - 2).may_be_given_name()
}

/// Adds the words from `first` to `last` unless they are a candidate already, among the first `listed`.
fn put(sheet: &Sheet<'_>, first: usize, last: usize, listed: usize, found: &mut Vec<Candidate>) {
    let words = first..last + 1;
    let from = found[..listed].partition_point(|c| c.words.start < first);
    let is_listed = found[from..listed].iter().take_while(|c| c.words.start == first).any(|c| c.words == words);
    if !is_listed {
        let span = sheet.tokens[first].start as usize..sheet.tokens[last].end as usize;
        found.push(Candidate { span, words, name: Name::NONE });
    }
}
