//! The gazetteer: every name we know, the places that bear it, and where they are.
//!
//! A gazetteer is one file that is used in place, without decompression or parsing; its layout is in [`mod@format`].
//! [`Gazetteer::world`] is the one inside the program. [`build`] compiles others.

pub mod build;
mod feature;
pub mod fetch;
pub mod format;
mod index;
mod place;
mod words;

pub use feature::{Feature, Level};
pub use format::Source;
pub(crate) use index::Walk;
pub use index::{Gazetteer, Meta, Name};
pub use place::{NameKind, Place, PlaceId, Posting};
pub use words::WordFlags;
