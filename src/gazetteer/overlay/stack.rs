//! From files to one overlay: identities, rules, and the builder.

use super::layer::{Overlay, Rule};
use super::row::{Entry, Identity, OwnPlace, Wish};
use super::{Format, Problem, error, rows};
use crate::error::{Error, Result};
use crate::gazetteer::build::{Builder, PlaceInput};
use crate::gazetteer::format::Source;
use crate::gazetteer::{Gazetteer, NameKind, PlaceId};
use crate::text::name_key;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A file that was understood row by row.
struct Understood {
    path: PathBuf,
    entries: Vec<Entry>,
}

/// Reads files in their order and makes them one overlay.
pub(super) fn read<P: AsRef<Path>>(base: &Gazetteer, files: &[P]) -> Result<Overlay> {
    let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
    hasher.update(&base.content_hash().to_le_bytes());
    let mut understood = Vec::new();
    for path in files.iter().map(AsRef::as_ref) {
        let format = Format::of(path).ok_or_else(|| {
            Error::usage("no overlay by its extension; give a .csv, .tsv, .geojson or .json file").at(path)
        })?;
        let bytes = std::fs::read(path).map_err(|e| Error::from(e).at(path))?;
        hasher.update(&[format as u8]);
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
        let rows = rows(&bytes, format).map_err(|problems| error(path, problems))?;
        let mut problems = Vec::new();
        let mut entries = Vec::new();
        for row in rows {
            match row.understand(base) {
                Ok(entry) => entries.push(entry),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(error(path, problems));
        }
        understood.push(Understood { path: path.to_path_buf(), entries });
    }
    Stack::new(base, understood).finish(hasher.digest128())
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    file: usize,
    line: u64,
}

/// All files together.
struct Stack<'g> {
    base: &'g Gazetteer,
    files: Vec<Understood>,
    /// The places of the base that rows may refer to or collide with.
    of_base: HashMap<Identity, u32>,
    /// The rows of the places that are the user's own.
    own: HashMap<Identity, Position>,
    problems: Vec<(usize, Problem)>,
}

impl<'g> Stack<'g> {
    fn new(base: &'g Gazetteer, files: Vec<Understood>) -> Self {
        let of_base = of_base(base, &files);
        Self { base, files, of_base, own: HashMap::new(), problems: Vec::new() }
    }

    fn finish(mut self, hash: u128) -> Result<Overlay> {
        let places = self.identify();
        let rules = self.rules(&places);
        if let Some(first) = self.problems.iter().map(|(file, _)| *file).min() {
            let problems = self.problems.into_iter().filter(|(file, _)| *file == first).map(|(_, p)| p).collect();
            return Err(error(&self.files[first].path, problems));
        }
        let mut builder = Builder::default();
        let mut admin1: HashMap<Identity, u32> = HashMap::new();
        for (id, name, place) in &places {
            admin1.extend(place.admin1.map(|number| (id.clone(), number)));
            let handle = builder.add_place(input(id, name, place));
            for alias in &place.aliases {
                // What the user calls a place is as good as its main name.
                builder.add_name(handle, alias, NameKind::Official);
            }
        }
        self.files.iter().for_each(|file| builder.add_source(source(file)));
        let own = Gazetteer::from_bytes(&builder.finish()?)?;
        let numbers: HashMap<Identity, u32> = own.places().map(|place| (identity(place.id()), place.index())).collect();
        let resolved = rules.into_iter().filter_map(|(key, wish)| {
            let rule = match wish {
                None => Rule::Silence,
                Some(id) => match (numbers.get(&id), self.of_base.get(&id)) {
                    (Some(&place), _) => Rule::PinToOwn(place),
                    (None, Some(&place)) => Rule::PinToBase(place),
                    // That there is such a place was checked with the rules.
                    (None, None) => return None,
                },
            };
            Some((key, rule))
        });
        Overlay::new(self.base, &own, &resolved.collect(), |id| admin1.get(&identity(id)).copied(), hash)
    }

    /// Gives every place its identity: first those that rows say, then those made from names.
    fn identify(&mut self) -> Vec<(Identity, String, OwnPlace)> {
        let mut places: Vec<(Option<Identity>, Position, String, OwnPlace)> = Vec::new();
        let files = std::mem::take(&mut self.files);
        for (file, understood) in files.iter().enumerate() {
            for entry in &understood.entries {
                let Wish::Place(place) = &entry.wish else { continue };
                let position = Position { file, line: entry.line };
                if let Some(id) = &place.id {
                    let taken = if self.of_base.contains_key(id) {
                        Some(format!(
                            "{id} is in the base gazetteer; leave out the coordinates to pin the name to it, or give \
                             another id"
                        ))
                    } else {
                        let before = self.own.insert(id.clone(), position);
                        before.map(|at| format!("{id} is the id of {} too; give another", tell(&files, at, position)))
                    };
                    if let Some(message) = taken {
                        self.problems.push((file, Problem::of_cell(entry.line, &entry.headers[1], message)));
                    }
                }
                places.push((place.id.clone(), position, entry.name.clone(), (**place).clone()));
            }
        }
        self.files = files;
        let free =
            |id: &Identity, own: &HashMap<Identity, Position>| !own.contains_key(id) && !self.of_base.contains_key(id);
        let mut identified = Vec::with_capacity(places.len());
        let mut last: HashMap<String, u32> = HashMap::new();
        for (id, position, name, place) in places {
            let id = id.unwrap_or_else(|| {
                let slug = name_key(&name).replace(' ', "-");
                let number = last.entry(slug.clone()).or_insert(1);
                let mut id = Identity::Custom(slug.clone());
                while !free(&id, &self.own) {
                    *number += 1;
                    id = Identity::Custom(format!("{slug}-{number}"));
                }
                self.own.insert(id.clone(), position);
                id
            });
            identified.push((id, name, place));
        }
        identified
    }

