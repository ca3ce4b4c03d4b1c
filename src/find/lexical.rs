//! The words in and around a candidate as hashed features of linear models: of the name by itself, and of what stands
//! around it whatever the name.

use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::model::Table;
use crate::text::Casing;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Linear models of the words around a name, and of the name.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexical {
    context: Table,
    name: Table,
}

impl Lexical {
    /// The models that ship.
    pub(super) fn shipped() -> Self {
        let table = |bytes: &[u8]| Table::from_bytes(bytes).unwrap_or_default();
        Self {
            context: table(include_bytes!("../../data/context.table")),
            name: table(include_bytes!("../../data/name.table")),
        }
    }

    /// What both say of a candidate: log-odds that it is a mention.
    pub(super) fn scores(&self, sheet: &Sheet<'_>, candidate: &Candidate) -> [f32; 2] {
        let mut around = self.context.sum();
        context(sheet, candidate, |hash| around.add(hash));
        let mut own = self.name.sum();
        name(sheet, candidate, |hash| own.add(hash));
        [around.score(), own.score()]
    }
}

/// What stands for the edge of a sentence, and for a number.
const EDGE: &str = "\u{1}";
const NUMBER: &str = "0";

/// Hands over the hashes of what stands around a candidate: words, pairs of words and their case.
pub(super) fn context(sheet: &Sheet<'_>, candidate: &Candidate, mut sink: impl FnMut(u32)) {
    let (first, last) = (candidate.words.start, candidate.words.end - 1);
    let before = |k: usize| -> &str {
        let inside = first >= k && (0..k).all(|back| !sheet.starts_sentence(first - back));
        if inside { word(sheet, first - k) } else { EDGE }
    };
    let after = |k: usize| -> &str {
        let inside = last + k < sheet.tokens.len() && (1..=k).all(|on| !sheet.starts_sentence(last + on));
        if inside { word(sheet, last + k) } else { EDGE }
    };
    let (b1, b2, b3) = (before(1), before(2), before(3));
    let (a1, a2, a3) = (after(1), after(2), after(3));
    let possessive = sheet.tokens[last].possessive;
    let gaps = u64::from(sheet.gap(first) as u8) * 8 + u64::from(sheet.gap(last + 1) as u8);
    let case = |j: Option<usize>| j.and_then(|j| sheet.tokens.get(j)).map_or(7, |token| u64::from(token.casing as u8));
    let cases = [first.checked_sub(2), first.checked_sub(1), Some(first), Some(last + 1), Some(last + 2)]
        .into_iter()
        .fold(0, |all, j| all * 8 + case(j));
    let both = gaps * 2 + u64::from(possessive);
    let mut put = |kind: u64, words: &[&str]| {
        let mut hash = kind;
        for word in words {
            hash = xxh3_64_with_seed(word.as_bytes(), hash);
        }
        sink((hash >> 32) as u32 ^ hash as u32);
    };
    put((1 << 8) | (gaps / 8), &[b1]);
    put(2 << 8, &[b2]);
    put(3 << 8, &[b3]);
    put(4 << 8, &[b2, b1]);
    put((5 << 8) | (both % 16), &[a1]);
    put(6 << 8, &[a2]);
    put(7 << 8, &[a3]);
    put(8 << 8 | u64::from(possessive), &[a1, a2]);
    put(9 << 8 | u64::from(possessive), &[b1, a1]);
    put(10 << 24 | cases << 8 | both, &[""]);
    put(11 << 8 | case(first.checked_sub(1)), &[ending(b1)]);
    put(12 << 8 | case(Some(last + 1)), &[ending(a1)]);
}

/// Hands over the hashes of a candidate's own words.
pub(super) fn name(sheet: &Sheet<'_>, candidate: &Candidate, mut sink: impl FnMut(u32)) {
    let mut put = |hash: u64| sink((hash >> 32) as u32 ^ hash as u32);
    let mut whole = 21;
    for j in candidate.words.clone() {
        whole = xxh3_64_with_seed(sheet.normal(j).as_bytes(), whole);
    }
    put(whole);
    let last = sheet.normal(candidate.words.end - 1);
    put(xxh3_64_with_seed(last.as_bytes(), 22 + u64::from(candidate.words.len() > 1)));
    put(xxh3_64_with_seed(ending(last).as_bytes(), 24));
    put(xxh3_64_with_seed(sheet.normal(candidate.words.start).as_bytes(), 25));
}

fn word<'a>(sheet: &Sheet<'a>, j: usize) -> &'a str {
    if sheet.tokens[j].casing == Casing::Number { NUMBER } else { sheet.normal(j) }
}

/// The last three letters.
fn ending(word: &str) -> &str {
    word.char_indices().rev().nth(2).map_or(word, |(at, _)| &word[at..])
}
