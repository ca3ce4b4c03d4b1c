//! Gathering the clues of a candidate: its look, the words before and after it, the article.

use super::clues::Clue;
use super::document::{Facts, before_particles, is_initial, is_surname_here};
use super::known::{NameFacts, name_facts};
use super::lists::{clitics, neighbors};
use super::matcher::Candidate;
use super::organizations::{is_dateline, organization_after};
use super::phrases;
use super::sheet::Sheet;
use super::unlisted;
use crate::gazetteer::WordFlags;
use crate::text::{Casing, Gap};

/// Hands over all clues of a candidate. `all` are the candidates of the field, by first word.
pub(super) fn clues(
    sheet: &Sheet<'_>,
    candidate: &Candidate,
    facts: &Facts,
    all: &[Candidate],
    mut put: impl FnMut(Clue),
) {
    put(Clue::Any);
    let name = name_facts(sheet, candidate, &mut put);
    unlisted::clue(sheet, candidate).into_iter().for_each(&mut put);
    if phrases::hold(sheet, &candidate.words) {
        put(Clue::OtherName);
    }
    let shouting = is_shouting(sheet, candidate.words.start);
    shape(sheet, candidate, name, shouting, &mut put);
    before(sheet, candidate, name, shouting, &mut put);
    after(sheet, candidate, shouting, &mut put);
    neighbors(sheet, candidate, name, all, &mut put);
    document(sheet, candidate, facts, &mut put);
}

/// Whether nearly all words around have capitals: a headline, or someone shouting.
pub(super) fn is_shouting(sheet: &Sheet<'_>, i: usize) -> bool {
    let (all, capitals) = sheet.capitals_around(i, 8);
    // One word in five may be a "with" or "from"; one of few words is a verb: "The Free Army entered Raqqa".
    capitals >= 4 && (capitals == all || capitals >= 6 && capitals * 10 >= all * 8)
}

fn shape(sheet: &Sheet<'_>, candidate: &Candidate, name: NameFacts, shouting: bool, put: &mut impl FnMut(Clue)) {
    let i = candidate.words.start;
    let token = &sheet.tokens[i];
    let at_start = sheet.starts_sentence(i);
    match token.casing {
        Casing::Lower => put(Clue::Lower),
        Casing::Caseless => put(Clue::Caseless),
        _ => {}
    }
    if token.tag == Some('#') {
        put(Clue::Hashtag);
    }
    if shouting {
        put(Clue::Shouting);
    }
    if at_start {
        put(Clue::SentenceStart);
    }
    if candidate.words.len() > 1 {
        put(Clue::Words);
        if candidate.words.clone().all(|j| sheet.flags(j).is_common()) {
            put(Clue::CommonWords);
        } else if candidate.words.clone().any(|j| sheet.flags(j).is_unknown() && letters(sheet, j) > 2) {
            put(Clue::Unknown);
        }
        return;
    }
    if name.is_abbreviation && !shouting {
        return; // "US" and "U.S." are not the word "us".
    }
    let flags = sheet.flags(i);
    let letters = letters(sheet, i);
    if flags.is_unknown() && letters > 4 && token.casing == Casing::Title {
        put(Clue::Unknown);
    }
    let is_capital = matches!(token.casing, Casing::Title | Casing::Upper | Casing::Mixed);
    let certain_case = is_capital && !at_start && !shouting;
    // "French" and "Polish" are words of their own in lower case, but seldom start a sentence as such.
    let is_demonym = name.is_demonym && is_capital && !shouting;
    if flags.is_common() && !is_demonym {
        put(Clue::Common);
        if name.is_country {
            put(Clue::CommonCountry);
        }
        if !certain_case {
            put(Clue::CommonAtStart);
        }
    }
    let is_noun =
        flags.is_title() || flags.is_team() || flags.is_street() || flags.is_organization_head() || flags.is_brand();
    // "City" alone, in a script that does not tell names from words.
    let is_kind = token.casing == Casing::Caseless && sheet.is_geographic(i);
    for (said, clue) in [
        (flags.is_frequent() && !is_demonym, Clue::Frequent),
        (flags.never_alone(), Clue::NeverAlone),
        (flags.is_calendar(), Clue::Calendar),
        (flags.is_given_name(), Clue::GivenName),
        (flags.is_surname() && !name.is_known, Clue::Surname),
        (flags.is_frequent_surname(), Clue::FrequentSurname),
        (is_noun || is_kind, Clue::OtherNoun),
    ] {
        if said {
            put(clue);
        }
    }
    if letters <= 2 && token.casing != Casing::Caseless && !name.abbreviates_country {
        put(Clue::Short);
    }
    if token.casing == Casing::Upper
        && letters <= 5
        && !shouting
        && !name.is_abbreviation
        && !is_dateline(sheet, candidate)
    {
        put(Clue::Acronym);
    }
}

