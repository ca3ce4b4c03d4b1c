//! Trained models: how they are kept and evaluated. What they read, and what for, is said where they are used
//! ([`find`](crate::find), [`resolve`](crate::resolve)); how they are trained, in `xtask`.

mod forest;
mod scale;
mod table;
mod trees;

pub(crate) use forest::{Go, Watch};
pub(crate) use scale::{power, power_of_count};
pub use table::Table;
pub use trees::{Node, Trees};
