//! Opening a gazetteer and asking it.

use super::format::{
    CountryRecord, Header, POSTING_KIND_SHIFT, POSTING_LAST, POSTING_PLACE, PlaceRecord, SECTIONS, Section, Source,
};
use super::{NameKind, Place, Posting, WordFlags};
use crate::error::{Error, Result};
use crate::text::name_key;
use fst::Streamer;
use fst::raw::{CompiledAddr, Output};
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
    /// Whom to credit, in one line.
    pub fn attribution(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for source in &self.sources {
            for (word, credit) in [
                ("GeoNames", "GeoNames (CC BY 4.0)"),
                ("Unicode", "Unicode CLDR (Unicode-3.0)"),
                ("mentionmap", "mentionmap (CC BY 4.0)"),
            ] {
                if (source.license.contains(word) || source.name.contains(word)) && !names.contains(&credit) {
                    names.push(credit);
                }
            }
        }
        names.join(", ")
    }
}

/// A name that the gazetteer knows: a handle to the places that bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub(super) u32);

impl Name {
    /// A name that no place bears.
    pub const NONE: Self = Self(u32::MAX);
}

/// A compiled gazetteer, used in place. Cloning is cheap.
#[derive(Clone)]
pub struct Gazetteer {
    bytes: Bytes,
    sections: [Range<usize>; SECTIONS],
    names: fst::Map<SectionBytes>,
    words: fst::Map<SectionBytes>,
    meta: Meta,
    hash: u128,
}

/// The embedded gazetteer needs the alignment of its records.
#[repr(C, align(16))]
struct Aligned<B: ?Sized>(B);
static WORLD: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/world.mentionmap")));

#[derive(Clone)]
enum Bytes {
    Static(&'static [u8]),
    Mapped(Arc<memmap2::Mmap>),
    Owned(Arc<Vec<u128>>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Owned(words) => bytemuck::cast_slice(words),
        }
    }
}

