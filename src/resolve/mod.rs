//! Resolving: which place each mention means, how sure that is, and why.
//!
//! Every place that bears the name is a candidate. Its points come from what it is (population, level, how the name
//! belongs to it), from the words around ("X, Y", "X County") and from the other mentions of the article: shared
//! countries and divisions, and nearness through an R-tree of the article's candidate points.

mod candidates;
mod coherence;
mod company;
mod context;
mod evidence;
mod explain;
mod features;
mod gather;
mod home;
mod leaning;
mod links;
mod nearby;
mod outlet;
mod placement;
mod preference;
mod rank;
mod vicinity;

pub use evidence::{EVIDENCE, Evidence, LEANING};
pub use explain::Explained;
pub use features::{WIDTH, names as feature_names};
pub use home::{Home, Homes};
pub use outlet::Outlet;
pub use placement::{Alternative, Placement};
pub use preference::Preference;

use crate::error::Result;
use crate::find::{Link, Mention};
use crate::gazetteer::Gazetteer;
use crate::model::Trees;
use evidence::Points;
use leaning::Leaning;
use std::sync::{Arc, LazyLock};

/// Articles of more mentions are long: they are resolved in parts of so many, as if each were an article of its own.
const LONG: usize = 20_000;
const PART: usize = 4_096;
/// So many mentions fewer may be in a part, so that it ends where one hangs not together with the next.
const SPARE: usize = 256;

/// How many mentions come before the next part.
fn part(mentions: &[Mention]) -> usize {
    let ends = |n: &usize| mentions[n - 1].link == Link::None;
    if mentions.len() <= PART { mentions.len() } else { (PART - SPARE..=PART).rev().find(ends).unwrap_or(PART) }
}

/// Resolves the mentions of one article after the other.
#[derive(Clone, Debug)]
pub struct Resolver {
    gazetteer: Gazetteer,
    points: Points,
    ranker: Arc<Trees>,
    tells_why: bool,
    homes: Arc<Homes>,
    preference: Arc<Preference>,
    memory: candidates::Memory,
}

/// A candidate place of a mention and what the ranker reads of it, to train one.
#[derive(Clone, Debug)]
pub struct Example {
    /// The mention, by its place among those given.
    pub mention: usize,
    /// The place, by its number in the gazetteer.
    pub place: u32,
    /// Its features, in the order of [`feature_names`].
    pub features: Vec<f32>,
    /// Log-odds that the hand-set points give it: what the trees start from.
    pub prior: f32,
}

/// The weights that ship, read once; a test says that they are whole.
static SHIPPED: LazyLock<Arc<Trees>> =
    LazyLock::new(|| Arc::new(Trees::from_bytes(include_bytes!("../../data/ranker.trees")).unwrap_or_default()));

impl Resolver {
    /// Resolves to places of this gazetteer.
    pub fn new(gazetteer: Gazetteer) -> Self {
        Self {
            gazetteer,
            points: Points::default(),
            ranker: SHIPPED.clone(),
            tells_why: true,
            homes: Arc::default(),
            preference: Arc::default(),
            memory: candidates::Memory::default(),
        }
    }

    /// Ranks with weights of one's own.
    ///
    /// # Errors
    /// When they were trained on other features than [`feature_names`].
    pub fn with_ranker(mut self, ranker: Trees) -> Result<Self> {
        self.ranker = Arc::new(ranker.of_width(WIDTH)?);
        Ok(self)
    }

    /// Leans towards the homes of sources; they hold places of this resolver's gazetteer.
    #[must_use]
    pub fn with_homes(mut self, homes: Homes) -> Self {
        self.homes = Arc::new(homes);
        self
    }

    /// Leans towards what the user prefers, without forbidding the rest.
    #[must_use]
    pub fn with_preference(mut self, preference: Preference) -> Self {
        self.preference = Arc::new(preference);
        self
    }

    /// Every candidate of the wanted mentions, with what the ranker reads of it.
    pub fn examples(&self, outlet: Outlet<'_>, mentions: &[Mention]) -> Vec<Example> {
        let senses = candidates::Senses::of(&self.gazetteer, mentions, &self.points, &Leaning::default(), &self.memory);
        let ranked = rank::rank(
            mentions,
            &senses,
            outlet.host().as_ref(),
            &self.points,
            &Trees::new(WIDTH, 0.0),
            true,
            |_, ranking| ranking,
        );
        let of_mention = |(mention, ranking): (usize, Vec<rank::Ranked>)| {
            ranking.into_iter().map(move |r| Example {
                mention,
                place: r.place,
                prior: features::prior(&r.features),
                features: r.features.to_vec(),
            })
        };
        ranked.into_iter().enumerate().flat_map(of_mention).collect()
    }

