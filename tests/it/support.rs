//! What several tests need.

use geojson::{Feature, FeatureCollection, GeoJson};
use mentionmap::gazetteer::NameKind;
use mentionmap::{Gazetteer, Place};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a tool; says aloud that the test is skipped when there is none. `CI_REQUIRE_TOOLS=1` forbids skipping.
pub(crate) fn tool(name: &str, command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            assert!(std::env::var_os("CI_REQUIRE_TOOLS").is_none_or(|v| v != "1"), "{name} is required here: {error}");
            eprintln!("skipped: no {name}");
            None
        }
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reference material that lies beside the project and not within it. When it is absent the caller skips its test,
/// and this says so aloud.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let full = root().join("../shared").join(path);
    if full.exists() {
        return Some(full);
    }
    eprintln!("skipped: ../shared/{path} is absent");
    None
}

/// The places that `name` is a name of, ignoring what the gazetteer's normal form ignores and the article al-.
pub(crate) fn places_called<'g>(world: &'g Gazetteer, name: &str) -> impl Iterator<Item = Place<'g>> {
    let bare = ["Al-", "al-", "Al ", "El-"].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    let forms = [name.to_owned(), bare.to_owned(), format!("Al {bare}")];
    let found: Vec<Place<'g>> = forms
        .iter()
        .flat_map(|form| world.lookup(form))
        .filter(|(_, kind)| *kind != NameKind::Demonym)
        .map(|(place, _)| place)
        .collect();
    found.into_iter()
}

/// Whether `place` lies in the country `code`; `-` stands for any.
pub(crate) fn is_in(place: &Place<'_>, code: &str) -> bool {
    code == "-" || place.country() == code
}

/// Compares failures with a list of known ones, both ways; `UPDATE_KNOWN_FAILURES=1` writes the list anew.
pub(crate) fn compare_with_known(list: &Path, heading: &str, failures: &[String]) {
    let mut failures = failures.to_vec();
    failures.sort();
    if std::env::var_os("UPDATE_KNOWN_FAILURES").is_some_and(|value| value == "1") {
        let lines = failures.join("\n");
        std::fs::write(list, format!("{heading}{lines}\n")).unwrap();
        return;
    }
    let text = std::fs::read_to_string(list).unwrap_or_default();
    let mut known: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect();
    known.sort_unstable();
    let name = list.file_name().unwrap().to_string_lossy();
    let new: Vec<_> = failures.iter().filter(|line| known.binary_search(&line.as_str()).is_err()).collect();
    let gone: Vec<_> = known.iter().filter(|line| failures.binary_search(&(**line).to_owned()).is_err()).collect();
    for line in &new {
        eprintln!("fails, and is not in {name}:\n  {line}");
    }
    for line in &gone {
        eprintln!("no longer fails (or is no case any more), remove it from {name}:\n  {line}");
    }
    assert!(
        new.is_empty() && gone.is_empty(),
        "{} new failures, {} gone; see above, or run with UPDATE_KNOWN_FAILURES=1",
        new.len(),
        gone.len()
    );
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program in the root of the repository.
pub(crate) fn mentionmap<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Run {
    mentionmap_in(&root(), arguments, "")
}

/// Runs the program in `folder`, with `input` on its standard input.
pub(crate) fn mentionmap_in<S: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    arguments: &[S],
    input: impl Into<Vec<u8>>,
) -> Run {
    let output = program().current_dir(folder).args(arguments).write_stdin(input.into()).output().unwrap();
    Run {
        code: output.status.code().expect("ended by a signal"),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// The program, not started yet.
pub(crate) fn program() -> assert_cmd::Command {
    let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_mentionmap"));
    // Help is as wide as the terminal says.
    program.env_remove("COLUMNS");
    program
}

impl Run {
    /// The features of a layer on standard output, of a run that went well.
    pub(crate) fn features(&self) -> Vec<Feature> {
        assert_eq!(self.code, 0, "{}", self.err);
        collection(&self.out).features
    }
}

/// Parses a layer.
pub(crate) fn collection(text: &str) -> FeatureCollection {
    match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        other => panic!("no FeatureCollection: {other:?}"),
    }
}

/// Parses features one a line, with or without record separators.
pub(crate) fn lines(text: &str) -> Vec<Feature> {
    text.lines()
        .map(|line| line.trim_start_matches('\u{1E}').parse().unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// A property that is text.
pub(crate) fn text<'f>(feature: &'f Feature, name: &str) -> &'f str {
    let value = feature.property(name).unwrap_or_else(|| panic!("no {name}"));
    value.as_str().unwrap_or_else(|| panic!("{name} is {value}"))
}

/// A property that is a number.
pub(crate) fn number(feature: &Feature, name: &str) -> f64 {
    let value = feature.property(name).unwrap_or_else(|| panic!("no {name}"));
    value.as_f64().unwrap_or_else(|| panic!("{name} is {value}"))
}

/// The id of a feature; ours are text.
pub(crate) fn id(feature: &Feature) -> &str {
    match &feature.id {
        Some(geojson::feature::Id::String(id)) => id,
        other => panic!("id is {other:?}"),
    }
}
