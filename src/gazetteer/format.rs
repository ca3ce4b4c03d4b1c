//! The file: a header, a table of sections, the sections. All numbers are little-endian.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0–7 | magic `MENTMAP\0` |
//! | 8–11 | version of the format, [`VERSION`] |
//! | 12–15 | number of sections |
//! | 16–31 | XXH3-128 hash of everything after byte 31 |
//! | 32–… | for each section: its offset from the start and its length in bytes, 8 bytes each |
//!
//! Sections follow in the order of [`Section`], each starting at a multiple of 16 bytes:
//!
//! * `Meta`: JSON, [`super::Meta`];
//! * `Places`: [`PlaceRecord`]s;
//! * `Strings`: names and ids, each a length (2 bytes) and UTF-8;
//! * `Postings`: 4 bytes each: the place in bits 0–25, the name's kind in bits 26–29, the last of its name in bit 31;
//! * `Names`: an fst map from a name's key ([`crate::text::name_key`]) to its first posting;
//! * `Gate`: a bit set of hashes of first words, to turn most words of a text away before the fst is walked;
//! * `Words`: an fst map from words to [`super::WordFlags`];
//! * `Countries`: country code (2 bytes, zero-padded to 4) and place, sorted by code.

use super::Feature;
use crate::error::{Error, Result};
use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// First bytes of every gazetteer file.
pub const MAGIC: [u8; 8] = *b"MENTMAP\0";
/// The version this program writes and reads.
pub const VERSION: u32 = 1;
/// Sections start at multiples of this.
pub(crate) const ALIGNMENT: usize = 16;
const HEADER: usize = 32;

/// The sections, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Section {
    /// JSON metadata.
    Meta,
    /// Fixed-size records.
    Places,
    /// Names and ids.
    Strings,
    /// Which places bear a name.
    Postings,
    /// The names.
    Names,
    /// First words.
    Gate,
    /// Facts of words.
    Words,
    /// Country codes.
    Countries,
}

pub(crate) const SECTIONS: usize = 8;

/// Where a gazetteer's data comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its version or date.
    pub version: String,
    /// Its license.
    pub license: String,
    /// Where it can be had.
    pub url: String,
}

/// One place, 44 bytes.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct PlaceRecord {
    /// GeoNames id, or the offset of a string when `custom` is 1.
    pub id: u32,
    /// Offset of the main name in the strings.
    pub name: u32,
    /// Millionths of a degree north.
    pub latitude: i32,
    /// Millionths of a degree east.
    pub longitude: i32,
    /// Inhabitants.
    pub population: u32,
    /// First-order division: its place number and one, or 0.
    pub admin1: u32,
    /// Second-order division: its place number and one, or 0.
    pub admin2: u32,
    /// Feature class and code.
    pub feature: Feature,
    /// Tenths of a km.
    pub radius: u16,
    /// ISO 3166 alpha-2, or zeros.
    pub country: [u8; 2],
    /// 1 when the id is a string.
    pub custom: u8,
    /// Zeros.
    pub reserved: [u8; 3],
}

/// A country's entry.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct CountryRecord {
    /// ISO 3166 alpha-2, then zeros.
    pub code: [u8; 4],
    /// Its place number.
    pub place: u32,
}

pub(crate) const POSTING_PLACE: u32 = (1 << 26) - 1;
pub(crate) const POSTING_LAST: u32 = 1 << 31;
pub(crate) const POSTING_KIND_SHIFT: u32 = 26;

/// A section on its way into a file: in memory while it is small, then in a temporary file.
pub(crate) type Spool = tempfile::SpooledTempFile;

pub(crate) fn spool() -> Spool {
    tempfile::spooled_tempfile(32 << 20)
}

