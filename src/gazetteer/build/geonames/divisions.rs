//! Countries and divisions: GeoNames' small tables, and what their member cities tell of them.

use super::lines::{bad_row, each_line};
use super::{Dump, Reader, rows};
use crate::error::Result;
use crate::gazetteer::build::Members;
use crate::gazetteer::build::places::Places;
use crate::gazetteer::build::{PlaceHandle, PlaceInput, is_written};
use crate::gazetteer::{Level, NameKind};
use std::collections::HashMap;
use std::path::Path;

/// How many steps up the hierarchy are taken in search of a division.
const STEPS: usize = 6;
/// The radius of a division of which nothing is known, in km.
const UNKNOWN_KM: f32 = 20.0;

/// Country, first- and second-order division, each by the number of its code; 0 stands for all.
type Code = (u32, u32, u32);

impl Reader {
    /// Reads the small tables.
    pub(super) fn read_divisions(&mut self, dump: &Dump) -> Result<()> {
        if let Some(path) = &dump.hierarchy {
            self.start(path);
            self.read_hierarchy(path)?;
        }
        let tables = [(&dump.admin1, 2), (&dump.admin2, 3), (&dump.countries, 1)];
        if tables.iter().all(|(path, _)| path.is_none()) {
            return Ok(());
        }
        let members = members(&self.builder.places);
        for (path, parts) in tables {
            let Some(path) = path else { continue };
            self.start(path);
            each_line(path, |_, line| {
                self.progress.rows += 1;
                let result = line.and_then(|line| match parts {
                    1 => self.add_country(line, &members),
                    _ => self.add_division(line, parts, &members),
                });
                self.pass(result)
            })?;
        }
        Ok(())
    }

    /// Counts a bad row, or hands its error on.
    fn pass(&mut self, result: Result<()>) -> Result<()> {
        if result.is_err() && self.skip_bad_rows {
            self.progress.bad_rows += 1;
            return Ok(());
        }
        result
    }

    /// Places without codes get those of the nearest place above them that has some.
    fn read_hierarchy(&mut self, path: &Path) -> Result<()> {
        let mut parents: HashMap<u32, u32> = HashMap::new();
        each_line(path, |_, line| {
            self.progress.rows += 1;
            let result = line.and_then(rows::hierarchy).map(|(parent, child)| {
                parents.entry(child).or_insert(parent);
            });
            self.pass(result)
        })?;
        for index in 0..self.builder.places.len() as u32 {
            let place = self.builder.places.records()[index as usize];
            let level = place.feature.level();
            if place.admin1 != 0 || matches!(level, Level::Region | Level::Country | Level::Admin1) {
                continue;
            }
            let mut id = place.geonames;
            for _ in 0..STEPS {
                let Some(&parent) = parents.get(&id) else { break };
                id = parent;
                let Some(above) = self.by_id.get(&id).map(|&i| self.builder.places.records()[i as usize]) else {
                    continue;
                };
                if above.admin1 != 0 && (place.country == 0 || above.country == place.country) {
                    let record = self.builder.places.record_mut(index);
                    record.country = above.country;
                    record.admin1 = above.admin1;
                    record.admin2 = if record.admin2 == 0 { above.admin2 } else { record.admin2 };
                    break;
                }
            }
        }
        Ok(())
    }

