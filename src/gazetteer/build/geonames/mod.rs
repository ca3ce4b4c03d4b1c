//! Compiling GeoNames dumps (<https://download.geonames.org/export/dump/>).

mod divisions;
mod lines;
mod rows;

use super::variants::Bearer;
use super::written::{NO_COUNTRIES, is_rather_a_word};
use super::{Builder, PlaceHandle, PlaceInput, bearer, each_key, is_written, withdrawn, world};
use crate::error::{Error, Result};
use crate::gazetteer::{Gazetteer, Level, NameKind, Source};
use lines::{Block, each_block};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The files of a dump, each plain or packed as .zip, .gz, .xz or .zst (its first bytes tell).
#[derive(Clone, Debug, Default)]
pub struct Dump {
    /// Places: `allCountries.txt`, `SY.txt`, `cities500.txt`. What several of them hold counts once.
    pub places: Vec<PathBuf>,
    /// Names: `alternateNamesV2.txt`.
    pub alternate_names: Vec<PathBuf>,
    /// First-order divisions: `admin1CodesASCII.txt`.
    pub admin1: Option<PathBuf>,
    /// Second-order divisions: `admin2Codes.txt`.
    pub admin2: Option<PathBuf>,
    /// Countries: `countryInfo.txt`.
    pub countries: Option<PathBuf>,
    /// Which place lies in which, for places without codes: `hierarchy.txt`.
    pub hierarchy: Option<PathBuf>,
}

/// Which places are kept; by default all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Feature classes, such as `A` and `P`; none means all.
    pub classes: Vec<String>,
    /// ISO 3166 alpha-2 codes of countries; none means all, and places of no country too. Of what is taken over from
    /// the built-in gazetteer ([`Reader::world`]), countries, regions, seas and rivers are kept all the same.
    pub countries: Vec<String>,
    /// Populated places (class `P`) with fewer inhabitants are left out.
    pub min_population: u32,
}

impl Filter {
    fn admits(&self, class: &str, country: &str, population: u32) -> bool {
        (self.countries.is_empty() || self.names_country(country)) && self.admits_class(class, population)
    }

    /// Whether it admits places of a class and of so many inhabitants, wherever they are.
    pub(super) fn admits_class(&self, class: &str, population: u32) -> bool {
        (self.classes.is_empty() || among(&self.classes, class)) && (class != "P" || population >= self.min_population)
    }

    /// Whether it asks for a country by name.
    pub(super) fn names_country(&self, country: &str) -> bool {
        among(&self.countries, country)
    }
}

fn among(list: &[String], code: &str) -> bool {
    list.iter().any(|c| c.eq_ignore_ascii_case(code))
}

/// How far reading has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The file being read.
    pub file: PathBuf,
    /// Its rows so far.
    pub rows: u64,
    /// Places so far.
    pub places: u64,
    /// Names so far, variants included, each as often as it was met.
    pub names: u64,
    /// Bad rows passed over so far.
    pub bad_rows: u64,
}

/// Reads dumps into a builder.
///
/// ```no_run
/// use mentionmap::Gazetteer;
/// use mentionmap::gazetteer::build::geonames::{Dump, Reader};
///
/// let dump = Dump { places: vec!["SY.zip".into()], ..Dump::default() };
/// let builder = Reader::default().world(Some(Gazetteer::world()?)).read(&dump, |_| {})?;
/// builder.write_to(&mut std::fs::File::create("syria.mentionmap")?)?;
/// # Ok::<(), mentionmap::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Reader {
    filter: Filter,
    skip_bad_rows: bool,
    world: Option<Gazetteer>,
    builder: Builder,
    by_id: HashMap<u32, u32>,
    progress: Progress,
    newest: String,
}

impl Reader {
    /// Keeps some places only.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Counts rows that cannot be understood instead of stopping at the first.
    #[must_use]
    pub fn skip_bad_rows(mut self, skip: bool) -> Self {
        self.skip_bad_rows = skip;
        self
    }

    /// Takes over what another gazetteer knows beyond the dump: words, and all names (demonyms, abbreviations, curated
    /// ones) and radii of the places that the dump has too; names that GeoNames gives to the wrong place are left out
    /// (`data/curated/withdrawn.csv`). Of the places that the dump lacks: countries, regions and
    /// waters of the whole world, land forms of several countries, and whatever else (towns, divisions, camps, bases,
    /// islands) lies in a country that the dump has places of or the filter names; of towns and spots of no country, those
    /// within a degree or two of a place of the dump. Classes that the filter turns away are left out.
    #[must_use]
    pub fn world(mut self, world: Option<Gazetteer>) -> Self {
        self.world = world;
        self
    }

    /// Reads all files; `progress` is called about once for each megabyte.
    ///
    /// # Errors
    /// When a file cannot be read or unpacked, and at the first row that cannot be understood unless such rows are
    /// skipped; the error names file and line. When no place is left.
    pub fn read(mut self, dump: &Dump, mut progress: impl FnMut(&Progress)) -> Result<Builder> {
        for path in &dump.places {
            self.start(path);
            self.read_places(path, &mut progress)?;
        }
        if self.by_id.is_empty() {
            return Err(Error::usage("the files and filters given leave no place"));
        }
        self.read_divisions(dump)?;
        for path in &dump.alternate_names {
            self.start(path);
            self.read_alternates(path, &mut progress)?;
        }
        self.builder.add_source(Source {
            name: "GeoNames dump".into(),
            version: std::mem::take(&mut self.newest),
            license: "CC BY 4.0".into(),
            url: "https://www.geonames.org".into(),
        });
        if let Some(world) = self.world.take() {
            world::carry_over(&mut self.builder, &world, &self.by_id, &self.filter)?;
            for (id, name) in withdrawn::withdrawn() {
                if let Some(&index) = self.by_id.get(&id) {
                    self.builder.withdraw_name(PlaceHandle(index), &name);
                }
            }
        }
        divisions::extents(&mut self.builder.places);
        progress(&self.progress);
        Ok(self.builder)
    }

