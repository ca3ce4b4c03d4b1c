//! How mentions hang together: what resolving needs to know of the words between them.

use super::judge::Decided;
use super::lists::PLURAL_CUES;
use super::mention::{Link, Mention};
use super::sheet::Sheet;
use crate::gazetteer::Level;
use crate::read::Field;

/// A mention out of what the judge decided.
pub(super) fn mention(sheet: &Sheet<'_>, field: Field, decided: &Decided) -> Mention {
    let first = decided.words.start;
    let after = decided.words.end;
    let last_cue = (decided.words.len() > 1).then(|| level_of(sheet.normal(after - 1))).flatten();
    let next_cue = (sheet.joins(after) && !sheet.tokens[after - 1].possessive)
        .then(|| level_beside(sheet.normal(after)))
        .flatten();
    let mut before = first;
    if before > 0 && sheet.joins(before) && matches!(sheet.normal(before - 1), "the" | "la" | "el" | "le" | "los") {
        before -= 1;
    }
    let of = before > 1 && sheet.joins(before) && matches!(sheet.normal(before - 1), "of" | "de" | "du" | "del");
    let opener = of.then(|| {
        // "the governor of Georgia", "Governor Kemp of Georgia"
        let named = before > 2 && sheet.is_capital(before - 2) && sheet.joins(before - 2);
        level_beside(sheet.normal(before - 2)).or_else(|| named.then(|| office(sheet.normal(before - 3))).flatten())
    });
    let opener = opener.flatten();
    let lake = (first > 0 && sheet.joins(first))
        .then(|| matches!(sheet.normal(first - 1), "lake" | "river").then_some(Level::Water))
        .flatten();
    // "the Anderson County line" and "counties" count; a capital is asked of nothing, headlines have them everywhere.
    let cue = next_cue.or(last_cue).or(opener).or(lake);
    Mention {
        field,
        start: decided.span.start,
        end: decided.span.end,
        role: decided.role,
        probability: decided.probability,
        name: decided.name,
        misspelled: decided.misspelled,
        cue,
        after_article: first > 0 && sheet.joins(first) && sheet.normal(first - 1) == "the",
        link: Link::None,
        wanted: true,
        local: false,
    }
}

/// Fills in how each mention of a field hangs together with the next, and spreads cues over coordinated names:
/// "Raqqa, Hasakah and Deir Ezzor provinces", "Henry and Anderson counties".
pub(super) fn connect(sheet: &Sheet<'_>, mentions: &mut [Mention]) {
    let mut spread = vec![false; mentions.len()];
    for i in 1..mentions.len() {
        let (before, after) = mentions.split_at_mut(i);
        let (one, other) = (&mut before[i - 1], &after[0]);
        if let Some(between) = sheet.text.get(one.end..other.start) {
            one.link = link(between);
        }
    }
    // "the provinces of Raqqa, Hasakah and Deir Ezzor"
    for i in 1..mentions.len() {
        let goes_on = matches!(mentions[i - 1].link, Link::And | Link::Comma) && mentions[i].cue.is_none();
        if goes_on && (opens_list(sheet, &mentions[i - 1]) || (i > 1 && spread[i - 1])) {
            mentions[i].cue = mentions[i - 1].cue;
            spread[i] = true;
        }
    }
    // Where the list ends that goes on from mention `i` with cues.
    let mut last = mentions.len();
    for i in (1..mentions.len()).rev() {
        let is_listed = matches!(mentions[i].link, Link::And | Link::Comma);
        if !(is_listed && mentions.get(i + 1).is_some_and(|next| next.cue.is_some())) {
            last = i;
        }
        let spreads = matches!(mentions[i - 1].link, Link::And | Link::Comma);
        if spreads && mentions[i - 1].cue.is_none() && mentions[i].cue.is_some() && is_plural(sheet, &mentions[last]) {
            mentions[i - 1].cue = mentions[i].cue;
        }
    }
}

/// Whether a plural cue and "of" stand before a mention.
fn opens_list(sheet: &Sheet<'_>, mention: &Mention) -> bool {
    let first = sheet.tokens.partition_point(|t| (t.start as usize) < mention.start);
    first > 1
        && sheet.joins(first)
        && matches!(sheet.normal(first - 1), "of" | "de" | "des" | "du")
        && (PLURAL_CUES.contains(&sheet.normal(first - 2))
            || matches!(sheet.normal(first - 2), "provincias" | "departements" | "villes" | "ciudades"))
}

