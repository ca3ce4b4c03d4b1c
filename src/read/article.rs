//! An article, as every reader gives it.

use std::ops::Range;

/// One article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Identity: given by the input, or its path and line.
    pub id: String,
    /// Headline. When the text repeats it as its first words, mentions are sought in the text alone.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// Date or date-time, as given.
    pub date: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// ISO 639-1 code of its language, as given.
    pub language: Option<String>,
    /// Mentions that the article brings along, in bytes of `text`.
    pub given_mentions: Option<Vec<Range<usize>>>,
}

/// The part of an article that a span lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The text.
    Text,
}

impl Field {
    /// As the output names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Text => "text",
        }
    }
}

impl Article {
    /// An article of nothing but text.
    ///
    /// ```
    /// let article = mentionmap::Article::new("1", "Floods in Valencia, Spain.");
    /// assert_eq!(article.fields().count(), 1);
    /// ```
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// The fields in which mentions are sought, in reading order.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let title = self.title.as_deref().filter(|title| !self.text.trim_start().starts_with(title.trim()));
        title.map(|title| (Field::Title, title)).into_iter().chain(std::iter::once((Field::Text, self.text.as_str())))
    }

    /// The content of a field.
    pub fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title.as_deref().unwrap_or(""),
            Field::Text => &self.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_headline_is_read_once() {
        let mut article =
            Article { title: Some("Floods in Kerala".into()), ..Article::new("1", "Floods in Kerala. Rain fell.") };
        assert_eq!(article.fields().count(), 1);
        article.title = Some("Rain in Kerala".into());
        assert_eq!(article.fields().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["title", "text"]);
    }
}
