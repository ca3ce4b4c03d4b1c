//! Mail: a message of its own, or a mailbox of them (mbox). An article is a message's text, without attachments.

use super::record::{At, Content};
use super::{Article, Bytes, ReadOptions, Record, encoding, markup, page, unpack};
use crate::error::{Error, ErrorKind, Result};
use mail_parser::{MessageParser, PartType};
use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::sync::Arc;

/// The article of a message.
pub(super) fn article(bytes: &[u8], options: &ReadOptions, id: impl FnOnce() -> String) -> Result<Article> {
    if bytes.trim_ascii().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    // Eight-bit text of which nobody says in what encoding it is.
    let declares = |bytes: &[u8]| bytes.windows(8).any(|window| window.eq_ignore_ascii_case(b"charset="));
    let bytes: Cow<'_, [u8]> = if std::str::from_utf8(bytes).is_err() && !declares(bytes) {
        encoding::decode(bytes.to_vec(), options.encoding, None)?.into_bytes().into()
    } else {
        bytes.into()
    };
    let parsed = page::guarded("mail", || MessageParser::default().parse(&*bytes))?;
    let mail = parsed.ok_or_else(|| Error::format("cannot be read as a mail"))?;
    let mut text = String::new();
    for part in mail.text_bodies() {
        let part = match &part.body {
            PartType::Text(text) => text.trim().to_owned(),
            PartType::Html(html) => {
                markup::check_nesting(html, options.max_nesting)?;
                markup::html_to_text(html)
            }
            _ => continue,
        };
        if !part.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(&part);
        }
    }
    let title = mail.subject().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    if text.is_empty() && title.is_none() {
        return Err(ErrorKind::Empty.into());
    }
    let sender = mail.from().and_then(|from| from.first());
    Ok(Article {
        id: mail.message_id().map_or_else(id, str::to_owned),
        title,
        date: mail.date().map(mail_parser::DateTime::to_rfc3339),
        url: None,
        source: sender.and_then(|s| s.name().or(s.address())).map(str::to_owned),
        language: None,
        given_mentions: None,
        text,
    })
}

/// The messages of a mailbox, each from its `From ` line to the next.
pub(super) struct Mailbox {
    reader: Bytes,
    source: Arc<str>,
    options: Arc<ReadOptions>,
    number: u64,
    ended: bool,
}

impl Mailbox {
    pub(super) fn new(reader: Bytes, source: Arc<str>, options: Arc<ReadOptions>) -> Self {
        Self { reader, source, options, number: 0, ended: false }
    }

    /// The next message; `None` at the end. One that is too long is passed over without keeping it.
    fn message(&mut self) -> Result<Option<Vec<u8>>> {
        let limit = self.options.max_article_bytes;
        let (mut message, mut length) = (Vec::new(), 0);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = self.reader.by_ref().take(limit + 1).read_until(b'\n', &mut line).map_err(Error::of_stream)?;
            if read as u64 > limit && line.last() != Some(&b'\n') {
                unpack::skip_line(&mut self.reader).map_err(Error::of_stream)?;
            }
            self.ended = read == 0;
            let starts_next = line.starts_with(b"From ");
            if (self.ended || starts_next) && length > 0 {
                break;
            }
            if self.ended {
                return Ok(None);
            }
            if starts_next {
                continue;
            }
            length += read as u64;
            if length <= limit {
                // `>From ` was quoted once more when it was written.
                let quoted =
                    line.iter().position(|b| *b != b'>').is_some_and(|at| at > 0 && line[at..].starts_with(b"From "));
                message.extend_from_slice(&line[usize::from(quoted)..]);
            }
        }
        if length > limit { Err(ErrorKind::TooLong(limit).into()) } else { Ok(Some(message)) }
    }
}

impl Iterator for Mailbox {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.ended {
            return None;
        }
        let message = self.message();
        self.number += 1;
        let content = match message {
            Ok(None) => return None,
            Ok(Some(message)) => Content::Mail(message, Arc::clone(&self.options)),
            Err(error) => {
                self.ended |= !matches!(error.kind(), ErrorKind::TooLong(_));
                Content::Failed(error)
            }
        };
        Some(Record::new(&self.source, At::Record(self.number), content))
    }
}

/// Whether this is the start of a message: lines of known fields.
pub(super) fn is_mail(head: &str) -> bool {
    const FIELDS: [&str; 11] = [
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
        "content-type",
        "x-mailer",
    ];
    let mut known = 0;
    for line in head.lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return false;
        }
        known += usize::from(FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field)));
    }
    known >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: \"A. Writer\" <a@example.org>\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\nMessage-ID: <m1@example.org>\r\n\
        Subject: =?utf-8?q?Rain_in_Sal=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Rain in Sal=E9.</p><p>And Rabat.</p>\r\n";

    #[test]
    fn a_message_is_an_article() {
        assert!(is_mail(MAIL) && !is_mail("Note: this\nIs: text\n\n"));
        let found = article(MAIL.as_bytes(), &ReadOptions::default(), String::new).unwrap();
        assert_eq!((found.id.as_str(), found.title.as_deref()), ("m1@example.org", Some("Rain in Salé")));
        assert_eq!(found.text, "Rain in Salé.\n\nAnd Rabat.");
        assert_eq!(found.source.as_deref(), Some("A. Writer"));
        assert_eq!(found.date.as_deref(), Some("2024-03-05T10:00:00Z"));
    }

    #[test]
    fn mailboxes_are_cut_into_messages() {
        let long = "x".repeat(2000);
        let mbox = format!(
            "From a Tue Mar  5 10:00:00 2024\nSubject: One\n\nIn Riga.\n>From there on.\n\nFrom b Tue\nSubject: Long\n\n{long}\n\nFrom c Tue\nSubject: Two\n\nIn Oslo.\n"
        );
        let options = Arc::new(ReadOptions { max_article_bytes: 1000, ..ReadOptions::default() });
        let reader: Bytes = Box::new(std::io::Cursor::new(mbox.into_bytes()));
        let found: Vec<_> = Mailbox::new(reader, "x.mbox".into(), options).map(Record::article).collect();
        assert_eq!(found[0].as_ref().unwrap().text, "In Riga.\nFrom there on.");
        assert!(found[1].as_ref().unwrap_err().to_string().starts_with("x.mbox: record 2: longer than"));
        let last = found[2].as_ref().unwrap();
        assert_eq!((last.title.as_deref(), last.id.as_str(), found.len()), (Some("Two"), "x.mbox:3", 3));
    }
}
