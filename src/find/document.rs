//! What the whole article tells about its words: who is a person, and how it is written.

use super::sheet::Sheet;
use crate::text::Casing;
use rustc_hash::FxHashMap;

/// How often a word is used in which way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// In lower case.
    pub(super) lower: u32,
    /// With a capital, within a sentence.
    pub(super) capital: u32,
    /// After a given name or a title: as a surname.
    pub(super) surname: u32,
    /// After "in", "at", "from", "near".
    pub(super) locative: u32,
}

/// Facts of one article.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// By the words' numbers.
    usage: FxHashMap<u32, Usage>,
    /// No word has a capital: names must be sought in lower case.
    pub(super) is_lower_case: bool,
    /// The words are English, as far as the commonest ones tell.
    pub(super) is_english: bool,
}

/// Words that are looked at to tell English, and the share of them that are among its commonest from which on it is.
const SAMPLE: usize = 400;
const ENGLISH: f32 = 0.35;

impl Facts {
    pub(super) fn gather(sheets: &[Sheet<'_>]) -> Self {
        let mut facts = Self::default();
        facts.usage.reserve(sheets.iter().map(Sheet::capitals).sum());
        // Which words have a capital somewhere, by the lowest bits of their numbers: most of the others are told by it.
        let mut seen = [0u64; 64];
        let slot = |word: u32| ((word >> 6 & 63) as usize, 1u64 << (word & 63));
        for sheet in sheets {
            for i in sheet.marked().filter(|&i| sheet.is_capital(i)) {
                let (at, bit) = slot(sheet.tokens[i].word);
                seen[at] |= bit;
                let usage = facts.usage.entry(sheet.tokens[i].word).or_default();
                if !sheet.starts_sentence(i) {
                    usage.capital += 1;
                }
                if is_surname_here(sheet, i) {
                    usage.surname += 1;
                } else if i > 0 && sheet.joins(i) && sheet.is_locative(i - 1) {
                    usage.locative += 1;
                }
            }
            // Only words that also occur with a capital matter.
            for token in sheet.tokens {
                let (at, bit) = slot(token.word);
                if token.casing == Casing::Lower
                    && seen[at] & bit != 0
                    && let Some(usage) = facts.usage.get_mut(&token.word)
                {
                    usage.lower += 1;
                }
            }
        }
        let has_lower = || sheets.iter().flat_map(|sheet| sheet.tokens).any(|token| token.casing == Casing::Lower);
        facts.is_lower_case = sheets.iter().all(|sheet| sheet.capitals() == 0) && has_lower();
        facts.is_english = is_english(sheets);
        facts
    }

    /// How word `i` of a sheet is used in all of them.
    pub(super) fn usage(&self, sheet: &Sheet<'_>, i: usize) -> Usage {
        sheet.tokens.get(i).and_then(|token| self.usage.get(&token.word)).copied().unwrap_or_default()
    }
}

/// Whether enough of the words that are no names are among the commonest English ones; few words tell nothing, and pass.
fn is_english(sheets: &[Sheet<'_>]) -> bool {
    let words = |sheet: &Sheet<'_>| {
        let all = 0..sheet.tokens.len();
        let plain = all.filter(|&i| matches!(sheet.tokens[i].casing, Casing::Lower | Casing::Caseless)).take(SAMPLE);
        plain.fold((0, 0), |(all, common), i| (all + 1, common + usize::from(sheet.flags(i).is_frequent())))
    };
    let (all, common) = sheets.iter().map(words).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    all < 5 || common as f32 >= ENGLISH * all as f32
}

/// Prepositions that places follow, in the languages that are read most.
pub(super) const LOCATIVE: &[&str] = &[
    "in",
    "at",
    "near",
    "from",
    "outside",
    "around",
    "across",
    "throughout",
    "into",
    "within",
    "inside",
    "via",
    "toward",
    "towards",
    "en",
    "a",
    "au",
    "aux",
    "desde",
    "hacia",
    "nach",
    "aus",
    "bei",
    "im",
    "em",
    "na",
    "no",
    "nel",
    "nella",
    "uit",
    "te",
    "naar",
    "в",
    "во",
    "из",
    "w",
    "في",
    "من",
    "الي",
    "قرب",
    "نحو",
    "بين",
    "داخل",
    "خارج",
    "وسط",
    "عبر",
    "حول",
    "باتجاه",
    "we",
    "z",
];

/// Whether word `i` is used as a surname: a given name, an initial or a title stands right before it.
pub(super) fn is_surname_here(sheet: &Sheet<'_>, i: usize) -> bool {
    let Some(before) = before_particles(sheet, i) else { return false };
    if !sheet.is_capital(before) {
        // Titles are often in lower case: "sheriff Lincoln", "spokesman Henry".
        return before + 1 == i
            && sheet.flags(before).is_title()
            && sheet.flags(i).is_surname()
            && !sheet.starts_sentence(before);
    }
    let flags = sheet.flags(before);
    let initial = is_initial(sheet, before);
    let single_given = flags.is_given_name() && !sheet.is_geographic(before);
    initial || single_given || (flags.is_title() && before + 1 == i)
}

/// Whether word `i` is initials: "J.", "J.R.". Dotted ones may be a state's or a country's abbreviation as well.
pub(super) fn is_initial(sheet: &Sheet<'_>, i: usize) -> bool {
    let token = &sheet.tokens[i];
    let is_letter = || sheet.surface(i).chars().count() == 1;
    token.dot && is_letter() || token.dotted && sheet.normal(i).len() == 2 && sheet.start(i).name.is_none()
}

/// The word before word `i`, articles and particles left out, when nothing else separates them.
pub(super) fn before_particles(sheet: &Sheet<'_>, i: usize) -> Option<usize> {
    let mut at = i;
    loop {
        if !sheet.joins(at) {
            return None;
        }
        at -= 1;
        // A particle at the head of a sentence or with a capital of its own may be a name's first word.
        if !(sheet.is_particle(at) && at > 0 && sheet.joins(at)) {
            return Some(at);
        }
    }
}
