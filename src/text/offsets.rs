//! Byte offsets to code point offsets, in one pass over the text.

/// Turns growing byte offsets of one text into offsets in Unicode code points, as the output contract wants them.
///
/// Each call continues where the one before stopped; an offset that lies before it starts over.
///
/// ```
/// use mentionmap::text::CodePoints;
/// let mut at = CodePoints::new("é Paris");
/// assert_eq!(at.offset(3), 2);
/// ```
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl<'a> CodePoints<'a> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, count: 0 }
    }

    /// The number of code points before byte `byte`, which is clamped to the text's length.
    pub fn offset(&mut self, byte: usize) -> usize {
        // Within a code point, that one has begun before: it counts.
        let byte = self.text.ceil_char_boundary(byte);
        if byte < self.byte {
            self.byte = 0;
            self.count = 0;
        }
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }

    /// The byte offset of code point `count`; the text's length when it has fewer.
    pub fn byte(&mut self, count: usize) -> usize {
        if count < self.count {
            self.byte = 0;
            self.count = 0;
        }
        let rest = &self.text[self.byte..];
        let ahead = rest.char_indices().nth(count - self.count).map_or(rest.len(), |(at, _)| at);
        self.offset(self.byte + ahead);
        self.byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_agree(text in "\\PC{0,40}") {
            let mut there = CodePoints::new(&text);
            let mut back = CodePoints::new(&text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(there.offset(byte), count);
                prop_assert_eq!(there.offset(byte + 1), count + 1);
                prop_assert_eq!(back.byte(count), byte);
            }
        }
    }
}
