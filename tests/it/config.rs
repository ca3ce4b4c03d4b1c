//! Options from a file and from the environment; completions and manuals.

use crate::support::{Run, mentionmap, mentionmap_in, program, text};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

const ARTICLE: &str = "The Paris Police Department sent two Syrian officers to Lyon.";

fn with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let output = program()
        .current_dir(folder)
        .envs(variables.iter().copied())
        .args(arguments)
        .write_stdin(ARTICLE)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn roles(run: &Run) -> Vec<String> {
    run.features().iter().map(|f| text(f, "role").to_owned()).collect()
}

#[test]
fn the_command_line_goes_before_variables_and_these_before_the_file() {
    let folder = tempdir().unwrap();
    let deep = folder.path().join("deep/er");
    fs::create_dir_all(&deep).unwrap();
    fs::write(folder.path().join("mentionmap.toml"), "[map]\nper = \"mention\"\nroles = [\"demonym\"]\nquiet = true\n")
        .unwrap();
    for here in [folder.path(), &deep] {
        let run = with(here, &[], &["map"]);
        assert_eq!((roles(&run), run.err.as_str()), (vec!["demonym".to_owned()], ""));
        let variables = [("MENTIONMAP_ROLES", "organization, place")];
        assert_eq!(roles(&with(here, &variables, &["map"])), ["organization", "place"]);
        assert_eq!(roles(&with(here, &variables, &["map", "--roles", "place"])), ["place"]);
    }
    // The nearest file counts, alone.
    fs::write(deep.join("mentionmap.toml"), "[map]\nper = \"mention\"\n").unwrap();
    assert_eq!(roles(&with(&deep, &[], &["map"])), ["place"]);
}

#[test]
fn paths_start_at_the_file() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("mine.csv"), "name,latitude,longitude\nLyon,1,2\n").unwrap();
    fs::write(
        folder.path().join("mentionmap.toml"),
        "[map]\ngazetteer = [\"world\", \"mine.csv\"]\nerrors = \"e.jsonl\"\n",
    )
    .unwrap();
    let run = with(&folder.path().join("sub"), &[], &["map"]);
    assert!(run.code == 0 && run.out.contains("mine.csv, not stated"), "{}", run.out);
    assert!(folder.path().join("e.jsonl").exists());
}

#[test]
fn what_is_in_force_is_shown_with_its_source() {
    let folder = tempdir().unwrap();
    fs::write(
        folder.path().join("mentionmap.toml"),
        "[map]\nmin_confidence = 0.25\nroles = [\"place\", \"demonym\"]\n",
    )
    .unwrap();
    let run = with(folder.path(), &[("MENTIONMAP_JOBS", "3")], &["config", "show"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let file = fs::canonicalize(folder.path()).unwrap().join("mentionmap.toml");
    for line in [
        format!("min-confidence = 0.25  # {}", file.display()),
        format!("roles = [\"place\", \"demonym\"]  # {}", file.display()),
        "jobs = 3  # MENTIONMAP_JOBS".into(),
        "per = \"article\"  # default".into(),
        "quiet = false  # default".into(),
        "# errors is not set".into(),
    ] {
        assert!(run.out.lines().any(|l| l == line), "{line} in\n{}", run.out);
    }
    // What it prints is such a file.
    fs::write(folder.path().join("mentionmap.toml"), &run.out).unwrap();
    let again = with(folder.path(), &[], &["config", "show"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("jobs = 3  # ") && again.out.contains("min-confidence = 0.25  # "));
}

#[test]
fn mistakes_in_the_file_are_told() {
    for (content, expected) in [
        ("[map]\nrolls = 1\n", "rolls"),
        ("[mop]\nper = 1\n", "mop"),
        ("per = \"place\"\n", "[map]"),
        ("[map]\nper = {a = 1}\n", "per"),
        ("[map]\nquiet = \"very\"\n", "true or false"),
        ("[map\n", "mentionmap.toml:1: "),
        ("[map]\nper = \"country\"\n", "mentionmap.toml"),
        ("[map]\nmin-confidence = 7\n", "mentionmap.toml"),
    ] {
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("mentionmap.toml"), content).unwrap();
        let run = with(folder.path(), &[], &["map"]);
        assert!(run.code == 2 && run.err.contains(expected) && run.out.is_empty(), "{content}: {}", run.err);
    }
}

#[test]
fn completions_and_manuals() {
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef mentionmap"), ("fish", "complete -c mentionmap")] {
        let run = mentionmap(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains(sign) && run.out.contains("min-confidence"), "{shell}: {}", run.err);
    }
    assert_eq!(mentionmap(&["completions", "abacus"]).code, 2);
    let page = mentionmap(&["man"]);
    assert!(page.code == 0 && page.out.contains(".TH mentionmap 1"), "{}", page.out);
    let page = mentionmap(&["man", "gazetteer", "fetch"]);
    assert!(page.code == 0 && page.out.contains("mirror"), "{}", page.out);
    assert_eq!(mentionmap(&["man", "fly"]).code, 2);
    let folder = tempdir().unwrap();
    assert_eq!(mentionmap_in(folder.path(), &["man", "--folder", "pages"], "").code, 0);
    for name in ["mentionmap.1", "mentionmap-map.1"] {
        assert!(folder.path().join("pages").join(name).exists(), "{name}");
    }
}