pub(super) fn letters(sheet: &Sheet<'_>, i: usize) -> usize {
    let surface = sheet.surface(i);
    let mut letters = 0;
    for b in surface.bytes() {
        if !b.is_ascii() {
            return surface.chars().filter(|c| c.is_alphabetic()).count();
        }
        letters += usize::from(b.is_ascii_alphabetic());
    }
    letters
}

fn before(sheet: &Sheet<'_>, candidate: &Candidate, name: NameFacts, shouting: bool, put: &mut impl FnMut(Clue)) {
    let i = candidate.words.start;
    let joined = clitics(sheet, candidate);
    if joined.ends_with('ب') {
        put(Clue::In);
    } else if joined.ends_with('ل') {
        put(Clue::Locative);
    }
    if i == 0 || !sheet.joins(i) {
        return;
    }
    let previous = sheet.normal(i - 1);
    let flags = sheet.flags(i - 1);
    let mut article = 0;
    if matches!(previous, "the" | "la" | "le" | "el" | "los" | "las" | "les" | "der" | "die" | "das" | "den" | "dem") {
        article = 1;
        if candidate.words.len() == 1 && previous == "the" && name.is_city {
            put(Clue::TheCity);
        }
    }
    // An Arabic preposition that is written with the name is the one: what it says counts once.
    let is_joined = joined.ends_with(['ب', 'ل']);
    let preposition_at = (i > article && !is_joined && (article == 0 || sheet.joins(i - 1))).then(|| i - 1 - article);
    let preposition = preposition_at.map_or("", |at| sheet.normal(at));
    match preposition {
        "in" | "en" | "em" | "im" | "в" | "في" | "وفي" => put(Clue::In),
        "of" | "de" | "du" | "des" | "von" | "del" | "di" | "do" | "da" => {
            put(Clue::Of);
            let cue = if i >= 2 + article { sheet.flags(i - 2 - article) } else { WordFlags::default() };
            let direction = i >= 2 + article && sheet.is_geographic(i - 2 - article);
            if cue.is_place_cue() || direction {
                put(Clue::CueBefore);
            } else if cue.is_organization_opener() && sheet.is_capital(i - 2 - article) {
                put(Clue::OrganizationBefore);
            }
        }
        _ if preposition_at.is_some_and(|at| sheet.is_locative(at)) => put(Clue::Locative),
        _ => {}
    }
    if sheet.gap(i) == Gap::Hyphen && !sheet.is_geographic(i - 1) && sheet.is_capital(i - 1) {
        put(if matches!(previous, "r" | "d" | "i" | "dfl" | "con" | "lab" | "ind") {
            Clue::PartyBefore
        } else {
            Clue::HyphenBefore
        });
    }
    let named = before_particles(sheet, i).filter(|&j| j + 1 < i && sheet.is_capital(j) && !sheet.is_geographic(j));
    if name.is_demonym && named.is_some() {
        put(Clue::Nisba);
    }
    if sheet.tokens[i - 1].casing == Casing::Number {
        put(Clue::NumberBefore);
    }
    if is_surname_here(sheet, i) && !shouting {
        let title = flags.is_title();
        let initial = is_initial(sheet, i - 1);
        put(if initial {
            Clue::InitialBefore
        } else if title {
            Clue::TitleBefore
        } else {
            Clue::GivenBefore
        });
    } else if sheet.is_geographic(i - 1) && article == 0 {
        // Arabic says "city Mosul" where English says "city of Mosul".
        let is_caseless = sheet.tokens[i].casing == Casing::Caseless;
        put(if is_caseless { Clue::CueBefore } else { Clue::GeographicBefore });
    } else if !shouting
        && let Some(j) = before_particles(sheet, i)
        && sheet.is_capital(j)
        && !(sheet.starts_sentence(j) && sheet.flags(j).is_common())
        && !sheet.flags(j).is_calendar()
        && !sheet.is_geographic(j)
        && !sheet.is_demonym(j)
    {
        put(Clue::CapitalBefore);
    }
}

