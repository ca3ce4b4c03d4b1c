//! What the resolver leans towards before it has read a word: the source's home, and what the user prefers.

use super::evidence::Evidence;
use super::home::Home;
use super::preference::Preference;
use crate::gazetteer::Place;

/// The leaning of one article.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Leaning<'l> {
    pub(super) home: Option<&'l Home>,
    pub(super) preference: Option<&'l Preference>,
}

impl Leaning<'_> {
    /// What speaks for a place from outside the article.
    pub(super) fn evidence(&self, place: &Place<'_>) -> Vec<(Evidence, f32)> {
        let mut found = Vec::new();
        if let Some(home) = self.home {
            home.evidence(place, &mut found);
        }
        if self.preference.is_some_and(|preference| preference.holds(place)) {
            found.push((Evidence::Preferred, 1.0));
        }
        found
    }
}
