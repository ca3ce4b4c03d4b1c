//! Where sentences begin, and which words are long or have capitals, counted once for a field.

use crate::text::{Casing, Gap, Token};
use std::ops::Range;

/// The most words of a sentence that are looked at on either side of one: lists without an end cost without end.
const SENTENCE: usize = 200;

/// Words of more bytes are long.
const SHORT: u32 = 3;

/// What the words of a field are like, up to each of them.
#[derive(Debug, Default)]
pub(super) struct Layout {
    words: Vec<Before>,
    /// The words that sentences start with.
    starts: Vec<u32>,
    /// Words that are not in lower case, or have a tag: most are, and say nothing to who seeks names.
    marked: Vec<u32>,
    /// How many have capitals.
    capitals: usize,
}

/// What comes before a word, or with it.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// The number of the sentence that it lies in.
    sentence: u32,
    /// Long words before it, and those of them that have capitals.
    long: u32,
    capitals: u32,
}

impl Layout {
    /// Counts anew.
    pub(super) fn fill(&mut self, tokens: &[Token]) {
        self.words.clear();
        self.marked.clear();
        self.starts.clear();
        self.capitals = 0;
        self.words.reserve(tokens.len() + 1);
        self.starts.push(0);
        let mut before = Before::default();
        for (i, token) in (0u32..).zip(tokens) {
            if i > 0 && token.gap >= Gap::Sentence {
                self.starts.push(i);
                before.sentence += 1;
            }
            self.words.push(before);
            let is_long = token.end - token.start > SHORT && token.casing != Casing::Number;
            before.long += u32::from(is_long);
            if token.casing != Casing::Lower || token.tag.is_some() {
                let is_capital = matches!(token.casing, Casing::Title | Casing::Upper | Casing::Mixed);
                self.marked.push(i);
                self.capitals += usize::from(is_capital);
                before.capitals += u32::from(is_long && is_capital);
            }
        }
        self.words.push(before);
    }

    /// The words that are not in lower case, or have a tag, in order.
    pub(super) fn marked(&self) -> impl Iterator<Item = usize> {
        self.marked.iter().map(|&word| word as usize)
    }

    /// How many words have capitals.
    pub(super) fn capitals(&self) -> usize {
        self.capitals
    }

    fn len(&self) -> usize {
        self.words.len().saturating_sub(1)
    }

    /// The sentence that word `i` lies in; of one that does not end, some hundred words around.
    pub(super) fn sentence(&self, i: usize) -> Range<usize> {
        let (from, to) = (i.saturating_sub(SENTENCE), (i + SENTENCE).min(self.len()));
        let Some(word) = self.words.get(i) else { return from..to };
        let start = |sentence: u32| self.starts.get(sentence as usize).map(|&word| word as usize);
        from.max(start(word.sentence).unwrap_or(0))..to.min(start(word.sentence + 1).unwrap_or(to))
    }

    /// How many words in a range are long, and how many of those have capitals.
    pub(super) fn long(&self, words: Range<usize>) -> (usize, usize) {
        match (self.words.get(words.start), self.words.get(words.end)) {
            (Some(from), Some(to)) if words.start < words.end => {
                ((to.long - from.long) as usize, (to.capitals - from.capitals) as usize)
            }
            _ => (0, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Tokens;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_what_is_there(text in "([A-Ca-c0-9]{1,5}[ ]|[A-Ca-c]{4}[.] |[A-Ca-c]{4}\n\n){0,40}|([ab]{1,4} ){380,500}") {
            let mut tokens = Tokens::default();
            tokens.split(&text);
            let tokens = tokens.as_slice();
            let mut layout = Layout::default();
            layout.fill(tokens);
            for i in 0..tokens.len() {
                let (from, to) = (i.saturating_sub(SENTENCE), (i + SENTENCE).min(tokens.len()));
                let starts = |&j: &usize| tokens[j].gap >= Gap::Sentence;
                let first = (from.max(1)..=i).rev().find(starts).unwrap_or(from);
                let last = (i + 1..to).find(starts).unwrap_or(to);
                prop_assert_eq!(layout.sentence(i), first..last);
                let long = (first..last).filter(|&j| tokens[j].end - tokens[j].start > 3 && tokens[j].casing != Casing::Number);
                let capitals = long.clone().filter(|&j| !matches!(tokens[j].casing, Casing::Lower | Casing::Caseless));
                prop_assert_eq!(layout.long(first..last), (long.count(), capitals.count()));
            }
        }
    }
}
