//! The fields of a record, by name or by path, and the article that they make.

use super::Article;
use crate::error::{Error, ErrorKind, Result};
use crate::text::CodePoints;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The fields of a record that make an article. A name with dots is a path: `article.body` is the field `body` within
/// the field `article`, and a number in it counts the elements of a list from 0. A field of the whole name goes first.
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

impl FieldNames {
    /// All of them.
    #[cfg(feature = "full")]
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let Self { id, title, text, date, url, source, language, given_mentions } = self;
        [id, title, text, date, url, source, language].into_iter().chain(given_mentions).map(String::as_str)
    }
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

#[derive(Deserialize)]
struct GivenMention {
    start: usize,
    end: usize,
}

/// The article of a JSON object.
pub(super) fn article(json: &[u8], fields: &FieldNames, id: impl FnOnce() -> String) -> Result<Article> {
    let record: Map<String, Value> = serde_json::from_slice(json).map_err(|e| Error::json(&e))?;
    let text = |name: &str| match field(&record, name) {
        Some(Value::String(s)) => Some(s.clone()),
        Some(Value::Number(n)) => Some(n.to_string()),
        _ => None,
    };
    let body = text(&fields.text).ok_or_else(|| missing("record", &fields.text, record.keys().map(String::as_str)))?;
    let given_mentions =
        fields.given_mentions.as_ref().map(|name| given(&body, field(&record, name).cloned(), name)).transpose()?;
    Ok(Article {
        id: text(&fields.id).unwrap_or_else(id),
        title: text(&fields.title).filter(|t| !t.trim().is_empty()),
        date: text(&fields.date),
        url: text(&fields.url),
        source: text(&fields.source),
        language: text(&fields.language),
        given_mentions,
        text: body,
    })
}

/// A field by its name, or by its path.
fn field<'r>(record: &'r Map<String, Value>, name: &str) -> Option<&'r Value> {
    if let Some(value) = record.get(name) {
        return Some(value);
    }
    let (first, rest) = name.split_once('.')?;
    rest.split('.').try_fold(record.get(first)?, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// An error that says which field is missing, and which there are.
pub(super) fn missing<'a>(what: &str, field: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let mut known: Vec<&str> = known.take(40).collect();
    if known.is_empty() {
        known.push("nothing");
    }
    ErrorKind::Json(format!(
        "no text in field `{field}` (the {what} has: {}); name the right one with --text-field",
        known.join(", ")
    ))
    .into()
}

/// Spans in code points, as JSON, to spans in bytes.
pub(super) fn given(text: &str, value: Option<Value>, field: &str) -> Result<Vec<std::ops::Range<usize>>> {
    let bad = |e: String| Error::from(ErrorKind::Json(format!("field `{field}`: {e}")));
    let value = value.ok_or_else(|| bad("missing; give [] for an article without mentions".into()))?;
    let spans: Vec<GivenMention> = serde_json::from_value(value).map_err(|e| bad(e.to_string()))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_by_path() {
        let names = FieldNames { text: "article.body".into(), title: "heads.0".into(), ..FieldNames::default() };
        let read = |json: &str| article(json.as_bytes(), &names, || "new".into());
        let found = read(r#"{"article": {"body": "Rain in Riga."}, "heads": ["Rain", "Snow"]}"#).unwrap();
        assert_eq!(
            (found.text.as_str(), found.title.as_deref(), found.id.as_str()),
            ("Rain in Riga.", Some("Rain"), "new")
        );
        assert_eq!(read(r#"{"article.body": "Snow."}"#).unwrap().text, "Snow.");
        let error = read(r#"{"article": "x", "y": 1}"#).unwrap_err().to_string();
        assert!(error.contains("article, y"), "{error}");
    }
}
