//! An overlay in memory: what a compiled gazetteer has, with numbers that go on where the base's end.

use crate::error::{Error, Result};
use crate::gazetteer::format::{CountryRecord, POSTING_LAST, POSTING_PLACE, PlaceRecord, Section, Source};
use crate::gazetteer::index::gate_bit;
use crate::gazetteer::trie::Trie;
use crate::gazetteer::{Gazetteer, PlaceId};
use std::collections::BTreeMap;
use std::path::Path;

/// What an overlay has for a name: where its postings start, and whether they are all that the name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gazetteer) struct Handle(u32);

const EXCLUSIVE: u32 = 1 << 31;
const SILENCED: u32 = u32::MAX - 1;

impl Handle {
    pub(in crate::gazetteer) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The name is never a mention.
    pub(in crate::gazetteer) fn is_silenced(self) -> bool {
        self.0 == SILENCED
    }

    /// The name is pinned: what the base has for it does not count.
    pub(in crate::gazetteer) fn is_exclusive(self) -> bool {
        self.0 & EXCLUSIVE != 0
    }
}

/// What holds for a name whatever bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It means this place of the base.
    PinToBase(u32),
    /// It means this place of the overlay, by its number there.
    PinToOwn(u32),
    /// It means nothing.
    Silence,
}

/// The user's own places and names.
pub(in crate::gazetteer) struct Overlay {
    records: Vec<PlaceRecord>,
    strings: Vec<u8>,
    postings: Vec<u32>,
    names: Trie<Vec<u8>>,
    gate: Vec<u64>,
    countries: Vec<CountryRecord>,
    sources: Vec<Source>,
    new_names: u64,
    hash: u128,
}

impl Overlay {
    /// Reads and compiles files.
    pub(in crate::gazetteer) fn read<P: AsRef<Path>>(base: &Gazetteer, files: &[P]) -> Result<Self> {
        super::stack::read(base, files)
    }

    /// Takes compiled places and rules; `admin1` gives the base's first-order division of a place.
    pub(super) fn new(
        base: &Gazetteer,
        own: &Gazetteer,
        rules: &BTreeMap<String, Rule>,
        admin1: impl Fn(PlaceId<'_>) -> Option<u32>,
        hash: u128,
    ) -> Result<Self> {
        let too_much = || Error::gazetteer("the base gazetteer and the overlay have too many places or names together");
        let first = base.records().len() as u32;
        if base.records().len() + own.records().len() > POSTING_PLACE as usize {
            return Err(too_much());
        }
        let strings_before = u32::try_from(base.strings().len()).map_err(|_| too_much())?;
        let mut records = own.records().to_vec();
        for (record, place) in records.iter_mut().zip(own.places()) {
            record.name = record.name.checked_add(strings_before).ok_or_else(too_much)?;
            if record.custom != 0 {
                record.id = record.id.checked_add(strings_before).ok_or_else(too_much)?;
            }
            record.twin = if record.twin == 0 { 0 } else { record.twin + first };
            record.admin1 = admin1(place.id()).map_or(0, |number| number + 1);
        }
        // Places are the low bits of a posting, and their sum was checked above.
        let mut postings: Vec<u32> = own.section::<u32>(Section::Postings).iter().map(|bits| bits + first).collect();
        let mut handles = own_names(own);
        for (key, rule) in rules {
            let handle = match rule {
                Rule::Silence => SILENCED,
                Rule::PinToBase(place) => pin(&mut postings, *place),
                Rule::PinToOwn(place) => pin(&mut postings, first + place),
            };
            handles.insert(key.clone().into_bytes(), u64::from(handle));
        }
        if postings.len() >= 1 << 30 {
            return Err(too_much());
        }
        let new_names = handles.keys().filter(|key| base.names().get(key).is_none()).count() as u64;
        let names = fst::Map::from_iter(handles.iter().map(|(key, &handle)| (key, handle)))
            .map_err(|e| Error::gazetteer(format!("names: {e}")))?
            .into_fst()
            .into_inner();
        let names = Trie::new(names).ok_or_else(|| Error::gazetteer("names: no fst"))?;
        let mut countries = own.section::<CountryRecord>(Section::Countries).to_vec();
        for country in &mut countries {
            country.place += first;
        }
        Ok(Self {
            records,
            strings: own.strings().to_vec(),
            postings,
            names,
            gate: gate(handles.keys()),
            countries,
            sources: own.meta().sources.clone(),
            new_names,
            hash,
        })
    }

    pub(in crate::gazetteer) fn records(&self) -> &[PlaceRecord] {
        &self.records
    }

    pub(in crate::gazetteer) fn strings(&self) -> &[u8] {
        &self.strings
    }

    /// From keys to [`Handle`]s.
    pub(in crate::gazetteer) fn names(&self) -> &Trie<Vec<u8>> {
        &self.names
    }

    /// The postings that start at a handle, up to the last of the name and beyond.
    pub(in crate::gazetteer) fn postings(&self, handle: Handle) -> &[u32] {
        if handle.is_silenced() {
            return &[];
        }
        self.postings.get((handle.0 & !EXCLUSIVE) as usize..).unwrap_or_default()
    }

    /// The bit set of first words.
    pub(in crate::gazetteer) fn gate(&self) -> &[u64] {
        &self.gate
    }

    /// The number of a country that the base does not have.
    pub(in crate::gazetteer) fn country(&self, [a, b]: [u8; 2]) -> Option<u32> {
        let at = self.countries.binary_search_by_key(&[a, b, 0, 0], |c| c.code).ok()?;
        Some(self.countries[at].place)
    }

    pub(in crate::gazetteer) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// How many names the base does not have.
    pub(in crate::gazetteer) fn new_names(&self) -> u64 {
        self.new_names
    }

    /// The hash of the base and of the files.
    pub(in crate::gazetteer) fn hash(&self) -> u128 {
        self.hash
    }
}

/// The names of the places, each with its first posting.
fn own_names(own: &Gazetteer) -> BTreeMap<Vec<u8>, u64> {
    let mut names = BTreeMap::new();
    own.names().each(|key, at| _ = names.insert(key.to_vec(), at));
    names
}

/// The only posting of a pinned name.
fn pin(postings: &mut Vec<u32>, place: u32) -> u32 {
    postings.push(place | POSTING_LAST);
    (postings.len() - 1) as u32 | EXCLUSIVE
}

fn gate<'k>(keys: impl ExactSizeIterator<Item = &'k Vec<u8>>) -> Vec<u64> {
    let mut gate = vec![0u64; keys.len().next_power_of_two().clamp(16, 1 << 18)];
    for key in keys {
        let first = key.split(|&b| b == b' ').next().unwrap_or(key);
        let bit = gate_bit(std::str::from_utf8(first).unwrap_or(""), gate.len());
        gate[bit / 64] |= 1 << (bit % 64);
    }
    gate
}
