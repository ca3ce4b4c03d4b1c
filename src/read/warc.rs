//! Web archives: WARC, with pages as they were served, and WET, with their texts. What is no text is skipped and
//! counted.

use super::page::Page;
use super::record::{At, Content};
use super::{Article, Bytes, ReadOptions, Record, encoding, unpack};
use crate::error::{Error, ErrorKind, Result};
use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;
use unpack::Packing;
use warc::WarcHeader;

/// A header of a record or of HTTP that is longer than this is none, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;

/// The records of an archive that hold documents.
pub(super) struct Warc {
    reader: Bytes,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    number: u64,
    ended: bool,
}

/// What the header of a record says.
#[derive(Default)]
struct Header {
    kind: String,
    id: Option<String>,
    url: Option<String>,
    date: Option<String>,
    content_type: String,
    language: Option<String>,
    length: u64,
}

impl Warc {
    pub(super) fn new(reader: Bytes, source: Arc<str>, options: Arc<ReadOptions>) -> Self {
        Self { reader, source, options, number: 0, ended: false }
    }

    /// The header of the next record, or `None` at the end.
    fn header(&mut self) -> Result<Option<Header>> {
        let mut header = Vec::new();
        loop {
            let start = header.len();
            let left = LONGEST_HEADER.saturating_sub(start as u64);
            let read = self.reader.by_ref().take(left).read_until(b'\n', &mut header).map_err(Error::of_stream)?;
            let line = header[start..].trim_ascii();
            match (read, start) {
                (0, 0) => return Ok(None),
                (0, _) => return Err(Error::format("ends in the middle of a WARC header")),
                // Empty lines set records apart.
                (_, 0) if line.is_empty() => header.clear(),
                (_, 0) if !line.starts_with(b"WARC/") => {
                    return Err(Error::format("not a WARC record: it does not start with `WARC/`"));
                }
                _ if line.is_empty() => break,
                _ => {}
            }
        }
        // The parser wants lines to end as the standard says.
        let text = String::from_utf8_lossy(&header).replace("\r\n", "\n").replace('\n', "\r\n");
        let (_, (_, fields, length)) = warc::parser::headers(text.as_bytes())
            .map_err(|_| Error::format("a WARC header that cannot be understood"))?;
        let mut found = Header { length: length as u64, ..Header::default() };
        for (name, value) in fields {
            let value = || String::from_utf8_lossy(value).trim().trim_matches(['<', '>']).to_owned();
            match WarcHeader::from(name) {
                WarcHeader::WarcType => found.kind = value().to_ascii_lowercase(),
                WarcHeader::RecordID => found.id = Some(value()),
                WarcHeader::TargetURI => found.url = Some(value()),
                WarcHeader::Date => found.date = Some(value()),
                WarcHeader::ContentType => found.content_type = value().to_ascii_lowercase(),
                WarcHeader::Unknown(name) if name == "warc-identified-content-language" => {
                    found.language = Some(value()).filter(|l| l.len() == 2);
                }
                _ => {}
            }
        }
        Ok(Some(found))
    }

    /// The content of a record; `None` for one that is longer than an article may be, which is passed over.
    fn body(&mut self, length: u64) -> Result<Option<Vec<u8>>> {
        let limit = self.options.max_article_bytes + LONGEST_HEADER;
        let mut body = Vec::new();
        let kept =
            self.reader.by_ref().take(length.min(limit)).read_to_end(&mut body).map_err(Error::of_stream)? as u64;
        let passed = match length - length.min(limit) {
            0 => 0,
            rest => io::copy(&mut self.reader.by_ref().take(rest), &mut io::sink()).map_err(Error::of_stream)?,
        };
        if kept + passed < length {
            return Err(Error::format("ends in the middle of a WARC record"));
        }
        Ok((length <= limit).then_some(body))
    }

