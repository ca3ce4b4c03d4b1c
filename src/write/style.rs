//! How a layer looks in QGIS: circles by the square root of their weight, colored by what they are, labelled.

use super::schema::{Kind, Schema};
use super::xml::escaped;
use super::{Per, Row};
use crate::text::date;
use geojson::Feature;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The diameter of the heaviest circle and the least of any, in millimeters.
const WIDEST: f64 = 14.0;
const LEAST: f64 = 1.8;
const CLASSES: u32 = 5;

/// Places and what is wider than a place, as red, green and blue; the same as in the project's pictures.
pub(super) const PLACE: [u8; 3] = [200, 64, 42];
pub(super) const WIDE: [u8; 3] = [47, 111, 159];
/// Countries and regions of the world: their point says less of where.
const IS_WIDE: &str = "\"feature\" LIKE 'A.PCL%' OR \"feature\" LIKE 'L.%'";

/// Confidence up to this, and the color of a mention of that confidence.
const CONFIDENCE: [(f64, [u8; 3]); 4] =
    [(0.5, [178, 24, 43]), (0.7, [239, 138, 98]), (0.9, [103, 169, 207]), (1.0, [33, 102, 172])];

/// What says when: one of these.
const DATES: [&str; 2] = ["date", "first_date"];

/// What a style must know of the features: gathered while they are written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Scale {
    largest: f64,
    dated: bool,
    undated: bool,
}

impl Scale {
    /// Takes note of a feature.
    pub fn add(&mut self, feature: &Feature) {
        let weight = feature.property("weight").and_then(serde_json::Value::as_f64);
        self.add_what_counts(weight, DATES.iter().find_map(|name| feature.property(name)?.as_str()));
    }

    /// Takes note of the feature of a row.
    pub fn add_row(&mut self, row: &Row<'_>) {
        self.add_what_counts(row.number("weight"), DATES.iter().find_map(|name| row.text(name)));
    }

    fn add_what_counts(&mut self, weight: Option<f64>, date: Option<&str>) {
        self.largest = self.largest.max(weight.unwrap_or(0.0));
        if let Some(text) = date {
            match date::moment(text) {
                Some(_) => self.dated = true,
                None => self.undated = true,
            }
        }
    }

    /// The largest weight, more than zero.
    pub(super) fn largest(&self) -> f64 {
        if self.largest > 0.0 { self.largest } else { 1.0 }
    }
}

/// The style of a layer, as QGIS 3 keeps it: a `.qml` file, or a row of a GeoPackage's `layer_styles`.
pub(super) fn qml(schema: &Schema, scale: &Scale) -> String {
    let mut xml = String::from("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    xml.push_str("<qgis version=\"3.22.0\" styleCategories=\"AllStyleCategories\" ");
    xml.push_str("labelsEnabled=\"1\">\n");
    xml.push_str(&temporal(schema, scale));
    xml.push_str(&if schema.per == Per::Mention { by_confidence() } else { by_weight(schema, scale) });
    xml.push_str(&labels(schema, scale));
    _ = writeln!(xml, " <previewExpression>{}</previewExpression>", escaped(&format!("\"{}\"", label(schema))));
    _ = writeln!(xml, " <mapTip>{}</mapTip>", escaped(&map_tip(schema)));
    xml.push_str("</qgis>\n");
    xml
}

fn label(schema: &Schema) -> &'static str {
    if schema.per == Per::Mention { "name" } else { "place" }
}

/// Animated by date, when the temporal controller is on and every date is one.
fn temporal(schema: &Schema, scale: &Scale) -> String {
    let field = |name: &str| schema.columns.iter().any(|c| c.name == name && c.kind == Kind::Date);
    let (mode, start, end) = match (field("date"), field("first_date")) {
        (true, _) => (1, "date", ""),
        (_, true) => (3, "first_date", "last_date"),
        _ => return String::new(),
    };
    let enabled = u8::from(scale.dated && !scale.undated);
    format!(
        " <temporal enabled=\"{enabled}\" mode=\"{mode}\" startField=\"{start}\" endField=\"{end}\" limitMode=\"0\" \
         durationUnit=\"min\" fixedDuration=\"0\" durationField=\"\" accumulate=\"0\"/>\n"
    )
}

/// The color of a place of this kind (GeoNames' class and code).
pub(super) fn color_of(feature: &str) -> [u8; 3] {
    if feature.starts_with("A.PCL") || feature.starts_with("L.") { WIDE } else { PLACE }
}

/// "#c8402a".
pub(super) fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn rgb([r, g, b]: [u8; 3]) -> String {
    format!("{r},{g},{b}")
}

