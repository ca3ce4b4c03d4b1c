//! What each group of features is worth: models that do without it, each measured on the corpora that it never saw.

use super::corpus::Corpus;
use super::outcome::{ALL_ROLES, Outcome};
use super::tables::Seen;
use super::{Only, Trainer, weighted};
use anyhow::Result;

/// Groups of the judge's features by their names; a trailing * stands for any rest.
const JUDGE: [(&str, &[&str]); 8] = [
    ("nothing", &[]),
    ("words around, one by one", &["before_*", "second_before_*", "after_*", "second_after_*", "first_*", "last_*"]),
    ("linear models of words", &["context", "name"]),
    ("the name elsewhere in the article", &["same_name_*", "usage_*", "CertainElsewhere", "SurnameElsewhere"]),
    ("rivals for the same words", &["rival", "longer", "overlapping"]),
    ("neighbors", &["previous_*", "next_*", "Listed*", "Contained", "Containing"]),
    ("facts of the gazetteer", &["population*", "postings", "officials", "level", "kind"]),
    ("countries and divisions of the article", &["admin1_*", "country_share", "certain_names"]),
];

/// The same for the ranker.
const RANKER: [(&str, &[&str]); 8] = [
    ("nothing", &[]),
    ("company", &["company_*", "rare_company*"]),
    ("the outlet", &["outlet_*"]),
    ("distances to likely places", &["within_*", "covers"]),
    ("countries and divisions", &["same_*", "country_named*", "admin1_named*", "near_mentions_*", "nearest_*"]),
    ("containment", &["contained_by*", "after_region", "contains", "as_before", "link*"]),
    ("population", &["population*", "share_of_people"]),
    ("sums of hand-set points", &["points*", "rank"]),
];

/// Trains judges, then rankers, without a group each.
#[allow(clippy::print_stdout, reason = "a task tells its figures")]
pub(super) fn ablate(trainer: &mut Trainer, corpora: &[Corpus]) -> Result<()> {
    for (only, groups) in [(Only::Judge, JUDGE), (Only::Ranker, RANKER)] {
        if trainer.only.is_some_and(|wanted| wanted != only) {
            continue;
        }
        println!("{only:?} without");
        let before = trainer.only.replace(only);
        for (group, features) in groups {
            trainer.without = features.iter().map(|&name| name.to_owned()).collect();
            let mut pooled = Outcome::default();
            for corpus in corpora.iter().filter(|c| ALL_ROLES.contains(&c.name.as_str())) {
                let models = trainer.train(&weighted(corpora, |name, _| name != corpus.name))?;
                let mut outcome = Outcome::default();
                outcome.add(&trainer.world, &models, corpus, &Seen::of(std::iter::empty()), |_| true)?;
                outcome.tell(&corpus.name, group);
                pooled.merge(&outcome);
            }
            pooled.tell("lgl+gwn", group);
        }
        trainer.only = before;
    }
    Ok(())
}
