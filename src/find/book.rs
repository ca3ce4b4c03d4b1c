//! What the gazetteer knows of a name wherever it occurs, found out once for each name, from article to article.

use super::matcher::Candidate;
use crate::gazetteer::{Gazetteer, Level, Name, NameKind, Place};
use crate::model::power;
use rustc_hash::FxHashMap;

/// The most postings of a name that clues look at: they come best known first.
pub(super) const POSTINGS: usize = 40;

/// Names that are remembered; with half as many, all are forgotten before the next article. Of an article with more, the
/// rest is looked up whenever it is asked for.
const REMEMBERED: usize = 1 << 15;

/// A place, as far as clues go: its level and its people.
pub(super) type Bearer = (Level, u32);

/// Where a place lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Position {
    pub(super) index: u32,
    pub(super) country: Option<[u8; 2]>,
    /// Divisions by their numbers.
    pub(super) admin1: Option<u32>,
    pub(super) admin2: Option<u32>,
}

/// What is known of a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The user's own, or pinned by the user.
    pub(super) own: bool,
    pub(super) demonym: bool,
    pub(super) abbreviation: bool,
    pub(super) abbreviates_country: bool,
    /// A place bears it as its main name or an attested one.
    pub(super) trusted: bool,
    /// A place bears it as its main name.
    pub(super) official: bool,
    /// The best known place of the name.
    pub(super) best: Option<Bearer>,
    /// The best known of those whose main name it is.
    pub(super) bearer: Option<Bearer>,
    /// How the name belongs to its first place.
    pub(super) first_kind: Option<NameKind>,
    /// The country of the first place, and the first-order division that it is or lies in.
    pub(super) first: Option<(Option<[u8; 2]>, Option<u32>)>,
    /// The most people of a place of the name, and of one whose main name it is.
    population: u32,
    population_official: u32,
    /// Their powers of ten.
    pub(super) power: f32,
    pub(super) power_official: f32,
    /// Postings that have a place, up to [`POSTINGS`], and those among them that are main names.
    pub(super) postings: u32,
    pub(super) officials: u32,
    /// Level and kind of the first of these.
    pub(super) level: Option<(Level, NameKind)>,
    /// Countries and first-order divisions of the places, each once; demonyms are left out.
    pub(super) countries: Vec<[u8; 2]>,
    pub(super) divisions: Vec<u32>,
    /// Places that others may lie in; demonyms are left out.
    regions: Vec<(u32, Level, Option<[u8; 2]>)>,
    /// All places; demonyms are left out.
    places: Vec<Position>,
}

impl Known {
    pub(super) fn of(gazetteer: &Gazetteer, name: Name) -> Self {
        let mut known = Self::default();
        let mut best: Option<Place<'_>> = None;
        // Of those whose main name it is.
        let mut bearer: Option<Place<'_>> = None;
        for (n, posting) in gazetteer.postings(name).enumerate() {
            let place = gazetteer.place(posting.place);
            if n == 0 {
                known.first_kind = Some(posting.kind);
                known.first = place.map(|place| (country(&place), division(&place)));
            }
            let Some(place) = place else { continue };
            if posting.kind != NameKind::Demonym {
                known.places.push(position(&place));
            }
            if n >= POSTINGS {
                continue;
            }
            known.own |= gazetteer.prefers(name, posting.place);
            known.count(&place, posting.kind);
            match posting.kind {
                NameKind::Demonym => known.demonym = true,
                NameKind::Abbreviation => {
                    known.abbreviation = true;
                    known.abbreviates_country |= matches!(place.feature().level(), Level::Country | Level::Region);
                }
                kind => {
                    known.official |= kind == NameKind::Official;
                    if kind == NameKind::Official && bearer.is_none_or(|b| prominence(&place) > prominence(&b)) {
                        bearer = Some(place);
                    }
                    known.trusted |= kind != NameKind::Variant;
                    if best.is_none_or(|b| prominence(&place) > prominence(&b)) {
                        best = Some(place);
                    }
                }
            }
        }
        let told = |place: Place<'_>| (place.feature().level(), place.population());
        known.best = best.map(told);
        known.bearer = bearer.map(told);
        known.power = power(known.population as f32);
        known.power_official = power(known.population_official as f32);
        known
    }

    /// Takes one of the first places into account.
    fn count(&mut self, place: &Place<'_>, kind: NameKind) {
        let level = place.feature().level();
        self.level.get_or_insert((level, kind));
        self.postings += 1;
        self.population = self.population.max(place.population());
        if kind == NameKind::Official {
            self.officials += 1;
            self.population_official = self.population_official.max(place.population());
        }
        if kind == NameKind::Demonym {
            return;
        }
        if let Some(country) = country(place).filter(|country| !self.countries.contains(country)) {
            self.countries.push(country);
        }
        if let Some(division) = place.admin1().map(|a| a.index()).filter(|d| !self.divisions.contains(d)) {
            self.divisions.push(division);
        }
        if matches!(level, Level::Country | Level::Admin1 | Level::Admin2) {
            self.regions.push((place.index(), level, country(place)));
        }
    }

    /// Whether a place of this name may contain one of `inner`.
    pub(super) fn contains(&self, inner: &Self) -> bool {
        self.regions.iter().any(|&(region, level, country)| {
            inner.places.iter().any(|place| {
                place.index != region
                    && match level {
                        Level::Country => place.country.is_some() && place.country == country,
                        Level::Admin1 => place.admin1 == Some(region),
                        _ => place.admin2 == Some(region),
                    }
            })
        })
    }
}

fn position(place: &Place<'_>) -> Position {
    Position {
        index: place.index(),
        country: country(place),
        admin1: place.admin1().map(|a| a.index()),
        admin2: place.admin2().map(|a| a.index()),
    }
}

fn country(place: &Place<'_>) -> Option<[u8; 2]> {
    place.country().as_bytes().try_into().ok()
}

/// The first-order division that a place is or lies in.
fn division(place: &Place<'_>) -> Option<u32> {
    let own = (place.feature().level() == Level::Admin1).then(|| place.index());
    own.or_else(|| place.admin1().map(|a| a.index()))
}

/// How well known a place is, on a scale of powers of ten.
fn prominence(place: &Place<'_>) -> f32 {
    let people = power(place.population() as f32);
    match place.feature().level() {
        Level::Country | Level::Region => people + 4.0,
        Level::Admin1 => people + 1.0,
        Level::Water | Level::Land => 5.0,
        Level::Admin2 => people - 1.0,
        _ => people,
    }
}

/// What is known of names.
#[derive(Debug, Default)]
pub(super) struct Book {
    known: FxHashMap<Name, Known>,
}

impl Book {
    /// Looks up the names of candidates that are new.
    pub(super) fn learn<'c>(&mut self, gazetteer: &Gazetteer, candidates: impl Iterator<Item = &'c Candidate>) {
        if self.known.len() > REMEMBERED / 2 {
            self.known = FxHashMap::default();
        }
        for candidate in candidates {
            if self.known.len() < REMEMBERED {
                self.known.entry(candidate.name).or_insert_with(|| Known::of(gazetteer, candidate.name));
            }
        }
    }

    /// Hands over what is known of a name.
    #[inline]
    pub(super) fn with<T>(&self, gazetteer: &Gazetteer, name: Name, tell: impl FnOnce(&Known) -> T) -> T {
        match self.known.get(&name) {
            Some(known) => tell(known),
            None => tell(&Known::of(gazetteer, name)),
        }
    }
}
