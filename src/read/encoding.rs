//! From bytes to text: byte order marks, declared encodings, and a guess where nothing is declared.

use super::Bytes;
use crate::error::{ErrorKind, Result};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, BufReader, Read};

/// Bytes that a guess looks at.
const SAMPLE: usize = 64 << 10;

/// Decodes a whole text: its byte order mark tells, then `forced`, then whether it is UTF-8, then `declared`, then a
/// guess.
///
/// # Errors
/// When it is empty, or not text.
pub(super) fn decode(bytes: Vec<u8>, forced: Option<&'static Encoding>, declared: Option<&str>) -> Result<String> {
    let encoding = choose(&bytes, forced, declared)?;
    let text = if encoding == UTF_8 {
        match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    } else {
        encoding.decode(&bytes).0.into_owned()
    };
    let text = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.contains('\0') {
        return Err(ErrorKind::Binary.into());
    }
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    Ok(text)
}

/// A stream of text as UTF-8. What starts as UTF-8 is handed on as it is, so that a bad byte further on is an error of
/// its line.
pub(super) fn text_stream(head: &[u8], mut reader: Bytes, forced: Option<&'static Encoding>) -> Result<Bytes> {
    let encoding = choose(head, forced, None)?;
    if encoding == UTF_8 {
        if head.starts_with(b"\xEF\xBB\xBF") {
            reader.read_exact(&mut [0; 3])?;
        }
        return Ok(reader);
    }
    let transcoder = Transcoder { reader, decoder: encoding.new_decoder(), pending: String::new(), given: 0 };
    Ok(Box::new(BufReader::with_capacity(1 << 16, transcoder)))
}

/// Whether a stream that starts like this is UTF-16.
pub(super) fn is_wide(head: &[u8]) -> bool {
    let marked = Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != UTF_8);
    marked || wide(&head[..head.len().min(SAMPLE)]).is_some()
}

/// The start of a stream, decoded as well as it goes, to tell its format by.
pub(super) fn peek(head: &[u8]) -> String {
    match choose(head, None, None) {
        Ok(encoding) => encoding.decode(head).0.into_owned(),
        Err(_) => String::new(),
    }
}

fn choose(bytes: &[u8], forced: Option<&'static Encoding>, declared: Option<&str>) -> Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding);
    }
    if let Some(encoding) = forced {
        return Ok(encoding);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(encoding) = wide(sample) {
        return Ok(encoding);
    }
    if is_binary(sample) {
        return Err(ErrorKind::Binary.into());
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // The bytes of this one are ASCII, and would pass for UTF-8.
    if let Some(encoding) = declared.filter(|e| *e == ISO_2022_JP) {
        return Ok(encoding);
    }
    if is_utf8(bytes) {
        return Ok(UTF_8);
    }
    if let Some(encoding) = declared.filter(|e| *e != UTF_8) {
        return Ok(encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

/// UTF-16 without a byte order mark: every other byte of text in many scripts is NUL.
fn wide(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    match () {
        () if half < 2 => None,
        () if odd * 10 > half * 6 && even * 20 < half => Some(UTF_16LE),
        () if even * 10 > half * 6 && odd * 20 < half => Some(UTF_16BE),
        () => None,
    }
}

/// NUL bytes, or more control characters than text has.
fn is_binary(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|b| matches!(b, 1..=8 | 0x0E..=0x1A | 0x1C..=0x1F)).count();
    sample.contains(&0) || controls * 10 > sample.len()
}

/// Whether this is UTF-8, cut off anywhere; a few bad bytes among many good characters are forgiven.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        // A character that the end cuts off is none.
        bad += usize::from(!chunk.invalid().is_empty() && (chunks.peek().is_some() || good == 0));
    }
    bad == 0 || good > bad * 10
}

/// Decodes as it is read.
struct Transcoder {
    reader: Bytes,
    decoder: Decoder,
    pending: String,
    given: usize,
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.pending.len() {
            self.pending.clear();
            self.given = 0;
            let bytes = self.reader.fill_buf()?;
            let end = bytes.is_empty();
            let most = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
            self.pending.reserve(most);
            let (_, read, _) = self.decoder.decode_to_string(bytes, &mut self.pending, end);
            self.reader.consume(read);
            if end {
                break;
            }
        }
        let rest = &self.pending.as_bytes()[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1256};

    #[test]
    fn guesses_what_is_not_declared() {
        let russian = "Дожди вызвали наводнение в Краснодарском крае, сообщили власти во вторник.";
        let arabic = "قال مسؤولون إن الأمطار الغزيرة تسببت في فيضانات في مدينة حلب يوم الثلاثاء.";
        let japanese = "大雨により長野県で洪水が発生したと当局が火曜日に発表した。";
        for (encoding, text) in
            [(KOI8_R, russian), (WINDOWS_1251, russian), (WINDOWS_1256, arabic), (SHIFT_JIS, japanese)]
        {
            let bytes = encoding.encode(text).0.into_owned();
            assert_eq!(decode(bytes, None, None).unwrap(), text, "{}", encoding.name());
        }
        assert_eq!(
            decode(b"Pluie \xE0 Orl\xE9ans, en France.".to_vec(), None, None).unwrap(),
            "Pluie à Orléans, en France."
        );
    }

    #[test]
    fn marks_and_declarations_go_before_guesses() {
        let wide: Vec<u8> = "Rain in Riga".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(wide.clone(), None, None).unwrap(), "Rain in Riga");
        assert_eq!(decode([b"\xFF\xFE".to_vec(), wide].concat(), None, None).unwrap(), "Rain in Riga");
        assert_eq!(decode(b"\xEF\xBB\xBFRiga".to_vec(), None, None).unwrap(), "Riga");
        assert_eq!(decode(b"Ni\xBE".to_vec(), None, Some("iso-8859-2")).unwrap(), "Niž");
        assert_eq!(decode("Riga é".into(), None, Some("iso-8859-2")).unwrap(), "Riga é");
        assert_eq!(decode("Zürich".as_bytes()[..2].to_vec(), Some(WINDOWS_1251), None).unwrap(), "ZГ");
    }

    #[test]
    fn refuses_what_is_no_text() {
        assert!(matches!(decode(b"PK\0\0".to_vec(), None, None).unwrap_err().kind(), ErrorKind::Binary));
        assert!(matches!(decode(b" \n".to_vec(), None, None).unwrap_err().kind(), ErrorKind::Empty));
    }

    #[test]
    fn streams_are_decoded_as_they_come() {
        let text = "Дожди в Сочи. ".repeat(20_000);
        let bytes = KOI8_R.encode(&text).0.into_owned();
        let reader: Bytes = Box::new(BufReader::with_capacity(7, io::Cursor::new(bytes.clone())));
        let mut decoded = String::new();
        text_stream(&bytes[..1000], reader, None).unwrap().read_to_string(&mut decoded).unwrap();
        assert!(decoded == text);
    }
}
