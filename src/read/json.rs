//! JSON: objects one a line, or elements of an array that may be larger than memory. Objects are cut out here and
//! parsed later.

use super::record::{At, Content};
use super::{Bytes, ReadOptions, Record, unpack};
use crate::error::{Error, ErrorKind, Result};
use std::io::{BufRead, Read};
use std::sync::Arc;

/// One object a line; a broken line is an error, and the next follows.
pub(super) struct Lines {
    reader: Bytes,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    line: u64,
    failed: bool,
}

impl Lines {
    pub(super) fn new(reader: Bytes, source: Arc<str>, options: Arc<ReadOptions>) -> Self {
        Self { reader, source, options, line: 0, failed: false }
    }

    /// The next line that is not empty; longer ones are passed over without keeping them.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>> {
        let limit = self.options.max_article_bytes;
        loop {
            let mut line = Vec::new();
            let read = self.reader.by_ref().take(limit + 1).read_until(b'\n', &mut line).map_err(Error::of_stream)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if read as u64 > limit && line.last() != Some(&b'\n') {
                unpack::skip_line(&mut self.reader).map_err(Error::of_stream)?;
                return Err(ErrorKind::TooLong(limit).into());
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.failed {
            return None;
        }
        let content = match self.next_line() {
            Ok(None) => return None,
            Ok(Some(line)) => Content::Json(line, Arc::clone(&self.options)),
            Err(error) => {
                // A stream that fails once fails for good; a long line does not harm the next.
                self.failed = !matches!(error.kind(), ErrorKind::TooLong(_));
                self.line += u64::from(self.failed);
                Content::Failed(error)
            }
        };
        Some(Record::new(&self.source, At::Line(self.line), content))
    }
}

/// The elements of an array, or objects one after the other, over as many lines as they like.
pub(super) struct Elements {
    reader: Bytes,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    /// Within an array; `None` before its start is read.
    in_array: Option<bool>,
    number: u64,
    ended: bool,
}

impl Elements {
    pub(super) fn new(reader: Bytes, source: Arc<str>, options: Arc<ReadOptions>) -> Self {
        Self { reader, source, options, in_array: None, number: 0, ended: false }
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        Ok(self.reader.fill_buf().map_err(Error::of_stream)?.first().copied())
    }

    /// The next element as it is written. Only its end is sought, so that depth costs nothing.
    fn element(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.reader.consume(1),
                Some(b'[') if self.in_array.is_none() => {
                    self.in_array = Some(true);
                    self.reader.consume(1);
                }
                Some(b',') if self.in_array == Some(true) && self.number > 0 => self.reader.consume(1),
                Some(b']') if self.in_array == Some(true) => {
                    self.reader.consume(1);
                    self.in_array = Some(false);
                }
                None if self.in_array == Some(true) => {
                    self.ended = true;
                    return Err(Error::format("ends in the middle of a JSON array"));
                }
                None => return Ok(None),
                Some(_) => break,
            }
        }
        self.in_array.get_or_insert(false);
        self.number += 1;
        let mut element = Vec::new();
        let (mut depth, mut in_string, mut escaped, mut length, mut whole) = (0u64, false, false, 0u64, false);
        while !whole {
            let bytes = self.reader.fill_buf().map_err(Error::of_stream)?;
            if bytes.is_empty() {
                self.ended = true;
                // A number or word may end where all ends; it is no object, and told so later.
                if depth == 0 && !in_string && self.in_array == Some(false) {
                    return Ok(Some(element));
                }
                return Err(Error::format("ends in the middle of a JSON record"));
            }
            let mut taken = 0;
            for &byte in bytes {
                if !in_string && depth == 0 && length > 0 && matches!(byte, b',' | b']' | b'\n') {
                    whole = true;
                    break;
                }
                taken += 1;
                length += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' | b'[' if !in_string => depth += 1,
                    b'}' | b']' if !in_string => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            whole = true;
                            break;
                        }
                    }
                    _ => {}
                }
            }
            if length <= self.options.max_article_bytes {
                element.extend_from_slice(&bytes[..taken]);
            }
            self.reader.consume(taken);
        }
        if length > self.options.max_article_bytes {
            return Err(ErrorKind::TooLong(self.options.max_article_bytes).into());
        }
        Ok(Some(element))
    }
}

