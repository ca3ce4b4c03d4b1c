//! Plain text: a file is an article.

use super::{Article, ReadOptions, encoding};
use crate::error::Result;

/// A first line longer than this, in bytes, is no headline.
const LONGEST_HEADLINE: usize = 200;

pub(super) fn article(bytes: Vec<u8>, options: &ReadOptions, id: impl FnOnce() -> String) -> Result<Article> {
    let text = encoding::decode(bytes, options.encoding, None)?;
    let title = headline(&text).map(str::to_owned);
    Ok(Article { title, ..Article::new(id(), text) })
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

    #[test]
    fn takes_the_headline() {
        let read = |text: &str| article(text.into(), &ReadOptions::default(), || "x".into()).unwrap();
        let found = read("\u{FEFF}Floods in Kerala\n\nRain fell.");
        assert_eq!(found.title.as_deref(), Some("Floods in Kerala"));
        assert!(found.text.starts_with("Floods"));
        assert_eq!(read("Rain\nfell\n\nand fell").title, None);
    }
}
