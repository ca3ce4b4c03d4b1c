//! What the words between mentions say of their candidates: "X, Y", "X in Y", "Y's X", lists, and levels told.

use super::candidates::{Candidate, Senses};
use super::gather::Rows;
use crate::find::{Link, Mention, Role};
use crate::gazetteer::Level;

/// "Province" is said of what GeoNames has as a first- or second-order division, "city" of any populated place.
pub(super) fn agrees(cue: Level, level: Level) -> bool {
    match cue {
        Level::Admin1 => matches!(level, Level::Admin1 | Level::Admin2 | Level::Region),
        Level::Admin2 => level == Level::Admin2,
        Level::Land | Level::Water => matches!(level, Level::Land | Level::Water | Level::Region),
        _ => cue == level,
    }
}

/// What links say of one candidate of one mention.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Linked {
    pub(super) contained: bool,
    pub(super) containing: bool,
    pub(super) after_region: bool,
    pub(super) as_before: bool,
    pub(super) listed: bool,
}

/// What the words between mentions say of their candidates.
pub(super) struct Links {
    /// Row by row, as [`Rows`] has them.
    of: Vec<Linked>,
    /// Whether a mention's cue agrees with any of its candidates; "Anbar desert" has none to agree with.
    cued: Vec<bool>,
    /// Whether the text tells mentions of a name apart: it has more than one sense.
    split: Vec<bool>,
}

impl Links {
    /// Of the candidates of a mention.
    pub(super) fn of(&self, rows: &Rows, at: usize) -> &[Linked] {
        self.of.get(rows.of(at)).unwrap_or_default()
    }

    pub(super) fn is_cued(&self, at: usize) -> bool {
        self.cued[at]
    }

    /// Whether the text itself says that a name, by its number, means more than one place.
    pub(super) fn is_split(&self, name: usize) -> bool {
        self.split[name]
    }
}

/// "X, Y", "X in Y", "Y's X" and lists.
pub(super) fn links(mentions: &[Mention], senses: &Senses<'_>, rows: &Rows) -> Links {
    let candidates = |at: usize| &senses.all[senses.of_mention[at]].candidates;
    let mut of = vec![Linked::default(); rows.len()];
    let first = |at: usize| rows.of(at).start;
    for at in 1..mentions.len() {
        let (inner, outer) = match mentions[at - 1].link {
            Link::None => continue,
            Link::Comma | Link::In => (at - 1, at),
            Link::Possessive => (at, at - 1),
            Link::And => {
                list(&mut of, (first(at - 1), candidates(at - 1)), (first(at), candidates(at)));
                continue;
            }
        };
        let mut any = false;
        for (i, x) in candidates(inner).iter().enumerate() {
            for (o, y) in candidates(outer).iter().enumerate() {
                if x.place.lies_in(&y.place) {
                    of[first(inner) + i].contained = true;
                    of[first(outer) + o].containing = true;
                    any = true;
                }
            }
        }
        // "X, Y, Z": X lies in Z as well, and Y does.
        if any && at >= 2 && mentions[at - 1].link == Link::Comma && mentions[at - 2].link == Link::Comma {
            for (i, x) in candidates(at - 2).iter().enumerate() {
                of[first(at - 2) + i].contained |= candidates(at).iter().any(|z| x.place.lies_in(&z.place));
            }
        }
        if !any && mentions[at - 1].link == Link::Comma {
            // "In northern Lebanon, Tripoli …"
            for (i, x) in candidates(at).iter().enumerate() {
                let of_region = |region: &Candidate<'_>| x.place.lies_in(&region.place);
                of[first(at) + i].after_region |= candidates(at - 1).iter().any(of_region);
            }
            list(&mut of, (first(at - 1), candidates(at - 1)), (first(at), candidates(at)));
        }
    }
    let agrees_with_any =
        |at: usize| mentions[at].cue.is_some_and(|cue| candidates(at).iter().any(|c| agrees(cue, c.spot.level)));
    let cued: Vec<bool> = (0..mentions.len()).map(agrees_with_any).collect();
    // One sense an article, unless the text says otherwise: the last mention of the same name that was told apart, by
    // what contains it or by its level ("the province of Raqqa"), speaks for those that were not; before the first of
    // them the first does.
    let lies = |linked: &Linked| linked.contained || linked.after_region;
    let is_told = |of: &[Linked], at: usize| of[rows.of(at)].iter().any(lies) || cued[at];
    let mut told: Vec<Option<usize>> = vec![None; senses.all.len()];
    for at in (0..mentions.len()).rev() {
        if is_told(&of, at) {
            told[senses.of_mention[at]] = Some(at);
        }
    }
    // Which candidate a mention that was told apart can be.
    let meant = |of: &[Linked], at: usize, c: usize| {
        if of[rows.of(at)].iter().any(lies) {
            lies(&of[first(at) + c])
        } else {
            mentions[at].cue.is_some_and(|cue| agrees(cue, candidates(at)[c].spot.level))
        }
    };
    let mut split = vec![false; senses.all.len()];
    for at in 0..mentions.len() {
        let number = senses.of_mention[at];
        let Some(other) = told[number] else { continue };
        let count = candidates(at).len();
        if is_told(&of, at) {
            split[number] |= (0..count).all(|c| !meant(&of, at, c) || !meant(&of, other, c));
            told[number] = Some(at);
        } else if mentions[at].role != Role::Demonym {
            for c in 0..count {
                of[first(at) + c].as_before = meant(&of, other, c);
            }
        }
    }
    Links { of, cued, split }
}

/// Members of a list are of one level, mostly.
fn list(of: &mut [Linked], before: (usize, &[Candidate<'_>]), after: (usize, &[Candidate<'_>])) {
    let likeliest = |all: &[Candidate<'_>]| all.iter().max_by(|a, b| a.prior.total_cmp(&b.prior)).map(|c| c.spot.level);
    for ((first, all), (_, others)) in [(before, after), (after, before)] {
        let level = likeliest(others);
        for (linked, candidate) in of[first..].iter_mut().zip(all) {
            linked.listed |= level == Some(candidate.spot.level);
        }
    }
}
