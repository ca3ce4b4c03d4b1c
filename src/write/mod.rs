//! Writing: mapped articles in, a layer out.
//!
//! [`Features`] makes the features, with the same properties in every format; a [`Layer`] writes them in one.

mod features;
mod geojson;
mod output;
mod sequence;

pub use features::{Features, Per};
pub use geojson::GeoJson;
pub use output::Output;
pub(crate) use output::{abandon, part_of};
pub use sequence::Sequence;

use crate::error::Result;
use ::geojson::Feature;
use std::io::Write;
use std::path::Path;

/// How a layer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One GeoJSON `FeatureCollection` (RFC 7946).
    #[value(name = "geojson")]
    GeoJson,
    /// A GeoJSON text sequence (RFC 8142): a record separator before each feature.
    #[value(name = "geojsonseq")]
    Sequence,
    /// One GeoJSON feature a line.
    #[value(name = "geojsonl")]
    Lines,
}

impl Format {
    /// The extension of a file in this format.
    pub fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Sequence => "geojsons",
            Self::Lines => "geojsonl",
        }
    }

    /// The format that a file's extension tells.
    ///
    /// ```
    /// use mentionmap::write::Format;
    /// assert_eq!(Format::of_path("map.geojsonl".as_ref()), Some(Format::Lines));
    /// ```
    pub fn of_path(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "geojson" | "json" => Self::GeoJson,
            "geojsons" | "geojsonseq" => Self::Sequence,
            "geojsonl" | "ndjson" | "jsonl" => Self::Lines,
            _ => return None,
        })
    }
}

/// Facts about a layer as a whole, which every format carries where it can.
#[derive(Clone, Debug, Default)]
pub struct LayerInfo {
    /// The layer's name.
    pub name: String,
    /// Whom to credit for the data.
    pub attribution: String,
    /// The hash of the gazetteer that its places come from.
    pub gazetteer: String,
}

/// Writes features in one format.
pub trait Layer {
    /// Writes one feature.
    fn write(&mut self, feature: &Feature) -> Result<()>;

    /// Writes what comes after the last feature. A layer without it is not whole.
    fn finish(&mut self) -> Result<()>;
}

/// A layer of this format on `to`.
pub fn layer<'w, W: Write + 'w>(format: Format, to: W, info: LayerInfo) -> Box<dyn Layer + 'w> {
    match format {
        Format::GeoJson => Box::new(GeoJson::new(to, info)),
        Format::Sequence => Box::new(Sequence::new(to, true)),
        Format::Lines => Box::new(Sequence::new(to, false)),
    }
}
