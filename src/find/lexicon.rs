//! What the gazetteer knows of a word alone, found out once for each word, from article to article.

use super::document::is_locative;
use super::sheet::{is_geographic, is_particle};
use crate::gazetteer::{Gazetteer, Mark, Name, NameKind, WordFlags};
use crate::text::Vocabulary;

/// What is known of a word, in its normal form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    pub(super) flags: WordFlags,
    /// It belongs to a place's name beside it, or describes it.
    pub(super) is_geographic: bool,
    /// It joins a name to the name before it.
    pub(super) is_particle: bool,
    /// Places follow it.
    pub(super) is_locative: bool,
    /// By itself, it is a demonym.
    pub(super) is_demonym: bool,
    /// The name that it is by itself.
    pub(super) name: Option<Name>,
    /// Where names go on after it and a space.
    pub(super) goes_on: Option<Mark>,
}

/// The most postings of a name among which a demonym is sought.
const POSTINGS: usize = 8;

impl Word {
    fn of(gazetteer: &Gazetteer, normal: &str) -> Self {
        let mut word = Self {
            flags: gazetteer.word(normal),
            is_geographic: is_geographic(normal),
            is_particle: is_particle(normal),
            is_locative: is_locative(normal),
            ..Self::default()
        };
        let mut walk = gazetteer.walk();
        if gazetteer.may_start(normal) && walk.step(normal.as_bytes()) {
            word.name = walk.name();
            word.goes_on = walk.step(b" ").then(|| walk.mark());
        }
        word.is_demonym =
            word.name.is_some_and(|name| gazetteer.postings(name).take(POSTINGS).any(|p| p.kind == NameKind::Demonym));
        word
    }
}

/// The words of a vocabulary, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: Vec<Word>,
    generation: u32,
}

impl Lexicon {
    /// Looks up the words that are new.
    pub(super) fn learn(&mut self, gazetteer: &Gazetteer, vocabulary: &Vocabulary) {
        if self.generation != vocabulary.generation() {
            *self = Self { generation: vocabulary.generation(), ..Self::default() };
        }
        for word in self.words.len()..vocabulary.len() {
            self.words.push(Word::of(gazetteer, vocabulary.normal(word as u32)));
        }
    }

    /// A word by its number.
    pub(super) fn word(&self, number: u32) -> Word {
        self.words.get(number as usize).copied().unwrap_or_default()
    }

    pub(super) fn flags(&self, number: u32) -> WordFlags {
        self.words.get(number as usize).map_or_else(WordFlags::default, |word| word.flags)
    }

    pub(super) fn is(&self, number: u32, fact: impl FnOnce(&Word) -> bool) -> bool {
        self.words.get(number as usize).is_some_and(fact)
    }
}
