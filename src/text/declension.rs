//! Russian case endings: from a declined word to the nominatives that it may belong to.
//!
//! The rules are those of the school grammar for nouns and adjectives in the singular and for plural names, on normal
//! forms (where й is и and ё is е). Nothing is looked up here: the gazetteer decides which nominative is a name.

/// Endings with what may stand in their place, longer endings first; of several that fit, the first alone counts.
const ENDINGS: &[(&str, &[&str])] = &[
    // Adjectives: Московская, Нижний, Орловского.
    ("ского", &["скии", "ское"]),
    ("скому", &["скии", "ское"]),
    ("скои", &["ская", "скои"]),
    ("скую", &["ская"]),
    ("ском", &["скии", "ское", "ск"]),
    ("ским", &["скии", "ск"]),
    // Россия, Италия.
    ("иеи", &["ия"]),
    ("ию", &["ия", "ии"]),
    ("ии", &["ия", "ии"]),
    // Plural names: Афины, Черкассы, Сочи.
    ("ами", &["ы", "и"]),
    ("ями", &["и"]),
    ("ах", &["ы", "и", "а"]),
    ("ях", &["и"]),
    ("ам", &["ы", "и"]),
    // Лондон, Ярославль, Китай, Москва, Земля.
    ("ом", &[""]),
    ("ем", &["ь", "и"]),
    ("ои", &["а"]),
    ("еи", &["я", "и"]),
    ("ью", &["ь"]),
    ("а", &["", "о"]),
    ("я", &["ь", "и"]),
    ("у", &["", "а", "о"]),
    ("ю", &["ь", "и", "я"]),
    ("е", &["", "а", "о", "ь", "я", "и"]),
    ("ы", &["а", ""]),
    ("и", &["а", "ь", "я"]),
];

/// The shortest stem that is declined, in letters.
const SHORTEST: usize = 3;

/// Hands over the nominatives that a normal form may be declined from.
pub(super) fn nominatives(normal: &str, mut sink: impl FnMut(&str, &str)) {
    let fits = |ending: &str| normal.strip_suffix(ending).filter(|stem| stem.chars().count() >= SHORTEST);
    if let Some((stem, instead)) = ENDINGS.iter().find_map(|(ending, instead)| Some((fits(ending)?, instead))) {
        instead
            .iter()
            .filter(|ending| normal.len() != stem.len() + ending.len() || !normal.ends_with(**ending))
            .for_each(|ending| sink(stem, ending));
    }
}

/// Whether a letter is one of the Russian alphabet.
pub(super) fn is_russian(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name_key;

    #[test]
    fn declined_names_come_back() {
        for (declined, nominative) in [
            ("Москве", "Москва"),
            ("Лондона", "Лондон"),
            ("России", "Россия"),
            ("Китаем", "Китай"),
            ("Казани", "Казань"),
            ("Афинах", "Афины"),
            ("Смоленской", "Смоленская"),
            ("Америки", "Америка"),
            ("Кемерове", "Кемерово"),
        ] {
            let mut found = Vec::new();
            nominatives(&name_key(declined), |stem, ending| found.push(format!("{stem}{ending}")));
            assert!(found.contains(&name_key(nominative)), "{declined}: {found:?}");
        }
    }
}
