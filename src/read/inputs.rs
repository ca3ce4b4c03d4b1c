//! From the arguments of a command line to the files to read.

use super::detect;
use crate::error::{Error, Result};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// An address.
    Url(String),
}

impl Input {
    /// Its name in messages and article ids.
    pub fn name(&self) -> String {
        match self {
            // The same id on every system.
            Self::Path(path) => path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"),
            Self::Stdin => "-".to_owned(),
            Self::Url(url) => url.clone(),
        }
    }

    /// Its name without folder and extension, to call an output after it.
    pub fn stem(&self) -> String {
        match self {
            Self::Path(path) => path.file_stem().map_or_else(|| "map".to_owned(), |s| s.to_string_lossy().into_owned()),
            Self::Stdin => "stdin".to_owned(),
            Self::Url(url) => {
                let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
                let last = path.rsplit('/').next().unwrap_or(path);
                last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned()
            }
        }
    }

    /// Whether a folder is searched for files like this.
    fn is_wanted(&self) -> bool {
        matches!(self, Self::Path(path) if detect::is_wanted(&path.to_string_lossy()) && path.is_file())
    }
}

/// The files that arguments stand for.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What to read, in order: arguments as given, the files of a folder sorted by path.
    pub found: Vec<Input>,
    /// Arguments that stand for nothing.
    pub errors: Vec<Error>,
    /// Files in folders that no reader takes.
    pub passed_over: u64,
}

impl Inputs {
    /// Expands files, folders (with all below, hidden files left out), glob patterns, addresses and `-`. No argument at all is
    /// standard input. What a folder holds that no reader takes is passed over, and counted.
    ///
    /// # Errors
    /// When an argument is a pattern that cannot be understood.
    pub fn expand<S: AsRef<str>>(arguments: &[S]) -> Result<Self> {
        let mut inputs = Self::default();
        if arguments.is_empty() {
            inputs.found.push(Input::Stdin);
        }
        for argument in arguments {
            inputs.add(argument.as_ref())?;
        }
        // A file that two arguments stand for is read once.
        let mut seen = HashSet::new();
        inputs.found.retain(|input| seen.insert(input.name()));
        Ok(inputs)
    }

    /// Adds the addresses that a file lists, one a line; empty lines and those that begin with `#` are none.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is no address.
    pub fn add_urls(&mut self, list: &Path) -> Result<()> {
        let text = std::fs::read_to_string(list).map_err(|e| Error::from(e).at(list))?;
        let mut seen: HashSet<String> = self.found.iter().map(Input::name).collect();
        for (line, number) in text.lines().zip(1..) {
            let url = line.trim();
            if url.is_empty() || url.starts_with('#') {
                continue;
            }
            if !is_url(url) {
                let wrong = format!("{url:?} is no address: it must begin with https:// or http://");
                return Err(Error::usage(wrong).at(list).on_line(number));
            }
            if seen.insert(url.to_owned()) {
                self.found.push(Input::Url(url.to_owned()));
            }
        }
        Ok(())
    }

    fn add(&mut self, argument: &str) -> Result<()> {
        let path = Path::new(argument);
        if argument == "-" {
            self.found.push(Input::Stdin);
        } else if path.is_dir() {
            self.add_folder(path);
        } else if path.exists() {
            self.found.push(Input::Path(path.to_path_buf()));
        } else if is_url(argument) {
            self.found.push(Input::Url(argument.to_owned()));
        } else if argument.contains(['*', '?', '[', '{']) {
            self.add_pattern(argument)?;
        } else {
            let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "no such file or folder");
            self.errors.push(Error::from(missing).at(path));
        }
        Ok(())
    }

    fn add_folder(&mut self, folder: &Path) {
        let (wanted, others): (Vec<Input>, Vec<Input>) = self.files(folder).into_iter().partition(Input::is_wanted);
        if wanted.is_empty() {
            let nothing = "no article in this folder: it holds no file that can be read, such as .txt, .html or .jsonl";
            self.errors.push(Error::usage(nothing).at(folder));
        }
        self.passed_over += others.len() as u64;
        self.found.extend(wanted);
    }

    fn add_pattern(&mut self, pattern: &str) -> Result<()> {
        let bad = |e: globset::Error| Error::usage(format!("{pattern}: {e}"));
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build().map_err(bad)?.compile_matcher();
        // The folder before the first wildcard.
        let fixed = pattern.split(['*', '?', '[', '{']).next().unwrap_or_default();
        let base = fixed.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        let mut files = self.files(Path::new(base));
        files.retain(|i| glob.is_match(i.name().trim_start_matches("./")) || glob.is_match(i.name()));
        if files.is_empty() {
            let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "no file matches this pattern");
            self.errors.push(Error::from(missing).at(pattern));
        }
        self.found.extend(files);
        Ok(())
    }

    /// All files below a folder, by path, hidden ones left out.
    fn files(&mut self, folder: &Path) -> Vec<Input> {
        let mut files = Vec::new();
        for entry in
            ignore::WalkBuilder::new(folder).standard_filters(false).hidden(true).sort_by_file_path(Ord::cmp).build()
        {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_dir()) => {}
                Ok(entry) => files.push(Input::Path(entry.into_path())),
                Err(error) => self.errors.push(Error::from(std::io::Error::other(error.to_string())).at(folder)),
            }
        }
        files
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_patterns_and_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a.md", "c.png", ".hidden.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let all = folder.path().to_str().unwrap().to_owned();
        let inputs = Inputs::expand(std::slice::from_ref(&all)).unwrap();
        let names: Vec<_> = inputs.found.iter().map(|i| i.name()[all.len() + 1..].to_owned()).collect();
        assert_eq!((names, inputs.passed_over), (vec!["a.md".to_owned(), "b.txt".into()], 1));
        assert_eq!(Inputs::expand(&[format!("{all}/*.t?t")]).unwrap().found.len(), 1);
        assert_eq!(Inputs::expand(&[format!("{all}/none.txt")]).unwrap().errors.len(), 1);
        assert_eq!(Inputs::expand(&["https://example.org/a"]).unwrap().found[0].stem(), "a");
    }
}
