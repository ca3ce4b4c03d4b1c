//! Splitting text into words, each with its normal form, its case and what lies before it.

use super::declension;
use super::normalize::normalize_into;
use super::scan::{Between, Plain, Scan, Short, is_mark};
use super::vocabulary::{Surface, Vocabulary};
use std::ops::Range;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    /// No upper-case letter.
    Lower,
    /// First letter upper case, others not.
    Title,
    /// Two or more letters, all upper case.
    Upper,
    /// Upper and lower case mixed ("`McAllen`", "iPhone").
    Mixed,
    /// Letters of a script without case.
    Caseless,
    /// Digits only.
    Number,
}

/// What stands between a word and the word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing but white space on one line, or a single line break; or the dot of an abbreviation.
    Space,
    /// A hyphen that joins two words.
    Hyphen,
    /// A comma.
    Comma,
    /// Other punctuation within a sentence: slash, semicolon, colon, parenthesis, dash, quotation mark.
    Other,
    /// The end of a sentence.
    Sentence,
    /// An empty line, or the start of the text.
    Paragraph,
}

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// The byte after the last, possessive ending left out.
    pub end: u32,
    /// Where its [`Details`] are, counted from 1; most words have none.
    details: u32,
    /// Its number in the vocabulary that it was split with.
    pub(crate) word: u32,
    /// How it is written.
    pub casing: Casing,
    /// What lies before it.
    pub gap: Gap,
    /// An opening quotation mark or parenthesis stands right before it.
    pub opened: bool,
    /// `#` or `@` stands right before it.
    pub tag: Option<char>,
    /// A dot follows at once ("Ky.", or the end of a sentence).
    pub dot: bool,
    /// It is written with dots inside ("U.S.").
    pub dotted: bool,
    /// It ends in a possessive ("Syria's", "Basrah'").
    pub possessive: bool,
}

/// What few words have: a normal form that is in no vocabulary, other readings.
#[derive(Clone, Debug)]
struct Details {
    normal: Range<u32>,
    readings: Range<u32>,
}

/// Another way to read a token: without an Arabic clitic, with its possessive s as a part of the name, or as the
/// nominative of a declined word.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// First byte of the text that is read so.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    normal_start: u32,
    normal_end: u32,
}

/// The words of one text; its buffers are used again for the next.
#[derive(Debug, Default)]
pub struct Tokens {
    words: Vec<Token>,
    details: Vec<Details>,
    readings: Vec<Reading>,
    normal: String,
}

impl Tokens {
    /// Splits `text`, forgetting the text before. Texts over 4 GiB are cut there.
    pub fn split(&mut self, text: &str) {
        self.split_in(text, None);
    }

