//! Wikipedia's links, as choices for the ranker: the title of the page that a mention leads to says where its place
//! lies, if it is told apart from its namesakes ("Springfield,_Illinois").

use super::corpus::Choice;
use super::material::{self, Line};
use anyhow::Result;
use mentionmap::resolve::Outlet;
use mentionmap::text::{CodePoints, name_key};
use mentionmap::{Article, Finder, Gazetteer, Place, Resolver};
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

/// A mention in bytes of its paragraph, and the region that its title tells, as a key.
type Told = (Range<usize>, String);

/// Paragraphs with such links.
pub(super) struct Linked {
    articles: Vec<(Article, Vec<Told>)>,
}

impl Linked {
    /// Reads the paragraphs in which a mention leads to a page of its own name, a comma, and a region.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut articles = Vec::new();
        for line in material::lines(&material::linked_file(folder))? {
            let Line { text, links, .. } = line?;
            let mut at = CodePoints::new(&text);
            let told: Vec<Told> = links
                .iter()
                .map(|link| (at.byte(link.start)..at.byte(link.end), link.title.replace('_', " ")))
                .filter_map(|(span, title)| {
                    let (name, region) = title.split_once(", ")?;
                    (name_key(text.get(span.clone())?) == name_key(name)).then(|| (span, name_key(region)))
                })
                .collect();
            if !told.is_empty() {
                let spans = told.iter().map(|(span, _)| span.clone()).collect();
                articles.push((Article { given_mentions: Some(spans), ..Article::new("", text) }, told));
            }
        }
        Ok(Self { articles })
    }

    /// What the ranker learns from them: mentions of which some places lie in the region of the title, and others do
    /// not.
    pub(super) fn choices(&self, finder: &mut Finder, resolver: &Resolver, world: &Gazetteer) -> Vec<Choice> {
        let mut regions: HashMap<&str, Vec<Place<'_>>> = HashMap::new();
        let mut choices = Vec::new();
        for (article, told) in &self.articles {
            let mentions = finder.find(article);
            let mut last = None;
            let mut own: Vec<Choice> = Vec::new();
            for example in resolver.examples(Outlet::default(), &mentions) {
                let mention = &mentions[example.mention];
                let Some((_, region)) = told.iter().find(|(span, _)| *span == (mention.start..mention.end)) else {
                    continue;
                };
                if last != Some(example.mention) {
                    own.push(Choice::default());
                    last = Some(example.mention);
                }
                let all = regions.entry(region).or_insert_with(|| world.lookup(region).map(|(p, _)| p).collect());
                let lies_there = world.place(example.place).is_some_and(|p| all.iter().any(|r| p.lies_in(r)));
                if let Some(choice) = own.last_mut() {
                    choice.right.push(lies_there);
                    choice.priors.push(example.prior);
                    choice.features.push(example.features);
                }
            }
            choices
                .extend(own.into_iter().filter(|choice| choice.right.contains(&true) && choice.right.contains(&false)));
        }
        choices
    }
}
