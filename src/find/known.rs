//! What the gazetteer knows of a candidate's name.

use super::book::Known;
use super::clues::Clue;
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::gazetteer::Level;
use crate::text::Casing;

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

pub(super) fn name_facts(sheet: &Sheet<'_>, candidate: &Candidate, put: impl FnMut(Clue)) -> NameFacts {
    sheet.known(candidate.name, |known| facts_of(known, sheet, candidate, put))
}

fn facts_of(known: &Known, sheet: &Sheet<'_>, candidate: &Candidate, mut put: impl FnMut(Clue)) -> NameFacts {
    let Known { own, demonym, best, bearer, .. } = *known;
    let (mut is_known, mut is_city) = (false, false);
    if let Some((level, population)) = best {
        let clue = match level {
            Level::Country => Clue::Country,
            Level::Admin1 => Clue::Admin1,
            Level::Admin2 if candidate.words.len() > 1 => Clue::Admin2,
            Level::Region | Level::Water | Level::Land => Clue::Landmark,
            _ => match population {
                1_000_000.. => Clue::Million,
                100_000.. => Clue::Large,
                10_000.. => Clue::Medium,
                1_000.. => Clue::Small,
                _ => Clue::Tiny,
            },
        };
        is_city = level == Level::City;
        is_known = matches!(clue, Clue::Country | Clue::Admin1 | Clue::Landmark | Clue::Million | Clue::Large);
        put(clue);
        if !known.trusted {
            put(Clue::OnlyVariant);
        } else if !known.official {
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
    let is_abbreviation = known.abbreviation
        && candidate.words.len() == 1
        && (token.dotted || token.casing == Casing::Upper || (token.dot && token.casing == Casing::Title));
    if is_abbreviation && known.abbreviates_country {
        put(Clue::Country);
    } else if is_abbreviation && best.is_none() && !demonym {
        put(Clue::Abbreviation);
    }
    // A demonym is one even if it is a hamlet's name ("French") or a country's in another language ("Iraqi").
    let is_small =
        |(level, population): (Level, u32)| population < 100_000 && !matches!(level, Level::Country | Level::Admin1);
    let is_demonym = demonym && bearer.is_none_or(is_small);
    NameFacts {
        is_demonym,
        is_abbreviation,
        abbreviates_country: is_abbreviation && known.abbreviates_country,
        is_known: is_known || demonym,
        names_division: best.is_some_and(|(level, _)| matches!(level, Level::Country | Level::Admin1)),
        is_city,
        is_country: bearer.is_some_and(|(level, _)| level == Level::Country),
    }
}
