//! A field's words with what the gazetteer knows of them: what clues are read from.

use crate::gazetteer::{Gazetteer, WordFlags};
use crate::read::Field;
use crate::text::{Casing, Gap, Token, Tokens};

/// Words before a place name that belong to it or describe it, and make it no person's name.
const GEOGRAPHIC: &[&str] = &[
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "northeastern",
    "northwestern",
    "southeastern",
    "southwestern",
    "central",
    "upper",
    "lower",
    "greater",
    "downtown",
    "uptown",
    "inner",
    "outer",
    "mid",
    "old",
    "new",
    "rural",
    "urban",
    "metropolitan",
    "mainland",
    "occupied",
    "camp",
    "mount",
    "lake",
    "port",
    "fort",
    "cape",
    "point",
    "gulf",
    "the",
    "republic",
    "kingdom",
    "state",
    "province",
    "city",
    "town",
    "village",
    "county",
    "district",
    "region",
    "governorate",
    "شمال",
    "جنوب",
    "شرق",
    "غرب",
    "شمالي",
    "جنوبي",
    "شرقي",
    "غربي",
    "ريف",
    "مدينه",
    "محافظه",
    "بلده",
    "قريه",
    "مخيم",
    "منطقه",
    "ولايه",
];

/// Articles and particles that join a name to the name before it.
const PARTICLES: &[&str] = &[
    "al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "bin", "ibn", "ben", "bint", "abu", "van", "von",
    "der", "den", "de", "di", "da", "del", "della", "dos", "du", "la", "le", "ter", "ten", "zu", "st",
];

/// The most words of a sentence that are looked at on either side of one: lists without an end cost without end.
const SENTENCE: usize = 200;

/// One field of an article.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) field: Field,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    words: &'a Tokens,
    pub(super) gazetteer: &'a Gazetteer,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(field: Field, text: &'a str, words: &'a Tokens, gazetteer: &'a Gazetteer) -> Self {
        Self { field, text, tokens: words.as_slice(), words, gazetteer }
    }

    pub(super) fn words(&self) -> &'a Tokens {
        self.words
    }

    /// The normal form of word `i`; empty beyond the ends.
    pub(super) fn normal(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| self.words.normal(t))
    }

    pub(super) fn surface(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    pub(super) fn flags(&self, i: usize) -> WordFlags {
        if i < self.tokens.len() { self.gazetteer.word(self.normal(i)) } else { WordFlags::default() }
    }

    /// Whether word `i` starts with a capital.
    pub(super) fn is_capital(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| matches!(t.casing, Casing::Title | Casing::Upper | Casing::Mixed))
    }

    /// What lies before word `i`; the end of the text is a paragraph's end.
    pub(super) fn gap(&self, i: usize) -> Gap {
        self.tokens.get(i).map_or(Gap::Paragraph, |t| t.gap)
    }

    /// Whether word `i` stands right after the one before: nothing but a space or a hyphen between.
    pub(super) fn joins(&self, i: usize) -> bool {
        i > 0 && matches!(self.gap(i), Gap::Space | Gap::Hyphen) && !self.tokens.get(i).is_some_and(|t| t.opened)
    }

    /// Whether word `i` starts a sentence, a quotation or the text.
    pub(super) fn starts_sentence(&self, i: usize) -> bool {
        self.gap(i) >= Gap::Sentence || self.tokens.get(i).is_some_and(|t| t.opened && t.gap == Gap::Other)
    }

    pub(super) fn is_geographic(&self, i: usize) -> bool {
        GEOGRAPHIC.contains(&self.normal(i))
    }

    pub(super) fn is_particle(&self, i: usize) -> bool {
        PARTICLES.contains(&self.normal(i))
    }

    /// The sentence that word `i` lies in, as a range of words; of one that does not end, some hundred words around.
    pub(super) fn sentence(&self, i: usize) -> std::ops::Range<usize> {
        let (from, to) = (i.saturating_sub(SENTENCE), (i + SENTENCE).min(self.tokens.len()));
        let first = (from.max(1)..=i).rev().find(|&j| self.gap(j) >= Gap::Sentence).unwrap_or(from);
        let last = (i + 1..to).find(|&j| self.gap(j) >= Gap::Sentence).unwrap_or(to);
        first..last
    }
}
