//! Long texts are read in parts, as if each were a text of its own: memory for what is known of every word and every
//! candidate is that of a part, and what is remembered of names suffices for one.

use std::ops::Range;

/// Texts of more bytes are long; few books are.
pub(super) const LONG: usize = 512 << 10;
/// The most bytes of a part, unless a given span is longer.
const PART: usize = 256 << 10;
/// Where a part may end, the better one first: it ends after one of these in its last quarter.
const ENDS: [&str; 4] = ["\n\n", "\n", ". ", " "];

/// The parts of a text, in order; a text that is not long is one. None of the spans is cut.
pub(super) fn parts(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    if text.len() > LONG {
        let mut spans: Vec<&Range<usize>> = spans.iter().collect();
        spans.sort_unstable_by_key(|span| span.start);
        let mut spans = spans.into_iter().peekable();
        // The end of all spans that start before the part's end.
        let mut reach = 0;
        while text.len() - from > PART {
            let mut end = end(text, from);
            while let Some(span) = spans.next_if(|span| span.start < end.max(reach)) {
                reach = reach.max(span.end);
            }
            end = text.ceil_char_boundary(end.max(reach));
            parts.push(from..end);
            from = end;
        }
    }
    if from < text.len() || parts.is_empty() {
        parts.push(from..text.len());
    }
    parts
}

/// Where a part ends that begins there, and that the text is longer than.
fn end(text: &str, from: usize) -> usize {
    let to = text.floor_char_boundary(from + PART);
    let last = text.ceil_char_boundary(to - PART / 4);
    let quarter = &text[last..to];
    ENDS.iter().find_map(|end| Some(last + quarter.rfind(end)? + end.len())).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, Finder, Gazetteer};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn parts_are_the_whole(
            unit in "[a-cé東 .\n]{1,9}",
            length in 0..4 * PART,
            spans in prop::collection::vec((0..4 * PART, 0..PART), 0..40),
        ) {
            let text = unit.repeat(length / unit.len());
            let inside = |at: usize| text.floor_char_boundary(at);
            let spans: Vec<_> = spans.into_iter().map(|(at, length)| inside(at)..inside(at + length)).collect();
            let parts = parts(&text, &spans);
            let whole: String = parts.iter().map(|part| &text[part.clone()]).collect();
            prop_assert!(whole == text);
            prop_assert!(parts.len() == 1 || parts.iter().all(|part| !part.is_empty()));
            prop_assert!(text.len() <= LONG || parts.len() > 1 || !spans.is_empty());
            prop_assert!(!spans.is_empty() || parts.len() == 1 || parts.iter().all(|part| part.len() <= PART));
            for part in &parts[1..] {
                prop_assert!(spans.iter().all(|span| !(span.start < part.start && part.start < span.end)));
            }
        }
    }

    #[test]
    fn a_long_text_is_read_to_its_end() {
        let paragraph = "Rain fell in Riga, Latvia, and in Lyon, France. Nobody was hurt.\n\n";
        let text = paragraph.repeat(LONG / paragraph.len() + 1);
        let given: Vec<_> = text.match_indices("Lyon, France").map(|(at, found)| at..at + found.len()).collect();
        let mut finder = Finder::new(Gazetteer::world().unwrap());
        let mentions = finder.find(&Article::new("1", text.as_str()));
        let told: Vec<&str> = mentions.iter().map(|m| &text[m.start..m.end]).collect();
        assert_eq!(told.len(), 4 * given.len());
        assert!(told.chunks(4).all(|names| names == ["Riga", "Latvia", "Lyon", "France"]));
        let article = Article { given_mentions: Some(given.clone()), ..Article::new("1", text) };
        let mentions = finder.find(&article);
        let wanted: Vec<_> = mentions.iter().filter(|m| m.wanted).map(|m| m.start..m.end).collect();
        assert_eq!(wanted, given);
        assert_eq!(mentions.len(), 3 * given.len());
    }
}
