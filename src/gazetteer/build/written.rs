//! Which alternate names are worth keeping.

use crate::gazetteer::{Feature, Gazetteer, Level};
use crate::text::name_key;

/// Codes that ISO 3166 leaves to users: gazetteers file disputed territories under them, and states as they were. Such
/// entries carry the names and the inhabitants of those who lay claim to them.
pub(super) const NO_COUNTRIES: &[&str] = &["XX", "XY", "XZ"];

/// Whether a name of a place without known inhabitants is rather the word that it is too: of the two million hamlets of
/// a dump some are called "Memorial", "City" and "Club".
pub(super) fn is_rather_a_word(name: &str, feature: Feature, population: u32, world: Option<&Gazetteer>) -> bool {
    if population > 0 || feature.level() != Level::City || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return false;
    }
    world.is_some_and(|world| world.word(&name_key(name)).is_common())
}

/// Whether an alternate name of GeoNames' is one that people write: airport codes, links, numbers and GeoNames' own
/// ASCII renderings of other scripts (lower case throughout: "swldw" for سولدو) are not.
///
/// ```
/// use mentionmap::gazetteer::{Feature, build::is_written};
/// let city = Feature::new("P.PPLC");
/// assert!(is_written("Damas", city) && is_written("دمشق", city));
/// assert!(!is_written("DAM", city) && !is_written("dmshq", city) && !is_written("https://example.org", city));
/// assert!(is_written("USA", Feature::new("A.PCLI")));
/// ```
pub fn is_written(name: &str, feature: Feature) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let ascii = name.is_ascii();
    if letters < 2 || name.len() > 100 || name.contains("://") || name.contains('/') {
        return false;
    }
    if ascii && letters < 3 {
        return false;
    }
    let is_code = ascii && letters <= 4 && name.chars().all(|c| c.is_ascii_uppercase());
    if is_code && feature.level() != Level::Country {
        return false;
    }
    let latin = name.chars().next().is_some_and(char::is_lowercase)
        && name.chars().all(|c| c.is_lowercase() || !c.is_alphabetic());
    !(latin && name.chars().any(|c| c.is_ascii_alphabetic()))
}
