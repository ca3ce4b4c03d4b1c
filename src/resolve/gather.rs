//! Gathering the evidence for every candidate of every mention.

use super::candidates::{Candidate, Senses};
use super::coherence::Coherence;
use super::company::Company;
use super::context::Context;
use super::evidence::{EVIDENCE, Evidence, NOWHERE, Points};
use super::links::{Linked, Links, agrees, links};
use super::outlet::Host;
use crate::find::Mention;
use crate::gazetteer::Level;
use std::ops::Range;

/// How often context is gathered anew from what it made likely.
const ROUNDS: usize = 2;

/// Evidence from the words beside a mention, and what no guess at what the article's names mean can change. Points are
/// summed in this order, so that the same evidence has the same points to the last bit.
const WORDS: [Evidence; 16] = [
    Evidence::Misspelled,
    Evidence::Cue,
    Evidence::OtherCue,
    Evidence::CityWithArticle,
    Evidence::Contained,
    Evidence::AfterRegion,
    Evidence::Containing,
    Evidence::SameAsContained,
    Evidence::ListedLevel,
    Evidence::Company30,
    Evidence::Company100,
    Evidence::RareCompany,
    Evidence::CompanyAdmin1,
    Evidence::CompanyCountry,
    Evidence::OutletCountry,
    Evidence::OutletName,
];

/// Evidence from what the article's other names are likely to mean.
const CONTEXT: [Evidence; 13] = [
    Evidence::SameCountry,
    Evidence::SameAdmin1,
    Evidence::CountryNamed,
    Evidence::Admin1Named,
    Evidence::Covers,
    Evidence::Within60,
    Evidence::Within250,
    Evidence::Within1000,
    Evidence::LocalCountry,
    Evidence::LocalAdmin1,
    Evidence::Nearest,
    Evidence::NearestRegion,
    Evidence::OneSense,
];

/// How many of these are the same for all mentions of a name.
const SHARED: usize = 8;

/// How much there is of each piece of [`EVIDENCE`].
pub(super) type Row = [f32; EVIDENCE.len()];

/// Which rows belong to which mention: one for each of its candidates, mention after mention.
pub(super) struct Rows {
    /// Where each mention's begin; at last, how many there are.
    begins: Vec<usize>,
}

impl Rows {
    fn new(senses: &Senses<'_>) -> Self {
        let mut begins = Vec::with_capacity(senses.of_mention.len() + 1);
        begins.push(0);
        let mut all = 0;
        begins.extend(senses.of_mention.iter().map(|&number| {
            all += senses.senses[number].candidates.len();
            all
        }));
        Self { begins }
    }

    pub(super) fn of(&self, at: usize) -> Range<usize> {
        self.begins[at]..self.begins[at + 1]
    }

    pub(super) fn len(&self) -> usize {
        self.begins.last().copied().unwrap_or(0)
    }
}

/// The evidence for every candidate of every mention.
pub(super) struct Gathered {
    rows: Rows,
    evidence: Vec<Row>,
}

impl Gathered {
    /// For the candidates of a mention, in their order.
    pub(super) fn of(&self, at: usize) -> &[Row] {
        &self.evidence[self.rows.of(at)]
    }
}

/// The points of some pieces of a row together.
fn sum(row: &Row, pieces: &[Evidence], points: &Points) -> f32 {
    pieces.iter().map(|&piece| points.of(piece) * row[piece as usize]).sum()
}

/// The points of all evidence for a candidate.
pub(super) fn total(row: &Row, candidate: &Candidate<'_>, points: &Points) -> f32 {
    let fixed = candidate.evidence.iter().map(|&(piece, value)| points.of(piece) * value);
    let gathered = WORDS.iter().chain(&CONTEXT).map(|&piece| points.of(piece) * row[piece as usize]);
    fixed.chain(gathered).sum()
}

/// Gathers the evidence for every candidate of every mention.
pub(super) fn gather(mentions: &[Mention], senses: &Senses<'_>, host: Option<&Host>, points: &Points) -> Gathered {
    let rows = Rows::new(senses);
    let mut evidence: Vec<Row> = vec![[0.0; EVIDENCE.len()]; rows.len()];
    let links = links(mentions, senses, &rows);
    without_context(mentions, senses, host, (&rows, &links), &mut evidence);
    let of_words: Vec<f32> = evidence.iter().map(|row| sum(row, &WORDS, points)).collect();
    // First of all, what is likely without context; then with the context that this makes, twice.
    let mut probabilities = by_sense(senses, &rows, |row| of_words[row]);
    let mut shared: Vec<Vec<[f32; SHARED]>> = Vec::new();
    for round in 0..ROUNDS {
        let context = Context::new(senses, &probabilities);
        let coherence = Coherence::new(senses, &probabilities);
        shared.clear();
        shared.extend(senses.senses.iter().enumerate().map(|(number, sense)| {
            sense.candidates.iter().map(|candidate| of_article(&context, &coherence, candidate, number)).collect()
        }));
        for (at, &number) in senses.of_mention.iter().enumerate() {
            let sense = &senses.senses[number];
            let nearest = context.nearest(senses, at);
            for (c, (row, candidate)) in evidence[rows.of(at)].iter_mut().zip(&sense.candidates).enumerate() {
                let (country, admin1) = context.local(senses, at, &candidate.spot);
                let (any, region) = nearest.holds(&candidate.spot);
                let one_sense = if sense.count > 1 && !links.is_split(number) { probabilities[number][c] } else { 0.0 };
                let of_mention = [country, admin1, any, region, one_sense];
                for (&piece, value) in CONTEXT.iter().zip(shared[number][c].into_iter().chain(of_mention)) {
                    row[piece as usize] = value;
                }
            }
        }
        if round + 1 < ROUNDS {
            probabilities = by_sense(senses, &rows, |row| of_words[row] + sum(&evidence[row], &CONTEXT, points));
        }
    }
    Gathered { rows, evidence }
}

