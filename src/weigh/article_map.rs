//! The places of one article.

use super::focus::{Focus, focus};
use crate::find::Role;
use crate::gazetteer::Gazetteer;
use crate::read::{Article, Field};
use crate::resolve::Placement;
use crate::text::CodePoints;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Which mentions count.
#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    /// Mentions in one of these roles.
    pub roles: Vec<Role>,
    /// Mentions of at least this confidence, from 0 to 1.
    pub min_confidence: f32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { roles: vec![Role::Place], min_confidence: 0.0 }
    }
}

/// An article with its mentions and places.
#[derive(Clone, Debug)]
pub struct ArticleMap {
    /// The article.
    pub article: Article,
    /// The mentions that count, in reading order; those without a place carry no weight.
    pub mentions: Vec<Placement>,
    /// The places, by weight, the first mentioned first among equals.
    pub places: Vec<MappedPlace>,
    /// What it is chiefly about; nothing when it mentions no place.
    pub focus: Option<Focus>,
}

/// A place in an article.
#[derive(Clone, Debug, PartialEq)]
pub struct MappedPlace {
    /// The place, by its number in the gazetteer.
    pub place: u32,
    /// How often the article mentions it.
    pub mentions: u32,
    /// Its share of the article's mapped mentions.
    pub weight: f64,
    /// The mean confidence of its mentions.
    pub confidence: f32,
    /// The names that the article uses, in the order of their first use.
    pub names: Vec<String>,
    /// Where it is first mentioned, in code points of that field.
    pub first_offset: usize,
}

impl ArticleMap {
    /// Weighs the placements of an article.
    pub fn new(article: Article, placements: Vec<Placement>, gazetteer: &Gazetteer, keep: &Keep) -> Self {
        let all: Vec<Placement> = placements
            .into_iter()
            .map(|p| {
                if p.confidence < keep.min_confidence {
                    Placement { place: None, runner_up: None, why: Vec::new(), ..p }
                } else {
                    p
                }
            })
            .collect();
        let counts = |placement: &Placement| keep.roles.contains(&placement.mention.role);
        let places = places(&article, all.iter().filter(|p| counts(p)), gazetteer);
        let focus = focus(&article, &all, &places, gazetteer);
        let mentions = all.into_iter().filter(counts).collect();
        Self { article, mentions, places, focus }
    }

    /// Mentions that no place was found for.
    pub fn unplaced(&self) -> usize {
        self.mentions.iter().filter(|m| m.place.is_none()).count()
    }
}

fn places<'p>(
    article: &Article,
    mentions: impl Iterator<Item = &'p Placement>,
    gazetteer: &Gazetteer,
) -> Vec<MappedPlace> {
    let mut mapped = 0;
    let mut at: FxHashMap<u32, usize> = FxHashMap::default();
    let mut places: Vec<MappedPlace> = Vec::new();
    let mut offsets = [CodePoints::new(article.field(Field::Title)), CodePoints::new(article.field(Field::Text))];
    for placement in mentions {
        mapped += usize::from(placement.place.is_some());
        let Some(place) = placement.place.filter(|&p| gazetteer.place(p).is_some()) else { continue };
        let mention = &placement.mention;
        let surface = article.field(mention.field).get(mention.start..mention.end).unwrap_or_default();
        let i = *at.entry(place).or_insert_with(|| {
            let first_offset = offsets[usize::from(mention.field == Field::Text)].offset(mention.start);
            places.push(MappedPlace {
                place,
                mentions: 0,
                weight: 0.0,
                confidence: 0.0,
                names: Vec::new(),
                first_offset,
            });
            places.len() - 1
        });
        let entry = &mut places[i];
        entry.mentions += 1;
        entry.confidence += placement.confidence;
        // A name broken over two lines is one name.
        let name = if surface.contains(char::is_whitespace) {
            Cow::Owned(surface.split_whitespace().collect::<Vec<_>>().join(" "))
        } else {
            Cow::Borrowed(surface)
        };
        if !entry.names.iter().any(|known| *known == name) {
            entry.names.push(name.into_owned());
        }
    }
    for place in &mut places {
        place.weight = f64::from(place.mentions) / mapped as f64;
        place.confidence /= place.mentions as f32;
    }
    places.sort_by_key(|p| std::cmp::Reverse(p.mentions));
    places
}
