//! `--per-input`: an output for each input, in folders like the inputs'; with `--update` only for those that changed.

use super::arguments::Map;
use super::map::Target;
use super::settings;
use crate::error::{Error, Result};
use crate::read::Input;
use crate::write::{Format, Output};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// The name of the file, in the folder of outputs, that remembers what each was made of.
const NAME: &str = ".mentionmap-update.jsonl";

/// What outputs were made of.
pub(super) struct Ledger {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
    /// Of this run, by output.
    pending: HashMap<PathBuf, Entry>,
    file: File,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    output: String,
    /// The hash of the input's content.
    content: String,
    /// The hash of options, gazetteer and program.
    settings: String,
    /// The output's length, in bytes.
    bytes: u64,
}

/// A target for each input, in `folder`. A file that was found in a folder keeps its path from there on; another one
/// its own path. Its whole name is kept, so that `a.txt` and `a.md` do not meet.
pub(super) fn targets(arguments: &Map, inputs: Vec<Input>, folder: &Path, format: Format) -> Result<Vec<Target>> {
    let mut taken: HashMap<PathBuf, String> = HashMap::new();
    let mut targets = Vec::with_capacity(inputs.len());
    for input in inputs {
        let mut path = folder.join(relative(&arguments.inputs, &input)).into_os_string();
        path.push(".");
        path.push(format.extension());
        let path = PathBuf::from(path);
        if let Some(other) = taken.insert(path.clone(), input.name()) {
            let message = format!("{other} and {} would both be written here; map them in two runs", input.name());
            return Err(Error::usage(message).at(path));
        }
        targets.push(Target { inputs: vec![input], path: Some(path), format });
    }
    Ok(targets)
}

fn relative(arguments: &[String], input: &Input) -> PathBuf {
    let normal = |path: &Path| -> PathBuf { path.components().filter(|c| matches!(c, Component::Normal(_))).collect() };
    match input {
        Input::Path(path) => {
            let mut folders = arguments.iter().map(Path::new).filter(|a| a.is_dir());
            let below = folders.find_map(|folder| path.strip_prefix(folder).ok());
            normal(below.unwrap_or(path))
        }
        Input::Stdin => "stdin".into(),
        Input::Url(url) => {
            let (_, rest) = url.split_once("://").unwrap_or(("", url));
            let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/') { c } else { '_' };
            normal(Path::new(&rest.trim_end_matches('/').chars().map(safe).collect::<String>()))
        }
    }
}

impl Ledger {
    /// Opens the ledger of a folder, which is made when it is not there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let open = || -> std::io::Result<(BTreeMap<String, Entry>, File)> {
            std::fs::create_dir_all(folder)?;
            // A line that a killed run did not finish is none; its input is mapped again.
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
            let entries: BTreeMap<_, _> = entries.map(|entry| (entry.output.clone(), entry)).collect();
            let mut file = File::options().create(true).append(true).open(&path)?;
            if !text.is_empty() && !text.ends_with('\n') {
                file.write_all(b"\n")?;
            }
            Ok((entries, file))
        };
        let (entries, file) = open().map_err(|e| Error::from(e).at(&path))?;
        Ok(Self { path, entries, pending: HashMap::new(), file })
    }

    /// Keeps the targets whose output is not there, or was made of something else. Gives them, and how many are left
    /// out.
    pub(super) fn changed(&mut self, targets: Vec<Target>, settings: &str, update: bool) -> (Vec<Target>, u64) {
        let before = targets.len();
        let mut changed = Vec::new();
        for target in targets {
            if let (Some(path), [Input::Path(input)]) = (&target.path, &target.inputs[..])
                && let Ok(content) = settings::hash_of_file(input)
            {
                let bytes = path.metadata().map_or(0, |m| m.len());
                let output = self.name(path);
                let entry = Entry { output: output.clone(), content, settings: settings.to_owned(), bytes };
                if update && bytes > 0 && self.entries.get(&output) == Some(&entry) {
                    continue;
                }
                self.pending.insert(path.clone(), entry);
            }
            changed.push(target);
        }
        let left_out = (before - changed.len()) as u64;
        (changed, left_out)
    }

    fn name(&self, path: &Path) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Notes that an output is written.
    pub(super) fn done(&mut self, path: &Path) -> Result<()> {
        let Some(mut entry) = self.pending.remove(path) else { return Ok(()) };
        entry.bytes = path.metadata().map_or(0, |m| m.len());
        let line = serde_json::to_string(&entry).unwrap_or_default();
        self.entries.insert(entry.output.clone(), entry);
        // One call a line: a killed run leaves whole lines, or a last one that is recognized as broken.
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|e| Error::from(e).at(&self.path))
    }

    /// Writes the ledger anew, without lines that are out of date.
    pub(super) fn finish(self) -> Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut file = Output::create(Some(&self.path))?;
        for entry in self.entries.values().filter(|entry| folder.join(&entry.output).is_file()) {
            writeln!(file, "{}", serde_json::to_string(entry).unwrap_or_default())?;
        }
        file.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_mirror_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap().to_owned();
        let named = |arguments: &[&str], input: Input| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            relative(&arguments, &input).to_string_lossy().into_owned()
        };
        let path = |path: String| Input::Path(path.into());
        assert_eq!(named(&[&root], path(format!("{root}/sub/a.txt"))), "sub/a.txt");
        assert_eq!(named(&["../x/a.txt"], path("../x/a.txt".into())), "x/a.txt");
        assert_eq!(named(&["-"], Input::Stdin), "stdin");
        let url = Input::Url("https://example.org/../a/b?c=d&e".into());
        assert_eq!(named(&[], url), "example.org/a/b_c_d_e");
    }
}
