//! Ranking the candidates of every mention.

use super::candidates::{Candidate, Sense, Senses};
use super::coherence::Coherence;
use super::company::Company;
use super::context::Context;
use super::evidence::{Evidence, Points};
use super::features::{self, WIDTH};
use super::outlet::Host;
use crate::find::{Link, Mention, Role};
use crate::gazetteer::{Level, Place};
use crate::model::Trees;

/// The most candidates of a mention that the trees rank, those that the hand-set points have first.
const MOST: usize = 16;

/// Log-odds for a place of the level that the words beside the name say ("Raqqa province"), on top of what is learned: a
/// province and its capital are near each other, so that gold corpora scored by distance teach little of it.
const TOLD: f32 = 2.0;

/// How often context is gathered anew from what it made likely.
const ROUNDS: usize = 2;

/// Evidence, each piece with how much of it there is.
type Weighted = Vec<(Evidence, f32)>;

/// A candidate with its log-odds against no place at all, and the features behind them.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) place: u32,
    pub(super) odds: f32,
    pub(super) features: [f32; WIDTH],
    /// What speaks for it from outside the article, in points that the odds contain.
    pub(super) leaning: Weighted,
}

/// The candidates of every mention that is wanted, best first; none for the others.
pub(super) fn rank(
    mentions: &[Mention],
    senses: &Senses<'_>,
    host: Option<&Host>,
    points: &Points,
    trees: &Trees,
) -> Vec<Vec<Ranked>> {
    let evidence = evidence(mentions, senses, host, points);
    let of_mention = |at: usize| {
        if !mentions[at].wanted {
            return Vec::new();
        }
        let rows = features::rows(mentions, senses, &evidence[at], at, points);
        let candidates = &senses.senses[senses.of_mention[at]].candidates;
        // "Paris, France" is told by the text, wherever the paper has its home.
        let is_told = evidence[at].iter().any(|(_, found)| found.iter().any(|(e, _)| *e == Evidence::Contained));
        let ranked = |(features, candidate): ([f32; WIDTH], &Candidate<'_>)| {
            let leaning = candidate.leaning.iter().filter(|_| !is_told);
            let leaning: Weighted = leaning.map(|&(e, value)| (e, points.of(e) * value)).collect();
            let told = TOLD * features[Evidence::Cue as usize];
            let learned = features::prior(&features) + trees.score(&features) + told;
            let odds = learned + leaning.iter().map(|(_, points)| points).sum::<f32>();
            Ranked { place: candidate.place.index(), odds, features, leaning }
        };
        let mut likely: Vec<([f32; WIDTH], &Candidate<'_>)> = rows.into_iter().zip(candidates).collect();
        if likely.len() > MOST {
            let by_hand = |(row, candidate): &([f32; WIDTH], &Candidate<'_>)| {
                features::prior(row) + points.sum(&candidate.leaning)
            };
            likely.sort_by(|a, b| by_hand(b).total_cmp(&by_hand(a)));
            likely.truncate(MOST);
        }
        let mut ranking: Vec<Ranked> = likely.into_iter().map(ranked).collect();
        // Numbers follow prominence, so that equals stay in a stable and sensible order.
        ranking.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.place.cmp(&b.place)));
        ranking
    };
    (0..mentions.len()).map(of_mention).collect()
}

/// The evidence for every candidate of every mention, in the order of the candidates.
fn evidence(
    mentions: &[Mention],
    senses: &Senses<'_>,
    host: Option<&Host>,
    points: &Points,
) -> Vec<Vec<(u32, Weighted)>> {
    let links = links(mentions, senses);
    let fixed = without_context(senses, host);
    let around = |at: usize| -> Vec<Weighted> {
        let sense = &senses.senses[senses.of_mention[at]];
        sense
            .candidates
            .iter()
            .enumerate()
            .map(|(c, candidate)| {
                let mut found = words_around(&mentions[at], candidate, &links, at, c);
                found.extend_from_slice(&fixed[senses.of_mention[at]][c]);
                found
            })
            .collect()
    };
    let words: Vec<Vec<Weighted>> = (0..mentions.len()).map(around).collect();
    // First of all, what is likely without context; then with the context that this makes, twice.
    let mut probabilities = by_sense(senses, |at, c| points.sum(&words[at][c]));
    let mut extra: Vec<Vec<Weighted>> = Vec::new();
    for round in 0..ROUNDS {
        let context = Context::new(senses, &probabilities);
        let coherence = Coherence::new(senses, &probabilities);
        let shared: Vec<Vec<Weighted>> = senses
            .senses
            .iter()
            .enumerate()
            .map(|(number, sense)| {
                sense.candidates.iter().map(|candidate| of_article(&context, &coherence, candidate, number)).collect()
            })
            .collect();
        extra = (0..mentions.len())
            .map(|at| {
                let number = senses.of_mention[at];
                let nearest = context.nearest(senses, at);
                let with_local = |(c, candidate): (usize, &Candidate<'_>)| {
                    let mut found = shared[number][c].clone();
                    let (country, admin1) = context.local(senses, at, &candidate.place);
                    let (any, region) = nearest.holds(&candidate.place);
                    let sense = if senses.senses[number].count > 1 { probabilities[number][c] } else { 0.0 };
                    found.extend([
                        (Evidence::LocalCountry, country),
                        (Evidence::LocalAdmin1, admin1),
                        (Evidence::Nearest, any),
                        (Evidence::NearestRegion, region),
                        (Evidence::OneSense, sense),
                    ]);
                    found
                };
                senses.senses[number].candidates.iter().enumerate().map(with_local).collect()
            })
            .collect();
        if round + 1 < ROUNDS {
            probabilities = by_sense(senses, |at, c| points.sum(&words[at][c]) + points.sum(&extra[at][c]));
        }
    }
    (0..mentions.len())
        .map(|at| {
            let sense = &senses.senses[senses.of_mention[at]];
            let join = |(c, candidate): (usize, &Candidate<'_>)| {
                let all = candidate.evidence.iter().chain(&words[at][c]).chain(&extra[at][c]);
                (candidate.place.index(), all.filter(|(_, v)| *v != 0.0).copied().collect())
            };
            sense.candidates.iter().enumerate().map(join).collect()
        })
        .collect()
}

