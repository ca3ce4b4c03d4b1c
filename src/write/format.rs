//! The formats: one row of a table each.

use super::{GeoJson, Layer, LayerInfo, Page, Picture, Sequence, Still, Table};
use crate::error::Result;
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

struct Row {
    format: Format,
    /// The first is the one that new files get.
    extensions: &'static [&'static str],
    more: More,
    open: Open,
}

/// Every format, by [`Format`]'s order.
const FORMATS: &[Row] = &[
    row(Format::GeoJson, &["geojson", "json"], More::Never, |to, info| Ok(Box::new(GeoJson::new(to, info)))),
    row(Format::Sequence, &["geojsons", "geojsonseq"], More::Never, |to, _| Ok(Box::new(Sequence::new(to, true)))),
    row(Format::Lines, &["geojsonl", "ndjson", "jsonl"], More::Never, |to, _| Ok(Box::new(Sequence::new(to, false)))),
    row(Format::Html, &["html", "htm"], More::Always(&[Table::Articles, Table::Mentions]), |to, info| {
        Ok(Box::new(Page::new(to, info)))
    }),
    row(Format::Svg, &["svg"], More::Never, |to, info| Ok(Box::new(Still::new(to, info, Picture::Svg)))),
    row(Format::Png, &["png"], More::Never, |to, info| Ok(Box::new(Still::new(to, info, Picture::Png)))),
];

const fn row(format: Format, extensions: &'static [&'static str], more: More, open: Open) -> Row {
    Row { format, extensions, more, open }
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
