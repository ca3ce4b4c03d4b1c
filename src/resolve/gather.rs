//! Gathering the evidence for every candidate of every mention.

use super::candidates::{Candidate, Senses};
use super::coherence::{covered, weights};
use super::company::Company;
use super::context::{Context, Local};
use super::evidence::{EVIDENCE, Evidence, NOWHERE, Points};
use super::links::{Linked, Links, agrees, links};
use super::nearby::Nearby;
use super::outlet::Host;
use crate::find::Mention;
use crate::gazetteer::Level;
use std::ops::Range;

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
            all += senses.all[number].candidates.len();
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

/// The evidence for every candidate of every mention, as far as it is kept: rows are made when they are asked for.
pub(super) struct Gathered<'a> {
    words: Words<'a>,
    article: OfArticle,
    local: Local,
}

impl<'a> Gathered<'a> {
    /// Gathers the evidence for every candidate of every mention.
    pub(super) fn new(
        mentions: &'a [Mention],
        senses: &'a Senses<'a>,
        host: Option<&'a Host>,
        points: &Points,
    ) -> Self {
        let nearby = Nearby::new(senses);
        let words = Words::new(mentions, senses, host, &nearby);
        let mut of_words = Vec::with_capacity(words.rows.len());
        for at in 0..mentions.len() {
            words.each(at, |_, row| of_words.push(sum(&row, &WORDS, points)));
        }
        // First of all, what is likely without context; then with the context that this makes, twice.
        let mut rows = of_words.iter();
        let alone = by_sense(senses, |_, sums| sums.iter_mut().zip(&mut rows).for_each(|(sum, words)| *sum += words));
        let article = OfArticle::new(senses, &nearby, alone);
        let mut local = Local::default();
        let mut rows = of_words.iter();
        let together = by_sense(senses, |at, sums| {
            article.each(&words, at, &mut local, |c, context| {
                let context: f32 = CONTEXT.iter().zip(context).map(|(&piece, value)| points.of(piece) * value).sum();
                sums[c] += rows.next().copied().unwrap_or(0.0) + context;
            });
        });
        let article = OfArticle::new(senses, &nearby, together);
        Self { words, article, local }
    }

    /// Makes the rows of a mention's candidates, in their order.
    pub(super) fn fill(&mut self, at: usize, rows: &mut Vec<Row>) {
        rows.clear();
        self.words.each(at, |_, row| rows.push(row));
        self.article.each(&self.words, at, &mut self.local, |c, context| {
            CONTEXT.iter().zip(context).for_each(|(&piece, value)| rows[c][piece as usize] = value);
        });
    }
}

/// What no guess at what the article's names mean can change: what holds wherever a name occurs, what the words around
/// say, the candidates' company, and the outlet.
struct Words<'a> {
    mentions: &'a [Mention],
    senses: &'a Senses<'a>,
    host: Option<&'a Host>,
    rows: Rows,
    links: Links,
    /// Of each of all candidates.
    company: Vec<[(Evidence, f32); 5]>,
}

impl<'a> Words<'a> {
    fn new(mentions: &'a [Mention], senses: &'a Senses<'a>, host: Option<&'a Host>, nearby: &Nearby) -> Self {
        let rows = Rows::new(senses);
        let links = links(mentions, senses, &rows);
        let company = Company::new(senses);
        let of_candidate = |(n, (number, candidate)): (usize, (usize, &Candidate<'_>))| {
            company.evidence(candidate, number, nearby.of(n))
        };
        let company = senses.each().enumerate().map(of_candidate).collect();
        Self { mentions, senses, host, rows, links, company }
    }

    /// Hands over a row for each candidate of a mention.
    fn each(&self, at: usize, mut sink: impl FnMut(usize, Row)) {
        let number = self.senses.of_mention[at];
        let candidates = &self.senses.all[number].candidates;
        let linked = self.links.of(&self.rows, at);
        let company = &self.company[self.senses.numbers(number)];
        for (c, (candidate, company)) in candidates.iter().zip(company).enumerate() {
            let mut row = [0.0; EVIDENCE.len()];
            let linked = linked.get(c).copied().unwrap_or_default();
            words_around(&self.mentions[at], candidate, self.links.is_cued(at), linked, &mut row);
            candidate.evidence.iter().chain(company).for_each(|&(piece, value)| row[piece as usize] += value);
            let outlet = self.host.into_iter().flat_map(|host| host.evidence(&candidate.place));
            outlet.for_each(|(piece, value)| row[piece as usize] += value);
            sink(c, row);
        }
    }
}

/// What the article says, given how likely each of all candidates is.
struct OfArticle {
    probabilities: Vec<f32>,
    context: Context,
    /// The first of [`CONTEXT`], for each candidate.
    shared: Vec<[f32; SHARED]>,
}

impl OfArticle {
    fn new(senses: &Senses<'_>, nearby: &Nearby, probabilities: Vec<f32>) -> Self {
        let context = Context::new(senses, &probabilities);
        let of_candidate = |(n, (number, candidate)): (usize, (usize, &Candidate<'_>))| {
            let shares = context.shares(candidate, number);
            let near = weights(nearby.of(n), &probabilities);
            [
                shares.country,
                shares.admin1,
                shares.country_named,
                shares.admin1_named,
                covered(senses, &probabilities, candidate, number),
                near[0],
                near[1],
                near[2],
            ]
        };
        let shared = senses.each().enumerate().map(of_candidate).collect();
        Self { probabilities, context, shared }
    }

    /// Hands over how much there is of [`CONTEXT`] for each candidate of a mention.
    fn each(&self, words: &Words<'_>, at: usize, local: &mut Local, mut sink: impl FnMut(usize, [f32; CONTEXT.len()])) {
        let senses = words.senses;
        let number = senses.of_mention[at];
        let sense = &senses.all[number];
        let nearest = self.context.nearest(senses, at);
        self.context.local(senses, at, local);
        let is_one = sense.count > 1 && !words.links.is_split(number);
        for (c, (candidate, n)) in sense.candidates.iter().zip(senses.numbers(number)).enumerate() {
            let mut values = [0.0; CONTEXT.len()];
            values[..SHARED].copy_from_slice(&self.shared[n]);
            let [country, admin1] = local.shares(candidate);
            let (any, region) = nearest.holds(&candidate.spot);
            let one_sense = if is_one { self.probabilities[n] } else { 0.0 };
            values[SHARED..].copy_from_slice(&[country, admin1, any, region, one_sense]);
            sink(c, values);
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

/// The probability of every candidate, from its prior and the mean of what its mentions `add`.
fn by_sense(senses: &Senses<'_>, mut add: impl FnMut(usize, &mut [f32])) -> Vec<f32> {
    let mut sums = vec![0.0; senses.count()];
    for (at, &number) in senses.of_mention.iter().enumerate() {
        add(at, &mut sums[senses.numbers(number)]);
    }
    for (number, sense) in senses.all.iter().enumerate() {
        let count = sense.count as f32;
        let mut highest = NOWHERE;
        let sums = &mut sums[senses.numbers(number)];
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
