//! What must hold for every text, however odd.

use crate::support::root;
use mentionmap::write::{Features, Format, LayerInfo, layer};
use mentionmap::{Article, ArticleMap, Finder, Gazetteer, Keep, Mapper, Role};
use proptest::prelude::*;
use std::cell::RefCell;

const ALL_ROLES: [Role; 3] = [Role::Place, Role::Organization, Role::Demonym];

thread_local! {
    static MAPPER: RefCell<Mapper> = RefCell::new(
        Mapper::new(Gazetteer::world().unwrap()).keep(Keep { roles: ALL_ROLES.to_vec(), min_confidence: 0.0 }),
    );
    static FINDER: RefCell<Finder> = RefCell::new(Finder::new(Gazetteer::world().unwrap()));
}

/// Characters of every plane; half of them from the ranges where names, signs and white space are.
fn any_text() -> impl Strategy<Value = String> {
    let common = proptest::sample::select(
        "aAbBzZ09 \n\t\r.,;:!?'’“”()[]-–—/&@#\u{0}\u{1E}\u{7F}\u{A0}\u{AD}\u{300}\u{301}\u{200B}\u{200D}\u{200F}\u{2028}\u{202E}\u{FEFF}\u{FFFD}éßøłİıſŊǅⅫﬁжЖابةىـ٠אבกขअकि中文東京한ァｱ🇸🇾👩‍🚀𝔄𐐀\u{E0001}\u{10FFFF}".chars().collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![common, any::<char>()], 0..60).prop_map(String::from_iter)
}

/// Texts made of names, cue words and odd characters: more mentions than random characters give.
fn any_story() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "Paris",
        "Texas",
        "Syria's",
        "al-Hol",
        "Deir",
        "ez-Zor",
        "U.S.",
        "U.S.-led",
        "D.C.",
        "New",
        "York",
        "the",
        "of",
        "in",
        "and",
        ",",
        ".",
        "(",
        ")",
        "County",
        "University",
        "President",
        "Syrian",
        "Jordan",
        "May",
        "الرقة",
        "بحلب",
        "سوريا",
        "Saint-Étienne",
        "São",
        "Paulo",
        "Nord-Kivu",
        "北京",
        "東京都",
        "Москве",
        "İstanbul",
        "St.",
        "Louis",
        "—",
        "\n\n",
        "'s",
        "’",
        "-",
        "/",
        "\u{301}",
        "RAQQA",
        "washington",
        "Georgia",
        "to",
        "from",
        "X",
        "Y.",
        "'",
        "\u{200D}",
    ]);
    prop::collection::vec((words, prop_oneof![Just(" "), Just(""), Just("\n"), Just("\u{A0}")]), 0..40)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

/// Mentions lie within their field on the boundaries of characters, in order, without overlap.
fn check(article: &Article) -> Result<(), TestCaseError> {
    let mentions = FINDER.with_borrow_mut(|finder| finder.find(article));
    let mut end = None;
    for mention in &mentions {
        let surface = article.field(mention.field).get(mention.start..mention.end);
        prop_assert!(surface.is_some_and(|s| !s.trim().is_empty()), "{:?}", mention);
        prop_assert_eq!(surface.map(str::trim), surface, "white space around a mention");
        prop_assert!(
            end.is_none_or(|(field, end)| field < mention.field || (field == mention.field && end <= mention.start)),
            "overlap or disorder at {:?}",
            mention
        );
        prop_assert!((0.0..=1.0).contains(&mention.probability), "{:?}", mention);
        end = Some((mention.field, mention.end));
    }
    let map = MAPPER.with_borrow_mut(|mapper| mapper.map(article.clone()));
    prop_assert_eq!(map.mentions.len(), mentions.len());
    for placement in &map.mentions {
        prop_assert!((0.0..=1.0).contains(&placement.confidence), "{:?}", placement);
    }
    let sum: f64 = map.places.iter().map(|place| place.weight).sum();
    prop_assert!(map.places.is_empty() || (sum - 1.0).abs() < 1e-9, "weights sum to {}", sum);
    written(&map)
}

/// Every format of it parses, with a feature for each place or mention.
fn written(map: &ArticleMap) -> Result<(), TestCaseError> {
    let features = MAPPER.with_borrow(|mapper| Features::new(mapper.gazetteer().clone(), true));
    for features in [features.of_article(map), features.of_mentions(map)] {
        for format in [Format::GeoJson, Format::Lines, Format::Sequence] {
            let mut bytes = Vec::new();
            let mut out = layer(format, &mut bytes, LayerInfo::default()).unwrap();
            features.iter().try_for_each(|feature| out.write(feature)).unwrap();
            out.finish().unwrap();
            drop(out);
            let text = String::from_utf8(bytes).unwrap();
            let parsed = match format {
                Format::GeoJson => text.parse::<geojson::FeatureCollection>().map(|c| c.features),
                _ => text.split_inclusive('\n').map(|line| line.trim_start_matches('\u{1E}').parse()).collect(),
            };
            prop_assert_eq!(parsed.map_err(|e| TestCaseError::fail(format!("{e}: {text}")))?, features.clone());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_mapped(title in prop::option::of(any_text()), text in any_text()) {
        check(&Article { title, ..Article::new("any", text) })?;
    }

    #[test]
    fn any_story_is_mapped(title in prop::option::of(any_story()), text in any_story()) {
        check(&Article { title, ..Article::new("any", text) })?;
    }

    /// Given mentions come out exactly, whatever they are.
    #[test]
    fn given_mentions_come_out(text in any_story(), picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6)) {
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut spans: Vec<_> = picks
            .iter()
            .map(|(a, b)| (*a.get(&bounds), *b.get(&bounds)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| a.min(b)..a.max(b))
            .collect();
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup();
        let article = Article { given_mentions: Some(spans.clone()), ..Article::new("given", text) };
        let map = MAPPER.with_borrow_mut(|mapper| mapper.map(article));
        let found: Vec<_> = map.mentions.iter().map(|p| p.mention.start..p.mention.end).collect();
        prop_assert_eq!(found, spans);
        written(&map)?;
    }
}

/// An article may be cut anywhere, as feeds do.
#[test]
fn every_prefix_of_the_samples_is_mapped() {
    let mut files: Vec<_> =
        std::fs::read_dir(root().join("examples/articles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 12);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // A step that meets every part of words and signs sooner or later.
        for (at, _) in text.char_indices().step_by(37) {
            check(&Article::new("prefix", &text[..at]))
                .unwrap_or_else(|e| panic!("{} up to byte {at}: {e}", file.display()));
        }
    }
}
