//! Other places in the same sentences: gold corpora know few towns outside of North America and Europe, and a judge that
//! saw them alone believes a name that is like theirs, and not the words around it.

use super::boost::Random;
use mentionmap::Gazetteer;
use mentionmap::evaluate::{Document, Toponym};
use mentionmap::gazetteer::{Level, NameKind};
use mentionmap::text::name_key;
use std::collections::BTreeMap;

/// Settlements of fewer people are hardly in the news.
const LEAST_PEOPLE: u32 = 5_000;
/// Letters of the shortest and the longest name that is put in.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=20;

/// Names that others may be exchanged for.
pub(super) struct Exchange {
    world: Gazetteer,
    cities: Vec<String>,
    divisions: Vec<String>,
    random: Random,
}

impl Exchange {
    pub(super) fn new(world: &Gazetteer) -> Self {
        let (mut cities, mut divisions) = (Vec::new(), Vec::new());
        for place in world.places() {
            let names = match place.feature().level() {
                Level::City if place.population() >= LEAST_PEOPLE => &mut cities,
                Level::Admin1 => &mut divisions,
                _ => continue,
            };
            // As newspapers write it: without marks, each word with a capital.
            let key = name_key(place.name());
            if LETTERS.contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') {
                names.push(key.split(' ').map(capital).collect::<Vec<_>>().join(" "));
            }
        }
        Self { world: world.clone(), cities, divisions, random: Random::new(0xE8C4) }
    }

    /// The document with other names of the same kind for its settlements and divisions, one for one; those beside a
    /// comma stay, since what follows it says where they are. None when nothing is exchanged.
    pub(super) fn apply(&mut self, document: &Document) -> Option<Document> {
        let text: Vec<char> = document.text.chars().collect();
        let mut others: BTreeMap<&str, String> = BTreeMap::new();
        let (mut changed, mut from) = (String::new(), 0);
        let mut length = 0;
        let mut toponyms = Vec::new();
        for toponym in &document.toponyms {
            if toponym.start < from || toponym.end > text.len() {
                return None; // Nested or out of order.
            }
            let before = &text[from..toponym.start];
            changed.extend(before);
            length += before.len();
            let beside = |at: Option<usize>| at.and_then(|at| text.get(at)) == Some(&',');
            let is_alone = !beside(Some(toponym.end)) && !beside(toponym.start.checked_sub(2));
            let other = if is_alone { self.other(toponym, &mut others) } else { None };
            let own: String = text[toponym.start..toponym.end].iter().collect();
            let name = other.unwrap_or(own);
            let start = length;
            length += name.chars().count();
            changed.push_str(&name);
            toponyms.push(Toponym { start, end: length, name, ..toponym.clone() });
            from = toponym.end;
        }
        changed.extend(&text[from..]);
        (!others.is_empty()).then(|| Document { text: changed, toponyms, ..document.clone() })
    }

    fn other<'d>(&mut self, toponym: &'d Toponym, others: &mut BTreeMap<&'d str, String>) -> Option<String> {
        if let Some(other) = others.get(toponym.name.as_str()) {
            return Some(other.clone());
        }
        if !toponym.name.starts_with(char::is_uppercase) || !toponym.name.contains(char::is_lowercase) {
            return None;
        }
        let (place, kind) = self.world.lookup(&toponym.name).next()?;
        let names = match place.feature().level() {
            _ if !matches!(kind, NameKind::Official | NameKind::Alternate) => return None,
            Level::City => &self.cities,
            Level::Admin1 => &self.divisions,
            _ => return None,
        };
        let other = names.get(self.random.below(names.len().max(1)))?.clone();
        others.insert(&toponym.name, other.clone());
        Some(other)
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(line: &str) -> Document {
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn settlements_and_divisions_get_other_names() {
        let document = document(
            r#"{"id": "1", "text": "In Chicago, a man from Texas said Chicago and the Rhine are in the U.S.", "toponyms": [
                {"start": 3, "end": 10, "name": "Chicago"}, {"start": 23, "end": 28, "name": "Texas"},
                {"start": 34, "end": 41, "name": "Chicago"}, {"start": 50, "end": 55, "name": "Rhine"}]}"#,
        );
        let other = Exchange::new(&Gazetteer::world().unwrap()).apply(&document).unwrap();
        let text: Vec<char> = other.text.chars().collect();
        for toponym in &other.toponyms {
            assert_eq!(text[toponym.start..toponym.end].iter().collect::<String>(), toponym.name);
        }
        let names: Vec<_> = other.toponyms.iter().map(|t| t.name.as_str()).collect();
        // Before a comma it stays, and so does a river.
        assert_eq!((names[0], names[3]), ("Chicago", "Rhine"));
        assert!(names[1] != "Texas" && names[2] != "Chicago");
        assert!(other.text.ends_with("are in the U.S."));
    }
}
