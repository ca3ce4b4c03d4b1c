//! Articles in, map layers out.
//!
//! mentionmap finds the places that news articles mention, decides which place each name means, and weighs every
//! place by how often each article mentions it. Data goes one way, a module a stage, plain types between them:
//!
//! | stage | module | takes | gives |
//! | --- | --- | --- | --- |
//! | read | [`read`] | files and streams | [`Article`] |
//! | find | [`find`] | [`Article`] | [`Mention`] |
//! | resolve | [`resolve`] | [`Mention`]s | [`Placement`] |
//! | weigh | [`weigh`] | [`Placement`]s | [`ArticleMap`] |
//! | write | [`write`](mod@write) | [`ArticleMap`]s | a layer |
//!
//! [`Mapper`] goes the whole way; [`Gazetteer`] holds the names and places.
//!
//! ```
//! use mentionmap::write::{Features, Format, Layer, LayerInfo, layer};
//! use mentionmap::{Article, Gazetteer, Mapper};
//!
//! let world = Gazetteer::world()?;
//! let mut mapper = Mapper::new(world.clone());
//! let map = mapper.map(Article::new("1", "Aid reached Al-Hol, in Syria's Hasakah province."));
//! let mut geojson = Vec::new();
//! let mut out = layer(Format::GeoJson, &mut geojson, LayerInfo::default())?;
//! for feature in Features::new(world, false).of_article(&map) {
//!     out.write(&feature)?;
//! }
//! out.finish()?;
//! # Ok::<(), mentionmap::Error>(())
//! ```

pub mod cli;
mod error;
pub mod evaluate;
pub mod find;
pub mod gazetteer;
mod http;
mod mapper;
mod merge;
pub mod model;
pub mod read;
pub mod resolve;
pub mod text;
pub mod weigh;
pub mod write;

pub use error::{Error, ErrorKind, Result};
pub use find::{Finder, Mention, Role};
pub use gazetteer::{Gazetteer, Place, PlaceId};
pub use mapper::Mapper;
pub use read::{Article, Field};
pub use resolve::{Placement, Resolver};
pub use weigh::{ArticleMap, Keep, MappedPlace};

/// The README's examples compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
