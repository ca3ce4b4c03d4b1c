//! What the gazetteer knows of words that are not places: common words, names of persons, cues.

/// Facts of one word, in its normal form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordFlags(pub(super) u64);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:expr, $builder:ident;)*) => {
        impl WordFlags {
            $($(#[$doc])*
            pub fn $name(self) -> bool { self.0 & (1 << $bit) != 0 }
            #[doc = concat!("The flag behind [`WordFlags::", stringify!($name), "`].")]
            pub const $builder: Self = Self(1 << $bit);)*
            /// The bits of all flags.
            pub(crate) const ALL: u64 = 0 $(| 1 << $bit)*;
        }
    };
}

flags! {
    /// One of the few thousand commonest English words (SCOWL 10 and 20).
    is_frequent = 0, FREQUENT;
    /// An ordinary lower-case English word (SCOWL up to 50).
    is_common = 1, COMMON;
    /// A given name.
    is_given_name = 2, GIVEN_NAME;
    /// A given name that is a well-known place too ("Paris", "Jordan").
    is_ambiguous_given_name = 3, AMBIGUOUS_GIVEN_NAME;
    /// A surname of at least one in 100,000 people in the US census of 1990, or of a statesman.
    is_surname = 4, SURNAME;
    /// One of its thousand commonest surnames, or the name of a statesman that newspapers need not explain.
    is_frequent_surname = 5, FREQUENT_SURNAME;
    /// Precedes a person's name ("Mr.", "president", "cheikh").
    is_title = 6, TITLE;
    /// A verb of saying.
    is_speech_verb = 7, SPEECH_VERB;
    /// Follows a place name in the name of an organization ("police", "university").
    is_organization_head = 8, ORGANIZATION_HEAD;
    /// Precedes "of PLACE" in the name of an organization.
    is_organization_opener = 9, ORGANIZATION_OPENER;
    /// The nickname of a sports team.
    is_team = 10, TEAM;
    /// Follows a name that is a street, a building or a business.
    is_street = 11, STREET;
    /// A month, weekday or holiday.
    is_calendar = 12, CALENDAR;
    /// Never a place when it stands alone at the start of a sentence.
    never_alone = 13, NEVER_ALONE;
    /// A common noun after a name that makes it a place ("province", "river").
    is_place_cue = 14, PLACE_CUE;
    /// A company, brand, armed group or club ("Toyota", "Hamas").
    is_brand = 15, BRAND;
}

impl WordFlags {
    /// Both sets of flags.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// No flag at all: the word is unknown.
    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// A given name of either sort.
    pub fn may_be_given_name(self) -> bool {
        self.is_given_name() || self.is_ambiguous_given_name()
    }
}
