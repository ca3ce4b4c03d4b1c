//! Numbers as trees read them.

use std::hint::black_box;
use std::sync::LazyLock;

/// Counts whose powers of ten are kept.
const SMALL: usize = 64;

/// The power of ten of a number and one more, so that 0 is 0.
pub(crate) fn power(x: f32) -> f32 {
    (x + 1.0).log10()
}

/// The same of counts, most of which are small, to the last bit: worked out by the compiler it may be another.
pub(crate) fn power_of_count(count: usize) -> f32 {
    static POWERS: LazyLock<[f32; SMALL]> =
        LazyLock::new(|| std::array::from_fn(|count| power(black_box(count as f32))));
    POWERS.get(count).copied().unwrap_or_else(|| power(count as f32))
}
