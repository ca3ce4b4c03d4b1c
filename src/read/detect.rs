//! Which format an input has: its content tells, and where that is not decisive its name.

use super::{Format, encoding, mail, table};
use crate::error::{ErrorKind, Result};

/// The format that a name tells, a suffix for packing left out.
pub(super) fn by_name(name: &str) -> Option<Format> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let name = [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    Some(match name.rsplit_once('.')?.1 {
        "txt" | "text" => Format::Text,
        "md" | "markdown" => Format::Markdown,
        "jsonl" | "ndjson" | "jsonlines" => Format::JsonLines,
        "json" => Format::Json,
        "html" | "htm" | "xhtml" => Format::Html,
        "csv" | "tsv" | "tab" => Format::Csv,
        "rss" | "atom" | "xml" => Format::Feed,
        "warc" | "wet" => Format::Warc,
        "eml" => Format::Mail,
        "mbox" => Format::Mbox,
        "parquet" => Format::Parquet,
        "arrow" | "feather" | "ipc" => Format::Arrow,
        _ => return None,
    })
}

/// Whether files of this name are taken from folders.
pub(super) fn is_wanted(name: &str) -> bool {
    by_name(name).is_some() || name.to_ascii_lowercase().ends_with(".zip")
}

/// The format of an input that starts like this.
///
/// # Errors
/// When it is not text, and of no other known format.
pub(super) fn detect(head: &[u8], name: &str, text_field: &str) -> Result<Format> {
    if let Some(format) = by_magic(head) {
        return Ok(format);
    }
    let named = by_name(name);
    let start = encoding::peek(head);
    let start = start.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let found = by_text(start, text_field, named).or(named);
    match found {
        // What only the name says, and the content cannot be.
        Some(Format::Parquet | Format::Arrow) => Err(ErrorKind::Format("not a Parquet or Arrow file".into()).into()),
        Some(format) => Ok(format),
        None if start.is_empty() && !head.trim_ascii().is_empty() => Err(ErrorKind::Binary.into()),
        None => Ok(Format::Text),
    }
}

fn by_magic(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'A', b'R', b'1', ..] => Some(Format::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(Format::Arrow),
        [b'W', b'A', b'R', b'C', b'/', ..] => Some(Format::Warc),
        _ => None,
    }
}

fn by_text(start: &str, text_field: &str, named: Option<Format>) -> Option<Format> {
    if let Some(rest) = start.strip_prefix('{') {
        let rest = rest.trim_start();
        if rest.starts_with('"') || rest.starts_with('}') {
            return Some(if one_a_line(start) || named == Some(Format::JsonLines) {
                Format::JsonLines
            } else {
                Format::Json
            });
        }
    }
    if let Some(rest) = start.strip_prefix('[')
        && named != Some(Format::JsonLines)
        && (rest.trim_start().starts_with('{') || named == Some(Format::Json))
    {
        return Some(Format::Json);
    }
    if start.starts_with('<') {
        return by_root(start, named == Some(Format::Markdown));
    }
    if start.starts_with("From ") && start.split_once('\n').is_some_and(|(_, rest)| rest.lines().take(40).any(is_field))
    {
        return Some(Format::Mbox);
    }
    if mail::is_mail(start) {
        return Some(Format::Mail);
    }
    // Markdown and prose may have commas in their first line too; a column of texts decides.
    (named.is_none_or(|n| n == Format::Text) && table::is_table(start, text_field)).then_some(Format::Csv)
}

fn is_field(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(name, _)| matches!(name, "From" | "Subject" | "Date" | "To" | "Message-ID"))
}

/// Whether the first line is a whole object, or no end of it is in sight.
fn one_a_line(start: &str) -> bool {
    match start.split_once('\n') {
        Some((line, _)) => serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok(),
        None => true,
    }
}

/// What the first element says: a page, a feed, or neither.
fn by_root(start: &str, in_markdown: bool) -> Option<Format> {
    let mut rest = start;
    loop {
        rest = rest.trim_start();
        let skip = |open: &str, close: &str| {
            rest.strip_prefix(open).map(|inner| inner.split_once(close).map_or("", |(_, after)| after))
        };
        if let Some(after) = skip("<!--", "-->").or_else(|| skip("<?", "?>")) {
            rest = after;
            continue;
        }
        break;
    }
    let lower: String = rest.chars().take(64).collect::<String>().to_ascii_lowercase();
    let is = |name: &str| lower.strip_prefix(name).is_some_and(|r| r.starts_with(['>', ' ', '\n', '\r', '\t', '/']));
    if ["<rss", "<feed", "<rdf:rdf"].iter().any(|name| is(name)) {
        return Some(Format::Feed);
    }
    // Markdown may start with a bit of HTML, and so may a page that somebody cut out.
    let whole = ["<!doctype", "<html"];
    let part = ["<head", "<body", "<title", "<meta", "<article", "<main", "<div", "<p"];
    let page = whole.iter().chain(part.iter().filter(|_| !in_markdown));
    page.clone().any(|name| is(name)).then_some(Format::Html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        for (start, name, format) in [
            ("\u{FEFF} {\"id\": 1}", "x", Format::JsonLines),
            ("{\n  \"id\": 1", "x.txt", Format::Json),
            ("[\n {\"id\": 1}", "x.txt", Format::Json),
            ("{curly} text", "x", Format::Text),
            ("", "x", Format::Text),
            ("\n<!DOCTYPE html><title>", "x.txt", Format::Html),
            ("<?xml version='1.0'?><!-- x --><rss version='2.0'>", "x.html", Format::Feed),
            ("<?xml version='1.0'?>\n<html>", "x.xml", Format::Html),
            ("# Title <b>", "x.md", Format::Markdown),
            ("id,title,text\n", "x", Format::Csv),
            ("id,title,text\n", "x.md", Format::Markdown),
            ("Rain, snow, hail\n", "x", Format::Text),
            ("WARC/1.0\r\n", "x.txt", Format::Warc),
            ("From a@b Tue\nSubject: x\n\n", "x", Format::Mbox),
            ("From Riga to Oslo\n\nRain.", "x", Format::Text),
        ] {
            assert_eq!(detect(start.as_bytes(), name, "text").unwrap(), format, "{start}");
        }
        assert!(detect(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "x", "text").is_err());
    }

    #[test]
    fn names_tell_the_rest() {
        assert_eq!(by_name("a/b.JSONL.gz"), Some(Format::JsonLines));
        assert_eq!(by_name("b.tar.gz"), None);
        assert!(is_wanted("all.zip") && !is_wanted("a.png"));
    }
}
