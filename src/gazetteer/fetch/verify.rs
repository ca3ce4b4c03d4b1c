//! Whether a file that has come is sound.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// What is wrong with a file.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be read from the disk.
    Io(io::Error),
    /// It was damaged on its way: another attempt may help.
    Damaged(String),
    /// It is something else: another attempt does not help.
    Foreign(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Checks the file at `path`, which is to be called `name`.
///
/// An archive must hold a table of its own name, and every member's checksum must agree. Of a table itself there is
/// no checksum; that it is no web page is all that can be said.
pub(super) fn check(path: &Path, name: &str) -> Result<(), Fault> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    let text = start.trim_ascii_start().to_ascii_lowercase();
    if text.starts_with(b"<!doctype") || text.starts_with(b"<html") {
        return Err(Fault::Foreign("the answer is a web page; is there a proxy or a login page in between?"));
    }
    let Some(stem) = name.rsplit('/').next().and_then(|name| name.strip_suffix(".zip")) else {
        return if text.is_empty() { Err(Fault::Damaged("the file is empty".to_owned())) } else { Ok(()) };
    };
    let damaged = |error: ZipError| match error {
        ZipError::Io(error) if !is_content(&error) => Fault::Io(error),
        error => Fault::Damaged(format!("damaged archive: {error}")),
    };
    let mut archive = ZipArchive::new(io::BufReader::new(File::open(path)?)).map_err(damaged)?;
    if archive.index_for_name(&format!("{stem}.txt")).is_none() {
        return Err(Fault::Foreign("the archive does not hold a table of its own name; is this GeoNames' export?"));
    }
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).map_err(damaged)?;
        // Reading to the end checks length and CRC-32.
        io::copy(&mut member, &mut io::sink()).map_err(|e| damaged(ZipError::Io(e)))?;
    }
    Ok(())
}

/// Whether an I/O error comes from what was read and not from reading it.
fn is_content(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof | Other)
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => hash.update(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let mut digits = String::with_capacity(64);
    for byte in hash.finalize() {
        _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn archive(member: &str) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(member, SimpleFileOptions::default()).unwrap();
        let row = |id: u32| format!("{id}\t{}\n", id.wrapping_mul(2_654_435_761));
        let rows = (0..200).fold(String::new(), |rows, id| rows + &row(id));
        zip.write_all(rows.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn checked(bytes: &[u8], name: &str) -> Result<(), Fault> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        check(file.path(), name)
    }

    #[test]
    fn every_cut_and_every_flipped_byte_of_the_data_shows() {
        let whole = archive("SY.txt");
        assert!(checked(&whole, "alternatenames/SY.zip").is_ok());
        for cut in (1..whole.len()).step_by(7) {
            assert!(matches!(checked(&whole[..cut], "SY.zip"), Err(Fault::Damaged(_))), "cut at {cut}");
        }
        for at in 40..whole.len() / 2 {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            assert!(matches!(checked(&flipped, "SY.zip"), Err(Fault::Damaged(_))), "flipped at {at}");
        }
    }

    #[test]
    fn something_else_is_not_tried_again() {
        assert!(matches!(checked(b"\n<!DOCTYPE html><title>Log in</title>", "SY.zip"), Err(Fault::Foreign(_))));
        assert!(matches!(checked(b"<html>", "countryInfo.txt"), Err(Fault::Foreign(_))));
        assert!(matches!(checked(&archive("IQ.txt"), "SY.zip"), Err(Fault::Foreign(_))));
        assert!(matches!(checked(b"", "countryInfo.txt"), Err(Fault::Damaged(_))));
        assert!(checked(b"#ISO\n", "countryInfo.txt").is_ok());
    }

    #[test]
    fn sha256_is_fips_180() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(file.path()).unwrap(), digest);
    }
}
