//! The second half of the gazetteer inside mentionmap: of no use alone, and not for others. A published crate may have
//! 10 MB, and the packed gazetteer has more.

/// The second half of an xz stream; the other is in `mentionmap-world-1`.
pub static HALF: &[u8] = include_bytes!("../world.xz");
