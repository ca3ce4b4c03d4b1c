//! `Mapper.map_arrow`: record batches in, record batches out.

use crate::engine::{Engine, Hired};
use crate::error::Failures;
use crate::pool::{Pool, Worker};
use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use mentionmap::read::{ArticleColumns, FieldNames, ReadOptions};
use mentionmap::weigh::{Total, Totals};
use mentionmap::write::{Batches, Features, LayerInfo, Per};
use mentionmap::{Error, ErrorKind, Result};
use pyo3::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows that travel together, and at what size of text they travel with fewer, in bytes.
const TOGETHER: usize = 128;
const BYTES: usize = 256 << 10;
/// Places that go into a batch together.
const PLACES: usize = 1 << 14;

/// Batches from elsewhere.
pub(crate) type Source = Box<dyn RecordBatchReader + Send>;

/// What becomes of a row that cannot be mapped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnError {
    /// A row with its article's identity and nulls.
    Null,
    /// No row.
    Skip,
    /// The stream ends with an exception.
    Raise,
}

/// How rows are mapped.
#[derive(Clone)]
pub(crate) struct How {
    pub(crate) names: FieldNames,
    pub(crate) per: Per,
    pub(crate) sentences: bool,
    pub(crate) on_error: OnError,
}

/// Rows of a batch.
struct Rows {
    columns: Arc<ArticleColumns>,
    range: Range<usize>,
    /// The number of the first one in the stream, from 1.
    first: u64,
}

/// What became of them.
struct Done {
    batch: Result<RecordBatch>,
    totals: Vec<Total>,
    failures: Failures,
}

/// Maps rows in a thread of its own.
struct Mapping {
    mapper: Hired,
    how: How,
    features: Features,
    batches: Batches,
    options: ReadOptions,
}

impl Worker<Rows, Done> for Mapping {
    fn work(&mut self, rows: Rows) -> Done {
        let first = rows.first;
        catch_unwind(AssertUnwindSafe(|| self.map(rows))).unwrap_or_else(|_| {
            let message = format!("mapping the rows from {first} on failed; please report it");
            Done { batch: Err(ErrorKind::Format(message).into()), totals: Vec::new(), failures: Failures::default() }
        })
    }
}

impl Mapping {
    fn map(&mut self, Rows { columns, range, first }: Rows) -> Done {
        let (mut totals, mut failures) = (Totals::default(), Failures::default());
        for (row, number) in range.zip(first..) {
            let id = || number.to_string();
            let mapped = self.mapper.map(|| columns.article(row, &self.options, id));
            match (mapped, self.how.per) {
                (Ok(map), Per::Place) => totals.add(&map),
                (Ok(map), Per::Article) => self.features.of_article(&map).iter().for_each(|f| self.batches.add(f)),
                (Ok(map), Per::Mention) => self.features.of_mentions(&map).iter().for_each(|f| self.batches.add(f)),
                (Err(error), per) => {
                    failures.add(number, &error);
                    match self.how.on_error {
                        OnError::Null if per != Per::Place => {
                            self.batches.add_failed(&columns.id(row).unwrap_or_else(id));
                        }
                        OnError::Null | OnError::Skip => {}
                        OnError::Raise => {
                            let batch = Err(ErrorKind::Format(format!("row {number}: {error}")).into());
                            return Done { batch, totals: Vec::new(), failures: Failures::default() };
                        }
                    }
                }
            }
        }
        Done { batch: self.batches.take(), totals: totals.finish(), failures }
    }
}

/// The features of a stream of articles, as a stream of record batches.
pub(crate) struct Stream {
    rows: RowsOf,
    pool: Pool<Rows, Done>,
    info: LayerInfo,
    schema: SchemaRef,
    features: Features,
    per: Per,
    totals: Totals,
    /// The places over all articles, once all are mapped.
    places: Option<std::vec::IntoIter<Total>>,
    failures: Failures,
    ended: bool,
}

impl Stream {
    pub(crate) fn new(engine: &Arc<Engine>, source: Source, how: &How) -> Self {
        let info = engine.info(how.per, how.sentences);
        let schema = Batches::new(&info).schema();
        let features = engine.features(how.sentences);
        let mapping = || Mapping {
            // Only features of mentions have reasons.
            mapper: engine.hire(how.per == Per::Mention),
            how: how.clone(),
            features: features.clone(),
            batches: Batches::new(&info),
            options: ReadOptions::default(),
        };
        Self {
            pool: Pool::new(engine.threads, mapping),
            rows: RowsOf { source, names: how.names.clone(), columns: None, row: 0, read: 0 },
            info,
            schema,
            features,
            per: how.per,
            totals: Totals::default(),
            places: None,
            failures: Failures::default(),
            ended: false,
        }
    }

    fn advance(&mut self) -> std::result::Result<Option<RecordBatch>, ArrowError> {
        loop {
            if let Some(places) = &mut self.places {
                let mut batches = Batches::new(&self.info);
                for total in places.take(PLACES) {
                    self.features.of_total(&total).iter().for_each(|feature| batches.add(feature));
                }
                let is_last = batches.rows() == 0;
                return if is_last { self.end() } else { Ok(Some(batches.take().map_err(failed)?)) };
            }
            let rows = &mut self.rows;
            let Some(done) = self.pool.next(|| rows.next().transpose(), |wait| wait())? else {
                if self.per == Per::Place {
                    self.places = Some(std::mem::take(&mut self.totals).finish().into_iter());
                    continue;
                }
                return self.end();
            };
            self.failures.append(done.failures);
            done.totals.iter().for_each(|total| self.totals.add_total(total));
            let batch = done.batch.map_err(failed)?;
            if batch.num_rows() > 0 {
                return Ok(Some(batch));
            }
        }
    }

    /// Tells what failed.
    fn end(&mut self) -> std::result::Result<Option<RecordBatch>, ArrowError> {
        self.ended = true;
        let (failures, read) = (&mut self.failures, self.rows.read);
        let told = Python::try_attach(|py| failures.warn(py, read));
        told.unwrap_or(Ok(())).map_err(|e| ArrowError::ExternalError(Box::new(e)))?;
        Ok(None)
    }
}

impl Iterator for Stream {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.advance();
        self.ended |= next.is_err();
        next.transpose()
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The rows of a stream of batches.
struct RowsOf {
    source: Source,
    names: FieldNames,
    columns: Option<Arc<ArticleColumns>>,
    /// The next row of these columns.
    row: usize,
    /// Rows handed over so far.
    read: u64,
}

impl Iterator for RowsOf {
    type Item = std::result::Result<Rows, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(columns) = self.columns.as_ref().filter(|columns| self.row < columns.rows()) {
                let (from, mut bytes) = (self.row, 0);
                while self.row < columns.rows().min(from + TOGETHER) && bytes < BYTES {
                    bytes += columns.text_bytes(self.row);
                    self.row += 1;
                }
                let (range, first) = (from..self.row, self.read + 1);
                self.read += range.len() as u64;
                return Some(Ok(Rows { columns: Arc::clone(columns), range, first }));
            }
            let batch = match self.source.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            match ArticleColumns::new(&batch, &self.names) {
                Ok(columns) => (self.columns, self.row) = (Some(Arc::new(columns)), 0),
                Err(error) => return Some(Err(failed(error))),
            }
        }
    }
}

fn failed(error: Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}
