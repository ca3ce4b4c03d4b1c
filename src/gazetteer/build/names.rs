//! The names of a builder: kept in memory up to a limit, then sorted and written to temporary files, which are merged
//! while the index is built. Memory stays bounded whatever the number of names.

use crate::error::{Error, Result};
use crate::gazetteer::NameKind;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};

/// Bytes of names in memory before they go to a file.
const LIMIT: usize = 256 << 20;
const BUFFER: usize = 1 << 18;

/// One place that bears a name.
pub(super) type Bearer = (u32, NameKind);

/// Names by key, with the places that bear them.
#[derive(Debug)]
pub(super) struct Names {
    keys: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<File>,
    limit: usize,
}

impl Default for Names {
    fn default() -> Self {
        Self { keys: Vec::new(), entries: Vec::new(), runs: Vec::new(), limit: LIMIT }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The first bytes of the key, big-endian: most comparisons need no more.
    prefix: u64,
    offset: u32,
    len: u32,
    place: u32,
    kind: NameKind,
}

impl Entry {
    fn key(self, keys: &[u8]) -> &[u8] {
        &keys[self.offset as usize..self.offset as usize + self.len as usize]
    }

    fn compare(self, other: Self, keys: &[u8]) -> Ordering {
        self.prefix
            .cmp(&other.prefix)
            .then_with(|| self.key(keys).cmp(other.key(keys)))
            .then_with(|| (self.place, self.kind).cmp(&(other.place, other.kind)))
    }
}

impl Names {
    /// Adds a name by its key.
    pub(super) fn add(&mut self, key: &str, place: u32, kind: NameKind) -> Result<()> {
        let key = key.as_bytes();
        if self.keys.len() + self.entries.len() * size_of::<Entry>() + key.len() > self.limit {
            self.spill()?;
        }
        let mut prefix = [0; 8];
        for (to, from) in prefix.iter_mut().zip(key) {
            *to = *from;
        }
        let (offset, len) = (self.keys.len() as u32, key.len() as u32);
        self.keys.extend(key);
        self.entries.push(Entry { prefix: u64::from_be_bytes(prefix), offset, len, place, kind });
        Ok(())
    }

    /// Hands over every key, in order, with all that bear it: sorted and without repetitions once `number` has given
    /// them their final numbers.
    pub(super) fn merge(
        mut self,
        number: impl Fn(u32) -> u32,
        mut sink: impl FnMut(&[u8], &mut Vec<Bearer>) -> Result<()>,
    ) -> Result<()> {
        let mut group: Vec<Bearer> = Vec::new();
        let mut give = |key: &[u8], group: &mut Vec<Bearer>| {
            group.sort_unstable();
            group.dedup();
            sink(key, group)?;
            group.clear();
            Ok::<(), Error>(())
        };
        if self.runs.is_empty() {
            self.sort();
            let keys = &self.keys;
            for same in self.entries.chunk_by(|a, b| a.key(keys) == b.key(keys)) {
                group.extend(same.iter().map(|e| (number(e.place), e.kind)));
                give(same[0].key(keys), &mut group)?;
            }
            return Ok(());
        }
        self.spill()?;
        (self.keys, self.entries) = (Vec::new(), Vec::new());
        let mut heap = BinaryHeap::new();
        for file in self.runs {
            let mut run = Run::open(file);
            if run.next()? {
                heap.push(run);
            }
        }
        let mut key: Vec<u8> = Vec::new();
        while let Some(mut run) = heap.pop() {
            if run.key != key {
                if !group.is_empty() {
                    give(&key, &mut group)?;
                }
                key.clone_from(&run.key);
            }
            // What follows in the same run under the same key needs no heap.
            let more = loop {
                group.push((number(run.place), run.kind));
                if !run.next()? {
                    break false;
                }
                if run.key != key {
                    break true;
                }
            };
            if more {
                heap.push(run);
            }
        }
        if group.is_empty() { Ok(()) } else { give(&key, &mut group) }
    }

    fn sort(&mut self) {
        let keys = &self.keys;
        self.entries.sort_unstable_by(|&a, &b| a.compare(b, keys));
    }

    /// Writes what is in memory to a temporary file, sorted.
    fn spill(&mut self) -> Result<()> {
        if self.entries.is_empty() {
            return Ok(());
        }
        self.sort();
        let mut file = BufWriter::with_capacity(BUFFER, tempfile::tempfile()?);
        let mut last: &[u8] = &[];
        let mut before = None;
        for entry in &self.entries {
            let key = entry.key(&self.keys);
            if before == Some((key, entry.place, entry.kind)) {
                continue;
            }
            before = Some((key, entry.place, entry.kind));
            let shared = last.iter().zip(key).take_while(|(a, b)| a == b).count();
            file.write_all(&(shared as u32).to_le_bytes())?;
            file.write_all(&((key.len() - shared) as u32).to_le_bytes())?;
            file.write_all(&(entry.place | (entry.kind as u32) << KIND_SHIFT).to_le_bytes())?;
            file.write_all(&key[shared..])?;
            last = key;
        }
        let mut file = file.into_inner().map_err(|e| Error::from(e.into_error()))?;
        file.rewind()?;
        self.runs.push(file);
        self.keys.clear();
        self.entries.clear();
        Ok(())
    }
}

/// Place numbers have 26 bits in the format, so the kind fits above them.
const KIND_SHIFT: u32 = crate::gazetteer::format::POSTING_KIND_SHIFT;

/// A sorted file of names, at one of them.
struct Run {
    file: BufReader<File>,
    key: Vec<u8>,
    place: u32,
    kind: NameKind,
}

impl Run {
    fn open(file: File) -> Self {
        let file = BufReader::with_capacity(BUFFER, file);
        Self { file, key: Vec::new(), place: 0, kind: NameKind::Official }
    }

    /// Goes on to the next name; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        let mut head = [0; 12];
        match self.file.read_exact(&mut head) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            other => other?,
        }
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let shared = word(0) as usize;
        self.key.resize(shared + word(4) as usize, 0);
        self.file.read_exact(&mut self.key[shared..])?;
        self.place = word(8) & ((1 << KIND_SHIFT) - 1);
        self.kind = NameKind::from_bits(word(8) >> KIND_SHIFT);
        Ok(true)
    }
}

/// The heap gives the greatest first, so the order is turned around.
impl Ord for Run {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl PartialOrd for Run {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Run {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn merged(names: &[(String, u32)], limit: usize) -> Vec<(Vec<u8>, Vec<Bearer>)> {
        let mut all = Names { limit, ..Names::default() };
        for (key, place) in names {
            all.add(key, *place, NameKind::Alternate).unwrap();
        }
        let mut found = Vec::new();
        all.merge(
            |place| 1000 - place,
            |key, group| {
                found.push((key.to_vec(), group.clone()));
                Ok(())
            },
        )
        .unwrap();
        found
    }

    proptest! {
        #[test]
        fn files_change_nothing(names in proptest::collection::vec(("[ab ]{1,4}|[أ-ي]{1,12}", 0u32..50), 0..200)) {
            let whole = merged(&names, LIMIT);
            prop_assert!(whole.is_sorted_by(|a, b| a.0 < b.0));
            prop_assert_eq!(merged(&names, 300), whole);
        }
    }
}
