//! The sheet: title, map, legend, credits.

use super::Spot;
use super::basemap::BaseMap;
use super::font::{FAMILY, Fonts};
use super::frame::{At, Frame};
use super::labels::{self, Label, Room};
use super::path::add_path;
use crate::error::Result;
use crate::write::LayerInfo;
use crate::write::xml::escaped;
use std::fmt::Write as _;

/// The width of the sheet and its margin, in pixels.
const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 28.0;
/// The width of a line below the map: not all of it, as fonts in place of the measured one may be wider.
const CREDIT: f64 = (WIDTH - 2.0 * MARGIN) * 0.93;
/// The radius of the heaviest place's circle, and the least of any, in pixels.
const LARGEST: f64 = 34.0;
const LEAST: f64 = 1.6;
/// How much of the map circles fill at most, counted without overlaps.
const FILLED: f64 = 0.07;
/// The legend's width, and the height of its values where circles are small, in pixels.
const LEGEND: [f64; 2] = [234.0, 48.0];

const STYLE: &str = "text{fill:#1c1e21}.land{fill:#fff;stroke:#fff;stroke-width:.5}.coast{fill:none;stroke:#aeb9c2;stroke-width:.8}.border{fill:none;stroke:#9aa3ab;\
stroke-width:1}.province{fill:none;stroke:#dde2e6;stroke-width:.9}.line{stroke-linejoin:round}\
.place{fill:#b3261e;fill-opacity:.42;stroke:#b3261e}.area{fill:#b3261e;fill-opacity:.08;stroke:#b3261e;\
stroke-dasharray:4 3}.halo{stroke:#fff;stroke-opacity:.9;stroke-width:3.4;stroke-linejoin:round;paint-order:stroke}\
.bold{font-weight:600}.country{fill:#87919a;font-size:12px;letter-spacing:1.4px;text-anchor:middle}\
.state{fill:#a3abb2;font-size:11.5px;text-anchor:middle}.small{font-size:11px;fill:#5b6168}.key{fill:none;stroke:#5b6168;stroke-width:.8}";