    /// The same; words get numbers when there is a vocabulary.
    pub(crate) fn split_in(&mut self, text: &str, mut vocabulary: Option<&mut Vocabulary>) {
        self.words.clear();
        self.details.clear();
        self.readings.clear();
        self.normal.clear();
        let bytes = text.as_bytes();
        let limit = bytes.len().min(u32::MAX as usize);
        let mut at = 0;
        let mut between = Between::start();
        while at < limit {
            // Most words are short, in ASCII, have been seen before, and have a space and a word after them.
            if bytes[at].is_ascii_alphanumeric()
                && let Some(vocabulary) = vocabulary.as_deref()
                && let Some(short) = Short::at(bytes, at)
                && let Some(surface) = vocabulary.short(short.key)
            {
                let end = at + short.length;
                self.push(at..end, surface, short.next == b'.', 0, &mut between);
                at = end + between.skip(short.next, &bytes[end + 1..]);
                continue;
            }
            let b = bytes[at];
            if b.is_ascii() {
                if b.is_ascii_alphanumeric() {
                    at = match Plain::end(bytes, at) {
                        Some(end) => self.plain_word(text, at..end, &mut between, vocabulary.as_deref_mut()),
                        None => self.word(text, at, &mut between, vocabulary.as_deref_mut()),
                    };
                } else {
                    let next = bytes.get(at + 1).copied();
                    // Between most words there is a space and nothing else, which says nothing.
                    if !(b == b' ' && between.is_new() && next.is_some_and(|b| b.is_ascii_alphanumeric())) {
                        between.ascii(b, next);
                    }
                    at += 1;
                }
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            if c.is_alphanumeric() || is_mark(c) {
                at = self.word(text, at, &mut between, vocabulary.as_deref_mut());
            } else {
                between.other(c);
                at += c.len_utf8();
            }
        }
    }

    /// All words, in order.
    pub fn as_slice(&self) -> &[Token] {
        &self.words
    }

    /// The normal form of a word; empty when words got numbers, because then the vocabulary has it.
    pub fn normal(&self, token: &Token) -> &str {
        self.details(token).map_or("", |details| &self.normal[bytes_of(&details.normal)])
    }

    /// Other ways to read a word.
    pub fn readings(&self, token: &Token) -> &[Reading] {
        self.details(token).map_or(&[], |details| &self.readings[bytes_of(&details.readings)])
    }

    fn details(&self, token: &Token) -> Option<&Details> {
        self.details.get((token.details as usize).checked_sub(1)?)
    }

    /// The normal form of another reading.
    pub fn reading_normal(&self, reading: &Reading) -> &str {
        &self.normal[reading.normal_start as usize..reading.normal_end as usize]
    }

    /// Takes a word that is nothing but how it is written.
    #[inline]
    fn push(&mut self, span: Range<usize>, surface: Surface, dot: bool, details: u32, between: &mut Between) {
        self.words.push(Token {
            start: span.start as u32,
            end: span.end as u32,
            details,
            word: surface.word,
            casing: surface.casing,
            gap: between.gap,
            opened: between.opened,
            tag: between.tag,
            dot,
            dotted: false,
            possessive: false,
        });
        *between = Between::after(surface.short);
    }

    /// Takes a word of nothing but ASCII letters and digits; gives the byte after it. Not inlined, as most words go
    /// another way.
    #[inline(never)]
    fn plain_word(
        &mut self,
        text: &str,
        span: Range<usize>,
        between: &mut Between,
        vocabulary: Option<&mut Vocabulary>,
    ) -> usize {
        let (bytes, end) = (text.as_bytes(), span.end);
        let dot = bytes.get(end) == Some(&b'.');
        let known = vocabulary.as_deref().and_then(|vocabulary| vocabulary.surface(bytes, span.start, end));
        if let Some(surface) = known {
            self.push(span, surface, dot, 0, between);
            return end;
        }
        let normal_start = self.normal.len();
        normalize_into(&text[span.clone()], &mut self.normal);
        let normal = &self.normal[normal_start..];
        let read = Plain::of(&bytes[span.clone()]).scan(end);
        let mut surface = Surface { word: u32::MAX, casing: read.casing, short: read.is_short(normal) };
        let details = if let Some(vocabulary) = vocabulary {
            surface.word = vocabulary.word(normal);
            vocabulary.remember(bytes, span.start, end, surface);
            self.normal.truncate(normal_start);
            0
        } else {
            self.detail(normal_start as u32..self.normal.len() as u32, self.readings.len() as u32)
        };
        self.push(span, surface, dot, details, between);
        end
    }

    /// Keeps details of a word, whose readings are the last ones; gives where they are.
    fn detail(&mut self, normal: Range<u32>, first_reading: u32) -> u32 {
        self.details.push(Details { normal, readings: first_reading..self.readings.len() as u32 });
        self.details.len() as u32
    }

    /// Takes the word that starts at byte `start`; gives the byte after it.
    fn word(&mut self, text: &str, start: usize, between: &mut Between, vocabulary: Option<&mut Vocabulary>) -> usize {
        let scan = Scan::run(text, start);
        let (mut end, resume) = (scan.end, scan.end);
        let surface = &text[start..end];
        let mut possessive = false;
        if let Some(stem) = surface
            .strip_suffix("'s")
            .or_else(|| surface.strip_suffix("’s"))
            .or_else(|| surface.strip_suffix("'S"))
            .or_else(|| surface.strip_suffix("’S"))
            && !stem.is_empty()
        {
            possessive = true;
            end = start + stem.len();
        }
        let normal_start = self.normal.len() as u32;
        normalize_into(&text[start..end], &mut self.normal);
        let normal_end = self.normal.len() as u32;
        if normal_start == normal_end {
            // Only marks: nothing to match, and nothing that separates.
            return resume;
        }
        let reading_start = self.readings.len() as u32;
        if possessive {
            self.push_reading(text, start, resume, "");
        }
        if scan.casing == Casing::Caseless {
            self.clitics(text, start, end);
        } else {
            self.elision(text, start, end);
            if scan.casing == Casing::Title && text[start..].starts_with(declension::is_russian) {
                self.declined(start, end, normal_start as usize..normal_end as usize);
            }
        }
        let dot = text.as_bytes().get(resume) == Some(&b'.') || scan.dotted;
        let normal = &self.normal[normal_start as usize..normal_end as usize];
        let short = scan.is_short(normal);
        let (word, normal_end) = match vocabulary {
            Some(vocabulary) => (vocabulary.word(normal), normal_start),
            None => (u32::MAX, normal_end),
        };
        let has_details = normal_end > normal_start || self.readings.len() as u32 > reading_start;
        let details = if has_details { self.detail(normal_start..normal_end, reading_start) } else { 0 };
        self.words.push(Token {
            start: start as u32,
            end: end as u32,
            details,
            word,
            casing: scan.casing,
            gap: between.gap,
            opened: between.opened,
            tag: between.tag,
            dot,
            dotted: scan.dotted,
            possessive,
        });
        *between = Between::after(short);
        resume
    }

    /// French and Italian join articles and prepositions to the next word: "l'Allemagne", "d'Alger", "dell'Aquila".
    fn elision(&mut self, text: &str, start: usize, end: usize) {
        let surface = &text[start..end];
        let Some((at, apostrophe)) = surface.char_indices().find(|(_, c)| matches!(c, '\'' | '’')) else { return };
        let rest = start + at + apostrophe.len_utf8();
        let joined = matches!(
            surface[..at].to_lowercase().as_str(),
            "l" | "d" | "qu" | "n" | "s" | "dell" | "nell" | "sull" | "all" | "dall" | "un"
        );
        if joined && text[rest..end].starts_with(char::is_uppercase) {
            self.push_reading(text, rest, end, "");
        }
    }

    /// Russian declines names: a word may be read as each of its nominatives.
    fn declined(&mut self, start: usize, end: usize, normal: Range<usize>) {
        let mut nominatives = [const { String::new() }; 6];
        let mut count = 0;
        declension::nominatives(&self.normal[normal], |stem, ending| {
            if let Some(to) = nominatives.get_mut(count) {
                to.push_str(stem);
                to.push_str(ending);
                count += 1;
            }
        });
        for nominative in &nominatives[..count] {
            let from = self.normal.len() as u32;
            self.normal.push_str(nominative);
            let normal_end = self.normal.len() as u32;
            self.readings.push(Reading { start: start as u32, end: end as u32, normal_start: from, normal_end });
        }
    }

    fn push_reading(&mut self, text: &str, start: usize, end: usize, before: &str) {
        let from = self.normal.len() as u32;
        self.normal.push_str(before);
        normalize_into(&text[start..end], &mut self.normal);
        self.readings.push(Reading {
            start: start as u32,
            end: end as u32,
            normal_start: from,
            normal_end: self.normal.len() as u32,
        });
    }

    /// Arabic joins "and", "in", "to", "like" and "the" to the next word: those readings start later in the word.
    fn clitics(&mut self, text: &str, start: usize, end: usize) {
        let surface = &text[start..end];
        let Some(first) = surface.chars().next() else { return };
        if !('\u{620}'..='\u{64A}').contains(&first) {
            return;
        }
        let mut cut = start;
        for _ in 0..2 {
            let rest = &text[cut..end];
            let Some(clitic) = rest.chars().next().filter(|c| matches!(c, 'و' | 'ف' | 'ب' | 'ل' | 'ك')) else {
                break;
            };
            if rest.chars().count() < 4 {
                break;
            }
            cut += clitic.len_utf8();
            // "ل" and the article "ال" melt into "لل".
            let melted = clitic == 'ل' && text[cut..end].starts_with('ل');
            self.push_reading(text, cut, end, if melted { "ا" } else { "" });
        }
    }
}

fn bytes_of(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

#[cfg(test)]
mod tests {
    use super::Gap::{Comma, Other, Paragraph, Sentence, Space};
    use super::*;
    use proptest::prelude::*;

    fn surfaces(text: &str) -> Vec<String> {
        let mut tokens = Tokens::default();
        tokens.split(text);
        tokens.as_slice().iter().map(|t| text[t.start as usize..t.end as usize].to_owned()).collect()
    }

    #[test]
    fn words_as_people_write_them() {
        assert_eq!(
            surfaces("In Syria's north-east, U.S. troops left."),
            ["In", "Syria", "north", "east", "U.S.", "troops", "left"]
        );
        assert_eq!(surfaces("Sana'a and Ra’s"), ["Sana'a", "and", "Ra"]);
        assert_eq!(surfaces("J. Smith of St. Louis, D.C."), ["J", "Smith", "of", "St", "Louis", "D.C."]);
        assert_eq!(surfaces("东京 2020"), ["东", "京", "2020"]);
    }

    #[test]
    fn gaps_tell_sentences_from_abbreviations() {
        let mut tokens = Tokens::default();
        let text = "He left St. Louis. Then\nParis, Texas -- U.S. troops\n\nEnd (of) \"it\"";
        tokens.split(text);
        let gaps: Vec<_> = tokens.as_slice().iter().map(|t| t.gap).collect();
        assert_eq!(
            gaps,
            [Paragraph, Space, Space, Space, Sentence, Space, Comma, Other, Space, Paragraph, Other, Other]
        );
    }

    #[test]
    fn arabic_clitics_are_readings() {
        let mut tokens = Tokens::default();
        tokens.split("والرقة");
        let token = tokens.as_slice()[0];
        let readings: Vec<_> = tokens.readings(&token).iter().map(|r| tokens.reading_normal(r).to_owned()).collect();
        assert_eq!(readings, ["الرقه"]);
    }

    proptest! {
        #[test]
        fn a_vocabulary_changes_nothing(texts in prop::collection::vec("[a-cA-C'’.,é1 \n-]{0,40}", 1..6)) {
            let mut vocabulary = Vocabulary::default();
            let (mut with, mut without) = (Tokens::default(), Tokens::default());
            for text in &texts {
                with.split_in(text, Some(&mut vocabulary));
                without.split(text);
                let told = |tokens: &Tokens| {
                    let anonymous = tokens.words.iter().map(|t| Token { word: 0, details: 0, ..*t });
                    let readings = tokens.readings.iter().map(|r| (r.start, r.end, tokens.reading_normal(r)));
                    format!("{:?}{:?}", anonymous.collect::<Vec<_>>(), readings.collect::<Vec<_>>())
                };
                prop_assert_eq!(told(&with), told(&without));
                for (one, other) in with.words.iter().zip(&without.words) {
                    prop_assert_eq!(vocabulary.normal(one.word), without.normal(other));
                }
            }
        }

        #[test]
        fn spans_lie_in_order_on_character_boundaries(text in "\\PC{0,60}") {
            let mut tokens = Tokens::default();
            tokens.split(&text);
            let mut last = 0;
            for token in tokens.as_slice() {
                prop_assert!(last <= token.start && token.start < token.end);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                prop_assert!(!tokens.normal(token).is_empty());
                last = token.end;
            }
        }
    }
}
