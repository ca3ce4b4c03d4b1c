//! `ArticleMap`: the places of one article.

use crate::engine::Engine;
use crate::error::exception;
use crate::values::{records, value};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use geojson::Feature;
use mentionmap::Result;
use mentionmap::write::{Format, Per, Table, layer};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::sync::Arc;

/// An article with its places and mentions, as `Mapper` makes it.
///
/// In a notebook it shows itself as a map. Programs that know `__geo_interface__`, such as GeoPandas and Shapely, take it
/// as a feature collection.
#[pyclass(module = "mentionmap", frozen)]
pub(crate) struct ArticleMap {
    map: mentionmap::ArticleMap,
    engine: Arc<Engine>,
}

impl ArticleMap {
    pub(crate) fn new(map: mentionmap::ArticleMap, engine: &Arc<Engine>) -> Self {
        Self { map, engine: Arc::clone(engine) }
    }

    fn features(&self, per: Per, sentences: bool) -> Vec<Feature> {
        let features = self.engine.features(sentences);
        match per {
            Per::Mention => features.of_mentions(&self.map),
            Per::Article | Per::Place => features.of_article(&self.map),
        }
    }

    /// The layer of this article alone.
    fn layer(&self, format: Format, per: Per, sentences: bool, title: Option<String>) -> Result<String> {
        let mut bytes = Vec::new();
        let mut info = self.engine.info(per, sentences);
        info.title = title.or_else(|| self.map.article.title.clone());
        let more = if format == Format::Html { vec![Table::Articles, Table::Mentions] } else { Vec::new() };
        info.more.clone_from(&more);
        let mut out = layer(format, &mut bytes, info)?;
        let with_sentences = self.engine.features(true).with_sentence_starts();
        for table in more {
            let rows = match table {
                Table::Articles => vec![with_sentences.of_whole_article(&self.map)],
                Table::Mentions => with_sentences.of_mentions(&self.map),
            };
            rows.iter().try_for_each(|row| out.write_more(table, row))?;
        }
        self.features(per, sentences).iter().try_for_each(|feature| out.write(feature))?;
        out.finish()?;
        drop(out);
        // All of these formats are text.
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[pymethods]
impl ArticleMap {
    /// The article's identity.
    #[getter]
    fn id(&self) -> &str {
        &self.map.article.id
    }

    /// Its headline, or None.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.map.article.title.as_deref()
    }

    /// Its text.
    #[getter]
    fn text(&self) -> &str {
        &self.map.article.text
    }

    /// The places that it mentions, by weight, the heaviest first: a list of dictionaries.
    ///
    /// Keys are the properties per article of docs/output.md (`place_id`, `place`, `country`, `mentions`, `weight`,
    /// `confidence`, `names` …), and `longitude` and `latitude` in degrees of WGS 84. Weights sum to 1.
    #[getter]
    fn places<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        records(py, &self.features(Per::Article, false))
    }

    /// Its mentions, in reading order: a list of dictionaries.
    ///
    /// Keys are the properties per mention of docs/output.md (`field`, `start` and `end` in code points, `name`, `role`,
    /// `sentence`, `place_id`, `confidence`, `why` …), and `longitude` and `latitude`. What is said of the place is None
    /// for a mention that none was found for.
    #[getter]
    fn mentions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        records(py, &self.features(Per::Mention, true))
    }

    /// How many mentions no place was found for.
    #[getter]
    fn unplaced(&self) -> usize {
        self.map.unplaced()
    }

    /// The layer of this article, as the command line writes it: a GeoJSON FeatureCollection, as text.
    ///
    /// per: "article", a feature for each place, or "mention".
    /// sentences: whether mentions have the sentence around them.
    #[pyo3(signature = (per = "article", *, sentences = false))]
    fn to_geojson(&self, per: &str, sentences: bool) -> PyResult<String> {
        let per = crate::engine::per(per)?;
        self.layer(Format::GeoJson, per, sentences, None).map_err(|e| exception(&e))
    }

    /// A page for the browser, as text: map, filters, and every sentence with the mention marked. It needs no network.
    ///
    /// title: its heading; by default the article's.
    #[pyo3(signature = (title = None))]
    fn to_html(&self, title: Option<String>) -> PyResult<String> {
        self.layer(Format::Html, Per::Article, false, title).map_err(|e| exception(&e))
    }

    /// A still map with legend and credits, as an SVG drawing.
    ///
    /// title: its heading; by default the article's.
    #[pyo3(signature = (title = None))]
    fn to_svg(&self, title: Option<String>) -> PyResult<String> {
        self.layer(Format::Svg, Per::Article, false, title).map_err(|e| exception(&e))
    }

    fn _repr_html_(&self) -> PyResult<String> {
        // As a picture the drawing keeps its fonts and styles to itself.
        let svg = BASE64.encode(self.to_svg(None)?);
        Ok(format!("<img alt=\"map\" style=\"max-width: 100%\" src=\"data:image/svg+xml;base64,{svg}\">"))
    }

    /// A GeoJSON FeatureCollection as a dictionary.
    #[getter]
    fn __geo_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let geojson = self.to_geojson("article", false)?;
        let parsed = serde_json::from_str(&geojson).map_err(|e| exception(&std::io::Error::from(e).into()))?;
        value(py, &parsed)
    }

    fn __len__(&self) -> usize {
        self.map.places.len()
    }

    /// An article without a place is one too.
    #[allow(clippy::unused_self, reason = "Python asks an object")]
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self) -> String {
        let (places, mentions) = (self.map.places.len(), self.map.mentions.len());
        format!("<mentionmap.ArticleMap {:?}: places={places}, mentions={mentions}>", self.map.article.id)
    }
}
