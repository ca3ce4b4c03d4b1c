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
mod variants;

use super::{Feature, NameKind, Source, WordFlags};
use std::collections::BTreeMap;

pub use variants::variants;

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
    /// Typical radius in km, 0 when not known.
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
#[derive(Debug, Default)]
pub struct Builder {
    places: Vec<PlaceInput>,
    names: Vec<(String, u32, NameKind)>,
    words: BTreeMap<String, WordFlags>,
    sources: Vec<Source>,
}

impl Builder {
    /// Adds a place and its main name.
    pub fn add_place(&mut self, place: PlaceInput) -> PlaceHandle {
        let handle = PlaceHandle(self.places.len() as u32);
        let name = place.name.clone();
        self.places.push(place);
        self.add_name(handle, &name, NameKind::Official);
        handle
    }

    /// Adds another name of a place, together with the variants that follow from it by rule.
    pub fn add_name(&mut self, place: PlaceHandle, name: &str, kind: NameKind) {
        let key = crate::text::name_key(name);
        if key.is_empty() {
            return;
        }
        if matches!(kind, NameKind::Official | NameKind::Alternate) {
            let input = &self.places[place.0 as usize];
            for variant in variants(name, &key, input) {
                self.names.push((variant, place.0, NameKind::Variant));
            }
        }
        self.names.push((key, place.0, kind));
    }

    /// Adds facts of a word.
    pub fn add_word(&mut self, word: &str, flags: WordFlags) {
        let key = crate::text::name_key(word);
        if !key.is_empty() && !key.contains(' ') {
            let entry = self.words.entry(key).or_default();
            *entry = entry.with(flags);
        }
    }

    /// Names a source of the data.
    pub fn add_source(&mut self, source: Source) {
        self.sources.push(source);
    }

    /// Looks at a place that has been added.
    pub fn place(&self, handle: PlaceHandle) -> &PlaceInput {
        &self.places[handle.0 as usize]
    }

    /// Changes a place that has been added; its names stay.
    pub fn place_mut(&mut self, handle: PlaceHandle) -> &mut PlaceInput {
        &mut self.places[handle.0 as usize]
    }

    /// Compiles all into the bytes of a gazetteer file. The same input gives the same bytes.
    ///
    /// # Errors
    /// When there are more places or names than the format can number.
    pub fn finish(self) -> crate::Result<Vec<u8>> {
        compile::compile(self)
    }
}
