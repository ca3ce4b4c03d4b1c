//! Compiling a gazetteer.
//!
//! ```
//! use mentionmap::gazetteer::build::{Builder, PlaceInput};
//! use mentionmap::gazetteer::{Gazetteer, NameKind};
//!
//! let mut builder = Builder::default();
//! let place = builder.add_place(PlaceInput { latitude: 36.385, longitude: 41.154, ..PlaceInput::custom("al-hol", "Al-Hol", "P.PPL") });
//! builder.add_name(place, "الهول", NameKind::Alternate);
//! let gazetteer = Gazetteer::from_bytes(&builder.finish()?)?;
//! assert_eq!(gazetteer.lookup("al hol").count(), 1);
//! # Ok::<(), mentionmap::Error>(())
//! ```

mod compile;
mod extent;
pub mod geonames;
mod members;
mod names;
mod places;
mod twins;
mod variants;
mod withdrawn;
mod world;
mod written;

use super::{Feature, NameKind, Source, WordFlags};
use crate::error::{Error, Result};
use crate::text::name_key;
use names::Names;
use places::Places;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use variants::{Bearer, variants_for};

pub use compile::Compiled;
pub use extent::{city_radius_km, typical_radius_km};
pub use members::Members;
pub use variants::variants;
pub use written::is_written;

/// A place to be compiled.
#[derive(Clone, Debug)]
pub struct PlaceInput {
    /// GeoNames id; ignored when `custom` is given.
    pub geonames: u32,
    /// The id of a place that GeoNames does not have.
    pub custom: Option<String>,
    /// Main name.
    pub name: String,
    /// Feature class and code.
    pub feature: Feature,
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// Inhabitants.
    pub population: u32,
    /// Typical radius in km; 0 when not known, which becomes [`typical_radius_km`] of its feature.
    pub radius_km: f32,
    /// ISO 3166 alpha-2, or empty.
    pub country: String,
    /// GeoNames' code of the first-order division within the country, or empty.
    pub admin1: String,
    /// GeoNames' code of the second-order division within the first-order one, or empty.
    pub admin2: String,
}

impl PlaceInput {
    /// A place of GeoNames', at 0°, 0° until its coordinates are set.
    pub fn geonames(id: u32, name: &str, feature: &str) -> Self {
        Self {
            geonames: id,
            custom: None,
            name: name.to_owned(),
            feature: Feature::new(feature),
            latitude: 0.0,
            longitude: 0.0,
            population: 0,
            radius_km: 0.0,
            country: String::new(),
            admin1: String::new(),
            admin2: String::new(),
        }
    }

    /// A place with an id of its own, at 0°, 0° until its coordinates are set.
    pub fn custom(id: &str, name: &str, feature: &str) -> Self {
        Self { custom: Some(id.to_owned()), ..Self::geonames(0, name, feature) }
    }
}

/// A handle to a place that has been added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceHandle(u32);

/// Collects places, names and words, and compiles them.
///
/// Places take 48 bytes and their name in memory; names go to temporary files (in the folder that `TMPDIR` says) when
/// there are more than a few million, so that a dump of all places of the world compiles in some 2 GB.
#[derive(Debug, Default)]
pub struct Builder {
    places: Places,
    names: Names,
    words: BTreeMap<String, WordFlags>,
    sources: Vec<Source>,
    /// Names by key that are not to mean some places, which they are given all the same.
    withdrawn: HashMap<Vec<u8>, Vec<u32>>,
    /// What went wrong while names were collected; told by `finish`.
    failed: Option<Error>,
}

impl Builder {
    /// Adds a place and its main name.
    #[allow(clippy::needless_pass_by_value)] // Callers make a place to give it away.
    pub fn add_place(&mut self, place: PlaceInput) -> PlaceHandle {
        let handle = self.add_unnamed(&place);
        self.add_name(handle, &place.name, NameKind::Official);
        handle
    }

    /// Adds another name of a place, together with the variants that follow from it by rule.
    pub fn add_name(&mut self, place: PlaceHandle, name: &str, kind: NameKind) {
        let Some(record) = self.places.records().get(place.0 as usize) else { return };
        let bearer = bearer(&self.places, record);
        let names = &mut self.names;
        let mut failed = None;
        each_key(name, kind, bearer, |key, kind| {
            if let Err(error) = names.add(key, place.0, kind) {
                failed.get_or_insert(error);
            }
        });
        self.keep_error(failed);
    }

