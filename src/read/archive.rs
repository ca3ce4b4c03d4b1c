//! Zip archives: each member is an input of its own, named after the archive and itself.

use super::unpack::{self, Packed};
use super::{Bytes, BytesRead, ReadOptions};
use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use zip::CompressionMethod;

/// A member of an archive.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    start: u64,
    packed: u64,
    method: CompressionMethod,
    checksum: u32,
}

/// The members of an archive, in its order; for one that cannot be read, the reason with its name.
pub(super) fn members(file: &File) -> Result<Vec<(String, Result<Member>)>> {
    let bad = |e: zip::result::ZipError| match e {
        zip::result::ZipError::Io(e) if e.kind() != io::ErrorKind::UnexpectedEof => Error::of_stream(e),
        other => Error::format(format!("cannot be read as a zip archive: {other}")),
    };
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(bad)?;
    // Members that share bytes are the stuff of archives made to harm.
    if archive.has_overlapping_entries().map_err(bad)? {
        return Err(Error::limit("members of this archive overlap, as in archives that are made to harm"));
    }
    let mut members = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(bad)?;
        if member.is_dir() {
            continue;
        }
        let name = member.name().map_err(bad)?.into_owned();
        let found = match (member.enclosed_name(), member.data_start()) {
            (None, _) => Err(Error::limit("a member whose path leaves the archive; it is not read")),
            _ if member.is_symlink() => Err(Error::skipped("a link, not a file")),
            _ if member.encrypted() => Err(Error::format("is encrypted; unpack it first")),
            (_, None) => Err(Error::format("a member without data")),
            (_, Some(start)) => Ok(Member {
                name: name.clone(),
                start,
                packed: member.compressed_size(),
                method: member.compression(),
                checksum: member.crc32(),
            }),
        };
        members.push((name, found));
    }
    Ok(members)
}

impl Member {
    /// The member's content, unpacked as it is read. `file` is the archive, at whatever place; `packed` counts what is
    /// read of it.
    pub(super) fn open(&self, mut file: File, packed: &BytesRead, options: &ReadOptions) -> Result<Bytes> {
        file.seek(SeekFrom::Start(self.start))?;
        let counts = [options.bytes_read.clone(), packed.clone()];
        let packed = BufReader::with_capacity(1 << 16, unpack::Counting::new(file.take(self.packed), counts));
        let plain: Box<dyn Read + Send> = match self.method {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
            other => return Err(Error::format(format!("packed with {other}, which cannot be unpacked; pack it anew"))),
        };
        let checked = Checked { plain, sum: flate2::Crc::new(), expected: self.checksum };
        Ok(unpack::guarded(Box::new(checked), Packed::Known(self.packed), options))
    }
}

/// Compares the checksum at the end.
struct Checked {
    plain: Box<dyn Read + Send>,
    sum: flate2::Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.plain.read(buffer)?;
        self.sum.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && self.sum.sum() != self.expected {
            return Err(Error::format("is damaged: its checksum differs").into_io());
        }
        Ok(read)
    }
}

/// A stream as a file, for an archive that comes from a pipe or lies in another file.
pub(super) fn spool(stream: Bytes, options: &ReadOptions) -> Result<File> {
    const MOST: u64 = 4 << 30;
    // It has no name, so that nothing stays behind whatever happens.
    let mut file = tempfile::tempfile()?;
    let most = options.max_unpacked_bytes.min(MOST);
    let copied = io::copy(&mut stream.take(most + 1), &mut file).map_err(Error::of_stream)?;
    if copied > most {
        return Err(ErrorKind::Limit(format!(
            "an archive of more than {most} bytes within another input; unpack it first"
        ))
        .into());
    }
    file.rewind()?;
    Ok(file)
}
