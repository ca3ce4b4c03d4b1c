//! Where a word ends, how it is written, and what stands between two words.

use super::normalize::is_caseless;
use super::token::{Casing, Gap};

/// A word of the text: where it ends and how it is written.
pub(super) struct Scan {
    pub(super) end: usize,
    pub(super) casing: Casing,
    pub(super) dotted: bool,
    pub(super) letters: usize,
}

impl Scan {
    pub(super) fn run(text: &str, start: usize) -> Self {
        let mut tally = Tally::default();
        let mut end = start;
        let mut dotted = false;
        let rest = &text[start..];
        let mut chars = rest.char_indices().peekable();
        let mut run = 0; // letters since the last dot or the start
        while let Some((at, c)) = chars.next() {
            if is_unspaced(c) {
                if at == 0 {
                    end = start + c.len_utf8();
                    tally.add(c);
                }
                break;
            }
            if c.is_alphanumeric() || is_mark(c) {
                tally.add(c);
                run += 1;
                end = start + at + c.len_utf8();
                continue;
            }
            let next = chars.peek().map(|&(_, n)| n);
            match c {
                // Inside a word: "Ra's", "Sana'a", "N’Djamena". At its end it is a quotation mark or a possessive.
                '\'' | '’' | 'ʻ' | 'ʼ' | 'ʾ' | 'ʿ' | '‘' | '`' if next.is_some_and(char::is_alphanumeric) => {}
                // "U.S.", "U.S", "D.C.": single letters and dots in turn.
                '.' if run == 1 && tally.upper > 0 && (dotted || next.is_some_and(char::is_uppercase)) => {
                    let follows = next.is_some_and(char::is_uppercase) && {
                        let mut ahead = rest[at + 1..].chars();
                        ahead.next();
                        ahead.next().is_none_or(|c| !c.is_alphanumeric())
                    };
                    if !follows {
                        if dotted {
                            end = start + at + 1;
                        }
                        break;
                    }
                    dotted = true;
                    run = 0;
                }
                _ => break,
            }
        }
        Self { end, casing: tally.casing(), dotted, letters: tally.letters }
    }
}

/// A word of nothing but ASCII letters and digits, which most words are.
pub(super) struct Plain(Tally);

impl Plain {
    /// Where such a word ends that starts there; nothing when what follows may belong to it.
    #[inline]
    pub(super) fn end(bytes: &[u8], start: usize) -> Option<usize> {
        let rest = &bytes[start..];
        let length = plain_length(rest);
        match rest.get(length) {
            Some(b'\'' | b'`') if rest.get(length + 1).is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii()) => {
                None
            }
            Some(b'.') if length == 1 => None,
            Some(b) if !b.is_ascii() => None,
            _ => Some(start + length),
        }
    }

    pub(super) fn of(word: &[u8]) -> Self {
        let mut tally = Tally { first_upper: word.first().is_some_and(u8::is_ascii_uppercase), ..Tally::default() };
        for b in word {
            tally.upper += usize::from(b.is_ascii_uppercase());
            tally.lower += usize::from(b.is_ascii_lowercase());
        }
        tally.letters = tally.upper + tally.lower;
        Self(tally)
    }

    /// The same as reading it character by character, up to `end`, gives.
    pub(super) fn scan(&self, end: usize) -> Scan {
        Scan { end, casing: self.0.casing(), dotted: false, letters: self.0.letters }
    }
}

/// A word of one to seven ASCII letters and digits, looked at together with the byte after it.
pub(super) struct Short {
    pub(super) length: usize,
    /// Its bytes as a number, the first one lowest.
    pub(super) key: u64,
    pub(super) next: u8,
}

impl Short {
    /// The one that starts there; nothing when there is none, or what follows may belong to it, or the text ends.
    #[inline]
    pub(super) fn at(bytes: &[u8], start: usize) -> Option<Self> {
        let eight = u64::from_le_bytes(*bytes.get(start..)?.first_chunk()?);
        let others = others(eight);
        let length = (others.trailing_zeros() / 8) as usize;
        if length == 0 || others == 0 {
            return None;
        }
        let next = (eight >> (8 * length)) as u8;
        let may_go_on = !next.is_ascii() || matches!(next, b'\'' | b'`') || next == b'.' && length == 1;
        (!may_go_on).then(|| Self { length, key: eight & !(u64::MAX << (8 * length)), next })
    }
}

