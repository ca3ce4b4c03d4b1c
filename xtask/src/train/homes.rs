//! How much it helps to know where the papers of a corpus have their homes, learned from its raw articles.

use super::Models;
use super::corpus::Corpus;
use anyhow::Result;
use mentionmap::evaluate::{Score, article, predicted};
use mentionmap::resolve::{Home, Homes};
use mentionmap::weigh::HomeLearner;
use mentionmap::{Gazetteer, Keep, Mapper, Role};

/// Articles are read so often: from the second time on, the homes of the time before are known.
const PASSES: usize = 2;

/// The share of a corpus's given mentions that is placed right with learned homes.
pub(super) fn placed_right(world: &Gazetteer, models: &Models, corpus: &Corpus) -> Result<f64> {
    let mut homes = Homes::default();
    let (finder, resolver) = models.stages(world)?;
    let all = vec![Role::Place, Role::Organization, Role::Demonym];
    let plain = Mapper::with_models(finder, resolver).keep(Keep { roles: all, min_confidence: 0.0 });
    for _ in 0..PASSES {
        let mut learner = HomeLearner::default();
        let keep = Keep { roles: vec![Role::Place, Role::Organization], min_confidence: 0.0 };
        let mut mapper = plain.clone().keep(keep).homes(homes);
        for page in &corpus.pages {
            learner.add(&mapper.map(article(&page.document, false)), world);
        }
        homes = Homes::default();
        for home in learner.finish(world) {
            if let Some(place) = world.place(home.place) {
                homes.insert(&home.source, Home::at(&place));
            }
        }
    }
    let mut mapper = plain.homes(homes);
    let mut score = Score::default();
    for page in &corpus.pages {
        let map = mapper.map(article(&page.document, true));
        score.add(&page.document.toponyms, &predicted(&map, world), true);
    }
    Ok(score.figures().resolution.placed_right)
}
