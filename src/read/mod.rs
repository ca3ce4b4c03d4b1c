//! Reading: paths and streams in, [`Article`]s out.
//!
//! [`Inputs`] turns arguments into files; [`articles`] reads them one after the other, one article at a time, and
//! [`records`] does the same but leaves parsing to whoever takes a [`Record`]. An input that cannot be read is an error
//! of its own, and reading goes on with the next.

mod archive;
mod article;
#[cfg(feature = "full")]
mod columnar;
#[cfg(feature = "full")]
mod columns;
mod detect;
mod encoding;
mod feed;
mod fields;
mod inputs;
mod json;
mod mail;
mod markdown;
mod markup;
mod options;
mod page;
#[cfg(feature = "full")]
mod parquet_check;
mod plain;
mod record;
mod table;
mod unpack;
mod warc;
mod web;

pub use article::{Article, Field};
#[cfg(feature = "full")]
pub use columns::ArticleColumns;
pub use fields::FieldNames;
pub use inputs::{Input, Inputs};
pub use markdown::markdown_to_text;
pub use markup::html_to_text;
pub use options::{BytesRead, ReadOptions, encoding};
pub(crate) use page::is_guarded;
pub use record::Record;
pub use web::WebOptions;

use crate::error::{Error, ErrorKind, Result};
use record::{At, Content};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;
use unpack::{Counting, Packed, Packing};

/// How an input is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Plain text, an article a file
    Text,
    /// Markdown, an article a file
    Markdown,
    /// A web page, an article a file
    Html,
    /// A JSON array of objects, or objects over several lines: an article an object
    Json,
    /// A JSON object a line, an article each
    #[value(name = "jsonl")]
    JsonLines,
    /// A table with a header, commas, tabs or semicolons between its columns: an article a row
    #[value(alias = "tsv")]
    Csv,
    /// RSS or Atom, an article an entry
    #[value(alias = "rss", alias = "atom")]
    Feed,
    /// A web archive, WARC or WET: an article a page or text
    #[value(alias = "wet")]
    Warc,
    /// A mail, an article a file
    #[value(alias = "eml")]
    Mail,
    /// A mailbox, an article a mail
    Mbox,
    /// Parquet, an article a row (in builds with the feature `full`)
    Parquet,
    /// Arrow's file format, an article a row (in builds with the feature `full`)
    Arrow,
}

/// Bytes on their way.
type Bytes = Box<dyn BufRead + Send>;

type Records = Box<dyn Iterator<Item = Record> + Send>;

/// Bytes that the format is told by.
const HEAD: u64 = 64 << 10;

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
    records(inputs, options).map(Record::article)
}

/// Cuts all inputs into records, in their order. What takes long, to parse a page for example, is left to
/// [`Record::article`], which any thread may call.
pub fn records(inputs: Vec<Input>, options: ReadOptions) -> impl Iterator<Item = Record> + Send {
    records_from(inputs, options, (0, 0))
}

/// Like [`records`], from this [position](Record::position) on: inputs before it are not opened.
pub fn records_from(
    inputs: Vec<Input>,
    options: ReadOptions,
    (first_input, first_record): (usize, u64),
) -> impl Iterator<Item = Record> + Send {
    let options = Arc::new(options);
    let mut web = Web::new(&inputs, first_input, &options);
    inputs.into_iter().enumerate().skip(first_input).flat_map(move |(number, input)| {
        let skip = if number == first_input { first_record } else { 0 };
        let source: Arc<str> = input.name().into();
        let records = open(&input, &source, &mut web, &options)
            .unwrap_or_else(|e| Box::new(std::iter::once(Record::failed(&source, At::Whole, e))));
        let (read, taken) = (options.bytes_read.clone(), options.bytes_taken.clone());
        let numbered = (0..).zip(records).map(move |(at, mut record)| {
            (record.input, record.number) = (number, at);
            record.reached = Some((read.get(), taken.clone()));
            record
        });
        numbered.skip_while(move |record| record.number < skip)
    })
}

