//! `Gazetteer`: names and places.

use crate::error::{MentionmapError, exception};
use crate::values::object;
use geo::Point;
use mentionmap::Place;
use mentionmap::gazetteer::Near;
use mentionmap::write::place_record;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Which places an index is of: feature classes (all when there are none), and the least number of inhabitants.
type Which = (Vec<char>, u32);

/// Names, and the places that bear them.
///
/// gazetteer: "world", the one in the package (the default); the path of a compiled one; paths of tables and GeoJSON
///     files of places of one's own, which are stacked on it; or several of these, with one base at most.
///
/// Raises OSError when a file cannot be read, and MentionmapError when it is no gazetteer or has bad rows.
#[pyclass(module = "mentionmap", frozen)]
pub(crate) struct Gazetteer {
    pub(crate) gazetteer: mentionmap::Gazetteer,
    /// The index that was asked for last: making one takes a fifth of a second.
    near: Mutex<Option<(Which, Arc<Near>)>>,
}

impl Gazetteer {
    /// The gazetteer that a path, several of them, or a `Gazetteer` stand for.
    pub(crate) fn of(named: &Bound<'_, PyAny>) -> PyResult<mentionmap::Gazetteer> {
        if let Ok(open) = named.cast::<Self>() {
            return Ok(open.get().gazetteer.clone());
        }
        let paths: Vec<PathBuf> = match named.extract::<PathBuf>() {
            Ok(name) => vec![name],
            Err(_) => named.try_iter()?.map(|name| name?.extract()).collect::<PyResult<_>>()?,
        };
        let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
        mentionmap::Gazetteer::named(&paths).map_err(|e| exception(&e))
    }

    fn index(&self, which: Which) -> Arc<Near> {
        let mut near = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        match &*near {
            Some((known, index)) if *known == which => Arc::clone(index),
            _ => {
                let (classes, least) = &which;
                let keep = |place: &Place<'_>| {
                    place.population() >= *least && (classes.is_empty() || classes.contains(&place.feature().class()))
                };
                let index = Arc::new(self.gazetteer.near_where(keep));
                *near = Some((which, Arc::clone(&index)));
                index
            }
        }
    }
}

#[pymethods]
impl Gazetteer {
    #[new]
    #[pyo3(signature = (gazetteer = None))]
    fn new(py: Python<'_>, gazetteer: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let named = gazetteer.unwrap_or_else(|| PyList::empty(py).into_any());
        Ok(Self { gazetteer: Self::of(&named)?, near: Mutex::new(None) })
    }

    /// Every place that bears a name, in any spelling; best known first: a list of dictionaries.
    ///
    /// fuzzy: whether places follow whose names are spelled almost like it, up to 20.
    ///
    /// Keys: `place_id`, `place`, `feature`, `country`, `admin1`, `population` (0 when it is not known), `latitude` and
    /// `longitude` in degrees of WGS 84, `radius_km`, `name_kind` (how the name belongs to the place), `matched` (the name
    /// in its normal form) and `distance` (letters that differ).
    #[pyo3(signature = (name, *, fuzzy = false))]
    fn lookup<'py>(&self, py: Python<'py>, name: &str, fuzzy: bool) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let found = py.detach(|| self.gazetteer.search(name, fuzzy));
        let record = |found: &mentionmap::gazetteer::Found<'_>| {
            let mut record = place_record(&found.place);
            record.insert("name_kind".into(), found.kind.as_str().into());
            record.insert("matched".into(), found.key.as_str().into());
            record.insert("distance".into(), found.distance.into());
            object(py, &record)
        };
        found.iter().map(record).collect()
    }

    /// The places nearest to a point, nearest first: a list of dictionaries.
    ///
    /// latitude, longitude: in degrees of WGS 84.
    /// count: at most so many; by default 10, or all with within_km.
    /// within_km: only places within so many kilometers.
    /// classes: only places of these feature classes of GeoNames, such as "PA".
    /// min_population: only places with at least so many inhabitants.
    ///
    /// Keys are those of `lookup` up to `radius_km`, and `km`: the great-circle distance to the middle of the place. The
    /// first call takes a fifth of a second, to make an index; so does one for other places than the last one's.
    ///
    /// Raises MentionmapError for what is no point of the Earth and for unknown classes.
    #[pyo3(signature = (latitude, longitude, *, count = None, within_km = None, classes = "", min_population = 0))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's, with names and defaults")]
    fn near<'py>(
        &self,
        py: Python<'py>,
        latitude: f64,
        longitude: f64,
        count: Option<usize>,
        within_km: Option<f64>,
        classes: &str,
        min_population: u32,
    ) -> PyResult<Vec<Bound<'py, PyDict>>> {
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            let message = format!("no point of the Earth: latitude {latitude}, longitude {longitude}, in degrees");
            return Err(MentionmapError::new_err(message));
        }
        let mut classes: Vec<char> = classes.chars().map(|class| class.to_ascii_uppercase()).collect();
        if let Some(class) = classes.iter().find(|class| !"AHLPRSTUV".contains(**class)) {
            let message = format!("{class:?}: a feature class is one of A, H, L, P, R, S, T, U, V");
            return Err(MentionmapError::new_err(message));
        }
        classes.sort_unstable();
        let count = count.unwrap_or(if within_km.is_some() { usize::MAX } else { 10 });
        let index = py.detach(|| self.index((classes, min_population)));
        let found = index.nearest_within(Point::new(longitude, latitude), count, within_km.unwrap_or(f64::INFINITY));
        let record = |neighbor: &mentionmap::gazetteer::Neighbor<'_>| {
            let mut record = place_record(&neighbor.place);
            record.insert("km".into(), ((neighbor.km * 1e3).round() / 1e3).into());
            object(py, &record)
        };
        found.iter().map(record).collect()
    }

    /// The hash of its content: two gazetteers with one hash give the same answers.
    #[getter]
    fn hash(&self) -> String {
        self.gazetteer.hash()
    }

    /// Whom to credit for its data, in one line.
    #[getter]
    fn attribution(&self) -> String {
        self.gazetteer.meta().attribution()
    }

    fn __len__(&self) -> usize {
        self.gazetteer.meta().places as usize
    }

    fn __repr__(&self) -> String {
        let meta = self.gazetteer.meta();
        format!("<mentionmap.Gazetteer: {} places, {} names>", meta.places, meta.names)
    }
}
