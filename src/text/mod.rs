//! Text as every stage sees it: tokens with their normal forms, and offsets in code points.

mod declension;
mod normalize;
mod offsets;
mod scan;
mod sentence;
mod token;

pub use normalize::{is_caseless, name_key, normalize_into};
pub use offsets::CodePoints;
pub use sentence::{sentence, sentence_range};
pub use token::{Casing, Gap, Reading, Token, Tokens};
