//! The formats: one row of a table each.

use super::{
    Csv, FlatGeobuf, GeoJson, GeoPackage, Kml, Layer, LayerInfo, Page, Picture, Scale, Sequence, Still, Table, Tally,
    csv, style,
};
use crate::error::{Error, Result};
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
    /// Comma-separated values, with columns for longitude and latitude or for well-known text.
    Csv,
    /// GeoPackage: one file with spatial index, metadata and a style for QGIS.
    #[value(name = "gpkg")]
    GeoPackage,
    /// FlatGeobuf: binary, with a spatial index.
    #[value(name = "fgb")]
    FlatGeobuf,
    /// KML, for Google Earth.
    Kml,
    /// GeoParquet 1.1 (built with the feature `full`).
    #[value(name = "parquet")]
    GeoParquet,
    /// Vector tiles in one PMTiles file, with a MapLibre style beside it (built with the feature `full`).
    #[value(name = "pmtiles")]
    PmTiles,
    /// A page for the browser with map, list and sentences, in one file.
    #[value(name = "html")]
    Html,
    /// A still map as a vector drawing.
    #[value(name = "svg")]
    Svg,
    /// A still map as a picture.
    #[value(name = "png")]
    Png,
}

/// Which tables a format holds beside the one that the layer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// None.
    Never,
    /// Those that are asked for.
    Asked,
    /// These, asked for or not.
    Always(&'static [Table]),
}

type Open = for<'w> fn(Box<dyn Write + 'w>, LayerInfo) -> Result<Box<dyn Layer + 'w>>;

/// A layer on what holds features already, for formats that can be gone on with.
type Again = for<'w> fn(Box<dyn Write + 'w>, LayerInfo, &Tally) -> Box<dyn Layer + 'w>;

/// What lies beside a layer in a file of this name: what belongs there always, and with `--style` how it looks.
type Beside = fn(&Told<'_>) -> Vec<Companion>;

/// What companions are made from.
pub(super) struct Told<'t> {
    pub(super) info: &'t LayerInfo,
    /// The name of the layer's file, without its folder.
    pub(super) file: &'t str,
    pub(super) scale: &'t Scale,
    /// With `--style`.
    pub(super) styled: bool,
}

struct Row {
    format: Format,
    /// The first is the one that new files get.
    extensions: &'static [&'static str],
    more: More,
    open: Open,
    /// None where the end of a file says where everything is, or all is only known at the end.
    again: Option<Again>,
    beside: Beside,
}

/// Every format, by [`Format`]'s order.
#[rustfmt::skip]
const FORMATS: &[Row] = &[
    row(Format::GeoJson, &["geojson", "json"], More::Never, |to, info| Ok(Box::new(GeoJson::new(to, info))), Some(|to, info, written| Box::new(GeoJson::again(to, info, written))), qml),
    row(Format::Sequence, &["geojsons", "geojsonseq"], More::Never, |to, _| Ok(Box::new(Sequence::new(to, true))), Some(|to, _, _| Box::new(Sequence::new(to, true))), qml),
    row(Format::Lines, &["geojsonl", "ndjson", "jsonl"], More::Never, |to, _| Ok(Box::new(Sequence::new(to, false))), Some(|to, _, _| Box::new(Sequence::new(to, false))), qml),
    row(Format::Csv, &["csv"], More::Never, |to, info| Ok(Box::new(Csv::new(to, &info))), Some(|to, info, _| Box::new(Csv::again(to, &info))), csv::companions),
    row(Format::GeoPackage, &["gpkg"], More::Asked, |to, info| Ok(Box::new(GeoPackage::new(to, info)?)), None, nothing),
    row(Format::FlatGeobuf, &["fgb"], More::Never, |to, info| Ok(Box::new(FlatGeobuf::new(to, info))), None, qml),
    row(Format::Kml, &["kml"], More::Never, |to, info| Ok(Box::new(Kml::new(to, info))), Some(|to, info, _| Box::new(Kml::again(to, info))), nothing),
    row(Format::GeoParquet, &["parquet", "geoparquet"], More::Never, full::geoparquet, None, nothing),
    row(Format::PmTiles, &["pmtiles"], More::Never, full::pmtiles, None, full::style),
    row(Format::Html, &["html", "htm"], More::Always(&[Table::Articles, Table::Mentions]), |to, info| Ok(Box::new(Page::new(to, info)?)), None, nothing),
    row(Format::Svg, &["svg"], More::Never, |to, info| Ok(Box::new(Still::new(to, info, Picture::Svg))), None, nothing),
    row(Format::Png, &["png"], More::Never, |to, info| Ok(Box::new(Still::new(to, info, Picture::Png))), None, nothing),
];

