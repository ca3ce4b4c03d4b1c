//! Names that are spelled almost like a given one, as a last resort for misspellings.
//!
//! A Levenshtein automaton walks the names' fst and leaves every branch that cannot come close any more. It is our
//! own, and steps through a row of the distance table at a time, because the one of the fst crate is compiled
//! beforehand into a table of megabytes, which costs more than the walk, and does not know swapped letters.

use super::trie::Cursor;
use super::{Gazetteer, Name, NameKind};
use crate::text::name_key;
use fst::Automaton;

/// Longer names are not compared: nobody's sentence is a misspelled village.
const MOST_LETTERS: usize = 32;
/// Names of fewer letters than this have too many neighbors to tell anything.
const LEAST_LETTERS: usize = 4;
/// From this many letters on, two edits are allowed.
const LONG: usize = 8;

/// A name that is spelled almost like another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseName {
    /// Its key, the normal form under which the gazetteer has it ([`crate::text::name_key`]).
    pub key: String,
    /// The places that bear it: see [`Gazetteer::postings`].
    pub name: Name,
    /// How many letters must be put in, left out, replaced, or swapped with the next one.
    pub distance: u8,
}

impl Gazetteer {
    /// The `max` names closest to `name` in spelling: nearest first, of names equally near the one with the most
    /// prominent place first. A name that the gazetteer knows comes first, at distance 0.
    ///
    /// Names of 4 to 7 letters may differ by one edit, longer ones by two; shorter ones, and those of more than
    /// 32 letters, have no close names. Normal forms are compared, so case and diacritics never count. The first
    /// letter must agree: people rarely get it wrong, "Bosul" is not likelier to be Mosul than to be nothing at all,
    /// and without that rule a query would walk through the beginnings of all names. Abbreviations and demonyms are
    /// left out.
    ///
    /// A query takes one to four milliseconds with the built-in gazetteer: too long for every word of a text, so ask only
    /// for those that must be a place and are unknown.
    ///
    /// ```
    /// let world = mentionmap::Gazetteer::world()?;
    /// let close = world.fuzzy("Kharkhiv", 3);
    /// assert_eq!((close[0].key.as_str(), close[0].distance), ("kharkiv", 1));
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn fuzzy(&self, name: &str, max: usize) -> Vec<CloseName> {
        let key = name_key(name);
        let Some(automaton) = Close::to(&key) else { return Vec::new() };
        let mut found = Vec::new();
        self.names().search(&automaton, |key, _, state| {
            // Asked for anew by its key: what an overlay adds to a name, or that it silences one, counts.
            let Some((key, name)) = std::str::from_utf8(key).ok().and_then(|key| Some((key, self.name(key)?))) else {
                return;
            };
            let places = self.postings(name).filter(|p| p.kind <= NameKind::Variant).map(|p| (p.place, p.kind));
            if let (Some(best), Some(state)) = (places.min(), state) {
                found.push((automaton.distance(state), best, key.to_owned(), name));
            }
        });
        found.sort_unstable_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        found.truncate(max);
        found.into_iter().map(|(distance, _, key, name)| CloseName { key, name, distance }).collect()
    }

    /// The name of the most prominent place among those that are at most one edit away from a normal form, first letter
    /// kept.
    pub(crate) fn one_edit_away(&self, normal: &str) -> Option<Name> {
        Close::to(normal)?;
        let mut best: Option<(u32, String, Name)> = None;
        one_edit(Cursor::new(self.names()), normal, |key| {
            let Some(name) = self.name(&key) else { return };
            let place = self.postings(name).filter(|p| p.kind < NameKind::Variant).map(|p| p.place).min();
            // Of two names of one place, the first in the order of the keys.
            if let Some(place) = place.filter(|place| best.as_ref().is_none_or(|b| (*place, &key) < (b.0, &b.1))) {
                best = Some((place, key, name));
            }
        });
        best.map(|(.., name)| name)
    }
}

