//! The places of a builder: 48 bytes each beside their text, so that a full GeoNames dump fits into memory.

use super::PlaceInput;
use crate::error::{Error, Result};
use crate::gazetteer::Feature;
use std::collections::HashMap;

/// No custom id.
const NONE: u32 = u32::MAX;

/// One place; `country`, `admin1` and `admin2` are numbers of codes, `name` and `custom` offsets of texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) geonames: u32,
    custom: u32,
    name: u32,
    pub(super) latitude: i32,
    pub(super) longitude: i32,
    pub(super) population: u32,
    pub(super) country: u32,
    pub(super) admin1: u32,
    pub(super) admin2: u32,
    pub(super) feature: Feature,
    pub(super) radius: u16,
}

/// All places, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Places {
    records: Vec<Record>,
    text: Text,
    codes: Codes,
}

impl Places {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(super) fn record_mut(&mut self, index: u32) -> &mut Record {
        &mut self.records[index as usize]
    }

    pub(super) fn add(&mut self, place: &PlaceInput) -> Result<u32> {
        let index =
            u32::try_from(self.records.len()).map_err(|_| Error::gazetteer("more places than 32 bits number"))?;
        let name = self.text.add(&place.name)?;
        let custom = place.custom.as_deref().map_or(Ok(NONE), |id| self.text.add(id))?;
        let record = self.record(place, name, custom);
        self.records.push(record);
        Ok(index)
    }

    /// Replaces a place.
    pub(super) fn set(&mut self, index: u32, place: &PlaceInput) -> Result<()> {
        let Some(&old) = self.records.get(index as usize) else { return Ok(()) };
        let name = if self.name(&old) == place.name { old.name } else { self.text.add(&place.name)? };
        let custom = match place.custom.as_deref() {
            id if id == self.custom(&old) => old.custom,
            None => NONE,
            Some(id) => self.text.add(id)?,
        };
        self.records[index as usize] = self.record(place, name, custom);
        Ok(())
    }

    /// A place as it was added, coordinates and radius rounded as they will be in the file.
    pub(super) fn get(&self, index: u32) -> PlaceInput {
        let Some(record) = self.records.get(index as usize) else { return PlaceInput::geonames(0, "", "") };
        PlaceInput {
            geonames: record.geonames,
            custom: self.custom(record).map(str::to_owned),
            name: self.name(record).to_owned(),
            feature: record.feature,
            latitude: f64::from(record.latitude) / 1e6,
            longitude: f64::from(record.longitude) / 1e6,
            population: record.population,
            radius_km: f32::from(record.radius) / 10.0,
            country: self.code(record.country).to_owned(),
            admin1: self.code(record.admin1).to_owned(),
            admin2: self.code(record.admin2).to_owned(),
        }
    }

    pub(super) fn name(&self, record: &Record) -> &str {
        self.text.get(record.name)
    }

    pub(super) fn custom(&self, record: &Record) -> Option<&str> {
        (record.custom != NONE).then(|| self.text.get(record.custom))
    }

    /// The code of a number.
    pub(super) fn code(&self, number: u32) -> &str {
        self.codes.all.get(number as usize).map_or("", String::as_str)
    }

    /// The number of a code; 0 is the empty code.
    pub(super) fn code_number(&mut self, code: &str) -> u32 {
        self.codes.number(code)
    }

    fn record(&mut self, place: &PlaceInput, name: u32, custom: u32) -> Record {
        Record {
            geonames: place.geonames,
            custom,
            name,
            latitude: (place.latitude * 1e6).round() as i32,
            longitude: (place.longitude * 1e6).round() as i32,
            population: place.population,
            country: self.codes.number(&place.country),
            admin1: self.codes.number(&place.admin1),
            admin2: self.codes.number(&place.admin2),
            feature: place.feature,
            radius: (place.radius_km * 10.0).round() as u16,
        }
    }
}

/// Texts one after the other, each a length (2 bytes) and UTF-8.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
}

impl Text {
    pub(super) fn add(&mut self, text: &str) -> Result<u32> {
        let at = u32::try_from(self.bytes.len()).map_err(|_| Error::gazetteer("more than 4 GiB of names"))?;
        let len = u16::try_from(text.len()).map_err(|_| Error::gazetteer(format!("a name of {} bytes", text.len())))?;
        self.bytes.extend(len.to_le_bytes());
        self.bytes.extend(text.as_bytes());
        Ok(at)
    }

    pub(super) fn get(&self, at: u32) -> &str {
        let at = at as usize;
        let Some(&[low, high]) = self.bytes.get(at..at + 2) else { return "" };
        let len = usize::from(u16::from_le_bytes([low, high]));
        self.bytes.get(at + 2..at + 2 + len).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or("")
    }
}

/// Codes of countries and divisions, each kept once.
#[derive(Debug)]
struct Codes {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Default for Codes {
    fn default() -> Self {
        Self { all: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]) }
    }
}

impl Codes {
    fn number(&mut self, code: &str) -> u32 {
        if let Some(&number) = self.numbers.get(code) {
            return number;
        }
        let number = self.all.len() as u32;
        self.all.push(code.to_owned());
        self.numbers.insert(code.to_owned(), number);
        number
    }
}
