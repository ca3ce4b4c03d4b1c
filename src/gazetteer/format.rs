//! The file: a header, a table of sections, the sections. All numbers are little-endian.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0–7 | magic `MENTMAP\0` |
//! | 8–11 | version of the format, [`VERSION`] |
//! | 12–15 | number of sections |
//! | 16–31 | XXH3-128 hash of bytes 32 to the end of the table of blocks: through it, of everything |
//! | 32–159 | for each section: its offset from the start and its length in bytes, 8 bytes each |
//! | 160–167 | length of the file |
//! | 168–171 | length of a block: [`BLOCK`] |
//! | 172–175 | number of blocks |
//! | 176–… | for each block: its XXH3-128 hash |
//!
//! Blocks are what follows the table of blocks, cut at every [`BLOCK`] bytes; the last one is shorter. Opening a file
//! checks the header, the length and the blocks of the metadata; the other blocks are checked when that is asked for
//! ([`crate::Gazetteer::verify`]), since that takes as long as reading the file.
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
use xxhash_rust::xxh3::xxh3_128;

/// First bytes of every gazetteer file.
pub const MAGIC: [u8; 8] = *b"MENTMAP\0";
/// The version this program writes and reads.
pub const VERSION: u32 = 3;
/// Length of the blocks that have a hash each, in bytes.
pub const BLOCK: usize = 1 << 18;
/// Sections start at multiples of this.
pub(crate) const ALIGNMENT: usize = 16;
const HEADER: usize = 32;
/// Where the table of blocks begins, behind its own length and that of the file.
const BLOCKS: usize = HEADER + SECTIONS * 16 + 16;

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

/// One place, 48 bytes.
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
    /// The same place under another record (a city and its district): its place number and one, or 0.
    pub twin: u32,
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
    let mut lengths = [0; SECTIONS];
    let mut body_length = 0;
    for (length, section) in lengths.iter_mut().zip(sections.iter_mut()) {
        *length = section.seek(SeekFrom::End(0))?;
        body_length = align(body_length) + *length;
    }
    let count = body_length.div_ceil(BLOCK as u64);
    let start = BLOCKS as u64 + count * 16;
    let mut table = Vec::with_capacity(start as usize - HEADER);
    let mut offset = start;
    for length in lengths {
        offset = align(offset);
        table.extend(offset.to_le_bytes());
        table.extend(length.to_le_bytes());
        offset += length;
    }
    table.extend((start + body_length).to_le_bytes());
    table.extend((BLOCK as u32).to_le_bytes());
    let too_long = |_| Error::gazetteer("the gazetteer is too large");
    table.extend(u32::try_from(count).map_err(too_long)?.to_le_bytes());
    // The hashes stand before what they are taken from, so all is read twice.
    let mut block = Vec::with_capacity(BLOCK);
    body(sections, &mut |mut bytes| {
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(BLOCK - block.len()));
            block.extend_from_slice(now);
            bytes = rest;
            if block.len() == BLOCK {
                table.extend(xxh3_128(&block).to_le_bytes());
                block.clear();
            }
        }
        Ok(())
    })?;
    if !block.is_empty() {
        table.extend(xxh3_128(&block).to_le_bytes());
    }
    let hash = xxh3_128(&table);
    out.write_all(&MAGIC)?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&(SECTIONS as u32).to_le_bytes())?;
    out.write_all(&hash.to_le_bytes())?;
    out.write_all(&table)?;
    body(sections, &mut |bytes| out.write_all(bytes))?;
    Ok((hash, start + body_length))
}

/// The sections, with the padding between them.
fn body(sections: &mut [Spool; SECTIONS], sink: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut at = 0usize;
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
    /// Where the first block begins.
    start: usize,
}

fn bad(message: &str) -> Error {
    Error::gazetteer(format!("{message}; build it again with `mentionmap gazetteer build`"))
}

/// A number of up to 16 bytes, little-endian.
fn number(bytes: &[u8]) -> u128 {
    bytes.iter().rev().fold(0, |sum, &b| sum << 8 | u128::from(b))
}

