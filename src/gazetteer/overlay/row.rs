//! From a row's cells to a place, a pin or a silence.

use super::{Problem, kinds};
use crate::gazetteer::{Feature, Gazetteer, Level, Place};
use crate::text::name_key;

/// The most bytes of a name.
const LONGEST_NAME: usize = 500;
/// The widest radius that a place record holds, in km.
const WIDEST: f64 = 6_000.0;

/// What a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Latitude,
    Longitude,
    Aliases,
    Country,
    Admin1,
    Kind,
    Action,
    Id,
    Population,
    Radius,
    /// Who publishes there: in tables of homes.
    Source,
}

/// The spellings of each column's name; of several that a file has, the first that is filled counts.
const SPELLINGS: &[(Column, &[&str])] = &[
    (Column::Name, &["name", "place", "toponym", "place_name"]),
    (Column::Latitude, &["latitude", "lat", "y"]),
    (Column::Longitude, &["longitude", "lon", "lng", "long", "x"]),
    (Column::Aliases, &["aliases", "alias", "alternatenames", "alternate_names"]),
    (Column::Country, &["country", "iso", "cc", "country_code", "iso2"]),
    (Column::Admin1, &["admin1", "adm1", "state", "province", "governorate"]),
    (Column::Kind, &["kind", "feature", "type", "fcode", "feature_code"]),
    (Column::Action, &["action"]),
    (Column::Id, &["place_id", "geonameid", "geonames_id", "id"]),
    (Column::Population, &["population", "pop"]),
    (Column::Radius, &["radius_km", "radius"]),
    (Column::Source, &["source", "publisher", "newspaper", "paper"]),
];

impl Column {
    /// The column that a name stands for, whatever its case, with spaces or hyphens for underscores.
    pub(super) fn of_header(header: &str) -> Option<Self> {
        let header = normal(header);
        SPELLINGS.iter().find(|(_, all)| all.contains(&header.as_str())).map(|(column, _)| *column)
    }

    fn rank(self, header: &str) -> usize {
        let header = normal(header);
        let all = SPELLINGS.iter().find(|(column, _)| *column == self);
        all.and_then(|(_, all)| all.iter().position(|spelling| *spelling == header)).unwrap_or(usize::MAX)
    }
}

pub(super) fn normal(header: &str) -> String {
    header.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}

/// A cell with the column's name as the file has it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) column: Column,
    pub(super) header: String,
    pub(super) text: String,
}

/// A row of a table, or a feature.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) line: u64,
    cells: Vec<Cell>,
}

/// The identity of a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Identity {
    GeoNames(u32),
    Custom(String),
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::GeoNames(id) => write!(f, "geonames:{id}"),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

/// What a row asks for.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    Place(Box<OwnPlace>),
    Pin(Identity),
    Silence,
}

/// A place of the user's.
#[derive(Clone, Debug)]
pub(super) struct OwnPlace {
    pub(super) id: Option<Identity>,
    pub(super) aliases: Vec<String>,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) feature: Feature,
    pub(super) country: String,
    /// The number of the base's first-order division.
    pub(super) admin1: Option<u32>,
    pub(super) population: u32,
    pub(super) radius_km: f32,
}

/// A row that was understood.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) line: u64,
    pub(super) name: String,
    /// What the columns of the name and of the id are called in the file.
    pub(super) headers: [String; 2],
    pub(super) wish: Wish,
}

impl Row {
    pub(super) fn new(line: u64, mut cells: Vec<Cell>) -> Self {
        cells.retain(|cell| !cell.text.is_empty());
        cells.sort_by_cached_key(|cell| cell.column.rank(&cell.header));
        Self { line, cells }
    }

    /// The cell of a column, when it is filled.
    pub(super) fn get(&self, column: Column) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// Makes sense of the row, or tells all that is wrong with it.
    pub(super) fn understand(&self, base: &Gazetteer) -> Result<Entry, Vec<Problem>> {
        let mut reading = Reading { row: self, base, problems: Vec::new() };
        let entry = reading.entry();
        entry.filter(|_| reading.problems.is_empty()).ok_or(reading.problems)
    }
}

/// A row while it is read; what goes wrong is collected.
struct Reading<'r> {
    row: &'r Row,
    base: &'r Gazetteer,
    problems: Vec<Problem>,
}