/// How many ASCII letters and digits text starts with. Eight bytes are looked at together: how long a word is cannot be
/// foreseen, so that a loop over its bytes would go wrong at the end of most.
#[inline]
fn plain_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = text[at..].first_chunk() {
        let others = others(u64::from_le_bytes(*eight));
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + text[at..].iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len() - at)
}

/// The highest bit of each of eight bytes: set when it is neither an ASCII letter nor a digit.
fn others(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = 0x80 * EACH;
    // Added to a byte without its highest bit, this sets that bit from `from` on, and overflows into no other byte.
    let reaches = |bytes: u64, from: u8| bytes + (0x80 - u64::from(from)) * EACH;
    let low = eight & !HIGHEST;
    let lower = low | (0x20 * EACH);
    let letter = reaches(lower, b'a') & !reaches(lower, b'z' + 1);
    let digit = reaches(low, b'0') & !reaches(low, b'9' + 1);
    (eight | !(letter | digit)) & HIGHEST
}

#[derive(Default)]
struct Tally {
    letters: usize,
    upper: usize,
    lower: usize,
    first_upper: bool,
    digits: usize,
    apostrophe: bool,
}

impl Tally {
    fn add(&mut self, c: char) {
        if c.is_ascii_digit() || c.is_numeric() {
            self.digits += 1;
            return;
        }
        if c.is_uppercase() {
            self.first_upper |= self.letters == 0 && self.digits == 0;
            self.upper += 1;
        } else if c.is_lowercase() {
            self.lower += 1;
        } else if !is_caseless(c) {
            self.apostrophe = true;
            return;
        }
        self.letters += 1;
    }

    fn casing(&self) -> Casing {
        match (self.letters, self.upper, self.lower) {
            (0, ..) => Casing::Number,
            (_, 0, 0) => Casing::Caseless,
            (_, 0, _) => Casing::Lower,
            (1, 1, 0) => Casing::Title,
            (_, _, 0) => Casing::Upper,
            (_, 1, _) if self.first_upper => Casing::Title,
            // "McDONALD" and "ABCs" are mixed; so is a plural of an acronym.
            _ => Casing::Mixed,
        }
    }
}

/// What has been seen since the last word.
pub(super) struct Between {
    pub(super) gap: Gap,
    pub(super) opened: bool,
    pub(super) tag: Option<char>,
    breaks: u8,
    /// The last word was an abbreviation or an initial: its dot ends nothing.
    pub(super) short: bool,
    seen: bool,
}

impl Between {
    /// At the start of a text.
    pub(super) fn start() -> Self {
        Self { gap: Gap::Paragraph, ..Self::after(false) }
    }

    /// After a word, which may be an abbreviation.
    pub(super) fn after(short: bool) -> Self {
        Self { gap: Gap::Space, opened: false, tag: None, breaks: 0, short, seen: false }
    }

    /// Takes what stands between most words: a space, or a comma or dot and a space, if a word comes next. `next` is what
    /// follows the last word at once, `rest` what follows that. Gives how many bytes were taken.
    #[inline]
    pub(super) fn skip(&mut self, next: u8, rest: &[u8]) -> usize {
        let gap = match (next, rest) {
            (b' ', [first, ..]) if first.is_ascii_alphanumeric() => return 1,
            (b',', [b' ', first, ..]) if first.is_ascii_alphanumeric() => Gap::Comma,
            (b'.', [b' ', first, ..]) if first.is_ascii_alphanumeric() && !self.short => Gap::Sentence,
            _ => return 0,
        };
        self.gap = gap;
        self.seen = true;
        2
    }

    /// Whether nothing has been seen since the last word.
    pub(super) fn is_new(&self) -> bool {
        !self.seen
    }