/// The drawing of these places, by weight, the heaviest first; when they are counted in mentions, or some are left out,
/// it says so.
pub(super) fn draw(spots: &[Spot], info: &LayerInfo, are_mentions: bool, left_out: Option<&str>) -> Result<String> {
    let fonts = Fonts::load()?;
    let frame = Frame::fit(spots, WIDTH - 2.0 * MARGIN);
    let title = info.title.as_deref().unwrap_or("Places in the news");
    let title = fonts.wrap(title, 27.0, true, WIDTH - 2.0 * MARGIN, 3);
    let top = MARGIN + 34.0 * title.len() as f64 + 4.0;
    let text = format!("Map: Natural Earth. Places: {}", info.attribution);
    let mut credit = beyond(spots, &frame).map_or(Vec::new(), |text| fonts.wrap(&text, 11.0, false, CREDIT, 2));
    credit.extend(left_out.map(|text| format!("{text}.")));
    credit.extend(fonts.wrap(&text, 11.0, false, CREDIT, 4));
    let height = top + frame.height + 12.0 + 15.0 * credit.len() as f64 + MARGIN - 8.0;

    let mut out = String::new();
    _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{h:.0}\" viewBox=\"0 0 {WIDTH} {h:.0}\" \
        role=\"img\" aria-labelledby=\"title\" font-family=\"{FAMILY}\">\n<title id=\"title\">{}</title>\n<desc>",
        escaped(&title.join(" ")),
        h = height
    );
    for (key, value) in info.facts() {
        _ = writeln!(out, "{key}: {}", escaped(value));
    }
    _ = write!(out, "</desc>\n<style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    for (i, line) in title.iter().enumerate() {
        let y = MARGIN + 24.0 + 34.0 * i as f64;
        _ = writeln!(out, "<text class=\"bold\" x=\"{MARGIN}\" y=\"{y}\" font-size=\"27\">{}</text>", escaped(line));
    }
    _ = writeln!(
        out,
        "<svg x=\"{MARGIN}\" y=\"{top}\" width=\"{:.1}\" height=\"{:.1}\" overflow=\"hidden\">",
        frame.width, frame.height
    );
    map(&mut out, spots, &frame, &fonts, are_mentions)?;
    out.push_str("</svg>\n");
    _ = writeln!(
        out,
        "<rect x=\"{MARGIN}\" y=\"{top}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"#c3cbd1\"/>",
        frame.width, frame.height
    );
    for (i, line) in credit.iter().enumerate() {
        let y = top + frame.height + 20.0 + 15.0 * i as f64;
        _ = writeln!(out, "<text class=\"small\" x=\"{MARGIN}\" y=\"{y:.1}\">{}</text>", escaped(line));
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// A line on the places that the frame leaves out, heaviest first.
fn beyond(spots: &[Spot], frame: &Frame) -> Option<String> {
    let out = spots.iter().filter(|s| frame.point(s.longitude, s.latitude).is_none());
    let names: Vec<String> = out.take(100).map(|s| format!("{} ({})", s.name, amount(s.weight))).collect();
    (!names.is_empty()).then(|| format!("Beyond the map: {}.", names.join(", ")))
}

fn map(out: &mut String, spots: &[Spot], frame: &Frame, fonts: &Fonts, are_mentions: bool) -> Result<()> {
    let base = BaseMap::load()?;
    let water = "#eef3f7";
    match frame.globe() {
        Some(globe) => path(out, &format!("fill=\"{water}\" stroke=\"#c3cbd1\""), &[globe], true),
        None => _ = writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"{water}\"/>"),
    }
    let land: Vec<Vec<At>> = base.land.iter().flat_map(|ring| frame.area(ring)).filter(|r| is_seen(r, frame)).collect();
    path(out, "class=\"land\" fill-rule=\"evenodd\"", &land, true);
    let coast = base.land.iter().flat_map(|ring| frame.line(ring)).filter(|l| is_seen(l, frame));
    path(out, "class=\"coast line\"", &coast.collect::<Vec<_>>(), false);
    // Provinces where a country fills the sheet.
    let has_provinces = frame.degree() > 26.0;
    for (class, lines) in [("province", &base.provinces), ("border", &base.borders)] {
        if class == "border" || has_provinces {
            let parts = lines.iter().flat_map(|line| frame.line(line)).filter(|l| is_seen(l, frame));
            path(out, &format!("class=\"{class} line\""), &parts.collect::<Vec<_>>(), false);
        }
    }

    let most = spots.first().map_or(1.0, |s| s.weight);
    // All circles together fill no more than a part of the map.
    let together = spots.iter().map(|s| s.weight / most).sum::<f64>().max(1.0);
    let largest = (FILLED * frame.width * frame.height / std::f64::consts::PI / together).sqrt().clamp(13.0, LARGEST);
    let radius = |weight: f64| (largest * (weight / most).sqrt()).max(LEAST);
    let (mut shown, mut circles) = (Vec::new(), Vec::new());
    for spot in spots {
        if let Some(at) = frame.point(spot.longitude, spot.latitude) {
            shown.push(spot);
            circles.push((at, radius(spot.weight)));
        }
    }
    let mut room = Room::new(frame.width, frame.height);
    let place_of_legend = corner(frame, legend_height(largest), &circles);
    if !spots.is_empty() {
        room.take(place_of_legend);
    }
    let names = labels::place(&shown, &circles, fonts, &mut room);
    base_names(out, &base, frame, fonts, &mut room);
    for (spot, ([x, y], r)) in shown.iter().zip(&circles) {
        let class = if spot.is_area { "area" } else { "place" };
        let name = escaped(&spot.name);
        let weight = amount(spot.weight);
        _ = writeln!(
            out,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"><title>{name}: {weight}</title></circle>"
        );
    }
    for Label { text, at: [x, y], size, is_bold } in names {
        let class = if is_bold { "halo bold" } else { "halo" };
        let text = escaped(&text);
        _ = writeln!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\">{text}</text>");
    }
    if spots.is_empty() {
        let [x, y] = [frame.width / 2.0, frame.height / 2.0];
        _ = writeln!(
            out,
            "<text class=\"halo bold\" x=\"{x:.0}\" y=\"{y:.0}\" font-size=\"20\" text-anchor=\"middle\">No places</text>"
        );
    } else {
        legend(out, place_of_legend, most, &radius, are_mentions);
    }
    Ok(())
}

/// Whether a line's box meets the sheet and is more than a speck.
fn is_seen(line: &[At], frame: &Frame) -> bool {
    let start = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    let [w, n, e, s] = line.iter().fold(start, |[w, n, e, s], &[x, y]| [w.min(x), n.min(y), e.max(x), s.max(y)]);
    e >= 0.0 && s >= 0.0 && w <= frame.width && n <= frame.height && (e - w).max(s - n) > 0.8
}

fn path(out: &mut String, attributes: &str, lines: &[Vec<At>], is_closed: bool) {
    let mut data = String::new();
    for line in lines {
        add_path(&mut data, line, 0.6, is_closed);
    }
    if !data.is_empty() {
        _ = writeln!(out, "<path {attributes} d=\"{data}\"/>");
    }
}