    fn add_division(&mut self, line: &str, parts: usize, members: &HashMap<Code, Members>) -> Result<()> {
        let row = rows::division(line, parts)?;
        let mut codes = row.code.splitn(parts, '.');
        let mut next = || codes.next().unwrap_or_default();
        let (country, admin1, admin2) = (next(), next(), next());
        if !self.filter.admits("A", country, 0) {
            return Ok(());
        }
        let number = |places: &mut Places, code: &str| places.code_number(code);
        let places = &mut self.builder.places;
        let code = (number(places, country), number(places, admin1), number(places, admin2));
        let handle = if let Some(&index) = self.by_id.get(&row.geonames) {
            let record = places.record_mut(index);
            if record.admin1 == 0 {
                (record.country, record.admin1, record.admin2) = code;
            }
            PlaceHandle(index)
        } else {
            let Some(cities) = members.get(&code) else { return Ok(()) };
            let (latitude, longitude) = cities.point();
            let place = PlaceInput {
                latitude,
                longitude,
                population: cities.population(),
                country: country.into(),
                admin1: admin1.into(),
                admin2: admin2.into(),
                ..PlaceInput::geonames(row.geonames, row.name, if parts == 2 { "A.ADM1" } else { "A.ADM2" })
            };
            self.add(&place)
        };
        for name in [row.name, row.ascii] {
            if is_written(name, self.builder.place(handle).feature) {
                self.builder.add_name(handle, name, NameKind::Alternate);
            }
        }
        Ok(())
    }

    fn add_country(&mut self, line: &str, members: &HashMap<Code, Members>) -> Result<()> {
        let row = rows::country(line)?;
        if row.code.len() != 2 {
            return Err(bad_row(format!("a country code of two letters is expected, not {:?}", row.code)));
        }
        if row.geonames == 0 || !self.filter.admits("A", row.code, 0) {
            return Ok(());
        }
        let radius_km = (row.area_km2 / std::f32::consts::PI).sqrt();
        let code = self.builder.places.code_number(row.code);
        let handle = if let Some(&index) = self.by_id.get(&row.geonames) {
            let record = self.builder.places.record_mut(index);
            record.radius = (radius_km * 10.0).round() as u16;
            record.population = record.population.max(row.population);
            PlaceHandle(index)
        } else {
            let Some(cities) = members.get(&(code, 0, 0)) else { return Ok(()) };
            let (latitude, longitude) = cities.point();
            let place = PlaceInput {
                latitude,
                longitude,
                population: row.population,
                radius_km,
                country: row.code.into(),
                ..PlaceInput::geonames(row.geonames, row.name, "A.PCLI")
            };
            self.add(&place)
        };
        self.builder.add_name(handle, row.name, NameKind::Official);
        Ok(())
    }

    fn add(&mut self, place: &PlaceInput) -> PlaceHandle {
        let handle = self.builder.add_place(place.clone());
        self.by_id.insert(place.geonames, handle.0);
        self.progress.places += 1;
        handle
    }
}

/// The populated places of every country and division.
fn members(places: &Places) -> HashMap<Code, Members> {
    let mut members: HashMap<Code, Members> = HashMap::new();
    for p in places.records().iter().filter(|p| p.feature.level() == Level::City && p.country != 0) {
        let (latitude, longitude) = (f64::from(p.latitude) / 1e6, f64::from(p.longitude) / 1e6);
        let mut add = |code| members.entry(code).or_default().add(latitude, longitude, p.population);
        add((p.country, 0, 0));
        if p.admin1 != 0 {
            add((p.country, p.admin1, 0));
            if p.admin2 != 0 {
                add((p.country, p.admin1, p.admin2));
            }
        }
    }
    members
}

/// Gives countries and divisions without a radius that of their member cities.
pub(super) fn extents(places: &mut Places) {
    let members = members(places);
    for index in 0..places.len() as u32 {
        let record = places.record_mut(index);
        let code = match record.feature.level() {
            Level::Country => (record.country, 0, 0),
            Level::Admin1 if record.admin1 != 0 => (record.country, record.admin1, 0),
            Level::Admin2 if record.feature.code() == "ADM2" && record.admin2 != 0 => {
                (record.country, record.admin1, record.admin2)
            }
            Level::Admin1 | Level::Admin2 => (0, 0, 0),
            _ => continue,
        };
        if record.radius == 0 {
            let km = members.get(&code).map_or(UNKNOWN_KM, Members::radius_km);
            record.radius = (km * 10.0).round() as u16;
        }
    }
}
