//! The gazetteer: every name we know, the places that bear it, and where they are.
//!
//! A gazetteer is one file that is used in place, without decompression or parsing; its layout is in [`mod@format`].
//! [`Gazetteer::world`] is the one inside the program. [`build`] compiles others.

pub mod build;
mod feature;
pub mod fetch;
pub mod format;
mod fuzzy;
mod index;
mod lookup;
mod names;
mod near;
pub mod overlay;
mod place;
mod trie;
mod words;

pub use feature::{Feature, Level};
pub use format::Source;
pub use fuzzy::CloseName;
pub use index::{Gazetteer, Meta};
pub use lookup::Found;
pub use names::Name;
pub(crate) use names::{Mark, Walk};
pub use near::{Near, Neighbor};
pub use place::{NameKind, Place, PlaceId, Posting};
pub use words::WordFlags;
