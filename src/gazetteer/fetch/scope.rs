//! Which files.

use crate::error::{Error, Result};
use std::collections::BTreeSet;

/// What comes with every scope: the names of divisions and countries, and what lies in what.
const COMMON: [&str; 4] = ["admin1CodesASCII.txt", "admin2Codes.txt", "countryInfo.txt", "hierarchy.zip"];

/// The countries to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Countries);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Countries {
    All,
    These(BTreeSet<String>),
}

impl Scope {
    /// The whole world: about 600 MB to fetch.
    pub fn all() -> Self {
        Self(Countries::All)
    }

    /// Some countries, by their ISO 3166 alpha-2 codes in capitals or not.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) when one is not two ASCII letters, or there is none. Whether
    /// GeoNames knows the country shows when it is fetched.
    ///
    /// ```
    /// use mentionmap::gazetteer::fetch::Scope;
    ///
    /// let scope = Scope::countries(["sy"])?;
    /// assert_eq!(scope.files()[..2], ["SY.zip", "alternatenames/SY.zip"]);
    /// assert!(Scope::countries(["Syria"]).is_err());
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn countries<S: AsRef<str>>(codes: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut countries = BTreeSet::new();
        for code in codes {
            let code = code.as_ref().trim();
            if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(Error::usage(format!("{code:?} is no country code; give two letters, such as SY")));
            }
            countries.insert(code.to_ascii_uppercase());
        }
        if countries.is_empty() {
            return Err(Error::usage("name at least one country"));
        }
        Ok(Self(Countries::These(countries)))
    }

    /// The files with places, by their names below the mirror's address.
    pub fn places(&self) -> Vec<String> {
        match &self.0 {
            Countries::All => vec!["allCountries.zip".to_owned()],
            Countries::These(codes) => codes.iter().map(|code| format!("{code}.zip")).collect(),
        }
    }

    /// The files with other names of places.
    pub fn alternate_names(&self) -> Vec<String> {
        match &self.0 {
            Countries::All => vec!["alternateNamesV2.zip".to_owned()],
            Countries::These(codes) => codes.iter().map(|code| format!("alternatenames/{code}.zip")).collect(),
        }
    }

    /// All files, in the order in which they are fetched.
    pub fn files(&self) -> Vec<String> {
        let mut files = self.places();
        files.extend(self.alternate_names());
        files.extend(COMMON.map(str::to_owned));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_fetched_once() {
        let scope = Scope::countries(["sy", "IQ", " SY "]).unwrap();
        assert_eq!(scope.places(), ["IQ.zip", "SY.zip"]);
        assert_eq!(scope.files().len(), 8);
    }

    #[test]
    fn no_code_leaves_the_folder() {
        for bad in ["..", "S/", "S", "SYR", "é", ""] {
            assert!(Scope::countries([bad]).is_err(), "{bad}");
        }
        assert!(Scope::countries::<&str>([]).is_err());
    }

    #[test]
    fn the_world_is_six_files() {
        assert_eq!(Scope::all().files().len(), 6);
    }
}
