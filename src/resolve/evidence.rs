//! What speaks for and against a place being meant.

macro_rules! evidence {
    (
        ranked { $($(#[$doc:meta])* $name:ident = $code:literal, $points:expr;)* }
        leaning { $($(#[$leaning_doc:meta])* $leaning:ident = $leaning_code:literal, $leaning_points:expr;)* }
    ) => {
        /// A fact about a candidate place, mostly from 0 to 1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Evidence {
            $($(#[$doc])* $name,)*
            $($(#[$leaning_doc])* $leaning,)*
        }

        /// Every piece of evidence that the ranker reads, with its stable code and the points that a whole one gives.
        /// Points are natural logarithms of odds between two candidates.
        pub const EVIDENCE: &[(Evidence, &str, f32)] = &[$((Evidence::$name, $code, $points),)*];

        /// Evidence that the ranker does not read: where the source has its home, what the user prefers, where the rest
        /// of the article is. Its points are added to the ranker's log-odds.
        pub const LEANING: &[(Evidence, &str, f32)] = &[$((Evidence::$leaning, $leaning_code, $leaning_points),)*];
    };
}

impl Evidence {
    /// The code that the output's `why` shows.
    pub fn code(self) -> &'static str {
        EVIDENCE.iter().chain(LEANING).find(|e| e.0 == self).map_or("", |e| e.1)
    }
}

evidence! {
    ranked {
        /// Population: its power of ten, divided by ten.
        Population = "population", 9.0;
        /// The most populous place of the name.
        First = "population_rank:1", 0.6;
        /// All places of the name are in one spot: there is nothing to confuse it with.
        OneSpot = "one_spot", 2.5;
        /// A country.
        Country = "country", 3.2;
        /// A first-order division.
        Admin1 = "admin1", 1.0;
        /// A second-order division.
        Admin2 = "admin2", -1.2;
        /// A continent or world region.
        Region = "region", 5.8;
        /// Water or land forms.
        Landmark = "landmark", 6.0;
        /// Water or a region more than 1,000 km in radius: known the world over.
        WorldScale = "world_scale", 2.0;
        /// A spot.
        Spot = "spot", 0.8;
        /// A place of the user's own, or the one that the user pinned the name to.
        Own = "own_place", 4.0;
        /// A capital of a country.
        Capital = "capital", 3.0;
        /// A seat of a first-order division.
        Seat = "seat", 0.4;
        /// A part of a city.
        Section = "section", -0.8;
        /// A division that is called after a city in it: the bare name means the city.
        CalledAfterCity = "called_after_city", -2.0;
        /// The name is an attested other name of the place.
        Alternate = "alternate_name", -0.9;
        /// The name was made by rule from one of the place's names.
        Variant = "variant_name", -1.8;
        /// The text has almost the name: a misspelling, or another place.
        Misspelled = "misspelled_name", 0.0;
        /// The name abbreviates the place's.
        Abbreviation = "abbreviation", 2.0;
        /// The words around say that the place has its level ("Henry County").
        Cue = "cue", 3.0;
        /// The words around say that it has another level.
        OtherCue = "other_cue", -2.2;
        /// The place after the comma or "in" contains it.
        Contained = "contained_by", 6.0;
        /// The place before the comma contains it: "In northern Lebanon, Tripoli …".
        AfterRegion = "after_region", 3.0;
        /// It contains the place before the comma or "in".
        Containing = "contains", 4.0;
        /// A city, and "the" stands before the name.
        CityWithArticle = "city_with_article", 0.0;
        /// Another mention of the same name was contained, nearest first.
        SameAsContained = "as_before", 3.5;
        /// The article names its country.
        CountryNamed = "country_named", 1.4;
        /// The article names its first-order division.
        Admin1Named = "admin1_named", 2.0;
        /// Share of the article's other names that may lie in its country.
        SameCountry = "same_country", 2.4;
        /// Share of the other names that may lie in its first-order division.
        SameAdmin1 = "same_admin1", 2.0;
        /// The same for the nearest mentions.
        LocalCountry = "near_mentions_country", 3.0;
        /// The same for the nearest mentions.
        LocalAdmin1 = "near_mentions_admin1", 1.4;
        /// The nearest other mention that is certain lies in its country.
        Nearest = "nearest_mention", 0.5;
        /// The nearest other mention that is a country or a division, or its people, is of its country.
        NearestRegion = "nearest_region", 1.0;
        /// Weight of other names' candidates within 60 km.
        Within60 = "within_60_km", 1.2;
        /// Weight of other names' candidates within 250 km.
        Within250 = "within_250_km", 1.2;
        /// Weight of other names' candidates within 1,000 km.
        Within1000 = "within_1000_km", 0.6;
        /// Share of the other names that lie within the radius of a wide region.
        Covers = "covers", 3.0;
        /// The article's mentions of the name are likely to mean this place, taken together.
        OneSense = "one_sense", 1.5;
        /// It is of the same level as its neighbors in a list.
        ListedLevel = "list_level", 0.8;
        /// Other names that have a candidate within 30 km, however unlikely it is.
        Company30 = "company_30_km", 0.0;
        /// The same within 100 km.
        Company100 = "company_100_km", 0.0;
        /// The same within 100 km, names of few places above all.
        RareCompany = "rare_company", 0.0;
        /// Share of the other names that have a candidate in its first-order division, names of few places above all.
        CompanyAdmin1 = "company_admin1", 0.0;
        /// The same for its country.
        CompanyCountry = "company_country", 0.0;
        /// It lies in the country that the ending of the article's address stands for.
        OutletCountry = "outlet_country", 3.0;
        /// The host of the article's address has its name in it ("parisbeacon.com").
        OutletName = "outlet_name", 6.0;
    }
    // The points of homes are the least on a plateau: on LGL, left out of training, with the homes learned from its
    // articles, near_home 1, 2, 3, 4 and 6 place .875, .882, .886, .892 and .894 right (home_admin1 1, home_country .5;
    // twice as much of those changes .002 at most; .843 without homes). `preferred` is what moves a bare "Tripoli" from
    // Libya to Lebanon and a bare "Paris" to Texas, and leaves "Tripoli, Libya" where it is.
    leaning {
        /// How near the source's home it is: 1 there, half of that at 100 km.
        NearHome = "near_home", 4.0;
        /// It is or lies in the first-order division of the source's home.
        HomeAdmin1 = "home_admin1", 1.0;
        /// It is or lies in the country of the source's home.
        HomeCountry = "home_country", 0.5;
        /// It is or lies in a country that the user prefers, or lies in a box that the user prefers.
        Preferred = "preferred", 3.5;
        /// No place bears the name of the street or building that was given: the article's nearest settlement is here.
        Vicinity = "vicinity", 0.2;
    }
}

/// How much there is of each piece of [`EVIDENCE`].
pub(super) type Row = [f32; EVIDENCE.len()];

/// How many points each piece of evidence gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Points {
    of: [f32; EVIDENCE.len() + LEANING.len()],
}

impl Default for Points {
    /// The points of [`EVIDENCE`] and [`LEANING`].
    fn default() -> Self {
        let mut of = [0.0; EVIDENCE.len() + LEANING.len()];
        of.iter_mut().zip(EVIDENCE.iter().chain(LEANING)).for_each(|(of, evidence)| *of = evidence.2);
        Self { of }
    }
}

impl Points {
    /// The points of a whole piece of evidence.
    pub(super) fn of(&self, evidence: Evidence) -> f32 {
        self.of[evidence as usize]
    }

    /// The points of all evidence for a candidate; added up several at a time.
    pub(super) fn of_row(&self, row: &Row) -> f32 {
        const LANES: usize = 4;
        let (rows, rest) = row.as_chunks::<LANES>();
        let (points, points_of_rest) = self.of[..row.len()].as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (row, points) in rows.iter().zip(points) {
            (0..LANES).for_each(|n| sums[n] += row[n] * points[n]);
        }
        let rest = rest.iter().zip(points_of_rest).map(|(value, points)| value * points);
        sums.into_iter().chain(rest).sum()
    }

    /// The points of all pieces together.
    pub(super) fn sum(&self, evidence: &[(Evidence, f32)]) -> f32 {
        evidence.iter().map(|&(e, value)| self.of(e) * value).sum()
    }
}

/// Points of nothing at all: a place must have more to be the answer.
pub(super) const NOWHERE: f32 = 1.0;
