//! Tables, CSV and TSV: a header, then an article a row.

use super::record::{At, Content};
use super::{Article, Bytes, FieldNames, ReadOptions, Record, fields};
use crate::error::{Error, ErrorKind, Result};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::BufRead;
use std::sync::Arc;

/// The rows of a table.
pub(super) struct Table {
    reader: Bytes,
    parser: Reader,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    columns: Option<Columns>,
    width: usize,
    ended: bool,
}

/// Which column holds what.
struct Columns {
    id: Option<usize>,
    title: Option<usize>,
    text: usize,
    date: Option<usize>,
    url: Option<usize>,
    source: Option<usize>,
    language: Option<usize>,
    given_mentions: Option<(usize, String)>,
}

impl Columns {
    fn new(header: &[String], names: &FieldNames) -> Result<Self> {
        let at = |name: &str| {
            let exact = header.iter().position(|column| column == name);
            exact.or_else(|| header.iter().position(|column| column.eq_ignore_ascii_case(name)))
        };
        let text =
            at(&names.text).ok_or_else(|| fields::missing("header", &names.text, header.iter().map(String::as_str)))?;
        let given_mentions = match &names.given_mentions {
            Some(name) => {
                let missing = || ErrorKind::Json(format!("no column `{name}` with mentions"));
                Some((at(name).ok_or_else(missing)?, name.clone()))
            }
            None => None,
        };
        Ok(Self {
            id: at(&names.id),
            title: at(&names.title),
            text,
            date: at(&names.date),
            url: at(&names.url),
            source: at(&names.source),
            language: at(&names.language),
            given_mentions,
        })
    }
}

impl Table {
    /// `head` is the start of the table, from which its delimiter and quotes are told.
    pub(super) fn new(reader: Bytes, head: &str, source: Arc<str>, options: Arc<ReadOptions>) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter(head, &options.fields.text));
        if head.starts_with('\'') {
            builder.quote(b'\'');
        }
        if head.contains("\\\"") && !head.contains("\"\"") {
            builder.double_quote(false).escape(Some(b'\\'));
        }
        Self { reader, parser: builder.build(), source, options, columns: None, width: 0, ended: false }
    }

    /// The next row that is not empty; one that is too long is passed over without keeping it.
    fn row(&mut self) -> Result<Option<Vec<Vec<u8>>>> {
        let limit = usize::try_from(self.options.max_article_bytes).unwrap_or(usize::MAX);
        let (mut row, mut ends) = (vec![0; 4096], vec![0; 64]);
        let (mut filled, mut fields, mut too_long) = (0, 0, false);
        loop {
            let bytes = self.reader.fill_buf().map_err(Error::of_stream)?;
            let (result, read, written, found) =
                self.parser.read_record(bytes, &mut row[filled..], &mut ends[fields..]);
            self.reader.consume(read);
            filled += written;
            fields += found;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if row.len() > limit => {
                    too_long = true;
                    filled = 0;
                }
                ReadRecordResult::OutputFull => row.resize(row.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if ends.len() > 1 << 16 => {
                    too_long = true;
                    fields = 0;
                }
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record if too_long || filled > limit => {
                    return Err(ErrorKind::TooLong(limit as u64).into());
                }
                ReadRecordResult::Record => break,
            }
        }
        let mut start = 0;
        let split = ends[..fields].iter().map(|&end| row[std::mem::replace(&mut start, end)..end].to_vec());
        Ok(Some(split.collect()))
    }

    fn article(&self, row: Vec<Vec<u8>>, line: u64) -> Result<Article> {
        let row: Vec<String> = row.into_iter().map(utf8).collect::<Result<_>>()?;
        let Some(columns) = &self.columns else { return Err(Error::format("a table without a header")) };
        let text = row.get(columns.text).cloned().ok_or_else(|| {
            Error::format(format!("a row of {} fields, where the header has {}", row.len(), self.width))
        })?;
        let some = |column: Option<usize>| row.get(column?).filter(|value| !value.trim().is_empty()).cloned();
        let given_mentions = match &columns.given_mentions {
            Some((column, name)) => {
                let value = row.get(*column).and_then(|json| serde_json::from_str(json).ok());
                Some(fields::given(&text, value, name)?)
            }
            None => None,
        };
        Ok(Article {
            id: some(columns.id).unwrap_or_else(|| format!("{}:{line}", self.source)),
            title: some(columns.title),
            date: some(columns.date),
            url: some(columns.url),
            source: some(columns.source),
            language: some(columns.language),
            given_mentions,
            text,
        })
    }

    fn header(&mut self) -> Result<bool> {
        let Some(row) = self.row()? else { return Ok(false) };
        let header: Vec<String> =
            row.into_iter().map(|name| utf8(name).map(|name| name.trim().to_owned())).collect::<Result<_>>()?;
        self.width = header.len();
        self.columns = Some(Columns::new(&header, &self.options.fields)?);
        Ok(true)
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| ErrorKind::Utf8(e.utf8_error().valid_up_to() as u64).into())
}

