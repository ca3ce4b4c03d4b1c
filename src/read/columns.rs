//! Articles out of Arrow columns, a row each.

use super::{Article, FieldNames, ReadOptions, encoding, fields};
use crate::error::{ErrorKind, Result};
use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, LargeBinaryArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use std::sync::Arc;

/// The columns of a record batch that articles are made of. They share the batch's memory; a row's text is copied when
/// its article is made.
///
/// ```
/// use arrow::array::{ArrayRef, RecordBatch, StringArray};
/// use mentionmap::read::{ArticleColumns, FieldNames, ReadOptions};
/// use std::sync::Arc;
/// let text: ArrayRef = Arc::new(StringArray::from(vec![Some("Rain fell in Riga."), None]));
/// let batch = RecordBatch::try_from_iter([("text", text)])?;
/// let columns = ArticleColumns::new(&batch, &FieldNames::default())?;
/// let article = |row| columns.article(row, &ReadOptions::default(), || format!("row {row}"));
/// assert_eq!(article(0)?.id, "row 0");
/// assert!(article(1).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ArticleColumns {
    rows: usize,
    text: Cells,
    id: Option<Cells>,
    title: Option<Cells>,
    date: Option<Cells>,
    url: Option<Cells>,
    source: Option<Cells>,
    language: Option<Cells>,
    given_mentions: Option<(String, Option<Cells>)>,
}

impl ArticleColumns {
    /// Finds the columns by their names, or by paths of names for nested ones.
    ///
    /// # Errors
    /// When there is none with text; the others may be missing.
    pub fn new(batch: &RecordBatch, names: &FieldNames) -> Result<Self> {
        let columns = || batch.schema_ref().fields().iter().map(|f| f.name().as_str());
        let text = column(batch, &names.text).ok_or_else(|| fields::missing("file", &names.text, columns()))?;
        Ok(Self {
            rows: batch.num_rows(),
            text,
            id: column(batch, &names.id),
            title: column(batch, &names.title),
            date: column(batch, &names.date),
            url: column(batch, &names.url),
            source: column(batch, &names.source),
            language: column(batch, &names.language),
            given_mentions: names.given_mentions.as_ref().map(|name| (name.clone(), column(batch, name))),
        })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The length of a row's text in its column, in bytes; 0 for a null, and where only reading it would tell.
    pub fn text_bytes(&self, row: usize) -> usize {
        self.text.bytes(row).map_or(0, <[u8]>::len)
    }

    /// The identity of a row's article, if the row has one.
    pub fn id(&self, row: usize) -> Option<String> {
        self.id.as_ref()?.text(row)
    }

    /// The article of a row; `id` makes its identity when the row has none.
    ///
    /// # Errors
    /// When the text is null, too long, or neither UTF-8 nor, as bytes, in an encoding that can be told.
    pub fn article(&self, row: usize, options: &ReadOptions, id: impl FnOnce() -> String) -> Result<Article> {
        let value = |column: &Option<Cells>| column.as_ref()?.text(row);
        let too_long = |text: &[u8]| text.len() as u64 > options.max_article_bytes;
        let text = match (&self.text, self.text.bytes(row)) {
            (_, Some(bytes)) if too_long(bytes) => return Err(ErrorKind::TooLong(options.max_article_bytes).into()),
            (Cells::Text(_), Some(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(error) => return Err(ErrorKind::Utf8(error.valid_up_to() as u64).into()),
            },
            (_, Some(bytes)) => encoding::decode(bytes.to_vec(), options.encoding, None)?,
            (_, None) => self.text.text(row).ok_or(ErrorKind::Empty)?,
        };
        if too_long(text.as_bytes()) {
            return Err(ErrorKind::TooLong(options.max_article_bytes).into());
        }
        let given_mentions = match &self.given_mentions {
            Some((name, column)) => {
                let json = value(column).and_then(|json| serde_json::from_str(&json).ok());
                Some(fields::given(&text, json, name)?)
            }
            None => None,
        };
        Ok(Article {
            id: self.id(row).unwrap_or_else(id),
            title: value(&self.title).filter(|t| !t.trim().is_empty()),
            date: value(&self.date),
            url: value(&self.url),
            source: value(&self.source),
            language: value(&self.language),
            given_mentions,
            text,
        })
    }
}

/// A column by its name, or by a path of names.
fn column(batch: &RecordBatch, name: &str) -> Option<Cells> {
    if let Some(column) = batch.column_by_name(name) {
        return Some(Cells::new(column));
    }
    let (first, rest) = name.split_once('.')?;
    let nested = rest.split('.').try_fold(Arc::clone(batch.column_by_name(first)?), |column, step| {
        column.as_struct_opt()?.column_by_name(step).cloned()
    });
    nested.as_ref().map(Cells::new)
}

/// The cells of a column.
#[derive(Clone, Debug)]
enum Cells {
    /// Text, as the bytes that it is stored in: what another program hands over may claim to be UTF-8 and be none.
    Text(ArrayRef),
    /// Bytes, which may be text in any encoding.
    Bytes(ArrayRef),
    /// Whatever else can be written as text.
    Other(ArrayRef),
}

impl Cells {
    fn new(column: &ArrayRef) -> Self {
        match column.data_type() {
            DataType::Utf8 => Self::Text(Arc::new(BinaryArray::from(column.as_string::<i32>().clone()))),
            DataType::LargeUtf8 => Self::Text(Arc::new(LargeBinaryArray::from(column.as_string::<i64>().clone()))),
            DataType::Utf8View => Self::Text(Arc::new(column.as_string_view().clone().to_binary_view())),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Self::Bytes(Arc::clone(column)),
            DataType::Dictionary(_, values) => match cast(column, values) {
                Ok(unpacked) if !matches!(unpacked.data_type(), DataType::Dictionary(..)) => Self::new(&unpacked),
                _ => Self::Other(Arc::clone(column)),
            },
            _ => Self::Other(Arc::clone(column)),
        }
    }

    /// The bytes of a cell, where the column has bytes.
    fn bytes(&self, row: usize) -> Option<&[u8]> {
        let (Self::Text(column) | Self::Bytes(column)) = self else { return None };
        match column.data_type() {
            _ if column.is_null(row) => None,
            DataType::Binary => Some(column.as_binary::<i32>().value(row)),
            DataType::LargeBinary => Some(column.as_binary::<i64>().value(row)),
            DataType::BinaryView => Some(column.as_binary_view().value(row)),
            _ => None,
        }
    }

    /// A cell as text; what is no UTF-8 is replaced.
    fn text(&self, row: usize) -> Option<String> {
        let Self::Other(column) = self else {
            return self.bytes(row).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        };
        if column.is_null(row) || *column.data_type() == DataType::Null {
            return None;
        }
        let formatter = ArrayFormatter::try_new(column, &FormatOptions::default()).ok()?;
        formatter.value(row).try_to_string().ok()
    }
}