    /// The next record with a document; others are passed over.
    fn document(&mut self) -> Result<Option<Result<Content>>> {
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            self.number += 1;
            let body = self.body(header.length)?;
            if !matches!(header.kind.as_str(), "response" | "resource" | "conversion") {
                continue;
            }
            let Some(body) = body else {
                return Ok(Some(Err(ErrorKind::TooLong(self.options.max_article_bytes).into())));
            };
            return Ok(Some(content(header, body, &self.options)));
        }
    }
}

impl Iterator for Warc {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.ended {
            return None;
        }
        let document = self.document();
        let content = match document {
            Ok(None) => return None,
            Ok(Some(document)) => document.unwrap_or_else(Content::Failed),
            // Where the next record would start is unknown.
            Err(error) => {
                self.ended = true;
                Content::Failed(error)
            }
        };
        Some(Record::new(&self.source, At::Record(self.number.max(1)), content))
    }
}

fn content(header: Header, body: Vec<u8>, options: &Arc<ReadOptions>) -> Result<Content> {
    let (media_type, charset, bytes) = if header.content_type.starts_with("application/http") {
        http(body, options)?
    } else {
        let (media_type, charset) = split_type(&header.content_type);
        (media_type, charset, body)
    };
    match media_type.as_str() {
        "text/html" | "application/xhtml+xml" => {
            let page = Page { bytes, charset, id: header.id, url: header.url, date: header.date };
            Ok(Content::Page(Box::new(page), Arc::clone(options)))
        }
        "text/plain" => Ok(Content::Ready(Box::new(Article {
            id: header.id.unwrap_or_default(),
            text: encoding::decode(bytes, options.encoding, charset.as_deref())?,
            date: header.date,
            url: header.url,
            language: header.language,
            ..Article::default()
        }))),
        "" => Err(Error::skipped("a record that does not say what it holds")),
        other => Err(Error::skipped(format!("a record of {other}, which is no text"))),
    }
}

/// `text/html; charset=utf-8`, in lower case, taken apart.
pub(super) fn split_type(content_type: &str) -> (String, Option<String>) {
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset="));
    (media_type.trim().to_owned(), charset.map(|c| c.trim_matches(['"', '\'', ' ']).to_owned()))
}

/// The type, encoding and body of an answer as it went over the wire.
fn http(answer: Vec<u8>, options: &ReadOptions) -> Result<(String, Option<String>, Vec<u8>)> {
    let mut reader = Cursor::new(answer);
    let mut line = String::new();
    let next = |reader: &mut Cursor<Vec<u8>>, line: &mut String| {
        let mut bytes = Vec::new();
        _ = reader.read_until(b'\n', &mut bytes);
        *line = String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        !line.is_empty()
    };
    if !next(&mut reader, &mut line) || !line.starts_with("HTTP/") {
        return Err(Error::format("a record that should hold an HTTP answer and does not"));
    }
    let status = line.split_ascii_whitespace().nth(1).unwrap_or_default().to_owned();
    if !status.starts_with('2') {
        return Err(Error::skipped(format!("an answer with status {status}")));
    }
    let (mut media_type, mut charset, mut packed, mut chunked) = (String::new(), None, String::new(), false);
    while next(&mut reader, &mut line) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "content-type" => (media_type, charset) = split_type(&value),
            "content-encoding" => packed = value,
            "transfer-encoding" => chunked = value.contains("chunked"),
            _ => {}
        }
    }
    let start = reader.position() as usize;
    let mut bytes = reader.into_inner().split_off(start);
    // Archives often keep the header of an answer whose body they have already decoded.
    if chunked && let Some(joined) = unchunk(&bytes) {
        bytes = joined;
    }
    let packing = Packing::of(&bytes);
    let bytes = match packed.as_str() {
        "" | "identity" => bytes,
        "gzip" | "x-gzip" | "zstd" => match packing {
            Some(packing) => inflate(packing, bytes, options)?,
            None => bytes,
        },
        "deflate" => match read_limited(flate2::read::ZlibDecoder::new(bytes.as_slice()), options) {
            Ok(plain) => plain,
            Err(error) if matches!(error.kind(), ErrorKind::TooLong(_)) => return Err(error),
            // Some servers mean it without the wrapper, and some archives have decoded it.
            Err(_) => read_limited(flate2::read::DeflateDecoder::new(bytes.as_slice()), options).unwrap_or(bytes),
        },
        other => return Err(Error::skipped(format!("an answer packed with {other}, which cannot be unpacked"))),
    };
    Ok((media_type, charset, bytes))
}