/// Whether the word after a mention is a cue for several.
fn is_plural(sheet: &Sheet<'_>, mention: &Mention) -> bool {
    let next = sheet.tokens.partition_point(|t| (t.start as usize) < mention.end);
    PLURAL_CUES.contains(&sheet.normal(next))
}

fn link(between: &str) -> Link {
    let words = between.trim().trim_matches(['.', '’', '\'']);
    match words {
        "," | "،" if !between.contains('\n') => Link::Comma,
        "and" | "or" | "&" | "/" | "-" | "–" | ", and" | ", or" | "et" | "y" | "und" | "e" | "و" | "to"
        | "as well as" | "ou" | "oder" | "i" | "и" => Link::And,
        "in" | "of" | "(" | "in the" | "of the" | "in northern" | "in southern" | "in eastern" | "in western"
        | "in central" | "in northeastern" | "in northwestern" | "in southeastern" | "in southwestern" | "en"
        | "de" | "im" | "du" => Link::In,
        "s" => Link::Possessive,
        _ if says_what_it_is(words) => Link::In,
        _ => Link::None,
    }
}

/// "Tripoli is the capital of Libya", "Tbilisi, the capital of Georgia", "Sirte, a port in Libya".
fn says_what_it_is(between: &str) -> bool {
    const LONGEST: usize = 7;
    const KINDS: [&str; 10] =
        ["capital", "city", "town", "village", "port", "seat", "suburb", "state", "province", "region"];
    // Seldom, so that the words of a whole sentence are not sought in vain.
    let starts_so = |word: &&str| between.strip_prefix(*word).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    if ![",", "is", "was", "remains", "became"].iter().any(starts_so) {
        return false;
    }
    let words: Vec<&str> = between.split_whitespace().take(LONGEST + 1).collect();
    let Some((last, [_, middle @ .., kind])) = words.split_last() else { return false };
    words.len() <= LONGEST
        && matches!(*last, "of" | "in")
        && KINDS.contains(kind)
        && middle.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
}

/// The level that a word after a name, or before "of" and a name, speaks of: a common noun or an office.
fn level_beside(word: &str) -> Option<Level> {
    level_of(word).or_else(|| office(word))
}

/// The level of what someone holds an office in.
fn office(word: &str) -> Option<Level> {
    match word {
        // "the governor of Georgia", "Washington Gov. Jay Inslee"; "the prime minister of Georgia"; "the mayor of …"
        "governor" | "governors" | "gov" | "legislature" | "gouverneur" | "gobernador" => Some(Level::Admin1),
        "minister" | "premier" | "king" | "queen" | "monarch" | "ministro" | "ministre" => Some(Level::Country),
        "mayor" | "mayors" | "maire" | "alcalde" | "burgermeister" => Some(Level::City),
        _ => None,
    }
}

/// The level that a common noun beside a name speaks of.
fn level_of(word: &str) -> Option<Level> {
    Some(match word {
        "county" | "counties" | "parish" | "parishes" | "district" | "districts" | "borough" | "raion" | "comte"
        | "condado" | "landkreis" => Level::Admin2,
        "province" | "provinces" | "governorate" | "governorates" | "state" | "states" | "region" | "regions"
        | "oblast" | "oblasts" | "prefecture" | "emirate" | "canton" | "provincia" | "estado" | "etat"
        | "departement" | "department" | "bundesland" | "wilaya" | "muhafazah" | "محافظه" | "ولايه" => {
            Level::Admin1
        }
        "city" | "town" | "village" | "cities" | "towns" | "villages" | "suburb" | "ville" | "ciudad" | "stadt"
        | "neighborhood" | "مدينه" | "قريه" | "بلده" => Level::City,
        "river" | "lake" | "sea" | "strait" | "gulf" | "bay" | "ocean" | "rivers" | "canal" | "rio" | "fleuve" => {
            Level::Water
        }
        "mountain" | "mountains" | "island" | "islands" | "desert" | "valley" | "peninsula" | "hills" | "plateau"
        | "isla" | "ile" => Level::Land,
        "country" | "nation" | "republic" | "kingdom" => Level::Country,
        "camp" | "airport" | "base" => Level::Spot,
        _ => return None,
    })
}
