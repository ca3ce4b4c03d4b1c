//! Opening a gazetteer and asking it.

use super::format::{
    CountryRecord, Header, POSTING_KIND_SHIFT, POSTING_LAST, POSTING_PLACE, PlaceRecord, SECTIONS, Section, Source,
};
use super::overlay::Overlay;
use super::trie::Trie;
use super::{Name, NameKind, Place, Posting, Walk, WordFlags};
use crate::error::{Error, Result};
use crate::text::name_key;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What a gazetteer says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Number of places.
    pub places: u64,
    /// Number of distinct names, in their normal form.
    pub names: u64,
    /// Where its data comes from, with licenses.
    pub sources: Vec<Source>,
}

impl Meta {
    /// Whom to credit, in one line, with licenses; sources in the public domain and word lists, of which nothing
    /// reaches an output, are left out.
    pub fn attribution(&self) -> String {
        let mut credits: Vec<String> = Vec::new();
        for source in &self.sources {
            let credit = if source.license.contains("GeoNames") || source.name.contains("GeoNames") {
                "GeoNames (https://www.geonames.org/), CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), modified".to_owned()
            } else if source.license.contains("Unicode") {
                "Unicode CLDR, Unicode License v3".to_owned()
            } else if source.license.contains("public domain") || source.license.contains("SCOWL") {
                continue;
            } else {
                format!("{}, {}", source.name, source.license)
            };
            if !credits.contains(&credit) {
                credits.push(credit);
            }
        }
        credits.join("; ")
    }
}

/// A compiled gazetteer, used in place, with or without an overlay of the user's own places on it. Cloning is cheap.
#[derive(Clone)]
pub struct Gazetteer {
    bytes: Bytes,
    sections: [Range<usize>; SECTIONS],
    names: Trie<SectionBytes>,
    words: Trie<SectionBytes>,
    meta: Meta,
    hash: u128,
    overlay: Option<Arc<Overlay>>,
}

/// The embedded gazetteer needs the alignment of its records.
#[repr(C, align(16))]
struct Aligned<B: ?Sized>(B);
static WORLD: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/world.mentionmap")));

#[derive(Clone)]
enum Bytes {
    Static(&'static [u8]),
    Mapped(Arc<memmap2::Mmap>),
    /// Words for the sake of alignment, and how many bytes of them count.
    Owned(Arc<Vec<u128>>, usize),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Owned(words, length) => bytemuck::cast_slice(words).get(..*length).unwrap_or_default(),
        }
    }
}

/// One section of a gazetteer's bytes.
#[derive(Clone)]
pub(super) struct SectionBytes(Bytes, Range<usize>);

impl AsRef<[u8]> for SectionBytes {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().get(self.1.clone()).unwrap_or_default()
    }
}

impl Gazetteer {
    /// The gazetteer inside the program: cities of 500 and more inhabitants, countries, first- and second-order
    /// divisions, world regions, seas, deserts and more.
    ///
    /// # Errors
    /// None in a program that was built whole.
    ///
    /// ```
    /// let world = mentionmap::Gazetteer::world()?;
    /// let raqqa = world.lookup("Raqqa").next().unwrap();
    /// assert_eq!(raqqa.0.country(), "SY");
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn world() -> Result<Self> {
        Self::open_bytes(Bytes::Static(&WORLD.0))
    }

