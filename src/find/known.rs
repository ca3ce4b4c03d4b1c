//! What the gazetteer knows of a candidate's name.

use super::clues::Clue;
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::gazetteer::{Level, NameKind, Place};
use crate::text::Casing;

/// The most postings of a name that clues look at: they come best known first.
pub(super) const POSTINGS: usize = 40;

/// What the gazetteer knows of a name, as far as clues go.
#[derive(Clone, Copy, Default)]
pub(super) struct NameFacts {
    pub(super) is_demonym: bool,
    pub(super) is_abbreviation: bool,
    /// Of a country: "US", "U.K.".
    pub(super) abbreviates_country: bool,
    /// It is a demonym, and a country or division bears it too.
    pub(super) names_division: bool,
    pub(super) is_known: bool,
    pub(super) is_city: bool,
    pub(super) is_country: bool,
}

pub(super) fn name_facts(sheet: &Sheet<'_>, candidate: &Candidate, mut put: impl FnMut(Clue)) -> NameFacts {
    let mut best: Option<(NameKind, Place<'_>)> = None;
    let (mut demonym, mut abbreviation, mut abbreviates_country) = (false, false, false);
    let (mut trusted, mut official, mut own) = (false, false, false);
    // Of those whose main name it is.
    let mut bearer: Option<Place<'_>> = None;
    for posting in sheet.gazetteer.postings(candidate.name).take(POSTINGS) {
        let Some(place) = sheet.gazetteer.place(posting.place) else { continue };
        own |= sheet.gazetteer.prefers(candidate.name, posting.place);
        match posting.kind {
            NameKind::Demonym => demonym = true,
            NameKind::Abbreviation => {
                abbreviation = true;
                abbreviates_country |=
                    place.feature().level() == Level::Country || place.feature().level() == Level::Region;
            }
            kind => {
                official |= kind == NameKind::Official;
                if kind == NameKind::Official && bearer.is_none_or(|b| prominence(&place) > prominence(&b)) {
                    bearer = Some(place);
                }
                trusted |= kind != NameKind::Variant;
                if best.is_none_or(|(_, b)| prominence(&place) > prominence(&b)) {
                    best = Some((kind, place));
                }
            }
        }
    }
    let (mut is_known, mut is_city) = (false, false);
    if let Some((_, place)) = best {
        let clue = match place.feature().level() {
            Level::Country => Clue::Country,
            Level::Admin1 => Clue::Admin1,
            Level::Admin2 if candidate.words.len() > 1 => Clue::Admin2,
            Level::Region | Level::Water | Level::Land => Clue::Landmark,
            _ => match place.population() {
                1_000_000.. => Clue::Million,
                100_000.. => Clue::Large,
                10_000.. => Clue::Medium,
                1_000.. => Clue::Small,
                _ => Clue::Tiny,
            },
        };
        is_city = place.feature().level() == Level::City;
        is_known = matches!(clue, Clue::Country | Clue::Admin1 | Clue::Landmark | Clue::Million | Clue::Large);
        put(clue);
        if !trusted {
            put(Clue::OnlyVariant);
        } else if !official {
            put(Clue::OnlyAlternate);
        }
    }
    if own {
        put(Clue::Own);
    }
    if demonym {
        put(Clue::Demonym);
    }
    // An abbreviation is one in capitals, with dots, or with a dot at its end: "us" and "Us" are not.
    let token = &sheet.tokens[candidate.words.start];
    let is_abbreviation = abbreviation
        && candidate.words.len() == 1
        && (token.dotted || token.casing == Casing::Upper || (token.dot && token.casing == Casing::Title));
    if is_abbreviation && abbreviates_country {
        put(Clue::Country);
    } else if is_abbreviation && best.is_none() && !demonym {
        put(Clue::Abbreviation);
    }
    // A demonym is one even if it is a hamlet's name ("French") or a country's in another language ("Iraqi").
    let is_demonym = demonym
        && bearer
            .is_none_or(|p| p.population() < 100_000 && !matches!(p.feature().level(), Level::Country | Level::Admin1));
    NameFacts {
        is_demonym,
        is_abbreviation,
        abbreviates_country: is_abbreviation && abbreviates_country,
        is_known: is_known || demonym,
        names_division: best.is_some_and(|(_, p)| matches!(p.feature().level(), Level::Country | Level::Admin1)),
        is_city,
        is_country: bearer.is_some_and(|p| p.feature().level() == Level::Country),
    }
}

/// How well known a place is, on a scale of powers of ten.
fn prominence(place: &Place<'_>) -> f32 {
    let people = (place.population() as f32 + 1.0).log10();
    match place.feature().level() {
        Level::Country | Level::Region => people + 4.0,
        Level::Admin1 => people + 1.0,
        Level::Water | Level::Land => 5.0,
        Level::Admin2 => people - 1.0,
        _ => people,
    }
}

/// Whether a word alone is a demonym.
pub(super) fn is_demonym(sheet: &Sheet<'_>, i: usize) -> bool {
    let name = sheet.gazetteer.name(sheet.normal(i));
    name.is_some_and(|name| sheet.gazetteer.postings(name).take(8).any(|p| p.kind == NameKind::Demonym))
}