/// Graduated by weight: the classes are the legend, each circle has its own exact size.
fn by_weight(schema: &Schema, scale: &Scale) -> String {
    let largest = scale.largest();
    let mut ranges = String::new();
    let mut symbols = String::new();
    let size = format!("max({LEAST}, {WIDEST} * sqrt(\"weight\" / {largest}))");
    // The surer, the more opaque, where there is a confidence.
    let alpha = if schema.columns.iter().any(|c| c.name == "confidence") {
        "coalesce(scale_linear(\"confidence\", 0.3, 1, 70, 190), 150)"
    } else {
        "150"
    };
    let color = format!("set_color_part(if({IS_WIDE}, '{}', '{}'), 'alpha', {alpha})", rgb(WIDE), rgb(PLACE));
    let mut lower = 0.0;
    for class in 1..=CLASSES {
        let share = f64::from(class) / f64::from(CLASSES);
        let upper = if class == CLASSES { largest } else { largest * share * share };
        let text = format!("{} – {}", short(lower), short(upper));
        _ = writeln!(
            ranges,
            "   <range render=\"true\" lower=\"{lower}\" upper=\"{upper}\" symbol=\"{}\" label=\"{text}\"/>",
            class - 1
        );
        let of_class =
            Marker { size: (WIDEST * share).max(LEAST), fill: PLACE, own: &[("size", &size), ("fillColor", &color)] };
        symbols.push_str(&of_class.symbol(class - 1));
        lower = upper;
    }
    let source = Marker { size: WIDEST / 2.0, fill: PLACE, own: &[("size", &size), ("fillColor", &color)] }.symbol(0);
    graduated("weight", "GraduatedSize", &ranges, &symbols, &source, Some("\"weight\""))
}

fn by_confidence() -> String {
    let mut ranges = String::new();
    let mut symbols = String::new();
    let mut lower = 0.0;
    for (i, (upper, fill)) in (0u32..).zip(CONFIDENCE) {
        _ = writeln!(
            ranges,
            "   <range render=\"true\" lower=\"{lower}\" upper=\"{upper}\" symbol=\"{i}\" label=\"{lower} – {upper}\"/>"
        );
        symbols.push_str(&Marker { size: 3.0, fill, own: &[] }.symbol(i));
        lower = upper;
    }
    let source = Marker { size: 3.0, fill: CONFIDENCE[3].1, own: &[] }.symbol(0);
    graduated("confidence", "GraduatedColor", &ranges, &symbols, &source, None)
}

fn graduated(attribute: &str, method: &str, ranges: &str, symbols: &str, source: &str, order: Option<&str>) -> String {
    // The heaviest first, so that the small ones lie on top.
    let ordered = u8::from(order.is_some());
    let order = order.map_or_else(String::new, |by| {
        format!(
            "  <orderby>\n   <orderByClause asc=\"0\" nullsFirst=\"0\">{}</orderByClause>\n  </orderby>\n",
            escaped(by)
        )
    });
    format!(
        " <renderer-v2 type=\"graduatedSymbol\" attr=\"{attribute}\" graduatedMethod=\"{method}\" symbollevels=\"0\" \
         forceraster=\"0\" enableorderby=\"{ordered}\" referencescale=\"-1\">\n  <ranges>\n{ranges}  </ranges>\n  \
         <symbols>\n{symbols}  </symbols>\n  <source-symbol>\n{source}  </source-symbol>\n{order} </renderer-v2>\n"
    )
}

/// Three significant digits.
fn short(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    let decimals = (2 - number.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A circle, with the properties that each feature sets itself.
struct Marker<'m> {
    size: f64,
    fill: [u8; 3],
    own: &'m [(&'static str, &'m str)],
}

impl Marker<'_> {
    fn symbol(&self, name: u32) -> String {
        let outline = self.fill.map(|c| (f64::from(c) * 0.7) as u8);
        let mut options = String::new();
        for (key, value) in [
            ("name", "circle".to_owned()),
            ("color", format!("{},150", rgb(self.fill))),
            ("outline_color", format!("{},220", rgb(outline))),
            ("outline_style", "solid".to_owned()),
            ("outline_width", "0.2".to_owned()),
            ("outline_width_unit", "MM".to_owned()),
            ("size", self.size.to_string()),
            ("size_unit", "MM".to_owned()),
            ("scale_method", "diameter".to_owned()),
        ] {
            _ = writeln!(options, "      <Option type=\"QString\" name=\"{key}\" value=\"{value}\"/>");
        }
        format!(
            "   <symbol type=\"marker\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n    <layer \
             class=\"SimpleMarker\" enabled=\"1\" locked=\"0\" pass=\"0\">\n     <Option type=\"Map\">\n{options}     \
             </Option>\n{}    </layer>\n   </symbol>\n",
            own("data_defined_properties", self.own)
        )
    }
}

