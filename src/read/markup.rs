//! HTML fragments to text, and how deep markup is nested.

use crate::error::{Error, Result};
use mail_parser::decoders::html::add_html_token;

/// Elements that set their content apart from what stands around.
const BLOCKS: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tr",
    "ul",
    "title",
];

/// Elements whose content nobody reads.
const HIDDEN: [&str; 8] = ["head", "script", "style", "template", "noscript", "svg", "iframe", "object"];

/// Elements without content, and those that the next of their kind ends: they do not nest.
const FLAT: [&str; 32] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup", "rp", "rt",
    "body", "html", "head",
];

/// The text of a fragment of HTML: markup left out, entities decoded, blocks set apart by empty lines.
///
/// ```
/// let text = mentionmap::read::html_to_text("<p>Rain &amp; snow<br>in <b>Riga</b></p><ul><li>Latvia<li>Estonia</ul>");
/// assert_eq!(text, "Rain & snow\nin Riga\n\nLatvia\n\nEstonia");
/// ```
pub fn html_to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut hidden: Option<&str> = None;
    for token in Tokens(html) {
        match token {
            Token::Text(part) if hidden.is_none() => push_text(&mut text, part),
            Token::Text(_) => {}
            Token::Tag { name, closing, .. } => {
                if let Some(element) = hidden {
                    if closing && name.eq_ignore_ascii_case(element) {
                        hidden = None;
                    }
                } else if !closing && let Some(element) = known(&HIDDEN, name) {
                    hidden = Some(element);
                } else if name.eq_ignore_ascii_case("br") {
                    trim(&mut text);
                    text.push('\n');
                } else if known(&BLOCKS, name).is_some() {
                    trim(&mut text);
                    while !text.is_empty() && !text.ends_with("\n\n") {
                        text.push('\n');
                    }
                } else if !closing && (name.eq_ignore_ascii_case("td") || name.eq_ignore_ascii_case("th")) {
                    push_text(&mut text, " ");
                }
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn known(elements: &[&'static str], name: &str) -> Option<&'static str> {
    elements.iter().find(|element| name.eq_ignore_ascii_case(element)).copied()
}

fn trim(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
}

/// Adds text with its entities decoded; runs of white space become one space.
fn push_text(text: &mut String, part: &str) {
    let mut rest = part;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if c.is_ascii_whitespace() {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        } else if c == '&'
            && let Some(entity) = entity(rest)
        {
            add_html_token(text, entity.as_bytes(), false);
            length = entity.len();
        } else {
            text.push(c);
        }
        rest = &rest[length..];
    }
}

/// `&name;` or `&#number;` at the start of a text.
fn entity(text: &str) -> Option<&str> {
    let end = text.bytes().take(34).position(|b| b == b';')?;
    let name = text[1..end].strip_prefix('#').unwrap_or(&text[1..end]);
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| &text[..=end])
}

/// An error when elements are nested deeper than `limit`: parsers would take long, or exhaust their stack.
pub(super) fn check_nesting(markup: &str, limit: usize) -> Result<()> {
    let mut depth = 0_usize;
    for token in Tokens(markup) {
        let Token::Tag { name, closing, empty } = token else { continue };
        if empty || known(&FLAT, name).is_some() {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        if depth > limit {
            let message = format!("elements are nested deeper than {limit}; raise --max-nesting if that is right");
            return Err(Error::limit(message));
        }
    }
    Ok(())
}

enum Token<'t> {
    Text(&'t str),
    Tag {
        name: &'t str,
        closing: bool,
        /// Closed where it is opened, `<a/>`.
        empty: bool,
    },
}

/// Splits markup into tags and text; comments and declarations are left out.
struct Tokens<'t>(&'t str);

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let Self(rest) = *self;
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                self.0 = &rest[end..];
                return Some(Token::Text(&rest[..end]));
            };
            if let Some(comment) = tag.strip_prefix("!--") {
                self.0 = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            if let Some(data) = tag.strip_prefix("![CDATA[") {
                self.0 = data.find("]]>").map_or("", |end| &data[end + 3..]);
                continue;
            }
            let closing = tag.starts_with('/');
            let named = tag.strip_prefix('/').unwrap_or(tag);
            if !named.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
                // "a < b" is text.
                self.0 = tag;
                return Some(Token::Text("<"));
            }
            let end = tag_end(named);
            let inner = &named[..end];
            self.0 = named.get(end + 1..).unwrap_or("");
            let name = inner.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
            if name.starts_with(['!', '?']) {
                continue;
            }
            // What these hold is no markup.
            if !closing && let Some(element) = known(&["script", "style"], name) {
                let close = format!("</{element}");
                let at = find_ignoring_case(self.0, &close).unwrap_or(self.0.len());
                self.0 = &self.0[at..];
            }
            return Some(Token::Tag { name, closing, empty: inner.ends_with('/') });
        }
    }
}

/// Where a tag ends: at its `>`, but not at one within quotes.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && byte == b' ');
    }
    // A quote that never ends is none.
    tag.find('>').unwrap_or(tag.len())
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_left_out() {
        for (html, text) in [
            ("<div>Mosul</div><div>Erbil</div>", "Mosul\n\nErbil"),
            ("a<script>if (a < b) { x('</p>') }</script> b<!-- <p> -->c", "a bc"),
            ("1 < 2 &amp; 3&nbsp;&#8212; &unknown; AT&T; &", "1 < 2 & 3\u{A0}— &unknown; AT&T; &"),
            ("<a title=\"x > y\" href='z'>Riga</a>", "Riga"),
            ("  \n <p> a \n\n b </p> ", "a b"),
            ("<td>Riga</td><td>Tallinn</td>", "Riga Tallinn"),
            ("cut <a href=\"x", "cut"),
            ("&", "&"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn depth_is_limited() {
        assert!(check_nesting(&"<div>".repeat(401), 400).is_err());
        assert!(check_nesting(&"<p><br><li><td><div></div>".repeat(10_000), 400).is_ok());
        assert!(check_nesting(&"<a/>".repeat(1000), 400).is_ok());
        assert!(check_nesting(&"</div>".repeat(1000), 400).is_ok());
    }
}