impl Iterator for Elements {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.ended {
            return None;
        }
        let content = match self.element() {
            Ok(None) => return None,
            Ok(Some(element)) => Content::Json(element, Arc::clone(&self.options)),
            Err(error) => {
                self.ended |= !matches!(error.kind(), ErrorKind::TooLong(_));
                Content::Failed(error)
            }
        };
        Some(Record::new(&self.source, At::Record(self.number.max(1)), content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Article, FieldNames};

    fn options(limit: u64) -> Arc<ReadOptions> {
        let fields = FieldNames { given_mentions: Some("toponyms".into()), ..FieldNames::default() };
        Arc::new(ReadOptions { fields, max_article_bytes: limit, ..ReadOptions::default() })
    }

    fn bytes(text: &str) -> Bytes {
        Box::new(std::io::Cursor::new(text.to_owned().into_bytes()))
    }

    fn articles(records: impl Iterator<Item = Record>) -> Vec<std::result::Result<Article, String>> {
        records.map(|r| r.article().map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn goes_on_after_a_broken_line() {
        let long = "y".repeat(120);
        let text = format!(
            "{{\"id\": 7, \"text\": \"é Paris\", \"toponyms\": [{{\"start\": 2, \"end\": 7}}]}}\n{{broken\n\n{{\"body\": \"x\"}}\n{long}\n{{\"text\": \"ok\", \"toponyms\": []}}"
        );
        let found = articles(Lines::new(bytes(&text), "x.jsonl".into(), options(100)));
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.given_mentions.clone()), ("7", Some(std::iter::once(3..8).collect())));
        assert!(found[1].as_ref().unwrap_err().starts_with("x.jsonl:2: expected a JSON object: key must be a string"));
        assert!(found[2].as_ref().unwrap_err().contains("--text-field"));
        assert!(found[3].as_ref().unwrap_err().starts_with("x.jsonl:5: longer than 100 bytes"));
        assert_eq!(found[4].as_ref().unwrap().id, "x.jsonl:6");
        assert_eq!(found.len(), 5);
    }

    fn elements(text: &str) -> Vec<std::result::Result<String, String>> {
        let options = Arc::new(ReadOptions { max_article_bytes: 60, ..ReadOptions::default() });
        articles(Elements::new(bytes(text), "x.json".into(), options)).into_iter().map(|a| a.map(|a| a.text)).collect()
    }

    #[test]
    fn cuts_arrays_into_elements() {
        let one = || Ok::<_, String>("a]},{\"[".to_owned());
        assert_eq!(elements("\n[ {\"text\": \"a]},{\\\"[\"} ,\n{\"text\": \"b\"}\n]\n"), [one(), Ok("b".into())]);
        assert_eq!(elements("{\n\"text\": \"b\"\n}\n{\"text\": \"c\"}"), [Ok("b".into()), Ok("c".into())]);
        assert!(elements("[]").is_empty() && elements(" ").is_empty());
        let long = format!("[{{\"text\": \"{}\"}}, {{\"text\": \"b\"}}]", "x".repeat(99));
        let found = elements(&long);
        assert!(found[0].as_ref().unwrap_err().starts_with("x.json: record 1: longer than 60 bytes"), "{found:?}");
        assert_eq!(found[1], Ok("b".into()));
    }

    #[test]
    fn tells_where_an_array_breaks_off() {
        let found = elements("[{\"text\": \"b\"}, {\"text\": \"c");
        assert_eq!(found[0], Ok("b".into()));
        assert!(found[1].as_ref().unwrap_err().starts_with("x.json: record 2: ends in the middle"), "{found:?}");
        assert_eq!(elements("[{\"text\": \"b\"}").len(), 2);
        assert_eq!(elements("[1, {\"text\": \"b\"}, x]").iter().filter(|r| r.is_ok()).count(), 1);
        assert!(elements(&"[".repeat(100_000)).iter().all(std::result::Result::is_err));
    }
}
