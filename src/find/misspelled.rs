//! Misspelled names, as a last resort: a word with a capital that nobody knows, where a place is expected, and one
//! letter away from a place of some size.

use super::gather::letters;
use super::judge::Decided;
use super::matcher::Candidate;
use super::mention::Role;
use super::sheet::Sheet;
use crate::gazetteer::{Gazetteer, Level, Name};
use crate::text::{Casing, Gap};
use rustc_hash::FxHashSet;
use std::collections::HashMap;

/// Shorter words have too many neighbors.
const LEAST_LETTERS: usize = 5;
/// Fewer people are rarely written about so often that a misspelling is likelier than a name unknown to the gazetteer.
const LEAST_PEOPLE: u32 = 15_000;
/// Even odds: it is one or the other.
const PROBABILITY: f32 = 0.5;
/// Words whose neighbors are remembered; then all are forgotten.
const REMEMBERED: usize = 1 << 13;

/// The most words of a text that are asked for: one with more is in words that nobody knows, and not misspelled.
const MOST: usize = 200;

/// What was asked for before, from article to article: a search costs a thousand times what a lookup does.
#[derive(Clone, Debug, Default)]
pub(super) struct Misspelled {
    asked: HashMap<String, Option<Name>>,
}

impl Misspelled {
    /// The misspelled names of a field, among its words that are no part of any candidate.
    pub(super) fn find(&mut self, sheet: &Sheet<'_>, candidates: &[Candidate]) -> Vec<Decided> {
        let mut found = Vec::new();
        let mut last = 0;
        let mut covered = 0;
        let mut words = FxHashSet::default();
        for i in sheet.marked().filter(|&i| i > 0) {
            while let Some(candidate) = candidates.get(last).filter(|c| c.words.start <= i) {
                covered = covered.max(candidate.words.end);
                last += 1;
            }
            if covered <= i && is_expected(sheet, i) && (words.len() < MOST || words.contains(&sheet.tokens[i].word)) {
                words.insert(sheet.tokens[i].word);
                let Some(name) = self.name(sheet.gazetteer, sheet.normal(i)) else { continue };
                let token = &sheet.tokens[i];
                found.push(Decided {
                    span: token.start as usize..token.end as usize,
                    words: i..i + 1,
                    name,
                    role: Role::Place,
                    probability: PROBABILITY,
                    misspelled: true,
                });
            }
        }
        found
    }

    fn name(&mut self, gazetteer: &Gazetteer, normal: &str) -> Option<Name> {
        if let Some(known) = self.asked.get(normal) {
            return *known;
        }
        if self.asked.len() >= REMEMBERED {
            self.asked.clear();
        }
        let close = gazetteer.one_edit_away(normal).filter(|name| {
            let best = gazetteer.postings(*name).next().and_then(|p| gazetteer.place(p.place));
            best.is_some_and(|p| p.population() >= LEAST_PEOPLE && p.feature().level() != Level::Admin2)
        });
        self.asked.insert(normal.to_owned(), close);
        close
    }
}

/// Whether word `i` is unknown, has a capital, and stands alone after a preposition of place.
fn is_expected(sheet: &Sheet<'_>, i: usize) -> bool {
    sheet.tokens[i].casing == Casing::Title
        && sheet.joins(i)
        && sheet.tokens[i - 1].casing == Casing::Lower
        && sheet.is_locative(i - 1)
        && letters(sheet, i) >= LEAST_LETTERS
        && sheet.flags(i).is_unknown()
        && !(sheet.joins(i + 1) && (sheet.is_capital(i + 1) || sheet.gap(i + 1) == Gap::Hyphen))
}
