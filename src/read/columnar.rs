//! Parquet and Arrow files: an article a row. Only the columns that articles are made of are read, a few pages of a
//! Parquet file or a batch of an Arrow file at a time, and none of these when it is too long.

use super::record::{At, Content};
use super::{ArticleColumns, FieldNames, Format, ReadOptions, Record, Records, fields, page, parquet_check};
use crate::error::{Error, ErrorKind, Result};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Fields, Schema};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReaderBuilder, read_footer_length};
use arrow::ipc::{Block, root_as_footer};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Rows that are read together at most, and their bytes, as far as the file says.
const ROWS: u64 = 256;
const BYTES: u64 = 4 << 20;

/// Rows, or why some could not be read, and how many these are.
type Batch = std::result::Result<RecordBatch, (Error, u64)>;
type Batches = Box<dyn Iterator<Item = Batch> + Send>;

pub(super) fn read(format: Format, file: &File, source: Arc<str>, options: Arc<ReadOptions>) -> Result<Records> {
    let open = || match format {
        Format::Arrow => arrow_batches(file, &options),
        _ => parquet_batches(file, Arc::clone(&options)),
    };
    let batches = page::guarded("file", open)??;
    Ok(Box::new(Rows { batches, source, options, batch: None, row: 0, number: 0, ended: false }))
}

/// The batches of an Arrow file. One that is too long is an error, and the next follows.
fn arrow_batches(file: &File, options: &ReadOptions) -> Result<Batches> {
    let bad = |e: ArrowError| Error::format(format!("cannot be read as Arrow: {e}"));
    let sizes = batch_sizes(file, options)?;
    let open = || Ok::<_, Error>(BufReader::new(file.try_clone()?));
    let schema = FileReaderBuilder::new().build(open()?).map_err(bad)?.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let columns = roots(&names, &options.fields)?;
    let mut reader = FileReaderBuilder::new().with_projection(columns).build(open()?).map_err(bad)?;
    let most = options.max_batch_bytes;
    Ok(Box::new(sizes.into_iter().enumerate().filter_map(move |(number, size)| {
        if size > most {
            return Some(Err((too_long(size, "batch"), 0)));
        }
        match reader.set_index(number) {
            Ok(()) => Some(reader.next()?.map_err(|e| (unread(e), 0))),
            Err(error) => Some(Err((unread(error), 0))),
        }
    })))
}

/// How long each batch of an Arrow file is. Its reader makes room for what the footer says, so the footer is asked first.
///
/// # Errors
/// When a dictionary, which is read whatever is wanted, is too long.
fn batch_sizes(mut file: &File, options: &ReadOptions) -> Result<Vec<u64>> {
    let bad = |what: String| Error::format(format!("cannot be read as Arrow: {what}"));
    let mut tail = [0; 10];
    let end = file.seek(SeekFrom::End(-10)).map_err(|e| bad(e.to_string()))?;
    file.read_exact(&mut tail)?;
    let length = read_footer_length(tail).map_err(|e| bad(e.to_string()))? as u64;
    let start = end.checked_sub(length).ok_or_else(|| bad("a footer that is too long".into()))?;
    file.seek(SeekFrom::Start(start))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    // What is wrong stands in the first line, and where in the others.
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let footer = root_as_footer(&footer).map_err(|e| bad(first_line(e.to_string())))?;
    let size = |block: &Block| {
        let [head, body] = [i64::from(block.metaDataLength()), block.bodyLength()].map(u64::try_from);
        head.unwrap_or(u64::MAX).saturating_add(body.unwrap_or(u64::MAX))
    };
    let dictionaries = footer.dictionaries().into_iter().flatten().map(size);
    if let Some(size) = dictionaries.max().filter(|size| *size > options.max_batch_bytes) {
        return Err(too_long(size, "dictionary"));
    }
    Ok(footer.recordBatches().into_iter().flatten().map(size).collect())
}

fn too_long(size: u64, what: &str) -> Error {
    Error::limit(format!("a {what} of {size} bytes, which is left out; raise --max-batch-bytes to read it"))
}

