//! What the gazetteer knows of a word alone, found out once for each word, from article to article.

use super::document::is_locative;
use super::phrases;
use super::sheet::{is_geographic, is_particle};
use crate::gazetteer::{Gazetteer, Mark, Name, NameKind, WordFlags};
use crate::text::Vocabulary;

/// What is known of a word, in its normal form: a bit for each fact, since it is asked for again and again, of words all
/// over the vocabulary, and few bytes stay in a processor's cache.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word(u32);

/// It belongs to a place's name beside it, or describes it.
const GEOGRAPHIC: u32 = 1 << 31;
/// It joins a name to the name before it.
const PARTICLE: u32 = 1 << 30;
/// Places follow it.
const LOCATIVE: u32 = 1 << 29;
/// By itself, it is a demonym.
const DEMONYM: u32 = 1 << 28;
/// Names of other things than places may start with it.
const OPENS_PHRASE: u32 = 1 << 27;
/// What is left for the gazetteer's flags, which are the lowest bits.
const FLAGS: u32 = OPENS_PHRASE - 1;
const _: () =
    assert!(WordFlags::ALL & !(FLAGS as u64) == 0, "a flag of the gazetteer's has no room beside the finder's");

/// The names that start with a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    /// The name that it is by itself.
    pub(super) name: Option<Name>,
    /// Where names go on after it and a space.
    pub(super) goes_on: Option<Mark>,
}

/// The most postings of a name among which a demonym is sought.
const POSTINGS: usize = 8;

impl Word {
    pub(super) fn flags(self) -> WordFlags {
        WordFlags::from_bits(u64::from(self.0 & FLAGS))
    }

    pub(super) fn is_geographic(self) -> bool {
        self.0 & GEOGRAPHIC != 0
    }

    pub(super) fn is_particle(self) -> bool {
        self.0 & PARTICLE != 0
    }

    pub(super) fn is_locative(self) -> bool {
        self.0 & LOCATIVE != 0
    }

    pub(super) fn opens_phrase(self) -> bool {
        self.0 & OPENS_PHRASE != 0
    }

    pub(super) fn is_demonym(self) -> bool {
        self.0 & DEMONYM != 0
    }
}

/// The words of a vocabulary, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: Vec<Word>,
    starts: Vec<Start>,
    generation: u32,
}

impl Lexicon {
    /// Looks up the words that are new.
    pub(super) fn learn(&mut self, gazetteer: &Gazetteer, vocabulary: &Vocabulary) {
        if self.generation != vocabulary.generation() {
            *self = Self { generation: vocabulary.generation(), ..Self::default() };
        }
        for word in self.words.len()..vocabulary.len() {
            let normal = vocabulary.normal(word as u32);
            let start = start(gazetteer, normal);
            let is_demonym = start
                .name
                .is_some_and(|name| gazetteer.postings(name).take(POSTINGS).any(|p| p.kind == NameKind::Demonym));
            let flags = gazetteer.word(normal).bits() as u32 & FLAGS;
            let facts = [
                (is_geographic(normal), GEOGRAPHIC),
                (is_particle(normal), PARTICLE),
                (is_locative(normal), LOCATIVE),
                (is_demonym, DEMONYM),
                (phrases::may_start(normal), OPENS_PHRASE),
            ];
            self.words.push(Word(facts.iter().filter(|(holds, _)| *holds).fold(flags, |all, (_, bit)| all | bit)));
            self.starts.push(start);
        }
    }

    /// A word by its number.
    #[inline]
    pub(super) fn word(&self, number: u32) -> Word {
        self.words.get(number as usize).copied().unwrap_or_default()
    }

    /// The names that start with a word, by its number.
    pub(super) fn start(&self, number: u32) -> Start {
        self.starts.get(number as usize).copied().unwrap_or_default()
    }
}

fn start(gazetteer: &Gazetteer, normal: &str) -> Start {
    let mut start = Start::default();
    let mut walk = gazetteer.walk();
    if gazetteer.may_start(normal) && walk.step(normal.as_bytes()) {
        start.name = walk.name();
        start.goes_on = walk.step(b" ").then(|| walk.mark());
    }
    start
}
