//! Writing: mapped articles in, a layer out.
//!
//! [`Features`] makes the features, with the same properties in every format; a [`Layer`] writes them in one. Which
//! formats there are is a table in `format.rs`; which properties there are is one in `schema.rs`.

mod features;
mod format;
mod geojson;
mod info;
mod output;
mod page;
mod schema;
mod sequence;
mod still;

pub use features::{Features, Per};
pub use format::{Companion, Format, More, layer};
pub use geojson::GeoJson;
pub use info::LayerInfo;
pub use output::Output;
pub use page::Page;
pub use schema::{Column, Kind, Schema, Table};
pub use sequence::Sequence;
pub use still::{Picture, Still};

use crate::error::{Error, Result};
use ::geojson::Feature;

/// Writes features in one format.
pub trait Layer {
    /// Writes one feature of the table that the layer is about.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&mut self, feature: &Feature) -> Result<()>;

    /// Writes one feature of a further table ([`LayerInfo::more`]).
    ///
    /// # Errors
    /// When it cannot be written, or the format holds no further table ([`Format::more`]).
    fn write_more(&mut self, table: Table, _feature: &Feature) -> Result<()> {
        Err(Error::usage(format!("this format holds one table; {} have no room in it", table.as_str())))
    }

    /// Writes what comes after the last feature. A layer without it is not whole.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self) -> Result<()>;
}
