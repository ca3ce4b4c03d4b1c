//! Places over all articles.

use super::ArticleMap;
use crate::text::date;
use std::borrow::Cow;
use std::cmp::Ordering;
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
    /// The sum of its weights in those articles, each of them a whole number of millionths, as it is written.
    pub weight: f64,
    /// The names that articles use, in the order of their first use; the first twenty.
    pub names: Vec<String>,
    /// The earliest date of an article that mentions it, in the form in which it is written.
    pub first_date: Option<String>,
    /// The latest.
    pub last_date: Option<String>,
}

impl Total {
    /// By weight, the heaviest first; among equals the place with the lower number, which is the better known one.
    pub(crate) fn by_weight(&self, other: &Self) -> Ordering {
        other.weight.total_cmp(&self.weight).then(self.place.cmp(&other.place))
    }
}

/// Adds articles up. Memory grows with the number of places, not of articles.
///
/// Sums are exact: they are the same whether articles are added one by one or in groups, [group by
/// group](Totals::add_total).
#[derive(Clone, Debug, Default)]
pub struct Totals {
    at: HashMap<u32, usize>,
    totals: Vec<Total>,
}

impl Totals {
    /// Adds an article's places.
    pub fn add(&mut self, map: &ArticleMap) {
        let date = map.article.date.as_deref().map(date::normal).map(Cow::into_owned);
        for place in &map.places {
            self.add_total(&Total {
                place: place.place,
                mentions: u64::from(place.mentions),
                articles: 1,
                weight: place.weight,
                names: place.names.clone(),
                first_date: date.clone(),
                last_date: date.clone(),
            });
        }
    }

    /// Adds what others have added up: the articles of `more` come after those that are in.
    ///
    /// ```
    /// use mentionmap::weigh::{Total, Totals};
    /// let mut totals = Totals::default();
    /// for weight in [0.25, 1.5] {
    ///     totals.add_total(&Total { place: 7, articles: 2, weight, ..Total::default() });
    /// }
    /// let all = totals.finish();
    /// assert_eq!((all[0].articles, all[0].weight), (4, 1.75));
    /// ```
    pub fn add_total(&mut self, more: &Total) {
        let i = *self.at.entry(more.place).or_insert_with(|| {
            self.totals.push(Total { place: more.place, ..Total::default() });
            self.totals.len() - 1
        });
        let total = &mut self.totals[i];
        total.mentions += more.mentions;
        total.articles += more.articles;
        // Whole millionths: their sums do not depend on what is added first, as those of fractions do.
        total.weight = millionths(total.weight + millionths(more.weight));
        for name in &more.names {
            if total.names.len() < MOST_NAMES && !total.names.contains(name) {
                total.names.push(name.clone());
            }
        }
        // Dates of one form compare as text; ISO 8601 is such a form.
        if let Some(date) = &more.first_date
            && total.first_date.as_ref().is_none_or(|first| date < first)
        {
            total.first_date = Some(date.clone());
        }
        if let Some(date) = &more.last_date
            && total.last_date.as_ref().is_none_or(|last| date > last)
        {
            total.last_date = Some(date.clone());
        }
    }

    /// All places, by weight.
    pub fn finish(self) -> Vec<Total> {
        let mut totals = self.totals;
        totals.sort_by(Total::by_weight);
        totals
    }
}

/// The nearest whole number of millionths: exact up to a weight of a billion.
fn millionths(weight: f64) -> f64 {
    (weight * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Article;
    use crate::weigh::MappedPlace;

    fn map(date: &str, weight: f64) -> ArticleMap {
        ArticleMap {
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
        }
    }

    #[test]
    fn adds_weights_and_keeps_the_span_of_dates() {
        let mut totals = Totals::default();
        totals.add(&map("2019-03-23", 0.5));
        totals.add(&map("2017-10-17", 0.25));
        totals.add(&map("Mon, 21 Oct 2019 10:00:00 GMT", 0.25));
        let total = totals.finish().remove(0);
        assert_eq!((total.mentions, total.articles, total.weight), (6, 3, 1.0));
        let span = (total.first_date.as_deref(), total.last_date.as_deref());
        assert_eq!(span, (Some("2017-10-17"), Some("2019-10-21T10:00:00Z")));
        assert_eq!(total.names, ["Raqqa"]);
    }

    #[test]
    fn sums_do_not_depend_on_groups() {
        let maps: Vec<ArticleMap> = (1..500_u32).map(|n| map("2020", 1.0 / f64::from(n % 37 + 1))).collect();
        let add_up = |maps: &[ArticleMap]| {
            let mut totals = Totals::default();
            for map in maps {
                totals.add(map);
            }
            totals.finish()
        };
        let expected = add_up(&maps);
        for size in [1, 7, 100] {
            let mut all = Totals::default();
            for group in maps.chunks(size) {
                for total in add_up(group) {
                    all.add_total(&total);
                }
            }
            assert_eq!(all.finish(), expected);
        }
        // What sums of fractions come to, as near as millionths can tell.
        let exact: f64 = maps.iter().map(|map| map.places[0].weight).sum();
        assert!((expected[0].weight - exact).abs() < 0.5e-6 * maps.len() as f64);
    }
}
