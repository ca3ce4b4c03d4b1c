//! The whole way for one article, and for many at once.

use crate::error::Result;
use crate::find::Finder;
use crate::gazetteer::Gazetteer;
use crate::read::{Article, Record};
use crate::resolve::{Homes, Outlet, Preference, Resolver};
use crate::weigh::{ArticleMap, Keep};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Articles that travel together between threads, and at what size they travel with fewer, in bytes.
const BATCH: usize = 32;
const BATCH_BYTES: u64 = 256 << 10;

/// What has been read and is not handed over yet, in bytes: then reading waits. A batch more may be under way.
const IN_FLIGHT: u64 = 24 << 20;

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

    /// Does not seek the reasons of placements ([`Resolver::without_reasons`]).
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.resolver = self.resolver.without_reasons();
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
        let placements = self.resolver.resolve_of(Outlet::of(&article), &mentions);
        ArticleMap::new(article, placements, self.resolver.gazetteer(), &self.keep)
    }

    /// Maps articles on `threads` threads, and hands the results to `sink` in the order of the articles, whatever the
    /// number of threads. A few hundred articles are in memory at a time, and fewer when they are long.
    ///
    /// # Errors
    /// The first error of `sink`; what has not been handed over by then is dropped.
    pub fn map_all<A, S>(&mut self, articles: A, threads: usize, mut sink: S) -> Result<()>
    where
        A: Iterator<Item = Result<Article>> + Send,
        S: FnMut(Result<ArticleMap>) -> Result<()>,
    {
        self.map_each(articles, threads, |(), mapped| sink(mapped))
    }

    /// Like [`map_all`](Self::map_all), of [records](crate::read::records): their articles are made of them on the same
    /// threads. `sink` is told the [position](Record::position) of each.
    ///
    /// # Errors
    /// The first error of `sink`.
    pub fn map_records<R, S>(&mut self, records: R, threads: usize, sink: S) -> Result<()>
    where
        R: Iterator<Item = Record> + Send,
        S: FnMut((usize, u64), Result<ArticleMap>) -> Result<()>,
    {
        self.map_each(records, threads, sink)
    }

    fn map_each<W, I, S>(&mut self, items: I, threads: usize, mut sink: S) -> Result<()>
    where
        W: Work,
        I: Iterator<Item = W> + Send,
        S: FnMut(W::Tag, Result<ArticleMap>) -> Result<()>,
    {
        if threads <= 1 {
            for item in items {
                sink(item.tag(), item.article().map(|article| self.map(article)))?;
            }
            return Ok(());
        }
        let window = Window::default();
        let (to_workers, work) = crossbeam_channel::bounded::<(u64, u64, Vec<W>)>(threads * 2);
        let (to_sink, done) = crossbeam_channel::unbounded();
        thread::scope(|scope| {
            // Whoever leaves early, this thread because `sink` failed or a worker because it panicked, closes the window,
            // and then all stop.
            let _open = CloseWhenDropped(&window);
            scope.spawn(|| {
                let to_workers = to_workers;
                let mut items = items;
                for number in 0.. {
                    let (batch, bytes) = batch(&mut items);
                    if batch.is_empty() || !window.enter(bytes) || to_workers.send((number, bytes, batch)).is_err() {
                        break;
                    }
                }
            });
            for _ in 0..threads {
                let (work, to_sink, mut mapper, window) = (work.clone(), to_sink.clone(), self.clone(), &window);
                scope.spawn(move || {
                    let closing = CloseWhenDropped(window);
                    for (number, bytes, batch) in work {
                        let map = |item: W| (item.tag(), item.article().map(|article| mapper.map(article)));
                        let maps: Vec<_> = batch.into_iter().map(map).collect();
                        if to_sink.send((number, bytes, maps)).is_err() {
                            break;
                        }
                    }
                    // It has ended as it should.
                    std::mem::forget(closing);
                });
            }
            drop((work, to_sink));
            let mut waiting = BTreeMap::new();
            let mut next = 0;
            for (number, bytes, maps) in done {
                waiting.insert(number, (bytes, maps));
                while let Some((bytes, maps)) = waiting.remove(&next) {
                    for (tag, mapped) in maps {
                        sink(tag, mapped)?;
                    }
                    window.leave(bytes);
                    next += 1;
                }
            }
            Ok(())
        })
    }
}

/// The next items that travel together, and their size.
fn batch<W: Work>(items: &mut impl Iterator<Item = W>) -> (Vec<W>, u64) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut bytes = 0;
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        let Some(item) = items.next() else { break };
        bytes += item.size();
        batch.push(item);
    }
    (batch, bytes)
}

/// What an article is made of.
trait Work: Send {
    /// What the result is told apart by.
    type Tag: Send;
    fn tag(&self) -> Self::Tag;
    fn size(&self) -> u64;
    fn article(self) -> Result<Article>;
}

impl Work for Record {
    type Tag = (usize, u64);

    fn tag(&self) -> Self::Tag {
        self.position()
    }

    fn size(&self) -> u64 {
        Self::size(self)
    }

    fn article(self) -> Result<Article> {
        Self::article(self)
    }
}

impl Work for Result<Article> {
    type Tag = ();

    fn tag(&self) {}

    fn size(&self) -> u64 {
        256 + self.as_ref().map_or(0, |article| article.text.len() as u64)
    }

    fn article(self) -> Self {
        self
    }
}

/// Bounds what is under way: one article that takes long must not let all others pile up behind it.
#[derive(Debug, Default)]
struct Window {
    /// Bytes under way, and whether all stop.
    state: Mutex<(u64, bool)>,
    changed: Condvar,
}

impl Window {
    /// Waits for room; false when all stop.
    fn enter(&self, bytes: u64) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |(under_way, closed): &mut (u64, bool)| *under_way > IN_FLIGHT && !*closed;
        let mut state = self.changed.wait_while(state, is_full).unwrap_or_else(PoisonError::into_inner);
        state.0 += bytes;
        !state.1
    }

    fn leave(&self, bytes: u64) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 -= bytes;
        self.changed.notify_all();
    }

    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.changed.notify_all();
    }
}

struct CloseWhenDropped<'w>(&'w Window);

impl Drop for CloseWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
