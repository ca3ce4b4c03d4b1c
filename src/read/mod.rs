//! Reading: paths and streams in, [`Article`]s out.
//!
//! [`Inputs`] turns arguments into files; [`articles`] reads them one after the other, one article at a time. An
//! input that cannot be read is an error of its own, and reading goes on with the next.

mod article;
mod inputs;
mod json_lines;
mod markdown;
mod plain;

pub use article::{Article, Field};
pub use inputs::{Input, Inputs};
pub use json_lines::{FieldNames, JsonLines};
pub use markdown::markdown_to_text;

use crate::error::{ErrorKind, Result};
use std::fs::File;
use std::io::{BufRead, BufReader};

/// How an input is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text: one article.
    Text,
    /// Markdown: one article, markup left out.
    Markdown,
    /// One JSON object a line: an article each.
    JsonLines,
}

/// What readers need to know.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Every input has this format; otherwise the file's extension, then its content tells.
    pub format: Option<Format>,
    /// The names of the fields of a JSON record.
    pub fields: FieldNames,
    /// An article longer than this many bytes is an error.
    pub max_article_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { format: None, fields: FieldNames::default(), max_article_bytes: 32 << 20 }
    }
}

/// Reads all inputs in their order. Errors name their file and line; the articles after them follow.
///
/// ```
/// use mentionmap::read::{articles, Input, ReadOptions};
/// let inputs = vec![Input::Path("examples/articles.jsonl".into())];
/// for article in articles(inputs, ReadOptions::default()) {
///     assert!(!article?.text.is_empty());
/// }
/// # Ok::<(), mentionmap::Error>(())
/// ```
pub fn articles(inputs: Vec<Input>, options: ReadOptions) -> impl Iterator<Item = Result<Article>> + Send {
    inputs.into_iter().flat_map(move |input| {
        let name = input.name();
        let opened = open(&input, &options);
        let articles: Box<dyn Iterator<Item = Result<Article>> + Send> = match opened {
            Ok(articles) => articles,
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        articles.map(move |article| article.map_err(|e| e.at(&name)))
    })
}

type Articles = Box<dyn Iterator<Item = Result<Article>> + Send>;

fn open(input: &Input, options: &ReadOptions) -> Result<Articles> {
    let mut reader: Box<dyn BufRead + Send> = match input {
        Input::Path(path) => {
            if path.is_dir() {
                return Err(ErrorKind::Usage("a folder, not a file".into()).into());
            }
            Box::new(BufReader::with_capacity(1 << 16, File::open(path)?))
        }
        Input::Stdin => Box::new(BufReader::new(std::io::stdin())),
    };
    let format = match options.format.or_else(|| input.format()) {
        Some(format) => format,
        None => detect(reader.fill_buf()?)?,
    };
    Ok(match format {
        Format::JsonLines => {
            Box::new(JsonLines::new(reader, input.name(), options.fields.clone(), options.max_article_bytes))
        }
        Format::Text => Box::new(std::iter::once(plain::read(reader, input, options.max_article_bytes))),
        Format::Markdown => Box::new(std::iter::once(markdown::read(reader, input, options.max_article_bytes))),
    })
}

/// JSON Lines start with an object; all else is text, but not pages.
fn detect(start: &[u8]) -> Result<Format> {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let object = start.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    if object.is_some_and(|rest| rest.starts_with(b"\"") || rest.starts_with(b"}")) {
        return Ok(Format::JsonLines);
    }
    let head = start.trim_ascii_start().iter().take(14).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        let advice = "an HTML page, which this version does not read: extract its text first, or map the markup too with --input-format text";
        return Err(ErrorKind::Usage(advice.into()).into());
    }
    Ok(Format::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_format() {
        assert_eq!(detect(b"\xEF\xBB\xBF {\"id\": 1}").unwrap(), Format::JsonLines);
        assert_eq!(detect(b"{curly} text").unwrap(), Format::Text);
        assert_eq!(detect(b"").unwrap(), Format::Text);
        assert!(detect(b"\n<!DOCTYPE html><title>").is_err());
    }
}
