//! Web pages: the article among navigation, advertisements and comments, with what the page says of itself.

use super::{Article, ReadOptions, encoding, markup};
use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trafilatura::{ExtractResult, Options, TrafilaturaError};

/// A page as it was stored or fetched.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) bytes: Vec<u8>,
    /// The encoding that came with it, from outside.
    pub(super) charset: Option<String>,
    pub(super) id: Option<String>,
    /// Where it was found; what it says itself goes first.
    pub(super) url: Option<String>,
    /// When it was found; what it says itself goes first.
    pub(super) date: Option<String>,
}

pub(super) fn read(page: Page, options: &ReadOptions, id: impl FnOnce() -> String) -> Result<Article> {
    if page.bytes.len() as u64 > options.max_page_bytes {
        let message =
            format!("a page of more than {} bytes; raise --max-page-bytes to take it", options.max_page_bytes);
        return Err(Error::limit(message));
    }
    let declared = page.charset.or_else(|| meta_charset(&page.bytes));
    let html = encoding::decode(page.bytes, options.encoding, declared.as_deref())?;
    markup::check_nesting(&html, options.max_nesting)?;
    let mut how = Options::default().with_fallback(true).with_exclude_comments(true);
    if let Some(url) = page.url.as_deref().and_then(|url| url::Url::parse(url).ok()) {
        how = how.with_url(url);
    }
    let ExtractResult { content_html, content_text, metadata, .. } =
        guarded("page", || trafilatura::extract(&html, &how))?.map_err(|e| match e {
            TrafilaturaError::InsufficientContent { .. } => Error::from(ErrorKind::Empty),
            other => Error::format(format!("no article in this page: {other}")),
        })?;
    let mut text = markup::html_to_text(&content_html);
    if text.trim().is_empty() {
        text = content_text;
    }
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    let some = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Ok(Article {
        id: page.id.unwrap_or_else(id),
        title: some(metadata.title),
        date: metadata.date.map(|date| date.to_string()).or(page.date),
        url: some(metadata.url).or(page.url),
        source: some(metadata.sitename),
        language: some(metadata.language),
        given_mentions: None,
        text,
    })
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is in a parser of others, whose panics become errors and are no news.
pub(crate) fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a parser of others: should it panic on odd input, that input fails and no more.
pub(super) fn guarded<T>(what: &str, parse: impl FnOnce() -> T) -> Result<T> {
    GUARDED.set(true);
    let parsed = catch_unwind(AssertUnwindSafe(parse));
    GUARDED.set(false);
    parsed.map_err(|_| Error::format(format!("the parser failed on this {what}")))
}

/// The encoding that a page declares in its first bytes.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = head.windows(7).position(|window| window.eq_ignore_ascii_case(b"charset"))? + 7;
    let value: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'=' | b' ' | b'"' | b'\''))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
        .collect();
    String::from_utf8(value).ok().filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(html: impl Into<Vec<u8>>) -> Result<Article> {
        read(Page { bytes: html.into(), ..Page::default() }, &ReadOptions::default(), || "x.html".into())
    }

    #[test]
    fn finds_the_article() {
        let body = "Floods cut off villages near Jelgava on Monday, and rescuers brought families to Riga by boat. ";
        let html = format!(
            "<!DOCTYPE html><html lang=en><head><title>Floods near Jelgava | The Example</title>\
             <link rel=canonical href=\"https://example.org/floods\"><meta property=\"og:site_name\" content=\"The Example\">\
             <meta property=\"article:published_time\" content=\"2024-03-05T10:00:00Z\"></head><body>\
             <nav><ul><li><a href=/>Home</a><li><a href=/paris>Paris</a></ul></nav>\
             <article><h1>Floods near Jelgava</h1><p>{}</p><p>{}</p></article>\
             <div id=comments><p>I was in London, said a reader.</p></div><footer>Printed in Tallinn</footer></body></html>",
            body.repeat(3),
            body.repeat(2)
        );
        let found = article(html).unwrap();
        assert_eq!(found.title.as_deref(), Some("Floods near Jelgava"));
        assert_eq!(found.date.as_deref(), Some("2024-03-05"));
        assert_eq!(found.url.as_deref(), Some("https://example.org/floods"));
        assert_eq!(found.language.as_deref(), Some("en"));
        assert_eq!(found.source.as_deref(), Some("The Example"));
        assert!(found.text.contains("by boat.\n\nFloods"), "paragraphs are set apart: {}", found.text);
        for boilerplate in ["Paris", "London", "Tallinn"] {
            assert!(!found.text.contains(boilerplate), "{boilerplate}: {}", found.text);
        }
    }

    #[test]
    fn encodings_are_as_declared() {
        assert_eq!(meta_charset(b"<meta charset=\"koi8-r\">").as_deref(), Some("koi8-r"));
        let meta = b"<meta http-equiv=content-type content='text/html; charset=windows-1251'>";
        assert_eq!(meta_charset(meta).as_deref(), Some("windows-1251"));
        let html = encoding_rs::KOI8_R.encode("<meta charset=koi8-r><p>Дожди в Сочи</p>").0.into_owned();
        assert!(article(html).unwrap().text.contains("Сочи"));
    }

    #[test]
    fn panics_of_parsers_are_errors() {
        assert!(guarded("page", || panic!("odd")).unwrap_err().to_string().contains("this page"));
        assert!(!is_guarded());
    }

    #[test]
    fn hostile_pages_are_errors() {
        assert!(matches!(article("<div>".repeat(100_000)).unwrap_err().kind(), ErrorKind::Limit(_)));
        let long = article("<p>Rain in Riga.</p>".repeat(300_000)).unwrap_err();
        assert!(long.to_string().contains("--max-page-bytes"), "{long}");
        assert!(matches!(article("").unwrap_err().kind(), ErrorKind::Empty));
        assert!(article("<html><body></body></html>").is_err());
    }
}
