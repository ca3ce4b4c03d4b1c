//! Trains the judge and the ranker on gold corpora, and measures both on documents that they were not trained on.

mod ablate;
mod boost;
mod check;
mod corpus;
mod exchange;
mod homes;
mod linked;
mod material;
mod outcome;
mod plot;
mod rival;
mod tables;
mod tagged;
mod words;

use anyhow::Result;
use boost::{Goal, Options, Rows, boost};
use corpus::{Candidate, Choice, Corpus, Page, choices};
use exchange::Exchange;
use linked::Linked;
use mentionmap::model::Trees;
use mentionmap::{Finder, Gazetteer, Resolver};
use std::path::{Path, PathBuf};

/// What is trained on, and how much a document of it counts.
const TRAINED_ON: [(&str, f32); 3] = [("lgl", 1.0), ("gwn", 1.0), ("anc", 0.3)];
/// How much a piece of a document counts, beside the whole of it.
const OF_PIECE: f32 = 0.3;
/// How much a piece counts for the judge with other places in it.
const OF_EXCHANGED: f32 = 0.5;
/// How much a tagged sentence counts for the judge, and a link of Wikipedia's for the ranker.
const OF_TAGGED: f32 = 0.2;
const OF_LINKED: f32 = 0.2;
/// What is watched: the license of one forbids to train on it, the other's pages are no news.
const WATCHED: [&str; 2] = ["tud", "wiktor"];

const JUDGE: Options =
    Options { rounds: 250, leaves: 20, rate: 0.06, least: 3.0, ridge: 5.0, features: 0.3, rows: 0.8, seed: 0x5EEE };
const RANKER: Options =
    Options { rounds: 100, leaves: 12, rate: 0.16, least: 3.0, ridge: 5.0, features: 0.5, rows: 0.8, seed: 11 };

/// What the command is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of gold corpora, one JSON Lines file each
    #[arg(long)]
    corpora: PathBuf,
    /// Trains the linear models of words instead, on `text/` and `train/` of this folder
    #[arg(long)]
    words: Option<PathBuf>,
    /// Folder with `train/`: tagged sentences for the judge, Wikipedia's links for the ranker, to learn from as well
    #[arg(long)]
    more: Option<PathBuf>,
    /// Measure only: leave-one-corpus-out and cross-validation
    #[arg(long)]
    check: bool,
    /// Train one model only, beside the shipped other one: quicker, and with --check a little optimistic
    #[arg(long)]
    only: Option<Only>,
    /// Measure only: what each group of features is worth
    #[arg(long, conflicts_with = "check")]
    ablate: bool,
    /// Write the corpora word by word into this folder, for `benches/rival/crf.py`
    #[arg(long)]
    rival: Option<PathBuf>,
    /// With --check: leave corpora out, but do not cross-validate
    #[arg(long)]
    no_folds: bool,
    /// With --check: a folder for the plots of calibration and of confidence
    #[arg(long)]
    plots: Option<PathBuf>,
    /// With --check: a file for every mention that was missed, spurious or placed wrong, as tab-separated values
    #[arg(long)]
    errors: Option<PathBuf>,
    /// Features that the models must do without, for ablations; a trailing * stands for any rest
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// Where the weights are written
    #[arg(short, long, default_value = "data")]
    output: PathBuf,
}

/// A model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Only {
    Judge,
    Ranker,
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
    let mut exchange = Exchange::new(&world);
    let mut read =
        |name: &str| Corpus::read(&arguments.corpora.join(format!("{name}.jsonl")), &mut finder, &mut exchange);
    let corpora = TRAINED_ON.iter().map(|(name, _)| read(name)).collect::<Result<Vec<_>>>()?;
    if let Some(folder) = &arguments.rival {
        return rival::write(&corpora, folder, &mut finder);
    }
    let watched =
        if arguments.check { WATCHED.into_iter().map(&mut read).collect::<Result<Vec<_>>>()? } else { vec![] };
    let folder = arguments.more.as_deref();
    let mut trainer = Trainer {
        world,
        without: arguments.without.clone(),
        only: arguments.only,
        tagged: folder.map(|folder| tagged::candidates(folder, &mut finder)).transpose()?.unwrap_or_default(),
        linked: folder.map(Linked::read).transpose()?,
    };
    if arguments.check {
        let outputs = check::Outputs { plots: arguments.plots.as_deref(), errors: arguments.errors.as_deref() };
        return check::check(&trainer, &corpora, &watched, &outputs, !arguments.no_folds);
    }
    if arguments.ablate {
        return ablate::ablate(&mut trainer, &corpora);
    }
    trainer.train(&weighted(&corpora, |_, _| true))?.write(&arguments.output)
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

