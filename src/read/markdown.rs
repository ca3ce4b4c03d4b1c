//! Markdown: a file is an article; its markup is left out, and offsets count the text that remains.

use super::{Article, ReadOptions, encoding};
use crate::error::{ErrorKind, Result};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

pub(super) fn article(bytes: Vec<u8>, options: &ReadOptions, id: impl FnOnce() -> String) -> Result<Article> {
    let source = encoding::decode(bytes, options.encoding, None)?;
    let (title, text) = markdown_to_text(&source);
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    Ok(Article { title, ..Article::new(id(), text) })
}

/// The first heading of the first level, and the text without markup. Blocks are set apart by empty lines; code and
/// raw HTML are left out, and so is a YAML front matter.
///
/// ```
/// let (title, text) = mentionmap::read::markdown_to_text("# Aid\n\nTo *Al-Hol*, in [Syria](https://example.org).");
/// assert_eq!(title.as_deref(), Some("Aid"));
/// assert_eq!(text, "Aid\n\nTo Al-Hol, in Syria.\n\n");
/// ```
pub fn markdown_to_text(source: &str) -> (Option<String>, String) {
    let mut text = String::with_capacity(source.len());
    let mut title = None;
    let mut title_from = None;
    let mut hidden = 0u32;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(source, options) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => hidden += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                hidden = hidden.saturating_sub(1);
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if title.is_none() => {
                title_from = Some(text.len());
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                if let Some(from) = title_from.take() {
                    title = Some(text[from..].trim().to_owned());
                }
                text.push_str("\n\n");
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::BlockQuote(_),
            )
                // A list item may hold paragraphs of its own: one empty line is enough.
                if !text.ends_with("\n\n") => {
                    text.push_str("\n\n");
                }
            Event::End(TagEnd::TableCell) => text.push_str("; "),
            Event::Text(part) if hidden == 0 => text.push_str(&part),
            Event::Code(part) if hidden == 0 => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            _ => {}
        }
    }
    (title.filter(|t| !t.is_empty()), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_markup_out() {
        let (title, text) = markdown_to_text(
            "---\nx: 1\n---\nIntro\n\n# A **map**\n\n* Mosul\n* Erbil\n\n```\nParis\n```\n\n> quoted\n",
        );
        assert_eq!(title.as_deref(), Some("A map"));
        assert_eq!(text, "Intro\n\nA map\n\nMosul\n\nErbil\n\nquoted\n\n");
    }
}