/// Hands over every key of a trie that is at most one edit away from `query` and has its first letter, some more than
/// once. To follow the query letter by letter, and to try at each the few ways to go wrong just there, costs less than
/// the automaton, which goes into every branch a letter or two deep.
fn one_edit<D: AsRef<[u8]>>(mut at: Cursor<'_, D>, query: &str, mut found: impl FnMut(String)) {
    // Of a key, what the query starts with too, the letter that was put there, and what the query ends with.
    let mut attempt = |mut at: Cursor<'_, D>, parts: [&str; 3]| {
        if at.step(parts[2].as_bytes()) && at.value().is_some() {
            found(parts.concat());
        }
    };
    for (from, letter) in query.char_indices() {
        let (before, rest) = query.split_at(from);
        let after = &rest[letter.len_utf8()..];
        if from > 0 {
            // The letter is left out, swapped with the next one, comes after another one, or is another one.
            attempt(at, [before, "", after]);
            if let Some(next) = after.chars().next() {
                let swapped: String = [next, letter].into_iter().chain(after.chars().skip(1)).collect();
                attempt(at, [before, "", &swapped]);
            }
            each_letter(at, &mut Vec::new(), &mut |other, at| {
                attempt(at, [before, other, rest]);
                attempt(at, [before, other, after]);
            });
        }
        if !at.step(&rest.as_bytes()[..letter.len_utf8()]) {
            return;
        }
    }
    attempt(at, [query, "", ""]);
    each_letter(at, &mut Vec::new(), &mut |other, at| attempt(at, [query, other, ""]));
}

/// Hands over every letter with which keys go on, and where it leads. `begun` are its first bytes.
fn each_letter<'t, D: AsRef<[u8]>>(at: Cursor<'t, D>, begun: &mut Vec<u8>, sink: &mut dyn FnMut(&str, Cursor<'t, D>)) {
    at.each_next(|byte, next| {
        begun.push(byte);
        match std::str::from_utf8(begun) {
            Ok(letter) => sink(letter, next),
            // The rest of it is to come, unless the bytes are damaged.
            Err(error) if error.error_len().is_none() => each_letter(next, begun, sink),
            Err(_) => {}
        }
        begun.pop();
    });
}

/// The automaton of all keys within `most` edits of `query` that have its first letter.
struct Close {
    query: Vec<char>,
    most: u8,
}

/// One row of the distance table: entry `j` is the distance between what was read and the query's first `j` letters.
type Row = [u8; MOST_LETTERS + 1];

/// Where the automaton is within a key.
#[derive(Clone)]
struct State {
    row: Row,
    /// The row before, for swapped letters.
    before: Row,
    /// The letter read last; NUL at the start.
    last: char,
    /// The bits so far of a letter of several bytes, and how many bytes are missing.
    partial: u32,
    missing: u8,
}

impl Close {
    /// None when names as short or as long as this one have no close names.
    fn to(key: &str) -> Option<Self> {
        let letters = key.chars().filter(|c| c.is_alphabetic()).count();
        let query: Vec<char> = key.chars().collect();
        let most = match letters {
            _ if letters < LEAST_LETTERS || query.len() > MOST_LETTERS => return None,
            _ if letters < LONG => 1,
            _ => 2,
        };
        Some(Self { query, most })
    }

    fn distance(&self, state: &State) -> u8 {
        state.row[self.query.len()]
    }

    /// The state after another letter.
    fn read(&self, state: &State, letter: char) -> Option<State> {
        if state.last == '\0' && letter != self.query[0] {
            return None;
        }
        let (above, mut row) = (&state.row, [u8::MAX; MOST_LETTERS + 1]);
        row[0] = above[0].saturating_add(1);
        for (j, &wanted) in self.query.iter().enumerate() {
            let replaced = above[j].saturating_add(u8::from(wanted != letter));
            row[j + 1] = replaced.min(row[j].saturating_add(1)).min(above[j + 1].saturating_add(1));
            if j > 0 && letter == self.query[j - 1] && wanted == state.last {
                row[j + 1] = row[j + 1].min(state.before[j - 1].saturating_add(1));
            }
        }
        let alive = row.iter().any(|&distance| distance <= self.most);
        alive.then_some(State { row, before: *above, last: letter, partial: 0, missing: 0 })
    }
}

impl Automaton for Close {
    /// None: no key that starts so is close.
    type State = Option<State>;

