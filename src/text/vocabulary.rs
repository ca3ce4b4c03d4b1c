//! Words as numbers, from text to text: what depends on a word alone is found out once.

use super::token::Casing;
use std::hash::{BuildHasher, RandomState};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The number of a word in no vocabulary.
const NONE: u32 = u32::MAX;

/// Words that are remembered, and bytes of them; with more, all are forgotten before the next article.
const MOST: usize = 1 << 17;
const MOST_BYTES: usize = 4 << 20;

/// The longest word in ASCII that is found by its bytes as they stand in the text, and how many of its bytes make a
/// number.
const SHORT: usize = 16;
const EIGHT: usize = 8;

/// Normal forms by number, and how words are written that have been seen before.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Normal forms, one after the other.
    normals: String,
    /// Where each one ends.
    ends: Vec<u32>,
    /// Numbers by the hash of the normal form; open addressing, a power of two.
    by_normal: Vec<u32>,
    /// Words in ASCII by their bytes: most are short, and four of those slots fill a line of a processor's cache, in
    /// which there is no room for all of them.
    of_eight: Surfaces<1>,
    of_sixteen: Surfaces<2>,
    seed: u64,
    /// Grows when all words are forgotten.
    generation: u32,
}

/// What is known of a word in ASCII as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface {
    /// The number of its normal form.
    pub(super) word: u32,
    pub(super) casing: Casing,
    /// A dot after it ends no sentence.
    pub(super) short: bool,
}

/// Words of up to eight ASCII letters and digits times `N`, by their bytes; open addressing, a power of two.
#[derive(Debug)]
struct Surfaces<const N: usize> {
    /// The bytes are zeros when the slot is free.
    slots: Vec<([u64; N], Surface)>,
    used: usize,
}

impl<const N: usize> Default for Surfaces<N> {
    fn default() -> Self {
        Self { slots: Vec::new(), used: 0 }
    }
}

impl<const N: usize> Surfaces<N> {
    const FREE: ([u64; N], Surface) = ([0; N], Surface { word: NONE, casing: Casing::Lower, short: false });

    /// The slot of a word: what is known of it, or where to put that.
    #[inline]
    fn slot(&self, bytes: [u64; N], seed: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mixed = bytes.iter().fold(0, |mixed: u64, &eight| (mixed ^ eight).rotate_left(29)).wrapping_mul(seed);
        let mut slot = (mixed ^ mixed >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) as usize >> 20 & mask;
        while self.slots[slot].0 != bytes && self.slots[slot].0[0] != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }

    #[inline]
    fn get(&self, bytes: [u64; N], seed: u64) -> Option<Surface> {
        if self.slots.is_empty() {
            return None;
        }
        let (of, found) = self.slots[self.slot(bytes, seed)];
        (of == bytes).then_some(found)
    }

    fn put(&mut self, bytes: [u64; N], seed: u64, surface: Surface) {
        if self.slots.len() * 2 < (self.used + 1) * 3 {
            let size = (self.slots.len() * 2).max(1 << 10);
            let before = std::mem::replace(&mut self.slots, vec![Self::FREE; size]);
            for (bytes, surface) in before.into_iter().filter(|(bytes, _)| bytes[0] != 0) {
                let slot = self.slot(bytes, seed);
                self.slots[slot] = (bytes, surface);
            }
        }
        let slot = self.slot(bytes, seed);
        self.used += usize::from(self.slots[slot].0[0] == 0);
        self.slots[slot] = (bytes, surface);
    }
}

impl Default for Vocabulary {
    /// Nothing is kept until the first word comes.
    fn default() -> Self {
        Self {
            normals: String::new(),
            ends: Vec::new(),
            by_normal: Vec::new(),
            of_eight: Surfaces::default(),
            of_sixteen: Surfaces::default(),
            // Texts cannot be made so that their words collide.
            seed: RandomState::new().hash_one(0u8) | 1,
            generation: 0,
        }
    }
}