#[derive(Clone)]
struct SectionBytes(Bytes, Range<usize>);

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
        Self::open_bytes(Bytes::Static(&WORLD.0), false)
    }

    /// Maps a gazetteer file into memory and checks it against its hash. The file must not change while it is open.
    ///
    /// # Errors
    /// When the file cannot be read, is no gazetteer, is truncated or damaged, or has another version's format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let open = || -> Result<Self> {
            let file = File::open(path)?;
            // SAFETY: the map is read-only, and every access goes through bounds-checked slices of plain numbers, for
            // which any byte is valid. Should another process change the file meanwhile, answers are wrong, no more;
            // should it truncate it, the system ends this process with a signal, as for any mapped file.
            #[allow(unsafe_code)]
            let map = unsafe { memmap2::Mmap::map(&file)? };
            Self::open_bytes(Bytes::Mapped(Arc::new(map)), true)
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
        // Padding to a multiple of 16 would change the hash, but no file ends elsewhere than at its last section.
        Header::read(bytes, true)?;
        Self::open_bytes(Bytes::Owned(Arc::new(words)), false)
    }

    fn open_bytes(bytes: Bytes, verify: bool) -> Result<Self> {
        let Header { hash, sections } = Header::read(bytes.as_ref(), verify)?;
        let part = |section: Section| SectionBytes(bytes.clone(), sections[section as usize].clone());
        let broken = |e: &dyn std::fmt::Display| Error::gazetteer(format!("damaged gazetteer ({e}); build it again"));
        let names = fst::Map::new(part(Section::Names)).map_err(|e| broken(&e))?;
        let words = fst::Map::new(part(Section::Words)).map_err(|e| broken(&e))?;
        let meta = serde_json::from_slice(part(Section::Meta).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, PlaceRecord>(part(Section::Places).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, u32>(part(Section::Postings).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, u64>(part(Section::Gate).as_ref()).map_err(|e| broken(&e))?;
        bytemuck::try_cast_slice::<u8, CountryRecord>(part(Section::Countries).as_ref()).map_err(|e| broken(&e))?;
        Ok(Self { bytes, sections, names, words, meta, hash })
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
        self.records().get(index as usize).map(|record| Place { gazetteer: self, index, record })
    }

    /// All places.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.records().iter().zip(0..).map(|(record, index)| Place { gazetteer: self, index, record })
    }

    /// A country by its ISO 3166 alpha-2 code.
    pub fn country(&self, code: &str) -> Option<Place<'_>> {
        let &[a, b] = code.as_bytes() else { return None };
        let countries: &[CountryRecord] = self.section(Section::Countries);
        let at = countries.binary_search_by_key(&[a, b, 0, 0], |c| c.code).ok()?;
        self.place(countries[at].place)
    }

    /// Every place that bears a name, in any spelling that has the same normal form, best known first.
    pub fn lookup(&self, name: &str) -> impl Iterator<Item = (Place<'_>, NameKind)> {
        self.name(&name_key(name))
            .into_iter()
            .flat_map(|name| self.postings(name))
            .filter_map(|p| Some((self.place(p.place)?, p.kind)))
    }

    /// A name by its key ([`crate::text::name_key`]).
    pub fn name(&self, key: &str) -> Option<Name> {
        self.names.get(key).map(|at| Name(at as u32))
    }

    /// Which places bear a name, best known first.
    pub fn postings(&self, name: Name) -> impl Iterator<Item = Posting> {
        let all: &[u32] = self.section(Section::Postings);
        let mut rest = all.get(name.0 as usize..).unwrap_or_default().iter();
        let mut done = false;
        std::iter::from_fn(move || {
            let &bits = rest.next().filter(|_| !done)?;
            done = bits & POSTING_LAST != 0;
            Some(Posting { place: bits & POSTING_PLACE, kind: NameKind::from_bits(bits >> POSTING_KIND_SHIFT & 0xF) })
        })
    }

    /// What is known of a word, given in its normal form.
    pub fn word(&self, normal: &str) -> WordFlags {
        WordFlags(self.words.get(normal).unwrap_or(0))
    }

    /// Hands over every name with its key, in the order of the keys.
    pub(crate) fn each_name(&self, mut sink: impl FnMut(&str, Name)) {
        let mut names = self.names.stream();
        while let Some((key, at)) = names.next() {
            if let Ok(key) = std::str::from_utf8(key) {
                sink(key, Name(at as u32));
            }
        }
    }

    /// Hands over every word of which something is known, in order.
    pub(crate) fn each_word(&self, mut sink: impl FnMut(&str, WordFlags)) {
        let mut words = self.words.stream();
        while let Some((word, flags)) = words.next() {
            if let Ok(word) = std::str::from_utf8(word) {
                sink(word, WordFlags(flags));
            }
        }
    }

    /// Starts to match a name word by word.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let fst = self.names.as_fst();
        Walk { fst, node: fst.root().addr(), output: Output::zero() }
    }

    /// Whether a name may start with this word; false is certain.
    pub(crate) fn may_start(&self, first_word: &str) -> bool {
        let gate: &[u64] = self.section(Section::Gate);
        let bit = gate_bit(first_word, gate.len());
        gate.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }

    pub(super) fn string(&self, offset: u32) -> &str {
        let strings: &[u8] = &self.bytes.as_ref()[self.sections[Section::Strings as usize].clone()];
        let at = offset as usize;
        let Some(&[low, high]) = strings.get(at..at + 2) else { return "" };
        let len = usize::from(u16::from_le_bytes([low, high]));
        strings.get(at + 2..at + 2 + len).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or("")
    }

    fn records(&self) -> &[PlaceRecord] {
        self.section(Section::Places)
    }

    fn section<T: bytemuck::Pod>(&self, section: Section) -> &[T] {
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

/// The bit of the gate that stands for a first word; `words` is the gate's length in 64-bit words.
pub(super) fn gate_bit(first_word: &str, words: usize) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for b in first_word.bytes() {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ hash >> 32) as usize & (words * 64).saturating_sub(1)
}

/// A position within the names while words are matched one by one.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'g> {
    fst: &'g fst::raw::Fst<SectionBytes>,
    node: CompiledAddr,
    output: Output,
}

impl Walk<'_> {
    /// Takes the bytes of a word (or of a space); false when no name goes on so.
    pub(crate) fn step(&mut self, bytes: &[u8]) -> bool {
        let mut node = self.fst.node(self.node);
        for &b in bytes {
            let Some(i) = node.find_input(b) else { return false };
            let transition = node.transition(i);
            self.output = self.output.cat(transition.out);
            node = self.fst.node(transition.addr);
        }
        self.node = node.addr();
        true
    }

    /// The name that ends here, if one does.
    pub(crate) fn name(&self) -> Option<Name> {
        let node = self.fst.node(self.node);
        node.is_final().then(|| Name(self.output.cat(node.final_output()).value() as u32))
    }
}