/// The addresses among the inputs, fetched ahead.
struct Web {
    fetcher: Option<web::Fetcher>,
    next: usize,
}

impl Web {
    fn new(inputs: &[Input], first: usize, options: &ReadOptions) -> Self {
        let url = |input: &Input| match input {
            Input::Url(url) => Some(url.clone()),
            Input::Path(_) | Input::Stdin => None,
        };
        let urls: Vec<String> = inputs.iter().skip(first).filter_map(url).collect();
        Self { fetcher: (!urls.is_empty()).then(|| web::Fetcher::new(urls, &options.web)), next: 0 }
    }

    /// The answer of the next address.
    fn next(&mut self) -> Result<web::Fetched> {
        let number = self.next;
        self.next += 1;
        self.fetcher.as_ref().ok_or_else(|| Error::network("could not be fetched"))?.get(number)
    }
}

fn open(input: &Input, source: &Arc<str>, web: &mut Web, options: &Arc<ReadOptions>) -> Result<Records> {
    let packed = BytesRead::default();
    let counts = || [options.bytes_read.clone(), packed.clone()];
    let (reader, path): (Bytes, _) = match input {
        Input::Path(path) => {
            if path.is_dir() {
                return Err(ErrorKind::Usage("a folder, not a file".into()).into());
            }
            let file = Counting::new(File::open(path)?, counts());
            (Box::new(BufReader::with_capacity(1 << 16, file)), path.is_file().then(|| path.clone()))
        }
        Input::Stdin => (Box::new(BufReader::new(Counting::new(std::io::stdin(), counts()))), None),
        Input::Url(_) => return fetched(web.next()?, source, options),
    };
    let (name, source) = (input.name(), Arc::clone(source));
    Stream { reader, source, name, told: None, path, packed, layers: 0 }.records(options)
}

fn fetched(answer: web::Fetched, source: &Arc<str>, options: &Arc<ReadOptions>) -> Result<Records> {
    let web::Fetched { bytes, format, charset, url } = answer;
    if options.format.or(format) == Some(Format::Html) && Packing::of(&bytes).is_none() {
        let page = page::Page { bytes, charset, url: Some(url), ..page::Page::default() };
        let content = Content::Page(Box::new(page), Arc::clone(options));
        return Ok(Box::new(std::iter::once(Record::new(source, At::Whole, content))));
    }
    let name = url.split(['?', '#']).next().unwrap_or(&url).to_owned();
    // Plain text is what servers call all that they do not know.
    let told = format.filter(|f| *f != Format::Text || detect::by_name(&name).is_none());
    let packed = BytesRead::default();
    packed.add(bytes.len() as u64);
    let reader: Bytes = Box::new(std::io::Cursor::new(bytes));
    Stream { reader, source: Arc::clone(source), name, told, path: None, packed, layers: 0 }.records(options)
}

/// A file, or what was found within one.
struct Stream {
    reader: Bytes,
    source: Arc<str>,
    /// Its own name, which may tell its format.
    name: String,
    /// The format that came with it, from outside.
    told: Option<Format>,
    /// Where it lies, when it is not within another.
    path: Option<PathBuf>,
    /// Counts what it is unpacked from.
    packed: BytesRead,
    /// How often it was packed.
    layers: u8,
}

impl Stream {
    fn records(self, options: &Arc<ReadOptions>) -> Result<Records> {
        let Self { reader, source, name, told, path, packed, layers } = self;
        let (head, reader) = unpack::peek(reader, HEAD).map_err(Error::of_stream)?;
        if let Some(packing) = Packing::of(&head) {
            if layers >= 2 {
                return Err(Error::limit("packed more than twice; unpack it first"));
            }
            if packing == Packing::Zip {
                return members(reader, path, &source, layers, options);
            }
            let reader = unpack::unpack(packing, reader, Packed::Counted(packed.clone()), options)?;
            return Self { reader, source, name, told, path: None, packed, layers: layers + 1 }.records(options);
        }
        let format = match options.format.or(told) {
            Some(format) => format,
            None => detect::detect(&head, &name, &options.fields.text)?,
        };
        parse(format, &head, reader, &source, path, options)
    }
}