/// Names of countries and provinces, where the places leave room.
fn base_names(out: &mut String, base: &BaseMap, frame: &Frame, fonts: &Fonts, room: &mut Room) {
    let mut put = |class: &str, name: &str, at: Option<At>, size: f64, spacing: f64| {
        let Some([x, y]) = at else { return };
        let width = fonts.width(name, size, false) + spacing * name.chars().count() as f64;
        let half = width / 2.0 + 5.0;
        if room.try_take([x - half, y - size * 0.7, x + half, y + size * 0.7]) {
            let baseline = y + size * 0.36;
            _ = writeln!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{baseline:.1}\">{}</text>", escaped(name));
        }
    };
    for (name, longitude, latitude, size) in &base.countries {
        let name = name.to_uppercase();
        // A name that is much wider than its country is read as another's.
        if size * frame.degree() > name.chars().count() as f64 * 7.0 {
            put("country", &name, frame.point(*longitude, *latitude), 12.0, 1.4);
        }
    }
    // The zoom of a web map with as many pixels for a degree; the sheet is read more closely than a screen.
    let zoom = (frame.degree() * 360.0 / 256.0).log2() + 0.2;
    for (name, longitude, latitude, _) in base.province_names.iter().filter(|p| p.3 <= zoom) {
        put("state", name, frame.point(*longitude, *latitude), 11.5, 0.0);
    }
}

/// The height of the legend when its largest circle has this radius.
fn legend_height(largest: f64) -> f64 {
    (2.0 * largest).max(LEGEND[1]) + 56.0
}

/// The corner for the legend, as left, top, right and bottom: the first that covers no circle, or the fewest.
fn corner(frame: &Frame, height: f64, circles: &[(At, f64)]) -> [f64; 4] {
    let (right, bottom) = (frame.width - LEGEND[0], frame.height - height);
    let corners = [[0.0, bottom], [right, bottom], [0.0, 0.0], [right, 0.0]];
    let boxes = corners.map(|[x, y]| [x, y, x + LEGEND[0], y + height]);
    let covered = |area: &[f64; 4]| {
        let is_in =
            |&&([x, y], r): &&(At, f64)| x + r > area[0] && x - r < area[2] && y + r > area[1] && y - r < area[3];
        circles.iter().filter(is_in).count()
    };
    boxes.into_iter().min_by_key(covered).unwrap_or(boxes[0])
}

fn legend(out: &mut String, at: [f64; 4], most: f64, radius: &dyn Fn(f64) -> f64, are_mentions: bool) {
    let values = rounds(most, are_mentions);
    let largest = values.first().map_or(0.0, |&v| radius(v));
    let [left, top, right, bottom] = at;
    let heading = if are_mentions { "Mentions" } else { "Weight: share of each article, added up" };
    _ = writeln!(
        out,
        "<g transform=\"translate({left:.1} {top:.1})\">\n<rect width=\"{:.1}\" height=\"{:.1}\" fill=\"#fff\" \
        fill-opacity=\".9\"/>\n<text class=\"small\" x=\"12\" y=\"19\">{heading}</text>",
        right - left,
        bottom - top,
    );
    let foot = bottom - top - 26.0;
    let middle = 13.0 + largest;
    for (i, &value) in values.iter().enumerate() {
        let r = radius(value);
        let rim = foot - 2.0 * r;
        let text = foot - (2.0 * largest).max(LEGEND[1]) + 5.0 + 18.0 * i as f64;
        let end = middle + largest + 12.0;
        _ = writeln!(
            out,
            "<circle class=\"key\" cx=\"{middle:.1}\" cy=\"{:.1}\" r=\"{r:.1}\"/>\
            <path class=\"key\" d=\"M{middle:.1},{rim:.1}L{:.1},{text:.1}h6\"/>\
            <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\">{}</text>",
            foot - r,
            end - 6.0,
            end + 4.0,
            text + 4.0,
            amount(value)
        );
    }
    let foot = foot + 17.0;
    _ = writeln!(
        out,
        "<text class=\"small\" x=\"12\" y=\"{foot:.1}\">Dashed: country or region, at its middle</text></g>"
    );
}

/// Up to three round values, the largest not above `most`.
fn rounds(most: f64, are_whole: bool) -> Vec<f64> {
    let power = 10f64.powf(most.max(1e-9).log10().floor());
    let top = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|&v| v <= most * 1.000_001).unwrap_or(most);
    let values = [top, top / 5.0, top / 25.0].into_iter().map(|v| if are_whole { v.ceil() } else { v });
    let mut values: Vec<f64> = values.collect();
    values.dedup();
    values
}

/// A weight with two digits that count.
fn amount(value: f64) -> String {
    let decimals = if value >= 10.0 || value.fract() == 0.0 { 0 } else { 1 - (value.log10().floor() as i32).min(0) };
    let text = format!("{value:.*}", decimals.clamp(0, 6) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legends_are_round() {
        assert_eq!(rounds(7.3, false), [5.0, 1.0, 0.2]);
        assert_eq!(rounds(3.0, true), [2.0, 1.0]);
        assert_eq!([0.2, 0.04, 12.7, 5.0, 0.333_333].map(amount), ["0.2", "0.04", "13", "5", "0.33"]);
    }
}
