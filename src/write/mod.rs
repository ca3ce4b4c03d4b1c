//! Writing: mapped articles in, a layer out.
//!
//! [`Features`] makes the features, with the same properties in every format; a [`Layer`] writes them in one. Which
//! formats there are is a table in `format.rs`; which properties there are is one in `schema.rs`.

#[cfg(feature = "full")]
mod batches;
#[cfg(feature = "full")]
mod columns;
mod csv;
mod envelope;
mod features;
mod flatgeobuf;
mod format;
mod geojson;
mod geopackage;
#[cfg(feature = "full")]
mod geoparquet;
mod info;
mod kml;
mod output;
mod page;
mod place;
#[cfg(feature = "full")]
mod pmtiles;
mod row;
mod schema;
mod sequence;
mod still;
mod style;
mod tally;
mod values;
mod xml;

#[cfg(feature = "full")]
pub use batches::Batches;
pub use csv::Csv;
pub use features::{Features, Per};
pub use flatgeobuf::FlatGeobuf;
pub use format::{Companion, Format, More, layer, layer_again};
pub use geojson::GeoJson;
pub use geopackage::GeoPackage;
#[cfg(feature = "full")]
pub use geoparquet::GeoParquet;
pub use info::LayerInfo;
pub use kml::Kml;
pub use output::Output;
pub(crate) use output::abandon;
pub use page::Page;
pub use place::place_record;
#[cfg(feature = "full")]
pub use pmtiles::PmTiles;
pub use row::Row;
pub use schema::{Column, Kind, Schema, Table};
pub use sequence::Sequence;
pub use still::{Picture, Still};
pub use style::Scale;
pub use tally::Tally;

use crate::error::{Error, Result};
use ::geojson::Feature;

/// The coordinates of every layer, in well-known text for the formats that want them spelled out.
const WGS84: &str = concat!(
    r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],"#,
    r#"AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],"#,
    r#"UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#
);

/// Writes features in one format.
pub trait Layer {
    /// Writes one feature of the table that the layer is about.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&mut self, feature: &Feature) -> Result<()>;

    /// Writes the feature of a row. Formats that need no [`Feature`] for it write it faster.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write_row(&mut self, row: Row<'_>) -> Result<()> {
        self.write(&row.into())
    }

    /// Writes one feature of a further table ([`LayerInfo::more`]).
    ///
    /// # Errors
    /// When it cannot be written, or the format holds no further table ([`Format::more`]).
    fn write_more(&mut self, table: Table, _feature: &Feature) -> Result<()> {
        Err(Error::usage(format!("this format holds one table; {} have no room in it", table.as_str())))
    }

    /// Hands on all that was written so far, for [`layer_again`] to go on after it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    /// What the layer has no room for and leaves out, in a sentence for people; told after
    /// [`finish`](Layer::finish).
    fn left_out(&self) -> Option<String> {
        None
    }

    /// Writes what comes after the last feature. A layer without it is not whole.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self) -> Result<()>;
}
