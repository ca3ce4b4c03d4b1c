//! Sentences with tagged named entities, as rows for the judge: short texts of every kind, where gold corpora have news.

use super::corpus::Candidate;
use super::material;
use anyhow::Result;
use mentionmap::{Article, Finder};
use std::path::Path;

/// Every candidate that the tags say something of.
pub(super) fn candidates(folder: &Path, finder: &mut Finder) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for file in material::tagged_files(folder)? {
        for line in material::lines(&file)? {
            let line = line?;
            let (text, entities) = material::entities(&line.tokens, &line.tags);
            for example in finder.examples(&Article::new("", text)) {
                if let Some(yes) = material::label(&entities, &example) {
                    candidates.push(Candidate { features: example.features, prior: example.prior, yes });
                }
            }
        }
    }
    Ok(candidates)
}
