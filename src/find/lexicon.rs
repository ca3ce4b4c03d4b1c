//! What the gazetteer knows of a word alone, found out once for each word, from article to article.

use super::document::LOCATIVE as LOCATIVE_WORDS;
use super::phrases;
use super::sheet::{GEOGRAPHIC as GEOGRAPHIC_WORDS, PARTICLES};
use crate::gazetteer::{Gazetteer, Mark, Name, NameKind, WordFlags};
use crate::text::Vocabulary;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

/// What stands for a word in the hashed features of linear models.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hashes {
    pub(super) whole: u32,
    /// Of its last three letters.
    pub(super) ending: u32,
}

impl Hashes {
    pub(super) fn of(word: &str) -> Self {
        let ending = word.char_indices().rev().nth(2).map_or(word, |(at, _)| &word[at..]);
        let hash = |text: &str| (xxh3_64(text.as_bytes()) >> 32) as u32;
        Self { whole: hash(word), ending: hash(ending) }
    }
}

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
    hashes: Vec<Hashes>,
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
            let demonym = if is_demonym { DEMONYM } else { 0 };
            self.words.push(Word(flags | listed(normal) | demonym));
            self.starts.push(start);
            self.hashes.push(Hashes::of(normal));
        }
    }

    /// A word by its number.
    #[inline]
    pub(super) fn word(&self, number: u32) -> Word {
        self.words.get(number as usize).copied().unwrap_or_default()
    }

    /// What stands for a word in hashed features, by its number.
    #[inline]
    pub(super) fn hashes(&self, number: u32) -> Hashes {
        self.hashes.get(number as usize).copied().unwrap_or_default()
    }

    /// The names that start with a word, by its number.
    pub(super) fn start(&self, number: u32) -> Start {
        self.starts.get(number as usize).copied().unwrap_or_default()
    }
}

/// Words that are on a list of the finder's, with a bit for each list.
static LISTED: LazyLock<FxHashMap<&str, u32>> = LazyLock::new(|| {
    let mut listed: FxHashMap<&str, u32> = FxHashMap::default();
    let lists = [(GEOGRAPHIC_WORDS, GEOGRAPHIC), (PARTICLES, PARTICLE), (LOCATIVE_WORDS, LOCATIVE)];
    let of_lists = lists.iter().flat_map(|&(words, bit)| words.iter().map(move |&word| (word, bit)));
    for (word, bit) in of_lists.chain(phrases::first_words().map(|word| (word, OPENS_PHRASE))) {
        *listed.entry(word).or_default() |= bit;
    }
    listed
});

/// The bits of a word's lists.
fn listed(normal: &str) -> u32 {
    let bits = |word: &str| LISTED.get(word).copied().unwrap_or(0);
    // Arabic joins "and" to prepositions; some start with its letter.
    let joined = normal.strip_prefix('و').map_or(0, |rest| bits(rest) & LOCATIVE);
    bits(normal) | joined
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
