//! Files line by line, whatever they are packed in; blocks of lines are parsed on several threads.

use crate::error::{Error, ErrorKind, Result};
use crate::gazetteer::format::MAGIC;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::num::NonZero;
use std::path::Path;
use std::thread::{self, available_parallelism};

const BLOCK: usize = 1 << 20;
/// No line of GeoNames' comes near: without an end, a file is not one of theirs.
const LONGEST_LINE: usize = 16 << 20;

/// Whole lines, and the number of the first.
pub(super) struct Block {
    first: u64,
    bytes: Vec<u8>,
}

impl Block {
    /// Its lines with their numbers; empty ones and comments are passed over.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, Result<&str>)> {
        self.bytes
            .strip_suffix(b"\n")
            .unwrap_or(&self.bytes)
            .split(|&b| b == b'\n')
            .zip(self.first..)
            .map(|(line, number)| {
                let line = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
                (number, line.strip_suffix(b"\r").unwrap_or(line))
            })
            .filter(|(_, line)| !line.is_empty() && line[0] != b'#')
            .map(|(number, line)| (number, std::str::from_utf8(line).map_err(|_| bad_row("not UTF-8"))))
    }
}

pub(super) fn bad_row(message: impl Into<String>) -> Error {
    ErrorKind::Table(message.into()).into()
}

/// Reads a file block by block, unpacking what its first bytes say it is packed in, until `sink` says false.
fn blocks(path: &Path, mut sink: impl FnMut(Block) -> bool) -> Result<()> {
    let mut run = || -> Result<()> {
        let mut file = File::open(path)?;
        let mut magic = Vec::new();
        file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic == MAGIC {
            return Err(bad_row("a gazetteer that is built already; use it with --gazetteer"));
        }
        if magic.starts_with(b"PK\x03\x04") {
            let zipped = |e: zip::result::ZipError| match e {
                zip::result::ZipError::Io(e) => Error::from(e),
                e => bad_row(format!("damaged zip archive: {e}")),
            };
            let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(zipped)?;
            let member = member(&archive, path).ok_or_else(|| bad_row("a zip archive without a .txt file in it"))?;
            let mut unpacked = archive.by_name(&member).map_err(zipped)?;
            return cut(&mut unpacked, &mut sink);
        }
        let whole = Cursor::new(magic.clone()).chain(file);
        match magic[..] {
            [0x1F, 0x8B, ..] => cut(&mut flate2::read::MultiGzDecoder::new(BufReader::new(whole)), &mut sink),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => {
                cut(&mut liblzma::read::XzDecoder::new_multi_decoder(whole), &mut sink)
            }
            [0x28, 0xB5, 0x2F, 0xFD, ..] => cut(&mut zstd::Decoder::new(whole)?, &mut sink),
            _ => cut(&mut { whole }, &mut sink),
        }
    };
    run().map_err(|e| e.at(path))
}

/// The file of an archive that holds the table: the one called as the archive is, else the first text that is not
/// one of the small files that GeoNames packs with it.
fn member<R: Read + io::Seek>(archive: &zip::ZipArchive<R>, path: &Path) -> Option<String> {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let wanted = format!("{stem}.txt");
    let mut texts: Vec<String> = archive
        .file_names()
        .filter_map(|n| n.ok().map(std::borrow::Cow::into_owned))
        .filter(|n| Path::new(n).extension().is_some_and(|e| e.eq_ignore_ascii_case("txt")))
        .collect();
    texts.sort_unstable();
    if texts.contains(&wanted) {
        return Some(wanted);
    }
    texts.into_iter().find(|n| !matches!(n.as_str(), "readme.txt" | "iso-languagecodes.txt"))
}

