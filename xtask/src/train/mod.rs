//! Trains the judge and the ranker on gold corpora, and measures both on documents that they were not trained on.

mod boost;
mod check;
mod corpus;
mod words;

use anyhow::Result;
use boost::{Goal, Options, Rows, boost};
use corpus::{Corpus, Page, choices};
use mentionmap::model::Trees;
use mentionmap::{Finder, Gazetteer, Resolver};
use std::path::{Path, PathBuf};

/// What is trained on, and how much a document of it counts.
const TRAINED_ON: [(&str, f32); 3] = [("lgl", 1.0), ("gwn", 1.0), ("anc", 0.3)];
/// How much a piece of a document counts, beside the whole of it.
const OF_PIECE: f32 = 0.3;
/// What is watched: the license of one forbids to train on it, the other's pages are no news.
const WATCHED: [&str; 2] = ["tud", "wiktor"];

const JUDGE: Options =
    Options { rounds: 250, leaves: 20, rate: 0.06, least: 3.0, ridge: 5.0, features: 0.3, rows: 0.8 };
const RANKER: Options =
    Options { rounds: 200, leaves: 12, rate: 0.08, least: 3.0, ridge: 5.0, features: 0.5, rows: 0.8 };

/// What the command is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of gold corpora, one JSON Lines file each
    #[arg(long)]
    corpora: PathBuf,
    /// Trains the linear models of words instead, on `text/` and `train/` of this folder
    #[arg(long)]
    words: Option<PathBuf>,
    /// Measure only: leave-one-corpus-out and cross-validation
    #[arg(long)]
    check: bool,
    /// Features that the models must do without, for ablations; a trailing * stands for any rest
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// Where the weights are written
    #[arg(short, long, default_value = "data")]
    output: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let world = Gazetteer::world()?;
    let mut finder = Finder::new(world.clone());
    if let Some(folder) = &arguments.words {
        let tables = words::train(folder, &mut finder)?;
        std::fs::write(arguments.output.join("context.table"), tables.context.to_bytes())?;
        std::fs::write(arguments.output.join("name.table"), tables.name.to_bytes())?;
        return Ok(());
    }
    let mut read = |name: &str| Corpus::read(&arguments.corpora.join(format!("{name}.jsonl")), &mut finder);
    let corpora = TRAINED_ON.iter().map(|(name, _)| read(name)).collect::<Result<Vec<_>>>()?;
    if arguments.check {
        let watched = WATCHED.into_iter().map(&mut read).collect::<Result<Vec<_>>>()?;
        return check::check(&world, &corpora, &watched, &arguments.without);
    }
    let pages = weighted(&corpora, |_, _| true);
    let models = Models::train(&world, &pages, &arguments.without)?;
    models.write(&arguments.output)
}

/// The pages that are wanted, by corpus and number, with their weights.
fn weighted(corpora: &[Corpus], wanted: impl Fn(&str, usize) -> bool) -> Vec<(&Page, f32)> {
    let mut all = Vec::new();
    for corpus in corpora {
        let weight: f32 = TRAINED_ON.iter().find(|(name, _)| *name == corpus.name).map_or(1.0, |w| w.1);
        let pages = corpus.pages.iter().enumerate().filter(|(n, _)| wanted(&corpus.name, *n));
        for (_, page) in pages {
            all.push((page, weight));
            all.extend(page.pieces.iter().map(|piece| (piece, weight * OF_PIECE)));
        }
    }
    all
}

struct Models {
    judge: Trees,
    ranker: Trees,
}

impl Models {
    fn train(world: &Gazetteer, pages: &[(&Page, f32)], without: &[String]) -> Result<Self> {
        let mut rows = Rows::new(mentionmap::find::WIDTH);
        let mut yes = Vec::new();
        for (page, weight) in pages {
            for candidate in &page.candidates {
                rows.push(&candidate.features, *weight, candidate.prior);
                yes.push(candidate.yes);
            }
        }
        rows.blank(&mentionmap::find::feature_names(), without);
        let judge = boost(&rows, &Goal::Logistic { yes: &yes }, &JUDGE)?;
        let mut finder = Finder::new(world.clone()).with_judge(judge.clone())?;
        let resolver = Resolver::new(world.clone());
        let mut rows = Rows::new(mentionmap::resolve::WIDTH);
        let (mut groups, mut right) = (Vec::new(), Vec::new());
        for (page, weight) in pages {
            for choice in choices(page, &mut finder, &resolver, world) {
                let from = rows.len();
                choice.features.iter().zip(&choice.priors).for_each(|(row, prior)| rows.push(row, *weight, *prior));
                right.extend(choice.right);
                groups.push(from..rows.len());
            }
        }
        rows.blank(&mentionmap::resolve::feature_names(), without);
        let ranker = boost(&rows, &Goal::Listwise { groups: &groups, right: &right }, &RANKER)?;
        Ok(Self { judge, ranker })
    }

    fn write(&self, folder: &Path) -> Result<()> {
        std::fs::write(folder.join("judge.trees"), self.judge.to_bytes())?;
        std::fs::write(folder.join("ranker.trees"), self.ranker.to_bytes())?;
        Ok(())
    }

    /// The stages of a mapper that decide with these models.
    fn stages(&self, world: &Gazetteer) -> Result<(Finder, Resolver)> {
        let finder = Finder::new(world.clone()).with_judge(self.judge.clone())?;
        Ok((finder, Resolver::new(world.clone()).with_ranker(self.ranker.clone())?))
    }
}