    /// Pins, and silences as none, by key.
    fn rules(&mut self, places: &[(Identity, String, OwnPlace)]) -> BTreeMap<String, Option<Identity>> {
        let mut rules: BTreeMap<String, (Option<Identity>, Position)> = BTreeMap::new();
        for (file, understood) in self.files.iter().enumerate() {
            for entry in &understood.entries {
                let wish = match &entry.wish {
                    Wish::Place(_) => continue,
                    Wish::Pin(id) => Some(id.clone()),
                    Wish::Silence => None,
                };
                let mut bad = |column: usize, message: String| {
                    self.problems.push((file, Problem::of_cell(entry.line, &entry.headers[column], message)));
                };
                if let Some(id) =
                    wish.as_ref().filter(|id| !self.own.contains_key(id) && !self.of_base.contains_key(id))
                {
                    bad(
                        1,
                        format!(
                            "there is no place {id}; find the id of one with `mentionmap gazetteer lookup {:?}`",
                            entry.name
                        ),
                    );
                    continue;
                }
                let position = Position { file, line: entry.line };
                let (before, at) = rules.entry(name_key(&entry.name)).or_insert_with(|| (wish.clone(), position));
                if *before != wish {
                    let done = before.as_ref().map_or("silenced".to_owned(), |id| format!("pinned to {id}"));
                    let at = tell(&self.files, *at, position);
                    bad(0, format!("{:?} is {done} on {at}; keep one of the two", entry.name));
                }
            }
        }
        for (id, name, _) in places {
            let (Some((None, at)), Some(&own)) = (rules.get(&name_key(name)), self.own.get(id)) else { continue };
            let message = format!(
                "{name:?} is silenced on {}; to keep only this place, pin the name to {id} there",
                tell(&self.files, *at, own)
            );
            self.problems.push((own.file, Problem::of_cell(own.line, "name", message)));
        }
        rules.into_iter().map(|(key, (wish, _))| (key, wish)).collect()
    }
}

/// A position as seen from another: without the file when it is the same.
fn tell(files: &[Understood], at: Position, from: Position) -> String {
    if at.file == from.file {
        format!("line {}", at.line)
    } else {
        format!("{}:{}", files[at.file].path.display(), at.line)
    }
}

/// All custom ids of the base, and those of GeoNames that rows speak of.
fn of_base(base: &Gazetteer, files: &[Understood]) -> HashMap<Identity, u32> {
    let entries = files.iter().flat_map(|file| &file.entries);
    let spoken_of = entries.filter_map(|entry| match &entry.wish {
        Wish::Place(place) => place.id.as_ref(),
        Wish::Pin(id) => Some(id),
        Wish::Silence => None,
    });
    // Sorted: a base has millions of places to be looked for in these few.
    let mut wanted: Vec<u32> = spoken_of
        .filter_map(|id| match id {
            Identity::GeoNames(id) => Some(*id),
            Identity::Custom(_) => None,
        })
        .collect();
    wanted.sort_unstable();
    let known = base.places().filter(|place| match place.id() {
        PlaceId::GeoNames(id) => wanted.binary_search(&id).is_ok(),
        PlaceId::Custom(_) => true,
    });
    known.map(|place| (identity(place.id()), place.index())).collect()
}

fn identity(id: PlaceId<'_>) -> Identity {
    match id {
        PlaceId::GeoNames(id) => Identity::GeoNames(id),
        PlaceId::Custom(id) => Identity::Custom(id.to_owned()),
    }
}

fn input(id: &Identity, name: &str, place: &OwnPlace) -> PlaceInput {
    let input = match id {
        Identity::GeoNames(id) => PlaceInput::geonames(*id, name, place.feature.as_str()),
        Identity::Custom(id) => PlaceInput::custom(id, name, place.feature.as_str()),
    };
    PlaceInput {
        latitude: place.latitude,
        longitude: place.longitude,
        population: place.population,
        radius_km: place.radius_km,
        country: place.country.clone(),
        ..input
    }
}

/// What a file adds, as the gazetteer tells of itself.
fn source(file: &Understood) -> Source {
    let count = |is: fn(&Wish) -> bool| file.entries.iter().filter(|entry| is(&entry.wish)).count();
    Source {
        name: file.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        version: format!(
            "(overlay: {} places, {} pinned and {} silenced names)",
            count(|wish| matches!(wish, Wish::Place(_))),
            count(|wish| matches!(wish, Wish::Pin(_))),
            count(|wish| matches!(wish, Wish::Silence))
        ),
        license: "not stated".into(),
        url: file.path.display().to_string(),
    }
}