    /// Leaves [`Placement::why`] empty, for those who do not read it: to seek the reasons costs as much as the ranking.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.tells_why = false;
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
        self.resolve_of(Outlet::default(), mentions)
    }

    /// The same for an article of this outlet: its address says something, and its source's home counts if it is known
    /// ([`Resolver::with_homes`]).
    pub fn resolve_of(&self, outlet: Outlet<'_>, mentions: &[Mention]) -> Vec<Placement> {
        let ranker = self.tells_why.then_some(&*self.ranker);
        let mut placements = Vec::with_capacity(mentions.iter().filter(|mention| mention.wanted).count());
        self.rank(outlet, mentions, false, |mention, ranking| {
            if mention.wanted {
                placements.push(placement::place(mention, ranking, ranker));
            }
        });
        placements
    }

    /// The candidates of every wanted mention, best first, with all that the ranking reads of them; none for mentions
    /// that serve as context.
    ///
    /// ```
    /// use mentionmap::{Article, Finder, Gazetteer, Resolver, resolve::Outlet};
    /// let world = Gazetteer::world()?;
    /// let article = Article::new("1", "A tornado passed near Paris, Texas, on Friday.");
    /// let mentions = Finder::new(world.clone()).find(&article);
    /// let candidates = &Resolver::new(world.clone()).explain(Outlet::of(&article), &mentions)[0];
    /// assert_eq!(world.place(candidates[0].place).unwrap().admin1().unwrap().name(), "Texas");
    /// assert!(candidates[0].log_odds > candidates[1].log_odds);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn explain(&self, outlet: Outlet<'_>, mentions: &[Mention]) -> Vec<Vec<Explained>> {
        self.rank(outlet, mentions, true, |_, ranking| explain::explain(ranking))
    }

    /// What `finish` makes of each mention and its candidates, part by part when there are very many: what must be known
    /// of every candidate of an article at once is several times as large as what comes of it.
    fn rank<T>(
        &self,
        outlet: Outlet<'_>,
        mentions: &[Mention],
        all: bool,
        mut finish: impl FnMut(&Mention, &[rank::Ranked]) -> T,
    ) -> Vec<T> {
        if mentions.len() <= LONG {
            return self.rank_part(outlet, mentions, false, all, finish);
        }
        let mut finished = Vec::new();
        let mut left = mentions;
        while !left.is_empty() {
            let (part, rest) = left.split_at(part(left));
            finished.extend(self.rank_part(outlet, part, true, all, &mut finish));
            left = rest;
        }
        finished
    }

    /// The same of an article, or of a part of one; all candidates are in memory at once only when they must be.
    fn rank_part<T>(
        &self,
        outlet: Outlet<'_>,
        mentions: &[Mention],
        is_part: bool,
        all: bool,
        mut finish: impl FnMut(&Mention, &[rank::Ranked]) -> T,
    ) -> Vec<T> {
        let leaning =
            Leaning { home: outlet.source.and_then(|s| self.homes.of(s)), preference: Some(&self.preference) };
        let mut senses = candidates::Senses::of(&self.gazetteer, mentions, &self.points, &leaning, &self.memory);
        senses.is_part = is_part;
        let host = outlet.host();
        let (host, points, trees) = (host.as_ref(), &self.points, &self.ranker);
        if !mentions.iter().any(|mention| mention.local) {
            return rank::rank(mentions, &senses, host, points, trees, all, |mention, ranking| {
                finish(mention, &ranking)
            });
        }
        // What has no place of its own lies where others do.
        let mut rankings = rank::rank(mentions, &senses, host, points, trees, all, |_, ranking| ranking);
        vicinity::settle(&self.gazetteer, mentions, &mut rankings, points);
        mentions.iter().zip(&rankings).map(|(mention, ranking)| finish(mention, ranking)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_whole_and_for_these_features() {
        assert_eq!(SHIPPED.width(), WIDTH);
    }

    #[test]
    fn what_is_remembered_changes_nothing() {
        let world = Gazetteer::world().unwrap();
        let resolver = Resolver::new(world.clone());
        let texts = [
            "Troops entered Raqqa, Syria, on Monday. Raqqa's governor left for Deir ez-Zor.",
            "In Paris, Texas, it rained. From Paris, the French capital, nothing is heard. Paris is dry.",
            "Paris, Springfield and Raqqa.",
        ];
        for text in texts.iter().chain(&texts) {
            let mentions = crate::Finder::new(world.clone()).find(&crate::Article::new("1", *text));
            let fresh = Resolver::new(world.clone()).resolve(&mentions);
            assert_eq!(resolver.resolve(&mentions), fresh, "{text}");
        }
    }
}
