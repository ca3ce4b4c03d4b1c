//! When to try again.

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// When an attempt that failed is followed by another.
///
/// Pauses double from one attempt to the next and have no random part, so that a run can be repeated.
///
/// ```
/// use mentionmap::gazetteer::fetch::Retry;
/// use std::time::Duration;
///
/// let retry = Retry { first: Duration::from_secs(1), longest: Duration::from_secs(5), ..Retry::default() };
/// let pauses: Vec<u64> = (0..5).map(|n| retry.pause(n).as_secs()).collect();
/// assert_eq!(pauses, [1, 2, 4, 5, 5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How many attempts may follow the first without getting any further.
    pub attempts: u32,
    /// The first pause.
    pub first: Duration,
    /// No pause is longer, but the one that a server asks for.
    pub longest: Duration,
    /// A server that asks for a longer pause than this is taken to refuse.
    pub patience: Duration,
}

impl Default for Retry {
    /// Six attempts, after 1, 2, 4, 8, 16 and 30 seconds; up to five minutes when the server asks for it.
    fn default() -> Self {
        Self {
            attempts: 6,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            patience: Duration::from_mins(5),
        }
    }
}

impl Retry {
    /// The pause before retry `n`, counted from 0.
    #[must_use]
    pub fn pause(&self, n: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(n)).min(self.longest)
    }
}

/// The pause that a server asks for: seconds, or a date, which is taken by the server's own clock when it tells.
pub(super) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = headers.get(DATE).and_then(|value| date(value.to_str().ok()?)).unwrap_or(now);
    Some(date(text)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(retry_after: &'static str, date: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        headers
    }

    #[test]
    fn a_server_asks_in_seconds_or_by_date() {
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(asked(&headers("120", None), epoch), Some(Duration::from_mins(2)));
        let at = "Fri, 31 Dec 1999 23:59:59 GMT";
        assert_eq!(asked(&headers(at, Some("Fri, 31 Dec 1999 23:59:00 GMT")), epoch), Some(Duration::from_secs(59)));
        assert_eq!(asked(&headers(at, Some("Sat, 01 Jan 2000 00:00:00 GMT")), epoch), Some(Duration::ZERO));
        assert_eq!(asked(&headers("Thu, 01 Jan 1970 00:00:07 GMT", None), epoch), Some(Duration::from_secs(7)));
        assert_eq!(asked(&headers("soon", None), epoch), None);
        assert_eq!(asked(&HeaderMap::new(), epoch), None);
    }

    #[test]
    fn pauses_never_overflow() {
        assert_eq!(Retry::default().pause(u32::MAX), Duration::from_secs(30));
    }
}
