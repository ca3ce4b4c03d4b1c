//! Where sources have their homes: a paper of Paris, Texas, means the Paris it is printed in.

use super::evidence::Evidence;
use crate::error::{Error, Result};
use crate::gazetteer::overlay::{HomeRow, home_rows};
use crate::gazetteer::{Gazetteer, Level, Place};
use geo::{Distance, Haversine, Point};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// The distance at which nearness to home is worth half, in km.
const HALF_KM: f64 = 100.0;

/// Places larger than this, in km of radius, have no spot that is near or far.
const LARGEST_KM: f32 = 400.0;

/// Where a source has its home.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// ISO 3166 alpha-2 code of its country; empty when there is none.
    pub country: String,
    /// Its first-order division, by its number in the gazetteer.
    pub admin1: Option<u32>,
}

/// The homes of sources. Sources are told apart by their names, whatever the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Homes {
    of: BTreeMap<String, Home>,
}

fn key(source: &str) -> String {
    source.trim().to_lowercase()
}

impl Home {
    /// A home at a place of the gazetteer.
    pub fn at(place: &Place<'_>) -> Self {
        let admin1 = if place.feature().level() == Level::Admin1 { Some(*place) } else { place.admin1() };
        Self {
            latitude: place.latitude(),
            longitude: place.longitude(),
            country: place.country().to_owned(),
            admin1: admin1.map(|a| a.index()),
        }
    }

    /// What the home says for a place.
    pub(super) fn evidence(&self, place: &Place<'_>, found: &mut Vec<(Evidence, f32)>) {
        let level = place.feature().level();
        if !matches!(level, Level::Country | Level::Region | Level::Admin1) && place.radius_km() < LARGEST_KM {
            let km = Haversine.distance(place.point(), Point::new(self.longitude, self.latitude)) / 1000.0;
            found.push((Evidence::NearHome, (1.0 / (1.0 + km / HALF_KM)) as f32));
        }
        let admin1 = if level == Level::Admin1 { Some(place.index()) } else { place.admin1().map(|a| a.index()) };
        if self.admin1.is_some() && admin1 == self.admin1 {
            found.push((Evidence::HomeAdmin1, 1.0));
        }
        if !self.country.is_empty() && self.country == place.country() {
            found.push((Evidence::HomeCountry, 1.0));
        }
    }
}

impl Homes {
    /// Reads a table of homes: columns `source`, and `place_id` or `latitude` and `longitude`.
    ///
    /// Columns are recognized as those of overlays are; a `place_id` that the gazetteer has goes before coordinates.
    ///
    /// # Errors
    /// When the file cannot be read, or a row is none; the error names the line and the column.
    pub fn open(path: &Path, gazetteer: &Gazetteer) -> Result<Self> {
        let rows = home_rows(path)?;
        let wanted: HashSet<&str> = rows.iter().filter_map(|row| row.place_id.as_deref()).collect();
        let ids: HashMap<String, u32> = if wanted.is_empty() {
            HashMap::new()
        } else {
            let known = gazetteer.places().map(|place| (place.id().to_string(), place.index()));
            known.filter(|(id, _)| wanted.contains(id.as_str())).collect()
        };
        let mut near = None;
        let mut homes = Self::default();
        for row in rows {
            let HomeRow { line, source, place_id, point } = row;
            let place = place_id.as_ref().and_then(|id| ids.get(id)).and_then(|&index| gazetteer.place(index));
            let home = match (place, point) {
                (Some(place), _) => Home::at(&place),
                (None, Some((latitude, longitude))) => {
                    // The nearest populated place tells country and division.
                    let near = near.get_or_insert_with(|| gazetteer.near_where(|p| p.feature().class() == 'P'));
                    let nearest = near.nearest(Point::new(longitude, latitude), 1);
                    let of_place = nearest.first().map(|n| Home::at(&n.place));
                    let nowhere = Home { latitude, longitude, country: String::new(), admin1: None };
                    of_place.map_or(nowhere, |home| Home { latitude, longitude, ..home })
                }
                (None, None) => {
                    let id = place_id.unwrap_or_default();
                    let message = format!(
                        "column place_id: the gazetteer has no {id}; give latitude and longitude instead, or another \
                         gazetteer"
                    );
                    return Err(Error::table(message).on_line(line).at(path));
                }
            };
            if homes.of.insert(key(&source), home).is_some() {
                let message = format!("column source: {source:?} has a home already, in a line above; keep one");
                return Err(Error::table(message).on_line(line).at(path));
            }
        }
        Ok(homes)
    }

    /// Gives a source its home, instead of one that it may have had.
    pub fn insert(&mut self, source: &str, home: Home) {
        self.of.insert(key(source), home);
    }

    /// The home of a source.
    pub fn of(&self, source: &str) -> Option<&Home> {
        if self.of.is_empty() { None } else { self.of.get(&key(source)) }
    }
}
