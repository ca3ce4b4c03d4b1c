//! The rows of the page's data: articles with their mentions and sentences, and places.

use crate::find::Role;
use crate::write::still::is_area;
use geojson::{Feature, GeometryValue, JsonValue};
use serde_json::json;
use std::collections::HashMap;

/// An article while its mentions come in.
#[derive(Debug)]
pub(super) struct Article {
    facts: Vec<JsonValue>,
    mentions: Vec<JsonValue>,
    sentences: Vec<String>,
    /// Field and first code point of a sentence to its number.
    numbers: HashMap<(String, usize), usize>,
}

impl Article {
    pub(super) fn new(feature: &Feature) -> Self {
        let facts = ["article", "title", "date", "url", "source"].map(|key| property(feature, key)).to_vec();
        Self { facts, mentions: Vec::new(), sentences: Vec::new(), numbers: HashMap::new() }
    }

    /// Adds a mention: its place (−1 for none), role, confidence, sentence, and where in the sentence it stands, in
    /// the units that scripts count in, those of UTF-16.
    pub(super) fn add(&mut self, feature: &Feature, places: &mut Places) {
        let number = |key: &str| property(feature, key).as_u64().unwrap_or_default() as usize;
        let text = |key: &str| property(feature, key).as_str().unwrap_or_default().to_owned();
        let (start, end, first) = (number("start"), number("end"), number("sentence_start"));
        let sentence = text("sentence");
        let before = utf16(&sentence, start.saturating_sub(first));
        let within = utf16(&sentence, end.saturating_sub(first));
        let sentences = &mut self.sentences;
        let sentence = *self.numbers.entry((text("field"), first)).or_insert_with(|| {
            sentences.push(sentence);
            sentences.len() - 1
        });
        let place = places.number(feature).map_or(-1, |n| n as i64);
        let role = match text("role") {
            r if r == Role::Organization.as_str() => 1,
            r if r == Role::Demonym.as_str() => 2,
            _ => 0,
        };
        self.mentions.push(json!([place, role, property(feature, "confidence"), sentence, before, within]));
    }

    pub(super) fn into_row(self) -> JsonValue {
        let mut row = self.facts;
        row.push(self.mentions.into());
        row.push(self.sentences.into());
        row.into()
    }
}

/// The number of UTF-16 units in the first code points of a text.
fn utf16(text: &str, code_points: usize) -> usize {
    text.chars().take(code_points).map(char::len_utf16).sum()
}

/// Places, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Places {
    rows: Vec<JsonValue>,
    numbers: HashMap<String, usize>,
}

impl Places {
    /// The number of the place that a feature names.
    fn number(&mut self, feature: &Feature) -> Option<usize> {
        let Some(GeometryValue::Point { coordinates }) = feature.geometry.as_ref().map(|g| &g.value) else {
            return None;
        };
        let id = property(feature, "place_id").as_str()?.to_owned();
        let rows = &mut self.rows;
        Some(*self.numbers.entry(id).or_insert_with(|| {
            let mut row: Vec<JsonValue> =
                ["place_id", "place", "country", "admin1", "feature"].map(|key| property(feature, key)).to_vec();
            row.extend(coordinates.as_slice().iter().take(2).map(|&degrees| JsonValue::from(degrees)));
            row.push(is_area(row[4].as_str().unwrap_or_default()).into());
            rows.push(row.into());
            rows.len() - 1
        }))
    }

    pub(super) fn into_rows(self) -> JsonValue {
        self.rows.into()
    }
}

fn property(feature: &Feature, key: &str) -> JsonValue {
    feature.property(key).cloned().unwrap_or(JsonValue::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_found_in_its_sentence() {
        // The sentence starts at code point 10 of the text; before the name stands a character of two units.
        let feature: Feature = serde_json::from_value(json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [39.01, 35.95]},
            "properties": {
                "article": "1", "field": "text", "start": 12, "end": 17, "sentence_start": 10, "name": "Raqqa",
                "sentence": "🌍 Raqqa waits.", "role": "demonym", "place_id": "geonames:172955", "confidence": 0.9,
            },
        }))
        .unwrap();
        let mut places = Places::default();
        let mut article = Article::new(&feature);
        article.add(&feature, &mut places);
        article.add(&feature, &mut places);
        let row = article.into_row();
        assert_eq!(row[5], json!([[0, 2, 0.9, 0, 3, 8], [0, 2, 0.9, 0, 3, 8]]));
        assert_eq!(row[6], json!(["🌍 Raqqa waits."]));
    }
}
