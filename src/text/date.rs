//! Dates as articles give them, in the one form that map programs understand.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use std::borrow::Cow;

/// The moment that a date or date-time stands for: a date's is its first, in UTC. Understood are ISO 8601, down to a
/// year, and what e-mail and feeds have ("Tue, 3 Mar 2020 10:00:00 GMT").
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if is_day(text) {
        return day(text).map(|day| day.and_time(NaiveTime::MIN).and_utc());
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return Some(moment.to_utc());
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%dT%H:%M%#z"]
    {
        if let Ok(moment) = DateTime::parse_from_str(text, form) {
            return Some(moment.to_utc());
        }
    }
    let local = text.strip_suffix(" UTC").or_else(|| text.strip_suffix('Z')).unwrap_or(text);
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y%m%dT%H%M%S"] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(local, form) {
            return Some(moment.and_utc());
        }
    }
    None
}

/// Whether text is of what dates without a time are made of, and of nothing else.
fn is_day(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'/')
}

/// A date without a time; a year or a month is its first day.
fn day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next()?;
    let mut number = || parts.next().map(|part| part.parse::<u32>().ok());
    let (month, day) = (number(), number());
    if parts.next().is_some() {
        return None;
    }
    match (year.len(), month, day) {
        (8, None, None) => NaiveDate::parse_from_str(year, "%Y%m%d").ok(),
        (4, month, day) => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.unwrap_or(Some(1))?, day.unwrap_or(Some(1))?)
        }
        _ => None,
    }
}

/// A date in the form of ISO 8601 where it is a date-time in another; everything else stays as it is given.
pub(crate) fn normal(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if is_day(trimmed) {
        return if day(trimmed).is_some() { trimmed.into() } else { text.into() };
    }
    if DateTime::parse_from_rfc3339(trimmed).is_ok() {
        return trimmed.into();
    }
    moment(trimmed).map_or(text.into(), |moment| iso(moment).into())
}

/// "2020-03-03T10:00:00Z"; fractions of a second only where there are some.
pub(crate) fn iso(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// With exactly milliseconds, as GeoPackage wants it.
pub(crate) fn iso_millis(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_what_articles_have() {
        for (given, expected) in [
            ("2020-03-03", "2020-03-03T00:00:00Z"),
            ("2020/3/3", "2020-03-03T00:00:00Z"),
            ("20200303", "2020-03-03T00:00:00Z"),
            ("2020-03", "2020-03-01T00:00:00Z"),
            ("2020", "2020-01-01T00:00:00Z"),
            ("2020-03-03T10:00:00Z", "2020-03-03T10:00:00Z"),
            ("2020-03-03T10:00:00.25+02:00", "2020-03-03T08:00:00.250Z"),
            ("2020-03-03T10:00:00+0200", "2020-03-03T08:00:00Z"),
            ("2020-03-03 10:00:00", "2020-03-03T10:00:00Z"),
            ("2020-03-03T10:00", "2020-03-03T10:00:00Z"),
            ("2020-03-03 10:00:00 UTC", "2020-03-03T10:00:00Z"),
            ("20200303T100000Z", "2020-03-03T10:00:00Z"),
            ("Tue, 3 Mar 2020 10:00:00 GMT", "2020-03-03T10:00:00Z"),
            ("Tue, 03 Mar 2020 10:00:00 +0100", "2020-03-03T09:00:00Z"),
        ] {
            assert_eq!(moment(given).map(iso).as_deref(), Some(expected), "{given}");
        }
        for given in ["", "yesterday", "3 March", "2020-13-01", "12345", "=1+1"] {
            assert_eq!(moment(given), None, "{given}");
        }
    }

    #[test]
    fn keeps_what_map_programs_understand_already() {
        for text in ["2020-03-03", "2020", "2020-03-03T10:00:00+02:00", "yesterday"] {
            assert_eq!(normal(text), text);
        }
        assert_eq!(normal("Tue, 3 Mar 2020 10:00:00 GMT"), "2020-03-03T10:00:00Z");
    }
}
