//! What the judge reads of a candidate, as numbers: its clues, the words around it one by one, its rivals for the same
//! words, and what the article says of the name elsewhere.

use super::book::Known;
use super::clues::{CLUES, CluePoints};
use super::document::Facts;
use super::gather;
use super::lexical::Lexical;
use super::matcher::Candidate;
use super::rivals::{NONE, neighbors, rivals};
use super::sheet::Sheet;
use crate::gazetteer::{Level, Name, NameKind, WordFlags};
use crate::model::power_of_count;
use crate::read::Field;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};
use std::hash::Hasher as _;

/// Hand-set points from which on a candidate is certain, whatever else the article says.
const CERTAIN: f32 = 3.0;

/// Features after the clues, in their order.
const MORE: &[&str] = &[
    "points",
    "same_name_highest",
    "same_name_mean",
    "same_name_count",
    "rival",
    "longer",
    "overlapping",
    "population",
    "population_official",
    "postings",
    "officials",
    "level",
    "kind",
    "words",
    "letters",
    "index",
    "fraction",
    "in_title",
    "capitals_before",
    "capitals_after",
    "usage_lower",
    "usage_capital",
    "usage_surname",
    "usage_locative",
    "usage_lower_share",
    "last_usage_lower",
    "last_usage_capital",
    "previous_points",
    "previous_distance",
    "next_points",
    "next_distance",
    "admin1_share",
    "country_share",
    "certain_names",
    "shouting",
    "capital_share",
    "possessive",
    "dot",
    "sentence_words",
    "sentence_index",
    "admin1_names",
    "context",
    "name",
];

/// Words whose flags are features, and the flags.
const WORDS: &[&str] = &["before", "second_before", "after", "second_after", "first", "last"];
const FLAGS: &[&str] = &[
    "frequent",
    "common",
    "given_name",
    "ambiguous_given_name",
    "surname",
    "frequent_surname",
    "title",
    "speech_verb",
    "organization_head",
    "organization_opener",
    "team",
    "street",
    "calendar",
    "place_cue",
    "casing",
    "gap",
];

// Which clues hold is kept in so many bits.
const _: () = assert!(CLUES.len() <= u128::BITS as usize);

/// Where the hand-set points stand.
pub(super) const POINTS: usize = place_of("points");
/// Where those of the likeliest longer candidate over the same words stand.
pub(super) const LONGER_RIVAL: usize = place_of("longer");
/// Where the number of candidates that share its words stands.
pub(super) const OVERLAPPING: usize = place_of("overlapping");
/// Where it stands what the linear model says of the name.
pub(super) const NAME: usize = place_of("name");
/// How many features a candidate has.
pub const WIDTH: usize = CLUES.len() + MORE.len() + WORDS.len() * FLAGS.len();

/// Where a feature of `MORE` stands; one that is not there does not compile.
const fn place_of(name: &str) -> usize {
    let mut n = 0;
    while !is_same(MORE[n].as_bytes(), name.as_bytes()) {
        n += 1;
    }
    CLUES.len() + n
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

/// The names of the features, in their order.
pub fn names() -> Vec<String> {
    let clues = CLUES.iter().map(|(clue, _)| format!("{clue:?}"));
    let more = MORE.iter().map(|&name| name.to_owned());
    let flags = WORDS.iter().flat_map(|word| FLAGS.iter().map(move |flag| format!("{word}_{flag}")));
    clues.chain(more).chain(flags).collect()
}

/// The features of some of a field's candidates, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    values: Vec<f32>,
    /// The candidate of each row.
    of: Vec<usize>,
}

impl Rows {
    /// All rows, one after the other.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// The number of each row's candidate.
    pub(super) fn candidates(&self) -> &[usize] {
        &self.of
    }

    /// The row of this number.
    pub(super) fn row(&self, n: usize) -> &[f32] {
        &self.values[n * WIDTH..][..WIDTH]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(WIDTH)
    }
}

