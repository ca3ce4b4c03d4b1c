//! Which alternate names are worth keeping.

use crate::gazetteer::{Feature, Level};

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
