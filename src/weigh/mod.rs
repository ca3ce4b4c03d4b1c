//! Weighing: placements in, places with counts and weights out.
//!
//! The weight of a place in an article is its share of the article's mapped mentions, so that each article's weights
//! sum to 1; over articles weights add up.

mod article_map;
mod focus;
mod homes;
mod totals;

pub use article_map::{ArticleMap, Keep, MappedPlace};
pub use focus::Focus;
pub use homes::{HomeLearner, LearnedHome};
pub use totals::{Total, Totals};
