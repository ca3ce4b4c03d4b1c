//! What a Parquet file says of itself, looked at before its reader does.
//!
//! The reader makes room for a page as its header wants it, and follows the schema as deep as it goes, which may be deeper
//! than the stack. Footer and headers are Thrift's compact protocol; a few numbers of them matter here, and the rest is
//! passed over.

use super::ReadOptions;
use super::unpack::UNSUSPICIOUS;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Structures within each other; page headers have three, footers four.
const DEEPEST: u8 = 16;

/// Looks at the schema.
///
/// # Errors
/// When its groups are nested deeper than `options` allow, or there is none.
pub(super) fn schema(file: &File, options: &ReadOptions) -> Result<()> {
    let bad = |e: io::Error| Error::format(format!("cannot be read as Parquet: {e}"));
    let mut reader = Thrift { file: BufReader::new(file.try_clone()?) };
    match reader.depth(options.max_nesting).map_err(bad)? {
        depth if depth > options.max_nesting => {
            Err(Error::limit(format!("fields nested more than {} deep; raise --max-nesting", options.max_nesting)))
        }
        _ => Ok(()),
    }
}

/// Looks at every page between `start` and `start + length`. Gives how many bytes they unpack to.
///
/// # Errors
/// When a page, or all together compared with their packed size, are longer than `options` allow.
pub(super) fn pages(file: &File, (start, length): (u64, u64), options: &ReadOptions) -> Result<u64> {
    let mut reader = Thrift { file: BufReader::with_capacity(4096, file.try_clone()?) };
    let bad = |e: io::Error| Error::format(format!("cannot be read as Parquet: a broken page header ({e})"));
    let end = start.saturating_add(length);
    let (mut at, mut sum) = (reader.file.seek(SeekFrom::Start(start))?, 0_u64);
    while at < end {
        let [packed, unpacked] = reader.sizes().map_err(bad)?;
        if unpacked > options.max_batch_bytes {
            return Err(Error::limit(format!(
                "a page of {unpacked} bytes in a row group, which is left out; raise --max-batch-bytes to read it"
            )));
        }
        sum += unpacked;
        let here = reader.file.stream_position()?;
        at = here.saturating_add(packed);
        reader.file.seek_relative(packed as i64)?;
    }
    if sum > UNSUSPICIOUS && sum / options.max_ratio > length {
        return Err(Error::limit(format!(
            "a row group unpacks to more than {} times its size, as files do that are made to harm; raise --max-ratio if \
             it can be trusted",
            options.max_ratio
        )));
    }
    Ok(sum)
}

/// Reads Thrift's compact protocol.
struct Thrift {
    file: BufReader<File>,
}

impl Thrift {
    /// How deep the groups of the schema are nested; no more than `most` and one are counted.
    fn depth(&mut self, most: usize) -> io::Result<usize> {
        let end = self.file.seek(SeekFrom::End(-8))?;
        let mut tail = [0; 8];
        self.file.read_exact(&mut tail)?;
        let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
        self.file.seek(SeekFrom::Start(end.checked_sub(length).ok_or_else(|| broken("a footer that is too long"))?))?;
        let mut last = 0;
        while let Some((field, kind)) = self.field(last)? {
            // The schema: a list of structures, parents before their children.
            if (field, kind) == (2, 9) {
                return self.deepest(most);
            }
            self.skip(kind, 0)?;
            last = field;
        }
        Err(broken("a footer without a schema"))
    }

    fn deepest(&mut self, most: usize) -> io::Result<usize> {
        let count = self.list()?.0;
        // How many children each group that is open still waits for.
        let (mut open, mut deepest): (Vec<i64>, usize) = (Vec::new(), 0);
        for _ in 0..count {
            let children = self.children()?;
            if let Some(waiting) = open.last_mut() {
                *waiting -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            deepest = deepest.max(open.len());
            while open.last().is_some_and(|waiting| *waiting <= 0) {
                open.pop();
            }
            if deepest > most {
                break;
            }
        }
        Ok(deepest)
    }

    /// The number of children of the next element of a schema.
    fn children(&mut self) -> io::Result<i64> {
        let (mut children, mut last) = (0, 0);
        while let Some((field, kind)) = self.field(last)? {
            match (field, kind) {
                (5, 5) => children = self.signed()?,
                (_, kind) => self.skip(kind, 0)?,
            }
            last = field;
        }
        Ok(children)
    }

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
            return Err(broken("nested too deep"));
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
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    // In lists, yes and no are bytes.
                    self.skip(if matches!(kind, 1 | 2) { 3 } else { kind }, depth + 1)?;
                }
            }
            12 => {
                let mut last = 0;
                while let Some((field, kind)) = self.field(last)? {
                    self.skip(kind, depth + 1)?;
                    last = field;
                }
            }
            _ => return Err(broken("a field of no known type")),
        }
        Ok(())
    }

    /// How many elements a list has, and of which type.
    fn list(&mut self) -> io::Result<(u64, u8)> {
        let byte = self.byte()?;
        let count = if byte >> 4 == 15 { self.number()? } else { u64::from(byte >> 4) };
        Ok((count, byte & 15))
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
        Err(broken("a number without end"))
    }

    fn signed(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn length(&mut self) -> io::Result<u64> {
        u64::try_from(self.signed()?).map_err(|_| broken("a negative length"))
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
