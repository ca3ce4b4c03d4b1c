//! Finding: an article in, its [`Mention`]s out.
//!
//! The [`matcher`](Finder) proposes every span that the gazetteer knows; clues from the words around each span are
//! weighed; overlapping spans are decided as one choice.

mod clues;
mod document;
mod gather;
mod given;
mod judge;
mod known;
mod links;
mod lists;
mod matcher;
mod mention;
mod organizations;
mod roles;
mod sheet;

pub use clues::{CLUES, Clue, CluePoints};
pub use mention::{Link, Mention, Role};

use crate::gazetteer::Gazetteer;
use crate::read::{Article, Field};
use crate::text::Tokens;
use document::Facts;
use sheet::Sheet;

/// Finds mentions; keeps its buffers from article to article.
#[derive(Debug)]
pub struct Finder {
    gazetteer: Gazetteer,
    points: CluePoints,
    tokens: [Tokens; 2],
}

impl Finder {
    /// Finds names of this gazetteer.
    pub fn new(gazetteer: Gazetteer) -> Self {
        Self { gazetteer, points: CluePoints::default(), tokens: Default::default() }
    }

    /// Weighs clues with other points.
    #[must_use]
    pub fn with_points(mut self, points: CluePoints) -> Self {
        self.points = points;
        self
    }

    /// All mentions of places, organizations named after places, and demonyms, in reading order.
    ///
    /// When the article brings mentions along, exactly those are marked as [`Mention::wanted`], and the others that
    /// are found serve as context.
    ///
    /// ```
    /// use mentionmap::{Article, Finder, Gazetteer, Role};
    /// let mut finder = Finder::new(Gazetteer::world()?);
    /// let article = Article::new("1", "The Paris Police Department has its seat in Paris.");
    /// let roles: Vec<_> = finder.find(&article).iter().map(|m| m.role).collect();
    /// assert_eq!(roles, [Role::Organization, Role::Place]);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn find(&mut self, article: &Article) -> Vec<Mention> {
        let fields: Vec<(Field, &str)> = article.fields().collect();
        for &(field, text) in &fields {
            self.tokens[slot(field)].split(text);
        }
        let sheets: Vec<Sheet<'_>> =
            fields.iter().map(|&(field, text)| Sheet::new(text, &self.tokens[slot(field)], &self.gazetteer)).collect();
        let facts = Facts::gather(&sheets);
        let candidates: Vec<_> = sheets.iter().map(|sheet| matcher::candidates(sheet, &facts)).collect();
        let decided = judge::judge(&sheets, &candidates, &facts, &self.points);
        let mut mentions = Vec::new();
        for ((&(field, _), sheet), decided) in fields.iter().zip(&sheets).zip(decided) {
            let decided = match article.given_mentions.as_deref().filter(|_| field == Field::Text) {
                Some(given) => given::merge(sheet, decided, given),
                None => decided,
            };
            let from = mentions.len();
            mentions.extend(decided.iter().map(|d| links::mention(sheet, field, d)));
            links::connect(sheet, &mut mentions[from..]);
        }
        if let Some(given) = &article.given_mentions {
            for mention in &mut mentions {
                mention.wanted = mention.field == Field::Text && given.contains(&(mention.start..mention.end));
            }
            given::add_wordless(given, &mut mentions);
        }
        mentions
    }
}

/// The buffer of a field's tokens.
fn slot(field: Field) -> usize {
    usize::from(field == Field::Text)
}
