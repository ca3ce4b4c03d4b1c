//! The sentence around a span, for people to read.

use std::ops::Range;

/// The most bytes on either side of the span.
const REACH: usize = 400;

/// The sentence that holds `span`, white space trimmed; a long one is cut.
///
/// ```
/// use mentionmap::text::sentence;
/// assert_eq!(sentence("Rain fell. In Kerala it did not stop. Dams broke.", 14..20), "In Kerala it did not stop.");
/// ```
pub fn sentence(text: &str, span: Range<usize>) -> &str {
    &text[sentence_range(text, span)]
}

/// Where the sentence that holds `span` stands, in bytes: [`sentence`] gives its text.
pub fn sentence_range(text: &str, span: Range<usize>) -> Range<usize> {
    let mut from = span.start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (span.end + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let before = &text[from..span.start];
    let start = ends(before).last().map_or(from, |at| from + at);
    let after = &text[span.end..to];
    let end = ends(after).next().map_or(to, |at| span.end + at);
    let whole = &text[start..end];
    let start = start + whole.len() - whole.trim_start().len();
    start..start + whole.trim().len()
}

/// The bytes after the ends of sentences: a full stop and a space before a capital, or an empty line.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(move |(at, c)| {
        let rest = &text[at + c.len_utf8()..];
        let stop = matches!(c, '.' | '!' | '?' | '。' | '؟')
            && rest.starts_with([' ', '\n', '”', '"'])
            && rest.trim_start().chars().next().is_none_or(|n| !n.is_lowercase());
        let blank = c == '\n' && rest.starts_with('\n');
        (stop || blank).then_some(at + c.len_utf8())
    })
}
