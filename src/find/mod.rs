//! Finding: an article in, its [`Mention`]s out.
//!
//! The [`matcher`](Finder) proposes every span that the gazetteer knows; clues from the words around each span are
//! weighed; overlapping spans are decided as one choice.

mod book;
mod clues;
mod document;
mod features;
mod gather;
mod given;
mod judge;
mod known;
mod layout;
mod lexical;
mod lexicon;
mod links;
mod lists;
mod matcher;
mod mention;
mod misspelled;
mod organizations;
mod parts;
mod phrases;
mod rivals;
mod roles;
mod sheet;
mod unlisted;

pub use features::{WIDTH, names as feature_names};
pub use mention::{Link, Mention, Role};

use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::model::Trees;
use crate::read::{Article, Field};
use crate::text::{Tokens, Vocabulary};
use book::Book;
use document::Facts;
use judge::Judge;
use layout::Layout;
use lexicon::Lexicon;
use matcher::Candidate;
use misspelled::Misspelled;
use rustc_hash::FxHashSet;
use sheet::{Shared, Sheet};
use std::ops::Range;

/// Finds mentions; keeps its buffers from article to article.
#[derive(Debug)]
pub struct Finder {
    gazetteer: Gazetteer,
    judge: Judge,
    misspelled: Misspelled,
    memory: Memory,
}

/// What is kept from article to article: buffers, and what words and names were found to be.
#[derive(Debug, Default)]
struct Memory {
    tokens: [Tokens; 2],
    layouts: [Layout; 2],
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    book: Book,
}

/// A candidate and what the judge reads of it, to train one.
#[derive(Clone, Debug)]
pub struct Example {
    /// The part of the article that it lies in.
    pub field: Field,
    /// Its bytes.
    pub span: Range<usize>,
    /// Its features, in the order of [`feature_names`].
    pub features: Vec<f32>,
    /// Log-odds that the hand-set points give it: what the trees start from.
    pub prior: f32,
    /// Hashes of the words around it, which a linear model weighs.
    pub context: Vec<u32>,
    /// The same of its own words.
    pub name: Vec<u32>,
}

/// An article as far as it has been read: its fields with their words, and every candidate in them.
struct Draft<'a> {
    fields: Vec<Field>,
    sheets: Vec<Sheet<'a>>,
    facts: Facts,
    candidates: Vec<Vec<Candidate>>,
}

impl Clone for Finder {
    /// With buffers of its own.
    fn clone(&self) -> Self {
        Self { judge: self.judge.clone(), ..Self::new(self.gazetteer.clone()) }
    }
}

impl Finder {
    /// Finds names of this gazetteer.
    pub fn new(gazetteer: Gazetteer) -> Self {
        Self { gazetteer, judge: Judge::shipped(), misspelled: Misspelled::default(), memory: Memory::default() }
    }

    /// Decides with a judge of one's own.
    ///
    /// # Errors
    /// When it was trained on other features than [`feature_names`].
    pub fn with_judge(mut self, judge: Trees) -> Result<Self> {
        self.judge = Judge::new(judge)?;
        Ok(self)
    }

    /// Every span of an article that is a name of the gazetteer, with what the judge reads of it.
    pub fn examples(&mut self, article: &Article) -> Vec<Example> {
        let draft = draft(&self.gazetteer, &mut self.memory, &article.fields().collect::<Vec<_>>());
        let rows = self.judge.rows(&draft.sheets, &draft.candidates, &draft.facts);
        let mut examples = Vec::new();
        for (((&field, sheet), candidates), rows) in
            draft.fields.iter().zip(&draft.sheets).zip(&draft.candidates).zip(&rows)
        {
            for (candidate, row) in candidates.iter().zip(rows.iter()) {
                let (mut context, mut name) = (Vec::new(), Vec::new());
                lexical::context(sheet, candidate, |hash| context.push(hash));
                lexical::name(sheet, candidate, |hash| name.push(hash));
                examples.push(Example {
                    field,
                    span: candidate.span.clone(),
                    features: row.to_vec(),
                    prior: judge::prior(row),
                    context,
                    name,
                });
            }
        }
        examples
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
        let given = article.given_mentions.as_deref();
        let mut mentions = Vec::new();
        let mut title = article.fields().find(|(field, _)| *field == Field::Title).map(|(_, title)| title);
        if let Some(long) = title.filter(|title| title.len() > parts::LONG) {
            for part in parts::parts(long, &[]) {
                self.find_part(Some((long, part.clone())), ("", 0..0), None, &mut mentions);
            }
            title = None;
        }
        for part in parts::parts(&article.text, given.unwrap_or_default()) {
            let title = title.take().map(|title| (title, 0..title.len()));
            self.find_part(title, (&article.text, part), given, &mut mentions);
        }
        if let Some(given) = &article.given_mentions {
            let spans: FxHashSet<&Range<usize>> = given.iter().collect();
            for mention in &mut mentions {
                mention.wanted = mention.field == Field::Text && spans.contains(&(mention.start..mention.end));
                mention.local &= mention.wanted;
            }
            given::add_wordless(given, &mut mentions);
        }
        mentions
    }

