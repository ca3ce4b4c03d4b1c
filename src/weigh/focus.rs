//! What an article is chiefly about: one place, and its country.

use super::MappedPlace;
use crate::find::Role;
use crate::gazetteer::{Gazetteer, Level, Place};
use crate::read::{Article, Field};
use crate::resolve::Placement;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A mention in the headline counts as so many in the body.
const HEADLINE: f64 = 3.0;
/// A mention at the start of the text counts as so many more; news say first what they are about …
const LEAD: f64 = 2.0;
/// … and this far, in bytes, the gain has fallen to about a third.
const LEAD_LENGTH: f64 = 400.0;
/// A people or an adjective tells less of the place than its name, an organization called after it still less.
const DEMONYM: f64 = 0.7;
const ORGANIZATION: f64 = 0.5;
/// A part that holds this share of its region's weight is what is spoken of; with less it is one of several, and the
/// region is.
const CHIEF_SHARE: f64 = 0.6;

/// What an article is chiefly about.
#[derive(Clone, Debug, PartialEq)]
pub struct Focus {
    /// The place, by its number in the gazetteer: one of the article's mapped places, unless none of them lies in the
    /// country.
    pub place: Option<u32>,
    /// ISO 3166 alpha-2 code of the country; empty when the article names no place of any country.
    pub country: String,
}

/// Weighs all mentions, also those in roles that are not mapped: "the French government" is about France.
///
/// The country comes first: the one with most weight, its own mentions and those of places in it together. From there
/// it goes down, to a first-order division, a second-order one, a place, as long as one part holds most of the weight.
pub(super) fn focus(
    article: &Article,
    mentions: &[Placement],
    places: &[MappedPlace],
    gazetteer: &Gazetteer,
) -> Option<Focus> {
    let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
    for placement in mentions {
        if let Some(place) = placement.place {
            *weights.entry(place).or_default() += weight(article, placement);
        }
    }
    let weighed: Vec<(Place<'_>, f64)> =
        weights.iter().filter_map(|(&place, &weight)| Some((gazetteer.place(place)?, weight))).collect();
    let mapped: FxHashSet<u32> = places.iter().map(|m| m.place).collect();
    let mapped = |place: u32| mapped.contains(&place);
    let region = heaviest(weighed.iter().filter(|(p, _)| p.country().is_empty()).map(|(p, w)| (p.index(), *w)));
    let mut countries: BTreeMap<&str, f64> = BTreeMap::new();
    for (place, weight) in weighed.iter().filter(|(place, _)| !place.country().is_empty()) {
        *countries.entry(place.country()).or_default() += weight;
    }
    let Some((country, of_country)) = heaviest(countries.into_iter()) else {
        return region.map(|(place, _)| Focus { place: Some(place).filter(|&p| mapped(p)), country: String::new() });
    };
    // "Europe's drought" is about Europe, also when three of its countries come along.
    let place = if let Some((region, _)) = region.filter(|&(place, weight)| weight > of_country && mapped(place)) {
        Some(region)
    } else {
        let within: Vec<(Place<'_>, f64)> = weighed.into_iter().filter(|(p, _)| p.country() == country).collect();
        descend(&within, of_country, mapped)
    };
    Some(Focus { place, country: country.to_owned() })
}

/// What a mention counts.
fn weight(article: &Article, placement: &Placement) -> f64 {
    let mention = &placement.mention;
    let role = match mention.role {
        Role::Place => 1.0,
        Role::Demonym => DEMONYM,
        Role::Organization => ORGANIZATION,
    };
    // A headline that the text repeats as its first words is read there.
    let headline = article.title.as_ref().map_or(0, |t| if article.fields().count() == 1 { t.trim().len() } else { 0 });
    let position = match mention.field {
        Field::Title => HEADLINE,
        Field::Text if mention.end <= headline => HEADLINE,
        Field::Text => 1.0 + LEAD * (-((mention.start - headline.min(mention.start)) as f64) / LEAD_LENGTH).exp(),
    };
    f64::from(placement.confidence) * role * position
}

/// The part of a region that a place is or lies in.
type Step<'s> = dyn Fn(&Place<'_>) -> Option<u32> + 's;

/// Goes down from a country to its chief place.
fn descend(within: &[(Place<'_>, f64)], of_country: f64, mapped: impl Fn(u32) -> bool) -> Option<u32> {
    let mut region: Vec<&(Place<'_>, f64)> = within.iter().collect();
    let mut total = of_country;
    let is = |place: &Place<'_>, level: Level| place.feature().level() == level;
    let steps: [&Step<'_>; 3] = [
        &|place| if is(place, Level::Admin1) { Some(place.index()) } else { place.admin1().map(|a| a.index()) },
        &|place| if is(place, Level::Admin2) { Some(place.index()) } else { place.admin2().map(|a| a.index()) },
        &|place| {
            (!matches!(place.feature().level(), Level::Country | Level::Admin1 | Level::Admin2)).then(|| place.index())
        },
    ];
    let mut chief = None;
    for part_of in steps {
        let mut parts: BTreeMap<u32, f64> = BTreeMap::new();
        for (place, weight) in &region {
            if let Some(part) = part_of(place) {
                *parts.entry(part).or_default() += weight;
            }
        }
        let Some((part, weight)) = heaviest(parts.into_iter()) else { continue };
        if weight < CHIEF_SHARE * total {
            break;
        }
        region.retain(|(place, _)| part_of(place) == Some(part));
        total = weight;
        chief = Some(part);
    }
    // A division that is not named itself is shown by its heaviest place, a country likewise.
    let country = || within.iter().find(|(place, _)| is(place, Level::Country)).map(|(place, _)| place.index());
    chief.or_else(country).filter(|&place| mapped(place)).or_else(|| {
        let shown = region.iter().map(|(place, weight)| (place.index(), *weight)).filter(|(place, _)| mapped(*place));
        let any = || within.iter().map(|(place, weight)| (place.index(), *weight)).filter(|(place, _)| mapped(*place));
        heaviest(shown).or_else(|| heaviest(any())).map(|(place, _)| place)
    })
}

/// The first of the heaviest.
fn heaviest<T>(all: impl Iterator<Item = (T, f64)>) -> Option<(T, f64)> {
    all.reduce(|best, next| if next.1 > best.1 { next } else { best })
}
