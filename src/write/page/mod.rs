//! One page for the browser: a map, a list and every sentence, in one file that needs no network.
//!
//! The page holds its data as JSON, its base map packed, and the scripts that draw it. Whatever comes from articles is
//! data to it: it stands in blocks that no browser runs, with every `<` escaped, and is shown as text only. A content
//! security policy names the page's own scripts by their hash and forbids all else, requests included.

mod record;

use super::still::BASEMAP;
use super::{Layer, LayerInfo, Per, Table};
use crate::error::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use geojson::Feature;
use record::{Article, Places};
use sha2::{Digest, Sha256};
use std::io::Write;

const STYLE: &str = include_str!("page.css");
const BODY: &str = include_str!("page.html");
/// d3-geo, d3-zoom, d3-quadtree and what they need, and topojson-client, with their licenses.
const LIBRARIES: &str = include_str!("../../../data/map/libraries.js");
const SCRIPT: &str = concat!(include_str!("map.js"), include_str!("page.js"));

/// Writes the page.
///
/// It is made from the tables of articles and of mentions with their sentences
/// ([`write_more`](Layer::write_more)); an article comes before its mentions. Features of the layer's own table say
/// nothing new, and are passed over. Articles are written as they come; places are kept until the end, each once.
#[derive(Debug)]
pub struct Page<W> {
    to: W,
    info: LayerInfo,
    is_open: bool,
    article: Option<Article>,
    articles: u64,
    places: Places,
}

impl<W: Write> Page<W> {
    /// Writes to `to`. The page's title is that of `info`; its list starts with what `info`'s table is about.
    pub fn new(to: W, info: LayerInfo) -> Self {
        Self { to, info, is_open: false, article: None, articles: 0, places: Places::default() }
    }

    fn open(&mut self) -> Result<()> {
        if self.is_open {
            return Ok(());
        }
        self.is_open = true;
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
        self.block("info", &serde_json::Value::from(info))?;
        write!(self.to, "<script type=\"application/json\" id=\"articles\">[")?;
        Ok(())
    }

    fn block(&mut self, id: &str, value: &serde_json::Value) -> Result<()> {
        writeln!(self.to, "<script type=\"application/json\" id=\"{id}\">{}</script>", inert(&value.to_string()))?;
        Ok(())
    }

    /// Writes the article that has been collected.
    fn close_article(&mut self) -> Result<()> {
        if let Some(article) = self.article.take() {
            let comma = if self.articles > 0 { "," } else { "" };
            write!(self.to, "{comma}\n{}", inert(&article.into_row().to_string()))?;
            self.articles += 1;
        }
        Ok(())
    }
}

impl<W: Write> Layer for Page<W> {
    fn write(&mut self, _feature: &Feature) -> Result<()> {
        Ok(())
    }

    fn write_more(&mut self, table: Table, feature: &Feature) -> Result<()> {
        self.open()?;
        match table {
            Table::Articles => {
                self.close_article()?;
                self.article = Some(Article::new(feature));
            }
            Table::Mentions => {
                let article = self.article.as_mut().ok_or_else(|| Error::usage("a mention came before its article"))?;
                article.add(feature, &mut self.places);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.open()?;
        self.close_article()?;
        writeln!(self.to, "\n]</script>")?;
        let places = std::mem::take(&mut self.places).into_rows();
        self.block("places", &places)?;
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
        Page::new(&mut bytes, LayerInfo::default()).finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("id=\"articles\">[\n]</script>") && text.ends_with("</html>\n"));
    }
}