    /// Maps a gazetteer file into memory and checks its header, its length and its metadata. The file must not change
    /// while it is open.
    ///
    /// The rest is not read, so that opening takes no longer for a large gazetteer: [`Gazetteer::verify`] does. Where a
    /// file was damaged after it was written, names may be missing or lead to wrong places until then.
    ///
    /// # Errors
    /// When the file cannot be read, is no gazetteer, is truncated, has a damaged header or another version's format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let open = || -> Result<Self> {
            let file = File::open(path)?;
            if file.metadata()?.is_dir() {
                return Err(Error::gazetteer("a folder, and no gazetteer"));
            }
            // SAFETY: the map is read-only, and every access goes through bounds-checked slices of plain numbers, for
            // which any byte is valid. Should another process change the file meanwhile, answers are wrong, no more;
            // should it truncate it, the system ends this process with a signal, as for any mapped file.
            #[allow(unsafe_code)]
            let map = unsafe { memmap2::Mmap::map(&file)? };
            Self::open_bytes(Bytes::Mapped(Arc::new(map)))
        };
        open().map_err(|e| e.at(path))
    }

    /// Takes a gazetteer from memory, as [`super::build::Builder::finish`] gives it.
    ///
    /// # Errors
    /// When the bytes are no whole gazetteer of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut words = vec![0u128; bytes.len().div_ceil(16)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Header::read(bytes)?.verify(bytes)?;
        Self::open_bytes(Bytes::Owned(Arc::new(words), bytes.len()))
    }

    /// Compares the whole file with the hashes of its blocks: reads all of it, a second for some gigabytes. The embedded
    /// gazetteer and one from memory are whole anyway.
    ///
    /// # Errors
    /// When a block is damaged; the message says where.
    pub fn verify(&self) -> Result<()> {
        let bytes = self.bytes.as_ref();
        Header::read(bytes)?.verify(bytes)
    }

    fn open_bytes(bytes: Bytes) -> Result<Self> {
        let header = Header::read(bytes.as_ref())?;
        let (hash, sections) = (header.hash, header.sections.clone());
        header.verify_section(bytes.as_ref(), Section::Meta)?;
        let part = |section: Section| SectionBytes(bytes.clone(), sections[section as usize].clone());
        let broken = |e: &dyn std::fmt::Display| Error::gazetteer(format!("damaged gazetteer ({e}); build it again"));
        let names = Trie::new(part(Section::Names)).ok_or_else(|| broken(&"names"))?;
        let words = Trie::new(part(Section::Words)).ok_or_else(|| broken(&"words"))?;
        let meta = serde_json::from_slice(part(Section::Meta).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, PlaceRecord>(part(Section::Places).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, u32>(part(Section::Postings).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, u64>(part(Section::Gate).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, CountryRecord>(part(Section::Countries).as_ref()).map_err(|e| broken(&e))?;
        Ok(Self { bytes, sections, names, words, meta, hash, overlay: None })
    }

    /// Puts the user's own places, pinned names and silenced names on top: every file of `files` is a table (`.csv`,
    /// `.tsv`) or GeoJSON (`.geojson`, `.json`), as [`mod@super::overlay`] tells. Together they are one overlay.
    ///
    /// # Errors
    /// When a file cannot be read; when rows of it cannot be understood: the message names the line and the column of
    /// each of up to 20, and what to do; when this gazetteer has an overlay already.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let file = folder.path().join("mine.csv");
    /// std::fs::write(&file, "name,lat,lon,country\nUmm Zarqun,35.02,40.45,SY\n")?;
    /// let mine = mentionmap::Gazetteer::world()?.with_overlay(&[file])?;
    /// let (place, _) = mine.lookup("Umm Zarqun").next().unwrap();
    /// assert_eq!(place.id().to_string(), "custom:umm-zarqun");
    /// assert_eq!(place.country_place().unwrap().name(), "Syria");
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn with_overlay<P: AsRef<Path>>(mut self, files: &[P]) -> Result<Self> {
        if self.overlay.is_some() {
            return Err(Error::usage("this gazetteer has an overlay already; give all files at once"));
        }
        if files.is_empty() {
            return Ok(self);
        }
        let overlay = Overlay::read(&self, files)?;
        self.meta.places += overlay.records().len() as u64;
        self.meta.names += overlay.new_names();
        self.meta.sources.extend(overlay.sources().iter().cloned());
        self.hash = overlay.hash();
        self.overlay = Some(Arc::new(overlay));
        Ok(self)
    }

    /// What it says about itself.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The hash of its content, in hexadecimal: two gazetteers with one hash give the same answers.
    pub fn hash(&self) -> String {
        format!("{:032x}", self.hash)
    }

    /// A place by its number.
    pub fn place(&self, index: u32) -> Option<Place<'_>> {
        let record = match self.records().get(index as usize) {
            Some(record) => record,
            None => self.own_records().get(index as usize - self.records().len())?,
        };
        Some(Place { gazetteer: self, index, record })
    }

    /// All places; those of an overlay come last.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let records = self.records().iter().chain(self.own_records());
        records.zip(0..).map(|(record, index)| Place { gazetteer: self, index, record })
    }

    /// A country by its ISO 3166 alpha-2 code.
    pub fn country(&self, code: &str) -> Option<Place<'_>> {
        let &[a, b] = code.as_bytes() else { return None };
        let countries: &[CountryRecord] = self.section(Section::Countries);
        match countries.binary_search_by_key(&[a, b, 0, 0], |c| c.code) {
            Ok(at) => self.place(countries[at].place),
            Err(_) => self.place(self.overlay.as_ref()?.country([a, b])?),
        }
    }

    /// Every place that bears a name, in any spelling that has the same normal form: first those of an overlay, then the
    /// others, best known first.
    pub fn lookup(&self, name: &str) -> impl Iterator<Item = (Place<'_>, NameKind)> {
        self.name(&name_key(name))
            .into_iter()
            .flat_map(|name| self.postings(name))
            .filter_map(|p| Some((self.place(p.place)?, p.kind)))
    }

    /// A name by its key ([`crate::text::name_key`]); none when an overlay silences it.
    pub fn name(&self, key: &str) -> Option<Name> {
        Name::of_layers(self.names.get(key), self.overlay.as_ref().and_then(|overlay| overlay.names().get(key)))
    }

    /// Which places bear a name: first those of an overlay, then the others, best known first. A pinned name has one.
    pub fn postings(&self, name: Name) -> impl Iterator<Item = Posting> {
        let of_base: &[u32] = self.section(Section::Postings);
        let mut rest = of_base.get(name.base() as usize..).unwrap_or_default();
        let mut then: &[u32] = &[];
        if let (Some(handle), Some(overlay)) = (name.handle(), &self.overlay) {
            then = if handle.is_exclusive() { &[] } else { rest };
            rest = overlay.postings(handle);
        }
        let mut rest = rest.iter();
        std::iter::from_fn(move || {
            let &bits = rest.next()?;
            if bits & POSTING_LAST != 0 {
                rest = std::mem::take(&mut then).iter();
            }
            Some(Posting { place: bits & POSTING_PLACE, kind: NameKind::from_bits(bits >> POSTING_KIND_SHIFT & 0xF) })
        })
    }

    /// Whether an overlay says that a name may mean this place: it is the user's own, or the name is pinned to it.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let file = folder.path().join("mine.csv");
    /// std::fs::write(&file, "name,place_id\nSpringfield,geonames:4409896\n")?;
    /// let mine = mentionmap::Gazetteer::world()?.with_overlay(&[file])?;
    /// let springfield = mine.name("springfield").unwrap();
    /// let place = mine.postings(springfield).next().unwrap().place;
    /// assert!(mine.prefers(springfield, place) && mine.postings(springfield).count() == 1);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn prefers(&self, name: Name, place: u32) -> bool {
        name.handle().is_some_and(|handle| handle.is_exclusive() || place as usize >= self.records().len())
    }

    /// What is known of a word, given in its normal form.
    pub fn word(&self, normal: &str) -> WordFlags {
        WordFlags(self.words.get(normal).unwrap_or(0))
    }

    /// Hands over every name with its key, in the order of the keys.
    pub(crate) fn each_name(&self, mut sink: impl FnMut(&str, Name)) {
        self.names.each(|key, at| {
            if let Ok(key) = std::str::from_utf8(key) {
                sink(key, Name::of_base(at));
            }
        });
    }

    /// Hands over every word of which something is known, in order.
    pub(crate) fn each_word(&self, mut sink: impl FnMut(&str, WordFlags)) {
        self.words.each(|word, flags| {
            if let Ok(word) = std::str::from_utf8(word) {
                sink(word, WordFlags(flags));
            }
        });
    }

    /// Starts to match a name word by word.
    pub(crate) fn walk(&self) -> Walk<'_> {
        Walk::new(&self.names, self.overlay.as_ref().map(|overlay| overlay.names()))
    }

    /// The length of the file, in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.bytes.as_ref().len() as u64
    }

    /// Whether a name may start with this word; false is certain.
    pub(crate) fn may_start(&self, first_word: &str) -> bool {
        gate_has(self.section(Section::Gate), first_word)
            || self.overlay.as_ref().is_some_and(|overlay| gate_has(overlay.gate(), first_word))
    }

    /// A string by its offset; those of an overlay follow after those of the base.
    pub(super) fn string(&self, offset: u32) -> &str {
        let strings = self.strings();
        match (offset as usize).checked_sub(strings.len()) {
            Some(at) => self.overlay.as_ref().map_or("", |overlay| string_at(overlay.strings(), at)),
            None => string_at(strings, offset as usize),
        }
    }

    pub(super) fn strings(&self) -> &[u8] {
        &self.bytes.as_ref()[self.sections[Section::Strings as usize].clone()]
    }

    pub(super) fn records(&self) -> &[PlaceRecord] {
        self.section(Section::Places)
    }

    /// The records of the overlay's places.
    fn own_records(&self) -> &[PlaceRecord] {
        self.overlay.as_ref().map_or(&[], |overlay| overlay.records())
    }

    pub(super) fn names(&self) -> &Trie<SectionBytes> {
        &self.names
    }

    pub(super) fn content_hash(&self) -> u128 {
        self.hash
    }

    pub(super) fn section<T: bytemuck::Pod>(&self, section: Section) -> &[T] {
        let bytes = self.bytes.as_ref().get(self.sections[section as usize].clone()).unwrap_or_default();
        // Checked when the file was opened: the fallback never comes to pass.
        bytemuck::try_cast_slice(bytes).unwrap_or_default()
    }
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer").field("hash", &self.hash()).field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// A length and UTF-8.
fn string_at(strings: &[u8], at: usize) -> &str {
    let Some(&[low, high]) = strings.get(at..at + 2) else { return "" };
    let len = usize::from(u16::from_le_bytes([low, high]));
    strings.get(at + 2..at + 2 + len).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or("")
}

fn gate_has(gate: &[u64], first_word: &str) -> bool {
    let bit = gate_bit(first_word, gate.len());
    gate.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
}

/// The bit of the gate that stands for a first word; `words` is the gate's length in 64-bit words.
pub(super) fn gate_bit(first_word: &str, words: usize) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for b in first_word.bytes() {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ hash >> 32) as usize & (words * 64).saturating_sub(1)
}