/// Evidence of the article that no guess at what its names mean can change: the candidates' company, and the outlet.
fn without_context(senses: &Senses<'_>, host: Option<&Host>) -> Vec<Vec<Weighted>> {
    let company = Company::new(senses);
    let of = |(number, place): (usize, &Place<'_>)| {
        let mut found = company.evidence(place, number).to_vec();
        found.extend(host.into_iter().flat_map(|host| host.evidence(place)));
        found
    };
    let of_name = |(number, sense): (usize, &Sense<'_>)| {
        sense.candidates.iter().map(|candidate| of((number, &candidate.place))).collect()
    };
    senses.senses.iter().enumerate().map(of_name).collect()
}

/// The probability of every candidate of every name, from its prior and the mean of what `more` gives its mentions.
fn by_sense(senses: &Senses<'_>, more: impl Fn(usize, usize) -> f32) -> Vec<Vec<f32>> {
    let mut sums: Vec<Vec<f32>> = senses.senses.iter().map(|s| vec![0.0; s.candidates.len()]).collect();
    for (at, &number) in senses.of_mention.iter().enumerate() {
        for (c, sum) in sums[number].iter_mut().enumerate() {
            *sum += more(at, c);
        }
    }
    for (sense, sums) in senses.senses.iter().zip(&mut sums) {
        let count = sense.count as f32;
        let mut highest = super::evidence::NOWHERE;
        for (candidate, sum) in sense.candidates.iter().zip(sums.iter_mut()) {
            *sum = candidate.prior + *sum / count;
            highest = highest.max(*sum);
        }
        let total: f32 =
            sums.iter().map(|p| (p - highest).exp()).sum::<f32>() + (super::evidence::NOWHERE - highest).exp();
        for p in sums.iter_mut() {
            *p = (*p - highest).exp() / total;
        }
    }
    sums
}

/// Evidence from the words beside a mention.
fn words_around(mention: &Mention, candidate: &Candidate<'_>, links: &Links, at: usize, c: usize) -> Weighted {
    let mut found = Vec::new();
    if mention.misspelled {
        found.push((Evidence::Misspelled, 1.0));
    }
    if let Some(cue) = mention.cue.filter(|_| links.cued[at]) {
        found.push((
            if agrees(cue, candidate.place.feature().level()) { Evidence::Cue } else { Evidence::OtherCue },
            1.0,
        ));
    }
    if mention.after_article && candidate.place.feature().level() == Level::City {
        found.push((Evidence::CityWithArticle, 1.0));
    }
    let link = links.of[at].get(c).copied().unwrap_or_default();
    if link.contained {
        found.push((Evidence::Contained, 1.0));
    }
    if link.after_region {
        found.push((Evidence::AfterRegion, 1.0));
    }
    if link.containing {
        found.push((Evidence::Containing, 1.0));
    }
    if link.as_before {
        found.push((Evidence::SameAsContained, 1.0));
    }
    if link.listed {
        found.push((Evidence::ListedLevel, 1.0));
    }
    found
}

/// "Province" is said of what GeoNames has as a first- or second-order division, "city" of any populated place.
fn agrees(cue: Level, level: Level) -> bool {
    match cue {
        Level::Admin1 => matches!(level, Level::Admin1 | Level::Admin2 | Level::Region),
        Level::Admin2 => level == Level::Admin2,
        Level::Land | Level::Water => matches!(level, Level::Land | Level::Water | Level::Region),
        _ => cue == level,
    }
}

