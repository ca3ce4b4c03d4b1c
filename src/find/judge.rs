//! The judge: what a candidate shows to a probability, and one reading of overlapping spans.

use super::clues::{Clue, CluePoints};
use super::document::Facts;
use super::features::{LONGER_RIVAL, Least, NAME, OVERLAPPING, POINTS, Reading, Rows, WIDTH};
use super::lexical::Lexical;
use super::matcher::Candidate;
use super::mention::Role;
use super::roles;
use super::sheet::Sheet;
use crate::error::Result;
use crate::gazetteer::{Name, NameKind};
use crate::model::{Go, Trees};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Hand-set points that each word beyond the first gives a longer span over the shorter ones inside it.
pub(super) const LONGER: f32 = 3.0;
/// Log-odds from which on a candidate is a mention. Below even odds, because a miss costs more than a false hit: between
/// 0 and -0.4 F1 of recognition hardly changes on corpora that the judge was not trained on, and falls end to end.
const LEAST: f32 = -0.2;

/// How much of what the trees say counts in other languages than English, and for names in scripts without case: they
/// were trained on English alone, and believe its prepositions, common words and capitals too much. Chosen on Wikipedia
/// sentences in eight languages and on Arabic tweets, as is the least of the log-odds there.
const ABROAD: f32 = 0.6;
const CASELESS: f32 = 0.3;
const LEAST_ABROAD: f32 = 0.0;

/// Log-odds for each hand-set point: what the trees start from. They correct it; what is unlike all that they saw stays
/// as the points have it.
const BY_POINT: f32 = 1.0;

/// The most that the trees may say against a name, and against a demonym or a word that is nothing else ("Deir Ezzor").
/// They know few names from outside North America and Europe, and would pass over what the hand-set points see; a floor also
/// measured better on the corpus left out.
const LOWEST: f32 = -2.0;
const LOWEST_UNKNOWN: f32 = -0.7;

/// What the linear model says of a name that texts use for something else: the trees may say all against it, known or not.
const SEEN_OTHERWISE: f32 = -2.0;

/// Log-odds against a name beside a given name, a title or an initial, on top of what is learned: gold corpora hold few
/// persons called like capitals, and a map with a person on it is not believed again.
const PERSON: f32 = 2.0;

/// Candidates with fewer hand-set points are turned away before more is gathered: a quarter of those in news. No figure of
/// LGL, GWN, TUD, ANC and `GeoCorpora` changes with -8, none by more than .0025 with -6.
const HOPELESS: f32 = -7.0;
/// The same once the words around are weighed: a third of what is left in news, and one of 2,000 mentions of these corpora.
/// In English only, which is what the linear models know.
const HOPELESS_WITH_WORDS: f32 = -7.0;

/// Candidates whose features are in memory at once.
const AT_ONCE: usize = 64;

/// The most that the trees are expected to add to a candidate's log-odds once it has been seen what the first ones
/// answer, by the share of them that is left: a candidate that would need more is left there, a tenth of those in news
/// after the first seventh of the trees. Of the mentions of LGL, GWN, TUD, ANC, `GeoCorpora` and the BBC's news, one in
/// 4,000 is lost.
const RISE: f32 = 3.6;

/// Log-odds from which on a candidate that shares its words with no other is a mention, whatever the trees say that have
/// not been asked: a third of them. No figure of LGL, GWN, TUD and ANC changes for it, and confidences in the BBC's news by
/// .003 in the mean, with what the ranker leaves out.
const CERTAIN: f32 = 3.5;

/// The least that the trees may answer for a candidate.
fn lowest(row: &[f32]) -> f32 {
    let is_demonym = row[Clue::Demonym as usize] > 0.0;
    // A demonym in a likely name is not held up against the whole: "Syrian" against "Syrian Desert".
    let is_part = is_demonym && row[LONGER_RIVAL] > 0.0;
    if row[Clue::Road as usize] > 0.0 || row[Clue::Unlisted as usize] > 0.0 || is_part {
        return f32::NEG_INFINITY;
    }
    let is_plain = is_demonym || row[Clue::Unknown as usize] > 0.0 && row[NAME] > SEEN_OTHERWISE;
    if is_plain { LOWEST_UNKNOWN } else { LOWEST }
}

/// Whether a name is told to be a person's by the word beside it.
fn is_person(row: &[f32]) -> bool {
    [Clue::GivenBefore, Clue::TitleBefore, Clue::InitialBefore, Clue::PersonAfter]
        .iter()
        .any(|clue| row[*clue as usize] > 0.0)
}

/// Whether the article calls a person so, and no place: what the trees say for it does not count.
fn is_person_elsewhere(row: &[f32]) -> bool {
    let holds = |clue: Clue| row[clue as usize] > 0.0;
    holds(Clue::SurnameElsewhere) && !holds(Clue::LocativeElsewhere)
}

/// Log-odds by the hand-set points.
pub(super) fn prior(row: &[f32]) -> f32 {
    BY_POINT * row[POINTS]
}

/// A candidate that is a mention.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) span: Range<usize>,
    pub(super) words: Range<usize>,
    pub(super) name: Name,
    pub(super) role: Role,
    pub(super) probability: f32,
    /// The text has almost this name.
    pub(super) misspelled: bool,
}

