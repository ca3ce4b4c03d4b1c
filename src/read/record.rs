//! What a reader cuts out of its input: not an article yet. Making one of it may take long, and is left to the threads
//! that map.

use super::page::Page;
use super::{Article, BytesRead, ReadOptions, fields, mail, markdown, page, plain};
use crate::error::{Error, Result};
use std::sync::Arc;

/// A part of an input that an article is made of.
#[derive(Debug)]
pub struct Record {
    source: Arc<str>,
    place: At,
    content: Content,
    /// The input, by its position among all, counted from 0.
    pub(super) input: usize,
    /// The record's number within its input, counted from 0.
    pub(super) number: u64,
    /// How many bytes had been read when it was cut out, and where that is noted when it is made an article.
    pub(super) reached: Option<(u64, BytesRead)>,
}

/// Where in its input a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// It is the whole.
    Whole,
    /// It begins on this line, counted from 1.
    Line(u64),
    /// It is this one of its records, counted from 1.
    Record(u64),
}

#[derive(Debug)]
pub(super) enum Content {
    Ready(Box<Article>),
    Failed(Error),
    /// A whole file, plain or Markdown.
    Text(Vec<u8>, Arc<ReadOptions>),
    Markdown(Vec<u8>, Arc<ReadOptions>),
    /// A JSON object.
    Json(Vec<u8>, Arc<ReadOptions>),
    Page(Box<Page>, Arc<ReadOptions>),
    Mail(Vec<u8>, Arc<ReadOptions>),
}

impl Record {
    pub(super) fn new(source: &Arc<str>, place: At, content: Content) -> Self {
        Self { source: Arc::clone(source), place, content, input: 0, number: 0, reached: None }
    }

    pub(super) fn failed(source: &Arc<str>, place: At, error: Error) -> Self {
        Self::new(source, place, Content::Failed(error))
    }

    /// The article. This is where JSON is parsed and the text of a page is found.
    ///
    /// # Errors
    /// When there is none: the error names the input and the line or record.
    pub fn article(self) -> Result<Article> {
        if let Some((bytes, taken)) = &self.reached {
            taken.reach(*bytes);
        }
        let id = || match self.place {
            At::Whole => self.source.to_string(),
            At::Line(number) | At::Record(number) => format!("{}:{number}", self.source),
        };
        let article = match self.content {
            Content::Ready(article) => Ok(*article),
            Content::Failed(error) => Err(error),
            Content::Text(bytes, options) => plain::article(bytes, &options, id),
            Content::Markdown(bytes, options) => markdown::article(bytes, &options, id),
            Content::Json(bytes, options) => fields::article(&bytes, &options.fields, id),
            Content::Page(page, options) => page::read(*page, &options, id),
            Content::Mail(bytes, options) => mail::article(&bytes, &options, id),
        };
        article.map_err(|error| {
            let error = error.at(&*self.source);
            match self.place {
                At::Whole => error,
                At::Line(line) => error.on_line(line),
                At::Record(number) => error.in_record(number),
            }
        })
    }

    /// Where it stands among all records of all inputs: the input and the record within it, both counted from 0.
    pub fn position(&self) -> (usize, u64) {
        (self.input, self.number)
    }

    /// About how much memory it takes, in bytes.
    pub fn size(&self) -> u64 {
        256 + match &self.content {
            Content::Ready(article) => article.text.len(),
            Content::Failed(_) => 0,
            Content::Text(bytes, _)
            | Content::Markdown(bytes, _)
            | Content::Json(bytes, _)
            | Content::Mail(bytes, _) => bytes.len(),
            Content::Page(page, _) => page.bytes.len(),
        } as u64
    }
}
