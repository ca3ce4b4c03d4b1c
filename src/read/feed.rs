//! Feeds, RSS and Atom: an article an entry.

use super::record::{At, Content};
use super::{Article, ReadOptions, Record, encoding, markup, page};
use crate::error::{Error, ErrorKind, Result};
use feed_rs::model::Entry;
use std::sync::Arc;

/// The entries of a feed. A feed is read whole: it is as long as an article may be at most.
pub(super) fn read(
    bytes: Vec<u8>,
    source: &Arc<str>,
    options: &ReadOptions,
) -> Result<impl Iterator<Item = Record> + Send + 'static> {
    let declared = declared_encoding(&bytes);
    let xml = encoding::decode(bytes, options.encoding, declared.as_deref())?;
    markup::check_nesting(&xml, options.max_nesting)?;
    // What the prolog declares holds no longer.
    let body = match xml.trim_start().strip_prefix("<?xml") {
        Some(prolog) => prolog.split_once("?>").map_or(prolog, |(_, body)| body),
        None => &xml,
    };
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    let feed = page::guarded("feed", || parser.parse(body.as_bytes()))?
        .map_err(|e| Error::format(format!("cannot be read as RSS or Atom: {e}")))?;
    let publisher = feed.title.map(|t| markup::html_to_text(&t.content)).filter(|t| !t.is_empty());
    let source = Arc::clone(source);
    let language = feed.language;
    Ok(feed.entries.into_iter().zip(1..).map(move |(entry, number)| {
        let content = match article(entry, publisher.as_deref(), language.as_deref()) {
            Ok(article) => Content::Ready(Box::new(article)),
            Err(error) => Content::Failed(error),
        };
        Record::new(&source, At::Record(number), content)
    }))
}

fn article(entry: Entry, publisher: Option<&str>, language: Option<&str>) -> Result<Article> {
    let body = entry.content.and_then(|c| c.body).map(|body| markup::html_to_text(&body));
    let summary = entry.summary.map(|s| markup::html_to_text(&s.content));
    let text = body.into_iter().chain(summary).find(|t| !t.trim().is_empty()).unwrap_or_default();
    let title = entry.title.map(|t| markup::html_to_text(&t.content)).filter(|t| !t.is_empty());
    if text.is_empty() && title.is_none() {
        return Err(ErrorKind::Empty.into());
    }
    let link = entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    Ok(Article {
        id: entry.id,
        title,
        date: entry.published.or(entry.updated).map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        url: link.map(|l| l.href.clone()),
        source: publisher.map(str::to_owned),
        language: entry.language.as_deref().or(language).map(str::to_owned),
        given_mentions: None,
        text,
    })
}

/// The encoding that the XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start_matches([' ', '=']);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(xml: &str) -> Vec<Article> {
        let options = ReadOptions::default();
        read(xml.as_bytes().to_vec(), &"x".into(), &options).unwrap().map(|r| r.article().unwrap()).collect()
    }

    #[test]
    fn rss_and_atom() {
        let rss = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>The Example</title><language>en</language>\
            <item><guid>a1</guid><title>Rain &amp;amp; snow</title><link>https://example.org/a1</link>\
            <pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate><description>&lt;p&gt;In Riga.&lt;/p&gt;&lt;p&gt;In Tallinn.&lt;/p&gt;</description></item></channel></rss>";
        let found = &entries(rss)[0];
        assert_eq!((found.id.as_str(), found.title.as_deref()), ("a1", Some("Rain & snow")));
        assert_eq!(
            (found.text.as_str(), found.date.as_deref()),
            ("In Riga.\n\nIn Tallinn.", Some("2024-03-05T10:00:00Z"))
        );
        assert_eq!(
            (found.url.as_deref(), found.source.as_deref()),
            (Some("https://example.org/a1"), Some("The Example"))
        );
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><id>f</id><title>X</title><updated>2024-03-05T10:00:00Z</updated>\
            <entry><id>b2</id><title>Hail</title><updated>2024-03-05T10:00:00Z</updated><content type='html'>In &lt;b&gt;Vilnius&lt;/b&gt;.</content></entry></feed>";
        assert_eq!(entries(atom)[0].text, "In Vilnius.");
    }
}
