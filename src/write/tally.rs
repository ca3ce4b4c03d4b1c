//! What is known of the features that a layer has so far.

use super::envelope::Envelope;
use super::values::At;
use super::{Row, Scale};
use geojson::Feature;
use serde::{Deserialize, Serialize};

/// What a layer's style and its end need to know of all its features: their scale, and the box around them.
///
/// It is gathered while features are written. A run that goes on where another was stopped takes it up again, so that
/// what was written before need not be read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    scale: Scale,
    envelope: Envelope,
}

impl Tally {
    /// Takes note of a feature.
    ///
    /// ```
    /// use mentionmap::write::Tally;
    /// let mut tally = Tally::default();
    /// tally.add(&geojson::Feature::from(geojson::Geometry::new_point([39.0, 35.9])));
    /// let again: Tally = serde_json::from_str(&serde_json::to_string(&tally)?)?;
    /// assert_eq!(format!("{again:?}"), format!("{tally:?}"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn add(&mut self, feature: &Feature) {
        self.scale.add(feature);
        self.add_point(At::of(feature));
    }

    /// Takes note of the feature of a row.
    pub fn add_row(&mut self, row: &Row<'_>) {
        self.scale.add_row(row);
        self.add_point(row.at());
    }

    fn add_point(&mut self, at: Option<At>) {
        if let Some(at) = at {
            self.envelope.add(at);
        }
    }

    /// What the layer's style goes by.
    pub fn scale(&self) -> &Scale {
        &self.scale
    }

    pub(super) fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}
