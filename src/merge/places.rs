//! Places of shards, added up.

use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::weigh::{Total, Totals};
use geojson::Feature;
use serde_json::Value;
use std::collections::HashMap;

/// Adds up features per article and per place. Memory grows with the number of places.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The ids of places, with a number of ours each, by their first occurrence.
    numbers: HashMap<String, u32>,
    totals: Totals,
}

impl Places {
    /// Adds a place in an article, or over a shard's articles. Features come in the order of their articles.
    pub(crate) fn add(&mut self, feature: &Feature) -> Result<()> {
        let property = |name: &str| feature.property(name).filter(|value| !value.is_null());
        let missing = |name: &str| Error::format(format!("a feature whose {name} is missing or of another type"));
        let count = |name: &str| property(name).and_then(Value::as_u64).ok_or_else(|| missing(name));
        let text = |name: &str| property(name).and_then(Value::as_str);
        let id = text("place_id").ok_or_else(|| missing("place_id"))?;
        let is_total = feature.contains_property("articles");
        let (first_date, last_date) = if is_total { ("first_date", "last_date") } else { ("date", "date") };
        let next = self.numbers.len() as u32;
        let place = match self.numbers.get(id) {
            Some(&number) => number,
            None => *self.numbers.entry(id.to_owned()).or_insert(next),
        };
        self.totals.add_total(&Total {
            place,
            mentions: count("mentions")?,
            articles: if is_total { count("articles")? } else { 1 },
            weight: property("weight").and_then(Value::as_f64).ok_or_else(|| missing("weight"))?,
            names: text("names")
                .unwrap_or_default()
                .split("; ")
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            first_date: text(first_date).map(str::to_owned),
            last_date: text(last_date).map(str::to_owned),
        });
        Ok(())
    }

    /// All places by weight, with their numbers in the gazetteer.
    ///
    /// # Errors
    /// When the gazetteer lacks one.
    pub(crate) fn finish(self, gazetteer: &Gazetteer) -> Result<Vec<Total>> {
        let mut known: Vec<Option<u32>> = vec![None; self.numbers.len()];
        for place in gazetteer.places() {
            // Places of an overlay come last, and go before others of the same id.
            if let Some(&number) = self.numbers.get(&place.id().to_string()) {
                known[number as usize] = Some(place.index());
            }
        }
        if let Some((id, _)) = self.numbers.iter().filter(|(_, n)| known[**n as usize].is_none()).min() {
            let message = format!("{id} is not in this gazetteer; give the one that the shards were made with");
            return Err(Error::usage(message));
        }
        let mut totals = self.totals.finish();
        for total in &mut totals {
            total.place = known[total.place as usize].unwrap_or_default();
        }
        totals.sort_by(Total::by_weight);
        Ok(totals)
    }
}
