//! Work on several threads, in order, at the pace of whoever takes the results.
//!
//! Work is asked for in the thread that takes results, so that no other thread ever calls Python.

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::collections::BTreeMap;
use std::thread;

/// Pieces of work under way for each thread: while one is taken, the next ones wait.
const AHEAD: usize = 3;

/// What does the work of a thread.
pub(crate) trait Worker<T, R>: Send + 'static {
    /// Does a piece of work. It must not panic: its result would be waited for in vain.
    fn work(&mut self, piece: T) -> R;
}

/// Threads that work.
pub(crate) enum Pool<T, R> {
    /// None: the thread that takes a result works for it.
    Here(Box<dyn FnMut(T) -> R + Send>),
    /// Some.
    Threads(Threads<T, R>),
}

pub(crate) struct Threads<T, R> {
    work: Sender<(u64, T)>,
    done: Receiver<(u64, R)>,
    /// Results whose turn has not come.
    waiting: BTreeMap<u64, R>,
    /// Pieces handed out, and results handed over.
    given: u64,
    taken: u64,
    room: u64,
    ended: bool,
}

impl<T: Send + 'static, R: Send + 'static> Pool<T, R> {
    /// So many threads, with a worker each.
    pub(crate) fn new<W: Worker<T, R>>(threads: usize, mut worker: impl FnMut() -> W) -> Self {
        if threads <= 1 {
            let mut worker = worker();
            return Self::Here(Box::new(move |piece| worker.work(piece)));
        }
        let (work, pieces) = bounded::<(u64, T)>(threads * AHEAD);
        let (results, done) = unbounded();
        for _ in 0..threads {
            let (pieces, results, mut worker) = (pieces.clone(), results.clone(), worker());
            // A thread ends when nobody hands out work any more, or nobody takes results.
            thread::spawn(move || {
                for (number, piece) in pieces {
                    if results.send((number, worker.work(piece))).is_err() {
                        break;
                    }
                }
            });
        }
        let room = (threads * AHEAD) as u64;
        Self::Threads(Threads { work, done, waiting: BTreeMap::new(), given: 0, taken: 0, room, ended: false })
    }

    /// The next result, in the order of the pieces that `more` gives; none after the last. `take` is handed what waits
    /// for the result.
    ///
    /// # Errors
    /// Those of `more`.
    pub(crate) fn next<E>(
        &mut self,
        mut more: impl FnMut() -> Result<Option<T>, E>,
        take: impl FnOnce(&mut (dyn FnMut() -> Option<R> + Send)) -> Option<R>,
    ) -> Result<Option<R>, E> {
        match self {
            Self::Here(work) => {
                let Some(piece) = more()? else { return Ok(None) };
                let mut piece = Some(piece);
                Ok(take(&mut || piece.take().map(&mut *work)))
            }
            Self::Threads(threads) => {
                while !threads.ended && threads.given - threads.taken < threads.room {
                    match more()? {
                        Some(piece) => threads.give(piece),
                        None => threads.ended = true,
                    }
                }
                Ok(take(&mut || threads.take()))
            }
        }
    }
}

impl<T, R> Threads<T, R> {
    fn give(&mut self, piece: T) {
        // There is room for it: no thread waits here.
        if self.work.send((self.given, piece)).is_ok() {
            self.given += 1;
        } else {
            self.ended = true;
        }
    }

    fn take(&mut self) -> Option<R> {
        if self.taken == self.given {
            return None;
        }
        loop {
            if let Some(result) = self.waiting.remove(&self.taken) {
                self.taken += 1;
                return Some(result);
            }
            let (number, result) = self.done.recv().ok()?;
            self.waiting.insert(number, result);
        }
    }
}
