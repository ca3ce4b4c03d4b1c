//! What is said of a layer as a whole.

use super::{Per, Schema, Table};
use crate::gazetteer::Gazetteer;
use crate::weigh::Keep;

/// Facts about a layer as a whole, which every format carries where it can.
#[derive(Clone, Debug, Default)]
pub struct LayerInfo {
    /// The layer's name.
    pub name: String,
    /// The heading of a map that has one (HTML, SVG, PNG); without, the map makes its own.
    pub title: Option<String>,
    /// Whom to credit for the data.
    pub attribution: String,
    /// The licenses of the data's sources.
    pub license: String,
    /// The hash of the gazetteer that its places come from.
    pub gazetteer: String,
    /// The options that shaped it, as on the command line; those without influence on the features are left out.
    pub options: String,
    /// The table that the layer is about.
    pub schema: Schema,
    /// Further tables beside it, where the format holds some ([`Format::more`](super::Format::more)).
    pub more: Vec<Table>,
    /// Coordinates as one column of well-known text instead of two of numbers, where there is a choice (CSV).
    pub wkt: bool,
}

impl LayerInfo {
    /// The name of layers that have no other.
    pub(crate) const NAME: &str = "mentionmap";

    /// A layer of places of `gazetteer`, with its attribution, licenses and hash.
    pub fn new(gazetteer: &Gazetteer, schema: Schema) -> Self {
        let mut licenses: Vec<&str> = Vec::new();
        for source in &gazetteer.meta().sources {
            // As in the attribution: packages say more than the license of what was taken from them, and of word lists
            // nothing reaches a layer.
            let license = match source.license.as_str() {
                text if text.contains("GeoNames") || source.name.contains("GeoNames") => "CC BY 4.0",
                text if text.contains("Unicode") => "Unicode License v3",
                text if text.contains("public domain") || text.contains("SCOWL") => continue,
                text => text,
            };
            if !licenses.contains(&license) {
                licenses.push(license);
            }
        }
        Self {
            name: Self::NAME.into(),
            attribution: gazetteer.meta().attribution(),
            license: licenses.join("; "),
            gazetteer: gazetteer.hash(),
            schema,
            ..Self::default()
        }
    }

    /// The options that shape features, those at their default too: what somebody needs to make the layer again. `flags`
    /// are further ones, and whether they are given.
    ///
    /// ```
    /// use mentionmap::{Keep, write::{LayerInfo, Per}};
    /// let options = LayerInfo::options(Per::Place, &Keep::default(), None, &[(true, "--simplestyle")]);
    /// assert_eq!(options, "--per place --roles place --min-confidence 0 --simplestyle");
    /// ```
    pub fn options(per: Per, keep: &Keep, given_mentions: Option<&str>, flags: &[(bool, &str)]) -> String {
        let roles: Vec<_> = keep.roles.iter().map(|role| role.as_str()).collect();
        let roles = roles.join(",");
        let mut options = format!("--per {} --roles {roles} --min-confidence {}", per.as_str(), keep.min_confidence);
        if let Some(field) = given_mentions {
            options = format!("{options} --given-mentions {field}");
        }
        for (_, flag) in flags.iter().filter(|(given, _)| *given) {
            options = format!("{options} {flag}");
        }
        options
    }

    /// The program and its version.
    pub fn generator() -> &'static str {
        concat!("mentionmap ", env!("CARGO_PKG_VERSION"))
    }

    /// The schema of a further table; its mentions carry their sentences.
    pub fn schema_of(&self, table: Table) -> Schema {
        match table {
            Table::Mentions => Schema::mentions(true),
            Table::Articles => Schema::articles(),
        }
    }

    /// All facts but the name, in the order in which formats tell them: keys are the same in every format.
    pub fn facts(&self) -> [(&'static str, &str); 5] {
        [
            ("attribution", &self.attribution),
            ("license", &self.license),
            ("gazetteer", &self.gazetteer),
            ("options", &self.options),
            ("generator", Self::generator()),
        ]
    }
}