/// All that models are trained with beside gold documents.
struct Trainer {
    world: Gazetteer,
    without: Vec<String>,
    only: Option<Only>,
    tagged: Vec<Candidate>,
    linked: Option<Linked>,
}

impl Trainer {
    fn train(&self, pages: &[(&Page, f32)]) -> Result<Models> {
        let judge = (self.only != Some(Only::Ranker)).then(|| self.judge(pages)).transpose()?;
        let finder = finder(&self.world, judge.as_ref())?;
        let ranker = (self.only != Some(Only::Judge)).then(|| self.ranker(pages, finder)).transpose()?;
        Ok(Models { judge, ranker })
    }

    fn judge(&self, pages: &[(&Page, f32)]) -> Result<Trees> {
        let mut rows = Rows::new(mentionmap::find::WIDTH);
        let mut yes = Vec::new();
        let of_pages = pages.iter().flat_map(|(page, weight)| page.candidates.iter().map(move |c| (c, *weight)));
        let exchanged =
            pages.iter().flat_map(|(page, weight)| page.exchanged.iter().map(move |c| (c, *weight * OF_EXCHANGED)));
        for (candidate, weight) in of_pages.chain(exchanged).chain(self.tagged.iter().map(|c| (c, OF_TAGGED))) {
            rows.push(&candidate.features, weight, candidate.prior);
            yes.push(candidate.yes);
        }
        rows.blank(&mentionmap::find::feature_names(), &self.without);
        boost(&rows, &Goal::Logistic { yes: &yes }, &JUDGE)
    }

    fn ranker(&self, pages: &[(&Page, f32)], mut finder: Finder) -> Result<Trees> {
        let resolver = Resolver::new(self.world.clone());
        let mut rows = Rows::new(mentionmap::resolve::WIDTH);
        let (mut groups, mut right) = (Vec::new(), Vec::new());
        let mut take = |choices: Vec<Choice>, weight: f32| {
            for choice in choices {
                let from = rows.len();
                choice.features.iter().zip(&choice.priors).for_each(|(row, prior)| rows.push(row, weight, *prior));
                right.extend(choice.right);
                groups.push(from..rows.len());
            }
        };
        for (page, weight) in pages {
            take(choices(page, &mut finder, &resolver, &self.world), *weight);
        }
        if let Some(linked) = &self.linked {
            take(linked.choices(&mut finder, &resolver, &self.world), OF_LINKED);
        }
        rows.blank(&mentionmap::resolve::feature_names(), &self.without);
        boost(&rows, &Goal::Listwise { groups: &groups, right: &right }, &RANKER)
    }
}

/// Trained models; what is missing is as it ships.
struct Models {
    judge: Option<Trees>,
    ranker: Option<Trees>,
}

fn finder(world: &Gazetteer, judge: Option<&Trees>) -> Result<Finder> {
    let finder = Finder::new(world.clone());
    Ok(match judge {
        Some(judge) => finder.with_judge(judge.clone())?,
        None => finder,
    })
}

impl Models {
    fn write(&self, folder: &Path) -> Result<()> {
        for (model, name) in [(&self.judge, "judge.trees"), (&self.ranker, "ranker.trees")] {
            if let Some(trees) = model {
                std::fs::write(folder.join(name), trees.to_bytes())?;
            }
        }
        Ok(())
    }

    /// The stages of a mapper that decide with these models.
    fn stages(&self, world: &Gazetteer) -> Result<(Finder, Resolver)> {
        let resolver = Resolver::new(world.clone());
        let resolver = match &self.ranker {
            Some(ranker) => resolver.with_ranker(ranker.clone())?,
            None => resolver,
        };
        Ok((finder(world, self.judge.as_ref())?, resolver))
    }
}
