//! A field's words with what the gazetteer knows of them: what clues are read from.

use super::book::{Book, Known};
use super::layout::Layout;
use super::lexicon::{Hashes, Lexicon, Start, Word};
use crate::gazetteer::{Gazetteer, Name, WordFlags};
use crate::read::Field;
use crate::text::{Casing, Gap, Token, Tokens, Vocabulary};

/// Words before a place name that belong to it or describe it, and make it no person's name.
pub(super) const GEOGRAPHIC: &[&str] = &[
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
pub(super) const PARTICLES: &[&str] = &[
    "al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "bin", "ibn", "ben", "bint", "abu", "van", "von",
    "der", "den", "de", "di", "da", "del", "della", "dos", "du", "la", "le", "ter", "ten", "zu", "st",
];

/// One field of an article.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) field: Field,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    words: &'a Tokens,
    layout: &'a Layout,
    vocabulary: &'a Vocabulary,
    lexicon: &'a Lexicon,
    book: &'a Book,
    pub(super) gazetteer: &'a Gazetteer,
}

/// What the sheets of an article share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) lexicon: &'a Lexicon,
    pub(super) book: &'a Book,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        field: Field,
        text: &'a str,
        words: &'a Tokens,
        layout: &'a Layout,
        Shared { gazetteer, vocabulary, lexicon, book }: Shared<'a>,
    ) -> Self {
        Self { field, text, tokens: words.as_slice(), words, layout, vocabulary, lexicon, book, gazetteer }
    }

    pub(super) fn words(&self) -> &'a Tokens {
        self.words
    }

    /// The normal form of word `i`; empty beyond the ends.
    pub(super) fn normal(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| self.vocabulary.normal(t.word))
    }

    pub(super) fn surface(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    pub(super) fn flags(&self, i: usize) -> WordFlags {
        self.word(i).flags()
    }

    /// What is known of word `i` alone; nothing beyond the ends.
    fn word(&self, i: usize) -> Word {
        self.tokens.get(i).map_or_else(Word::default, |t| self.lexicon.word(t.word))
    }

    /// The names that start with word `i`.
    pub(super) fn start(&self, i: usize) -> Start {
        self.tokens.get(i).map_or_else(Start::default, |t| self.lexicon.start(t.word))
    }

    /// What stands for word `i` in hashed features.
    pub(super) fn hashes(&self, i: usize) -> Hashes {
        self.tokens.get(i).map_or_else(Hashes::default, |t| self.lexicon.hashes(t.word))
    }

    /// Whether word `i` is a preposition that places follow.
    pub(super) fn is_locative(&self, i: usize) -> bool {
        self.word(i).is_locative()
    }

    /// Whether word `i` alone is a demonym.
    pub(super) fn is_demonym(&self, i: usize) -> bool {
        self.word(i).is_demonym()
    }

    /// Hands over what is known of a name.
    pub(super) fn known<T>(&self, name: Name, tell: impl FnOnce(&Known) -> T) -> T {
        self.book.with(self.gazetteer, name, tell)
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
        self.word(i).is_geographic()
    }

    /// Whether names of other things than places may start with word `i`.
    pub(super) fn opens_phrase(&self, i: usize) -> bool {
        self.word(i).opens_phrase()
    }

    pub(super) fn is_particle(&self, i: usize) -> bool {
        self.word(i).is_particle()
    }

    /// The words that are not in lower case, or have a tag, in order.
    pub(super) fn marked(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.layout.marked()
    }

    /// How many words have capitals.
    pub(super) fn capitals(&self) -> usize {
        self.layout.capitals()
    }

    /// The sentence that word `i` lies in, as a range of words; of one that does not end, some hundred words around.
    pub(super) fn sentence(&self, i: usize) -> std::ops::Range<usize> {
        self.layout.sentence(i)
    }

    /// Of the words of more than three letters that lie around word `i` in its sentence: how many there are, and how
    /// many of them have capitals.
    pub(super) fn capitals_around(&self, i: usize, words: usize) -> (usize, usize) {
        let sentence = self.sentence(i);
        self.layout.long(i.saturating_sub(words).max(sentence.start)..(i + words + 1).min(sentence.end))
    }
}