/// What only the feature `full` brings.
#[cfg(feature = "full")]
mod full {
    pub(super) use super::super::pmtiles::style;
    use super::{Layer, LayerInfo, Result, Write};
    use crate::write::{GeoParquet, PmTiles};

    pub(super) fn geoparquet<'w>(to: Box<dyn Write + 'w>, info: LayerInfo) -> Result<Box<dyn Layer + 'w>> {
        Ok(Box::new(GeoParquet::new(to, info)?))
    }

    pub(super) fn pmtiles<'w>(to: Box<dyn Write + 'w>, info: LayerInfo) -> Result<Box<dyn Layer + 'w>> {
        Ok(Box::new(PmTiles::new(to, info)?))
    }
}

/// Without the feature these formats are known, so that it can be said how to get them.
#[cfg(not(feature = "full"))]
mod full {
    pub(super) use super::nothing as style;
    use super::{Error, Layer, LayerInfo, Result, Write};

    pub(super) fn geoparquet<'w>(_: Box<dyn Write + 'w>, _: LayerInfo) -> Result<Box<dyn Layer + 'w>> {
        Err(Error::usage("GeoParquet is left out of this build; make one with `cargo install --features full`"))
    }

    pub(super) fn pmtiles<'w>(_: Box<dyn Write + 'w>, _: LayerInfo) -> Result<Box<dyn Layer + 'w>> {
        Err(Error::usage("PMTiles is left out of this build; make one with `cargo install --features full`"))
    }
}

const fn row(
    format: Format,
    extensions: &'static [&'static str],
    more: More,
    open: Open,
    again: Option<Again>,
    beside: Beside,
) -> Row {
    Row { format, extensions, more, open, again, beside }
}

/// Nothing beside the layer.
fn nothing(_: &Told<'_>) -> Vec<Companion> {
    Vec::new()
}

/// QGIS takes up the style of a layer from a file beside it.
pub(super) fn qml(told: &Told<'_>) -> Vec<Companion> {
    let style = || Companion { extension: "qml", text: style::qml(&told.info.schema, told.scale) };
    told.styled.then(style).into_iter().collect()
}

impl Format {
    fn row(self) -> &'static Row {
        // The test below holds the order.
        &FORMATS[self as usize]
    }

    /// The extension of a file in this format.
    pub fn extension(self) -> &'static str {
        self.row().extensions[0]
    }

    /// Which tables it holds beside the one that the layer is about.
    pub fn more(self) -> More {
        self.row().more
    }

    /// Whether a layer that was cut short after a whole feature can be gone on with ([`layer_again`]).
    pub fn can_go_on(self) -> bool {
        self.row().again.is_some()
    }

    /// The files that lie beside a layer called `file`: what the format itself has no room for and, when `styled` is
    /// set, its style, by the `scale` of its features.
    pub fn companions(self, info: &LayerInfo, file: &str, scale: &Scale, styled: bool) -> Vec<Companion> {
        (self.row().beside)(&Told { info, file, scale, styled })
    }

    /// The format that a file's extension tells.
    ///
    /// ```
    /// use mentionmap::write::Format;
    /// assert_eq!(Format::of_path("map.geojsonl".as_ref()), Some(Format::Lines));
    /// ```
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        FORMATS.iter().find(|row| row.extensions.contains(&extension.as_str())).map(|row| row.format)
    }

    /// The extensions that tell a format, one for each: for messages.
    pub fn known_extensions() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|row| row.extensions[0])
    }
}

/// A file beside a layer's own: its style, or what the format itself has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Its extension: it takes the place of the layer's.
    pub extension: &'static str,
    /// What it holds.
    pub text: String,
}

/// A layer of this format on `to`.
///
/// # Errors
/// When its beginning, or a temporary file that it needs, cannot be written.
pub fn layer<'w, W: Write + 'w>(format: Format, to: W, info: LayerInfo) -> Result<Box<dyn Layer + 'w>> {
    (format.row().open)(Box::new(to), info)
}

/// A layer of this format on `to`, to which features have been written before; `written` is what was gathered of them.
///
/// # Errors
/// When the format cannot be gone on with ([`Format::can_go_on`]).
pub fn layer_again<'w, W: Write + 'w>(
    format: Format,
    to: W,
    info: LayerInfo,
    written: &Tally,
) -> Result<Box<dyn Layer + 'w>> {
    let again = format.row().again.ok_or_else(|| Error::usage("a layer in this format cannot be gone on with"))?;
    Ok(again(Box::new(to), info, written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_format_has_its_row() {
        assert_eq!(FORMATS.len(), Format::value_variants().len());
        for (row, format) in FORMATS.iter().zip(Format::value_variants()) {
            assert_eq!(row.format, *format);
            assert_eq!(Format::of_path(Path::new(&format!("map.{}", format.extension()))), Some(*format));
        }
    }
}