/// Hand-set points of a field's candidates, with the clues that make them.
struct Clued {
    /// A bit each.
    clues: Vec<u128>,
    points: Vec<f32>,
    /// The share of the field's words that have capitals.
    capitals: f32,
}

/// What a candidate must have for its features to be gathered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Least {
    /// Hand-set points.
    pub(super) points: f32,
    /// The same with what the linear models of its words say, which count as much less.
    pub(super) with_words: f32,
}

impl Least {
    /// All candidates do.
    pub(super) const NONE: Self = Self { points: f32::NEG_INFINITY, with_words: f32::NEG_INFINITY };
}

/// How much the linear models count beside the hand-set points.
const OF_WORDS: f32 = 0.7;

/// An article's candidates with what must be known of all of them before the features of any can be gathered.
pub(super) struct Reading<'a> {
    sheets: &'a [Sheet<'a>],
    candidates: &'a [Vec<Candidate>],
    facts: &'a Facts,
    lexical: &'a Lexical,
    clued: Vec<Clued>,
    article: OfArticle,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        sheets: &'a [Sheet<'a>],
        candidates: &'a [Vec<Candidate>],
        facts: &'a Facts,
        by: &CluePoints,
        lexical: &'a Lexical,
    ) -> Self {
        let clued: Vec<Clued> =
            sheets.iter().zip(candidates).map(|(sheet, all)| Clued::new(sheet, all, facts, by)).collect();
        let article = OfArticle::new(sheets, candidates, &clued);
        Self { sheets, candidates, facts, lexical, clued, article }
    }

    /// Gathers the features of some candidates of a field, from candidate `from` on, of those that have as much as they
    /// must; gives where to go on. So that a long article's are never in memory all at once.
    pub(super) fn fill(&self, field: usize, from: usize, most: usize, least: Least, rows: &mut Rows) -> usize {
        rows.values.clear();
        rows.of.clear();
        let (sheet, all, clued) = (&self.sheets[field], &self.candidates[field], &self.clued[field]);
        let room = most.min(all.len() - from);
        rows.values.reserve(room * WIDTH);
        rows.of.reserve(room);
        for (n, candidate) in all.iter().enumerate().skip(from) {
            let points = clued.points[n];
            if points < least.points {
                continue;
            }
            let of_words = self.lexical.scores(sheet, candidate);
            if points + OF_WORDS * (of_words[0] + of_words[1]) < least.with_words {
                continue;
            }
            rows.of.push(n);
            let start = rows.values.len();
            rows.values.resize(start + WIDTH, 0.0);
            let (said, rest) = rows.values[start..].split_at_mut(CLUES.len());
            let mut left = clued.clues[n];
            while left != 0 {
                said[left.trailing_zeros() as usize] = 1.0;
                left &= left - 1;
            }
            let (more, words) = rest.split_at_mut(MORE.len());
            let (more, lexical) = more.split_at_mut(MORE.len() - of_words.len());
            more.copy_from_slice(&values(sheet, all, clued, &self.article, self.facts, n));
            lexical.copy_from_slice(&of_words);
            flags_around(words, sheet, candidate);
            if rows.of.len() == most {
                return n + 1;
            }
        }
        all.len()
    }
}

impl Clued {
    fn new(sheet: &Sheet<'_>, all: &[Candidate], facts: &Facts, by: &CluePoints) -> Self {
        let capitals = sheet.capitals() as f32 / sheet.tokens.len().max(1) as f32;
        let mut clued = Self { clues: Vec::with_capacity(all.len()), points: Vec::with_capacity(all.len()), capitals };
        for candidate in all {
            let (mut said, mut points) = (0, 0.0);
            gather::clues(sheet, candidate, facts, all, |clue| {
                said |= 1u128 << clue as u32;
                points += by.of(clue);
            });
            clued.clues.push(said);
            clued.points.push(points);
        }
        clued
    }
}

