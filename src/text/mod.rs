//! Text as every stage sees it: tokens with their normal forms, offsets in code points, dates.

pub(crate) mod date;
mod declension;
mod normalize;
mod offsets;
mod scan;
mod sentence;
mod token;
mod vocabulary;

pub use normalize::{is_caseless, name_key, normalize_into};
pub use offsets::CodePoints;
pub use sentence::{sentence, sentence_range};
pub use token::{Casing, Gap, Reading, Token, Tokens};
pub(crate) use vocabulary::Vocabulary;
