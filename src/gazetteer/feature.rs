//! GeoNames feature codes.

use std::fmt;

/// A GeoNames feature class and code, such as `P.PPLA` (<https://www.geonames.org/export/codes.html>).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Feature([u8; 8]);

/// What sort of thing a place is, as far as resolving cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A continent or a region of several countries.
    Region,
    /// A country, dependency or a state of the past.
    Country,
    /// A first-order division: state, governorate, province.
    Admin1,
    /// A second-order division or smaller: county, district.
    Admin2,
    /// A city, town, village or a part of one.
    City,
    /// Water: seas, lakes, rivers, straits.
    Water,
    /// Land forms: mountains, islands, deserts, capes.
    Land,
    /// A spot: camp, base, airport, building, park.
    Spot,
}

impl Level {
    /// How many there are.
    pub(crate) const COUNT: usize = 8;
}

impl Feature {
    /// Takes `class.code` apart; codes longer than six letters are cut.
    ///
    /// ```
    /// use mentionmap::gazetteer::{Feature, Level};
    /// assert_eq!(Feature::new("A.ADM1").level(), Level::Admin1);
    /// ```
    pub fn new(class_and_code: &str) -> Self {
        let mut bytes = [0; 8];
        for (to, from) in bytes.iter_mut().zip(class_and_code.bytes()) {
            *to = from;
        }
        Self(bytes)
    }

    /// As written: `class.code`.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|&b| b == 0).unwrap_or(8);
        std::str::from_utf8(&self.0[..end]).unwrap_or("")
    }

    /// The class: `A` administrative, `P` populated, `H` water, `T` terrain, `L` area, `S` spot …
    pub fn class(&self) -> char {
        char::from(self.0[0])
    }

    /// The code without its class.
    pub fn code(&self) -> &str {
        self.as_str().get(2..).unwrap_or("")
    }

    /// What sort of thing it is.
    pub fn level(&self) -> Level {
        // Asked for every candidate over and over: bytes compare faster than text.
        let [class, _, code @ ..] = self.0;
        match (class, &code) {
            (b'A', [b'P', b'C', b'L', ..] | b"TERR\0\0") => Level::Country,
            (b'A', b"ADM1\0\0" | b"ADM1H\0") => Level::Admin1,
            (b'A', _) => Level::Admin2,
            (b'P', _) => Level::City,
            (b'H' | b'U', _) => Level::Water,
            (b'T' | b'V', _) => Level::Land,
            (b'L', b"CONT\0\0" | b"RGN\0\0\0" | b"RGNE\0\0" | b"RGNH\0\0" | b"AREA\0\0") => Level::Region,
            _ => Level::Spot,
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (code, level) in [
            ("A.PCLI", Level::Country),
            ("A.PCLH", Level::Country),
            ("A.ADM2", Level::Admin2),
            ("P.PPLC", Level::City),
            ("H.STM", Level::Water),
            ("T.DSRT", Level::Land),
            ("L.CONT", Level::Region),
            ("S.CMPRF", Level::Spot),
        ] {
            assert_eq!(Feature::new(code).level(), level, "{code}");
        }
        assert_eq!(Feature::new("P.PPLA2").to_string(), "P.PPLA2");
    }
}