/// Cuts what is read into blocks of whole lines.
fn cut(from: &mut dyn Read, sink: &mut dyn FnMut(Block) -> bool) -> Result<()> {
    let mut first = 1;
    let mut rest: Vec<u8> = Vec::new();
    loop {
        let mut bytes = std::mem::take(&mut rest);
        let had = bytes.len();
        bytes.reserve(BLOCK);
        if from.take(BLOCK as u64).read_to_end(&mut bytes)? == 0 {
            if !bytes.is_empty() {
                sink(Block { first, bytes });
            }
            return Ok(());
        }
        match bytes[had..].iter().rposition(|&b| b == b'\n') {
            Some(end) => rest = bytes.split_off(had + end + 1),
            None if bytes.len() > LONGEST_LINE => {
                return Err(bad_row("a line of more than 16 MiB: not a table of GeoNames'").on_line(first));
            }
            None => {
                rest = bytes;
                continue;
            }
        }
        // What follows the last line break is empty, and no line.
        let lines = bytes.split(|&b| b == b'\n').count() as u64 - 1;
        if !sink(Block { first, bytes }) {
            return Ok(());
        }
        first += lines;
    }
}

/// Hands the lines of a small file to `row`; errors name file and line.
pub(super) fn each_line(path: &Path, mut row: impl FnMut(u64, Result<&str>) -> Result<()>) -> Result<()> {
    let mut result = Ok(());
    blocks(path, |block| {
        result = block.lines().try_for_each(|(number, line)| row(number, line).map_err(|e| e.on_line(number)));
        result.is_ok()
    })?;
    result.map_err(|e| e.at(path))
}

/// Parses the blocks of a file on all cores, and hands the results to `sink` in the order of the file.
pub(super) fn each_block<T: Send>(
    path: &Path,
    parse: impl Fn(&Block) -> Result<T> + Sync,
    mut sink: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let threads = available_parallelism().map_or(1, NonZero::get);
    let (to_workers, work) = crossbeam_channel::bounded::<(u64, Block)>(threads);
    let (to_sink, done) = crossbeam_channel::bounded::<(u64, Result<T>)>(threads);
    thread::scope(|scope| {
        // Sends fail only when the other side has gone, which it does when `sink` failed: then all stop.
        let reader = scope.spawn(move || {
            let mut numbers = 0..;
            blocks(path, |block| numbers.next().is_some_and(|number| to_workers.send((number, block)).is_ok()))
        });
        for _ in 0..threads {
            let (work, to_sink, parse) = (work.clone(), to_sink.clone(), &parse);
            scope.spawn(move || {
                for (number, block) in work {
                    if to_sink.send((number, parse(&block))).is_err() {
                        break;
                    }
                }
            });
        }
        drop((work, to_sink));
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, parsed) in done {
            waiting.insert(number, parsed);
            while let Some(parsed) = waiting.remove(&next) {
                parsed.and_then(&mut sink).map_err(|e| e.at(path))?;
                next += 1;
            }
        }
        // A reader that panicked has told why.
        reader.join().unwrap_or_else(|_| Err(Error::gazetteer("reading stopped").at(path)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn lines(path: &Path) -> Result<Vec<String>> {
        let mut found = Vec::new();
        each_block(
            path,
            |block| block.lines().map(|(n, line)| Ok(format!("{n}:{}", line?))).collect::<Result<Vec<_>>>(),
            |lines| {
                found.extend(lines);
                Ok(())
            },
        )?;
        Ok(found)
    }

    #[test]
    fn unpacks_by_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let text = b"\xEF\xBB\xBFone\r\n\n# no\nfour";
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(text).unwrap();
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("readme.txt", &b"no table"[..]), ("XX.txt", text)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        for (i, packed) in [
            text.to_vec(),
            gz.finish().unwrap(),
            xz.finish().unwrap(),
            zstd::encode_all(&text[..], 1).unwrap(),
            zip.finish().unwrap().into_inner(),
        ]
        .into_iter()
        .enumerate()
        {
            let path = folder.path().join(i.to_string());
            std::fs::write(&path, &packed).unwrap();
            assert_eq!(lines(&path).unwrap(), ["1:one", "4:four"], "{i}");
            if i > 0 {
                std::fs::write(&path, &packed[..packed.len() - 9]).unwrap();
                assert!(lines(&path).unwrap_err().path().is_some(), "{i} cut off");
            }
        }
    }

    #[test]
    fn long_files_keep_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        let text = (1..=400_000).fold(String::new(), |text, n| text + &format!("row {n}\n"));
        std::fs::write(&path, text).unwrap();
        let found = lines(&path).unwrap();
        assert_eq!(found.len(), 400_000);
        assert!((1..).zip(&found).all(|(n, line)| *line == format!("{n}:row {n}")));
    }
}
