//! What came out for a corpus: its figures, how far confidence can be believed, and every error.

use super::Models;
use super::corpus::Corpus;
use super::tables::{Breakdown, Seen};
use anyhow::Result;
use mentionmap::evaluate::{Figures, Predicted, Score, Toponym, article, match_spans, predicted};
use mentionmap::{Gazetteer, Keep, Mapper, Role};

/// Corpora that mark names in every role, and are scored so.
pub(super) const ALL_ROLES: [&str; 2] = ["lgl", "gwn"];

/// What came out for a corpus.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// From raw text.
    raw: Score,
    /// With the mentions given.
    given: Score,
    /// That a mention found is one, and that it is one and placed right.
    pub(super) found: Reliability,
    pub(super) placed: Reliability,
    /// Given mentions that were placed right, by kind.
    pub(super) breakdown: Breakdown,
    /// Errors, as tab-separated values.
    pub(super) errors: Vec<String>,
}

/// How often what was said with a probability was so, by tenths.
#[derive(Clone, Debug, Default)]
pub(super) struct Reliability {
    said: [f64; 10],
    so: [f64; 10],
    count: [f64; 10],
    /// Every probability with whether it was so.
    all: Vec<(f32, bool)>,
}

impl Reliability {
    fn add(&mut self, probability: f32, so: bool) {
        let bin = ((probability * 10.0) as usize).min(9);
        self.said[bin] += f64::from(probability);
        self.so[bin] += f64::from(u8::from(so));
        self.count[bin] += 1.0;
        self.all.push((probability, so));
    }

    fn merge(&mut self, other: &Self) {
        for bin in 0..10 {
            self.said[bin] += other.said[bin];
            self.so[bin] += other.so[bin];
            self.count[bin] += other.count[bin];
        }
        self.all.extend_from_slice(&other.all);
    }

    /// What was said and what was so, on average, and how many, for every tenth that holds any.
    pub(super) fn points(&self) -> Vec<(f64, f64, f64)> {
        let of = |bin: usize| (self.said[bin] / self.count[bin], self.so[bin] / self.count[bin], self.count[bin]);
        (0..10).filter(|&bin| self.count[bin] > 0.0).map(of).collect()
    }

    /// How much remains, and which share of it is so, of what is at least so probable: (least, share that remains of what
    /// is so, precision).
    pub(super) fn thresholds(&self) -> Vec<(f64, f64, f64)> {
        let so = |least: f32| self.all.iter().filter(|(p, so)| *p >= least && *so).count() as f64;
        let all = |least: f32| self.all.iter().filter(|(p, _)| *p >= least).count() as f64;
        let least = (0..20).map(|step| step as f32 / 20.0).filter(|least| all(*least) > 0.0);
        least.map(|least| (f64::from(least), so(least) / so(0.0).max(1.0), so(least) / all(least))).collect()
    }

    /// Expected calibration error: the mean distance of what was said from what was so, bin by bin (Naeini et al. 2015).
    fn error(&self) -> f64 {
        let distance: f64 = (0..10).map(|bin| (self.said[bin] - self.so[bin]).abs()).sum();
        distance / self.count.iter().sum::<f64>().max(1.0)
    }

    pub(super) fn table(&self) -> String {
        let cell = |(said, so, count): (f64, f64, f64)| format!("{said:.2} {so:.2} {count}");
        self.points().into_iter().map(cell).collect::<Vec<_>>().join(" | ")
    }
}

impl Outcome {
    pub(super) fn merge(&mut self, other: &Self) {
        self.raw.merge(&other.raw);
        self.given.merge(&other.given);
        self.found.merge(&other.found);
        self.placed.merge(&other.placed);
        self.breakdown.merge(&other.breakdown);
        self.errors.extend_from_slice(&other.errors);
    }

    /// Maps documents of a corpus, as they are and with their mentions given. `seen` are the names trained on.
    pub(super) fn add(
        &mut self,
        world: &Gazetteer,
        models: &Models,
        corpus: &Corpus,
        seen: &Seen,
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
            let log = Log { corpus: &corpus.name, text: &page.document.text };
            for (i, toponym) in gold.iter().enumerate().filter(|(_, t)| every_role || !t.is_soft()) {
                if !pairs.iter().any(|(gold, ..)| *gold == i) {
                    self.errors.push(log.line("missed", toponym.start, toponym.end, toponym.kind.as_deref()));
                }
            }
            let mentions = map.mentions.iter().filter(|p| p.mention.field == mentionmap::Field::Text);
            for (j, placement) in mentions.enumerate() {
                let matched = pairs.iter().find(|(_, answer, _)| *answer == j).map(|(i, ..)| &gold[*i]);
                if matched.is_none_or(|t| every_role || !t.is_soft()) {
                    self.found.add(placement.mention.probability, matched.is_some());
                }
                if matched.is_none_or(|t| t.lat.is_some()) && placement.place.is_some() {
                    let right = matched.is_some_and(|toponym| is_right(toponym, &answers[j]));
                    self.placed.add(placement.confidence, right);
                }
                if matched.is_none() {
                    let note = format!("{:.2} {:?}", placement.mention.probability, placement.mention.role);
                    self.errors.push(log.line("spurious", answers[j].start, answers[j].end, Some(&note)));
                }
            }
            let map = given.map(article(&page.document, true));
            let answers = predicted(&map, world);
            self.given.add(gold, &answers, every_role);
            for toponym in gold.iter().filter(|t| t.lat.is_some() && (every_role || !t.is_soft())) {
                let answer = answers.iter().find(|a| a.start == toponym.start && a.end == toponym.end);
                let right = answer.is_some_and(|answer| is_right(toponym, answer));
                self.breakdown.add(world, toponym, right, seen);
                if !right {
                    let said = answer.and_then(|answer| answer.place_id.as_deref()).unwrap_or("nowhere");
                    self.errors.push(log.line("wrong", toponym.start, toponym.end, Some(said)));
                }
            }
        }
        Ok(())
    }

    #[allow(clippy::print_stdout, reason = "a task tells its figures")]
    pub(super) fn tell(&self, name: &str, how: &str) {
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

/// Whether a prediction is right for a toponym that has coordinates.
fn is_right(toponym: &Toponym, answer: &Predicted) -> bool {
    let near = answer.point.and_then(|point| toponym.distance_km(point)).is_some_and(|km| toponym.tolerates(km));
    near || answer.place_id.as_deref().is_some_and(|id| toponym.is_entry(id))
}

/// Where an error was made.
struct Log<'a> {
    corpus: &'a str,
    text: &'a str,
}

impl Log<'_> {
    /// Corpus, kind of error, the words, what is known of them, and the words around.
    fn line(&self, kind: &str, start: usize, end: usize, note: Option<&str>) -> String {
        const AROUND: usize = 40;
        let part = |from: usize, to: usize| -> String {
            let part = self.text.chars().skip(from).take(to.saturating_sub(from));
            part.map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
        };
        let (before, after) = (part(start.saturating_sub(AROUND), start), part(end, end + AROUND));
        let (corpus, words) = (self.corpus, part(start, end));
        format!("{corpus}\t{kind}\t{words}\t{}\t{before}[{words}]{after}", note.unwrap_or(""))
    }
}