impl<'r> Reading<'r> {
    fn entry(&mut self) -> Option<Entry> {
        let name = self.name();
        let silenced = self.is_silenced();
        let has_point = self.row.get(Column::Latitude).is_some() || self.row.get(Column::Longitude).is_some();
        let id = self.id(has_point);
        let wish = if silenced {
            if let Some(cell) = self.row.get(Column::Latitude) {
                self.problem(cell, "a silenced name has no coordinates; leave them out, or the silence");
            }
            Wish::Silence
        } else if has_point {
            Wish::Place(Box::new(self.place(id)?))
        } else if let Some(id) = id {
            Wish::Pin(id)
        } else {
            if self.row.get(Column::Id).is_none() {
                self.problems.push(Problem::of_row(
                    self.row.line,
                    "neither coordinates nor a place_id; give latitude and longitude for a place of your own, a \
                     place_id such as geonames:4409896 to pin the name, or the kind silence",
                ));
            }
            return None;
        };
        let header = |column, usual: &str| self.row.get(column).map_or_else(|| usual.to_owned(), |c| c.header.clone());
        let headers = [header(Column::Name, "name"), header(Column::Id, "place_id")];
        Some(Entry { line: self.row.line, name: name?, headers, wish })
    }

    /// A bare number is an id of GeoNames where a column says so, and where it is to pin a name.
    fn id(&mut self, has_point: bool) -> Option<Identity> {
        let of_geonames = self.row.get(Column::Id).is_some_and(|cell| normal(&cell.header).starts_with("geoname"));
        self.cell(Column::Id, |text| match text.parse() {
            Ok(number) if of_geonames || !has_point => Ok(Identity::GeoNames(number)),
            _ => identity(text),
        })
    }

    fn name(&mut self) -> Option<String> {
        let Some(cell) = self.row.get(Column::Name) else {
            self.problems.push(Problem::of_cell(self.row.line, "name", "is empty; every row needs a name"));
            return None;
        };
        if cell.text.len() > LONGEST_NAME {
            self.problem(cell, &format!("a name of {} bytes; the longest has {LONGEST_NAME}", cell.text.len()));
        } else if name_key(&cell.text).is_empty() {
            self.problem(cell, &format!("{:?} has no letters or digits to find it by", cell.text));
        } else {
            return Some(cell.text.clone());
        }
        None
    }

    /// The kind or the action says so; an action that is neither is a problem.
    fn is_silenced(&mut self) -> bool {
        let is = |cell: &Cell, word: &str| cell.text.eq_ignore_ascii_case(word);
        if let Some(cell) = self.row.get(Column::Action) {
            if !["silence", "pin", "add", "place"].iter().any(|word| is(cell, word)) {
                self.problem(cell, &format!("{:?} is no action; write silence or pin, or leave it empty", cell.text));
            }
            if is(cell, "silence") {
                return true;
            }
        }
        self.row.get(Column::Kind).is_some_and(|cell| is(cell, "silence"))
    }

    fn place(&mut self, id: Option<Identity>) -> Option<OwnPlace> {
        let latitude = self.degrees(Column::Latitude, "latitude", 90.0, "north");
        let longitude = self.degrees(Column::Longitude, "longitude", 180.0, "east");
        let feature = self.cell(Column::Kind, |text| {
            kinds::feature(text).ok_or_else(|| {
                format!(
                    "{text:?} is no kind; give a GeoNames code such as P.PPL or S.CMPRF, or a word such as city, \
                     village, camp, river, mountain, region, base"
                )
            })
        });
        let population = self.cell(Column::Population, |text| {
            let digits = text.replace([',', ' ', '\u{A0}', '\u{202F}', '_'], "");
            digits.parse().map_err(|_| format!("{text:?} is no number of inhabitants; give a whole number, as 12000"))
        });
        let radius = self.cell(Column::Radius, |text| {
            decimal(text)
                .filter(|km| (0.0..=WIDEST).contains(km))
                .ok_or_else(|| format!("{text:?} is no radius; give kilometers from 0 to {WIDEST}, as 2.5"))
        });
        let base = self.base;
        let country = self.cell(Column::Country, |text| country(base, text));
        let admin1 = self.cell(Column::Admin1, |text| admin1(base, text, country.as_deref()));
        let aliases = self.row.cells.iter().filter(|cell| cell.column == Column::Aliases);
        let aliases = aliases.flat_map(|cell| cell.text.split(['|', ';'])).map(str::trim);
        Some(OwnPlace {
            id,
            aliases: aliases.filter(|a| !a.is_empty() && a.len() <= LONGEST_NAME).map(str::to_owned).collect(),
            latitude: latitude?,
            longitude: longitude?,
            feature: feature.unwrap_or(Feature::new("P.PPL")),
            country: country.unwrap_or_else(|| admin1.map_or_else(String::new, |a| a.country().to_owned())),
            admin1: admin1.map(|a| a.index()),
            population: population.unwrap_or(0),
            radius_km: radius.unwrap_or(0.0) as f32,
        })
    }

