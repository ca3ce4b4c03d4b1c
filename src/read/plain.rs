//! Plain text: a file is an article.

use super::{Article, Input};
use crate::error::{Error, ErrorKind, Result};
use std::io::Read;

/// A first line longer than this, in bytes, is no headline.
const LONGEST_HEADLINE: usize = 200;

pub(super) fn read(reader: impl Read, input: &Input, limit: u64) -> Result<Article> {
    let text = text(reader, limit)?;
    let title = headline(&text).map(str::to_owned);
    Ok(Article { title, ..Article::new(input.name(), text) })
}

/// Reads a whole text of at most `limit` bytes.
pub(super) fn text(reader: impl Read, limit: u64) -> Result<String> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ErrorKind::TooLong(limit).into());
    }
    decode(bytes)
}

/// UTF-8 without byte order mark and NUL bytes, and not empty.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String> {
    if bytes.contains(&0) {
        return Err(ErrorKind::Binary.into());
    }
    let mut text =
        String::from_utf8(bytes).map_err(|e| Error::from(ErrorKind::Utf8(e.utf8_error().valid_up_to() as u64)))?;
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    Ok(text)
}

/// The first line, when an empty line sets it apart.
fn headline(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (first, rest) = text.split_once('\n')?;
    let apart = rest.lines().next().is_some_and(|line| line.trim().is_empty());
    let first = first.trim();
    (apart && !first.is_empty() && first.len() <= LONGEST_HEADLINE).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Article> {
        read(bytes, &Input::Stdin, 40)
    }

    #[test]
    fn takes_the_headline() {
        let article = read_bytes("\u{FEFF}Floods in Kerala\n\nRain fell.".as_bytes()).unwrap();
        assert_eq!(article.title.as_deref(), Some("Floods in Kerala"));
        assert!(article.text.starts_with("Floods"));
        assert_eq!(read_bytes(b"Rain\nfell\n\nand fell").unwrap().title, None);
    }

    #[test]
    fn refuses_what_is_not_text() {
        assert!(matches!(read_bytes(b" \n").unwrap_err().kind(), ErrorKind::Empty));
        assert!(matches!(read_bytes(b"PK\0\0").unwrap_err().kind(), ErrorKind::Binary));
        assert!(matches!(read_bytes(b"caf\xE9").unwrap_err().kind(), ErrorKind::Utf8(3)));
        assert!(matches!(read_bytes(&[b'x'; 41]).unwrap_err().kind(), ErrorKind::TooLong(40)));
    }
}