/// Decides which candidates are mentions.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    points: CluePoints,
    lexical: Arc<Lexical>,
    trees: Arc<Trees>,
}

/// The weights that ship, read once; a test says that they are whole.
static SHIPPED: LazyLock<Arc<Trees>> =
    LazyLock::new(|| Arc::new(Trees::from_bytes(include_bytes!("../../data/judge.trees")).unwrap_or_default()));

/// The linear models that ship.
static WORDS: LazyLock<Arc<Lexical>> = LazyLock::new(|| Arc::new(Lexical::shipped()));

impl Judge {
    /// The judge that ships.
    pub(super) fn shipped() -> Self {
        Self { points: CluePoints::default(), lexical: WORDS.clone(), trees: SHIPPED.clone() }
    }

    /// # Errors
    /// When the trees were trained on other features than this program has.
    pub(super) fn new(trees: Trees) -> Result<Self> {
        Ok(Self { trees: Arc::new(trees.of_width(WIDTH)?), ..Self::shipped() })
    }

    /// What the judge reads of every candidate.
    pub(super) fn rows(&self, sheets: &[Sheet<'_>], candidates: &[Vec<Candidate>], facts: &Facts) -> Vec<Rows> {
        let reading = Reading::new(sheets, candidates, facts, &self.points, &self.lexical);
        let of_field = |field| {
            let mut rows = Rows::default();
            reading.fill(field, 0, usize::MAX, Least::NONE, &mut rows);
            rows
        };
        (0..sheets.len()).map(of_field).collect()
    }

    /// The mentions of each field, out of its candidates.
    pub(super) fn decide(
        &self,
        sheets: &[Sheet<'_>],
        candidates: &[Vec<Candidate>],
        facts: &Facts,
    ) -> Vec<Vec<Decided>> {
        let with_words = if facts.is_english { HOPELESS_WITH_WORDS } else { f32::NEG_INFINITY };
        let required = Least { points: HOPELESS, with_words };
        let least = if facts.is_english { LEAST } else { LEAST_ABROAD };
        let odds = |row: &[f32], learned: f32| {
            let learned = match facts.is_english {
                true => learned.max(lowest(row)),
                false if row[Clue::Caseless as usize] > 0.0 => CASELESS * learned,
                false => ABROAD * learned,
            };
            let learned = if is_person_elsewhere(row) { learned.min(0.0) } else { learned };
            prior(row) + if is_person(row) { learned.min(0.0) - PERSON } else { learned }
        };
        let reading = Reading::new(sheets, candidates, facts, &self.points, &self.lexical);
        let mut rows = Rows::default();
        let of_field = |(field, (sheet, candidates)): (usize, (&Sheet<'_>, &Vec<Candidate>))| {
            let mut scored = Vec::new();
            let mut from = 0;
            while from < candidates.len() {
                from = reading.fill(field, from, AT_ONCE, required, &mut rows);
                let look = |n: usize, left: f32, learned: f32| {
                    let row = rows.row(n);
                    match odds(row, learned) {
                        odds if odds < least - RISE * left => Go::No,
                        odds if odds > CERTAIN && row[OVERLAPPING] == 0.0 => Go::Enough,
                        _ => Go::On,
                    }
                };
                let mut read = rows.iter().zip(rows.candidates());
                self.trees.scores_watched(rows.values(), look, |learned| {
                    let Some((row, &n)) = read.next() else { return };
                    let odds = odds(row, learned);
                    if odds > least {
                        scored.push((odds, &candidates[n]));
                    }
                });
            }
            decide(sheet, scored)
        };
        sheets.iter().zip(candidates).enumerate().map(of_field).collect()
    }
}

/// One reading of overlapping spans: the likeliest first.
fn decide(sheet: &Sheet<'_>, mut scored: Vec<(f32, &Candidate)>) -> Vec<Decided> {
    scored.sort_by(|(a, c), (b, d)| {
        b.total_cmp(a).then(c.span.start.cmp(&d.span.start)).then(d.span.end.cmp(&c.span.end))
    });
    let mut taken = vec![false; sheet.tokens.len()];
    let mut decided: Vec<Decided> = Vec::with_capacity(scored.len());
    for (odds, c) in scored {
        if taken[c.words.clone()].iter().any(|taken| *taken) {
            continue;
        }
        taken[c.words.clone()].fill(true);
        decided.push(Decided {
            span: c.span.start..end_with_dot(sheet, c),
            words: c.words.clone(),
            name: c.name,
            role: roles::role(sheet, c),
            probability: 1.0 / (1.0 + (-odds).exp()),
            misspelled: false,
        });
    }
    decided.sort_by_key(|d| d.span.start);
    decided
}

/// Where a mention ends: the dot of "Ky." is part of it.
fn end_with_dot(sheet: &Sheet<'_>, candidate: &Candidate) -> usize {
    let token = &sheet.tokens[candidate.words.end - 1];
    let end = candidate.span.end;
    let dotted =
        candidate.words.len() == 1 && token.dot && !token.dotted && sheet.text.as_bytes().get(end) == Some(&b'.');
    let is_abbreviation = || sheet.known(candidate.name, |known| known.first_kind == Some(NameKind::Abbreviation));
    if dotted && is_abbreviation() { end + 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_whole_and_for_these_features() {
        assert_eq!(SHIPPED.width(), WIDTH);
    }
}
