//! From gold documents to articles, and from their maps to predictions.

use super::gold::Document;
use super::matching::Predicted;
use crate::gazetteer::Gazetteer;
use crate::read::{Article, Field};
use crate::text::CodePoints;
use crate::weigh::ArticleMap;

/// The article of a gold document; its toponyms come along as given mentions when asked for.
pub fn article(document: &Document, given: bool) -> Article {
    let mut at = CodePoints::new(&document.text);
    let mut spans: Vec<_> = document.toponyms.iter().map(|t| at.byte(t.start)..at.byte(t.end)).collect();
    spans.sort_by_key(|s| (s.start, s.end));
    spans.dedup();
    Article {
        title: document.title.clone(),
        source: document.source.clone(),
        given_mentions: given.then_some(spans),
        ..Article::new(document.id.clone(), document.text.clone())
    }
}

/// The mentions of the text, as the output would have them.
pub fn predicted(map: &ArticleMap, gazetteer: &Gazetteer) -> Vec<Predicted> {
    let mut at = CodePoints::new(&map.article.text);
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    map.mentions
        .iter()
        .filter(|p| p.mention.field == Field::Text)
        .map(|p| {
            let place = p.place.and_then(|place| gazetteer.place(place));
            Predicted {
                start: at.offset(p.mention.start),
                end: at.offset(p.mention.end),
                point: place.map(|p| (round(p.latitude()), round(p.longitude()))),
                place_id: place.map(|p| p.id().to_string()),
            }
        })
        .collect()
}