    fn start(&mut self, path: &Path) {
        path.clone_into(&mut self.progress.file);
        self.progress.rows = 0;
    }

    fn read_places(&mut self, path: &Path, progress: &mut impl FnMut(&Progress)) -> Result<()> {
        let Self { filter, skip_bad_rows, builder, by_id, progress: counts, newest, world, .. } = self;
        let world = world.as_ref();
        let parse = |block: &Block| {
            let mut batch = Batch::default();
            batch.take(block, *skip_bad_rows, |batch, line| {
                let Some(row) = rows::place(line, filter)? else { return Ok(()) };
                if row.date > batch.newest.as_str() {
                    row.date.clone_into(&mut batch.newest);
                }
                batch.add_place(row, world);
                Ok(())
            })?;
            Ok(batch)
        };
        each_block(path, parse, |batch: Batch| {
            let mut handles = Vec::with_capacity(batch.places.len());
            for place in &batch.places {
                let known = by_id.contains_key(&place.geonames);
                handles.push(if known { None } else { Some(builder.places.add(place)?) });
                if let Some(&Some(handle)) = handles.last() {
                    by_id.insert(place.geonames, handle);
                }
            }
            batch.each_key(|key, at, kind| match handles[at as usize] {
                Some(place) => builder.names.add(key, place, kind),
                None => Ok(()),
            })?;
            counts.rows += batch.rows;
            counts.bad_rows += batch.bad_rows;
            counts.places = builder.places.len() as u64;
            counts.names += batch.names.len() as u64;
            if batch.newest > *newest {
                *newest = batch.newest;
            }
            progress(counts);
            Ok(())
        })
    }

    fn read_alternates(&mut self, path: &Path, progress: &mut impl FnMut(&Progress)) -> Result<()> {
        let Self { skip_bad_rows, builder, by_id, progress: counts, world, .. } = self;
        let world = world.as_ref();
        let Builder { places, names, .. } = builder;
        let parse = |block: &Block| {
            let mut batch = Batch::default();
            batch.take(block, *skip_bad_rows, |batch, line| {
                let row = rows::alternate(line)?;
                let Some(&handle) = by_id.get(&row.geonames).filter(|_| row.is_name()) else { return Ok(()) };
                let record = &places.records()[handle as usize];
                let level = record.feature.level();
                let kind = match row.language {
                    "abbr" if !row.name.contains(char::is_alphabetic) => return Ok(()),
                    "abbr" if !matches!(level, Level::Country | Level::Admin1) => return Ok(()),
                    "abbr" => NameKind::Abbreviation,
                    _ if !is_written(row.name, record.feature) => return Ok(()),
                    _ if NO_COUNTRIES.contains(&places.code(record.country)) => return Ok(()),
                    _ if is_rather_a_word(row.name, record.feature, record.population, world) => return Ok(()),
                    _ => NameKind::Alternate,
                };
                batch.add_name(row.name, handle, kind, bearer(places, record));
                Ok(())
            })?;
            Ok(batch)
        };
        each_block(path, parse, |batch: Batch| {
            batch.each_key(|key, place, kind| names.add(key, place, kind))?;
            counts.rows += batch.rows;
            counts.bad_rows += batch.bad_rows;
            counts.names += batch.names.len() as u64;
            progress(counts);
            Ok(())
        })
    }
}

/// What a block of rows came to.
#[derive(Default)]
struct Batch {
    places: Vec<PlaceInput>,
    keys: String,
    /// The end of each key; the place, by its number among those of the batch or of the builder; the kind.
    names: Vec<(usize, u32, NameKind)>,
    rows: u64,
    bad_rows: u64,
    newest: String,
}

impl Batch {
    /// Takes the lines of a block with `row`.
    fn take(&mut self, block: &Block, skip_bad_rows: bool, row: impl Fn(&mut Self, &str) -> Result<()>) -> Result<()> {
        for (number, line) in block.lines() {
            self.rows += 1;
            match line.and_then(|line| row(self, line)) {
                Err(_) if skip_bad_rows => self.bad_rows += 1,
                other => other.map_err(|e| e.on_line(number))?,
            }
        }
        Ok(())
    }

    fn add_place(&mut self, row: rows::PlaceRow<'_>, world: Option<&Gazetteer>) {
        let at = self.places.len() as u32;
        let rows::PlaceRow { place, ascii, alternates, .. } = row;
        let bearer = Bearer { feature: place.feature, country: &place.country, population: place.population };
        let is_name = |name: &str| !is_rather_a_word(name, place.feature, place.population, world);
        if is_name(&place.name) {
            self.add_name(&place.name, at, NameKind::Official, bearer);
        }
        for name in std::iter::once(ascii).chain(alternates.split(',')) {
            if name != place.name && is_written(name, place.feature) && is_name(name) {
                self.add_name(name, at, NameKind::Alternate, bearer);
            }
        }
        self.places.push(place);
    }

    fn add_name(&mut self, name: &str, at: u32, kind: NameKind, bearer: Bearer<'_>) {
        each_key(name, kind, bearer, |key, kind| {
            self.keys.push_str(key);
            self.names.push((self.keys.len(), at, kind));
        });
    }

    fn each_key(&self, mut sink: impl FnMut(&str, u32, NameKind) -> Result<()>) -> Result<()> {
        let mut from = 0;
        for &(end, at, kind) in &self.names {
            sink(&self.keys[from..end], at, kind)?;
            from = end;
        }
        Ok(())
    }
}
