//! Where sources have their homes, learned from the places that their articles mention.

use super::ArticleMap;
use crate::gazetteer::{Gazetteer, Level, Place};
use std::collections::BTreeMap;

/// Placements less sure than this teach nothing.
const SURE: f32 = 0.5;
/// The most mentions of a place that count in one article: a story about elsewhere is one story.
const MOST_MENTIONS: u32 = 2;
/// Around its home a local paper covers this far, in km.
const REACH_KM: f64 = 100.0;
/// The distance at which weight counts half for where the home is, in km.
const HALF_KM: f64 = 10.0;
/// A source with less of its weight within reach has no home: a national paper.
const LEAST_SHARE: f64 = 0.4;
/// So many of a source's places are tried for a home, those of most weight: an archive has thousands.
const MOST_CENTERS: usize = 300;
/// Fewer articles with places say nothing.
const LEAST_ARTICLES: u32 = 2;

/// The home of a source, as learned.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedHome {
    /// The source, as its articles name it.
    pub source: String,
    /// The place in the middle, by its number in the gazetteer.
    pub place: u32,
    /// The articles that mention places.
    pub articles: u32,
    /// The distinct places that they mention.
    pub places: u32,
    /// The share of their weight that lies within 100 km of home.
    pub share: f64,
    /// The median distance of that weight from home, in km.
    pub spread_km: f64,
}

/// Collects the places of sources. Memory grows with the number of distinct places of each source, not with articles.
#[derive(Clone, Debug, Default)]
pub struct HomeLearner {
    of: BTreeMap<String, Source>,
}

#[derive(Clone, Debug, Default)]
struct Source {
    articles: u32,
    weights: BTreeMap<u32, f64>,
}

impl HomeLearner {
    /// Takes an article's confident places; an article without a source teaches nothing.
    pub fn add(&mut self, map: &ArticleMap, gazetteer: &Gazetteer) {
        let Some(source) = map.article.source.as_deref().map(str::trim).filter(|s| !s.is_empty()) else { return };
        let mut counts: BTreeMap<u32, (u32, f32)> = BTreeMap::new();
        for mention in map.mentions.iter().filter(|m| m.confidence >= SURE) {
            let Some(place) = mention.place.and_then(|p| gazetteer.place(p)).filter(is_local) else { continue };
            let entry = counts.entry(place.index()).or_default();
            if entry.0 < MOST_MENTIONS {
                *entry = (entry.0 + 1, entry.1 + mention.confidence);
            }
        }
        if counts.is_empty() {
            return;
        }
        if !self.of.contains_key(source) {
            self.of.insert(source.to_owned(), Source::default());
        }
        if let Some(entry) = self.of.get_mut(source) {
            entry.articles += 1;
            for (place, (_, confidence)) in counts {
                *entry.weights.entry(place).or_default() += f64::from(confidence);
            }
        }
    }

    /// The sources seen with places, however spread they are.
    pub fn sources(&self) -> usize {
        self.of.len()
    }

    /// The homes of the sources whose places are concentrated, by source.
    ///
    /// A home is the weighted medoid: of a source's places the one that most weight is near to. What is far off, however
    /// far, counts as no more than far off, so that a paper's stories from the capital do not drag its home there.
    pub fn finish(self, gazetteer: &Gazetteer) -> Vec<LearnedHome> {
        self.of.into_iter().filter_map(|(name, source)| source.home(name, gazetteer)).collect()
    }
}

/// Places that have a spot: not countries, divisions and seas.
fn is_local(place: &Place<'_>) -> bool {
    !matches!(place.feature().level(), Level::Country | Level::Region | Level::Admin1 | Level::Water)
        && place.radius_km() < 100.0
}

