//! From mapped articles to GeoJSON features: flat properties in snake case, the same in every format.

use super::style;
use crate::gazetteer::{Gazetteer, Place};
use crate::read::{Article, Field};
use crate::text::{CodePoints, date, sentence_range};
use crate::weigh::{ArticleMap, Total};
use geojson::{Feature, Geometry, JsonObject, JsonValue, feature::Id};

/// More properties than a feature has: room for them is made once.
const PROPERTIES: usize = 24;

/// What a feature stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Per {
    /// A place in an article.
    #[default]
    Article,
    /// A place over all articles.
    Place,
    /// A mention.
    Mention,
}

impl Per {
    /// As `--per` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Place => "place",
            Self::Mention => "mention",
        }
    }
}

/// Makes features of one gazetteer's places.
#[derive(Clone, Debug)]
pub struct Features {
    gazetteer: Gazetteer,
    /// Features per mention carry the sentence around it.
    sentences: bool,
    /// And where that sentence starts.
    sentence_starts: bool,
    simplestyle: bool,
}

impl Features {
    /// Features of places of `gazetteer`; those per mention with the sentence around when `sentences` is set.
    pub fn new(gazetteer: Gazetteer, sentences: bool) -> Self {
        Self { gazetteer, sentences, sentence_starts: false, simplestyle: false }
    }

    /// Adds to each sentence where it starts, `sentence_start`: in code points of the field, as a mention's `start` is.
    /// For writers that mark a mention in its sentence.
    #[must_use]
    pub fn with_sentence_starts(self) -> Self {
        Self { sentence_starts: true, ..self }
    }

    /// With colors and sizes in the properties, as geojson.io and GitHub understand them (simplestyle 1.1).
    #[must_use]
    pub fn simplestyle(mut self, simplestyle: bool) -> Self {
        self.simplestyle = simplestyle;
        self
    }

