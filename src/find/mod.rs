//! Finding: an article in, its [`Mention`]s out.
//!
//! The [`matcher`](Finder) proposes every span that the gazetteer knows; clues from the words around each span are
//! weighed; overlapping spans are decided as one choice.

mod clues;
mod document;
mod given;
mod judge;
mod links;
mod matcher;
mod mention;
mod sheet;

pub use clues::{CLUES, Clue, CluePoints};
pub use mention::{Link, Mention, Role};

use crate::gazetteer::Gazetteer;
use crate::read::{Article, Field};
use crate::text::Tokens;
use matcher::Candidate;
use sheet::Sheet;
use std::ops::Range;

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
        let mut mentions = Vec::new();
        for (field, decided) in self.decide(article) {
            let at = usize::from(field == Field::Text);
            let sheet = Sheet::new(article.field(field), &self.tokens[at], &self.gazetteer);
            let given = article.given_mentions.as_deref();
            let decided = match given.filter(|_| field == Field::Text) {
                Some(given) => given::merge(&sheet, decided, given),
                None => decided,
            };
            let from = mentions.len();
            mentions.extend(decided.iter().map(|d| links::mention(&sheet, field, d)));
            links::connect(&sheet, &mut mentions[from..]);
        }
        if let Some(given) = &article.given_mentions {
            let is_given = |m: &Mention| m.field == Field::Text && given.contains(&(m.start..m.end));
            mentions.iter_mut().for_each(|m| m.wanted = is_given(m));
            given::add_wordless(given, &mut mentions);
        }
        mentions
    }

    /// The candidates of an article with their clues: what a judge is trained on.
    pub fn candidates(&mut self, article: &Article) -> Vec<(Field, Range<usize>, Vec<(Clue, f32)>)> {
        let mut found = Vec::new();
        for (field, sheet, candidates, facts) in self.propose(article) {
            for c in &candidates {
                found.push((field, c.span.clone(), clues::clues(&sheet, c, &facts, &candidates)));
            }
        }
        found
    }

    fn decide(&mut self, article: &Article) -> Vec<(Field, Vec<judge::Decided>)> {
        let points = self.points.clone();
        judge::judge(self.propose(article), &points)
    }

    fn propose<'a>(&'a mut self, article: &'a Article) -> Vec<(Field, Sheet<'a>, Vec<Candidate>, document::Facts)> {
        let fields: Vec<(Field, &str)> = article.fields().collect();
        for &(field, text) in &fields {
            self.tokens[usize::from(field == Field::Text)].split(text);
        }
        let sheets: Vec<(Field, Sheet<'_>)> = fields
            .iter()
            .map(|&(field, text)| {
                (field, Sheet::new(text, &self.tokens[usize::from(field == Field::Text)], &self.gazetteer))
            })
            .collect();
        let facts = document::Facts::gather(sheets.iter().map(|(_, sheet)| sheet));
        sheets
            .into_iter()
            .map(|(field, sheet)| {
                let candidates = matcher::candidates(&sheet, &facts);
                (field, sheet, candidates, facts.clone())
            })
            .collect()
    }
}
