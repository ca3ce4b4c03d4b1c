//! What all that a `Mapper` gives share: gazetteer, options, and mappers that have warmed up.

use crate::error::exception;
use mentionmap::write::{Features, LayerInfo, Per, Schema};
use mentionmap::{Article, ArticleMap, ErrorKind, Gazetteer, Keep, Mapper, Result};
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Mappers that are kept for the next one who needs one.
const MOST_IDLE: usize = 64;

/// A mapper for any number of threads.
pub(crate) struct Engine {
    pub(crate) gazetteer: Gazetteer,
    pub(crate) keep: Keep,
    pub(crate) threads: usize,
    /// What others are cloned from.
    model: Mutex<Mapper>,
    /// Mappers that nobody uses now, which remember words and names; those that seek reasons apart from the others.
    idle: [Mutex<Vec<Mapper>>; 2],
}

impl Engine {
    pub(crate) fn new(mapper: Mapper, keep: Keep, threads: usize) -> Self {
        Self {
            gazetteer: mapper.gazetteer().clone(),
            threads,
            model: Mutex::new(mapper.keep(keep.clone())),
            keep,
            idle: [Mutex::default(), Mutex::default()],
        }
    }

    /// A mapper for a thread.
    pub(crate) fn hire(self: &Arc<Self>, reasons: bool) -> Hired {
        let idle = self.idle[usize::from(reasons)].lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mapper = idle.unwrap_or_else(|| self.mapper(reasons));
        Hired { mapper: Some(mapper), engine: Arc::clone(self), reasons }
    }

    fn mapper(&self, reasons: bool) -> Mapper {
        let mapper = self.model.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if reasons { mapper } else { mapper.without_reasons() }
    }

    /// What is said of a layer.
    pub(crate) fn info(&self, per: Per, sentences: bool) -> LayerInfo {
        LayerInfo {
            options: LayerInfo::options(per, &self.keep, None, &[(sentences, "--sentences")]),
            ..LayerInfo::new(&self.gazetteer, Schema::of(per, sentences))
        }
    }

    /// What makes features.
    pub(crate) fn features(&self, sentences: bool) -> Features {
        Features::new(self.gazetteer.clone(), sentences)
    }
}

/// A mapper on loan.
pub(crate) struct Hired {
    mapper: Option<Mapper>,
    engine: Arc<Engine>,
    reasons: bool,
}

impl Hired {
    /// Maps an article as soon as it is made. Should that panic, the article fails and no more.
    ///
    /// # Errors
    /// When there is no article, or it panics.
    pub(crate) fn map(&mut self, article: impl FnOnce() -> Result<Article>) -> Result<ArticleMap> {
        let mapper = self.mapper.get_or_insert_with(|| self.engine.mapper(self.reasons));
        let result = catch_unwind(AssertUnwindSafe(|| article().map(|article| mapper.map(article))));
        result.unwrap_or_else(|_| {
            // What it remembers may be half-written.
            self.mapper = None;
            Err(ErrorKind::Format("mapping this article failed; please report it".into()).into())
        })
    }
}

impl Drop for Hired {
    fn drop(&mut self) {
        let mut idle = self.engine.idle[usize::from(self.reasons)].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapper) = self.mapper.take().filter(|_| idle.len() < MOST_IDLE) {
            idle.push(mapper);
        }
    }
}

/// What a feature stands for, by its name.
pub(crate) fn per(name: &str) -> PyResult<Per> {
    let known = [Per::Article, Per::Place, Per::Mention];
    known.into_iter().find(|per| per.as_str() == name).ok_or_else(|| {
        let message = format!("per={name:?}: give \"article\", \"place\" or \"mention\"");
        exception(&ErrorKind::Usage(message).into())
    })
}
