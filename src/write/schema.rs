//! The tables and their columns: every property that a feature may have, said once.

use super::Per;

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A real number.
    Real,
    /// Yes or no: true or false where the format has these, else 1 or 0.
    Flag,
    /// A date or a date-time: of its own type where the format has one, else text in the form of ISO 8601.
    Date,
}

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, in snake case.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means, in a sentence without its full stop; Markdown.
    pub about: &'static str,
}

/// A table beside the one that a layer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Table {
    /// Every mention, with its sentence.
    Mentions,
    /// Every article, without geometry.
    Articles,
}

impl Table {
    /// Its name in the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Articles => "articles",
        }
    }
}

/// The columns of a table of features, in the order in which features have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The table's name.
    pub name: &'static str,
    /// What a feature stands for.
    pub per: Per,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Whether its features have points; without, it is a plain table.
    pub points: bool,
}

impl Default for Schema {
    fn default() -> Self {
        Self::of(Per::default(), false)
    }
}

const fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, about }
}

const ARTICLE: Column = column("article", Kind::Text, "the article: its id, or its path (and line) when it has none");

const OF_ARTICLE: [Column; 4] = [
    column("title", Kind::Text, "its headline"),
    column(
        "date",
        Kind::Date,
        "its date; a form that is neither ISO 8601 nor a feed's stays as it is given in GeoJSON and CSV, and is null elsewhere",
    ),
    column("url", Kind::Text, "where it was published"),
    column("source", Kind::Text, "who published it"),
];

const PLACE: [Column; 5] = [
    column("place_id", Kind::Text, "`geonames:ID`, or `custom:ID` for a place of this project's or your own"),
    column("place", Kind::Text, "the place's main name"),
    column(
        "country",
        Kind::Text,
        "ISO 3166-1 alpha-2 code; null for seas, continents and what lies in several countries",
    ),
    column("admin1", Kind::Text, "the state, province or governorate it lies in"),
    column(
        "feature",
        Kind::Text,
        "GeoNames' [class and code](https://www.geonames.org/export/codes.html): `P.PPL` a town, `A.ADM1` a province, `A.PCLI` a country …",
    ),
];

const MENTIONS: Column = column("mentions", Kind::Integer, "how often it is mentioned");
const NAMES: Column =
    column("names", Kind::Text, "the names in use, separated by `; `; over all articles the first twenty");

const SIMPLESTYLE: [Column; 2] = [
    column("marker-color", Kind::Text, "its color, by what the place is (with `--simplestyle`)"),
    column("marker-size", Kind::Text, "`small`, `medium` or `large`, by its weight (with `--simplestyle`)"),
];

impl Schema {
    /// The features of `per`; those of mentions with their sentences when `sentences` is set.
    ///
    /// ```
    /// use mentionmap::write::{Per, Schema};
    /// let names: Vec<_> = Schema::of(Per::Place, false).columns.iter().map(|c| c.name).collect();
    /// assert!(names.starts_with(&["place_id", "place", "country"]));
    /// ```
    pub fn of(per: Per, sentences: bool) -> Self {
        match per {
            Per::Article => Self::article_places(),
            Per::Place => Self::places(),
            Per::Mention => Self::mentions(sentences),
        }
    }

    fn article_places() -> Self {
        let mut columns = vec![ARTICLE];
        columns.extend(OF_ARTICLE);
        columns.extend(PLACE);
        columns.extend([
            MENTIONS,
            column("weight", Kind::Real, "its share of the article's mapped mentions: each article's weights sum to 1"),
            column("confidence", Kind::Real, "the mean confidence of these mentions, from 0 to 1"),
            NAMES,
            column("first_offset", Kind::Integer, "where it is first mentioned, in code points of that field"),
            column(
                "focus",
                Kind::Flag,
                "whether the article is chiefly about this place: true for one place of each article ([how](resolving.md#focus))",
            ),
        ]);
        Self { name: "places", per: Per::Article, columns, points: true }
    }

    fn places() -> Self {
        let mut columns = PLACE.to_vec();
        columns.extend([
            MENTIONS,
            column("articles", Kind::Integer, "in how many articles"),
            column("weight", Kind::Real, "the sum of its weights in these articles"),
            NAMES,
            column("first_date", Kind::Date, "the earliest date of an article that mentions it"),
            column("last_date", Kind::Date, "the latest"),
        ]);
        Self { name: "places", per: Per::Place, columns, points: true }
    }

    /// With the properties of simplestyle ([`Features::simplestyle`](super::Features::simplestyle)).
    #[must_use]
    pub fn simplestyle(mut self) -> Self {
        self.columns.extend(SIMPLESTYLE);
        self
    }

    /// The features of mentions.
    pub fn mentions(sentences: bool) -> Self {
        let mut columns = vec![
            ARTICLE,
            column("field", Kind::Text, "where in the article: `title` or `text`"),
            column("start", Kind::Integer, "its first character, in code points of that field"),
            column("end", Kind::Integer, "the one after its last"),
            column("name", Kind::Text, "the name as the article writes it"),
            column("role", Kind::Text, "`place`, `organization` or `demonym`"),
        ];
        if sentences {
            columns.push(column("sentence", Kind::Text, "the sentence around it (with `--sentences`)"));
        }
        columns.extend(PLACE);
        columns.extend([
            column("confidence", Kind::Real, "how likely it is that this is a mention and that it means this place"),
            column("runner_up", Kind::Text, "the second-best place"),
            column("margin", Kind::Real, "how much likelier the first one is"),
            column(
                "why",
                Kind::Text,
                "what spoke most for the place against the runner-up, strongest first: codes separated by a bar",
            ),
        ]);
        Self { name: Table::Mentions.as_str(), per: Per::Mention, columns, points: true }
    }

    /// The table of articles.
    pub fn articles() -> Self {
        let mut columns = vec![ARTICLE];
        columns.extend(OF_ARTICLE);
        columns.extend([
            column("language", Kind::Text, "its language, as the input gives it"),
            column("mentions", Kind::Integer, "how many mentions count"),
            column("placed", Kind::Integer, "how many of them have a place"),
            column("places", Kind::Integer, "how many places they are"),
        ]);
        Self { name: Table::Articles.as_str(), per: Per::Article, columns, points: false }
    }
}
