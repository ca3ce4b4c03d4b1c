//! In which role a name is used: for a place, within an organization's name, or as a demonym.

use super::gather::is_shouting;
use super::known::name_facts;
use super::matcher::Candidate;
use super::mention::Role;
use super::organizations::organization_after;
use super::sheet::Sheet;
use crate::text::{Casing, Gap};

/// In which role a mention is used.
pub(super) fn role(sheet: &Sheet<'_>, candidate: &Candidate) -> Role {
    if organization_after(sheet, candidate).is_some()
        || organization_before(sheet, candidate)
        || is_named_after(sheet, candidate)
    {
        return Role::Organization;
    }
    let facts = name_facts(sheet, candidate, |_| {});
    let first = candidate.words.start;
    let after_preposition = first > 0 && sheet.joins(first) && sheet.is_locative(first - 1);
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
    if i == 0
        || !sheet.joins(i)
        || sheet.gap(i) != Gap::Space
        || !sheet.is_capital(i - 1)
        || sheet.starts_sentence(i - 1)
    {
        return false;
    }
    let flags = sheet.flags(i - 1);
    let common = flags.is_common()
        && !flags.is_title()
        && !flags.is_calendar()
        && !flags.is_place_cue()
        && !flags.may_be_given_name();
    common && !sheet.is_geographic(i - 1) && !sheet.is_demonym(i - 1) && !is_shouting(sheet, i)
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
            !FUNCTION_WORDS.contains(&sheet.normal(next))
                && !flags.is_speech_verb()
                && !sheet.normal(next).ends_with("ed")
        }
        Casing::Number => false,
        _ => !flags.is_calendar(),
    }
}

/// Words that go on with the sentence rather than with the noun.
const FUNCTION_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "and",
    "or",
    "but",
    "nor",
    "if",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "into",
    "of",
    "off",
    "on",
    "onto",
    "out",
    "over",
    "to",
    "under",
    "up",
    "upon",
    "with",
    "within",
    "without",
    "about",
    "above",
    "across",
    "after",
    "against",
    "along",
    "amid",
    "among",
    "around",
    "before",
    "behind",
    "below",
    "beneath",
    "beside",
    "between",
    "beyond",
    "despite",
    "down",
    "during",
    "except",
    "inside",
    "like",
    "near",
    "outside",
    "past",
    "since",
    "than",
    "through",
    "throughout",
    "till",
    "toward",
    "towards",
    "until",
    "via",
    "while",
    "who",
    "whose",
    "which",
    "that",
    "this",
    "these",
    "those",
    "when",
    "where",
    "why",
    "how",
    "what",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "has",
    "have",
    "had",
    "having",
    "do",
    "does",
    "did",
    "will",
    "would",
    "shall",
    "should",
    "can",
    "could",
    "may",
    "might",
    "must",
    "not",
    "no",
    "so",
    "yet",
    "also",
    "too",
    "then",
    "there",
    "here",
    "now",
    "still",
    "just",
    "only",
    "even",
    "because",
    "although",
    "though",
    "unless",
    "whether",
    "he",
    "she",
    "it",
    "they",
    "we",
    "i",
    "you",
    "his",
    "her",
    "its",
    "their",
    "our",
    "my",
    "your",
    "all",
    "both",
    "each",
    "last",
    "next",
    "again",
    "already",
    "alone",
    "itself",
    "et",
    "y",
    "und",
    "today",
    "yesterday",
    "tomorrow",
    "says",
    "goes",
    "gets",
    "makes",
    "took",
    "made",
    "went",
    "came",
    "began",
    "won",
    "lost",
];
