//! What speaks for and against a candidate being a mention.

use super::document::{Facts, before_particles, is_locative, is_surname_here};
use super::matcher::Candidate;
use super::sheet::Sheet;
use crate::gazetteer::{Level, NameKind, Place};
use crate::text::{Casing, Gap};

/// The most postings of a name that clues look at: they come best known first.
const POSTINGS: usize = 40;

macro_rules! clues {
    ($($(#[$doc:meta])* $name:ident = $points:expr,)*) => {
        /// A fact about a candidate; those without a number of their own are true or not said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Clue { $($(#[$doc])* $name,)* }

        /// Every clue with its points: the log-odds that it adds for a mention.
        pub const CLUES: &[(Clue, f32)] = &[$((Clue::$name, $points),)*];
    };
}

/// How many points each clue gives.
#[derive(Clone, Debug, PartialEq)]
pub struct CluePoints {
    of: Vec<f32>,
}

impl Default for CluePoints {
    /// The points of [`CLUES`].
    fn default() -> Self {
        Self { of: CLUES.iter().map(|c| c.1).collect() }
    }
}

impl CluePoints {
    /// Other points than the default, in the order of [`CLUES`]; those that are missing are 0.
    pub fn new(mut of: Vec<f32>) -> Self {
        of.resize(CLUES.len(), 0.0);
        Self { of }
    }

    /// The points of a clue.
    pub fn of(&self, clue: Clue) -> f32 {
        self.of[clue as usize]
    }
}

clues! {
    /// Of every candidate.
    Any = -0.3,
    /// A country's name.
    Country = 3.2,
    /// A first-order division's name, with or without "province".
    Admin1 = 2.0,
    /// A second-order division's whole name.
    Admin2 = 2.0,
    /// A continent, world region, sea, desert or other landmark.
    Landmark = 2.0,
    /// A city of a million.
    Million = 2.4,
    /// A city of 100,000.
    Large = 1.7,
    /// A city of 10,000.
    Medium = 0.5,
    /// A town of 1,000 to 10,000.
    Small = -0.3,
    /// A place of fewer, or of whom nobody knows how many.
    Tiny = -0.8,
    /// No place bears it as its main name or an attested one.
    OnlyVariant = -0.7,
    /// No place bears it as its main name.
    OnlyAlternate = -0.7,
    /// A place of the user's own bears it, or the user pinned it to one.
    Own = 2.0,
    /// A demonym.
    Demonym = 2.6,
    /// An abbreviation and nothing else.
    Abbreviation = 0.6,
    /// More than one word.
    Words = 1.6,
    /// More than one word, all of them common ones.
    CommonWords = -2.2,
    /// A common English word.
    Common = -2.2,
    /// One of the commonest.
    Frequent = -1.6,
    /// A common word that is a country's main name too: "Turkey".
    CommonCountry = 2.4,
    /// Known to start sentences without being a place.
    NeverAlone = -3.2,
    /// A month, weekday or holiday.
    Calendar = -5.0,
    /// A given name.
    GivenName = -1.6,
    /// A surname.
    Surname = -0.5,
    /// One of the commonest surnames.
    FrequentSurname = -0.9,
    /// A word that is nothing else, as far as anybody knows.
    Unknown = 1.0,
    /// A title, team or part of organizations' or streets' names by itself.
    OtherNoun = -2.0,
    /// One or two letters of a script with case.
    Short = -1.5,
    /// In capitals of up to five letters among words that are not: an acronym.
    Acronym = -3.0,
    /// In a title, headline or text where case tells nothing.
    Shouting = -0.4,
    /// In lower case.
    Lower = -1.5,
    /// In a script without case: only the words around it can tell a name from a word.
    Caseless = -0.6,
    /// At the start of a sentence.
    SentenceStart = -0.2,
    /// A common word at the start of a sentence or where case tells nothing.
    CommonAtStart = -2.0,
    /// After "in".
    In = 2.6,
    /// After another preposition of place.
    Locative = 1.9,
    /// After "of".
    Of = 0.4,
    /// After "the": cities have no article.
    TheCity = -1.2,
    /// After "north of", "city of", "province of".
    CueBefore = 2.2,
    /// After a word like "northern", "downtown", "mount".
    GeographicBefore = 1.2,
    /// After a title.
    TitleBefore = -3.0,
    /// After a given name.
    GivenBefore = -3.6,
    /// After an initial.
    InitialBefore = -4.0,
    /// After a word with a capital that nobody knows.
    CapitalBefore = -2.2,
    /// A demonym after an article and a name: "Abu Bakr al-Baghdadi".
    Nisba = -4.0,
    /// After a number: an address or a date.
    NumberBefore = -0.6,
    /// After a hyphen that joins it to a name that is no place.
    HyphenBefore = -1.6,
    /// Before a word with a capital.
    CapitalAfter = -1.1,
    /// A given name before a surname or an unknown word with a capital.
    PersonAfter = -3.0,
    /// Before a word like "province".
    CueAfter = 2.4,
    /// Before "Street", "Hotel", "Inc.".
    StreetAfter = -2.6,
    /// Before the words of an organization.
    OrganizationAfter = 0.8,
    /// After the words of an organization: "University of X".
    OrganizationBefore = 1.4,
    /// A surname before "said".
    SpeechAfter = -1.6,
    /// Before "'s".
    Possessive = 0.3,
    /// Before "-based", "-born", "-led".
    Based = 2.5,
    /// Before a number.
    NumberAfter = -0.7,
    /// The place after the comma contains it.
    Contained = 4.2,
    /// It contains the place before the comma.
    Containing = 3.2,
    /// In a list that ends in "counties", "provinces" and the like.
    ListedKind = 3.0,
    /// After a party's letters: "R-Texas".
    PartyBefore = 4.0,
    /// Certain elsewhere in the article.
    CertainElsewhere = 1.8,
    /// In a list with other candidates.
    Listed = 0.6,
    /// In a list with a country, a large city or the like.
    ListedWithKnown = 1.0,
    /// Followed by a dash or colon after a dateline's capitals.
    Dateline = 2.5,
    /// The article uses it as a surname elsewhere.
    SurnameElsewhere = -2.4,
    /// The article has it after "in" or "near" elsewhere.
    LocativeElsewhere = 1.4,
    /// The article has it in lower case too.
    LowerElsewhere = -1.2,
    /// A hashtag.
    Hashtag = 0.6,
    /// A postal abbreviation with no place before its comma.
    PostalAlone = -3.5,
}

/// What the gazetteer knows of a name, as far as clues go.
#[derive(Clone, Copy, Default)]
pub(super) struct NameFacts {
    pub(super) is_demonym: bool,
    pub(super) is_abbreviation: bool,
    /// Of a country: "US", "U.K.".
    pub(super) abbreviates_country: bool,
    /// It is a demonym, and a country or division bears it too.
    pub(super) names_division: bool,
    is_known: bool,
    is_city: bool,
    is_country: bool,
}

pub(super) fn name_facts(sheet: &Sheet<'_>, candidate: &Candidate, mut put: impl FnMut(Clue)) -> NameFacts {
    let mut best: Option<(NameKind, Place<'_>)> = None;
    let (mut demonym, mut abbreviation, mut abbreviates_country) = (false, false, false);
    let (mut trusted, mut official, mut own) = (false, false, false);
    // Of those whose main name it is.
    let mut bearer: Option<Place<'_>> = None;
    for posting in sheet.gazetteer.postings(candidate.name).take(POSTINGS) {
        let Some(place) = sheet.gazetteer.place(posting.place) else { continue };
        own |= sheet.gazetteer.prefers(candidate.name, posting.place);
        match posting.kind {
            NameKind::Demonym => demonym = true,
            NameKind::Abbreviation => {
                abbreviation = true;
                abbreviates_country |=
                    place.feature().level() == Level::Country || place.feature().level() == Level::Region;
            }
            kind => {
                official |= kind == NameKind::Official;
                if kind == NameKind::Official && bearer.is_none_or(|b| prominence(&place) > prominence(&b)) {
                    bearer = Some(place);
                }
                trusted |= kind != NameKind::Variant;
                if best.is_none_or(|(_, b)| prominence(&place) > prominence(&b)) {
                    best = Some((kind, place));
                }
            }
        }
    }
    let (mut is_known, mut is_city) = (false, false);
    if let Some((_, place)) = best {
        let clue = match place.feature().level() {
            Level::Country => Clue::Country,
            Level::Admin1 => Clue::Admin1,
            Level::Admin2 if candidate.words.len() > 1 => Clue::Admin2,
            Level::Region | Level::Water | Level::Land => Clue::Landmark,
            _ => match place.population() {
                1_000_000.. => Clue::Million,
                100_000.. => Clue::Large,
                10_000.. => Clue::Medium,
                1_000.. => Clue::Small,
                _ => Clue::Tiny,
            },
        };
        is_city = place.feature().level() == Level::City;
        is_known = matches!(clue, Clue::Country | Clue::Admin1 | Clue::Landmark | Clue::Million | Clue::Large);
        put(clue);
        if !trusted {
            put(Clue::OnlyVariant);
        } else if !official {
            put(Clue::OnlyAlternate);
        }
    }
    if own {
        put(Clue::Own);
    }
    if demonym {
        put(Clue::Demonym);
    }
    // An abbreviation is one in capitals, with dots, or with a dot at its end: "us" and "Us" are not.
    let token = &sheet.tokens[candidate.words.start];
    let is_abbreviation = abbreviation
        && candidate.words.len() == 1
        && (token.dotted || token.casing == Casing::Upper || (token.dot && token.casing == Casing::Title));
    if is_abbreviation && abbreviates_country {
        put(Clue::Country);
    } else if is_abbreviation && best.is_none() && !demonym {
        put(Clue::Abbreviation);
    }
    // A demonym is one even if it is a hamlet's name ("French") or a country's in another language ("Iraqi").
    let is_demonym = demonym
        && bearer
            .is_none_or(|p| p.population() < 100_000 && !matches!(p.feature().level(), Level::Country | Level::Admin1));
    NameFacts {
        is_demonym,
        is_abbreviation,
        abbreviates_country: is_abbreviation && abbreviates_country,
        is_known: is_known || demonym,
        names_division: best.is_some_and(|(_, p)| matches!(p.feature().level(), Level::Country | Level::Admin1)),
        is_city,
        is_country: bearer.is_some_and(|p| p.feature().level() == Level::Country),
    }
}

/// How well known a place is, on a scale of powers of ten.
pub(super) fn prominence(place: &Place<'_>) -> f32 {
    let people = (place.population() as f32 + 1.0).log10();
    match place.feature().level() {
        Level::Country | Level::Region => people + 4.0,
        Level::Admin1 => people + 1.0,
        Level::Water | Level::Land => 5.0,
        Level::Admin2 => people - 1.0,
        _ => people,
    }
}

/// All clues of a candidate. `all` are the candidates of the field, by first word.
pub(super) fn clues(sheet: &Sheet<'_>, candidate: &Candidate, facts: &Facts, all: &[Candidate]) -> Vec<(Clue, f32)> {
    let mut found = vec![(Clue::Any, 1.0)];
    let mut put = |clue: Clue| found.push((clue, 1.0));
    let name = name_facts(sheet, candidate, &mut put);
    let shouting = is_shouting(sheet, candidate.words.start);
    shape(sheet, candidate, name, shouting, &mut put);
    before(sheet, candidate, name, shouting, &mut put);
    after(sheet, candidate, shouting, &mut put);
    neighbors(sheet, candidate, name, all, &mut put);
    document(sheet, candidate, facts, &mut put);
    found
}

/// Whether nearly all words around have capitals: a headline, or someone shouting.
pub(super) fn is_shouting(sheet: &Sheet<'_>, i: usize) -> bool {
    let sentence = sheet.sentence(i);
    let window = i.saturating_sub(8).max(sentence.start)..(i + 9).min(sentence.end);
    let long = |j: &usize| sheet.surface(*j).len() > 3 && sheet.tokens[*j].casing != Casing::Number;
    let (all, capitals) =
        window.filter(long).fold((0, 0), |(all, capitals), j| (all + 1, capitals + usize::from(sheet.is_capital(j))));
    all >= 4 && capitals * 10 >= all * 8
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
    if flags.is_unknown() && letters > 4 && token.casing == Casing::Title && !name.is_known {
        put(Clue::Unknown);
    }
    let certain_case = matches!(token.casing, Casing::Title | Casing::Upper | Casing::Mixed) && !at_start && !shouting;
    // "French" and "Polish" are words of their own in lower case.
    if flags.is_common() && !(name.is_demonym && certain_case) {
        put(Clue::Common);
        if name.is_country {
            put(Clue::CommonCountry);
        }
        if !certain_case {
            put(Clue::CommonAtStart);
        }
    }
    for (said, clue) in [
        (flags.is_frequent() && !(name.is_demonym && certain_case), Clue::Frequent),
        (flags.never_alone(), Clue::NeverAlone),
        (flags.is_calendar(), Clue::Calendar),
        (flags.is_given_name(), Clue::GivenName),
        (flags.is_surname() && !name.is_known, Clue::Surname),
        (flags.is_frequent_surname(), Clue::FrequentSurname),
        (flags.is_title() || flags.is_team() || flags.is_street() || flags.is_organization_head(), Clue::OtherNoun),
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

fn letters(sheet: &Sheet<'_>, i: usize) -> usize {
    sheet.surface(i).chars().filter(|c| c.is_alphabetic()).count()
}

fn before(sheet: &Sheet<'_>, candidate: &Candidate, name: NameFacts, shouting: bool, put: &mut impl FnMut(Clue)) {
    let i = candidate.words.start;
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
    let preposition =
        if i > article && (article == 0 || sheet.joins(i - 1)) { sheet.normal(i - 1 - article) } else { "" };
    match preposition {
        "in" | "en" | "em" | "im" | "в" | "في" => put(Clue::In),
        "of" | "de" | "du" | "des" | "von" | "del" | "di" | "do" | "da" => {
            put(Clue::Of);
            let cue =
                if i >= 2 + article { sheet.flags(i - 2 - article) } else { crate::gazetteer::WordFlags::default() };
            let direction = i >= 2 + article && sheet.is_geographic(i - 2 - article);
            if cue.is_place_cue() || direction {
                put(Clue::CueBefore);
            } else if cue.is_organization_opener() && sheet.is_capital(i - 2 - article) {
                put(Clue::OrganizationBefore);
            }
        }
        p if is_locative(p) => put(Clue::Locative),
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
        let initial = sheet.surface(i - 1).chars().count() == 1;
        put(if initial {
            Clue::InitialBefore
        } else if title {
            Clue::TitleBefore
        } else {
            Clue::GivenBefore
        });
    } else if sheet.is_geographic(i - 1) && article == 0 {
        put(Clue::GeographicBefore);
    } else if !shouting
        && let Some(j) = before_particles(sheet, i)
        && sheet.is_capital(j)
        && !(sheet.starts_sentence(j) && sheet.flags(j).is_common())
        && !sheet.flags(j).is_calendar()
        && !sheet.is_geographic(j)
        && !is_demonym(sheet, j)
    {
        put(Clue::CapitalBefore);
    }
}

/// Whether a word alone is a demonym.
pub(super) fn is_demonym(sheet: &Sheet<'_>, i: usize) -> bool {
    let name = sheet.gazetteer.name(sheet.normal(i));
    name.is_some_and(|name| sheet.gazetteer.postings(name).take(8).any(|p| p.kind == NameKind::Demonym))
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
    } else if sheet.is_capital(next) && !shouting && !flags.is_calendar() && sheet.gap(next) == Gap::Space {
        put(Clue::CapitalAfter);
        let given = candidate.words.len() == 1 && sheet.flags(last).may_be_given_name();
        if given && (flags.is_surname() || flags.is_unknown()) {
            put(Clue::PersonAfter);
        }
    } else if flags.is_speech_verb() && candidate.words.len() == 1 && sheet.flags(last).is_surname() {
        put(Clue::SpeechAfter);
    }
}

/// The words after a candidate that make it a part of an organization's name: the head's number, when there is one in
/// the same run of words with capitals.
pub(super) fn organization_after(sheet: &Sheet<'_>, candidate: &Candidate) -> Option<usize> {
    let mut head = None;
    let from = candidate.words.end;
    for j in from..(from + 6).min(sheet.tokens.len()) {
        let connects = matches!(sheet.normal(j), "of" | "for" | "and" | "de" | "du" | "des")
            && sheet.is_capital(j + 1)
            && j > from;
        if !sheet.joins(j) || sheet.tokens[j - 1].possessive || !(sheet.is_capital(j) || connects) {
            break;
        }
        let flags = sheet.flags(j);
        // "Syria University" is one; "Texas State" has a cue, "Lincoln Street" is a street.
        if flags.is_organization_head() || flags.is_team() {
            head = Some(j);
        }
    }
    head
}

/// "UNITED STATES, WASHINGTON (Agency) —", "BEIRUT, Lebanon, March 3 –", "LONDON: ".
pub(super) fn is_dateline(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let first = candidate.words.start;
    if sheet.tokens[first].opened {
        return false; // The agency, in parentheses.
    }
    let Some(from) = (first.saturating_sub(5)..=first).rev().find(|&j| sheet.gap(j) == Gap::Paragraph) else {
        return false;
    };
    let start = sheet.tokens[from].start as usize;
    let end = sheet.text[start..].char_indices().nth(90).map_or(sheet.text.len(), |(at, _)| start + at);
    let head = sheet.text[start..end].lines().next().unwrap_or_default();
    let cut = [" — ", " – ", " -- ", " - ", ") —", ") –", ") -", "—"].iter().filter_map(|dash| head.find(dash)).min();
    let Some(cut) = cut else { return false };
    let within = candidate.span.end <= start + cut;
    let capitals = sheet.tokens[from].casing == Casing::Upper || (from..=first).all(|j| sheet.is_capital(j));
    within && capitals
}

/// Lists and "X, Y".
fn neighbors(sheet: &Sheet<'_>, candidate: &Candidate, name: NameFacts, all: &[Candidate], put: &mut impl FnMut(Clue)) {
    let starting = |word: usize| {
        let from = all.partition_point(|c| c.words.start < word);
        all[from..].iter().take_while(move |c| c.words.start == word)
    };
    let ending = |word: usize| {
        let to = all.partition_point(|c| c.words.start <= word);
        all[to.saturating_sub(24)..to].iter().filter(move |c| c.words.end == word + 1)
    };
    let mut contained = false;
    let mut containing = false;
    let (mut listed, mut known) = (false, false);
    let next = candidate.words.end;
    let mut consider = |other: &Candidate| {
        listed = true;
        known |= name_facts(sheet, other, |_| {}).is_known;
    };
    if sheet.gap(next) == Gap::Comma && next < sheet.tokens.len() {
        for other in starting(next) {
            contained |= contains(sheet, other, candidate);
            consider(other);
        }
    } else if matches!(sheet.normal(next), "and" | "or" | "et" | "y" | "und" | "e" | "ou" | "o" | "oder")
        && sheet.joins(next)
        && next + 1 < sheet.tokens.len()
    {
        starting(next + 1).for_each(&mut consider);
    }
    let first = candidate.words.start;
    if first > 0 && sheet.gap(first) == Gap::Comma {
        for other in ending(first - 1) {
            containing |= contains(sheet, candidate, other);
            consider(other);
        }
    } else if first > 1
        && matches!(sheet.normal(first - 1), "and" | "or" | "et" | "y" | "und" | "e" | "ou" | "o" | "oder")
        && sheet.joins(first)
    {
        ending(first - 2).for_each(&mut consider);
    } else if first > 0 && name.is_abbreviation && sheet.joins(first) {
        // "Bowling Green KY"
        for other in ending(first - 1) {
            containing |= contains(sheet, candidate, other);
        }
    }
    if lists_a_kind(sheet, next) {
        put(Clue::ListedKind);
    }
    for (said, clue) in [
        (contained, Clue::Contained),
        (containing, Clue::Containing),
        (listed && !contained && !containing, Clue::Listed),
        (known && !contained && !containing, Clue::ListedWithKnown),
    ] {
        if said {
            put(clue);
        }
    }
    let letters = letters(sheet, first);
    if name.is_abbreviation
        && !name.abbreviates_country
        && !containing
        && (letters <= 2 || !sheet.tokens[first].dot)
        && !sheet.tokens[first].dotted
    {
        put(Clue::PostalAlone);
    }
}

/// Whether a list goes on from word `next` and ends in a common noun: "Clay, Douglas, Grant and Wilkin counties".
fn lists_a_kind(sheet: &Sheet<'_>, next: usize) -> bool {
    let mut separated = false;
    for j in next..(next + 30).min(sheet.tokens.len()) {
        let and = matches!(sheet.normal(j), "and" | "or" | "et" | "y");
        separated |= and || sheet.gap(j) == Gap::Comma;
        if !separated || sheet.gap(j) > Gap::Comma {
            return false;
        }
        if !and && !sheet.is_capital(j) {
            return sheet.gap(j) == Gap::Space && PLURAL_CUES.contains(&sheet.normal(j));
        }
    }
    false
}

/// Common nouns for several places.
pub(super) const PLURAL_CUES: &[&str] = &[
    "counties",
    "provinces",
    "governorates",
    "states",
    "districts",
    "regions",
    "parishes",
    "cities",
    "towns",
    "villages",
    "oblasts",
    "rivers",
    "islands",
    "municipalities",
];

/// Whether a place that `outer` may mean contains one that `inner` may mean.
fn contains(sheet: &Sheet<'_>, outer: &Candidate, inner: &Candidate) -> bool {
    let regions: Vec<Place<'_>> = sheet
        .gazetteer
        .postings(outer.name)
        .take(POSTINGS)
        .filter(|p| p.kind != NameKind::Demonym)
        .filter_map(|p| sheet.gazetteer.place(p.place))
        .filter(|p| matches!(p.feature().level(), Level::Country | Level::Admin1 | Level::Admin2))
        .collect();
    if regions.is_empty() {
        return false;
    }
    let inner = sheet.gazetteer.postings(inner.name).filter(|p| p.kind != NameKind::Demonym);
    inner.filter_map(|p| sheet.gazetteer.place(p.place)).any(|p| regions.iter().any(|r| p.lies_in(r)))
}

fn document(sheet: &Sheet<'_>, candidate: &Candidate, facts: &Facts, put: &mut impl FnMut(Clue)) {
    if candidate.words.len() > 1 {
        return;
    }
    let i = candidate.words.start;
    let usage = facts.usage(sheet.normal(i));
    let here = is_surname_here(sheet, i);
    if usage.surname > u32::from(here) && !here {
        put(Clue::SurnameElsewhere);
    }
    let locative = i > 0 && sheet.joins(i) && is_locative(sheet.normal(i - 1));
    if usage.locative > u32::from(locative) && !locative {
        put(Clue::LocativeElsewhere);
    }
    if usage.lower > 0 && sheet.tokens[i].casing != Casing::Lower && sheet.flags(i).is_common() {
        put(Clue::LowerElsewhere);
    }
}
