//! Forms of a name that follow from it by rule. They rank below the attested names.
//!
//! Made once, when a gazetteer is built, so that matching needs no guesses.

use super::PlaceInput;
use crate::gazetteer::{Feature, Level};
use std::collections::BTreeSet;

/// Countries whose Latin names are transliterated from Arabic.
const ARABIC: &[&str] = &[
    "AE", "BH", "DJ", "DZ", "EG", "EH", "ER", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA",
    "SD", "SO", "SY", "TD", "TN", "YE",
];

/// The Arabic article as it is heard before different consonants.
const ARTICLES: &[&str] = &[
    "al", "el", "ad", "adh", "an", "ar", "as", "ash", "at", "ath", "az", "ed", "en", "er", "es", "esh", "et", "ez",
    "il",
];

/// Words that say which division a place is, and are left out as often as not.
const DIVISIONS: &[&str] = &[
    "county",
    "parish",
    "borough",
    "province",
    "governorate",
    "region",
    "district",
    "oblast",
    "krai",
    "kray",
    "prefecture",
    "municipality",
    "department",
    "canton",
    "voivodeship",
    "state",
    "division",
    "emirate",
    "wilaya",
    "raion",
    "okrug",
    "republic",
    "territory",
    "island",
    "islands",
    "river",
    "camp",
    "mountains",
];

/// How many variants one name may have.
const MOST: usize = 24;

/// The keys that follow from a name whose key is `key`, the key itself left out, in a stable order.
///
/// ```
/// use mentionmap::gazetteer::build::{variants, PlaceInput};
/// use mentionmap::text::name_key;
/// let place = PlaceInput { country: "SY".into(), population: 200_000, ..PlaceInput::geonames(1, "Ar Raqqah", "P.PPLA") };
/// let found = variants(&place.name, &name_key(&place.name), &place);
/// assert!(found.contains("al raqqah") && found.contains("raqqa") && found.contains("rakka"));
/// ```
pub fn variants(name: &str, key: &str, place: &PlaceInput) -> BTreeSet<String> {
    let bearer = Bearer { feature: place.feature, country: &place.country, population: place.population };
    variants_for(name, key, bearer)
}

/// What the rules need to know of a place.
#[derive(Clone, Copy)]
pub(super) struct Bearer<'a> {
    pub(super) feature: Feature,
    pub(super) country: &'a str,
    pub(super) population: u32,
}

pub(super) fn variants_for(name: &str, key: &str, place: Bearer<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let words: Vec<&str> = key.split(' ').collect();
    strip_parenthesis(name, &mut found);
    umlauts(name, &mut found);
    saints(&words, &mut found);
    divisions(&words, place, &mut found);
    if words.len() > 1 && words[0] == "the" {
        found.insert(words[1..].join(" "));
    }
    if key.starts_with("ال") && key.chars().count() > 4 {
        found.insert(key.chars().skip(2).collect());
    }
    if ARABIC.contains(&place.country) && key.is_ascii() {
        arabic(&words, place, &mut found);
    }
    found.remove(key);
    found.retain(|v| v.chars().count() > 2);
    while found.len() > MOST {
        found.pop_last();
    }
    found
}

/// "Aïn Issa (Raqqa)" is "Aïn Issa".
fn strip_parenthesis(name: &str, found: &mut BTreeSet<String>) {
    if let Some((before, _)) = name.split_once('(') {
        found.insert(crate::text::name_key(before));
    }
}

/// "Köln" is typed "Koeln" too.
fn umlauts(name: &str, found: &mut BTreeSet<String>) {
    if name.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'å', 'Å']) {
        let typed: String = name
            .chars()
            .map(|c| match c {
                'ä' | 'Ä' => "ae".to_owned(),
                'ö' | 'Ö' => "oe".to_owned(),
                'ü' | 'Ü' => "ue".to_owned(),
                'å' | 'Å' => "aa".to_owned(),
                c => c.to_string(),
            })
            .collect();
        found.insert(crate::text::name_key(&typed));
    }
}

fn saints(words: &[&str], found: &mut BTreeSet<String>) {
    for (long, short) in [("saint", "st"), ("sainte", "ste"), ("mount", "mt"), ("fort", "ft"), ("point", "pt")] {
        for (from, to) in [(long, short), (short, long)] {
            if words.len() > 1 && words.contains(&from) {
                found.insert(words.iter().map(|&w| if w == from { to } else { w }).collect::<Vec<_>>().join(" "));
            }
        }
    }
}