impl Header {
    /// Reads and checks the header, and the length of the file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() < HEADER || bytes[..8] != MAGIC {
            return Err(Error::gazetteer(
                "not a mentionmap gazetteer; `mentionmap gazetteer build` makes one of GeoNames' files, and tables of \
                 your own end in .csv, .tsv, .geojson or .json",
            ));
        }
        let version = number(&bytes[8..12]);
        if version != u128::from(VERSION) {
            return Err(bad(&format!("gazetteer format {version} (this program reads {VERSION})")));
        }
        if bytes.len() < BLOCKS {
            return Err(bad("truncated gazetteer"));
        }
        let field = |at: usize, size: usize| number(&bytes[at..at + size]);
        let start = BLOCKS + field(BLOCKS - 4, 4) as usize * 16;
        let hash = field(16, 16);
        if bytes.len() < start {
            return Err(bad("truncated gazetteer"));
        }
        if xxh3_128(&bytes[HEADER..start]) != hash {
            return Err(bad("damaged gazetteer (its header does not match its hash)"));
        }
        // What follows holds for any header that this program wrote; the hash is no proof against one made by hand.
        let blocks = (bytes.len() - start).div_ceil(BLOCK);
        if field(12, 4) as usize != SECTIONS || field(BLOCKS - 8, 4) as usize != BLOCK {
            return Err(bad("damaged gazetteer (wrong number of sections or length of blocks)"));
        }
        if field(BLOCKS - 16, 8) != bytes.len() as u128 || field(BLOCKS - 4, 4) as usize != blocks {
            return Err(bad("truncated gazetteer, or one with something behind its end"));
        }
        let mut sections: [Range<usize>; SECTIONS] = Default::default();
        for (i, range) in sections.iter_mut().enumerate() {
            let (from, length) = (field(HEADER + i * 16, 8), field(HEADER + i * 16 + 8, 8));
            if from < start as u128 || from + length > bytes.len() as u128 || from % ALIGNMENT as u128 != 0 {
                return Err(bad("damaged gazetteer (a section outside of the file)"));
            }
            *range = from as usize..(from + length) as usize;
        }
        Ok(Self { hash, sections, start })
    }

    /// Compares all blocks with their hashes.
    pub(crate) fn verify(&self, bytes: &[u8]) -> Result<()> {
        self.verify_bytes(bytes, self.start..bytes.len())
    }

    /// Compares the blocks of one section with their hashes.
    pub(crate) fn verify_section(&self, bytes: &[u8], section: Section) -> Result<()> {
        self.verify_bytes(bytes, self.sections[section as usize].clone())
    }

    fn verify_bytes(&self, bytes: &[u8], range: Range<usize>) -> Result<()> {
        let blocks = bytes[self.start..].chunks(BLOCK).zip(bytes[BLOCKS..self.start].chunks_exact(16)).enumerate();
        for (i, (block, hash)) in blocks {
            let at = self.start + i * BLOCK;
            if at < range.end && at + block.len() > range.start && xxh3_128(block) != number(hash) {
                let end = at + block.len();
                return Err(bad(&format!("damaged gazetteer (bytes {at} to {end} do not match their hash)")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_an_error() {
        let mut sections = std::array::from_fn(|_| spool());
        sections[0].write_all(b"{}").unwrap();
        sections[2].write_all(&vec![7; BLOCK + 99]).unwrap();
        let mut file = Vec::new();
        let (_, length) = write(&mut sections, &mut file).unwrap();
        assert_eq!(length, file.len() as u64);
        let header = Header::read(&file).unwrap();
        header.verify(&file).unwrap();
        for cut in (0..400).chain(file.len() - 9..file.len()) {
            assert!(Header::read(&file[..cut]).is_err(), "cut at {cut}");
        }
        for at in (0..400).chain([BLOCK, BLOCK + 300, file.len() - 1]) {
            let mut flipped = file.clone();
            flipped[at] ^= 4;
            let opened = Header::read(&flipped);
            assert!(at >= header.start || opened.is_err(), "flipped at {at}");
            assert!(opened.and_then(|header| header.verify(&flipped)).is_err(), "flipped at {at}");
        }
        file.push(0);
        assert!(Header::read(&file).is_err());
    }
}