/// How a name fares in the whole article.
#[derive(Clone, Copy, Default)]
struct OfName {
    count: f32,
    sum: f32,
    highest: f32,
    second: f32,
}

/// What tells a name from others: names that no gazetteer has, by their words.
fn key(sheet: &Sheet<'_>, candidate: &Candidate) -> (Name, u64) {
    if candidate.name != Name::NONE {
        return (candidate.name, 0);
    }
    let mut hash = FxHasher::default();
    candidate.words.clone().for_each(|j| hash.write_u32(sheet.tokens[j].word));
    (Name::NONE, hash.finish())
}

/// Names of an article that room is made for at once.
const ROOM: usize = 64;

/// What the article is certain of.
struct OfArticle {
    names: FxHashMap<(Name, u64), OfName>,
    countries: FxHashMap<[u8; 2], f32>,
    divisions: FxHashMap<u32, f32>,
    certain: f32,
}

impl OfArticle {
    fn new(sheets: &[Sheet<'_>], candidates: &[Vec<Candidate>], clued: &[Clued]) -> Self {
        let mut article = Self {
            names: FxHashMap::with_capacity_and_hasher(ROOM.min(candidates.iter().map(Vec::len).sum()), FxBuildHasher),
            countries: FxHashMap::default(),
            divisions: FxHashMap::default(),
            certain: 0.0,
        };
        for (sheet, (all, clued)) in sheets.iter().zip(candidates.iter().zip(clued)) {
            for (candidate, &points) in all.iter().zip(&clued.points) {
                let name = article.names.entry(key(sheet, candidate)).or_insert(OfName {
                    highest: NONE,
                    second: NONE,
                    ..OfName::default()
                });
                let was_certain = name.highest >= CERTAIN;
                name.count += 1.0;
                name.sum += points;
                if points > name.highest {
                    (name.highest, name.second) = (points, name.highest);
                } else {
                    name.second = name.second.max(points);
                }
                if points >= CERTAIN && !was_certain {
                    article.take(sheet, candidate);
                }
            }
        }
        article
    }

    /// Counts the country and the division of the best known place of a certain name.
    fn take(&mut self, sheet: &Sheet<'_>, candidate: &Candidate) {
        self.certain += 1.0;
        if let Some((country, division)) = sheet.known(candidate.name, |known| known.first) {
            if let Some(country) = country {
                *self.countries.entry(country).or_default() += 1.0;
            }
            if let Some(division) = division {
                *self.divisions.entry(division).or_default() += 1.0;
            }
        }
    }

    /// The most other certain names that lie in a country and in a division of a name's places.
    fn around(&self, known: &Known, own: f32) -> (f32, f32) {
        let most = |most: f32, count: Option<&f32>| count.map_or(most, |count| most.max(count - own));
        let countries = known.countries.iter().map(|country| self.countries.get(country));
        let divisions = known.divisions.iter().map(|division| self.divisions.get(division));
        (countries.fold(0.0, most), divisions.fold(0.0, most))
    }
}

fn flag(said: bool) -> f32 {
    f32::from(u8::from(said))
}

/// The values of [`MORE`] but the last ones, which the linear models say.
fn values(
    sheet: &Sheet<'_>,
    all: &[Candidate],
    clued: &Clued,
    article: &OfArticle,
    facts: &Facts,
    n: usize,
) -> [f32; MORE.len() - 2] {
    let candidate = &all[n];
    let points = clued.points[n];
    let (first, last) = (candidate.words.start, candidate.words.end - 1);
    let of_name = article.names[&key(sheet, candidate)];
    let others = of_name.count - 1.0;
    let same_highest = if points >= of_name.highest { of_name.second } else { of_name.highest };
    let same_mean = if others > 0.0 { (of_name.sum - points) / others } else { NONE };
    let (rival, longer, overlapping) = rivals(all, &clued.points, n);
    let own = flag(of_name.highest >= CERTAIN);
    let letters: usize = candidate.words.clone().map(|j| gather::letters(sheet, j)).sum();
    let run = |from: usize, step: isize| {
        let joined = |&j: &usize| {
            let (word, gap) = if step < 0 { (j.wrapping_sub(1), j) } else { (j, j) };
            sheet.joins(gap) && sheet.is_capital(word) && (step < 0 || !sheet.tokens[j - 1].possessive)
        };
        (0..6).map(|k| from.wrapping_add_signed(step * k)).take_while(joined).count() as f32
    };
    let usage = facts.usage(sheet, first);
    let usage_last = facts.usage(sheet, last);
    let (before, after) = neighbors(all, &clued.points, n);
    let (previous_points, previous_distance) = before.told();
    let (next_points, next_distance) = after.told();
    let sentence = sheet.sentence(first);
    let token = &sheet.tokens[last];
    let put = |known: &Known| {
        let (country, division) = article.around(known, own);
        let of_place = |tell: fn((Level, NameKind)) -> u8| known.level.map_or(-1.0, |level| f32::from(tell(level)));
        [
            points,
            same_highest,
            same_mean,
            others.min(20.0),
            rival,
            longer,
            overlapping,
            known.power,
            known.power_official,
            known.postings as f32,
            known.officials as f32,
            of_place(|(level, _)| level as u8),
            of_place(|(_, kind)| kind as u8),
            candidate.words.len() as f32,
            letters as f32,
            power_of_count(first),
            first as f32 / sheet.tokens.len() as f32,
            flag(sheet.field == Field::Title),
            run(first, -1),
            run(last + 1, 1),
            power_of_count(usage.lower as usize),
            power_of_count(usage.capital as usize),
            power_of_count(usage.surname as usize),
            power_of_count(usage.locative as usize),
            usage.lower as f32 / (usage.lower + usage.capital + 1) as f32,
            power_of_count(usage_last.lower as usize),
            power_of_count(usage_last.capital as usize),
            previous_points,
            previous_distance,
            next_points,
            next_distance,
            division / (article.certain + 0.5),
            country / (article.certain + 0.5),
            power_of_count(article.certain as usize),
            flag(gather::is_shouting(sheet, first)),
            clued.capitals,
            flag(token.possessive),
            flag(token.dot),
            sentence.len().min(200) as f32,
            (first - sentence.start).min(200) as f32,
            division,
        ]
    };
    sheet.known(candidate.name, put)
}

/// The flags of the words in and around a candidate.
fn flags_around(to: &mut [f32], sheet: &Sheet<'_>, candidate: &Candidate) {
    let (first, last) = (candidate.words.start, candidate.words.end - 1);
    let words = [first.wrapping_sub(1), first.wrapping_sub(2), last + 1, last + 2, first, last];
    for (to, word) in to.as_chunks_mut::<{ FLAGS.len() }>().0.iter_mut().zip(words) {
        let (flags, casing, gap) = match sheet.tokens.get(word) {
            Some(token) => (sheet.flags(word), f32::from(token.casing as u8), f32::from(token.gap as u8)),
            None => (WordFlags::default(), -1.0, 6.0),
        };
        let said = [
            flags.is_frequent(),
            flags.is_common(),
            flags.is_given_name(),
            flags.is_ambiguous_given_name(),
            flags.is_surname(),
            flags.is_frequent_surname(),
            flags.is_title(),
            flags.is_speech_verb(),
            flags.is_organization_head(),
            flags.is_organization_opener(),
            flags.is_team(),
            flags.is_street(),
            flags.is_calendar(),
            flags.is_place_cue(),
        ];
        for (to, said) in to.iter_mut().zip(said) {
            *to = flag(said);
        }
        (to[said.len()], to[said.len() + 1]) = (casing, gap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_number_are_where_their_names_are() {
        let names = names();
        assert_eq!(names.len(), WIDTH);
        assert_eq!(names[POINTS], "points");
        assert_eq!(names[LONGER_RIVAL], "longer");
    }
}
