//! mentionmap as a Python module: the same finder, resolver and columns as the command line's.
//!
//! Python code lies in `mentionmap/` beside this folder; its stubs, `_mentionmap.pyi`, document what is defined here.

#![allow(clippy::doc_markdown, reason = "the docs are docstrings, which are no Markdown")]

mod article_map;
mod articles;
mod engine;
mod error;
mod gazetteer;
mod many;
mod mapper;
mod pool;
mod stream;
mod values;

use pyo3::prelude::*;

/// What `import mentionmap` brings, less what is written in Python.
#[pymodule]
fn _mentionmap(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("MentionmapError", module.py().get_type::<error::MentionmapError>())?;
    module.add("MentionmapWarning", module.py().get_type::<error::MentionmapWarning>())?;
    module.add_class::<article_map::ArticleMap>()?;
    module.add_class::<gazetteer::Gazetteer>()?;
    module.add_class::<mapper::Mapper>()?;
    module.add_class::<many::Maps>()
}