impl Vocabulary {
    /// How many words have a number: they go from 0 to it.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Another one than before when words have got new numbers.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// The normal form of a word by its number.
    pub(crate) fn normal(&self, word: u32) -> &str {
        let from = (word as usize).checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end);
        let end = self.ends.get(word as usize).copied().unwrap_or(from);
        self.normals.get(from as usize..end as usize).unwrap_or_default()
    }

    /// Forgets all words when there are too many. No number from before counts any more.
    pub(crate) fn bound(&mut self) {
        if self.len() > MOST || self.normals.len() > MOST_BYTES || self.of_eight.used + self.of_sixteen.used > MOST * 2
        {
            *self = Self { generation: self.generation.wrapping_add(1), ..Self::default() };
        }
    }

    /// The number of a normal form.
    pub(super) fn word(&mut self, normal: &str) -> u32 {
        if self.by_normal.len() < (self.len() + 1) * 2 {
            self.grow();
        }
        let mask = self.by_normal.len() - 1;
        let mut slot = self.hash(normal) & mask;
        loop {
            match self.by_normal[slot] {
                NONE => break,
                word if self.normal(word) == normal => return word,
                _ => slot = (slot + 1) & mask,
            }
        }
        let word = self.len() as u32;
        self.normals.push_str(normal);
        self.ends.push(self.normals.len() as u32);
        self.by_normal[slot] = word;
        word
    }

    fn hash(&self, normal: &str) -> usize {
        xxh3_64_with_seed(normal.as_bytes(), self.seed) as usize
    }

    fn grow(&mut self) {
        let size = (self.by_normal.len() * 2).max(1 << 10);
        let mut slots = vec![NONE; size];
        for word in 0..self.len() as u32 {
            let mut slot = self.hash(self.normal(word)) & (size - 1);
            while slots[slot] != NONE {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = word;
        }
        self.by_normal = slots;
    }

    /// What is known of the word in ASCII that stands in `text` there; nothing when it is new or long.
    #[inline]
    pub(super) fn surface(&self, text: &[u8], start: usize, end: usize) -> Option<Surface> {
        match end - start {
            1..=EIGHT => self.of_eight.get([key(text, start, end)], self.seed),
            9..=SHORT => {
                self.of_sixteen.get([key(text, start, start + EIGHT), key(text, start + EIGHT, end)], self.seed)
            }
            _ => None,
        }
    }

    /// What is known of a word of up to seven bytes in ASCII; nothing when it is new.
    #[inline]
    pub(super) fn short(&self, key: u64) -> Option<Surface> {
        self.of_eight.get([key], self.seed)
    }

    /// Remembers a word in ASCII.
    pub(super) fn remember(&mut self, text: &[u8], start: usize, end: usize, surface: Surface) {
        let middle = start + EIGHT;
        match end - start {
            1..=EIGHT => self.of_eight.put([key(text, start, end)], self.seed, surface),
            9..=SHORT => self.of_sixteen.put([key(text, start, middle), key(text, middle, end)], self.seed, surface),
            _ => {}
        }
    }
}

/// One to eight bytes as a number; it is not 0, since no letter is.
#[inline]
fn key(text: &[u8], start: usize, end: usize) -> u64 {
    match text[start..].first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * (end - start))),
        None => text[start..end].iter().rev().fold(0, |all, &b| all << 8 | u64::from(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn numbers_stand_for_words(words in prop::collection::vec("[a-dA-D]{1,20}", 0..200)) {
            let mut vocabulary = Vocabulary::default();
            let mut numbers: HashMap<String, u32> = HashMap::new();
            let text = words.join(" ");
            let mut start = 0;
            for word in &words {
                let end = start + word.len();
                let normal = word.to_lowercase();
                let number = vocabulary.word(&normal);
                prop_assert_eq!(*numbers.entry(normal.clone()).or_insert(number), number);
                prop_assert_eq!(vocabulary.normal(number), normal);
                if let Some(found) = vocabulary.surface(text.as_bytes(), start, end) {
                    prop_assert_eq!(found.word, number);
                }
                let surface = Surface { word: number, casing: Casing::Title, short: false };
                vocabulary.remember(text.as_bytes(), start, end, surface);
                let found = vocabulary.surface(text.as_bytes(), start, end).map(|found| found.word);
                prop_assert_eq!(found, (word.len() <= SHORT).then_some(number));
                start = end + 1;
            }
            prop_assert_eq!(vocabulary.len(), numbers.len());
        }
    }
}
