//! Measuring accuracy against gold corpora, with the definitions of the field.
//!
//! A gold corpus has a document a line: `{"id", "text", "toponyms": [{"start", "end", "name", "lat", "lon",
//! "geonameid"?, "type"?, "tol_km"?}], "focus_country"?}`, offsets in code points.

mod figures;
mod focus;
mod gold;
mod matching;
mod predict;

pub use figures::{Figures, Prf, Resolution, Score};
pub use focus::FocusScore;
pub use gold::{Document, Toponym, read_gold};
pub use matching::{Predicted, match_spans};
pub use predict::{article, predicted};
