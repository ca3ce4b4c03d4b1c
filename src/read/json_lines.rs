//! JSON Lines: an object a line, an article each.

use super::Article;
use crate::error::{Error, ErrorKind, Result};
use crate::text::CodePoints;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::io::{BufRead, Read};

/// The fields of a record that make an article.
#[derive(Clone, Debug)]
pub struct FieldNames {
    /// Identity; a string or a number.
    pub id: String,
    /// Headline.
    pub title: String,
    /// Text.
    pub text: String,
    /// Date.
    pub date: String,
    /// Address.
    pub url: String,
    /// Publisher.
    pub source: String,
    /// Language.
    pub language: String,
    /// Mentions that the record brings along: `[{"start": 0, "end": 5}, …]`, in code points of the text.
    pub given_mentions: Option<String>,
}

impl Default for FieldNames {
    fn default() -> Self {
        Self {
            id: "id".into(),
            title: "title".into(),
            text: "text".into(),
            date: "date".into(),
            url: "url".into(),
            source: "source".into(),
            language: "lang".into(),
            given_mentions: None,
        }
    }
}

/// Reads articles line by line; a broken line is an error, and the next follows.
#[derive(Debug)]
pub struct JsonLines<R> {
    reader: R,
    name: String,
    fields: FieldNames,
    limit: u64,
    line: u64,
    failed: bool,
}

#[derive(Deserialize)]
struct GivenMention {
    start: usize,
    end: usize,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads from `reader`; `name` makes the ids of articles without one, and lines over `limit` bytes are errors.
    pub fn new(reader: R, name: String, fields: FieldNames, limit: u64) -> Self {
        Self { reader, name, fields, limit, line: 0, failed: false }
    }

    /// The next line that is not empty; longer ones are passed over without keeping them.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            let mut line = Vec::new();
            let read = self.reader.by_ref().take(self.limit + 1).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if read as u64 > self.limit && line.last() != Some(&b'\n') {
                self.reader.skip_until(b'\n')?;
                return Err(ErrorKind::TooLong(self.limit).into());
            }
            if self.line == 1 && line.starts_with(b"\xEF\xBB\xBF") {
                line.drain(..3);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn article(&self, line: &[u8]) -> Result<Article> {
        let record: Map<String, Value> = serde_json::from_slice(line).map_err(|e| Error::json(&e))?;
        let text = |name: &str| match record.get(name) {
            Some(Value::String(s)) => Some(s.clone()),
            Some(Value::Number(n)) => Some(n.to_string()),
            _ => None,
        };
        let fields = &self.fields;
        let body = text(&fields.text).ok_or_else(|| {
            let known: Vec<&str> = record.keys().map(String::as_str).collect();
            Error::from(ErrorKind::Json(format!(
                "no text in field `{}` (the record has: {}); name the right one with --text-field",
                fields.text,
                known.join(", ")
            )))
        })?;
        let given_mentions =
            fields.given_mentions.as_ref().map(|field| given(&body, record.get(field), field)).transpose()?;
        Ok(Article {
            id: text(&fields.id).unwrap_or_else(|| format!("{}:{}", self.name, self.line)),
            title: text(&fields.title).filter(|t| !t.trim().is_empty()),
            date: text(&fields.date),
            url: text(&fields.url),
            source: text(&fields.source),
            language: text(&fields.language),
            given_mentions,
            text: body,
        })
    }
}

/// Spans in code points to spans in bytes.
fn given(text: &str, value: Option<&Value>, field: &str) -> Result<Vec<std::ops::Range<usize>>> {
    let bad = |e: String| Error::from(ErrorKind::Json(format!("field `{field}`: {e}")));
    let value = value.ok_or_else(|| bad("missing; give [] for an article without mentions".into()))?;
    let spans: Vec<GivenMention> = Vec::deserialize(value).map_err(|e| bad(e.to_string()))?;
    let length = text.chars().count();
    let mut at = CodePoints::new(text);
    let mut found = Vec::with_capacity(spans.len());
    for span in spans {
        if span.start >= span.end || span.end > length {
            return Err(bad(format!("no span of this text of {length} code points: {} to {}", span.start, span.end)));
        }
        let start = at.byte(span.start);
        found.push(start..at.byte(span.end));
    }
    found.sort_by_key(|span| (span.start, span.end));
    Ok(found)
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let result = match self.next_line() {
            Ok(None) => return None,
            Ok(Some(line)) => self.article(&line),
            Err(error) => {
                // A stream that fails once fails for good; a long line does not harm the next.
                self.failed = matches!(error.kind(), ErrorKind::Io(_));
                Err(error)
            }
        };
        Some(result.map_err(|e| e.on_line(self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<std::result::Result<Article, String>> {
        let fields = FieldNames { given_mentions: Some("toponyms".into()), ..FieldNames::default() };
        JsonLines::new(text.as_bytes(), "x.jsonl".into(), fields, 100).map(|a| a.map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn goes_on_after_a_broken_line() {
        let long = "y".repeat(120);
        let text = format!(
            "{{\"id\": 7, \"text\": \"é Paris\", \"toponyms\": [{{\"start\": 2, \"end\": 7}}]}}\n{{broken\n\n{{\"body\": \"x\"}}\n{long}\n{{\"text\": \"ok\", \"toponyms\": []}}"
        );
        let found = read(&text);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.given_mentions.as_deref()), ("7", Some(&[3..8][..])));
        assert!(found[1].as_ref().unwrap_err().starts_with("line 2: expected a JSON object: key must be a string"));
        assert!(found[2].as_ref().unwrap_err().contains("--text-field"));
        assert!(found[3].as_ref().unwrap_err().starts_with("line 5: longer than 100 bytes"));
        assert_eq!(found[4].as_ref().unwrap().id, "x.jsonl:6");
        assert_eq!(found.len(), 5);
    }
}