fn after(sheet: &Sheet<'_>, candidate: &Candidate, shouting: bool, put: &mut impl FnMut(Clue)) {
    let last = candidate.words.end - 1;
    let next = last + 1;
    if sheet.tokens[last].possessive {
        put(Clue::Possessive);
        return;
    }
    if is_dateline(sheet, candidate) {
        put(Clue::Dateline);
    }
    if next >= sheet.tokens.len() || !sheet.joins(next) {
        return;
    }
    let flags = sheet.flags(next);
    if sheet.gap(next) == Gap::Hyphen
        && matches!(
            sheet.normal(next),
            "based"
                | "born"
                | "led"
                | "backed"
                | "bound"
                | "area"
                | "style"
                | "held"
                | "controlled"
                | "occupied"
                | "wide"
                | "trained"
                | "educated"
                | "bred"
                | "made"
        )
    {
        put(Clue::Based);
    } else if flags.is_place_cue() {
        put(Clue::CueAfter);
    } else if organization_after(sheet, candidate).is_some() {
        put(Clue::OrganizationAfter);
    } else if flags.is_street() && sheet.is_capital(next) {
        put(Clue::StreetAfter);
    } else if sheet.tokens[next].casing == Casing::Number {
        put(Clue::NumberAfter);
    } else if sheet.is_capital(next)
        && (!shouting || is_byline(sheet, candidate))
        && !flags.is_calendar()
        && sheet.gap(next) == Gap::Space
    {
        put(Clue::CapitalAfter);
        let given = candidate.words.len() == 1 && sheet.flags(last).may_be_given_name();
        if given && (flags.is_surname() || flags.is_unknown()) {
            put(Clue::PersonAfter);
        }
    } else if flags.is_speech_verb() && candidate.words.len() == 1 && sheet.flags(last).is_surname() {
        put(Clue::SpeechAfter);
    }
}

/// "By KENT MALLETT": who wrote the article stands at its head or foot, often in capitals.
fn is_byline(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let first = candidate.words.start;
    first > 0 && sheet.joins(first) && sheet.normal(first - 1) == "by" && sheet.starts_sentence(first - 1)
}

fn document(sheet: &Sheet<'_>, candidate: &Candidate, facts: &Facts, put: &mut impl FnMut(Clue)) {
    if candidate.words.len() > 1 {
        return;
    }
    let i = candidate.words.start;
    let usage = facts.usage(sheet, i);
    let here = is_surname_here(sheet, i);
    if usage.surname > u32::from(here) && !here {
        put(Clue::SurnameElsewhere);
    }
    let locative = i > 0 && sheet.joins(i) && sheet.is_locative(i - 1);
    if usage.locative > u32::from(locative) && !locative {
        put(Clue::LocativeElsewhere);
    }
    if usage.lower > 0 && sheet.tokens[i].casing != Casing::Lower && sheet.flags(i).is_common() {
        put(Clue::LowerElsewhere);
    }
}
