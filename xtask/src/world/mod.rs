//! The embedded gazetteer, made from its packages and from data/curated.

mod airports;
mod countries;
mod curated;
mod divisions;
mod geonames;
mod lexicon;
mod localities;

use crate::packages;
use anyhow::{Context, Result, bail};
use mentionmap::gazetteer::NameKind;
use mentionmap::gazetteer::build::{Builder, PlaceHandle, PlaceInput, is_written};
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// What has been merged so far, with the keys that later sources refer to.
#[derive(Default)]
struct World {
    builder: Builder,
    by_id: HashMap<u32, PlaceHandle>,
    /// "SY" and "SY.04".
    by_code: HashMap<String, PlaceHandle>,
    by_slug: HashMap<String, PlaceHandle>,
    /// The names of towns and divisions of the United States.
    american: Vec<(PlaceHandle, String)>,
    /// By country.
    cities: HashMap<String, Vec<City>>,
}

/// What is asked of a city to know the division around it.
struct City {
    geonames: u32,
    latitude: f64,
    longitude: f64,
    admin1: String,
}

impl World {
    fn add(&mut self, place: PlaceInput) -> PlaceHandle {
        let (id, slug) = (place.geonames, place.custom.clone());
        let american = (place.country == "US").then(|| place.name.clone());
        let handle = self.builder.add_place(place);
        self.american.extend(american.map(|name| (handle, name)));
        match slug {
            Some(slug) => self.by_slug.insert(slug, handle),
            None => self.by_id.insert(id, handle),
        };
        handle
    }

    /// Adds another name unless it is one that nobody writes.
    fn add_alternate(&mut self, place: PlaceHandle, name: &str) {
        let PlaceInput { feature, country, .. } = self.builder.place(place);
        if is_written(name, feature) {
            self.builder.add_name(place, name, NameKind::Alternate);
            if country == "US" {
                self.american.push((place, name.to_owned()));
            }
        }
    }

    /// The first-order division of the nearest city of the same country.
    fn admin1_nearby(&self, place: &PlaceInput) -> String {
        let shrink = place.latitude.to_radians().cos();
        let squared = |other: &City| {
            (other.latitude - place.latitude).powi(2) + ((other.longitude - place.longitude) * shrink).powi(2)
        };
        let cities = self.cities.get(&place.country).into_iter().flatten();
        cities
            .min_by(|a, b| squared(a).total_cmp(&squared(b)).then(a.geonames.cmp(&b.geonames)))
            .map(|city| city.admin1.clone())
            .unwrap_or_default()
    }

    /// Lists the cities so far for [`World::admin1_nearby`].
    fn list_cities(&mut self) {
        self.cities.clear();
        for place in self.by_id.values().map(|&handle| self.builder.place(handle)) {
            if place.feature.class() == 'P' {
                let PlaceInput { geonames, latitude, longitude, admin1, .. } = place;
                self.cities.entry(place.country).or_default().push(City { geonames, latitude, longitude, admin1 });
            }
        }
    }

    /// A place as the curated files refer to it: `SY`, `SY.04`, `geonames:ID` or `custom:slug`.
    fn resolve(&self, reference: &str) -> Result<PlaceHandle> {
        let found = if let Some(id) = reference.strip_prefix("geonames:") {
            self.by_id.get(&id.parse().with_context(|| format!("{reference}: not a number"))?)
        } else if let Some(slug) = reference.strip_prefix("custom:") {
            self.by_slug.get(slug)
        } else {
            self.by_code.get(reference)
        };
        match found {
            Some(&handle) => Ok(handle),
            None => bail!("{reference}: no such place in the packages or in places.csv"),
        }
    }
}

pub(crate) fn run(packages_folder: &Path, output: &Path) -> Result<()> {
    let mut world = World::default();
    for package in packages::ALL {
        world.builder.add_source(package.source());
    }
    countries::add(&mut world, packages_folder)?;
    divisions::add(&mut world, packages_folder)?;
    geonames::add_cities(&mut world, packages_folder)?;
    countries::add_names(&mut world, packages_folder)?;
    curated::add(&mut world, Path::new("data/curated"))?;
    localities::add(&mut world, packages_folder)?;
    localities::add_townships(&mut world);
    airports::add(&mut world, packages_folder)?;
    lexicon::add(&mut world, packages_folder, Path::new("data/lexicon"))?;
    let file = world.builder.finish()?;
    let mut compressed = liblzma::write::XzEncoder::new(Vec::new(), 9);
    compressed.write_all(&file)?;
    let compressed = compressed.finish()?;
    let meta = mentionmap::Gazetteer::from_bytes(&file)?;
    curated::check_withdrawn(&meta, Path::new("data/curated"))?;
    report(&format!(
        "{}: {} places, {} names, {:.1} MB ({:.1} MB compressed), hash {}",
        output.display(),
        meta.meta().places,
        meta.meta().names,
        file.len() as f64 / 1e6,
        compressed.len() as f64 / 1e6,
        meta.hash()
    ));
    // Two crates, since one may have 10 MB.
    let (first, second) = compressed.split_at(compressed.len() / 2);
    for (folder, half) in [("world-1", first), ("world-2", second)] {
        let path = output.join(folder).join("world.xz");
        fs::write(&path, half).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

#[allow(clippy::print_stderr)] // A task for the developer at the terminal.
pub(crate) fn report(message: &str) {
    eprintln!("{message}");
}
