//! What the ranker reads of a candidate, as numbers: its evidence, how that compares with the other candidates', and
//! how the mention stands in its article.

use super::candidates::Senses;
use super::evidence::{EVIDENCE, Evidence, NOWHERE, Row};
use crate::find::{Link, Mention};
use crate::gazetteer::Level;
use crate::model::power_of_count;
use crate::read::Field;

/// Evidence that is compared with the most that another candidate of the name has.
const COMPARED: [Evidence; 19] = [
    Evidence::Population,
    Evidence::SameCountry,
    Evidence::SameAdmin1,
    Evidence::CountryNamed,
    Evidence::Admin1Named,
    Evidence::LocalCountry,
    Evidence::LocalAdmin1,
    Evidence::Nearest,
    Evidence::NearestRegion,
    Evidence::Within60,
    Evidence::Within250,
    Evidence::Within1000,
    Evidence::OneSense,
    Evidence::Contained,
    Evidence::Company30,
    Evidence::Company100,
    Evidence::RareCompany,
    Evidence::CompanyAdmin1,
    Evidence::CompanyCountry,
];

/// Features after the evidence and the comparisons, in their order.
const MORE: [&str; 22] = [
    "points",
    "points_ahead",
    "rank",
    "candidates",
    "level",
    "kind",
    "radius",
    "role",
    "cue_level",
    "mention_probability",
    "count",
    "names",
    "mentions",
    "index",
    "in_title",
    "after_article",
    "link",
    "link_before",
    "letters",
    "twin",
    "same_level",
    "share_of_people",
];

/// How many features a candidate has.
pub const WIDTH: usize = EVIDENCE.len() + COMPARED.len() + MORE.len();

/// The names of the features, in their order.
pub fn names() -> Vec<String> {
    let evidence = EVIDENCE.iter().map(|(_, code, _)| (*code).to_owned());
    let compared = COMPARED.iter().map(|e| format!("{}_ahead", e.code()));
    evidence.chain(compared).chain(MORE.iter().map(|&name| name.to_owned())).collect()
}

/// Log-odds for each hand-set point. The trees correct them; a mention unlike all that they saw stays as they have it.
pub(super) const BY_POINT: f32 = 0.35;

/// Log-odds against no place at all by the hand-set points: what the trees start from.
pub(super) fn prior(row: &[f32; WIDTH]) -> f32 {
    prior_of(row[EVIDENCE.len() + COMPARED.len()])
}

/// The same, of the points alone.
pub(super) fn prior_of(points: f32) -> f32 {
    BY_POINT * (points - NOWHERE)
}

/// The evidence that a feature stands for, if it stands for one.
pub(super) fn evidence_of(feature: usize) -> Option<Evidence> {
    match feature.checked_sub(EVIDENCE.len()) {
        None => Some(EVIDENCE[feature].0),
        Some(compared) => COMPARED.get(compared).copied(),
    }
}

/// Makes `rows` the features of some candidates of mention `at`: of those that are `wanted`, in that order. `evidence` and
/// `totals`, its points, are of all candidates.
pub(super) fn rows(
    mentions: &[Mention],
    senses: &Senses<'_>,
    evidence: &[Row],
    at: usize,
    totals: &[f32],
    wanted: &[usize],
    rows: &mut Vec<[f32; WIDTH]>,
) {
    let mention = &mentions[at];
    let sense = &senses.all[senses.of_mention[at]];
    rows.clear();
    rows.resize(wanted.len(), [0.0; WIDTH]);
    for (row, &c) in rows.iter_mut().zip(wanted) {
        row[..EVIDENCE.len()].copy_from_slice(&evidence[c]);
    }
    // A single candidate is ahead of nothing.
    if evidence.len() > 1 {
        let of = |row: &[f32]| COMPARED.map(|piece| row[piece as usize]);
        let (highest, second) = two_highest(evidence.iter().map(|row| of(row)));
        for row in rows.iter_mut() {
            for (compared, value) in of(row).into_iter().enumerate() {
                row[EVIDENCE.len() + compared] = ahead(value, highest[compared], second[compared]);
            }
        }
    }
    let ([highest], [second]) = two_highest(totals.iter().map(|&total| [total]));
    let people: f32 = sense.candidates.iter().map(|c| c.place.population() as f32).sum();
    let before = if at > 0 { link(mentions[at - 1].link) } else { 0.0 };
    let mut of_level = [0.0f32; Level::COUNT];
    sense.candidates.iter().for_each(|c| of_level[c.spot.level as usize] += 1.0);
    let [names, all, index] = [senses.all.len(), mentions.len(), at + 1].map(|count| power_of_count(count - 1));
    for (row, &c) in rows.iter_mut().zip(wanted) {
        let candidate = &sense.candidates[c];
        let place = &candidate.place;
        let level = candidate.spot.level;
        let more = [
            totals[c],
            ahead(totals[c], highest, second),
            totals.iter().filter(|t| **t > totals[c]).count() as f32,
            evidence.len() as f32,
            f32::from(level as u8),
            f32::from(candidate.kind as u8),
            candidate.spot.reach,
            f32::from(mention.role as u8),
            mention.cue.map_or(-1.0, |cue| f32::from(cue as u8)),
            mention.probability,
            sense.count as f32,
            names,
            all,
            index,
            f32::from(u8::from(mention.field == Field::Title)),
            f32::from(u8::from(mention.after_article)),
            link(mention.link),
            before,
            (mention.end - mention.start) as f32,
            f32::from(u8::from(candidate.is_twin)),
            of_level[level as usize] - 1.0,
            place.population() as f32 / (people + 1.0),
        ];
        row[EVIDENCE.len() + COMPARED.len()..].copy_from_slice(&more);
    }
}

fn link(link: Link) -> f32 {
    f32::from(link as u8)
}

/// The highest of each of several values, and the second highest; without branches, for nobody foresees which is higher.
fn two_highest<const N: usize>(rows: impl Iterator<Item = [f32; N]>) -> ([f32; N], [f32; N]) {
    let (mut highest, mut second) = ([f32::NEG_INFINITY; N], [f32::NEG_INFINITY; N]);
    for row in rows {
        for ((highest, second), value) in highest.iter_mut().zip(&mut second).zip(row) {
            *second = second.max(highest.min(value));
            *highest = highest.max(value);
        }
    }
    (highest, second)
}

/// How far a value is ahead of the highest of the others; 0 when there are none.
fn ahead(value: f32, highest: f32, second: f32) -> f32 {
    let other = if value >= highest { second } else { highest };
    if other.is_finite() { value - other } else { 0.0 }
}