    /// A feature for each place of an article, by weight.
    ///
    /// ```
    /// use mentionmap::{Article, Gazetteer, Mapper, write::Features};
    /// let world = Gazetteer::world()?;
    /// let map = Mapper::new(world.clone()).map(Article::new("1", "Rain fell in Lyon, France."));
    /// let features = Features::new(world, false).of_article(&map);
    /// assert_eq!(features[0].property("weight").unwrap(), 0.5);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn of_article(&self, map: &ArticleMap) -> Vec<Feature> {
        self.each_of_article(map).collect()
    }

    /// The same one by one: of a long article they take much more memory than what they are made of.
    pub fn each_of_article<'a>(&'a self, map: &'a ArticleMap) -> impl Iterator<Item = Feature> + use<'a> {
        map.places.iter().filter_map(|mapped| {
            let place = self.gazetteer.place(mapped.place)?;
            let mut properties = article(&map.article);
            put_place(&mut properties, &place);
            properties.insert("mentions".into(), mapped.mentions.into());
            properties.insert("weight".into(), rounded(mapped.weight, 6));
            properties.insert("confidence".into(), rounded(f64::from(mapped.confidence), 4));
            properties.insert("names".into(), mapped.names.join("; ").into());
            properties.insert("first_offset".into(), mapped.first_offset.into());
            let focus = map.focus.as_ref().and_then(|focus| focus.place);
            properties.insert("focus".into(), (focus == Some(mapped.place)).into());
            Some(self.feature(format!("{}/{}", map.article.id, place.id()), Some(&place), properties))
        })
    }

    /// A feature for each mention of an article, in reading order; one without a place has no geometry.
    pub fn of_mentions(&self, map: &ArticleMap) -> Vec<Feature> {
        self.each_of_mentions(map).collect()
    }

    /// The same one by one.
    pub fn each_of_mentions<'a>(&'a self, map: &'a ArticleMap) -> impl Iterator<Item = Feature> + use<'a> {
        let article = &map.article;
        let mut offsets = [CodePoints::new(article.field(Field::Title)), CodePoints::new(article.field(Field::Text))];
        map.mentions.iter().map(move |placement| {
            let mention = &placement.mention;
            let text = article.field(mention.field);
            let at = &mut offsets[usize::from(mention.field == Field::Text)];
            let (start, end) = (at.offset(mention.start), at.offset(mention.end));
            let place = placement.place.and_then(|p| self.gazetteer.place(p));
            let mut properties = JsonObject::with_capacity(PROPERTIES);
            properties.insert("article".into(), article.id.clone().into());
            properties.insert("field".into(), mention.field.as_str().into());
            properties.insert("start".into(), start.into());
            properties.insert("end".into(), end.into());
            properties.insert("name".into(), text.get(mention.start..mention.end).unwrap_or_default().into());
            properties.insert("role".into(), mention.role.as_str().into());
            if self.sentences {
                let around = sentence_range(text, mention.start..mention.end);
                let before = &text[around.start..mention.start.max(around.start)];
                properties.insert("sentence".into(), text[around].into());
                if self.sentence_starts {
                    let first = start.saturating_sub(before.chars().count());
                    properties.insert("sentence_start".into(), first.into());
                }
            }
            match &place {
                Some(place) => put_place(&mut properties, place),
                None => ["place_id", "place", "country", "admin1", "feature"]
                    .map(|key| _ = properties.insert(key.into(), JsonValue::Null))
                    .into_iter()
                    .collect(),
            }
            properties.insert("confidence".into(), rounded(f64::from(placement.confidence), 4));
            let second = placement.runner_up.and_then(|r| Some((self.gazetteer.place(r.place)?, r.margin)));
            properties
                .insert("runner_up".into(), second.as_ref().map(|(p, _)| format!("{} ({})", p.name(), p.id())).into());
            properties
                .insert("margin".into(), second.map_or(JsonValue::Null, |(_, margin)| rounded(f64::from(margin), 4)));
            properties
                .insert("why".into(), placement.why.iter().map(|e| e.code()).collect::<Vec<_>>().join("|").into());
            let id = format!("{}/{}/{start}-{end}", article.id, mention.field.as_str());
            self.feature(id, place.as_ref(), properties)
        })
    }

    /// A feature for the article itself, without geometry.
    pub fn of_whole_article(&self, map: &ArticleMap) -> Feature {
        let mut properties = article(&map.article);
        properties.insert("language".into(), map.article.language.clone().into());
        properties.insert("mentions".into(), map.mentions.len().into());
        properties.insert("placed".into(), (map.mentions.len() - map.unplaced()).into());
        properties.insert("places".into(), map.places.len().into());
        Feature {
            bbox: None,
            geometry: None,
            id: Some(Id::String(map.article.id.clone())),
            properties: Some(properties),
            foreign_members: None,
        }
    }

    /// A feature for a place over all articles.
    pub fn of_total(&self, total: &Total) -> Option<Feature> {
        let place = self.gazetteer.place(total.place)?;
        let mut properties = JsonObject::with_capacity(PROPERTIES);
        put_place(&mut properties, &place);
        properties.insert("mentions".into(), total.mentions.into());
        properties.insert("articles".into(), total.articles.into());
        properties.insert("weight".into(), rounded(total.weight, 6));
        properties.insert("names".into(), total.names.join("; ").into());
        properties.insert("first_date".into(), total.first_date.clone().into());
        properties.insert("last_date".into(), total.last_date.clone().into());
        Some(self.feature(place.id().to_string(), Some(&place), properties))
    }

    fn feature(&self, id: String, place: Option<&Place<'_>>, mut properties: JsonObject) -> Feature {
        if self.simplestyle {
            let weight = properties.get("weight").and_then(JsonValue::as_f64).unwrap_or(0.25);
            let kind = place.map_or_else(Default::default, |p| p.feature().as_str().to_owned());
            properties.insert("marker-color".into(), style::hex(style::color_of(&kind)).into());
            let size = if weight >= 0.4 {
                "large"
            } else if weight >= 0.1 {
                "medium"
            } else {
                "small"
            };
            properties.insert("marker-size".into(), size.into());
        }
        // Five decimals are a meter: finer than any label point.
        let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
        let geometry = place.map(|p| Geometry::new_point([round(p.longitude()), round(p.latitude())]));
        Feature { bbox: None, geometry, id: Some(Id::String(id)), properties: Some(properties), foreign_members: None }
    }
}

fn article(article: &Article) -> JsonObject {
    let mut properties = JsonObject::with_capacity(PROPERTIES);
    properties.insert("article".into(), article.id.clone().into());
    properties.insert("title".into(), article.title.clone().into());
    properties.insert("date".into(), article.date.as_deref().map(date::normal).into());
    properties.insert("url".into(), article.url.clone().into());
    properties.insert("source".into(), article.source.clone().into());
    properties
}

fn put_place(properties: &mut JsonObject, place: &Place<'_>) {
    let some = |text: &str| if text.is_empty() { JsonValue::Null } else { text.into() };
    properties.insert("place_id".into(), place.id().to_string().into());
    properties.insert("place".into(), place.name().into());
    properties.insert("country".into(), some(place.country()));
    properties.insert("admin1".into(), place.admin1().map_or(JsonValue::Null, |a| a.name().into()));
    properties.insert("feature".into(), place.feature().as_str().into());
}

pub(super) fn rounded(value: f64, decimals: i32) -> JsonValue {
    let scale = 10f64.powi(decimals);
    ((value * scale).round() / scale).into()
}
