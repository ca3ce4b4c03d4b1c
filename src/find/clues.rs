//! What speaks for and against a candidate being a mention, and how many points each clue gives.

macro_rules! clues {
    ($($(#[$doc:meta])* $name:ident = $points:expr,)*) => {
        /// A fact about a candidate; those without a number of their own are true or not said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(super) enum Clue { $($(#[$doc])* $name,)* }

        /// Every clue with its points: the log-odds that it adds for a mention.
        pub(super) const CLUES: &[(Clue, f32)] = &[$((Clue::$name, $points),)*];
    };
}

/// How many points each clue gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CluePoints {
    of: Vec<f32>,
}

impl Default for CluePoints {
    /// The points of [`CLUES`].
    fn default() -> Self {
        Self { of: CLUES.iter().map(|c| c.1).collect() }
    }
}

impl CluePoints {
    /// The points of a clue.
    pub(super) fn of(&self, clue: Clue) -> f32 {
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
    /// A title, brand, team or part of organizations' or streets' names by itself.
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
    /// In the name of something that is no place: "West Nile virus".
    OtherName = -6.0,
    /// A hashtag.
    Hashtag = 0.6,
    /// A postal abbreviation with no place before its comma.
    PostalAlone = -3.5,
    /// No name of the gazetteer, but one of a street or a numbered road by its form.
    Road = -1.0,
    /// No name of the gazetteer, but one of water, a land form, a park or a township by its form.
    Unlisted = -1.0,
}
