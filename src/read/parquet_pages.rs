//! What the pages of a Parquet column say of themselves, looked at before any of them is unpacked.
//!
//! Readers of Parquet make room for a page as its header wants it. Headers are Thrift's compact protocol; three numbers of
//! them matter here, and the rest is passed over.

use super::ReadOptions;
use super::unpack::UNSUSPICIOUS;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Structures within each other; page headers have two.
const DEEPEST: u8 = 8;
/// The most fields and elements of one header.
const MOST: u64 = 10_000;

/// Looks at every page between `start` and `start + length`. Gives how many bytes they unpack to.
///
/// # Errors
/// When a page, or all together compared with their packed size, are longer than `options` allow.
pub(super) fn check(file: &File, (start, length): (u64, u64), options: &ReadOptions) -> Result<u64> {
    let mut reader = Header { file: BufReader::with_capacity(4096, file.try_clone()?), left: MOST };
    let bad = |e: io::Error| Error::format(format!("cannot be read as Parquet: a broken page header ({e})"));
    let end = start.saturating_add(length);
    let (mut at, mut sum) = (reader.file.seek(SeekFrom::Start(start))?, 0);
    while at < end {
        reader.left = MOST;
        let [packed, unpacked] = reader.sizes().map_err(bad)?;
        if unpacked > options.max_batch_bytes {
            return Err(Error::limit(format!(
                "a page of {unpacked} bytes in a row group, which is left out; raise --max-batch-bytes to read it"
            )));
        }
        sum += unpacked;
        let here = reader.file.stream_position()?;
        at = here.saturating_add(packed);
        reader.file.seek_relative(i64::try_from(packed).unwrap_or(i64::MAX))?;
    }
    if sum > UNSUSPICIOUS && sum / options.max_ratio > length {
        return Err(Error::limit(format!(
            "a row group unpacks to more than {} times its size, as files do that are made to harm; raise --max-ratio if it can be trusted",
            options.max_ratio
        )));
    }
    Ok(sum)
}

struct Header {
    file: BufReader<File>,
    left: u64,
}

impl Header {
    /// How long the page that follows is, packed and unpacked.
    fn sizes(&mut self) -> io::Result<[u64; 2]> {
        let mut sizes = [0; 2];
        let mut last = 0;
        while let Some((field, kind)) = self.field(last)? {
            match (field, kind) {
                (2, 5) => sizes[1] = self.length()?,
                (3, 5) => sizes[0] = self.length()?,
                (_, kind) => self.skip(kind, 0)?,
            }
            last = field;
        }
        Ok(sizes)
    }

    /// The number and the type of the next field of a structure, none at its end.
    fn field(&mut self, last: i64) -> io::Result<Option<(i64, u8)>> {
        self.left = self.left.checked_sub(1).ok_or_else(|| io::Error::other("too many fields"))?;
        let byte = self.byte()?;
        let (step, kind) = (i64::from(byte >> 4), byte & 15);
        Ok(match (step, kind) {
            (_, 0) => None,
            (0, kind) => Some((self.signed()?, kind)),
            (step, kind) => Some((last.saturating_add(step), kind)),
        })
    }

    fn skip(&mut self, kind: u8, depth: u8) -> io::Result<()> {
        if depth > DEEPEST {
            return Err(io::Error::other("nested too deep"));
        }
        match kind {
            // Yes and no are part of the type.
            1 | 2 => {}
            3 => _ = self.byte()?,
            4..=6 => _ = self.number()?,
            7 => self.file.seek_relative(8)?,
            8 => {
                let length = self.number()?;
                self.file.seek_relative(i64::try_from(length).map_err(io::Error::other)?)?;
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.number()? } else { u64::from(byte >> 4) };
                self.left = self.left.checked_sub(count).ok_or_else(|| io::Error::other("too many elements"))?;
                for _ in 0..count {
                    // In lists, yes and no are bytes.
                    self.skip(if matches!(byte & 15, 1 | 2) { 3 } else { byte & 15 }, depth + 1)?;
                }
            }
            12 => {
                let mut last = 0;
                while let Some((field, kind)) = self.field(last)? {
                    self.skip(kind, depth + 1)?;
                    last = field;
                }
            }
            other => return Err(io::Error::other(format!("type {other}"))),
        }
        Ok(())
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.file.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    /// A number in groups of seven bits, the lowest first.
    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(io::Error::other("a number without end"))
    }

    fn signed(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn length(&mut self) -> io::Result<u64> {
        u64::try_from(self.signed()?).map_err(|_| io::Error::other("a negative length"))
    }
}