/// Writes the sections as a file; gives its hash and its length.
pub(crate) fn write(sections: &mut [Spool; SECTIONS], out: &mut dyn Write) -> Result<(u128, u64)> {
    let align = |n: u64| n.div_ceil(ALIGNMENT as u64) * ALIGNMENT as u64;
    let mut table = Vec::with_capacity(SECTIONS * 16);
    let mut offset = align((HEADER + SECTIONS * 16) as u64);
    let mut end = offset;
    for section in sections.iter_mut() {
        let len = section.seek(SeekFrom::End(0))?;
        table.extend(offset.to_le_bytes());
        table.extend(len.to_le_bytes());
        end = offset + len;
        offset = align(end);
    }
    // The hash stands before what it is taken from, so all is read twice.
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    body(&table, sections, &mut |bytes| {
        hasher.update(bytes);
        Ok(())
    })?;
    let hash = hasher.digest128();
    out.write_all(&MAGIC)?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&(SECTIONS as u32).to_le_bytes())?;
    out.write_all(&hash.to_le_bytes())?;
    body(&table, sections, &mut |bytes| out.write_all(bytes))?;
    Ok((hash, end))
}

/// All that follows the hash.
fn body(
    table: &[u8],
    sections: &mut [Spool; SECTIONS],
    sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    sink(table)?;
    let mut at = HEADER + table.len();
    let mut buffer = vec![0; 1 << 18];
    for section in sections {
        sink(&[0; ALIGNMENT][..at.next_multiple_of(ALIGNMENT) - at])?;
        at = at.next_multiple_of(ALIGNMENT);
        section.rewind()?;
        loop {
            let n = section.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            sink(&buffer[..n])?;
            at += n;
        }
    }
    Ok(())
}

/// The header of an opened file.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) hash: u128,
    pub(crate) sections: [Range<usize>; SECTIONS],
}

impl Header {
    /// Reads and checks the header; `verify` compares the content with its hash too.
    pub(crate) fn read(bytes: &[u8], verify: bool) -> Result<Self> {
        let bad =
            |message: &str| Error::gazetteer(format!("{message}; build it again with `mentionmap gazetteer build`"));
        if bytes.len() < HEADER + SECTIONS * 16 || bytes[..8] != MAGIC {
            return Err(bad("not a mentionmap gazetteer"));
        }
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if word(8) != VERSION {
            return Err(bad(&format!("gazetteer format {} (this program reads {VERSION})", word(8))));
        }
        if word(12) as usize != SECTIONS {
            return Err(bad("damaged gazetteer (wrong number of sections)"));
        }
        let hash = bytes[16..32].iter().rev().fold(0u128, |sum, &b| sum << 8 | u128::from(b));
        let long = |at: usize| bytes[at..at + 8].iter().rev().fold(0u64, |sum, &b| sum << 8 | u64::from(b));
        let mut sections: [Range<usize>; SECTIONS] = Default::default();
        for (i, range) in sections.iter_mut().enumerate() {
            let (from, len) = (long(HEADER + i * 16), long(HEADER + i * 16 + 8));
            let to = from.checked_add(len).filter(|&to| to <= bytes.len() as u64 && from % ALIGNMENT as u64 == 0);
            let to = to.ok_or_else(|| bad("truncated gazetteer"))?;
            *range = from as usize..to as usize;
        }
        if verify && xxhash_rust::xxh3::xxh3_128(&bytes[HEADER..]) != hash {
            return Err(bad("damaged gazetteer (its content does not match its hash)"));
        }
        Ok(Self { hash, sections })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_an_error() {
        let mut sections = std::array::from_fn(|_| spool());
        sections[0].write_all(b"{}").unwrap();
        let mut file = Vec::new();
        write(&mut sections, &mut file).unwrap();
        assert!(Header::read(&file, true).is_ok());
        for cut in 0..file.len() {
            assert!(Header::read(&file[..cut], true).is_err(), "cut at {cut}");
        }
        for at in 0..file.len() {
            let mut flipped = file.clone();
            flipped[at] ^= 4;
            assert!(Header::read(&flipped, true).is_err(), "flipped at {at}");
        }
    }
}
