//! Looking a name up for a person: the places that bear it, and those of names spelled almost like it.

use super::{CloseName, Gazetteer, NameKind, Place};
use crate::text::name_key;
use std::collections::HashSet;

/// How many close names are looked at.
const MOST: usize = 100;
/// How many places of close names are found.
const CLOSE: usize = 20;

/// A place, and the name that led to it.
#[derive(Clone, Debug)]
pub struct Found<'g> {
    /// The place.
    pub place: Place<'g>,
    /// How the name belongs to it.
    pub kind: NameKind,
    /// The name in its normal form.
    pub key: String,
    /// How many letters of it differ from those that were asked for.
    pub distance: u8,
}

impl Gazetteer {
    /// Every place that bears a name, in the order of [`lookup`](Gazetteer::lookup), and after these, when `fuzzy` is
    /// set, up to 20 places of names that are spelled almost like it ([`fuzzy`](Gazetteer::fuzzy)), each once.
    ///
    /// ```
    /// let world = mentionmap::Gazetteer::world()?;
    /// let found = world.search("Kharkhiv", true);
    /// assert_eq!((found[0].place.name(), found[0].distance), ("Kharkiv", 1));
    /// assert!(world.search("Kharkhiv", false).is_empty());
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn search(&self, name: &str, fuzzy: bool) -> Vec<Found<'_>> {
        let key = name_key(name);
        let exact = self.lookup(name).map(|(place, kind)| Found { place, kind, key: key.clone(), distance: 0 });
        let mut found: Vec<Found<'_>> = exact.collect();
        if !fuzzy {
            return found;
        }
        let exact = found.len();
        // A place comes once, under the closest of its names.
        let mut seen: HashSet<u32> = found.iter().map(|found| found.place.index()).collect();
        for close in self.fuzzy(name, MOST).into_iter().filter(|close| close.key != key) {
            let Some(room) = (CLOSE + exact).checked_sub(found.len()).filter(|&room| room > 0) else { break };
            let new = self.places_of(&close).filter(|(place, _)| seen.insert(place.index())).take(room);
            found.extend(new.map(|(place, kind)| Found {
                place,
                kind,
                key: close.key.clone(),
                distance: close.distance,
            }));
        }
        found
    }

    /// The places that bear a close name.
    pub(crate) fn places_of(&self, close: &CloseName) -> impl Iterator<Item = (Place<'_>, NameKind)> {
        self.postings(close.name).filter_map(|p| Some((self.place(p.place)?, p.kind)))
    }
}
