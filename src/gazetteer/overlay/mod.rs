//! Overlays: the user's own places, pinned names and silenced names on top of a gazetteer.
//!
//! An overlay file is a table (`.csv` or `.tsv`, with commas, semicolons or tabs) or GeoJSON (`.geojson` or `.json`,
//! Point features whose properties are the columns). Each row is one of three:
//!
//! * **a place**: a name and coordinates, and whatever else is known of it;
//! * **a pin**: a name and the `place_id` of an existing place, without coordinates: the name means that place only;
//! * **a silence**: a name whose kind (or action) is `silence`: the name is never a mention.
//!
//! Pins and silences are of one name in all its spellings that have the same normal form
//! ([`crate::text::name_key`]); longer names that contain it go on as they are.
//!
//! | column | also called | what |
//! | --- | --- | --- |
//! | `name` | place, toponym | main name |
//! | `latitude` | lat, y | degrees north, WGS 84 |
//! | `longitude` | lon, lng, long, x | degrees east, WGS 84 |
//! | `aliases` | alias, alternatenames | other names, separated by <code>&#124;</code> or `;` |
//! | `country` | iso, cc, `country_code` | ISO 3166 alpha-2 code, or a name of the country |
//! | `admin1` | adm1, state, province, governorate | a name of the first-order division |
//! | `kind` | feature, type, fcode | a GeoNames code (`P.PPL`, `CMPRF`) or a word (village, camp, river …) |
//! | `id` | `place_id`, geonameid | `custom:ID`, or only the `ID`; by default made from the name |
//! | `population` | pop | inhabitants |
//! | `radius_km` | radius | a typical radius in km |
//! | `action` | | `silence`, `pin` or nothing |
//!
//! Other columns are passed over.

mod features;
mod homes;
mod kinds;
mod layer;
mod row;
mod stack;
mod table;

pub(crate) use homes::{HomeRow, home_rows};
pub(super) use layer::{Handle, Overlay};

use super::Gazetteer;
use crate::error::{Error, ErrorKind, Result};
use std::path::Path;

/// The most problems of a file that one error tells.
const MOST_TOLD: usize = 20;

/// Whether a file is an overlay rather than a compiled gazetteer, by its extension.
///
/// ```
/// use mentionmap::gazetteer::overlay::is_overlay;
/// assert!(is_overlay("my-places.csv") && is_overlay("camps.GeoJSON") && !is_overlay("world.mentionmap"));
/// ```
pub fn is_overlay(path: impl AsRef<Path>) -> bool {
    Format::of(path.as_ref()).is_some()
}

impl Gazetteer {
    /// The gazetteer that `names` name, as `--gazetteer` takes them: `world` or a compiled file, by default the world,
    /// with all tables and GeoJSON files among them stacked on it.
    ///
    /// ```
    /// let world = mentionmap::Gazetteer::named(&["world"])?;
    /// assert_eq!(world.hash(), mentionmap::Gazetteer::named::<&str>(&[])?.hash());
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    ///
    /// # Errors
    /// When two of them are bases; otherwise those of [`Gazetteer::open`] and [`Gazetteer::with_overlay`].
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Self> {
        let (overlays, bases): (Vec<&str>, Vec<&str>) =
            names.iter().map(AsRef::as_ref).partition(|name| is_overlay(name));
        let base = match bases.as_slice() {
            [] | ["world"] => Self::world()?,
            [path] => Self::open(path)?,
            [one, other, ..] => {
                return Err(Error::usage(format!(
                    "--gazetteer {one} and --gazetteer {other}: one base at a time; what is stacked on it are .csv, \
                     .tsv, .geojson and .json files"
                )));
            }
        };
        base.with_overlay(&overlays)
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Table,
    GeoJson,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Table),
            "geojson" | "json" => Some(Self::GeoJson),
            _ => None,
        }
    }
}

/// What is wrong with a cell, or with a whole row when there is no column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    line: u64,
    column: Option<String>,
    /// What is wrong and what to do.
    message: String,
}

impl Problem {
    fn of_row(line: u64, message: impl Into<String>) -> Self {
        Self { line, column: None, message: message.into() }
    }

    fn of_cell(line: u64, column: &str, message: impl Into<String>) -> Self {
        Self { line, column: Some(column.to_owned()), message: message.into() }
    }

    fn tell(&self) -> String {
        match &self.column {
            Some(column) => format!("column {column}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// One error for all problems of a file.
fn error(path: &Path, mut problems: Vec<Problem>) -> Error {
    problems.sort_by_key(|p| p.line);
    if let [problem] = problems.as_slice() {
        return Error::from(ErrorKind::Table(problem.tell())).on_line(problem.line).at(path);
    }
    let mut lines = vec![format!("{} problems, nothing is read before they are mended", problems.len())];
    lines.extend(problems.iter().take(MOST_TOLD).map(|p| format!("  line {}: {}", p.line, p.tell())));
    if problems.len() > MOST_TOLD {
        lines.push(format!("  and {} more", problems.len() - MOST_TOLD));
    }
    Error::from(ErrorKind::Table(lines.join("\n"))).at(path)
}

/// Tells lines from byte offsets, which must not go back: a long file is counted through once.
struct Lines<'t> {
    rest: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self { rest: text, at: 0, line: 1 }
    }

    /// The line of a byte, counted from 1.
    fn line(&mut self, at: usize) -> u64 {
        let (before, rest) = self.rest.split_at(at.saturating_sub(self.at).min(self.rest.len()));
        self.at += before.len();
        self.rest = rest;
        self.line += before.split(|&b| b == b'\n').count() as u64 - 1;
        self.line
    }
}

/// A file's rows, as text.
fn rows(bytes: &[u8], format: Format) -> Result<Vec<row::Row>, Vec<Problem>> {
    let text = text(bytes)?;
    match format {
        Format::Table => table::rows(text, table::check),
        Format::GeoJson => features::rows(text),
    }
}

/// A file's text, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, Vec<Problem>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Err(e) => {
            let line = Lines::new(bytes).line(e.valid_up_to());
            Err(vec![Problem::of_row(line, "invalid UTF-8; save the file as UTF-8")])
        }
    }
}
