//! Places over all articles.

use super::ArticleMap;
use std::collections::HashMap;

/// The most names that are kept for a place.
const MOST_NAMES: usize = 20;

/// A place over all articles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Total {
    /// The place, by its number in the gazetteer.
    pub place: u32,
    /// How often it is mentioned.
    pub mentions: u64,
    /// In how many articles.
    pub articles: u64,
    /// The sum of its weights in those articles.
    pub weight: f64,
    /// The names that articles use, in the order of their first use; the first twenty.
    pub names: Vec<String>,
    /// The earliest date of an article that mentions it, as given.
    pub first_date: Option<String>,
    /// The latest.
    pub last_date: Option<String>,
}

/// Adds articles up. Memory grows with the number of places, not of articles.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    at: HashMap<u32, usize>,
    totals: Vec<Total>,
}

impl Totals {
    /// Adds an article's places.
    pub fn add(&mut self, map: &ArticleMap) {
        for place in &map.places {
            let i = *self.at.entry(place.place).or_insert_with(|| {
                self.totals.push(Total { place: place.place, ..Total::default() });
                self.totals.len() - 1
            });
            let total = &mut self.totals[i];
            total.mentions += u64::from(place.mentions);
            total.articles += 1;
            total.weight += place.weight;
            for name in &place.names {
                if total.names.len() < MOST_NAMES && !total.names.contains(name) {
                    total.names.push(name.clone());
                }
            }
            if let Some(date) = &map.article.date {
                // Dates of one form compare as text; ISO 8601 is such a form.
                if total.first_date.as_ref().is_none_or(|first| date < first) {
                    total.first_date = Some(date.clone());
                }
                if total.last_date.as_ref().is_none_or(|last| date > last) {
                    total.last_date = Some(date.clone());
                }
            }
        }
    }

    /// All places, by weight.
    pub fn finish(self) -> Vec<Total> {
        let mut totals = self.totals;
        totals.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.place.cmp(&b.place)));
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Article;
    use crate::weigh::MappedPlace;

    #[test]
    fn adds_weights_and_keeps_the_span_of_dates() {
        let map = |date: &str, weight: f64| ArticleMap {
            article: Article { date: Some(date.into()), ..Article::new("1", "") },
            mentions: Vec::new(),
            places: vec![MappedPlace {
                place: 3,
                mentions: 2,
                weight,
                confidence: 0.9,
                names: vec!["Raqqa".into()],
                first_offset: 0,
            }],
            focus: None,
        };
        let mut totals = Totals::default();
        totals.add(&map("2019-03-23", 0.5));
        totals.add(&map("2017-10-17", 0.25));
        let total = totals.finish().remove(0);
        assert_eq!((total.mentions, total.articles, total.weight), (4, 2, 0.75));
        assert_eq!((total.first_date.as_deref(), total.last_date.as_deref()), (Some("2017-10-17"), Some("2019-03-23")));
        assert_eq!(total.names, ["Raqqa"]);
    }
}
