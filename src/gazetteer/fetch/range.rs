//! Resuming: which version of a file a part belongs to, and whether what a server sends continues it.

use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};
use serde::{Deserialize, Serialize};

/// What a server says about the version of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

impl Version {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self { etag: text(ETAG), last_modified: text(LAST_MODIFIED) }
    }

    /// What tells this version from every other byte by byte: a weak entity tag does not, a date serves instead.
    pub(super) fn exact(&self) -> Option<&str> {
        self.etag.as_deref().filter(|tag| !tag.starts_with("W/")).or(self.last_modified.as_deref())
    }

    /// Whether `other`, as far as it says anything, is another version.
    fn differs(&self, other: &Self) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
        differ(&self.etag, &other.etag) || differ(&self.last_modified, &other.last_modified)
    }
}

/// A `Content-Range`: from which byte, and how long the whole is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// None when the range asked for does not exist.
    first: Option<u64>,
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(CONTENT_RANGE)?.to_str().ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
        let total = if total == "*" { None } else { Some(total.parse().ok()?) };
        if range == "*" {
            return Some(Self { first: None, total });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        if last < first || total.is_some_and(|total| last >= total) {
            return None;
        }
        Some(Self { first: Some(first), total })
    }
}

/// Whether a partial answer continues a part of `length` bytes that is said to become `size` bytes long; why not.
pub(super) fn continues(
    length: u64,
    size: Option<u64>,
    version: &Version,
    headers: &HeaderMap,
) -> Result<(), &'static str> {
    let range = ContentRange::of(headers).ok_or("the server sends a part without saying which")?;
    if range.first != Some(length) {
        return Err("the server sends another part than asked for");
    }
    if matches!((range.total, size), (Some(total), Some(size)) if total != size)
        || version.differs(&Version::of(headers))
    {
        return Err("the file has changed on the server");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    fn answer(range: &str, etag: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(etag) = etag {
            headers.insert(ETAG, HeaderValue::from_static(etag));
        }
        headers
    }

    fn tag(etag: &str) -> Version {
        Version { etag: Some(etag.to_owned()), last_modified: None }
    }

    #[test]
    fn only_the_rest_of_the_same_version_continues() {
        let version = tag("\"a\"");
        assert_eq!(continues(50, Some(100), &version, &answer("bytes 50-99/100", Some("\"a\""))), Ok(()));
        assert_eq!(continues(50, Some(100), &version, &answer("bytes 50-99/*", None)), Ok(()));
        for (range, etag) in [
            ("bytes 0-99/100", Some("\"a\"")),
            ("bytes 51-99/100", Some("\"a\"")),
            ("bytes 50-119/120", Some("\"a\"")),
            ("bytes 50-99/100", Some("\"b\"")),
            ("bytes */100", None),
            ("chapters 50-99/100", None),
        ] {
            assert!(continues(50, Some(100), &version, &answer(range, etag)).is_err(), "{range} {etag:?}");
        }
        assert!(continues(50, Some(100), &version, &HeaderMap::new()).is_err());
    }

    #[test]
    fn a_range_is_read_as_rfc_9110_writes_it() {
        let range = |first, total| Some(ContentRange { first, total });
        assert_eq!(ContentRange::parse("bytes 0-0/1"), range(Some(0), Some(1)));
        assert_eq!(ContentRange::parse("bytes */47"), range(None, Some(47)));
        assert_eq!(ContentRange::parse("bytes 7-9/*"), range(Some(7), None));
        for bad in ["bytes 9-7/10", "bytes 0-10/10", "bytes 0-", "bytes -5/10", "0-1/2", "bytes a-b/c", ""] {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn weak_tags_do_not_identify_bytes() {
        let date = "Fri, 31 Dec 1999 23:59:59 GMT".to_owned();
        assert_eq!(tag("\"a\"").exact(), Some("\"a\""));
        assert_eq!(tag("W/\"a\"").exact(), None);
        let both = Version { etag: Some("W/\"a\"".into()), last_modified: Some(date.clone()) };
        assert_eq!(both.exact(), Some(date.as_str()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(first in 0_u64..1 << 50, length in 1_u64..1 << 50, rest in 0_u64..1 << 50) {
            let last = first + length - 1;
            let total = last + 1 + rest;
            let parsed = ContentRange::parse(&format!("bytes {first}-{last}/{total}"));
            prop_assert_eq!(parsed, Some(ContentRange { first: Some(first), total: Some(total) }));
        }

        #[test]
        fn no_header_panics(text in "\\PC*") {
            _ = ContentRange::parse(&text);
            _ = ContentRange::parse(&format!("bytes {text}"));
        }
    }
}
