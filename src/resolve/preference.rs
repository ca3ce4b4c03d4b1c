//! Countries and boxes that the user prefers.

use crate::error::{Error, Result};
use crate::gazetteer::{Gazetteer, Level, Place};

/// Where the user expects places to lie. It leans towards them and forbids nothing: "Paris, France" stays in France
/// whatever is preferred.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preference {
    /// ISO 3166 alpha-2 codes.
    countries: Vec<String>,
    boxes: Vec<Bounds>,
}

/// A box in degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Preference {
    /// Adds countries by their ISO 3166 codes or names (`SY,IQ`), or a box in degrees (`W,S,E,N`); when west exceeds
    /// east, the box crosses the antimeridian.
    ///
    /// ```
    /// use mentionmap::{Gazetteer, resolve::Preference};
    /// let world = Gazetteer::world()?;
    /// let mut preference = Preference::default();
    /// preference.add("SY,IQ", &world)?;
    /// preference.add("170,-50,-175,-30", &world)?;
    /// assert!(preference.add("10,50,20", &world).is_err());
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    ///
    /// # Errors
    /// When it is neither.
    pub fn add(&mut self, text: &str, gazetteer: &Gazetteer) -> Result<()> {
        let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_number = |part: &&str| part.parse::<f64>().is_ok_and(f64::is_finite);
        if !parts.is_empty() && parts.iter().all(is_number) {
            self.boxes.push(corners(&parts).map_err(|why| Error::usage(format!("--prefer {text}: {why}")))?);
            return Ok(());
        }
        for part in &parts {
            self.countries.push(country(part, gazetteer).ok_or_else(|| {
                Error::usage(format!(
                    "--prefer {text}: {part:?} is no country of the gazetteer; give ISO 3166 codes of two letters, as \
                     SY,IQ, or a box in degrees as W,S,E,N"
                ))
            })?);
        }
        if parts.is_empty() {
            return Err(Error::usage("--prefer is empty; give countries, as SY,IQ, or a box in degrees as W,S,E,N"));
        }
        Ok(())
    }

    /// Whether a place is preferred.
    pub(super) fn holds(&self, place: &Place<'_>) -> bool {
        if self.countries.is_empty() && self.boxes.is_empty() {
            return false;
        }
        let wide = matches!(place.feature().level(), Level::Region);
        self.countries.iter().any(|country| country == place.country())
            || (!wide && self.boxes.iter().any(|b| b.holds(place.latitude(), place.longitude())))
    }
}

impl Bounds {
    fn holds(&self, latitude: f64, longitude: f64) -> bool {
        let between = if self.west <= self.east {
            (self.west..=self.east).contains(&longitude)
        } else {
            longitude >= self.west || longitude <= self.east
        };
        between && (self.south..=self.north).contains(&latitude)
    }
}

fn corners(parts: &[&str]) -> Result<Bounds, String> {
    let numbers: Vec<f64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let &[west, south, east, north] = numbers.as_slice() else {
        return Err(format!("a box has four numbers, W,S,E,N in degrees, not {}", numbers.len()));
    };
    if west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0 {
        return Err("a box is W,S,E,N in degrees, from -180 to 180 and from -90 to 90".into());
    }
    if south > north {
        return Err("a box is W,S,E,N in degrees, and its south lies south of its north".into());
    }
    Ok(Bounds { west, south, east, north })
}

fn country(text: &str, gazetteer: &Gazetteer) -> Option<String> {
    let code = text.to_ascii_uppercase();
    if gazetteer.country(&code).is_some() {
        return Some(code);
    }
    let named = |place: &Place<'_>| place.feature().level() == Level::Country && !place.country().is_empty();
    gazetteer.lookup(text).map(|(place, _)| place).find(named).map(|place| place.country().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_may_cross_the_antimeridian() {
        let fiji = corners(&["176", "-21", "-178", "-12"]).unwrap();
        assert!(fiji.holds(-18.1, 178.4) && fiji.holds(-16.8, -179.9) && !fiji.holds(-18.1, 0.0));
        let levant = corners(&["35", "32", "43", "38"]).unwrap();
        assert!(levant.holds(35.9, 39.0) && !levant.holds(48.8, 2.3));
        for bad in [&["1", "2", "3"][..], &["0", "50", "10", "40"], &["0", "0", "200", "10"]] {
            assert!(corners(bad).is_err(), "{bad:?}");
        }
    }
}