fn parse(
    format: Format,
    head: &[u8],
    reader: Bytes,
    source: &Arc<str>,
    path: Option<PathBuf>,
    options: &Arc<ReadOptions>,
) -> Result<Records> {
    let text = |reader| encoding::text_stream(head, reader, options.encoding);
    let whole = |reader| warc::read_limited(reader, options);
    let (source, shared) = (Arc::clone(source), Arc::clone(options));
    let once = |content| -> Records { Box::new(std::iter::once(Record::new(&source, At::Whole, content))) };
    Ok(match format {
        Format::Text => once(Content::Text(whole(reader)?, shared)),
        Format::Markdown => once(Content::Markdown(whole(reader)?, shared)),
        Format::Html => {
            once(Content::Page(Box::new(page::Page { bytes: whole(reader)?, ..page::Page::default() }), shared))
        }
        Format::Mail => once(Content::Mail(whole(reader)?, shared)),
        Format::Feed => Box::new(feed::read(whole(reader)?, &source, options)?),
        Format::JsonLines => Box::new(json::Lines::new(text(reader)?, source, shared)),
        Format::Json => Box::new(json::Elements::new(text(reader)?, source, shared)),
        Format::Csv => Box::new(table::Table::new(text(reader)?, &encoding::peek(head), source, shared)),
        Format::Warc => Box::new(warc::Warc::new(reader, source, shared)),
        // Each mail says its own encoding, but not in a file whose every character has two bytes.
        Format::Mbox if encoding::is_wide(head) => Box::new(mail::Mailbox::new(text(reader)?, source, shared)),
        Format::Mbox => Box::new(mail::Mailbox::new(reader, source, shared)),
        Format::Parquet | Format::Arrow => columns(format, reader, path, source, shared)?,
    })
}

#[cfg(feature = "full")]
fn columns(
    format: Format,
    reader: Bytes,
    path: Option<PathBuf>,
    source: Arc<str>,
    options: Arc<ReadOptions>,
) -> Result<Records> {
    let file = match path {
        Some(path) => File::open(path)?,
        None => archive::spool(reader, &options)?,
    };
    columnar::read(format, &file, source, options)
}

#[cfg(not(feature = "full"))]
fn columns(_: Format, _: Bytes, _: Option<PathBuf>, _: Arc<str>, _: Arc<ReadOptions>) -> Result<Records> {
    Err(Error::usage(
        "this build does not read Parquet and Arrow; build it with `--features full`, or convert the file",
    ))
}

/// The members of an archive, one after the other.
fn members(
    reader: Bytes,
    path: Option<PathBuf>,
    source: &Arc<str>,
    layers: u8,
    options: &Arc<ReadOptions>,
) -> Result<Records> {
    let file = match path {
        Some(path) => File::open(path)?,
        None => archive::spool(reader, options)?,
    };
    let members = archive::members(&file)?;
    let (source, options) = (Arc::clone(source), Arc::clone(options));
    Ok(Box::new(members.into_iter().flat_map(move |(name, member)| {
        let source: Arc<str> = format!("{source}/{name}").into();
        let opened = member.and_then(|member| {
            if options.format.is_none() && !detect::is_wanted(&name) {
                return Err(Error::skipped("a file of a kind that is not read"));
            }
            let packed = BytesRead::default();
            // Clones of a file share their place in it; members are read one after the other.
            let reader = member.open(file.try_clone()?, &packed, &options)?;
            let (source, name) = (Arc::clone(&source), member.name);
            Stream { reader, source, name, told: None, path: None, packed, layers: layers + 1 }.records(&options)
        });
        opened.unwrap_or_else(|e| Box::new(std::iter::once(Record::failed(&source, At::Whole, e))))
    })))
}
