//! Figures on documents that the models were not trained on, and how far confidence can be believed.

use super::corpus::Corpus;
use super::{Models, TRAINED_ON, weighted};
use anyhow::Result;
use mentionmap::evaluate::{Figures, Score, article, match_spans, predicted};
use mentionmap::{Gazetteer, Keep, Mapper, Role};

/// Folds of cross-validation.
const FOLDS: usize = 5;
/// Corpora that mark names in every role, and are scored so.
const ALL_ROLES: [&str; 2] = ["lgl", "gwn"];

/// What came out for a corpus.
#[derive(Clone, Debug, Default)]
struct Outcome {
    /// From raw text.
    raw: Score,
    /// With the mentions given.
    given: Score,
    /// That a mention found is one, and that it is one and placed right.
    found: Reliability,
    placed: Reliability,
}

/// How often what was said with a probability was so, by tenths.
#[derive(Clone, Debug, Default)]
struct Reliability {
    said: [f64; 10],
    so: [f64; 10],
    count: [f64; 10],
}

impl Reliability {
    fn add(&mut self, probability: f32, so: bool) {
        let bin = ((probability * 10.0) as usize).min(9);
        self.said[bin] += f64::from(probability);
        self.so[bin] += f64::from(u8::from(so));
        self.count[bin] += 1.0;
    }

    fn merge(&mut self, other: &Self) {
        for bin in 0..10 {
            self.said[bin] += other.said[bin];
            self.so[bin] += other.so[bin];
            self.count[bin] += other.count[bin];
        }
    }

    /// Expected calibration error: the mean distance of what was said from what was so, bin by bin (Naeini et al. 2015).
    fn error(&self) -> f64 {
        let distance: f64 = (0..10).map(|bin| (self.said[bin] - self.so[bin]).abs()).sum();
        distance / self.count.iter().sum::<f64>().max(1.0)
    }

    fn table(&self) -> String {
        let of = |bin: usize| {
            let count = self.count[bin].max(1.0);
            format!("{:.2} {:.2} {}", self.said[bin] / count, self.so[bin] / count, self.count[bin])
        };
        (0..10).filter(|&bin| self.count[bin] > 0.0).map(of).collect::<Vec<_>>().join(" | ")
    }
}

impl Outcome {
    fn merge(&mut self, other: &Self) {
        self.raw.merge(&other.raw);
        self.given.merge(&other.given);
        self.found.merge(&other.found);
        self.placed.merge(&other.placed);
    }

    /// Maps documents of a corpus, as they are and with their mentions given.
    fn add(
        &mut self,
        world: &Gazetteer,
        models: &Models,
        corpus: &Corpus,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<()> {
        let every_role = ALL_ROLES.contains(&corpus.name.as_str());
        let all = vec![Role::Place, Role::Organization, Role::Demonym];
        let roles = if every_role { all.clone() } else { vec![Role::Place] };
        let (finder, resolver) = models.stages(world)?;
        let mut raw = Mapper::with_models(finder, resolver).keep(Keep { roles, min_confidence: 0.0 });
        let mut given = raw.clone().keep(Keep { roles: all, min_confidence: 0.0 });
        for (_, page) in corpus.pages.iter().enumerate().filter(|(n, _)| wanted(*n)) {
            let gold = &page.document.toponyms;
            let map = raw.map(article(&page.document, false));
            let answers = predicted(&map, world);
            self.raw.add(gold, &answers, every_role);
            let pairs = match_spans(gold, &answers);
            let mentions = map.mentions.iter().filter(|p| p.mention.field == mentionmap::Field::Text);
            for (j, placement) in mentions.enumerate() {
                let matched = pairs.iter().find(|(_, answer, _)| *answer == j).map(|(i, ..)| &gold[*i]);
                if matched.is_none_or(|t| every_role || !t.is_soft()) {
                    self.found.add(placement.mention.probability, matched.is_some());
                }
                if matched.is_none_or(|t| t.lat.is_some()) && placement.place.is_some() {
                    let mut one = Score::default();
                    if let Some(toponym) = matched {
                        one.add(std::slice::from_ref(toponym), std::slice::from_ref(&answers[j]), true);
                    }
                    self.placed.add(placement.confidence, one.figures().resolution.placed_right > 0.5);
                }
            }
            let map = given.map(article(&page.document, true));
            self.given.add(gold, &predicted(&map, world), every_role);
        }
        Ok(())
    }

    #[allow(clippy::print_stdout, reason = "a task tells its figures")]
    fn tell(&self, name: &str, how: &str) {
        let (raw, given): (Figures, Figures) = (self.raw.figures(), self.given.figures());
        let r = raw.recognition_overlap;
        println!(
            "{name:8} {how:8} recognition {:.3} {:.3} {:.3} exact {:.3} end-to-end {:.3} of-recognized {:.3} given {:.3} \
             auc {:.3} median {:.1} calibration {:.3} {:.3}",
            r.precision,
            r.recall,
            r.f1,
            raw.recognition_exact.f1,
            raw.end_to_end.f1,
            raw.resolution.placed_right_of_recognised,
            given.resolution.placed_right,
            raw.resolution.auc.unwrap_or(f64::NAN),
            raw.resolution.median_km.unwrap_or(f64::NAN),
            self.found.error(),
            self.placed.error(),
        );
    }
}

/// Leave-one-corpus-out, then folds. `watched` are corpora that nothing is trained on.
pub(super) fn check(world: &Gazetteer, corpora: &[Corpus], watched: &[Corpus], without: &[String]) -> Result<()> {
    let mut pooled = Outcome::default();
    let all = Models::train(world, &weighted(corpora, |_, _| true), without)?;
    for corpus in corpora.iter().chain(watched) {
        let mut outcome = Outcome::default();
        let is_trained_on = TRAINED_ON.iter().any(|(name, _)| *name == corpus.name);
        if is_trained_on {
            let models = Models::train(world, &weighted(corpora, |name, _| name != corpus.name), without)?;
            outcome.add(world, &models, corpus, |_| true)?;
        } else {
            outcome.add(world, &all, corpus, |_| true)?;
        }
        outcome.tell(&corpus.name, "left out");
        if ALL_ROLES.contains(&corpus.name.as_str()) {
            pooled.merge(&outcome);
        }
    }
    pooled.tell("lgl+gwn", "left out");
    let mut outcomes = vec![Outcome::default(); corpora.len()];
    for fold in 0..FOLDS {
        let models = Models::train(world, &weighted(corpora, |_, n| n % FOLDS != fold), without)?;
        for (corpus, outcome) in corpora.iter().zip(&mut outcomes) {
            outcome.add(world, &models, corpus, |n| n % FOLDS == fold)?;
        }
    }
    let mut pooled = Outcome::default();
    for (corpus, outcome) in corpora.iter().zip(&outcomes) {
        outcome.tell(&corpus.name, "folds");
        if ALL_ROLES.contains(&corpus.name.as_str()) {
            pooled.merge(outcome);
        }
    }
    pooled.tell("lgl+gwn", "folds");
    tell_table("mention", &pooled.found);
    tell_table("confidence", &pooled.placed);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "a task tells its figures")]
fn tell_table(what: &str, reliability: &Reliability) {
    println!("{what}: said, so, how many: {}", reliability.table());
}
