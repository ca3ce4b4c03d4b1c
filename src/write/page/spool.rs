//! Rows of the page's data that wait in temporary files: how many there are decides which of them a page has room for.

use super::record::Row;
use crate::error::Result;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// Articles in the order in which they came, a row each, and how their mentions weigh.
#[derive(Debug)]
pub(super) struct Articles {
    file: BufWriter<File>,
    pub(super) count: u64,
    /// Mentions, those without a place too.
    pub(super) mentions: u64,
    /// How many mentions belong to a place of this weight in its article, in millionths.
    weights: BTreeMap<u32, u64>,
}

impl Articles {
    pub(super) fn new() -> Result<Self> {
        let file = BufWriter::new(tempfile::tempfile()?);
        Ok(Self { file, count: 0, mentions: 0, weights: BTreeMap::new() })
    }

    pub(super) fn add(&mut self, row: &Row) -> Result<()> {
        self.count += 1;
        self.mentions += row.mentions.len() as u64;
        for (_, (count, weight)) in row.weights() {
            *self.weights.entry(weight).or_default() += count;
        }
        serde_json::to_writer(&mut self.file, row).map_err(io::Error::from)?;
        Ok(self.file.write_all(b"\n")?)
    }

    /// Hands over every row, as it was written.
    pub(super) fn all(&mut self, mut sink: impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.lines()?.try_for_each(|line| sink(&line?))
    }

    /// Hands over the rows that `most` mentions leave room for: of each article the places that weigh most in it, the
    /// same weights everywhere; among equal ones the earlier. Rows without any are left out.
    pub(super) fn heaviest(&mut self, most: u64, mut sink: impl FnMut(Row) -> Result<()>) -> Result<()> {
        // Places of more than this weight all have room; of those with just this weight, as many as room is left for.
        let (mut edge, mut room) = (0, most);
        for (&weight, &count) in self.weights.iter().rev() {
            edge = weight;
            match room.checked_sub(count) {
                Some(left) => room = left,
                None => break,
            }
            edge = 0;
        }
        for line in self.lines()? {
            let mut row: Row = serde_json::from_str(&line?).map_err(io::Error::from)?;
            let mut kept = row.weights();
            kept.retain(|_, (count, weight)| match (*weight).cmp(&edge) {
                std::cmp::Ordering::Greater => true,
                std::cmp::Ordering::Equal => room.checked_sub(*count).map(|left| room = left).is_some(),
                std::cmp::Ordering::Less => false,
            });
            row.keep(|place| kept.contains_key(&place));
            if !row.mentions.is_empty() {
                sink(row)?;
            }
        }
        Ok(())
    }

    fn lines(&mut self) -> Result<impl Iterator<Item = io::Result<String>>> {
        self.file.flush()?;
        let mut file = self.file.get_ref().try_clone()?;
        file.rewind()?;
        Ok(BufReader::new(file).lines())
    }
}

/// Places, each once, in the order in which they came: their numbers in memory, their rows on disk.
#[derive(Debug)]
pub(super) struct Places {
    file: BufWriter<File>,
    length: u64,
    numbers: HashMap<Box<str>, u32>,
    /// Where each row ends.
    ends: Vec<u64>,
}

impl Places {
    pub(super) fn new() -> Result<Self> {
        let file = BufWriter::new(tempfile::tempfile()?);
        Ok(Self { file, length: 0, numbers: HashMap::new(), ends: Vec::new() })
    }

    /// The number of the place of this id; `row` is asked for when it is new.
    pub(super) fn number(&mut self, id: &str, row: impl FnOnce() -> String) -> Result<u32> {
        if let Some(&number) = self.numbers.get(id) {
            return Ok(number);
        }
        let (number, row) = (self.ends.len() as u32, row());
        self.file.write_all(row.as_bytes())?;
        self.length += row.len() as u64;
        self.ends.push(self.length);
        self.numbers.insert(id.into(), number);
        Ok(number)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Hands over the rows of these numbers.
    pub(super) fn rows(
        &mut self,
        numbers: impl Iterator<Item = u32>,
        mut sink: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        self.file.flush()?;
        let mut file = BufReader::new(self.file.get_ref().try_clone()?);
        let (mut at, mut row) = (file.seek(SeekFrom::Start(0))?, String::new());
        for number in numbers {
            let number = number as usize;
            let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
            file.seek_relative(start.wrapping_sub(at) as i64)?;
            row.clear();
            at = self.ends[number];
            file.by_ref().take(at - start).read_to_string(&mut row)?;
            sink(&row)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn article(id: &str, places: &[i64]) -> Row {
        let mentions = places.iter().map(|place| (*place, 0, 0.9, 0, 0, 1)).collect();
        let facts = [json!(id), json!("T"), json!(null), json!(null), json!("S")].to_vec();
        Row { facts, mentions, sentences: vec!["Rain.".into()], mapped: None }
    }

    #[test]
    fn the_heaviest_places_of_each_article_stay() {
        let mut articles = Articles::new().unwrap();
        // Weights: .75 and .25; 1; .5 and .5; nothing.
        for (id, places) in [("a", &[0, 0, 1, 0, -1][..]), ("b", &[2]), ("c", &[1, 3]), ("d", &[])] {
            articles.add(&article(id, places)).unwrap();
        }
        assert_eq!((articles.count, articles.mentions), (4, 8));
        let mut kept = |most| {
            let mut found = Vec::new();
            let row = |row: Row| -> Result<()> {
                let places: Vec<i64> = row.mentions.iter().map(|m| m.0).collect();
                found.push((row.facts[0].as_str().unwrap().to_owned(), places, row.mapped));
                Ok(())
            };
            articles.heaviest(most, row).unwrap();
            found
        };
        let of = |id: &str, places: &[i64], mapped| (id.to_owned(), places.to_vec(), Some(mapped));
        assert_eq!(kept(1), [of("b", &[2], 1)]);
        assert_eq!(kept(4), [of("a", &[0, 0, 0], 4), of("b", &[2], 1)]);
        assert_eq!(kept(5), [of("a", &[0, 0, 0], 4), of("b", &[2], 1), of("c", &[1], 2)]);
        assert_eq!(kept(7), [of("a", &[0, 0, 1, 0], 4), of("b", &[2], 1), of("c", &[1, 3], 2)]);
    }

    #[test]
    fn places_come_back_by_number() {
        let mut places = Places::new().unwrap();
        for (id, number) in [("x", 0), ("y", 1), ("x", 0), ("z", 2)] {
            assert_eq!(places.number(id, || format!("[{id:?}]")).unwrap(), number);
        }
        let mut rows = Vec::new();
        places
            .rows([2, 0, 1].into_iter(), |row| {
                rows.push(row.to_owned());
                Ok(())
            })
            .unwrap();
        assert_eq!((rows, places.len()), (vec!["[\"z\"]".into(), "[\"x\"]".into(), "[\"y\"]".into()], 3));
    }
}