/// Evidence from the article as a whole.
fn of_article(context: &Context, coherence: &Coherence, candidate: &Candidate<'_>, number: usize) -> Weighted {
    let shares = context.shares(&candidate.place, number);
    let near = coherence.weights(&candidate.place, number);
    vec![
        (Evidence::SameCountry, shares.country),
        (Evidence::SameAdmin1, shares.admin1),
        (Evidence::CountryNamed, shares.country_named),
        (Evidence::Admin1Named, shares.admin1_named),
        (Evidence::Covers, coherence.covered(&candidate.place, number)),
        (Evidence::Within60, near[0]),
        (Evidence::Within250, near[1]),
        (Evidence::Within1000, near[2]),
    ]
}

/// What links say of one candidate of one mention.
#[derive(Clone, Copy, Debug, Default)]
struct Linked {
    contained: bool,
    containing: bool,
    after_region: bool,
    as_before: bool,
    listed: bool,
}

struct Links {
    of: Vec<Vec<Linked>>,
    /// Whether a mention's cue agrees with any of its candidates; "Anbar desert" has none to agree with.
    cued: Vec<bool>,
}

/// "X, Y", "X in Y", "Y's X" and lists.
fn links(mentions: &[Mention], senses: &Senses<'_>) -> Links {
    let candidates = |at: usize| &senses.senses[senses.of_mention[at]].candidates;
    let mut of: Vec<Vec<Linked>> =
        (0..mentions.len()).map(|at| vec![Linked::default(); candidates(at).len()]).collect();
    for at in 1..mentions.len() {
        let (inner, outer) = match mentions[at - 1].link {
            Link::None => continue,
            Link::Comma | Link::In => (at - 1, at),
            Link::Possessive => (at, at - 1),
            Link::And => {
                list(&mut of, at, candidates(at - 1), candidates(at));
                continue;
            }
        };
        let mut any = false;
        for (i, x) in candidates(inner).iter().enumerate() {
            for (o, y) in candidates(outer).iter().enumerate() {
                if x.place.lies_in(&y.place) {
                    of[inner][i].contained = true;
                    of[outer][o].containing = true;
                    any = true;
                }
            }
        }
        // "X, Y, Z": X lies in Z as well, and Y does.
        if any && at >= 2 && mentions[at - 1].link == Link::Comma && mentions[at - 2].link == Link::Comma {
            for (i, x) in candidates(at - 2).iter().enumerate() {
                of[at - 2][i].contained |= candidates(at).iter().any(|z| x.place.lies_in(&z.place));
            }
        }
        if !any && mentions[at - 1].link == Link::Comma {
            // "In northern Lebanon, Tripoli …"
            for (i, x) in candidates(at).iter().enumerate() {
                let of_region = |region: &Candidate<'_>| x.place.lies_in(&region.place);
                of[at][i].after_region |= candidates(at - 1).iter().any(of_region);
            }
            list(&mut of, at, candidates(at - 1), candidates(at));
        }
    }
    let agrees_with_any = |at: usize| {
        mentions[at].cue.is_some_and(|cue| candidates(at).iter().any(|c| agrees(cue, c.place.feature().level())))
    };
    let cued: Vec<bool> = (0..mentions.len()).map(agrees_with_any).collect();
    // One sense an article, unless the text says otherwise: the last mention of the same name that was told apart, by
    // what contains it or by its level ("the province of Raqqa"), speaks for those that were not; before the first of
    // them the first does.
    let is_told = |of: &[Vec<Linked>], at: usize| of[at].iter().any(|l| l.contained) || cued[at];
    let mut told: Vec<Option<usize>> = vec![None; senses.senses.len()];
    for at in (0..mentions.len()).rev() {
        if is_told(&of, at) {
            told[senses.of_mention[at]] = Some(at);
        }
    }
    for at in 0..mentions.len() {
        let number = senses.of_mention[at];
        if is_told(&of, at) {
            told[number] = Some(at);
        } else if let Some(other) = told[number].filter(|_| mentions[at].role != Role::Demonym) {
            let contained = of[other].iter().any(|l| l.contained);
            let cue = mentions[other].cue;
            for (c, candidate) in candidates(at).iter().enumerate() {
                let is_level = cue.is_some_and(|cue| agrees(cue, candidate.place.feature().level()));
                of[at][c].as_before = if contained { of[other][c].contained } else { is_level };
            }
        }
    }
    Links { of, cued }
}

/// Members of a list are of one level, mostly.
fn list(of: &mut [Vec<Linked>], at: usize, before: &[Candidate<'_>], after: &[Candidate<'_>]) {
    let likeliest = |all: &[Candidate<'_>]| {
        all.iter().max_by(|a, b| a.prior.total_cmp(&b.prior)).map(|c| c.place.feature().level())
    };
    let (one, other) = (likeliest(before), likeliest(after));
    for (c, candidate) in before.iter().enumerate() {
        of[at - 1][c].listed |= other == Some(candidate.place.feature().level());
    }
    for (c, candidate) in after.iter().enumerate() {
        of[at][c].listed |= one == Some(candidate.place.feature().level());
    }
}