    /// Says that a name does not mean a place, whoever gives it that name before or after. Of the other names of the
    /// place only variants are affected that are the same; its main name, abbreviations and demonyms stay.
    ///
    /// ```
    /// use mentionmap::gazetteer::build::{Builder, PlaceInput};
    /// use mentionmap::gazetteer::{Gazetteer, NameKind};
    ///
    /// let mut builder = Builder::default();
    /// let place = builder.add_place(PlaceInput::geonames(170792, "Deir ez-Zor", "A.ADM1"));
    /// builder.withdraw_name(place, "Euphrates");
    /// builder.add_name(place, "Euphrates", NameKind::Alternate);
    /// let gazetteer = Gazetteer::from_bytes(&builder.finish()?)?;
    /// assert!(gazetteer.lookup("Deir ez-Zor").count() == 1 && gazetteer.lookup("Euphrates").count() == 0);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn withdraw_name(&mut self, place: PlaceHandle, name: &str) {
        self.withdrawn.entry(name_key(name).into_bytes()).or_default().push(place.0);
    }

    /// Adds facts of a word.
    pub fn add_word(&mut self, word: &str, flags: WordFlags) {
        let key = name_key(word);
        if !key.is_empty() && !key.contains(' ') {
            let entry = self.words.entry(key).or_default();
            *entry = entry.with(flags);
        }
    }

    /// Names a source of the data.
    pub fn add_source(&mut self, source: Source) {
        self.sources.push(source);
    }

    /// A place that has been added, its coordinates and radius rounded as they will be in the file.
    pub fn place(&self, handle: PlaceHandle) -> PlaceInput {
        self.places.get(handle.0)
    }

    /// Changes a place that has been added; its names stay.
    pub fn change_place(&mut self, handle: PlaceHandle, change: impl FnOnce(&mut PlaceInput)) {
        let mut place = self.places.get(handle.0);
        change(&mut place);
        let result = self.places.set(handle.0, &place);
        self.keep_error(result.err());
    }

    /// Compiles all into the bytes of a gazetteer file. The same input gives the same bytes.
    ///
    /// # Errors
    /// When there are more places or names than the format can number, or temporary files cannot be written.
    pub fn finish(self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        self.write_to(&mut file)?;
        Ok(file)
    }

    /// Compiles all into a gazetteer file. The same input gives the same bytes.
    ///
    /// # Errors
    /// When there are more places or names than the format can number, or temporary files or `out` cannot be written.
    ///
    /// ```
    /// use mentionmap::gazetteer::build::{Builder, PlaceInput};
    /// let mut builder = Builder::default();
    /// builder.add_place(PlaceInput::custom("mill", "Uppermill", "P.PPL"));
    /// let mut file = Vec::new();
    /// let compiled = builder.write_to(&mut file)?;
    /// assert_eq!((compiled.meta.places, compiled.bytes), (1, file.len() as u64));
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn write_to(self, out: &mut dyn Write) -> Result<Compiled> {
        compile::compile(self, out)
    }

    /// Adds a place without its name.
    fn add_unnamed(&mut self, place: &PlaceInput) -> PlaceHandle {
        match self.places.add(place) {
            Ok(index) => PlaceHandle(index),
            Err(error) => {
                self.keep_error(Some(error));
                PlaceHandle(u32::MAX)
            }
        }
    }

    fn keep_error(&mut self, error: Option<Error>) {
        if self.failed.is_none() {
            self.failed = error;
        }
    }
}

fn bearer<'a>(places: &'a Places, record: &places::Record) -> Bearer<'a> {
    Bearer { feature: record.feature, country: places.code(record.country), population: record.population }
}

/// The key of a name and those of its variants.
fn each_key(name: &str, kind: NameKind, bearer: Bearer<'_>, mut sink: impl FnMut(&str, NameKind)) {
    let key = name_key(name);
    if key.is_empty() {
        return;
    }
    if matches!(kind, NameKind::Official | NameKind::Alternate) {
        for variant in variants_for(name, &key, bearer) {
            sink(&variant, NameKind::Variant);
        }
    }
    sink(&key, kind);
}
