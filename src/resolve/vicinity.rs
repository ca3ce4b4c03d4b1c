//! Streets, buildings and the like that an article brings along and no place of the gazetteer bears, or none that is
//! likely: whoever gives "Royal Street" says that it is there, and it lies where the article is, mostly. It is put where
//! the nearest settlement that the article mentions is, at even odds.
//!
//! Mentions that were found are not treated so: a street is no mention of its town, and would add to the town's weight.

use super::evidence::{Evidence, Points};
use super::features::WIDTH;
use super::rank::Ranked;
use crate::find::Mention;
use crate::gazetteer::{Gazetteer, Level};

/// Log-odds that a placed mention must have to stand for where the article is.
const CERTAIN: f32 = 0.0;

/// Log-odds against no place at all below which none of a given mention's candidates is it.
const UNLIKELY: f32 = 0.0;

/// Ranks the place of the nearest settlement, or else of the nearest division, first for every local mention without a
/// likely candidate.
pub(super) fn settle(gazetteer: &Gazetteer, mentions: &[Mention], ranked: &mut [Vec<Ranked>], points: &Points) {
    let is_unknown = |at: usize, ranked: &[Vec<Ranked>]| {
        mentions[at].local && ranked[at].first().is_none_or(|best| best.odds < UNLIKELY)
    };
    let unknown: Vec<usize> = (0..mentions.len()).filter(|&at| is_unknown(at, ranked)).collect();
    if unknown.is_empty() {
        return;
    }
    let level = |best: &Ranked| gazetteer.place(best.place).map(|place| place.feature().level());
    let (mut settlements, mut divisions) = (Vec::new(), Vec::new());
    for (at, ranking) in ranked.iter().enumerate() {
        if let Some(best) = ranking.first().filter(|best| best.odds > CERTAIN) {
            match level(best) {
                Some(Level::City | Level::Admin2) => settlements.push((at, best.place)),
                Some(Level::Admin1) => divisions.push((at, best.place)),
                _ => {}
            }
        }
    }
    let nearest = |all: &[(usize, u32)], at: usize| {
        // Of two as near the one before: what is named first is where the rest happens.
        all.iter().min_by_key(|(other, _)| (other.abs_diff(at), *other)).map(|(_, place)| *place)
    };
    for at in unknown {
        let place = nearest(&settlements, at).or_else(|| nearest(&divisions, at));
        if let Some(place) = place {
            let odds = points.of(Evidence::Vicinity);
            let leaning = vec![(Evidence::Vicinity, odds)];
            ranked[at].insert(0, Ranked { place, odds, features: [0.0; WIDTH], leaning });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::gazetteer::Gazetteer;
    use crate::{Article, Finder, Resolver};

    #[test]
    fn a_given_street_lies_where_the_article_is() {
        let world = Gazetteer::world().unwrap();
        let text = "Crews in Dayton, Ohio, closed Zzyzzy Alley for a day.";
        let span = |of: &str| text.find(of).map(|at| at..at + of.len()).unwrap();
        let given = Some(vec![span("Dayton"), span("Zzyzzy Alley")]);
        let placed = |given| {
            let article = Article { given_mentions: given, ..Article::new("1", text) };
            let placements = Resolver::new(world.clone()).resolve(&Finder::new(world.clone()).find(&article));
            placements.into_iter().find(|p| text[p.mention.start..].starts_with("Zzyzzy"))
        };
        let placement = placed(given).unwrap();
        assert_eq!(world.place(placement.place.unwrap()).unwrap().name(), "Dayton");
        assert_eq!(placement.why.iter().map(|e| e.code()).collect::<Vec<_>>(), ["vicinity"]);
        assert!(placement.confidence < 0.6);
        assert!(placed(None).is_none_or(|found| found.place.is_none()));
    }
}
