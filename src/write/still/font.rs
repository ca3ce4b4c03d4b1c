//! Letters: how wide a text is, and how the PNG gets them on machines without fonts.

use crate::error::Result;
use liblzma::read::XzDecoder;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::io::Read;

/// What the SVG asks for: the font that was measured, and others of nearly its widths.
pub(super) const FAMILY: &str =
    "'Noto Sans', 'Open Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew', Arial, Helvetica, 'DejaVu Sans', sans-serif";

/// Latin, Greek, Cyrillic and Devanagari in two weights; Arabic; Hebrew.
const PACKED: [&[u8]; 4] = [
    include_bytes!("../../../data/map/NotoSans_400Regular.ttf.xz"),
    include_bytes!("../../../data/map/NotoSans_600SemiBold.ttf.xz"),
    include_bytes!("../../../data/map/NotoSansArabic_400Regular.ttf.xz"),
    include_bytes!("../../../data/map/NotoSansHebrew_400Regular.ttf.xz"),
];

/// The fonts, unpacked.
pub(super) struct Fonts(Vec<Vec<u8>>);

impl Fonts {
    pub(super) fn load() -> Result<Self> {
        let unpack = |packed: &&[u8]| {
            let mut font = Vec::new();
            XzDecoder::new(*packed).read_to_end(&mut font)?;
            Ok(font)
        };
        Ok(Self(PACKED.iter().map(unpack).collect::<Result<_>>()?))
    }

    /// The width of a text in pixels, bold or not.
    pub(super) fn width(&self, text: &str, size: f64, is_bold: bool) -> f64 {
        let order = if is_bold { [1, 2, 3] } else { [0, 2, 3] };
        let faces: Vec<FontRef<'_>> = order.iter().filter_map(|&i| FontRef::new(self.0.get(i)?).ok()).collect();
        let advance = |c: char| {
            faces.iter().find_map(|face| {
                let glyph = face.charmap().map(c)?;
                face.glyph_metrics(Size::new(size as f32), LocationRef::default()).advance_width(glyph)
            })
        };
        // Letters of other scripts are mostly as wide as they are high.
        text.chars().map(|c| advance(c).map_or(size, f64::from)).sum()
    }

    /// The text in lines of at most `width` pixels and at most `most` lines, cut where it is longer.
    pub(super) fn wrap(&self, text: &str, size: f64, is_bold: bool, width: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        // Nobody reads 100 kB of a heading; a line never holds more.
        let short: String = text.chars().take(2000).collect();
        for word in short.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size, is_bold) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size, is_bold) > width {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
                if lines.len() > most {
                    break;
                }
            }
        }
        lines.push(line);
        let is_cut = lines.len() > most || text.len() > short.len();
        lines.truncate(most);
        if is_cut && let Some(last) = lines.last_mut() {
            while self.width(&format!("{last}…"), size, is_bold) > width && last.pop().is_some() {}
            last.push('…');
        }
        lines
    }
}

/// A drawing as a PNG, two pixels for one.
pub(super) fn picture(drawing: &str) -> Result<Vec<u8>> {
    let mut options = Options { font_family: "Noto Sans".into(), ..Options::default() };
    let fonts = options.fontdb_mut();
    for font in Fonts::load()?.0 {
        fonts.load_font_data(font);
    }
    fonts.set_sans_serif_family("Noto Sans");
    let failed = |what: String| std::io::Error::other(format!("the picture could not be drawn: {what}"));
    let tree = Tree::from_str(drawing, &options).map_err(|e| failed(e.to_string()))?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width() * 2, size.height() * 2).ok_or_else(|| failed("no size".into()))?;
    resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    Ok(pixels.encode_png().map_err(|e| failed(e.to_string()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_widths() {
        let fonts = Fonts::load().unwrap();
        let narrow = fonts.width("Lilli", 20.0, false);
        assert!(narrow > 10.0 && narrow < fonts.width("WWWWW", 20.0, false));
        assert!(fonts.width("Raqqa", 20.0, false) < fonts.width("Raqqa", 20.0, true));
        assert!((20.0..120.0).contains(&fonts.width("الرقة", 20.0, false)));
    }

    #[test]
    fn long_headings_are_cut() {
        let fonts = Fonts::load().unwrap();
        let lines = fonts.wrap(&"word ".repeat(20_000), 20.0, true, 300.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| fonts.width(line, 20.0, true) <= 300.0));
        let unbroken = fonts.wrap(&"W".repeat(100_000), 20.0, true, 300.0, 3);
        assert_eq!(unbroken.len(), 3);
        assert_eq!(fonts.wrap("Short", 20.0, true, 300.0, 2), ["Short"]);
    }
}
