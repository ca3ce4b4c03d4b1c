//! Articles as Python programs have them: text, or a dictionary.

use mentionmap::{Article, Error, ErrorKind, Result};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

/// The article of an item: a text, or a dictionary with `text` and whatever else is known of the article. `number`
/// serves as its identity when it has none.
///
/// # Errors
/// When there is no text in it.
pub(crate) fn article(item: &Bound<'_, PyAny>, number: u64) -> Result<Article> {
    if let Ok(text) = item.cast::<PyString>() {
        return Ok(Article::new(number.to_string(), text.to_string_lossy()));
    }
    let Ok(fields) = item.cast::<PyDict>() else { return Err(ErrorKind::Empty.into()) };
    // What is missing is None, or, out of data frames, not a number.
    let field = |name: &str| -> Option<String> {
        let value = fields.get_item(name).ok().flatten()?;
        let is_missing = value.is_none() || value.extract::<f64>().is_ok_and(f64::is_nan);
        let text = value.str().ok().filter(|_| !is_missing)?;
        Some(text.to_string_lossy().into_owned())
    };
    Ok(Article {
        id: field("id").unwrap_or_else(|| number.to_string()),
        title: field("title").filter(|title| !title.trim().is_empty()),
        text: field("text").ok_or_else(|| Error::from(ErrorKind::Empty))?,
        date: field("date"),
        url: field("url"),
        source: field("source"),
        language: field("lang"),
        given_mentions: None,
    })
}
