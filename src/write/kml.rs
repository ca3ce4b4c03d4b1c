//! KML 2.2, for Google Earth and whatever else reads it.

use super::schema::{Column, Kind};
use super::style::color_of;
use super::values::{At, Value, columns, value};
use super::xml::{clean, escaped};
use super::{Layer, LayerInfo, Per};
use crate::error::Result;
use crate::text::date;
use ::kml::types::{Coord, Element, Geometry, Placemark, Point};
use ::kml::{Kml as Node, KmlWriter};
use geojson::Feature;
use std::io::{self, Write};

/// Writes KML: a placemark for each feature, with its properties as typed data, and its date as a time stamp.
pub struct Kml<W> {
    to: W,
    info: LayerInfo,
    columns: Vec<Column>,
    opened: bool,
}

impl<W: Write> Kml<W> {
    /// Writes to `to`.
    pub fn new(to: W, info: LayerInfo) -> Self {
        let columns = columns(&info.schema);
        Self { to, info, columns, opened: false }
    }

    /// Goes on after placemarks that have been written to `to` before.
    pub fn again(to: W, info: LayerInfo) -> Self {
        Self { opened: true, ..Self::new(to, info) }
    }

    fn open(&mut self) -> Result<()> {
        if self.opened {
            return Ok(());
        }
        self.opened = true;
        let name = self.info.schema.name;
        writeln!(self.to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(self.to, "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document id=\"mentionmap\">")?;
        writeln!(
            self.to,
            "<name>{}</name><description>{}</description>",
            escaped(&self.info.name),
            escaped(&self.info.attribution)
        )?;
        writeln!(self.to, "<Schema name=\"{name}\" id=\"{name}\">")?;
        for column in &self.columns {
            let kind = match column.kind {
                // KML knows no dates here; the time stamp is one.
                Kind::Text | Kind::Date => "string",
                Kind::Integer | Kind::Flag => "int",
                Kind::Real => "double",
            };
            writeln!(self.to, "<SimpleField type=\"{kind}\" name=\"{}\"/>", column.name)?;
        }
        writeln!(self.to, "</Schema>")?;
        writeln!(self.to, "<ExtendedData>")?;
        for (key, text) in self.info.facts() {
            writeln!(self.to, "<Data name=\"{key}\"><value>{}</value></Data>", escaped(text))?;
        }
        writeln!(self.to, "</ExtendedData>")?;
        writeln!(self.to, "<Folder id=\"features\"><name>{name}</name>")?;
        Ok(())
    }

    fn placemark(&self, feature: &Feature) -> Placemark {
        let mut children = Vec::new();
        children.extend(time(feature));
        children.push(look(feature));
        let mut data = Vec::new();
        for column in &self.columns {
            let text = match value(feature, column) {
                Value::Null => continue,
                Value::Text(text) => clean(text),
                Value::Integer(number) => number.to_string(),
                Value::Real(number) => number.to_string(),
                Value::Moment(moment) => date::iso(moment),
            };
            data.push(element("SimpleData", Some(("name", column.name)), Some(text), Vec::new()));
        }
        let schema = format!("#{}", self.info.schema.name);
        let data = element("SchemaData", Some(("schemaUrl", &schema)), None, data);
        children.push(element("ExtendedData", None, None, vec![data]));
        let name = if self.info.schema.per == Per::Mention { "name" } else { "place" };
        Placemark {
            name: Some(clean(text(feature, name))),
            description: Some(clean(&description(feature, self.info.schema.per))),
            geometry: At::of(feature).map(|at| Geometry::Point(Point::from(Coord { x: at.x, y: at.y, z: None }))),
            children,
            ..Placemark::default()
        }
    }
}

impl<W: Write> Layer for Kml<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.open()?;
        let node = Node::<f64>::Placemark(self.placemark(feature));
        KmlWriter::from_writer(&mut self.to).write(&node).map_err(io::Error::other)?;
        Ok(self.to.write_all(b"\n")?)
    }

    fn finish(&mut self) -> Result<()> {
        self.open()?;
        self.to.write_all(b"</Folder></Document></kml>\n")?;
        Ok(self.to.flush()?)
    }
}

/// One attribute at most: the crate keeps them in a hash map, whose order is a matter of chance.
fn element(name: &str, attribute: Option<(&str, &str)>, content: Option<String>, children: Vec<Element>) -> Element {
    let attrs = attribute.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Element { name: name.to_owned(), attrs, content, children }
}

fn text<'f>(feature: &'f Feature, name: &str) -> &'f str {
    feature.property(name).and_then(|value| value.as_str()).unwrap_or_default()
}

fn time(feature: &Feature) -> Option<Element> {
    let moment = |name: &str| date::moment(text(feature, name)).map(date::iso);
    let of = |name: &str, moment: String| element(name, None, Some(moment), Vec::new());
    if let Some(when) = moment("date") {
        return Some(element("TimeStamp", None, None, vec![of("when", when)]));
    }
    let (begin, end) = (moment("first_date")?, moment("last_date")?);
    Some(element("TimeSpan", None, None, vec![of("begin", begin), of("end", end)]))
}

/// The pin's size by the square root of the weight, its color by what it is; no picture is fetched for it.
fn look(feature: &Feature) -> Element {
    let weight = feature.property("weight").and_then(serde_json::Value::as_f64).unwrap_or(0.25);
    let [r, g, b] = color_of(text(feature, "feature"));
    let scale = (0.4 + 1.6 * weight.sqrt()).min(4.0);
    let of = |name: &str, content: String| element(name, None, Some(content), Vec::new());
    // Alpha comes first, and red last.
    let icon = vec![of("color", format!("d0{b:02x}{g:02x}{r:02x}")), of("scale", format!("{scale:.2}"))];
    element("Style", None, None, vec![element("IconStyle", None, None, icon)])
}

/// What a click on a placemark shows. Programs take it for HTML: all that comes from articles is escaped.
fn description(feature: &Feature, per: Per) -> String {
    let number = |name: &str| feature.property(name).map(ToString::to_string).unwrap_or_default();
    let mut lines = vec![match per {
        Per::Article => format!("{} mentions, weight {}", number("mentions"), number("weight")),
        Per::Place => format!("{} mentions in {} articles", number("mentions"), number("articles")),
        Per::Mention => format!("{}, confidence {}", text(feature, "place"), number("confidence")),
    }];
    for name in ["sentence", "title", "date", "source", "url"] {
        lines.push(text(feature, name).to_owned());
    }
    let lines: Vec<_> = lines.iter().filter(|line| !line.is_empty()).map(|line| escaped(line)).collect();
    lines.join("<br/>")
}