    fn start(&self) -> Self::State {
        let mut row = [u8::MAX; MOST_LETTERS + 1];
        for (entry, j) in row.iter_mut().zip(0..=self.query.len()) {
            *entry = j as u8;
        }
        Some(State { row, before: [u8::MAX; MOST_LETTERS + 1], last: '\0', partial: 0, missing: 0 })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.missing == 0 && self.distance(state) <= self.most)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let state = state.as_ref()?;
        // UTF-8: the leading byte tells how many follow, each of those brings six bits.
        let (bits, missing) = match (byte, state.missing) {
            (0..0x80, _) => (u32::from(byte), 0),
            (0x80..0xC0, missing) => (state.partial << 6 | u32::from(byte & 0x3F), missing.checked_sub(1)?),
            (0xC0..0xE0, _) => (u32::from(byte & 0x1F), 1),
            (0xE0..0xF0, _) => (u32::from(byte & 0x0F), 2),
            (0xF0.., _) => (u32::from(byte & 0x07), 3),
        };
        if missing > 0 {
            return Some(State { partial: bits, missing, ..state.clone() });
        }
        self.read(state, char::from_u32(bits)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::build::{Builder, PlaceInput};
    use proptest::prelude::*;

    /// The distance by the book: optimal string alignment.
    fn by_the_book(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let edited = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { edited.min(table[i - 2][j - 2] + 1) } else { edited }
                };
            }
        }
        table[a.len()][b.len()]
    }

    fn gazetteer(names: &[String]) -> Gazetteer {
        let mut builder = Builder::default();
        for (name, id) in names.iter().zip(1..) {
            builder.add_place(PlaceInput::geonames(id, name, "P.PPL"));
        }
        Gazetteer::from_bytes(&builder.finish().unwrap()).unwrap()
    }

    proptest! {
        #[test]
        fn agrees_with_the_book(names in prop::collection::vec("[abцب]{3,10}", 1..40), query in "[abцب]{3,10}") {
            let gazetteer = gazetteer(&names);
            let most = match query.chars().count() { ..4 => 0, 4..8 => 1, _ => 2 };
            let mut keys: Vec<&String> = names
                .iter()
                .filter(|name| most > 0 && name.chars().next() == query.chars().next())
                .filter(|name| by_the_book(name, &query) <= most)
                .collect();
            keys.sort_unstable();
            keys.dedup();
            let found = gazetteer.fuzzy(&query, usize::MAX);
            let mut told: Vec<&String> = found.iter().map(|close| &close.key).collect();
            told.sort_unstable();
            prop_assert_eq!(told, keys);
            prop_assert!(found.iter().all(|close| usize::from(close.distance) == by_the_book(&close.key, &query)));
            prop_assert!(found.is_sorted_by_key(|close| close.distance));

            let mut keys: Vec<&str> = names
                .iter()
                .filter(|name| name.chars().next() == query.chars().next() && by_the_book(name, &query) <= 1)
                .map(String::as_str)
                .collect();
            keys.sort_unstable();
            keys.dedup();
            let mut told = Vec::new();
            one_edit(Cursor::new(gazetteer.names()), &query, |key| told.push(key));
            told.sort_unstable();
            told.dedup();
            prop_assert_eq!(told, keys);
        }
    }

    #[test]
    fn misspellings() {
        let world = Gazetteer::world().unwrap();
        for (wrong, id) in [
            ("Raqa", "geonames:172955"),
            ("Rakka", "geonames:172955"),
            ("Deir Ezor", "geonames:170794"),
            ("Hasake", "geonames:173811"),
            ("Mosoul", "geonames:99072"),
            ("Kharkhiv", "geonames:706483"),
            ("Aleppoo", "geonames:170063"),
            ("Bagdahd", "geonames:98182"),
            ("Alexandira", "geonames:361058"),
            ("الموصلل", "geonames:99072"),
            ("Харькив", "geonames:706483"),
        ] {
            let found = world.fuzzy(wrong, 20);
            let ids: Vec<String> = found
                .iter()
                .flat_map(|close| world.postings(close.name))
                .filter_map(|posting| Some(world.place(posting.place)?.id().to_string()))
                .collect();
            assert!(ids.iter().any(|found| found == id), "{wrong}: {found:?}");
        }
    }

    #[test]
    fn bounds() {
        let world = Gazetteer::world().unwrap();
        assert!(world.fuzzy("Ira", 10).is_empty());
        assert!(world.fuzzy("", 10).is_empty());
        assert!(world.fuzzy(&"Constantinople ".repeat(10), 10).is_empty());
        assert!(world.fuzzy("Xqzzyw", 10).is_empty());
        assert_eq!(world.fuzzy("Berlun", 3).len(), 3);
        assert_eq!(world.fuzzy("Berlun", 3)[0].key, "berlin");
        assert_eq!(world.fuzzy("Berlin", 1)[0].distance, 0);
    }
}
