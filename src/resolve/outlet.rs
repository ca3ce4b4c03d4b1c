//! What the address of an article says: a paper at `parisbeacon.com` writes about a Paris of its country, and one under
//! `.lb` means the Tripoli of Lebanon more often than that of Libya.

use super::evidence::Evidence;
use crate::gazetteer::{Level, Place};
use crate::read::Article;

/// Who published an article, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlet<'a> {
    /// The publisher, by its name or host; its home may be known ([`Homes`](super::Homes)).
    pub source: Option<&'a str>,
    /// The address of the article.
    pub url: Option<&'a str>,
}

impl<'a> Outlet<'a> {
    /// The outlet of an article.
    ///
    /// ```
    /// use mentionmap::{Article, resolve::Outlet};
    /// let article = Article { source: Some("dailystar.com.lb".into()), ..Article::new("1", "In Tripoli …") };
    /// assert_eq!(Outlet::of(&article).source, Some("dailystar.com.lb"));
    /// ```
    pub fn of(article: &'a Article) -> Self {
        Self { source: article.source.as_deref(), url: article.url.as_deref() }
    }

    /// The host of the address, or of a source that is one.
    pub(super) fn host(&self) -> Option<Host> {
        [self.url, self.source].into_iter().flatten().find_map(Host::of)
    }
}

/// Endings of two letters that stand for themselves more than for a country, being sold to everybody.
const GENERIC: [&str; 22] = [
    "ai", "am", "as", "bz", "cc", "co", "eu", "fm", "gg", "gl", "io", "is", "la", "ly", "me", "nu", "sh", "st", "to",
    "tv", "vc", "ws",
];

/// The least length of a place's name that is looked for in a host, in letters: shorter ones are parts of words.
const LEAST: usize = 5;

/// A host, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// The letters of its labels, without the ending: `parisbeacon`.
    name: String,
    /// ISO 3166 alpha-2 code of the country that its ending stands for.
    country: Option<String>,
}

impl Host {
    fn of(address: &str) -> Option<Self> {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
        let (labels, ending) = host.rsplit_once('.')?;
        let is_ending = ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_lowercase());
        if !is_ending || host.contains(char::is_whitespace) {
            return None;
        }
        let country = match ending {
            "uk" => Some("GB".to_owned()),
            "gov" | "mil" => Some("US".to_owned()),
            _ if ending.len() == 2 && !GENERIC.contains(&ending) => Some(ending.to_ascii_uppercase()),
            _ => None,
        };
        let name = labels.strip_prefix("www.").unwrap_or(labels);
        Some(Self { name: name.chars().filter(char::is_ascii_alphabetic).collect(), country })
    }

    /// What the host says for a place: that it lies in the country of its ending, that it is called like the place.
    /// Local papers under endings of no country are American, mostly: others have one of their own.
    pub(super) fn evidence(&self, place: &Place<'_>) -> impl Iterator<Item = (Evidence, f32)> + use<> {
        let level = place.feature().level();
        let is_there = self.country.as_deref() == Some(place.country());
        let may_be_home = self.country.as_deref().unwrap_or("US") == place.country();
        let is_named = may_be_home && matches!(level, Level::City | Level::Admin1 | Level::Admin2) && self.names(place);
        let of_country = (is_there && level != Level::Country).then_some((Evidence::OutletCountry, 1.0));
        of_country.into_iter().chain(is_named.then_some((Evidence::OutletName, 1.0)))
    }

    /// Whether the letters of the place's name stand in the host. Those of hosts are ASCII: a name with others is not
    /// there, or not as it is written.
    fn names(&self, place: &Place<'_>) -> bool {
        let letters = || place.name().bytes().filter(u8::is_ascii_alphabetic).map(|b| b.to_ascii_lowercase());
        let count = letters().count();
        let starts = self.name.len().checked_sub(count).filter(|_| count >= LEAST);
        starts.is_some_and(|last| (0..=last).any(|at| letters().eq(self.name.bytes().skip(at).take(count))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::Gazetteer;

    fn host(address: &str) -> (String, Option<String>) {
        let host = Host::of(address).unwrap();
        (host.name, host.country)
    }

    #[test]
    fn hosts_are_taken_apart() {
        assert_eq!(host("parisbeacon.com"), ("parisbeacon".into(), None));
        assert_eq!(host("https://www.walesonline.co.uk/news/1?x=/"), ("walesonlineco".into(), Some("GB".into())));
        assert_eq!(host("http://user@dailystar.com.lb:80/"), ("dailystarcom".into(), Some("LB".into())));
        assert_eq!(host("news.tv"), ("news".into(), None));
        assert_eq!(Host::of("The Paris Beacon"), None);
        assert_eq!(Host::of("Reuters"), None);
        assert_eq!(Host::of("No. 5 St. Ives"), None);
        assert_eq!(Host::of("10.0.0.1"), None);
    }

    #[test]
    fn a_host_names_places_of_its_country() {
        let world = Gazetteer::world().unwrap();
        let said = |address: &str, of: &str, country: &str| {
            let place = world.lookup(of).map(|(p, _)| p).find(|p| p.country() == country && p.feature().class() == 'P');
            let codes = Host::of(address).unwrap().evidence(&place.unwrap()).map(|(e, _)| e.code());
            codes.collect::<Vec<_>>()
        };
        assert_eq!(said("parisbeacon.com", "Paris", "US"), ["outlet_name"]);
        assert!(said("parisbeacon.com", "Paris", "FR").is_empty());
        assert_eq!(said("leparisien.fr", "Paris", "FR"), ["outlet_country", "outlet_name"]);
        assert_eq!(said("dailystar.com.lb", "Tripoli", "LB"), ["outlet_country"]);
    }
}