fn inflate(packing: Packing, bytes: Vec<u8>, options: &ReadOptions) -> Result<Vec<u8>> {
    let packed = unpack::Packed::Known(bytes.len() as u64);
    let plain = unpack::unpack(packing, Box::new(Cursor::new(bytes)), packed, options)?;
    read_limited(plain, options)
}

/// Reads what is at most as long as an article may be.
pub(super) fn read_limited(reader: impl Read, options: &ReadOptions) -> Result<Vec<u8>> {
    let limit = options.max_article_bytes;
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(Error::of_stream)?;
    if bytes.len() as u64 > limit { Err(ErrorKind::TooLong(limit).into()) } else { Ok(bytes) }
}

/// Chunks joined, or `None` when these are none.
fn unchunk(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = rest.iter().take(1000).position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(joined);
        }
        // The last chunk may have been cut off.
        joined.extend_from_slice(rest.get(..size).unwrap_or(rest));
        rest = rest.get(size..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(joined);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn record(kind: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Target-URI: https://example.org/a\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len(),
            body.len()
        )
        .into_bytes();
        record.extend_from_slice(body);
        record.extend_from_slice(b"\r\n\r\n");
        record
    }

    fn read(bytes: Vec<u8>) -> Vec<std::result::Result<Article, String>> {
        let reader: Bytes = Box::new(Cursor::new(bytes));
        Warc::new(reader, "x.warc".into(), Arc::new(ReadOptions::default()))
            .map(|r| r.article().map_err(|e| e.to_string()))
            .collect()
    }

    #[test]
    fn bodies_are_decoded_and_what_is_no_text_skipped() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(b"<html><body><p>Rain in Riga.</p></body></html>").unwrap();
        let gz = gz.finish().unwrap();
        let mut packed =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        packed.extend_from_slice(&gz);
        let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nSnow in \r\n5\r\nOslo.\r\n0\r\n\r\n";
        let warc = [
            record("warcinfo", "application/warc-fields", b"software: x"),
            record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
            record("response", "application/http; msgtype=response", &packed),
            record("response", "application/http", chunked),
            record("response", "application/http", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
            record("response", "application/http", b"HTTP/1.1 404 Gone\r\nContent-Type: text/html\r\n\r\nnone"),
            record("conversion", "text/plain", "Hail in Łódź.".as_bytes()),
        ]
        .concat();
        let found = read(warc.clone());
        assert_eq!(found[0].as_ref().unwrap().text, "Rain in Riga.");
        assert_eq!(found[1].as_ref().unwrap().text, "Snow in Oslo.");
        assert_eq!(
            found[2].as_ref().unwrap_err(),
            "x.warc: record 5: skipped: a record of image/png, which is no text"
        );
        assert!(found[3].as_ref().unwrap_err().contains("status 404"), "{found:?}");
        let last = found[4].as_ref().unwrap();
        assert_eq!((last.text.as_str(), last.url.as_deref()), ("Hail in Łódź.", Some("https://example.org/a")));
        assert!(last.id.starts_with("urn:uuid:"));
        let cut = read(warc[..warc.len() - 12].to_vec());
        assert!(cut[4].as_ref().unwrap_err().contains("record 7: ends in the middle"), "{cut:?}");
    }

    #[test]
    fn hostile_lengths_take_no_memory() {
        let huge = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nabc".to_vec();
        assert!(read(huge)[0].as_ref().unwrap_err().contains("ends in the middle"));
        let endless = [b"WARC/1.0\r\n".to_vec(), vec![b'x'; 3 << 20]].concat();
        assert_eq!(read(endless).len(), 1);
    }
}