    fn raise(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    pub(super) fn ascii(&mut self, b: u8, next: Option<u8>) {
        self.opened = false;
        self.tag = None;
        match b {
            b' ' | b'\t' | b'\r' => {
                // A hyphen with a space beside it is a dash.
                if self.gap == Gap::Hyphen {
                    self.gap = Gap::Other;
                }
            }
            b'\n' => {
                self.breaks += 1;
                if self.breaks > 1 {
                    self.raise(Gap::Paragraph);
                }
            }
            b'-' => {
                let joins = !self.seen && next.is_some_and(|n| n.is_ascii_alphanumeric() || !n.is_ascii());
                self.raise(if joins { Gap::Hyphen } else { Gap::Other });
            }
            b',' => self.raise(Gap::Comma),
            b'.' if self.short && !self.seen => {}
            b'.' | b'!' | b'?' => self.raise(Gap::Sentence),
            b'\'' | b'`' => self.opened = true,
            b'"' | b'(' | b'[' | b'{' => {
                self.raise(Gap::Other);
                self.opened = true;
            }
            b'#' | b'@' => {
                self.raise(Gap::Other);
                self.tag = Some(char::from(b));
            }
            _ => self.raise(Gap::Other),
        }
        self.seen = true;
    }

    pub(super) fn other(&mut self, c: char) {
        self.opened = false;
        self.tag = None;
        match c {
            '\u{A0}' | '\u{202F}' | '\u{2009}' | '\u{200B}' | '\u{FEFF}' => {}
            '‐' | '‑' => self.raise(if self.seen { Gap::Other } else { Gap::Hyphen }),
            '،' | '、' | '，' => self.raise(Gap::Comma),
            '؟' | '。' | '！' | '？' | '।' | '։' | '…' | '۔' | '።' => self.raise(Gap::Sentence),
            '“' | '„' | '«' | '‘' | '‚' | '‹' => {
                self.raise(Gap::Other);
                self.opened = true;
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => self.raise(Gap::Paragraph),
            c if c.is_whitespace() => {}
            _ => self.raise(Gap::Other),
        }
        self.seen = true;
    }
}

/// Words that are written with a dot before a name or instead of one, and do not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "st", "ste", "mt", "ft", "pt", "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "cpl", "maj",
    "adm", "cmdr", "gov", "sen", "rep", "rev", "hon", "jr", "sr", "no", "vs", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "co", "inc", "corp",
    "ltd", "bros", "ave", "blvd", "rd", "univ", "dept", "gob", "sra", "mme", "mlle",
];

impl Scan {
    /// Whether the dot after this word, whose normal form is given, ends no sentence: "St.", "J.", "U.S.".
    pub(super) fn is_short(&self, normal: &str) -> bool {
        self.dotted
            || self.letters <= 1
            || (self.letters <= 5 && self.casing == Casing::Title && ABBREVIATIONS.contains(&normal))
    }
}

pub(super) fn is_mark(c: char) -> bool {
    // Combining marks within a word: Indic vowel signs, Arabic points, diacritics typed on their own.
    unicode_normalization::char::is_combining_mark(c) || c == '\u{200D}' || c == '\u{200C}'
}

/// Scripts written without spaces: every character is a word of its own.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_words_end_where_they_end(text in "[a-zA-Z0-9]{0,20}\\PC{0,9}", bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            for text in [text.as_bytes(), &bytes] {
                let length = text.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
                prop_assert_eq!(plain_length(text), length);
            }
        }

        #[test]
        fn plain_words_are_read_as_any(text in "[a-cA-C1]{1,6}['’.é -]?[a-cA-C. ]{0,3}") {
            if let Some(end) = Plain::end(text.as_bytes(), 0) {
                let (plain, scan) = (Plain::of(&text.as_bytes()[..end]).scan(end), Scan::run(&text, 0));
                prop_assert_eq!(
                    (plain.end, plain.casing, plain.dotted, plain.letters),
                    (scan.end, scan.casing, scan.dotted, scan.letters)
                );
            }
        }
    }
}
