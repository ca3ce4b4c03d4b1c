//! The whole way for one article, and for many at once.

use crate::error::Result;
use crate::find::Finder;
use crate::gazetteer::Gazetteer;
use crate::read::Article;
use crate::resolve::{Homes, Preference, Resolver};
use crate::weigh::{ArticleMap, Keep};
use std::collections::BTreeMap;
use std::thread;

/// Articles that travel together between threads.
const BATCH: usize = 32;

/// Finds, resolves and weighs. Make one, and map any number of articles; give each thread its own clone.
#[derive(Debug)]
pub struct Mapper {
    finder: Finder,
    resolver: Resolver,
    keep: Keep,
}

impl Clone for Mapper {
    fn clone(&self) -> Self {
        Self { finder: self.finder.clone(), resolver: self.resolver.clone(), keep: self.keep.clone() }
    }
}

impl Mapper {
    /// Maps to places of this gazetteer; mentions in the role of a place count.
    pub fn new(gazetteer: Gazetteer) -> Self {
        Self { finder: Finder::new(gazetteer.clone()), resolver: Resolver::new(gazetteer), keep: Keep::default() }
    }

    /// Finds and resolves with models of one's own.
    pub fn with_models(finder: Finder, resolver: Resolver) -> Self {
        Self { finder, resolver, keep: Keep::default() }
    }

    /// Says which mentions count.
    #[must_use]
    pub fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// Leans towards the homes of sources; they hold places of this mapper's gazetteer.
    #[must_use]
    pub fn homes(mut self, homes: Homes) -> Self {
        self.resolver = self.resolver.with_homes(homes);
        self
    }

    /// Leans towards what the user prefers, without forbidding the rest.
    #[must_use]
    pub fn prefer(mut self, preference: Preference) -> Self {
        self.resolver = self.resolver.with_preference(preference);
        self
    }

    /// The gazetteer that results refer to.
    pub fn gazetteer(&self) -> &Gazetteer {
        self.resolver.gazetteer()
    }

    /// Maps one article.
    ///
    /// ```
    /// use mentionmap::{Article, Gazetteer, Mapper};
    /// let mut mapper = Mapper::new(Gazetteer::world()?);
    /// let map = mapper.map(Article::new("1", "From Raqqa to Al-Hol in northeastern Syria, Raqqa's displaced wait."));
    /// let found: Vec<_> = map.places.iter().map(|p| (p.names[0].as_str(), p.mentions)).collect();
    /// assert_eq!(found, [("Raqqa", 2), ("Al-Hol", 1), ("Syria", 1)]);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn map(&mut self, article: Article) -> ArticleMap {
        let mentions = self.finder.find(&article);
        let placements = self.resolver.resolve_of(article.source.as_deref(), &mentions);
        ArticleMap::new(article, placements, self.resolver.gazetteer(), &self.keep)
    }

    /// Maps articles on `threads` threads, and hands the results to `sink` in the order of the articles, whatever the
    /// number of threads. A few hundred articles are in memory at a time.
    ///
    /// # Errors
    /// The first error of `sink`; what has not been handed over by then is dropped.
    pub fn map_all<A, S>(&mut self, articles: A, threads: usize, mut sink: S) -> Result<()>
    where
        A: Iterator<Item = Result<Article>> + Send,
        S: FnMut(Result<ArticleMap>) -> Result<()>,
    {
        if threads <= 1 {
            for article in articles {
                sink(article.map(|article| self.map(article)))?;
            }
            return Ok(());
        }
        let (to_workers, work) = crossbeam_channel::bounded::<(u64, Vec<Result<Article>>)>(threads * 2);
        let (to_sink, done) = crossbeam_channel::bounded::<(u64, Vec<Result<ArticleMap>>)>(threads * 2);
        thread::scope(|scope| {
            // Sends fail only when the other side has gone, which it does when `sink` failed: then all stop.
            scope.spawn(move || {
                let mut articles = articles.peekable();
                for number in 0.. {
                    let batch: Vec<_> = articles.by_ref().take(BATCH).collect();
                    if batch.is_empty() || to_workers.send((number, batch)).is_err() {
                        break;
                    }
                }
            });
            for _ in 0..threads {
                let (work, to_sink, mut mapper) = (work.clone(), to_sink.clone(), self.clone());
                scope.spawn(move || {
                    for (number, batch) in work {
                        let maps = batch.into_iter().map(|article| article.map(|a| mapper.map(a))).collect();
                        if to_sink.send((number, maps)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop((work, to_sink));
            let mut waiting = BTreeMap::new();
            let mut next = 0;
            for (number, batch) in done {
                waiting.insert(number, batch);
                while let Some(batch) = waiting.remove(&next) {
                    batch.into_iter().try_for_each(&mut sink)?;
                    next += 1;
                }
            }
            Ok(())
        })
    }
}