    fn degrees(&mut self, column: Column, name: &str, most: f64, towards: &str) -> Option<f64> {
        if self.row.get(column).is_none() {
            self.problems.push(Problem::of_cell(
                self.row.line,
                name,
                format!("is empty; give degrees {towards} from -{most} to {most}, as 36.385"),
            ));
            return None;
        }
        self.cell(column, |text| degrees(text, name, most, towards))
    }

    /// Reads a cell if it is filled.
    fn cell<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let cell = self.row.get(column)?;
        read(&cell.text).map_err(|message| self.problem(cell, &message)).ok()
    }

    fn problem(&mut self, cell: &'r Cell, message: &str) {
        self.problems.push(Problem::of_cell(self.row.line, &cell.header, message));
    }
}

/// Degrees from -`most` to `most`.
pub(super) fn degrees(text: &str, name: &str, most: f64, towards: &str) -> Result<f64, String> {
    decimal(text)
        .filter(|degrees| degrees.abs() <= most)
        .ok_or_else(|| format!("{text:?} is no {name}; give degrees {towards} from -{most} to {most}, as 36.385"))
}

/// A decimal number, with a point or, as in tables with semicolons, a comma.
fn decimal(text: &str) -> Option<f64> {
    let text = if text.contains('.') { text.to_owned() } else { text.replacen(',', ".", 1) };
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `geonames:ID`, `custom:ID`, or an id of the user's own.
pub(super) fn identity(text: &str) -> Result<Identity, String> {
    let (space, id) = text.split_once(':').unwrap_or(("custom", text));
    match space.trim() {
        "geonames" => id
            .trim()
            .parse()
            .map(Identity::GeoNames)
            .map_err(|_| format!("{text:?} is no GeoNames id; give geonames: and the number, as geonames:4409896")),
        "custom" if !id.trim().is_empty() && id.len() <= LONGEST_NAME => Ok(Identity::Custom(id.trim().to_owned())),
        _ => Err(format!("{text:?} is no id; give geonames:NUMBER, custom:ID or an ID without a colon")),
    }
}

/// A country's code by its code or by one of its names.
fn country(base: &Gazetteer, text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    if base.country(&code).is_some() {
        return Ok(code);
    }
    let named = |(place, _): &(Place<'_>, _)| place.feature().level() == Level::Country && !place.country().is_empty();
    if let Some((place, _)) = base.lookup(text).find(named) {
        return Ok(place.country().to_owned());
    }
    Err(format!("{text:?} is no country of the gazetteer; give its ISO 3166 code of two letters, as SY"))
}

/// A first-order division of the base by one of its names.
fn admin1<'g>(base: &'g Gazetteer, text: &str, country: Option<&str>) -> Result<Place<'g>, String> {
    let within = |place: &Place<'_>| {
        place.feature().level() == Level::Admin1 && country.is_none_or(|country| place.country() == country)
    };
    let found = base.lookup(text).map(|(place, _)| place).find(within);
    found.ok_or_else(|| format!("{text:?} is no first-order division of the country; leave it empty"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_columns() {
        for (header, column) in [
            (" Lat ", Column::Latitude),
            ("Country code", Column::Country),
            ("geonameid", Column::Id),
            ("X", Column::Longitude),
        ] {
            assert_eq!(Column::of_header(header), Some(column), "{header}");
        }
        assert_eq!(Column::of_header("comment"), None);
    }

    #[test]
    fn numbers_and_ids() {
        assert_eq!(
            [decimal("36.4"), decimal("36,4"), decimal("36°4'"), decimal("inf")],
            [Some(36.4), Some(36.4), None, None]
        );
        assert_eq!(identity("geonames:42"), Ok(Identity::GeoNames(42)));
        assert_eq!(identity("my-camp"), Ok(Identity::Custom("my-camp".into())));
        assert!(identity("geonames:Paris").is_err() && identity("osm:1").is_err() && identity("custom:").is_err());
    }
}
