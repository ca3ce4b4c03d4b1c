//! Why a word is (not) taken for a place: what the judge reads of each candidate of a text, and what its trees say.

use crate::world::report;
use anyhow::Result;
use mentionmap::find::feature_names;
use mentionmap::model::Trees;
use mentionmap::{Article, Finder, Gazetteer};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The text
    text: String,
    /// The judge's weights
    #[arg(long, default_value = "data/judge.trees")]
    judge: PathBuf,
    /// Only candidates that overlap this word
    #[arg(long)]
    word: Option<String>,
    /// How many features are named that moved the trees most
    #[arg(long, default_value_t = 12)]
    shares: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let trees = Trees::from_bytes(&std::fs::read(&arguments.judge)?)?;
    let names = feature_names();
    let mut finder = Finder::new(Gazetteer::world()?);
    let wanted = arguments.word.as_ref().and_then(|word| arguments.text.find(word).map(|at| at..at + word.len()));
    for example in finder.examples(&Article::new("", arguments.text.clone())) {
        if wanted.as_ref().is_some_and(|w| example.span.end <= w.start || w.end <= example.span.start) {
            continue;
        }
        let learned = trees.score(&example.features);
        report(&format!(
            "{}: points {:.2}, trees {learned:+.2}, together {:.2}",
            &arguments.text[example.span.clone()],
            example.prior,
            example.prior + learned
        ));
        let told = names.iter().zip(&example.features).filter(|(_, value)| **value != 0.0);
        let told: Vec<_> = told.map(|(name, value)| format!("{name}={value:.2}")).collect();
        report(&format!("  {}", told.join(" ")));
        let mut shares = vec![0.0; names.len()];
        trees.explain(&example.features, &mut shares);
        let mut shares: Vec<_> = names.iter().zip(shares).collect();
        shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let shares: Vec<_> =
            shares.iter().take(arguments.shares).map(|(name, share)| format!("{name}{share:+.2}")).collect();
        report(&format!("  moved by {}", shares.join(" ")));
    }
    Ok(())
}
