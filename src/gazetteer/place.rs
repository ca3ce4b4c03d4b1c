//! A place, its identity, and the ways a name can belong to it.

use super::{Feature, Gazetteer};
use std::fmt;

/// How a name belongs to a place. The order is the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NameKind {
    /// The gazetteer's main name.
    Official = 0,
    /// An attested other name, spelling or language.
    Alternate = 1,
    /// A form made from another name by rule: without article or "County", other transliteration.
    Variant = 2,
    /// An abbreviation ("Ky.", "KY", "U.S.").
    Abbreviation = 3,
    /// A demonym ("Syrian", "Texans").
    Demonym = 4,
}

impl NameKind {
    /// In a word, as the output names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Alternate => "alternate",
            Self::Variant => "variant",
            Self::Abbreviation => "abbreviation",
            Self::Demonym => "demonym",
        }
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        match bits {
            0 => Self::Official,
            1 => Self::Alternate,
            2 => Self::Variant,
            3 => Self::Abbreviation,
            _ => Self::Demonym,
        }
    }
}

/// One place that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Its number in the gazetteer.
    pub place: u32,
    /// How the name belongs to it.
    pub kind: NameKind,
}

/// The identity of a place, stable across gazetteers: `geonames:172955`, `custom:syrian-desert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceId<'g> {
    /// A GeoNames id.
    GeoNames(u32),
    /// The id of a curated place or of a place of the user's.
    Custom(&'g str),
}

impl fmt::Display for PlaceId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GeoNames(id) => write!(f, "geonames:{id}"),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

/// A place of a gazetteer.
#[derive(Clone, Copy)]
pub struct Place<'g> {
    pub(super) gazetteer: &'g Gazetteer,
    pub(super) index: u32,
    pub(super) record: &'g super::format::PlaceRecord,
}

impl<'g> Place<'g> {
    /// Its number in this gazetteer; another gazetteer numbers otherwise.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Its identity.
    pub fn id(&self) -> PlaceId<'g> {
        if self.record.custom == 0 {
            PlaceId::GeoNames(self.record.id)
        } else {
            PlaceId::Custom(self.gazetteer.string(self.record.id))
        }
    }

    /// Its main name.
    pub fn name(&self) -> &'g str {
        self.gazetteer.string(self.record.name)
    }

    /// Degrees north, WGS 84.
    pub fn latitude(&self) -> f64 {
        f64::from(self.record.latitude) / 1e6
    }

    /// Degrees east, WGS 84.
    pub fn longitude(&self) -> f64 {
        f64::from(self.record.longitude) / 1e6
    }

    /// Where it is: x is the longitude, y the latitude.
    pub fn point(&self) -> geo::Point {
        geo::Point::new(self.longitude(), self.latitude())
    }

    /// Inhabitants; 0 when not known.
    pub fn population(&self) -> u32 {
        self.record.population
    }

    /// Its feature class and code.
    pub fn feature(&self) -> Feature {
        self.record.feature
    }

    /// A typical radius in km.
    pub fn radius_km(&self) -> f32 {
        f32::from(self.record.radius) / 10.0
    }

    /// ISO 3166 alpha-2 code of its country; empty for oceans, continents and the like.
    pub fn country(&self) -> &'g str {
        let code = &self.record.country;
        if code[0] == 0 { "" } else { std::str::from_utf8(code).unwrap_or("") }
    }

    /// The country it lies in, as a place.
    pub fn country_place(&self) -> Option<Place<'g>> {
        self.gazetteer.country(self.country())
    }

    /// Its first-order division, unless it is one itself.
    pub fn admin1(&self) -> Option<Place<'g>> {
        self.gazetteer.place(self.record.admin1.checked_sub(1)?)
    }

    /// Its second-order division, unless it is one itself.
    pub fn admin2(&self) -> Option<Place<'g>> {
        self.gazetteer.place(self.record.admin2.checked_sub(1)?)
    }

    /// The same place under another record: of a city the best known division that is called after it and lies around
    /// it, of such a division the city.
    ///
    /// ```
    /// let world = mentionmap::Gazetteer::world()?;
    /// let city = world.lookup("Raqqa").map(|(place, _)| place).find(|p| p.feature().class() == 'P').unwrap();
    /// let division = city.twin().unwrap();
    /// assert_eq!(division.feature().class(), 'A');
    /// assert_eq!(division.twin().map(|twin| twin.id()), Some(city.id()));
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn twin(&self) -> Option<Place<'g>> {
        self.gazetteer.place(self.record.twin.checked_sub(1)?)
    }

    /// Great-circle distance to another place, in km (haversine, mean Earth radius 6371.0088 km).
    pub fn distance_km(&self, other: &Place<'_>) -> f64 {
        use geo::{Distance, Haversine};
        Haversine.distance(self.point(), other.point()) / 1000.0
    }

    /// Whether `region` is this place's country, first-order or second-order division.
    pub fn lies_in(&self, region: &Place<'_>) -> bool {
        if region.index == self.index {
            return false;
        }
        match region.feature().level() {
            super::Level::Country => self.record.country == region.record.country && self.record.country[0] != 0,
            super::Level::Admin1 => self.record.admin1 == region.index + 1,
            super::Level::Admin2 => self.record.admin2 == region.index + 1,
            _ => false,
        }
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {} {})", self.name(), self.id(), self.country(), self.feature())
    }
}
