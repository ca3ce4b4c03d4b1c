//! Trains the judge and the ranker on gold corpora, and measures both on documents that they were not trained on.

mod boost;
mod corpus;

use anyhow::Result;
use boost::{Goal, Options, Rows, boost};
use corpus::{Corpus, Page, choices};
use mentionmap::evaluate::{Figures, Score, article, predicted};
use mentionmap::model::Trees;
use mentionmap::{Finder, Gazetteer, Keep, Mapper, Resolver, Role};
use std::path::{Path, PathBuf};

/// What is trained on, and how much a document of it counts.
const TRAINED_ON: [(&str, f32); 3] = [("lgl", 1.0), ("gwn", 1.0), ("anc", 0.3)];

const JUDGE: Options =
    Options { rounds: 250, leaves: 20, rate: 0.06, least: 3.0, ridge: 5.0, features: 0.3, rows: 0.8 };
const RANKER: Options =
    Options { rounds: 200, leaves: 12, rate: 0.08, least: 3.0, ridge: 5.0, features: 0.5, rows: 0.8 };

/// Folds of cross-validation.
const FOLDS: usize = 5;

/// What the command is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of gold corpora, one JSON Lines file each
    #[arg(long)]
    corpora: PathBuf,
    /// Measure only: leave-one-corpus-out and cross-validation
    #[arg(long)]
    check: bool,
    /// Where the weights are written
    #[arg(short, long, default_value = "data")]
    output: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let world = Gazetteer::world()?;
    let mut finder = Finder::new(world.clone());
    let mut read = |name: &str| Corpus::read(&arguments.corpora.join(format!("{name}.jsonl")), &mut finder);
    let corpora = TRAINED_ON.iter().map(|(name, _)| read(name)).collect::<Result<Vec<_>>>()?;
    if arguments.check {
        let watched = ["tud"].into_iter().map(&mut read).collect::<Result<Vec<_>>>()?;
        return check(&world, &corpora, &watched);
    }
    let pages: Vec<(&Page, f32)> = weighted(&corpora, |_, _| true);
    let models = Models::train(&world, &pages)?;
    models.write(&arguments.output)
}

/// The pages that are wanted, by corpus and number, with their weights.
fn weighted(corpora: &[Corpus], wanted: impl Fn(&str, usize) -> bool) -> Vec<(&Page, f32)> {
    let mut all = Vec::new();
    for corpus in corpora {
        let weight = TRAINED_ON.iter().find(|(name, _)| *name == corpus.name).map_or(1.0, |w| w.1);
        let pages = corpus.pages.iter().enumerate().filter(|(n, _)| wanted(&corpus.name, *n));
        all.extend(pages.map(|(_, page)| (page, weight)));
    }
    all
}

struct Models {
    judge: Trees,
    ranker: Trees,
}

impl Models {
    fn train(world: &Gazetteer, pages: &[(&Page, f32)]) -> Result<Self> {
        let mut rows = Rows::new(mentionmap::find::WIDTH);
        let mut yes = Vec::new();
        for (page, weight) in pages {
            for candidate in &page.candidates {
                rows.push(&candidate.features, *weight);
                yes.push(candidate.yes);
            }
        }
        let judge = boost(&rows, &Goal::Logistic { yes: &yes }, &JUDGE)?;
        let mut finder = Finder::new(world.clone()).with_judge(judge.clone())?;
        let resolver = Resolver::new(world.clone());
        let mut rows = Rows::new(mentionmap::resolve::WIDTH);
        let (mut groups, mut right) = (Vec::new(), Vec::new());
        for (page, weight) in pages {
            for choice in choices(page, &mut finder, &resolver, world) {
                let from = rows.len();
                choice.features.iter().for_each(|row| rows.push(row, *weight));
                right.extend(choice.right);
                groups.push(from..rows.len());
            }
        }
        let ranker = boost(&rows, &Goal::Listwise { groups: &groups, right: &right }, &RANKER)?;
        Ok(Self { judge, ranker })
    }

    fn write(&self, folder: &Path) -> Result<()> {
        std::fs::write(folder.join("judge.trees"), self.judge.to_bytes())?;
        std::fs::write(folder.join("ranker.trees"), self.ranker.to_bytes())?;
        Ok(())
    }

    /// Scores of raw text and of given mentions.
    fn score<'p>(
        &self,
        world: &Gazetteer,
        pages: impl Iterator<Item = &'p Page>,
        all_types: bool,
        scores: &mut [Score; 2],
    ) -> Result<()> {
        let all = vec![Role::Place, Role::Organization, Role::Demonym];
        let finder = Finder::new(world.clone()).with_judge(self.judge.clone())?;
        let resolver = Resolver::new(world.clone()).with_ranker(self.ranker.clone())?;
        let mut mapper = Mapper::with_models(finder, resolver);
        for page in pages {
            for (given, score) in scores.iter_mut().enumerate() {
                let roles = if all_types || given == 1 { all.clone() } else { vec![Role::Place] };
                mapper = mapper.keep(Keep { roles, min_confidence: 0.0 });
                let map = mapper.map(article(&page.document, given == 1));
                score.add(&page.document.toponyms, &predicted(&map, world), all_types);
            }
        }
        Ok(())
    }
}

fn check(world: &Gazetteer, corpora: &[Corpus], watched: &[Corpus]) -> Result<()> {
    let all_types = |name: &str| matches!(name, "lgl" | "gwn");
    let mut pooled = <[Score; 2]>::default();
    for corpus in corpora.iter().chain(watched) {
        let pages = weighted(corpora, |name, _| name != corpus.name);
        let models = Models::train(world, &pages)?;
        let mut scores = <[Score; 2]>::default();
        models.score(world, corpus.pages.iter(), all_types(&corpus.name), &mut scores)?;
        tell(&corpus.name, "left out", &scores);
        if all_types(&corpus.name) {
            pooled.iter_mut().zip(&scores).for_each(|(all, one)| all.merge(one));
        }
    }
    tell("lgl+gwn", "left out", &pooled);
    let mut pooled = <[Score; 2]>::default();
    let mut of_corpus: Vec<[Score; 2]> = corpora.iter().map(|_| <[Score; 2]>::default()).collect();
    for fold in 0..FOLDS {
        let models = Models::train(world, &weighted(corpora, |_, n| n % FOLDS != fold))?;
        for (corpus, scores) in corpora.iter().zip(&mut of_corpus) {
            let pages = corpus.pages.iter().enumerate().filter(|(n, _)| n % FOLDS == fold).map(|(_, page)| page);
            models.score(world, pages, all_types(&corpus.name), scores)?;
        }
    }
    for (corpus, scores) in corpora.iter().zip(&of_corpus) {
        tell(&corpus.name, "folds", scores);
        if all_types(&corpus.name) {
            pooled.iter_mut().zip(scores).for_each(|(all, one)| all.merge(one));
        }
    }
    tell("lgl+gwn", "folds", &pooled);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "a task tells its figures")]
fn tell(name: &str, how: &str, [raw, given]: &[Score; 2]) {
    let (raw, given): (Figures, Figures) = (raw.figures(), given.figures());
    let r = raw.recognition_overlap;
    println!(
        "{name:8} {how:8} recognition {:.3} {:.3} {:.3} exact {:.3}  end to end {:.3}  of recognized {:.3}  given {:.3}",
        r.precision,
        r.recall,
        r.f1,
        raw.recognition_exact.f1,
        raw.end_to_end.f1,
        raw.resolution.placed_right_of_recognised,
        given.resolution.placed_right,
    );
}
