//! Resolving: which place each mention means, how sure that is, and why.
//!
//! Every place that bears the name is a candidate. Its points come from what it is (population, level, how the name
//! belongs to it), from the words around ("X, Y", "X County") and from the other mentions of the article: shared
//! countries and divisions, and nearness through an R-tree of the article's candidate points.

mod candidates;
mod coherence;
mod context;
mod evidence;
mod placement;
mod rank;

pub use evidence::{EVIDENCE, Evidence, NOWHERE, Points};
pub use placement::{Alternative, Placement};

use crate::find::Mention;
use crate::gazetteer::Gazetteer;

/// Resolves the mentions of one article after the other.
#[derive(Clone, Debug)]
pub struct Resolver {
    gazetteer: Gazetteer,
    points: Points,
}

impl Resolver {
    /// Resolves to places of this gazetteer.
    pub fn new(gazetteer: Gazetteer) -> Self {
        Self { gazetteer, points: Points::default() }
    }

    /// Weighs evidence with other points.
    #[must_use]
    pub fn with_points(mut self, points: Points) -> Self {
        self.points = points;
        self
    }

    /// The gazetteer that placements refer to.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Places the wanted mentions of an article; the others serve as context.
    ///
    /// ```
    /// use mentionmap::{Article, Finder, Gazetteer, Resolver};
    /// let world = Gazetteer::world()?;
    /// let article = Article::new("1", "A tornado passed near Paris, Texas, on Friday.");
    /// let mentions = Finder::new(world.clone()).find(&article);
    /// let placements = Resolver::new(world.clone()).resolve(&mentions);
    /// let paris = world.place(placements[0].place.unwrap()).unwrap();
    /// assert_eq!(paris.admin1().unwrap().name(), "Texas");
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn resolve(&self, mentions: &[Mention]) -> Vec<Placement> {
        let senses = candidates::Senses::of(&self.gazetteer, mentions, &self.points);
        let ranked = rank::rank(mentions, &senses, &self.points);
        mentions
            .iter()
            .zip(ranked)
            .filter(|(mention, _)| mention.wanted)
            .map(|(mention, ranking)| placement::place(mention, &ranking, &self.points))
            .collect()
    }
}