impl Source {
    fn home(&self, name: String, gazetteer: &Gazetteer) -> Option<LearnedHome> {
        let places: Vec<(Place<'_>, f64)> =
            self.weights.iter().filter_map(|(&place, &weight)| Some((gazetteer.place(place)?, weight))).collect();
        let total: f64 = places.iter().map(|(_, weight)| weight).sum();
        // Weight counts whole on the spot, half where the next towns are, next to nothing far off.
        let near = |km: f64| 1.0 / (1.0 + (km / HALF_KM).powi(2));
        let pull = |center: &Place<'_>| -> f64 {
            places.iter().map(|(place, weight)| weight * near(center.distance_km(place))).sum()
        };
        let mut settled: Vec<&(Place<'_>, f64)> =
            places.iter().filter(|(place, _)| place.feature().level() == Level::City).collect();
        settled.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.index().cmp(&b.0.index())));
        let pulls = settled.iter().take(MOST_CENTERS).map(|(place, _)| (pull(place), *place));
        // Of equals the first: the one of more weight.
        let (_, home) = pulls.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let mut within: Vec<(f64, f64)> = places
            .iter()
            .map(|(place, weight)| (home.distance_km(place), *weight))
            .filter(|(km, _)| *km <= REACH_KM)
            .collect();
        within.sort_by(|a, b| a.0.total_cmp(&b.0));
        let near: f64 = within.iter().map(|(_, weight)| weight).sum();
        let share = near / total;
        if share < LEAST_SHARE || self.articles < LEAST_ARTICLES {
            return None;
        }
        let mut sum = 0.0;
        let half = within.iter().find(|(_, weight)| {
            sum += weight;
            sum >= near / 2.0
        });
        Some(LearnedHome {
            source: name,
            place: home.index(),
            articles: self.articles,
            places: places.len() as u32,
            share,
            spread_km: half.map_or(0.0, |(km, _)| *km),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{Link, Mention, Role};
    use crate::read::{Article, Field};
    use crate::resolve::Placement;

    /// An article of a source that mentions places, by a name and a country.
    fn map(world: &Gazetteer, source: &str, places: &[(&str, &str)]) -> ArticleMap {
        let placement = |(name, country): &(&str, &str)| {
            let place = world.lookup(name).map(|(p, _)| p).find(|p| p.country() == *country && is_local(p)).unwrap();
            Placement {
                mention: Mention {
                    field: Field::Text,
                    start: 0,
                    end: 1,
                    role: Role::Place,
                    probability: 1.0,
                    name: world.name(&crate::text::name_key(name)).unwrap(),
                    misspelled: false,
                    cue: None,
                    after_article: false,
                    link: Link::None,
                    wanted: true,
                    local: false,
                },
                place: Some(place.index()),
                confidence: 0.9,
                runner_up: None,
                why: Vec::new(),
            }
        };
        ArticleMap {
            article: Article { source: Some(source.into()), ..Article::new("1", "") },
            mentions: places.iter().map(placement).collect(),
            places: Vec::new(),
            focus: None,
        }
    }

    #[test]
    fn a_local_paper_has_a_home_and_a_national_one_has_none() {
        let world = Gazetteer::world().unwrap();
        let mut learner = HomeLearner::default();
        let lyon: [&[(&str, &str)]; 3] = [
            &[("Lyon", "FR"), ("Villeurbanne", "FR"), ("Paris", "FR")],
            &[("Lyon", "FR"), ("Bron", "FR"), ("Tokyo", "JP")],
            &[("Lyon", "FR"), ("Villeurbanne", "FR")],
        ];
        let wide: [&[(&str, &str)]; 3] =
            [&[("Lille", "FR"), ("Nice", "FR")], &[("Brest", "FR"), ("Paris", "FR")], &[("Tokyo", "JP")]];
        for places in &lyon {
            learner.add(&map(&world, "Le Local", places), &world);
        }
        for places in &wide {
            learner.add(&map(&world, "Le Grand", places), &world);
        }
        assert_eq!(learner.sources(), 2);
        let homes = learner.finish(&world);
        assert_eq!(homes.len(), 1, "{homes:?}");
        assert_eq!((homes[0].source.as_str(), world.place(homes[0].place).unwrap().name()), ("Le Local", "Lyon"));
        assert_eq!((homes[0].articles, homes[0].places), (3, 5));
        assert!((homes[0].share - 0.75).abs() < 0.01 && homes[0].spread_km < 10.0, "{homes:?}");
    }
}