/// "Henry County" is "Henry" too, and a governorate is called so with and without the word.
fn divisions(words: &[&str], place: Bearer<'_>, found: &mut BTreeSet<String>) {
    let level = place.feature.level();
    let Some((last, stem)) = words.split_last() else { return };
    let is_division = matches!(level, Level::Admin1 | Level::Admin2);
    if !stem.is_empty() && DIVISIONS.contains(last) && level != Level::City && level != Level::Country {
        found.insert(stem.join(" "));
    } else if level == Level::Admin1 && words.join(" ").is_ascii() {
        for word in ["province", "governorate", "region", "state"] {
            found.insert(format!("{} {word}", words.join(" ")));
        }
    }
    for opener in [
        "province of",
        "state of",
        "region of",
        "county",
        "departement de",
        "provincia de",
        "governorate of",
        "municipality of",
        "district of",
    ] {
        if is_division && let Some(rest) = words.join(" ").strip_prefix(opener) {
            found.insert(rest.trim_start().to_owned());
        }
    }
}

/// Articles and transliterations of names from Arabic.
fn arabic(words: &[&str], place: Bearer<'_>, found: &mut BTreeSet<String>) {
    let important = place.population >= 5_000 || place.feature.level() != Level::City;
    let mut forms: BTreeSet<String> = BTreeSet::new();
    forms.insert(words.join(" "));
    if let Some(at) = words.iter().position(|w| ARTICLES.contains(w)).filter(|&at| at + 1 < words.len()) {
        let (before, after) = (&words[..at], &words[at + 1..]);
        let with = |article: &str| {
            before
                .iter()
                .copied()
                .chain((!article.is_empty()).then_some(article))
                .chain(after.iter().copied())
                .collect::<Vec<_>>()
                .join(" ")
        };
        forms.insert(with("al"));
        forms.insert(with("el"));
        if at == 0 {
            // "Raqqa" for "Ar Raqqah", "Alhol" for "Al-Hol".
            forms.insert(with(""));
            forms.insert(format!("al{}", after.join(" ")));
        } else {
            // "Deir Ezzor" for "Deir ez-Zor".
            forms.insert(format!("{} {}{}", before.join(" "), words[at], after.join(" ")));
            forms.insert(with(""));
        }
    } else if important && words.len() == 1 && words[0].len() > 3 {
        forms.insert(format!("al {}", words[0]));
        forms.insert(format!("el {}", words[0]));
    }
    if important {
        type Spelling = fn(&str) -> String;
        let spellings: [Spelling; 6] = [
            |s| {
                s.split(' ')
                    .map(|w| if w.len() > 3 && w.ends_with("ah") { &w[..w.len() - 1] } else { w })
                    .collect::<Vec<_>>()
                    .join(" ")
            },
            |s| s.replace("dayr", "deir"),
            |s| s.replace("ou", "u"),
            |s| s.replace("ee", "i"),
            |s| s.replace("aw", "o"),
            |s| s.replace('q', "k"),
        ];
        for spelling in spellings {
            let more: Vec<String> = forms.iter().map(|form| spelling(form)).collect();
            forms.extend(more);
        }
    }
    found.extend(forms);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name_key;

    fn of(name: &str, country: &str, feature: &str) -> BTreeSet<String> {
        let place =
            PlaceInput { country: country.into(), population: 100_000, ..PlaceInput::geonames(1, name, feature) };
        variants(name, &name_key(name), &place)
    }

    #[test]
    fn rules() {
        assert!(of("Dayr az Zawr", "SY", "P.PPLA").contains("deir azzor"));
        assert!(
            of("Deir ez-Zor", "SY", "P.PPLA").is_superset(&["deir ezzor".to_owned(), "deir al zor".to_owned()].into())
        );
        assert!(of("Henry County", "US", "A.ADM2").contains("henry"));
        assert!(of("Kansas City", "US", "P.PPL").is_empty());
        assert!(of("Saint Louis", "US", "P.PPL").contains("st louis"));
        assert!(of("Köln", "DE", "P.PPL").contains("koeln"));
        assert!(of("الرقة", "SY", "P.PPL").contains("رقه"));
        assert!(of("Lyon", "FR", "P.PPL").is_empty());
    }
}