/// Properties that an expression sets, feature by feature.
fn own(element: &str, properties: &[(&'static str, &str)]) -> String {
    let mut each = String::new();
    for (name, expression) in properties {
        _ = writeln!(
            each,
            "        <Option type=\"Map\" name=\"{name}\"><Option type=\"bool\" name=\"active\" value=\"true\"/><Option \
             type=\"QString\" name=\"expression\" value=\"{}\"/><Option type=\"int\" name=\"type\" value=\"3\"/></Option>",
            escaped(expression)
        );
    }
    format!(
        "     <{element}>\n      <Option type=\"Map\">\n       <Option type=\"QString\" name=\"name\" value=\"\"/>\n       \
         <Option type=\"Map\" name=\"properties\">\n{each}       </Option>\n       <Option type=\"QString\" name=\"type\" \
         value=\"collection\"/>\n      </Option>\n     </{element}>\n"
    )
}

/// Names beside the circles, the heaviest first; those that would overlap are left out.
fn labels(schema: &Schema, scale: &Scale) -> String {
    let priority = match schema.per {
        Per::Mention => "10 * \"confidence\"".to_owned(),
        _ => format!("10 * sqrt(\"weight\" / {})", scale.largest()),
    };
    let color = format!("if({IS_WIDE}, '33,78,111', '34,48,58')");
    format!(
        " <labeling type=\"simple\">\n  <settings calloutType=\"simple\">\n   <text-style fieldName=\"{}\" \
         isExpression=\"0\" fontFamily=\"Open Sans\" fontSize=\"8\" fontSizeUnit=\"Point\" fontWeight=\"50\" \
         textColor=\"34,48,58,255\" textOpacity=\"1\" namedStyle=\"\" multilineHeight=\"1\" allowHtml=\"0\">\n    \
         <text-buffer bufferDraw=\"1\" bufferSize=\"0.7\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,220\" \
         bufferOpacity=\"1\" bufferNoFill=\"1\" bufferJoinStyle=\"128\"/>\n   </text-style>\n   <text-format \
         multilineAlign=\"3\" wrapChar=\"\" autoWrapLength=\"0\" formatNumbers=\"0\"/>\n   <placement placement=\"6\" \
         predefinedPositionOrder=\"R,L,TSR,BSR,TR,BR,TL,BL\" offsetType=\"1\" dist=\"0.4\" distUnits=\"MM\" \
         priority=\"5\" placementFlags=\"10\"/>\n   <rendering drawLabels=\"1\" displayAll=\"0\" obstacle=\"0\" \
         obstacleFactor=\"1\" scaleVisibility=\"0\" limitNumLabels=\"0\" maxNumLabels=\"2000\"/>\n{}  \
         </settings>\n </labeling>\n",
        label(schema),
        own("dd_properties", &[("Priority", &priority), ("Color", &color)])
    )
}

/// What QGIS shows when the mouse rests on a feature. Values go in as text: `to_json` does not escape, `replace` does.
fn map_tip(schema: &Schema) -> String {
    let text = |field: &str| {
        format!("[% replace(replace(coalesce(to_string(\"{field}\"), ''), '&', '&amp;'), '<', '&lt;') %]")
    };
    let line = match schema.per {
        Per::Article => format!("{} of {}", text("weight"), text("title")),
        Per::Place => format!("{} mentions in {} articles", text("mentions"), text("articles")),
        Per::Mention => text("article"),
    };
    format!("<b>{}</b> ({})<br/>{line}", text(label(schema)), text("country"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_at_the_largest_weight() {
        let mut scale = Scale::default();
        let mut feature = Feature::default();
        feature.set_property("weight", 0.123_457);
        scale.add(&feature);
        let style = qml(&Schema::default(), &scale);
        assert_eq!(style.matches("<range ").count(), 5);
        assert!(style.contains("upper=\"0.123457\" symbol=\"4\" label=\"0.079 – 0.123\""), "{style}");
    }

    #[test]
    fn three_digits() {
        for (number, text) in [(0.0, "0"), (0.012_345, "0.0123"), (12.0, "12"), (1234.0, "1234"), (0.5, "0.5")] {
            assert_eq!(short(number), text);
        }
    }
}
