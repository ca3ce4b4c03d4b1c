//! Parquet and Arrow files: an article a row, a batch of rows in memory at a time.

use super::record::{At, Content};
use super::{Article, Format, ReadOptions, Record, Records, fields, page};
use crate::error::{Error, ErrorKind, Result};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::ipc::reader::FileReader;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

/// Rows that are read together.
const ROWS: usize = 256;

type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, ArrowError>> + Send>;

pub(super) fn read(format: Format, file: File, source: Arc<str>, options: Arc<ReadOptions>) -> Result<Records> {
    let bad = |e: String| Error::format(format!("cannot be read as {format:?}: {e}"));
    let batches = page::guarded("file", || -> Result<Batches> {
        Ok(match format {
            Format::Arrow => Box::new(FileReader::try_new(BufReader::new(file), None).map_err(|e| bad(e.to_string()))?),
            _ => {
                let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| bad(e.to_string()))?;
                Box::new(builder.with_batch_size(ROWS).build().map_err(|e| bad(e.to_string()))?)
            }
        })
    })??;
    Ok(Box::new(Rows { batches, source, options, rows: Vec::new().into_iter(), number: 0, ended: false }))
}

struct Rows {
    batches: Batches,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    rows: std::vec::IntoIter<Result<Article>>,
    number: u64,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(row) = self.rows.next() {
                self.number += 1;
                let content = row.map_or_else(Content::Failed, |article| Content::Ready(Box::new(article)));
                return Some(Record::new(&self.source, At::Record(self.number), content));
            }
            if self.ended {
                return None;
            }
            let batch = page::guarded("file", || self.batches.next());
            let rows = match batch {
                Ok(None) => return None,
                Ok(Some(Ok(batch))) => rows(&batch, &self.source, self.number, &self.options),
                Ok(Some(Err(error))) => Err(Error::format(format!("cannot be read further: {error}"))),
                Err(error) => Err(error),
            };
            self.ended = rows.is_err();
            self.rows = rows.unwrap_or_else(|error| vec![Err(error)]).into_iter();
        }
    }
}

fn rows(batch: &RecordBatch, source: &str, before: u64, options: &ReadOptions) -> Result<Vec<Result<Article>>> {
    let names = &options.fields;
    let text = column(batch, &names.text).ok_or_else(|| {
        fields::missing("file", &names.text, batch.schema_ref().fields().iter().map(|f| f.name().as_str()))
    })?;
    let [id, title, date, url, publisher, language] =
        [&names.id, &names.title, &names.date, &names.url, &names.source, &names.language]
            .map(|name| column(batch, name));
    let given = names.given_mentions.as_ref().map(|name| (name, column(batch, name)));
    let article = |row: usize| {
        let text = value(Some(&text), row).ok_or(ErrorKind::Empty)?;
        if text.len() as u64 > options.max_article_bytes {
            return Err(ErrorKind::TooLong(options.max_article_bytes).into());
        }
        let given_mentions = match &given {
            Some((name, column)) => {
                let json = value(column.as_ref(), row).and_then(|json| serde_json::from_str(&json).ok());
                Some(fields::given(&text, json, name)?)
            }
            None => None,
        };
        Ok(Article {
            id: value(id.as_ref(), row).unwrap_or_else(|| format!("{source}:{}", before + row as u64 + 1)),
            title: value(title.as_ref(), row).filter(|t| !t.trim().is_empty()),
            date: value(date.as_ref(), row),
            url: value(url.as_ref(), row),
            source: value(publisher.as_ref(), row),
            language: value(language.as_ref(), row),
            given_mentions,
            text,
        })
    };
    Ok((0..batch.num_rows()).map(article).collect())
}

/// A column by its name, or by a path of names.
fn column(batch: &RecordBatch, name: &str) -> Option<ArrayRef> {
    if let Some(column) = batch.column_by_name(name) {
        return Some(Arc::clone(column));
    }
    let (first, rest) = name.split_once('.')?;
    rest.split('.').try_fold(Arc::clone(batch.column_by_name(first)?), |column, step| match column.data_type() {
        DataType::Struct(_) => column.as_struct().column_by_name(step).cloned(),
        _ => None,
    })
}

fn value(column: Option<&ArrayRef>, row: usize) -> Option<String> {
    let column = column.filter(|column| column.is_valid(row))?;
    let formatter = ArrayFormatter::try_new(column, &FormatOptions::default()).ok()?;
    formatter.value(row).try_to_string().ok()
}
