//! A linear model over hashed features.

use crate::error::{Error, Result};

/// The first bytes of a file of weights; the last one is the version.
const MAGIC: [u8; 8] = *b"MMTABLE\x01";

/// Larger weights are cut: a few would cost the others their precision.
const HIGHEST: f32 = 4.0;

/// Weights of hashed features (Weinberger et al. 2009): a feature's hash tells where its weight is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What a weight of 1 in `weights` stands for.
    unit: f32,
    /// As many as a power of two.
    weights: Vec<i8>,
}

impl Table {
    /// Keeps weights in a byte each, the largest one as 127.
    ///
    /// # Errors
    /// When their number is not a power of two.
    pub fn new(weights: &[f32]) -> Result<Self> {
        if !weights.len().is_power_of_two() {
            return Err(Error::model("a table has as many weights as a power of two"));
        }
        let largest = weights.iter().fold(0.0f32, |most, w| most.max(w.abs())).min(HIGHEST);
        let unit = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Ok(Self { unit, weights: weights.iter().map(|w| (w / unit).round().clamp(-127.0, 127.0) as i8).collect() })
    }

    /// The sum of the weights of features with these hashes; 0 in an empty table.
    ///
    /// ```
    /// use mentionmap::model::Table;
    /// let table = Table::new(&[1.0, 2.0, -4.0, 0.0])?;
    /// assert!((table.score([1, 2, 4 + 1].into_iter()) - 0.0).abs() < 0.05);
    /// # Ok::<(), mentionmap::Error>(())
    /// ```
    pub fn score(&self, hashes: impl Iterator<Item = u32>) -> f32 {
        let mut sum = self.sum();
        hashes.for_each(|hash| sum.add(hash));
        sum.score()
    }

    /// The same for hashes that come one by one.
    pub(crate) fn sum(&self) -> Sum<'_> {
        Sum { table: self, sum: 0 }
    }

    /// As a file: magic, unit, weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights = self.weights.iter().map(|w| w.to_le_bytes()[0]);
        MAGIC.into_iter().chain(self.unit.to_le_bytes()).chain(weights).collect()
    }

    /// Reads what [`Table::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are of another version, or no table.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        match bytes.split_at_checked(12) {
            Some((head, weights)) if head[..8] == MAGIC && weights.len().is_power_of_two() => Ok(Self {
                unit: f32::from_le_bytes([head[8], head[9], head[10], head[11]]),
                weights: weights.iter().map(|&b| i8::from_le_bytes([b])).collect(),
            }),
            _ => Err(Error::model("is no table of weights, or a broken one; rebuild it")),
        }
    }
}

/// A sum of weights that grows.
pub(crate) struct Sum<'t> {
    table: &'t Table,
    sum: i32,
}

impl Sum<'_> {
    pub(crate) fn add(&mut self, hash: u32) {
        // The length is a power of two; an empty table has no weight for anything.
        let at = hash as usize & self.table.weights.len().wrapping_sub(1);
        self.sum += self.table.weights.get(at).map_or(0, |&weight| i32::from(weight));
    }

    pub(crate) fn score(&self) -> f32 {
        self.sum as f32 * self.table.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let table = Table::new(&[0.5, -1.0, 0.0, 0.25]).unwrap();
        let read = Table::from_bytes(&table.to_bytes()).unwrap();
        assert_eq!(read, table);
        assert!((read.score([0, 1].into_iter()) + 0.5).abs() < 0.01);
        assert!(Table::from_bytes(&table.to_bytes()[..15]).is_err());
        assert!(Table::new(&[0.0; 3]).is_err());
    }
}
