//! One page for the browser: a map, a list and every sentence, in one file that needs no network.
//!
//! The page holds its data as JSON, its base map packed, and the scripts that draw it. Whatever comes from articles is
//! data to it: it stands in blocks that no browser runs, with every `<` escaped, and is shown as text only. A content
//! security policy names the page's own scripts by their hash and forbids all else, requests included.

mod record;
mod spool;

use super::still::BASEMAP;
use super::{Layer, LayerInfo, Per, Table};
use crate::error::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use geojson::Feature;
use record::Article;
use sha2::{Digest, Sha256};
use spool::{Articles, Places};
use std::collections::HashMap;
use std::io::Write;

const STYLE: &str = include_str!("page.css");
const BODY: &str = include_str!("page.html");
/// d3-geo, d3-zoom, d3-quadtree and what they need, and topojson-client, with their licenses.
const LIBRARIES: &str = include_str!("../../../data/map/libraries.js");
const SCRIPT: &str = concat!(include_str!("map.js"), include_str!("page.js"));

/// The most mentions, and the most articles, that a page has: with more, browsers take long to open it.
const MOST: u64 = 200_000;

/// Writes the page.
///
/// It is made from the tables of articles and of mentions with their sentences
/// ([`write_more`](Layer::write_more)); an article comes before its mentions. Features of the layer's own table say
/// nothing new, and are passed over. Articles and places wait in temporary files; in memory are the ids of places.
///
/// A page of more than 200,000 mentions or articles would be too much for browsers. It has the 200,000 mentions of the
/// places that weigh most in their articles, and says so ([`left_out`](Layer::left_out)).
#[derive(Debug)]
pub struct Page<W> {
    to: W,
    info: LayerInfo,
    most: u64,
    article: Option<Article>,
    articles: Articles,
    places: Places,
    left_out: Option<String>,
}

impl<W: Write> Page<W> {
    /// Writes to `to`. The page's title is that of `info`; its list starts with what `info`'s table is about.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn new(to: W, info: LayerInfo) -> Result<Self> {
        let (articles, places) = (Articles::new()?, Places::new()?);
        Ok(Self { to, info, most: MOST, article: None, articles, places, left_out: None })
    }

    /// Another limit than that of 200,000.
    #[must_use]
    pub fn with_most(self, most: u64) -> Self {
        Self { most, ..self }
    }

    fn head(&mut self, is_whole: bool) -> Result<()> {
        let per = match self.info.schema.per {
            Per::Article => "article",
            Per::Place => "place",
            Per::Mention => "mention",
        };
        let mut info = serde_json::Map::new();
        info.insert("title".into(), self.info.title.clone().into());
        info.insert("per".into(), per.into());
        for (key, value) in self.info.facts() {
            info.insert(key.into(), value.into());
        }
        if !is_whole {
            info.insert("all_mentions".into(), self.articles.mentions.into());
            info.insert("all_articles".into(), self.articles.count.into());
        }
        write!(
            self.to,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
            <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
            <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"{}\">\n\
            <title>Map</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{BODY}",
            policy(),
            LayerInfo::generator(),
        )?;
        let info = serde_json::Value::from(info).to_string();
        writeln!(self.to, "<script type=\"application/json\" id=\"info\">{}</script>", inert(&info))?;
        Ok(())
    }

    /// Takes leave of the article that has been collected.
    fn close_article(&mut self) -> Result<()> {
        self.article.take().map_or(Ok(()), |article| self.articles.add(&article.into_row()))
    }

    /// Writes all articles. Gives the numbers of their places.
    fn all_articles(&mut self) -> Result<Vec<u32>> {
        let (to, mut before) = (&mut self.to, "");
        self.articles.all(|row| {
            write!(to, "{before}\n{}", inert(row))?;
            before = ",";
            Ok(())
        })?;
        Ok((0..self.places.len() as u32).collect())
    }

    /// Writes what there is room for. Gives the numbers of the places in it, in the order of their new numbers.
    fn some_articles(&mut self) -> Result<Vec<u32>> {
        let (to, mut before, mut order) = (&mut self.to, "", Vec::new());
        let mut numbers: HashMap<i64, i64> = HashMap::new();
        let (mut mentions, mut articles) = (0, 0_u64);
        self.articles.heaviest(self.most, |mut row| {
            for mention in &mut row.mentions {
                mention.0 = *numbers.entry(mention.0).or_insert_with_key(|&number| {
                    order.push(number as u32);
                    order.len() as i64 - 1
                });
            }
            mentions += row.mentions.len() as u64;
            articles += 1;
            let row = serde_json::to_string(&row).map_err(std::io::Error::from)?;
            write!(to, "{before}\n{}", inert(&row))?;
            before = ",";
            Ok(())
        })?;
        self.left_out = Some(format!(
            "too much for one page; it has {mentions} of {} mentions in {articles} of {} articles, those of the places \
             that weigh most in their articles. Vector tiles (.pmtiles) have room for all",
            self.articles.mentions, self.articles.count
        ));
        Ok(order)
    }
}

impl<W: Write> Layer for Page<W> {
    fn write(&mut self, _feature: &Feature) -> Result<()> {
        Ok(())
    }

    fn write_more(&mut self, table: Table, feature: &Feature) -> Result<()> {
        match table {
            Table::Articles => {
                self.close_article()?;
                self.article = Some(Article::new(feature));
                Ok(())
            }
            Table::Mentions => {
                let article = self.article.as_mut().ok_or_else(|| Error::usage("a mention came before its article"))?;
                article.add(feature, &mut self.places)
            }
        }
    }

    fn left_out(&self) -> Option<String> {
        self.left_out.clone()
    }

    fn finish(&mut self) -> Result<()> {
        self.close_article()?;
        let is_whole = self.articles.mentions.max(self.articles.count) <= self.most;
        self.head(is_whole)?;
        write!(self.to, "<script type=\"application/json\" id=\"articles\">[")?;
        let order = if is_whole { self.all_articles()? } else { self.some_articles()? };
        write!(self.to, "\n]</script>\n<script type=\"application/json\" id=\"places\">[")?;
        let (to, mut before) = (&mut self.to, "");
        self.places.rows(order.into_iter(), |row| {
            write!(to, "{before}{}", inert(row))?;
            before = ",";
            Ok(())
        })?;
        writeln!(self.to, "]</script>")?;
        writeln!(self.to, "<script type=\"text/plain\" id=\"basemap\">{}</script>", BASE64.encode(BASEMAP))?;
        writeln!(self.to, "<script>{LIBRARIES}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>")?;
        self.to.flush()?;
        Ok(())
    }
}

/// What the page may do: run its two scripts, apply its style, and nothing else.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; script-src {} {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(LIBRARIES),
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// JSON that can stand in a page: without `<`, nothing in it ends its block or starts another, and without the two
/// line separators it is JavaScript too.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_content_leaves_its_block() {
        let title = "</script><script>alert(1)</script><!-- \u{2028}";
        let json = inert(&serde_json::Value::from(title).to_string());
        assert!(!json.contains(['<', '\u{2028}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), title);
    }

    #[test]
    fn scripts_and_styles_cannot_end_early() {
        for text in [LIBRARIES, SCRIPT, STYLE] {
            assert!(!text.to_ascii_lowercase().contains("</s"));
        }
    }

    #[test]
    fn nothing_is_a_page_too() {
        let mut bytes = Vec::new();
        Page::new(&mut bytes, LayerInfo::default()).unwrap().finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("id=\"articles\">[\n]</script>") && text.ends_with("</html>\n"));
    }
}
