//! Names of several words that are no places although a place's name is in them: "St. Patrick's Day", "West Nile virus".

use super::sheet::Sheet;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The most words of one of them.
const LONGEST: usize = 5;

/// What follows their first words.
type Phrases = FxHashMap<&'static str, Vec<Vec<&'static str>>>;

static OTHER_NAMES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    let lines = include_str!("../../data/lexicon/other_names.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let mut words = line.split(' ');
        if let Some(first) = words.next() {
            phrases.entry(first).or_default().push(words.collect());
        }
    }
    phrases
});

/// The words that these names start with.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    OTHER_NAMES.keys().copied()
}

/// Whether these words lie in one of these names.
pub(super) fn hold(sheet: &Sheet<'_>, words: &Range<usize>) -> bool {
    let mut from = (words.end.saturating_sub(LONGEST)..=words.start).filter(|&from| sheet.opens_phrase(from));
    from.any(|from| {
        let goes_on = |rest: &Vec<&str>| {
            let is_next = |(n, word): (usize, &&str)| {
                let at = from + 1 + n;
                sheet.joins(at) && sheet.normal(at) == *word
            };
            from + 1 + rest.len() >= words.end && rest.iter().enumerate().all(is_next)
        };
        OTHER_NAMES.get(sheet.normal(from)).is_some_and(|phrases| phrases.iter().any(goes_on))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name_key;

    #[test]
    fn what_is_listed_can_be_found() {
        for (first, rests) in OTHER_NAMES.iter() {
            for rest in rests {
                let whole = std::iter::once(first).chain(rest).copied().collect::<Vec<_>>();
                assert!((2..=LONGEST).contains(&whole.len()), "{whole:?}");
                assert_eq!(name_key(&whole.join(" ")), whole.join(" "));
            }
        }
    }
}
