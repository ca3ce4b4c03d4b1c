//! How often the country that an article is chiefly about is right.

use super::gold::Document;
use crate::weigh::ArticleMap;
use serde::Serialize;

/// Documents that say which country they are chiefly about, and answers that agree. No answer is a wrong one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FocusScore {
    /// Documents with a country.
    pub documents: usize,
    /// Those whose country is right.
    pub right: usize,
}

impl FocusScore {
    /// Counts a document, if it says its country.
    pub fn add(&mut self, document: &Document, map: &ArticleMap) {
        let Some(country) = &document.focus_country else { return };
        self.documents += 1;
        self.right += usize::from(map.focus.as_ref().is_some_and(|focus| focus.country == *country));
    }

    /// Adds another score's documents.
    pub fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.right += other.right;
    }

    /// The share that is right, if there is anything to share.
    pub fn share(&self) -> Option<f64> {
        (self.documents > 0).then(|| self.right as f64 / self.documents as f64)
    }
}
