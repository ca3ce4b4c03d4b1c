//! Measures models on documents that they were not trained on: with a whole corpus left out, and in folds.

use super::corpus::Corpus;
use super::outcome::{ALL_ROLES, Outcome};
use super::tables::Seen;
use super::{TRAINED_ON, Trainer, homes, plot, weighted};
use anyhow::{Context as _, Result};
use std::path::Path;

/// Folds of cross-validation.
const FOLDS: usize = 5;

/// A corpus of local papers, several articles each.
const LOCAL: &str = "lgl";

/// Where more than the figures goes.
pub(super) struct Outputs<'a> {
    pub(super) plots: Option<&'a Path>,
    pub(super) errors: Option<&'a Path>,
}

/// Leave-one-corpus-out, then folds. `watched` are corpora that nothing is trained on.
#[allow(clippy::print_stdout, reason = "a task tells its figures")]
pub(super) fn check(
    trainer: &Trainer,
    corpora: &[Corpus],
    watched: &[Corpus],
    outputs: &Outputs<'_>,
    folds: bool,
) -> Result<()> {
    let mut pooled = Outcome::default();
    let mut errors = Vec::new();
    let all = if watched.is_empty() { None } else { Some(trainer.train(&weighted(corpora, |_, _| true))?) };
    for corpus in corpora.iter().chain(watched) {
        let mut outcome = Outcome::default();
        let is_other = |name: &str| name != corpus.name;
        let seen = Seen::of(corpora.iter().filter(|c| is_other(&c.name)).flat_map(|c| &c.pages));
        match &all {
            Some(all) if !TRAINED_ON.iter().any(|(name, _)| *name == corpus.name) => {
                outcome.add(&trainer.world, all, corpus, &seen, |_| true)?;
            }
            _ => {
                let models = trainer.train(&weighted(corpora, |name, _| is_other(name)))?;
                outcome.add(&trainer.world, &models, corpus, &seen, |_| true)?;
                if corpus.name == LOCAL {
                    let right = homes::placed_right(&trainer.world, &models, corpus)?;
                    println!("{} given, with homes learned from its articles: {right:.3}", corpus.name);
                }
            }
        }
        outcome.tell(&corpus.name, "left out");
        println!("{}", outcome.breakdown);
        errors.extend(outcome.errors.iter().map(|error| format!("left out\t{error}")));
        if ALL_ROLES.contains(&corpus.name.as_str()) {
            pooled.merge(&outcome);
        }
    }
    pooled.tell("lgl+gwn", "left out");
    if folds {
        errors.append(&mut cross_validate(trainer, corpora, outputs)?);
    }
    match outputs.errors {
        Some(file) => std::fs::write(file, errors.join("\n")).with_context(|| format!("writing {}", file.display())),
        None => Ok(()),
    }
}

#[allow(clippy::print_stdout, reason = "a task tells its figures")]
fn cross_validate(trainer: &Trainer, corpora: &[Corpus], outputs: &Outputs<'_>) -> Result<Vec<String>> {
    let mut outcomes = vec![Outcome::default(); corpora.len()];
    for fold in 0..FOLDS {
        let models = trainer.train(&weighted(corpora, |_, n| n % FOLDS != fold))?;
        let is_learned = |(n, _): &(usize, _)| n % FOLDS != fold;
        let pages = corpora.iter().flat_map(|c| c.pages.iter().enumerate().filter(is_learned).map(|(_, page)| page));
        let seen = Seen::of(pages);
        for (corpus, outcome) in corpora.iter().zip(&mut outcomes) {
            outcome.add(&trainer.world, &models, corpus, &seen, |n| n % FOLDS == fold)?;
        }
    }
    let mut pooled = Outcome::default();
    let mut errors = Vec::new();
    for (corpus, outcome) in corpora.iter().zip(&outcomes) {
        errors.extend(outcome.errors.iter().map(|error| format!("folds\t{error}")));
        outcome.tell(&corpus.name, "folds");
        println!("{}", outcome.breakdown);
        if ALL_ROLES.contains(&corpus.name.as_str()) {
            pooled.merge(outcome);
        }
    }
    pooled.tell("lgl+gwn", "folds");
    println!("mention: said, so, how many: {}", pooled.found.table());
    println!("confidence: said, so, how many: {}", pooled.placed.table());
    if let Some(folder) = outputs.plots {
        plot::calibration(&[("mention", &pooled.found), ("confidence", &pooled.placed)])
            .write(&folder.join("calibration.svg"))?;
        plot::thresholds(&pooled.placed).write(&folder.join("confidence.svg"))?;
    }
    Ok(errors)
}
