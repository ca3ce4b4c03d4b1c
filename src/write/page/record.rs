//! The rows of the page's data: articles with their mentions and sentences, and places.

use super::spool::Places;
use crate::error::Result;
use crate::find::Role;
use crate::write::still::is_area;
use geojson::{Feature, GeometryValue, JsonValue};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

/// A mention in a row: its place (−1 for none), role, confidence, sentence, and where in the sentence it begins and ends,
/// in the units that scripts count in, those of UTF-16.
pub(super) type Mention = (i64, u8, f64, usize, usize, usize);

/// What the page knows of an article: an array of its facts, its mentions, its sentences and, when some of its mentions
/// are left out, how many were mapped.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) facts: Vec<JsonValue>,
    pub(super) mentions: Vec<Mention>,
    pub(super) sentences: Vec<String>,
    pub(super) mapped: Option<usize>,
}

const FACTS: [&str; 5] = ["article", "title", "date", "url", "source"];

impl Row {
    fn placed(&self) -> usize {
        self.mentions.iter().filter(|mention| mention.0 >= 0).count()
    }

    /// How often each place is mentioned, and its weight in the article, in millionths.
    pub(super) fn weights(&self) -> BTreeMap<i64, (u64, u32)> {
        let all = self.placed().max(1) as u64;
        let mut weights: BTreeMap<i64, (u64, u32)> = BTreeMap::new();
        for mention in self.mentions.iter().filter(|mention| mention.0 >= 0) {
            weights.entry(mention.0).or_default().0 += 1;
        }
        for (count, weight) in weights.values_mut() {
            *weight = (*count * 1_000_000 / all) as u32;
        }
        weights
    }

    /// Keeps the mentions of some places, and the sentences that they stand in.
    pub(super) fn keep(&mut self, is_kept: impl Fn(i64) -> bool) {
        self.mapped = Some(self.placed());
        self.mentions.retain(|mention| mention.0 >= 0 && is_kept(mention.0));
        let mut numbers = BTreeMap::new();
        let mut kept = Vec::new();
        for mention in &mut self.mentions {
            mention.3 = *numbers.entry(mention.3).or_insert_with_key(|&sentence| {
                kept.push(self.sentences.get(sentence).cloned().unwrap_or_default());
                kept.len() - 1
            });
        }
        self.sentences = kept;
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut row = to.serialize_seq(None)?;
        self.facts.iter().try_for_each(|fact| row.serialize_element(fact))?;
        row.serialize_element(&self.mentions)?;
        row.serialize_element(&self.sentences)?;
        self.mapped.iter().try_for_each(|mapped| row.serialize_element(mapped))?;
        row.end()
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        type Fact = JsonValue;
        let (id, title, date, url, source, mentions, sentences) =
            <(Fact, Fact, Fact, Fact, Fact, Vec<Mention>, Vec<String>)>::deserialize(from)?;
        Ok(Self { facts: vec![id, title, date, url, source], mentions, sentences, mapped: None })
    }
}

/// An article while its mentions come in.
#[derive(Debug)]
pub(super) struct Article {
    row: Row,
    /// Field and first code point of a sentence to its number.
    numbers: HashMap<(String, usize), usize>,
}

impl Article {
    pub(super) fn new(feature: &Feature) -> Self {
        let facts = FACTS.map(|key| property(feature, key)).to_vec();
        Self { row: Row { facts, ..Row::default() }, numbers: HashMap::new() }
    }

    pub(super) fn add(&mut self, feature: &Feature, places: &mut Places) -> Result<()> {
        let number = |key: &str| property(feature, key).as_u64().unwrap_or_default() as usize;
        let text = |key: &str| property(feature, key).as_str().unwrap_or_default().to_owned();
        let (start, end, first) = (number("start"), number("end"), number("sentence_start"));
        let sentence = text("sentence");
        let before = utf16(&sentence, start.saturating_sub(first));
        let within = utf16(&sentence, end.saturating_sub(first));
        let sentences = &mut self.row.sentences;
        let sentence = *self.numbers.entry((text("field"), first)).or_insert_with(|| {
            sentences.push(sentence);
            sentences.len() - 1
        });
        let role = match text("role") {
            r if r == Role::Organization.as_str() => 1,
            r if r == Role::Demonym.as_str() => 2,
            _ => 0,
        };
        let confidence = property(feature, "confidence").as_f64().unwrap_or_default();
        self.row.mentions.push((place(feature, places)?, role, confidence, sentence, before, within));
        Ok(())
    }

    pub(super) fn into_row(self) -> Row {
        self.row
    }
}

/// The number of UTF-16 units in the first code points of a text.
fn utf16(text: &str, code_points: usize) -> usize {
    text.chars().take(code_points).map(char::len_utf16).sum()
}

/// The number of the place that a feature names, −1 for none.
fn place(feature: &Feature, places: &mut Places) -> Result<i64> {
    let Some(GeometryValue::Point { coordinates }) = feature.geometry.as_ref().map(|g| &g.value) else {
        return Ok(-1);
    };
    let id = property(feature, "place_id");
    let Some(id) = id.as_str() else { return Ok(-1) };
    let row = || {
        let mut row: Vec<JsonValue> =
            ["place_id", "place", "country", "admin1", "feature"].map(|key| property(feature, key)).to_vec();
        row.extend(coordinates.as_slice().iter().take(2).map(|&degrees| JsonValue::from(degrees)));
        row.push(is_area(row[4].as_str().unwrap_or_default()).into());
        JsonValue::from(row).to_string()
    };
    Ok(i64::from(places.number(id, row)?))
}

fn property(feature: &Feature, key: &str) -> JsonValue {
    feature.property(key).cloned().unwrap_or(JsonValue::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        let mut places = Places::new().unwrap();
        let mut article = Article::new(&feature);
        article.add(&feature, &mut places).unwrap();
        article.add(&feature, &mut places).unwrap();
        let row = article.into_row();
        let written = serde_json::to_value(&row).unwrap();
        assert_eq!(written[5], json!([[0, 2, 0.9, 0, 3, 8], [0, 2, 0.9, 0, 3, 8]]));
        assert_eq!(written[6], json!(["🌍 Raqqa waits."]));
        assert_eq!(serde_json::from_value::<Row>(written).unwrap(), row);
    }

    #[test]
    fn what_is_kept_keeps_its_sentence() {
        let mentions = vec![(0, 0, 0.9, 0, 0, 1), (1, 0, 0.9, 1, 0, 1), (-1, 0, 0.9, 1, 0, 1), (1, 0, 0.9, 2, 0, 1)];
        let sentences = vec!["A.".into(), "B.".into(), "C.".into()];
        let mut row = Row { facts: Vec::new(), mentions, sentences, mapped: None };
        assert_eq!(row.weights().get(&1), Some(&(2, 666_666)));
        row.keep(|place| place == 1);
        assert_eq!((row.mapped, row.sentences), (Some(3), vec!["B.".to_owned(), "C.".into()]));
        assert_eq!(row.mentions, [(1, 0, 0.9, 0, 0, 1), (1, 0, 0.9, 1, 0, 1)]);
    }
}
