//! One row of each table, as GeoNames' readme.txt describes them.

use super::Filter;
use super::lines::bad_row;
use crate::error::Result;
use crate::gazetteer::Feature;
use crate::gazetteer::build::written::NO_COUNTRIES;
use crate::gazetteer::build::{PlaceInput, city_radius_km};

/// A row of `allCountries.txt`, 19 columns.
pub(super) struct PlaceRow<'a> {
    pub(super) place: PlaceInput,
    pub(super) ascii: &'a str,
    /// Alternate names, separated by commas.
    pub(super) alternates: &'a str,
    pub(super) date: &'a str,
}

/// Takes a row apart; nothing when the filter turns it away.
pub(super) fn place<'a>(line: &'a str, filter: &Filter) -> Result<Option<PlaceRow<'a>>> {
    let c: [&str; 19] = columns(line, "allCountries.txt")?;
    let id = number(c[0], "geonameid")?;
    let (latitude, longitude) = (degrees(c[4], 90.0, "latitude")?, degrees(c[5], 180.0, "longitude")?);
    // Earth, Asia and a few sums are larger than any count that matters here.
    let is_disputed = NO_COUNTRIES.contains(&c[8]);
    let population = match c[14] {
        _ if is_disputed => 0,
        "" => 0,
        text => {
            let people: i64 = text.parse().map_err(|_| bad_row(format!("population is not a number: {text:?}")))?;
            people.clamp(0, i64::from(u32::MAX)) as u32
        }
    };
    // A few rows have names in other columns only; one without any is no use, but no error either.
    let Some(name) = [c[1], c[2]].into_iter().chain(c[3].split(',')).find(|name| !name.is_empty()) else {
        return Ok(None);
    };
    if name.len() > usize::from(u16::MAX) {
        return Err(bad_row("name is longer than 65,535 bytes"));
    }
    if !filter.admits(c[6], c[8], population) {
        return Ok(None);
    }
    let feature = Feature::new(&if c[6].is_empty() { String::new() } else { format!("{}.{}", c[6], c[7]) });
    let place = PlaceInput {
        feature,
        latitude,
        longitude,
        population,
        radius_km: if c[6] == "P" { city_radius_km(population) } else { 0.0 },
        country: c[8].into(),
        admin1: known(c[10]).into(),
        admin2: c[11].into(),
        ..PlaceInput::geonames(id, name, "")
    };
    Ok(Some(PlaceRow { place, ascii: c[2], alternates: if is_disputed { "" } else { c[3] }, date: c[18] }))
}

/// GeoNames writes 00 where it does not know the first-order division.
fn known(admin1: &str) -> &str {
    if admin1 == "00" { "" } else { admin1 }
}

/// A row of `alternateNamesV2.txt`, 10 columns (8 in the older table).
pub(super) struct AlternateRow<'a> {
    pub(super) geonames: u32,
    /// ISO 639 code of its language, or what else the name is.
    pub(super) language: &'a str,
    pub(super) name: &'a str,
}

pub(super) fn alternate(line: &str) -> Result<AlternateRow<'_>> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let (Some(_), Some(geonames), Some(language), Some(name)) = (next(), next(), next(), next()) else {
        return Err(expected(line, "10", "alternateNamesV2.txt"));
    };
    if !matches!(columns.count(), 4 | 6) {
        return Err(expected(line, "10", "alternateNamesV2.txt"));
    }
    Ok(AlternateRow { geonames: number(geonames, "geonameid")?, language, name })
}

impl AlternateRow<'_> {
    /// Whether it is a name rather than a link, a postal code, an airport's code or an id of another gazetteer.
    pub(super) fn is_name(&self) -> bool {
        !matches!(self.language, "link" | "post" | "iata" | "icao" | "faac" | "tcid" | "unlc" | "wkdt" | "phon")
    }
}

/// A division: `admin1CodesASCII.txt`, `admin2Codes.txt`.
pub(super) struct DivisionRow<'a> {
    /// Country and codes: `SY.04`, `SY.04.172408`.
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) ascii: &'a str,
    pub(super) geonames: u32,
}

pub(super) fn division(line: &str, parts: usize) -> Result<DivisionRow<'_>> {
    let table = if parts == 2 { "admin1CodesASCII.txt" } else { "admin2Codes.txt" };
    let [code, name, ascii, id]: [&str; 4] = columns(line, table)?;
    if code.split('.').count() < parts {
        return Err(bad_row(format!("a code of {parts} parts is expected, such as US.KY, not {code:?}")));
    }
    Ok(DivisionRow { code, name, ascii, geonames: number(id, "geonameid")? })
}