impl Iterator for Table {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.ended {
            return None;
        }
        if self.columns.is_none() {
            match self.header() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.ended = true;
                    return Some(Record::failed(&self.source, At::Line(1), error));
                }
            }
        }
        let line = self.parser.line();
        let content = match self.row() {
            Ok(None) => return None,
            Ok(Some(row)) => match self.article(row, line) {
                Ok(article) => Content::Ready(Box::new(article)),
                Err(error) => Content::Failed(error),
            },
            Err(error) => {
                self.ended = !matches!(error.kind(), ErrorKind::TooLong(_));
                Content::Failed(error)
            }
        };
        Some(Record::new(&self.source, At::Line(line), content))
    }
}

const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];

/// The delimiter with which the header has the column of texts; failing that the one that cuts it into most pieces.
fn delimiter(head: &str, text: &str) -> u8 {
    let header = header(head);
    let pieces = |d: &char| header.split(*d).count();
    let has_text = DELIMITERS.iter().filter(|d| has_column(header, **d, text)).max_by_key(|d| pieces(d));
    let most = || DELIMITERS.iter().rev().max_by_key(|d| pieces(d));
    has_text.or_else(most).map_or(b',', |d| *d as u8)
}

fn header(head: &str) -> &str {
    head.trim_start_matches(['\u{FEFF}', '\r', '\n']).lines().next().unwrap_or_default()
}

fn has_column(header: &str, delimiter: char, name: &str) -> bool {
    header.split(delimiter).any(|column| column.trim().trim_matches(['"', '\'']).eq_ignore_ascii_case(name))
}

/// Whether this looks like the start of a table: a header of several columns, one of them that of texts.
pub(super) fn is_table(head: &str, text: &str) -> bool {
    let header = header(head);
    DELIMITERS.iter().any(|d| header.contains(*d) && has_column(header, *d, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<std::result::Result<Article, String>> {
        let options = Arc::new(ReadOptions { max_article_bytes: 5000, ..ReadOptions::default() });
        let reader: Bytes = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
        Table::new(reader, text, "x.csv".into(), options).map(|r| r.article().map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn delimiters_and_quotes_are_sniffed() {
        for text in [
            "id,title,text\n1,\"Rain, snow\",\"In\nRiga\"\n",
            "id;Title;TEXT\r\n1;Rain, snow;\"In\nRiga\"\r\n",
            "id\ttitle\ttext\n1\tRain, snow\t\"In\nRiga\"",
            "'id','title','text'\n'1','Rain, snow','In\nRiga'\n",
        ] {
            let rows = rows(text);
            let article = rows[0].as_ref().unwrap();
            assert_eq!((article.id.as_str(), article.title.as_deref()), ("1", Some("Rain, snow")), "{text}");
            assert_eq!((article.text.as_str(), rows.len()), ("In\nRiga", 1));
        }
        assert_eq!(rows("id,text\n1,\"so \\\"said\\\" he\"")[0].as_ref().unwrap().text, "so \"said\" he");
    }

    #[test]
    fn goes_on_after_a_bad_row() {
        let text = format!("text,date\n\"a\nb\",2020\n\"{}\",2021\n\nd,2022\n", "x".repeat(20_000));
        let rows = rows(&text);
        assert_eq!(rows[0].as_ref().unwrap().id, "x.csv:2");
        assert!(rows[1].as_ref().unwrap_err().starts_with("x.csv:4: longer than 5000 bytes"), "{rows:?}");
        assert_eq!(rows[2].as_ref().unwrap().date.as_deref(), Some("2022"));
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn a_header_without_texts_is_one_error() {
        let rows = rows("id,body\n1,x\n2,y\n");
        assert!(rows.len() == 1 && rows[0].as_ref().unwrap_err().contains("id, body"), "{rows:?}");
    }
}