/// The batches of a Parquet file, by its row groups. One with a page that is too long is an error, and the next follows.
fn parquet_batches(file: &File, options: Arc<ReadOptions>) -> Result<Batches> {
    let bad = |e: ParquetError| Error::format(format!("cannot be read as Parquet: {e}"));
    parquet_check::schema(file, &options)?;
    let found = ArrowReaderMetadata::load(file, ArrowReaderOptions::default()).map_err(bad)?;
    let schema = found.metadata().file_metadata().schema_descr();
    let names: Vec<&str> = schema.root_schema().get_fields().iter().map(|f| f.name()).collect();
    let mask = ProjectionMask::roots(schema, roots(&names, &options.fields)?);
    // A text that repeats is in memory once then, instead of as often as there are rows.
    let as_views =
        ArrowReaderOptions::default().with_schema(Arc::new(Schema::new(with_views(found.schema().fields()))));
    let all = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), as_views).unwrap_or(found);
    let (file, groups) = (file.try_clone()?, all.metadata().num_row_groups());
    Ok(Box::new((0..groups).flat_map(move |number| -> Batches {
        let group = all.metadata().row_group(number);
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let open = || -> Result<Batches> {
            let mut bytes = 0;
            for column in (0..group.num_columns()).filter(|&column| mask.leaf_included(column)) {
                bytes += parquet_check::pages(&file, group.column(column).byte_range(), &options)?;
            }
            let together = (BYTES / (bytes / rows.max(1)).max(1)).clamp(1, ROWS);
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, all.clone());
            let builder = builder.with_row_groups(vec![number]).with_projection(mask.clone());
            let reader = builder.with_batch_size(together as usize).build().map_err(bad)?;
            Ok(Box::new(reader.map(|batch| batch.map_err(|e| (unread(e), 0)))))
        };
        open().unwrap_or_else(|error| Box::new(std::iter::once(Err((error, rows)))))
    })))
}

/// The columns, by number, that articles are made of; of nested ones the outermost.
fn roots(columns: &[&str], names: &FieldNames) -> Result<Vec<usize>> {
    let is_of = |name: &str, column: &str| {
        name == column || name.split_once('.').is_some_and(|(outermost, _)| outermost == column)
    };
    if !columns.iter().any(|column| is_of(&names.text, column)) {
        return Err(fields::missing("file", &names.text, columns.iter().copied()));
    }
    let wanted = |column: &&str| names.all().any(|name| is_of(name, column));
    Ok(columns.iter().enumerate().filter(|(_, column)| wanted(column)).map(|(number, _)| number).collect())
}

/// The same fields, with texts as views of the pages that they stand in.
fn with_views(fields: &Fields) -> Vec<Field> {
    let viewed = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
            DataType::Struct(inner) => DataType::Struct(with_views(inner).into()),
            other => other.clone(),
        };
        field.as_ref().clone().with_data_type(kind)
    };
    fields.iter().map(viewed).collect()
}

/// What kept a batch from being read.
fn unread(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, error) => Error::of_stream(error),
        other => Error::format(format!("cannot be read further: {other}")),
    }
}

struct Rows {
    batches: Batches,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    /// The batch whose rows come next, and which of them.
    batch: Option<ArticleColumns>,
    row: usize,
    number: u64,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.row < batch.rows()) {
                self.number += 1;
                let id = || format!("{}:{}", self.source, self.number);
                let article = page::guarded("row", || batch.article(self.row, &self.options, id)).flatten();
                self.row += 1;
                let content = article.map_or_else(Content::Failed, |article| Content::Ready(Box::new(article)));
                return Some(Record::new(&self.source, At::Record(self.number), content));
            }
            if self.ended {
                return None;
            }
            let next = page::guarded("file", || self.batches.next());
            let (error, rows) = match next {
                Ok(None) => return None,
                Ok(Some(Ok(batch))) => match ArticleColumns::new(&batch, &self.options.fields) {
                    Ok(columns) => {
                        (self.batch, self.row) = (Some(columns), 0);
                        continue;
                    }
                    Err(error) => (error, 0),
                },
                Ok(Some(Err(failed))) => failed,
                Err(error) => (error, 0),
            };
            // What is too long does not harm what follows.
            self.ended = !matches!(error.kind(), ErrorKind::Limit(_));
            self.batch = None;
            self.number += 1;
            let at = At::Record(self.number);
            self.number += rows.saturating_sub(1);
            return Some(Record::failed(&self.source, at, error));
        }
    }
}