/// A country: `countryInfo.txt`, 19 columns.
pub(super) struct CountryRow<'a> {
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) area_km2: f32,
    pub(super) population: u32,
    /// 0 for the few states of the past that the table keeps.
    pub(super) geonames: u32,
}

pub(super) fn country(line: &str) -> Result<CountryRow<'_>> {
    let c: [&str; 19] = columns(line, "countryInfo.txt")?;
    Ok(CountryRow {
        code: c[0],
        name: c[4],
        area_km2: c[6].parse().unwrap_or(0.0),
        population: c[7].parse().unwrap_or(0),
        geonames: if c[16].is_empty() { 0 } else { number(c[16], "geonameid")? },
    })
}

/// `hierarchy.txt`: parent, child, and optionally a type.
pub(super) fn hierarchy(line: &str) -> Result<(u32, u32)> {
    let mut columns = line.split('\t');
    let (Some(parent), Some(child)) = (columns.next(), columns.next()) else {
        return Err(expected(line, "2 or 3", "hierarchy.txt"));
    };
    Ok((number(parent, "parent")?, number(child, "child")?))
}

/// Takes a line apart that has the columns of GeoNames' `table`.
fn columns<'l, const N: usize>(line: &'l str, table: &str) -> Result<[&'l str; N]> {
    let mut found = [""; N];
    let mut columns = line.split('\t');
    for to in &mut found {
        *to = columns.next().ok_or_else(|| expected(line, &N.to_string(), table))?;
    }
    if columns.next().is_some() { Err(expected(line, &N.to_string(), table)) } else { Ok(found) }
}

fn expected(line: &str, columns: &str, table: &str) -> crate::Error {
    bad_row(format!("{columns} tab-separated columns are expected, as in {table}, not {}", line.split('\t').count()))
}

fn number(text: &str, column: &str) -> Result<u32> {
    text.parse().map_err(|_| bad_row(format!("{column} is not a number: {text:?}")))
}

fn degrees(text: &str, limit: f64, column: &str) -> Result<f64> {
    let degrees: Option<f64> = text.parse().ok().filter(|d: &f64| d.abs() <= limit);
    degrees.ok_or_else(|| bad_row(format!("{column} is not a number from -{limit} to {limit}: {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "172955\tAr Raqqah\tAr Raqqah\tRaqa,Raqqa\t35.95283\t39.00788\tP\tPPLA\tSY\t\t04\t172958\t\t\t177636\t\t245\tAsia/Damascus\t2024-01-01";

    #[test]
    fn a_row_of_places() {
        let row = place(ROW, &Filter::default()).unwrap().unwrap();
        assert_eq!((row.place.geonames, row.place.population, row.alternates), (172_955, 177_636, "Raqa,Raqqa"));
        assert_eq!((row.place.admin1.as_str(), row.place.admin2.as_str()), ("04", "172958"));
        for filter in [
            Filter { classes: vec!["A".into()], ..Filter::default() },
            Filter { countries: vec!["IQ".into()], ..Filter::default() },
            Filter { min_population: 200_000, ..Filter::default() },
        ] {
            assert!(place(ROW, &filter).unwrap().is_none(), "{filter:?}");
        }
        let unnamed = ROW.replace("Ar Raqqah", "").replace("Raqa,Raqqa", "");
        assert!(place(&unnamed, &Filter::default()).unwrap().is_none());
    }

    #[test]
    fn bad_rows_say_what_is_bad() {
        for (from, to, message) in [
            ("\t2024-01-01", "", "19 tab-separated columns are expected, as in allCountries.txt, not 18"),
            ("172955", "x", "geonameid is not a number: \"x\""),
            ("35.95283", "135.95283", "latitude is not a number from -90 to 90: \"135.95283\""),
            ("39.00788", "NaN", "longitude is not a number from -180 to 180: \"NaN\""),
            ("177636", "many", "population is not a number: \"many\""),
        ] {
            let error = place(&ROW.replace(from, to), &Filter::default()).err().unwrap();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn rows_of_names() {
        let row = alternate("1\t172955\tde\tRakka\t1\t\t\t\t\t").unwrap();
        assert!(row.is_name() && row.name == "Rakka");
        assert!(!alternate("2\t172955\twkdt\tQ172955\t\t\t\t\t\t").unwrap().is_name());
        assert!(alternate("1\t172955\tde").is_err());
    }
}
