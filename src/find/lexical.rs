//! The words in and around a candidate as hashed features of linear models: of the name by itself, and of what stands
//! around it whatever the name.

use super::lexicon::Hashes;
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::model::Table;
use crate::text::Casing;

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

/// What stands for the edge of a sentence, and for a number whatever it is; no words are written so.
const EDGE: Hashes = Hashes { whole: 1, ending: 1 };
const NUMBER: Hashes = Hashes { whole: 2, ending: 2 };

/// A feature's hash, out of its kind and what stands for its words, in their order (as `FxHash` mixes them).
fn mix<const WORDS: usize>(kind: u64, words: [u32; WORDS]) -> u32 {
    const ODD: u64 = 0xF135_7AEA_2E62_A9C5;
    let mixed = words
        .iter()
        .fold(kind.wrapping_mul(ODD), |hash, &word| (hash.rotate_left(26) ^ u64::from(word)).wrapping_mul(ODD));
    (mixed >> 32) as u32
}

/// Hands over the hashes of what stands around a candidate: words, pairs of words and their case.
pub(super) fn context(sheet: &Sheet<'_>, candidate: &Candidate, mut sink: impl FnMut(u32)) {
    let (first, last) = (candidate.words.start, candidate.words.end - 1);
    let mut inside = true;
    let [b1, b2, b3] = [1, 2, 3].map(|k| {
        inside &= first >= k && !sheet.starts_sentence(first + 1 - k);
        if inside { word(sheet, first - k) } else { EDGE }
    });
    inside = true;
    let [a1, a2, a3] = [1, 2, 3].map(|k| {
        inside &= last + k < sheet.tokens.len() && !sheet.starts_sentence(last + k);
        if inside { word(sheet, last + k) } else { EDGE }
    });
    let possessive = u64::from(sheet.tokens[last].possessive);
    let gaps = u64::from(sheet.gap(first) as u8) * 8 + u64::from(sheet.gap(last + 1) as u8);
    let case = |j: Option<usize>| j.and_then(|j| sheet.tokens.get(j)).map_or(7, |token| u64::from(token.casing as u8));
    let around = [first.checked_sub(2), first.checked_sub(1), Some(first), Some(last + 1), Some(last + 2)].map(case);
    let cases = around.iter().fold(0, |all, case| all * 8 + case);
    let both = gaps * 2 + possessive;
    sink(mix((1 << 8) | (gaps / 8), [b1.whole]));
    sink(mix(2 << 8, [b2.whole]));
    sink(mix(3 << 8, [b3.whole]));
    sink(mix(4 << 8, [b2.whole, b1.whole]));
    sink(mix((5 << 8) | (both % 16), [a1.whole]));
    sink(mix(6 << 8, [a2.whole]));
    sink(mix(7 << 8, [a3.whole]));
    sink(mix(8 << 8 | possessive, [a1.whole, a2.whole]));
    sink(mix(9 << 8 | possessive, [b1.whole, a1.whole]));
    sink(mix(10 << 24 | cases << 8 | both, []));
    sink(mix(11 << 8 | around[1], [b1.ending]));
    sink(mix(12 << 8 | around[3], [a1.ending]));
}

/// Hands over the hashes of a candidate's own words.
pub(super) fn name(sheet: &Sheet<'_>, candidate: &Candidate, mut sink: impl FnMut(u32)) {
    let (first, last) = (sheet.hashes(candidate.words.start), sheet.hashes(candidate.words.end - 1));
    let whole = candidate.words.clone().fold(0, |all, j| mix(21, [all, sheet.hashes(j).whole]));
    sink(whole);
    sink(mix(22 + u64::from(candidate.words.len() > 1), [last.whole]));
    sink(mix(24, [last.ending]));
    sink(mix(25, [first.whole]));
}

fn word(sheet: &Sheet<'_>, j: usize) -> Hashes {
    if sheet.tokens[j].casing == Casing::Number { NUMBER } else { sheet.hashes(j) }
}
