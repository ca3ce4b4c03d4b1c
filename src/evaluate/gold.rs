//! Gold documents.

use crate::error::{Error, Result};
use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Deserializer};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A document with its gold toponyms.
#[derive(Clone, Debug, Deserialize)]
pub struct Document {
    /// Identity.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// Headline, which no toponym refers to.
    #[serde(default)]
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// Publisher.
    #[serde(default)]
    pub source: Option<String>,
    /// ISO 3166 alpha-2 code of the country that the document is chiefly about.
    #[serde(default)]
    pub focus_country: Option<String>,
    /// The toponyms of the text.
    #[serde(default)]
    pub toponyms: Vec<Toponym>,
}

/// An answer is right within 100 miles, the custom since Leidner (2007).
pub(super) const RIGHT_KM: f64 = 161.0;

/// A gold toponym.
#[derive(Clone, Debug, Deserialize)]
pub struct Toponym {
    /// First code point of the text.
    pub start: usize,
    /// The code point after the last.
    pub end: usize,
    /// As it stands in the text.
    #[serde(default)]
    pub name: String,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonameid: Option<u64>,
    /// What sort of mention it is.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Within how many km an answer is right, when not 161.
    pub tol_km: Option<f64>,
}

impl Toponym {
    /// How far a point is from this toponym's, in km; none when it has no point.
    pub fn distance_km(&self, (north, east): (f64, f64)) -> Option<f64> {
        let own = Point::new(self.lon?, self.lat?);
        Some(Haversine.distance(own, Point::new(east, north)) / 1000.0)
    }

    /// Whether a place is the very entry that this toponym names.
    pub fn is_entry(&self, place_id: &str) -> bool {
        self.geonameid.is_some_and(|id| place_id == format!("geonames:{id}"))
    }

    /// Whether an error of so many km is right.
    pub fn tolerates(&self, error_km: f64) -> bool {
        error_km <= self.tol_km.unwrap_or(RIGHT_KM)
    }

    /// Whether a prediction here is neither right nor wrong, unless all types count: demonyms, languages, homonyms and
    /// associative uses.
    pub fn is_soft(&self) -> bool {
        let kind = self.kind.as_deref().unwrap_or("literal").to_lowercase();
        matches!(kind.split('_').next(), Some("demonym" | "language" | "homonym" | "associative"))
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(d)? {
        serde_json::Value::String(s) => s,
        other => other.to_string(),
    })
}

/// Reads a gold corpus.
///
/// # Errors
/// When the file cannot be read or a line is no gold document; the error names the line.
pub fn read_gold(path: &Path) -> Result<Vec<Document>> {
    let read = || -> Result<Vec<Document>> {
        let mut documents = Vec::new();
        for (line, number) in BufReader::new(File::open(path)?).lines().zip(1..) {
            let line = line.map_err(|e| Error::from(e).on_line(number))?;
            if !line.trim().is_empty() {
                let document = serde_json::from_str(&line).map_err(|e| Error::json(&e).on_line(number))?;
                documents.push(document);
            }
        }
        Ok(documents)
    };
    read().map_err(|e| e.at(path))
}
