//! Packed streams: recognized by their first bytes, unpacked as they are read, within limits.

use super::{Bytes, ReadOptions};
use crate::error::Error;
use std::io::{self, BufRead, BufReader, Read};

/// Below this many bytes no ratio is suspicious.
pub(super) const UNSUSPICIOUS: u64 = 16 << 20;

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    /// An archive of files.
    Zip,
}

impl Packing {
    /// What the first bytes tell.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0x1F, 0x8B, 8, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', ..] => Self::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            _ => return None,
        })
    }
}

/// The stream unpacked. `packed` counts what it is made of.
pub(super) fn unpack(packing: Packing, reader: Bytes, packed: Packed, options: &ReadOptions) -> io::Result<Bytes> {
    let plain: Box<dyn Read + Send> = match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(reader)),
        Packing::Xz => {
            // Memory for the dictionary is limited too: 256 MB is more than any preset takes.
            let stream = liblzma::stream::Stream::new_stream_decoder(256 << 20, liblzma::stream::CONCATENATED)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(reader, stream))
        }
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
        Packing::Zip => return Err(io::Error::other("an archive, not a stream")),
    };
    Ok(guarded(plain, packed, options))
}

/// How many packed bytes an unpacked stream is made of.
#[derive(Clone, Debug)]
pub(super) enum Packed {
    /// Counted as they are read.
    Counted(super::BytesRead),
    /// Known beforehand.
    Known(u64),
}

/// Watches the limits of an unpacked stream.
pub(super) fn guarded(plain: Box<dyn Read + Send>, packed: Packed, options: &ReadOptions) -> Bytes {
    let guard =
        Guard { plain, packed, unpacked: 0, max_bytes: options.max_unpacked_bytes, max_ratio: options.max_ratio };
    Box::new(BufReader::with_capacity(1 << 16, guard))
}

struct Guard {
    plain: Box<dyn Read + Send>,
    packed: Packed,
    unpacked: u64,
    max_bytes: u64,
    max_ratio: u64,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.plain.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => Error::format("ends in the middle of packed data").into_io(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other
                if e.get_ref().is_none_or(|e| !e.is::<Error>()) =>
            {
                Error::format(format!("cannot be unpacked: {e}")).into_io()
            }
            _ => e,
        })?;
        self.unpacked += read as u64;
        if self.unpacked > self.max_bytes {
            let message =
                format!("unpacks to more than {} bytes; raise --max-unpacked-bytes if that is right", self.max_bytes);
            return Err(Error::limit(message).into_io());
        }
        let packed = match &self.packed {
            Packed::Counted(count) => count.get(),
            Packed::Known(bytes) => *bytes,
        };
        if self.unpacked > UNSUSPICIOUS && self.unpacked / self.max_ratio > packed {
            let message = format!(
                "unpacks to more than {} times its size, as files do that are made to harm; raise --max-ratio if it can be trusted",
                self.max_ratio
            );
            return Err(Error::limit(message).into_io());
        }
        Ok(read)
    }
}

/// Counts what goes through.
pub(super) struct Counting<R> {
    reader: R,
    counts: [super::BytesRead; 2],
}

impl<R> Counting<R> {
    pub(super) fn new(reader: R, counts: [super::BytesRead; 2]) -> Self {
        Self { reader, counts }
    }
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.counts.iter().for_each(|count| count.add(read as u64));
        Ok(read)
    }
}

/// The first bytes of a stream, up to `most`, and the stream with them.
pub(super) fn peek(mut reader: Bytes, most: u64) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    // A packed stream may break off within its first bytes: they are worth reading all the same, and its end is told
    // when it is reached.
    let end = reader.by_ref().take(most).read_to_end(&mut head);
    let start = io::Cursor::new(head.clone());
    match end {
        Ok(_) => Ok((head, Box::new(start.chain(reader)))),
        Err(error) if head.is_empty() => Err(error),
        Err(error) => Ok((head, Box::new(BufReader::new(start.chain(Failing(Some(error))))))),
    }
}

struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Passes over the rest of a line; whether there was an end of line.
pub(super) fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    reader.skip_until(b'\n').map(|_| ())
}
