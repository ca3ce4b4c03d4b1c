//! Gathering the evidence for every candidate of every mention.

use super::candidates::{Candidate, Senses};
use super::coherence::{covered, weights};
use super::company::Company;
use super::context::{Context, Local};
use super::evidence::{EVIDENCE, Evidence, NOWHERE, Points, Row};
use super::links::{Linked, Links, agrees, links};
use super::nearby::Nearby;
use super::outlet::Host;
use crate::find::Mention;
use crate::gazetteer::Level;
use std::ops::Range;

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
        // What is likely without context makes the context. Likelihoods made anew with that, and a context of those, placed
        // .001 more right, and cost a twentieth of all instructions.
        let article = OfArticle::new(senses, &nearby, words.probabilities(points));
        let local = Local::default();
        Self { words, article, local }
    }

    /// Makes the rows of a mention's candidates, in their order.
    pub(super) fn fill(&mut self, at: usize, rows: &mut Vec<Row>) {
        rows.clear();
        self.words.each(at, |candidate| rows.push(candidate.row()));
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
        let all = Company::new(senses);
        let mut company = Vec::with_capacity(senses.count());
        for number in 0..senses.all.len() {
            for (n, candidate) in senses.numbers(number).enumerate() {
                company.push(all.evidence(senses, number, n, nearby.of(candidate)));
            }
        }
        Self { mentions, senses, host, rows, links, company }
    }

    /// The probability of every candidate by what it is and what is said beside the mentions of its name, in the mean.
    fn probabilities(&self, points: &Points) -> Vec<f32> {
        let senses = self.senses;
        let mut sums = vec![0.0; senses.count()];
        for (at, &number) in senses.of_mention.iter().enumerate() {
            let mut sums = sums[senses.numbers(number)].iter_mut();
            self.each(at, |candidate| {
                if let Some(sum) = sums.next() {
                    candidate.pieces(|piece, value| *sum += points.of(piece) * value);
                }
            });
        }
        for (number, sense) in senses.all.iter().enumerate() {
            let sums = &mut sums[senses.numbers(number)];
            let mut highest = NOWHERE;
            for (candidate, sum) in sense.candidates.iter().zip(sums.iter_mut()) {
                *sum = candidate.prior + *sum / sense.count as f32;
                highest = highest.max(*sum);
            }
            let mut total = (NOWHERE - highest).exp();
            for sum in sums.iter_mut() {
                *sum = (*sum - highest).exp();
                total += *sum;
            }
            for p in sums {
                *p /= total;
            }
        }
        sums
    }

    /// Hands over each candidate of a mention.
    fn each(&self, at: usize, mut sink: impl FnMut(Beside<'_>)) {
        let number = self.senses.of_mention[at];
        let candidates = &self.senses.all[number].candidates;
        let linked = self.links.of(&self.rows, at);
        let company = &self.company[self.senses.numbers(number)];
        for (c, (candidate, company)) in candidates.iter().zip(company).enumerate() {
            sink(Beside {
                mention: &self.mentions[at],
                candidate,
                is_cued: self.links.is_cued(at),
                link: linked.get(c).copied().unwrap_or_default(),
                company,
                host: self.host,
            });
        }
    }
}

/// A candidate of a mention with what stands beside it.
struct Beside<'a> {
    mention: &'a Mention,
    candidate: &'a Candidate<'a>,
    is_cued: bool,
    link: Linked,
    company: &'a [(Evidence, f32); 5],
    host: Option<&'a Host>,
}

impl Beside<'_> {
    /// All of this evidence, and that which holds wherever the name occurs.
    fn row(&self) -> Row {
        let mut row = [0.0; EVIDENCE.len()];
        self.candidate.evidence.iter().for_each(|&(piece, value)| row[piece as usize] += value);
        self.pieces(|piece, value| row[piece as usize] += value);
        row
    }

    /// Hands over the evidence from the words beside a mention, and what no guess at what the article's names mean can
    /// change.
    fn pieces(&self, mut put: impl FnMut(Evidence, f32)) {
        let Self { mention, candidate, link, .. } = self;
        let level = candidate.spot.level;
        let cue = mention.cue.filter(|_| self.is_cued).map(|cue| agrees(cue, level));
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
                put(piece, 1.0);
            }
        }
        self.company.iter().for_each(|&(piece, value)| put(piece, value));
        let outlet = self.host.into_iter().flat_map(|host| host.evidence(&candidate.place));
        outlet.for_each(|(piece, value)| put(piece, value));
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
