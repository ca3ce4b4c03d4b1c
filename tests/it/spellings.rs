//! Every spelling of `tests/cases/spellings.txt` leads to its place.

use crate::support::{compare_with_known, is_in, places_called, root};
use mentionmap::Gazetteer;

const HEADING: &str = "\
# Spellings whose look-up is known to miss the place: spelling, name, country, with tabs between.
# Written by: UPDATE_KNOWN_FAILURES=1 cargo test --test it spellings
";

#[test]
fn spellings_lead_to_their_places() {
    let folder = root().join("tests/cases");
    let world = Gazetteer::world().unwrap();
    let table = std::fs::read_to_string(folder.join("spellings.txt")).unwrap();
    let mut failures = Vec::new();
    let mut all = 0;
    for line in table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let [spelling, name, country] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three columns: {line}")
        };
        all += 1;
        let right: Vec<u32> =
            places_called(&world, name).filter(|place| is_in(place, country)).map(|place| place.index()).collect();
        if !world.lookup(spelling).any(|(place, _)| right.contains(&place.index())) {
            let reason = if right.is_empty() { "no such place" } else { "not its name" };
            eprintln!("{line}: {reason}");
            failures.push(line.to_owned());
        }
    }
    eprintln!("{} of {all} spellings lead to their places", all - failures.len());
    compare_with_known(&folder.join("known_spelling_failures.txt"), HEADING, &failures);
}