/// Fills in what holds wherever a name occurs, what the words around say, the candidates' company, and the outlet.
fn without_context(
    mentions: &[Mention],
    senses: &Senses<'_>,
    host: Option<&Host>,
    (rows, links): (&Rows, &Links),
    evidence: &mut [Row],
) {
    let company = Company::new(senses);
    let of_name: Vec<Vec<[(Evidence, f32); 5]>> = senses
        .senses
        .iter()
        .enumerate()
        .map(|(number, sense)| sense.candidates.iter().map(|c| company.evidence(c, number)).collect())
        .collect();
    for (at, mention) in mentions.iter().enumerate() {
        let number = senses.of_mention[at];
        let candidates = &senses.senses[number].candidates;
        let linked = links.of(rows, at);
        for (c, (row, candidate)) in evidence[rows.of(at)].iter_mut().zip(candidates).enumerate() {
            words_around(mention, candidate, links.is_cued(at), linked.get(c).copied().unwrap_or_default(), row);
            let fixed = candidate.evidence.iter().chain(&of_name[number][c]);
            fixed.for_each(|&(piece, value)| row[piece as usize] += value);
            host.into_iter().flat_map(|host| host.evidence(&candidate.place)).for_each(|(piece, value)| {
                row[piece as usize] += value;
            });
        }
    }
}

/// Evidence from the words beside a mention.
fn words_around(mention: &Mention, candidate: &Candidate<'_>, is_cued: bool, link: Linked, row: &mut Row) {
    let level = candidate.spot.level;
    let cue = mention.cue.filter(|_| is_cued).map(|cue| agrees(cue, level));
    for (said, piece) in [
        (mention.misspelled, Evidence::Misspelled),
        (cue == Some(true), Evidence::Cue),
        (cue == Some(false), Evidence::OtherCue),
        (mention.after_article && level == Level::City, Evidence::CityWithArticle),
        (link.contained, Evidence::Contained),
        (link.after_region, Evidence::AfterRegion),
        (link.containing, Evidence::Containing),
        (link.as_before, Evidence::SameAsContained),
        (link.listed, Evidence::ListedLevel),
    ] {
        if said {
            row[piece as usize] += 1.0;
        }
    }
}

/// Evidence from the article as a whole: the first of [`CONTEXT`].
fn of_article(context: &Context, coherence: &Coherence, candidate: &Candidate<'_>, number: usize) -> [f32; SHARED] {
    let shares = context.shares(&candidate.spot, number);
    let near = coherence.weights(candidate, number);
    [
        shares.country,
        shares.admin1,
        shares.country_named,
        shares.admin1_named,
        coherence.covered(candidate, number),
        near[0],
        near[1],
        near[2],
    ]
}

/// The probability of every candidate of every name, from its prior and the mean of what `more` gives its mentions' rows.
fn by_sense(senses: &Senses<'_>, rows: &Rows, more: impl Fn(usize) -> f32) -> Vec<Vec<f32>> {
    let mut sums: Vec<Vec<f32>> = senses.senses.iter().map(|s| vec![0.0; s.candidates.len()]).collect();
    for (at, &number) in senses.of_mention.iter().enumerate() {
        for (sum, row) in sums[number].iter_mut().zip(rows.of(at)) {
            *sum += more(row);
        }
    }
    for (sense, sums) in senses.senses.iter().zip(&mut sums) {
        let count = sense.count as f32;
        let mut highest = NOWHERE;
        for (candidate, sum) in sense.candidates.iter().zip(sums.iter_mut()) {
            *sum = candidate.prior + *sum / count;
            highest = highest.max(*sum);
        }
        let total: f32 = sums.iter().map(|p| (p - highest).exp()).sum::<f32>() + (NOWHERE - highest).exp();
        for p in sums.iter_mut() {
            *p = (*p - highest).exp() / total;
        }
    }
    sums
}