    /// Adds the mentions of a part of the headline and of one of the text, and among them those of the given ones that
    /// start there.
    fn find_part(
        &mut self,
        title: Option<(&str, Range<usize>)>,
        (text, part): (&str, Range<usize>),
        given: Option<&[Range<usize>]>,
        mentions: &mut Vec<Mention>,
    ) {
        let from = mentions.len();
        let starts = [title.as_ref().map_or(0, |(_, part)| part.start), part.start];
        let given: Option<Vec<_>> = given.map(|all| {
            let inside = all.iter().filter(|span| part.contains(&span.start));
            inside.map(|span| span.start - part.start..span.end - part.start).collect()
        });
        let title = title.map(|(title, part)| (Field::Title, &title[part]));
        let fields: Vec<_> = title.into_iter().chain([(Field::Text, &text[part])]).collect();
        self.find_in(&fields, given.as_deref(), mentions);
        for mention in &mut mentions[from..] {
            mention.start += starts[slot(mention.field)];
            mention.end += starts[slot(mention.field)];
        }
    }

    /// The same of fields as they are.
    fn find_in(&mut self, fields: &[(Field, &str)], given: Option<&[Range<usize>]>, mentions: &mut Vec<Mention>) {
        let draft = draft(&self.gazetteer, &mut self.memory, fields);
        let decided = self.judge.decide(&draft.sheets, &draft.candidates, &draft.facts);
        for (((&field, sheet), candidates), mut decided) in
            draft.fields.iter().zip(&draft.sheets).zip(&draft.candidates).zip(decided)
        {
            let misspelled = self.misspelled.find(sheet, candidates);
            if !misspelled.is_empty() {
                decided.extend(misspelled);
                decided.sort_by_key(|d| d.span.start);
            }
            let decided = match given.filter(|_| field == Field::Text) {
                Some(given) => given::merge(sheet, decided, given),
                None => decided,
            };
            let from = mentions.len();
            mentions.extend(decided.iter().map(|d| links::mention(sheet, field, d)));
            if given.is_some() {
                for (mention, decided) in mentions[from..].iter_mut().zip(&decided) {
                    mention.local = unlisted::is_local(sheet, &decided.words);
                }
            }
            links::connect(sheet, &mut mentions[from..]);
        }
    }
}

/// Splits fields into words and seeks candidates in them.
fn draft<'a>(gazetteer: &'a Gazetteer, memory: &'a mut Memory, fields: &[(Field, &'a str)]) -> Draft<'a> {
    let Memory { tokens, layouts, vocabulary, lexicon, book } = memory;
    vocabulary.bound();
    for &(field, text) in fields {
        tokens[slot(field)].split_in(text, Some(&mut *vocabulary));
        layouts[slot(field)].fill(tokens[slot(field)].as_slice());
    }
    lexicon.learn(gazetteer, vocabulary);
    let (tokens, layouts, vocabulary, lexicon) = (&*tokens, &*layouts, &*vocabulary, &*lexicon);
    // Which names there are is known when all candidates are found; until then no book is asked.
    let (facts, candidates) = {
        let nothing = Book::default();
        let sheets = sheets(fields, tokens, layouts, Shared { gazetteer, vocabulary, lexicon, book: &nothing });
        let facts = Facts::gather(&sheets);
        let candidates: Vec<_> = sheets.iter().map(|sheet| matcher::candidates(sheet, &facts)).collect();
        (facts, candidates)
    };
    book.learn(gazetteer, candidates.iter().flatten());
    let sheets = sheets(fields, tokens, layouts, Shared { gazetteer, vocabulary, lexicon, book });
    Draft { fields: fields.iter().map(|f| f.0).collect(), sheets, facts, candidates }
}

fn sheets<'a>(
    fields: &[(Field, &'a str)],
    tokens: &'a [Tokens; 2],
    layouts: &'a [Layout; 2],
    shared: Shared<'a>,
) -> Vec<Sheet<'a>> {
    let of_field = |&(field, text): &(Field, &'a str)| {
        Sheet::new(field, text, &tokens[slot(field)], &layouts[slot(field)], shared)
    };
    fields.iter().map(of_field).collect()
}

/// The buffer of a field's tokens.
fn slot(field: Field) -> usize {
    usize::from(field == Field::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_changes_nothing() {
        let world = Gazetteer::world().unwrap();
        let mut finder = Finder::new(world.clone());
        let texts = [
            "Troops entered Raqqa, Syria, on Monday. Raqqa's governor left for Deir ez-Zor.",
            "In Paris, Texas, Mr. Paris met Jordan Smith of Jordan. U.S. troops left Lincoln Street.",
            "Жители Москвы и Нижнего Новгорода. في الرقة وحلب. Près de l'Aquila, d'Alger et de Saint-Étienne.",
            "RAQQA — Raqqa, raqqa and St. John's; Washington, D.C., and Washington state.",
        ];
        for text in texts.iter().chain(&texts) {
            let article = Article::new("1", *text);
            let fresh = Finder::new(world.clone()).find(&article);
            assert_eq!(finder.find(&article), fresh, "{text}");
        }
    }
}
