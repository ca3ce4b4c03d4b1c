//! From mapped articles to GeoJSON features: flat properties in snake case, the same in every format.

use super::row::{Cell, Row, Shared};
use super::style;
use super::values::At;
use crate::gazetteer::{Gazetteer, Place};
use crate::read::{Article, Field};
use crate::text::{CodePoints, date, sentence_range};
use crate::weigh::{ArticleMap, Total};
use geojson::Feature;
use std::borrow::Cow;
use std::rc::Rc;

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
        self.rows_of_article(map).map(Feature::from)
    }

    /// The same as rows.
    pub fn rows_of_article<'a>(&'a self, map: &'a ArticleMap) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let article = Rc::new(Shared::new(article(&map.article)));
        let focus = map.focus.as_ref().and_then(|focus| focus.place);
        map.places.iter().filter_map(move |mapped| {
            let place = self.gazetteer.place(mapped.place)?;
            let mut row = Row::sharing(&article);
            let place_id = put_place(&mut row, &place);
            row.put("mentions", mapped.mentions);
            row.put("weight", rounded(mapped.weight, 6));
            row.put("confidence", rounded(f64::from(mapped.confidence), 4));
            row.put("names", joined(&mapped.names));
            row.put("first_offset", mapped.first_offset);
            row.put("focus", focus == Some(mapped.place));
            let id = [&map.article.id, "/", &place_id].concat();
            Some(self.row(row, id, Some(&place)))
        })
    }

    /// A feature for each mention of an article, in reading order; one without a place has no geometry.
    pub fn of_mentions(&self, map: &ArticleMap) -> Vec<Feature> {
        self.each_of_mentions(map).collect()
    }

    /// The same one by one.
    pub fn each_of_mentions<'a>(&'a self, map: &'a ArticleMap) -> impl Iterator<Item = Feature> + use<'a> {
        self.rows_of_mentions(map).map(Feature::from)
    }

    /// The same as rows.
    pub fn rows_of_mentions<'a>(&'a self, map: &'a ArticleMap) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let article = &map.article;
        let mut offsets = [CodePoints::new(article.field(Field::Title)), CodePoints::new(article.field(Field::Text))];
        map.mentions.iter().map(move |placement| {
            let mention = &placement.mention;
            let text = article.field(mention.field);
            let at = &mut offsets[usize::from(mention.field == Field::Text)];
            let (start, end) = (at.offset(mention.start), at.offset(mention.end));
            let place = placement.place.and_then(|p| self.gazetteer.place(p));
            let mut row = Row::new();
            row.put("article", article.id.as_str());
            row.put("field", mention.field.as_str());
            row.put("start", start);
            row.put("end", end);
            row.put("name", text.get(mention.start..mention.end).unwrap_or_default());
            row.put("role", mention.role.as_str());
            if self.sentences {
                let around = sentence_range(text, mention.start..mention.end);
                let before = &text[around.start..mention.start.max(around.start)];
                row.put("sentence", &text[around]);
                if self.sentence_starts {
                    row.put("sentence_start", start.saturating_sub(before.chars().count()));
                }
            }
            match &place {
                Some(place) => _ = put_place(&mut row, place),
                None => PLACE.iter().for_each(|name| row.put(name, Cell::Null)),
            }
            row.put("confidence", rounded(f64::from(placement.confidence), 4));
            let second = placement.runner_up.and_then(|r| Some((self.gazetteer.place(r.place)?, r.margin)));
            row.put("runner_up", second.as_ref().map(|(p, _)| format!("{} ({})", p.name(), p.id())));
            row.put("margin", second.map(|(_, margin)| rounded(f64::from(margin), 4)));
            row.put("why", placement.why.iter().map(|e| e.code()).collect::<Vec<_>>().join("|"));
            let id = format!("{}/{}/{start}-{end}", article.id, mention.field.as_str());
            self.row(row, id, place.as_ref())
        })
    }

    /// A feature for the article itself, without geometry.
    pub fn of_whole_article(&self, map: &ArticleMap) -> Feature {
        let mut row = Row::sharing(&Rc::new(Shared::new(article(&map.article))));
        row.put("language", map.article.language.as_deref());
        row.put("mentions", map.mentions.len());
        row.put("placed", map.mentions.len() - map.unplaced());
        row.put("places", map.places.len());
        row.identified(&map.article.id, None).into()
    }

    /// A feature for a place over all articles.
    pub fn of_total(&self, total: &Total) -> Option<Feature> {
        self.row_of_total(total).map(Feature::from)
    }

    /// The same as a row.
    pub fn row_of_total<'a>(&'a self, total: &'a Total) -> Option<Row<'a>> {
        let place = self.gazetteer.place(total.place)?;
        let mut row = Row::new();
        let id = put_place(&mut row, &place);
        row.put("mentions", total.mentions);
        row.put("articles", total.articles);
        row.put("weight", rounded(total.weight, 6));
        row.put("names", joined(&total.names));
        row.put("first_date", total.first_date.as_deref());
        row.put("last_date", total.last_date.as_deref());
        Some(self.row(row, id, Some(&place)))
    }

    /// The row with all that it lacks yet.
    fn row<'r>(&self, mut row: Row<'r>, id: String, place: Option<&Place<'_>>) -> Row<'r> {
        if self.simplestyle {
            let weight = row.number("weight").unwrap_or(0.25);
            let kind = place.map(Place::feature);
            row.put("marker-color", style::hex(style::color_of(kind.as_ref().map_or("", |kind| kind.as_str()))));
            let size = if weight >= 0.4 {
                "large"
            } else if weight >= 0.1 {
                "medium"
            } else {
                "small"
            };
            row.put("marker-size", size);
        }
        // Five decimals are a meter: finer than any label point.
        let at = place.map(|p| At { x: rounded(p.longitude(), 5), y: rounded(p.latitude(), 5) });
        row.identified(id, at)
    }
}

/// What every feature says of its article.
fn article(article: &Article) -> Vec<(&'static str, Cell<'_>)> {
    vec![
        ("article", article.id.as_str().into()),
        ("title", article.title.as_deref().into()),
        ("date", article.date.as_deref().map(date::normal).into()),
        ("url", article.url.as_deref().into()),
        ("source", article.source.as_deref().into()),
    ]
}

/// What a feature says of its place, in this order.
const PLACE: [&str; 5] = ["place_id", "place", "country", "admin1", "feature"];

/// Says what there is to say of a place. Gives its identity.
fn put_place<'r>(row: &mut Row<'r>, place: &Place<'r>) -> String {
    let id = place.id().to_string();
    let cells: [Cell<'r>; 5] = [
        id.clone().into(),
        place.name().into(),
        Some(place.country()).filter(|country| !country.is_empty()).into(),
        place.admin1().map(|division| division.name()).into(),
        place.feature().as_str().to_owned().into(),
    ];
    PLACE.into_iter().zip(cells).for_each(|(name, cell)| row.put(name, cell));
    id
}

/// Names in one text.
fn joined(names: &[String]) -> Cow<'_, str> {
    match names {
        [name] => name.into(),
        names => names.join("; ").into(),
    }
}

pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}
