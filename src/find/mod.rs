//! Finding: an article in, its [`Mention`]s out.
//!
//! The [`matcher`](Finder) proposes every span that the gazetteer knows; clues from the words around each span are
//! weighed; overlapping spans are decided as one choice.

mod clues;
mod document;
mod judge;
mod links;
mod matcher;
mod mention;
mod sheet;

pub use clues::{CLUES, Clue, CluePoints};
pub use mention::{Link, Mention, Role};

use crate::gazetteer::Gazetteer;
use crate::read::{Article, Field};
use crate::text::{Tokens, name_key};
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
            let text = article.field(field);
            let at = usize::from(field == Field::Text);
            let sheet = Sheet::new(text, &self.tokens[at], &self.gazetteer);
            let from = mentions.len();
            mentions.extend(decided.iter().map(|d| links::mention(&sheet, field, d)));
            links::connect(&sheet, &mut mentions[from..]);
        }
        if let Some(given) = &article.given_mentions {
            self.take_given(article, given, &mut mentions);
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

    /// Marks the given mentions as wanted, adding those that were not found.
    fn take_given(&self, article: &Article, given: &[Range<usize>], mentions: &mut Vec<Mention>) {
        for mention in mentions.iter_mut() {
            mention.wanted = false;
        }
        for span in given {
            let same = |m: &&mut Mention| m.field == Field::Text && m.start == span.start && m.end == span.end;
            if let Some(mention) = mentions.iter_mut().find(same) {
                mention.wanted = true;
                continue;
            }
            // What overlaps it is another reading of the same words, and no context.
            let overlapped = mentions
                .iter()
                .position(|m| m.field == Field::Text && !m.wanted && m.start < span.end && span.start < m.end);
            let (name, cue, link) = match overlapped {
                Some(at) => {
                    let other = &mentions[at];
                    (self.given_name(&article.text[span.clone()]).or(Some(other.name)), other.cue, other.link)
                }
                None => (self.given_name(&article.text[span.clone()]), None, Link::None),
            };
            mentions.retain(|m| m.wanted || m.field != Field::Text || m.end <= span.start || span.end <= m.start);
            mentions.push(Mention {
                field: Field::Text,
                start: span.start,
                end: span.end,
                role: Role::Place,
                probability: 1.0,
                name: name.unwrap_or(crate::gazetteer::Name::NONE),
                cue,
                link,
                wanted: true,
            });
        }
        mentions.sort_by_key(|m| (m.field, m.start, m.end));
    }

    /// The longest run of a given span's words that is a name, the first of equals.
    fn given_name(&self, surface: &str) -> Option<crate::gazetteer::Name> {
        let key = name_key(surface);
        let words: Vec<&str> = key.split(' ').collect();
        for length in (1..=words.len()).rev() {
            for run in words.windows(length) {
                if let Some(name) = self.gazetteer.name(&run.join(" ")) {
                    return Some(name);
                }
            }
        }
        None
    }
}
