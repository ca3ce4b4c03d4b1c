//! `Mapper.map_many`: articles from an iterable, maps as an iterator.

use crate::article_map::ArticleMap;
use crate::articles::article;
use crate::engine::{Engine, Hired};
use crate::error::Failures;
use crate::pool::{Pool, Worker};
use mentionmap::{Article, Result};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyIterator;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Articles that travel together, and at what size they travel with fewer, in bytes.
const TOGETHER: usize = 16;
const BYTES: usize = 64 << 10;

type Articles = Vec<Result<Article>>;
type Mapped = Vec<Result<mentionmap::ArticleMap>>;

impl Worker<Articles, Mapped> for Hired {
    fn work(&mut self, articles: Articles) -> Mapped {
        articles.into_iter().map(|article| self.map(|| article)).collect()
    }
}

/// The maps of articles, in their order; None for what could not be mapped.
#[pyclass(module = "mentionmap", frozen)]
pub(crate) struct Maps {
    engine: Arc<Engine>,
    state: Mutex<State>,
}

struct State {
    items: Py<PyIterator>,
    pool: Pool<Articles, Mapped>,
    /// What is mapped already.
    ready: VecDeque<Result<mentionmap::ArticleMap>>,
    /// Articles read, and handed over.
    read: u64,
    given: u64,
    failures: Failures,
}

impl Maps {
    pub(crate) fn new(engine: &Arc<Engine>, items: &Bound<'_, PyAny>) -> PyResult<Self> {
        let state = State {
            items: items.try_iter()?.unbind(),
            pool: Pool::new(engine.threads, || engine.hire(true)),
            ready: VecDeque::new(),
            read: 0,
            given: 0,
            failures: Failures::default(),
        };
        Ok(Self { engine: Arc::clone(engine), state: Mutex::new(state) })
    }
}

#[pymethods]
impl Maps {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[allow(clippy::option_option, reason = "the outer one ends the iteration, the inner one is None")]
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Option<ArticleMap>>> {
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let State { items, pool, ready, read, given, failures } = &mut *state;
        while ready.is_empty() {
            let more = || {
                let (mut articles, mut bytes) = (Articles::new(), 0);
                while articles.len() < TOGETHER && bytes < BYTES {
                    let Some(item) = items.bind(py).clone().next() else { break };
                    *read += 1;
                    let article = article(&item?, *read);
                    bytes += article.as_ref().map_or(0, |article| article.text.len());
                    articles.push(article);
                }
                PyResult::Ok(Some(articles).filter(|articles| !articles.is_empty()))
            };
            match pool.next(more, |wait| py.detach(wait))? {
                Some(maps) => ready.extend(maps),
                None => break,
            }
        }
        let Some(mapped) = ready.pop_front() else {
            failures.warn(py, *read)?;
            return Ok(None);
        };
        *given += 1;
        Ok(Some(match mapped {
            Ok(map) => Some(ArticleMap::new(map, &self.engine)),
            Err(error) => {
                failures.add(*given, &error);
                None
            }
        }))
    }
}
