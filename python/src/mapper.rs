//! `Mapper`: articles in, maps out.

use crate::article_map::ArticleMap;
use crate::engine::Engine;
use crate::error::{MentionmapError, exception};
use crate::gazetteer::Gazetteer;
use crate::many::Maps;
use crate::stream::{How, OnError, Source, Stream};
use arrow::ffi_stream::RecordBatchStreamReader;
use arrow_pyarrow::{FromPyArrow, IntoPyArrow};
use mentionmap::read::FieldNames;
use mentionmap::resolve::{Homes, Preference};
use mentionmap::{Article, Keep, Role};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

/// Maps articles. One is enough for a program, whatever its threads: it keeps what it has looked up, and lets go of the
/// interpreter while it works.
///
/// gazetteer: "world", the one in the package (the default); the path of a compiled one; paths of tables and GeoJSON
///     files of places of one's own, which are stacked on it; several of these; or a Gazetteer.
/// roles: which mentions count: "place" (the default), "organization", "demonym", or several of them.
/// min_confidence: mentions of a lower confidence, from 0 to 1, count as unplaced.
/// prefer: countries ("SY,IQ") or a box in degrees ("W,S,E,N") to lean towards, or several.
/// homes: the path of a table with the homes of sources.
/// jobs: threads for map_many and map_arrow; by default one for each core.
///
/// Raises OSError when a file cannot be read, and MentionmapError for what it cannot understand.
#[pyclass(module = "mentionmap", frozen)]
pub(crate) struct Mapper {
    engine: Arc<Engine>,
}

#[pymethods]
impl Mapper {
    #[new]
    #[pyo3(signature = (
        gazetteer = None, *, roles = None, min_confidence = 0.0, prefer = None, homes = None, jobs = None
    ))]
    fn new(
        gazetteer: Option<&Bound<'_, PyAny>>,
        roles: Option<&Bound<'_, PyAny>>,
        min_confidence: f32,
        prefer: Option<&Bound<'_, PyAny>>,
        homes: Option<PathBuf>,
        jobs: Option<usize>,
    ) -> PyResult<Self> {
        let gazetteer = match gazetteer {
            Some(named) => Gazetteer::of(named)?,
            None => mentionmap::Gazetteer::world().map_err(|e| exception(&e))?,
        };
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(MentionmapError::new_err(format!(
                "min_confidence={min_confidence}: give a number from 0 to 1"
            )));
        }
        let roles = match roles {
            Some(roles) => texts(roles)?.iter().map(|name| role(name)).collect::<PyResult<_>>()?,
            None => Keep::default().roles,
        };
        let keep = Keep { roles, min_confidence };
        let mut preference = Preference::default();
        for wanted in prefer.map(texts).transpose()?.unwrap_or_default() {
            preference.add(&wanted, &gazetteer).map_err(|e| exception(&e))?;
        }
        let mut mapper = mentionmap::Mapper::new(gazetteer.clone()).prefer(preference);
        if let Some(path) = homes {
            mapper = mapper.homes(Homes::open(&path, &gazetteer).map_err(|e| exception(&e))?);
        }
        let threads = match jobs {
            Some(0) => return Err(MentionmapError::new_err("jobs=0: give at least one thread")),
            Some(jobs) => jobs,
            None => available_parallelism().map_or(1, NonZero::get),
        };
        Ok(Self { engine: Arc::new(Engine::new(mapper, keep, threads)) })
    }

    /// Maps one article: an ArticleMap.
    ///
    /// text: its text. id: its identity in the result. title: its headline, in which places are sought too. date, url,
    /// source, lang: what else is known of it; `url` and `source` help to tell places of one name apart.
    #[pyo3(signature = (text, *, id = "1", title = None, date = None, url = None, source = None, lang = None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's, with names and defaults")]
    fn map(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        id: &str,
        title: Option<String>,
        date: Option<String>,
        url: Option<String>,
        source: Option<String>,
        lang: Option<String>,
    ) -> PyResult<ArticleMap> {
        let title = title.filter(|title| !title.trim().is_empty());
        let text = text.to_string_lossy().into_owned();
        let article = Article { title, date, url, source, language: lang, ..Article::new(id, text) };
        let mapped = py.detach(|| self.engine.hire(true).map(|| Ok(article)));
        Ok(ArticleMap::new(mapped.map_err(|e| exception(&e))?, &self.engine))
    }

    /// Maps articles, on all threads: an iterator of ArticleMaps in the order of the articles.
    ///
    /// articles: an iterable of texts, or of dictionaries with `text` and, if known, `id`, `title`, `date`, `url`,
    ///     `source` and `lang`. It is read some articles ahead, so it may be endless. Without an id, an article is called
    ///     by its number, from 1.
    ///
    /// An article without text (None, a dictionary without one, another type) gives None; at the end a MentionmapWarning
    /// tells how many there were.
    fn map_many(&self, articles: &Bound<'_, PyAny>) -> PyResult<Maps> {
        Maps::new(&self.engine, articles)
    }

    /// Maps Arrow data, on all threads: a pyarrow.RecordBatchReader. Batches come as they are asked for, in the order of
    /// the articles, and memory does not grow with their number.
    ///
    /// data: a pyarrow Table, RecordBatch or RecordBatchReader, a data frame of pandas or Polars, a relation of DuckDB:
    ///     whatever has `__arrow_c_stream__`. Its memory is read where it is.
    /// text: the column with the text: strings, or bytes in any encoding. id, title, date, url, source, lang: columns with
    ///     what else is known of articles; they may be missing. Without an id, an article is called by its row, from 1.
    /// per: what a row of the result stands for: a "mention", a place in an "article", or a "place" over all articles.
    /// sentences: whether mentions have the sentence around them.
    /// errors: what becomes of a row that cannot be mapped (its text is null, longer than 32 MB, or no UTF-8): "null", a
    ///     row with the article's identity and nulls; "skip", no row; "raise", an exception. At the end a
    ///     MentionmapWarning tells how many there were.
    ///
    /// Columns: `id`; the properties of docs/output.md; `geometry`, the place's point, of GeoArrow's type geoarrow.point
    /// (a struct of `x`, the longitude, and `y`, the latitude, in degrees of WGS 84), null for a mention without a place.
    /// Numbers are int64 and float64, flags 0 and 1, dates timestamps in milliseconds.
    ///
    /// Raises MentionmapError when data is no Arrow data, and pyarrow.ArrowInvalid while reading when there is no such
    /// text column.
    #[pyo3(signature = (
        data, *, text = "text", id = "id", title = "title", date = "date", url = "url", source = "source",
        lang = "lang", per = "mention", sentences = false, errors = "null"
    ))]
    #[allow(clippy::too_many_arguments, clippy::similar_names, reason = "they are Python's, with names and defaults")]
    fn map_arrow<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        text: &str,
        id: &str,
        title: &str,
        date: &str,
        url: &str,
        source: &str,
        lang: &str,
        per: &str,
        sentences: bool,
        errors: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let names = FieldNames {
            id: id.into(),
            title: title.into(),
            text: text.into(),
            date: date.into(),
            url: url.into(),
            source: source.into(),
            language: lang.into(),
            given_mentions: None,
        };
        let on_error = match errors {
            "null" => OnError::Null,
            "skip" => OnError::Skip,
            "raise" => OnError::Raise,
            other => {
                let message = format!("errors={other:?}: give \"null\", \"skip\" or \"raise\"");
                return Err(MentionmapError::new_err(message));
            }
        };
        let how = How { names, per: crate::engine::per(per)?, sentences, on_error };
        let py = data.py();
        let stream: Source = Box::new(Stream::new(&self.engine, source_of(data)?, &how));
        stream.into_pyarrow(py)
    }

    /// The hash of the gazetteer's content.
    #[getter]
    fn gazetteer_hash(&self) -> String {
        self.engine.gazetteer.hash()
    }

    /// The threads of map_many and map_arrow.
    #[getter]
    fn jobs(&self) -> usize {
        self.engine.threads
    }

    fn __repr__(&self) -> String {
        format!("<mentionmap.Mapper: jobs={}>", self.engine.threads)
    }
}

/// The batches of whatever has an Arrow stream or is a single batch.
fn source_of(data: &Bound<'_, PyAny>) -> PyResult<Source> {
    let py = data.py();
    if data.hasattr("__arrow_c_stream__")? {
        return Ok(Box::new(RecordBatchStreamReader::from_pyarrow_bound(data)?));
    }
    if data.hasattr("__arrow_c_array__")? {
        // As a table, since a single batch would be read through from end to end before it is taken.
        let table = py.import("pyarrow")?.getattr("Table")?.call_method1("from_batches", ([data],))?;
        return Ok(Box::new(RecordBatchStreamReader::from_pyarrow_bound(&table)?));
    }
    let kind = data.get_type().name()?;
    let message = format!("{kind} has no Arrow data; give a table, a reader of record batches, or a data frame");
    Err(MentionmapError::new_err(message))
}

/// One text, or several.
fn texts(value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(vec![text.to_string_lossy().into_owned()]),
        Err(_) => value.try_iter()?.map(|text| text?.extract()).collect(),
    }
}

fn role(name: &str) -> PyResult<Role> {
    let known = [Role::Place, Role::Organization, Role::Demonym];
    known.into_iter().find(|role| role.as_str() == name).ok_or_else(|| {
        MentionmapError::new_err(format!("roles: {name:?} is none; give \"place\", \"organization\" or \"demonym\""))
    })
}
