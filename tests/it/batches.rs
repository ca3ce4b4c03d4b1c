//! Batches: an output for each input, updates, runs that are stopped and go on.

use crate::support::{collection, lines, mentionmap_in, root, text};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::{TempDir, tempdir};

/// A folder with articles in folders.
fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("a.txt", "Rain fell in Latvia.");
    write("a.md", "Snow fell in *Estonia*.");
    write("deep/er/b.jsonl", "{\"id\": \"b\", \"text\": \"Hail fell in Lithuania.\"}\n");
    write("deep/none.jsonl", "");
    folder
}

/// All files below a folder with their content.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn written(folder: &Path) -> BTreeMap<String, SystemTime> {
    let out = folder.join("out");
    let layers = tree(&out).into_keys().filter(|name| name.ends_with(".geojson"));
    layers.map(|name| (name.clone(), fs::metadata(out.join(name)).unwrap().modified().unwrap())).collect()
}

const PER_INPUT: [&str; 5] = ["map", "in", "-o", "out/", "--per-input"];

#[test]
fn an_output_for_each_input_in_folders_like_theirs() {
    let folder = folder();
    let run = mentionmap_in(folder.path(), &PER_INPUT, "");
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("3 articles") && run.err.contains("to 4 files in out/"), "{}", run.err);
    let names: Vec<String> = written(folder.path()).into_keys().collect();
    assert_eq!(names, ["a.md.geojson", "a.txt.geojson", "deep/er/b.jsonl.geojson", "deep/none.jsonl.geojson"]);
    let layer = |name: &str| collection(&fs::read_to_string(folder.path().join("out").join(name)).unwrap()).features;
    assert_eq!(text(&layer("a.md.geojson")[0], "place"), "Estonia");
    assert_eq!(text(&layer("deep/er/b.jsonl.geojson")[0], "place"), "Lithuania");
    assert!(layer("deep/none.jsonl.geojson").is_empty());
}

#[test]
fn an_input_that_fails_has_no_output_and_the_rest_has() {
    let folder = folder();
    fs::write(folder.path().join("in/broken.txt"), b"\0\0").unwrap();
    let run = mentionmap_in(folder.path(), &PER_INPUT, "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("in/broken.txt: "), "{}", run.err);
    assert_eq!(written(folder.path()).len(), 4);
}

#[test]
fn two_inputs_never_share_an_output() {
    let folder = folder();
    let run = mentionmap_in(folder.path(), &["map", "in", "in/deep/er", "in/a.txt", "-o", "out", "--per-input"], "");
    assert_eq!(run.code, 0, "a file that is named twice is one: {}", run.err);
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/a.txt"), "Fog in Finland.").unwrap();
    let run = mentionmap_in(folder.path(), &["map", "in", "other", "-o", "new", "--per-input"], "");
    assert!(run.code == 2 && run.err.contains("other/a.txt") && run.err.contains("two runs"), "{}", run.err);
    assert!(!folder.path().join("new").exists());
}

#[test]
fn updates_map_what_has_changed() {
    let folder = folder();
    let update = |more: &[&str]| {
        let run = mentionmap_in(folder.path(), &[&PER_INPUT, &["--update"][..], more].concat(), "");
        assert!(run.code <= 1, "{}", run.err);
        run
    };
    assert_eq!(update(&[]).code, 0);
    let first = written(folder.path());
    std::thread::sleep(Duration::from_millis(20));
    let again = update(&[]);
    assert!(again.err.contains("4 inputs unchanged") && again.err.starts_with("0 articles"), "{}", again.err);
    assert_eq!(written(folder.path()), first);
    let changed = |before: &BTreeMap<String, SystemTime>| -> Vec<String> {
        written(folder.path())
            .into_iter()
            .filter(|(name, time)| before.get(name) != Some(time))
            .map(|(n, _)| n)
            .collect()
    };
    // Content, a missing output, and one that somebody cut off.
    fs::write(folder.path().join("in/a.txt"), "Rain fell in Poland.").unwrap();
    fs::remove_file(folder.path().join("out/a.md.geojson")).unwrap();
    fs::write(folder.path().join("out/deep/none.jsonl.geojson"), "{").unwrap();
    let before = written(folder.path());
    assert!(update(&[]).err.contains("1 input unchanged"));
    assert_eq!(changed(&before), ["a.md.geojson", "a.txt.geojson", "deep/none.jsonl.geojson"]);
    // Touched, but the same.
    fs::write(folder.path().join("in/a.txt"), "Rain fell in Poland.").unwrap();
    assert!(update(&[]).err.contains("4 inputs unchanged"));
    // Other options, other results; jobs and messages make no difference.
    assert!(update(&["-j", "1", "--errors", "e.jsonl"]).err.contains("4 inputs unchanged"));
    assert!(!update(&["--min-confidence", "0.5"]).err.contains("unchanged"));
    // Another gazetteer.
    fs::write(folder.path().join("mine.csv"), "name,latitude,longitude\nCamp Xyzzy,1,2\n").unwrap();
    let gazetteer = ["--gazetteer", "world", "--gazetteer", "mine.csv"];
    assert!(!update(&gazetteer).err.contains("unchanged"));
    assert!(update(&gazetteer).err.contains("4 inputs unchanged"));
    fs::write(folder.path().join("mine.csv"), "name,latitude,longitude\nCamp Xyzzy,1,3\n").unwrap();
    assert!(!update(&gazetteer).err.contains("unchanged"));
    // What failed is tried again.
    fs::write(folder.path().join("in/broken.jsonl"), "{\"text\": \"Fog in Finland.\"}\n{").unwrap();
    assert_eq!(update(&gazetteer).code, 1);
    assert_eq!(update(&gazetteer).code, 1);
    // A ledger whose last line a killed run left half-written.
    let ledger = folder.path().join("out/.mentionmap-update.jsonl");
    let half = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, &half[..half.len() - 20]).unwrap();
    assert!(update(&gazetteer).err.contains("3 inputs unchanged"));
}

/// An archive that takes a while, with a broken record now and then.
fn archive(path: &Path, articles: usize) {
    let mut paragraphs = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(root().join("examples/articles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        paragraphs.extend(fs::read_to_string(file).unwrap().split("\n\n").filter(|p| p.len() > 40).map(str::to_owned));
    }
    let record = |i: usize| {
        let body: Vec<&str> = (0..6).map(|k| paragraphs[(i * 7 + k * 31) % paragraphs.len()].as_str()).collect();
        if i % 97 == 50 {
            "{broken\n".to_owned()
        } else {
            format!("{}\n", serde_json::json!({"text": body.join("\n\n")}))
        }
    };
    fs::write(path, (0..articles).map(record).collect::<String>()).unwrap();
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a run again and again at moments that seem random, until one comes to its end; the result must be that of a
/// run that nobody disturbed. `MENTIONMAP_KILLS` sets how often, `MENTIONMAP_KILL_ARTICLES` how long the run is (the
/// defaults are short).
#[test]
fn a_killed_run_goes_on_to_the_same_result() {
    let set = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let kills = set("MENTIONMAP_KILLS").unwrap_or(2);
    let folder = tempdir().unwrap();
    archive(&folder.path().join("a.jsonl"), set("MENTIONMAP_KILL_ARTICLES").unwrap_or(1_500) as usize);
    fs::write(folder.path().join("b.txt"), "Fog lay over Iceland.").unwrap();
    for (output, per) in [
        ("map.geojson", "article"),
        ("map.geojsonl", "mention"),
        ("map.geojsons", "article"),
        ("map.csv", "mention"),
        ("map.kml", "article"),
    ] {
        let arguments = ["map", "-j", "2", "a.jsonl", "gone.txt", "b.txt", "--per", per, "--errors"];
        let plain_output = format!("plain-{output}");
        let plain = [&arguments[..], &["plain.jsonl", "-o", &plain_output]].concat();
        let began = Instant::now();
        assert_eq!(mentionmap_in(folder.path(), &plain, "").code, 1);
        let mut whole = began.elapsed();
        let resumed = [&arguments[..], &["errors.jsonl", "-o", output, "--resume"]].concat();
        let (mut killed, mut seed) = (0, 0x9E37_79B9_u64);
        let final_code = loop {
            let mut child = start(folder.path(), &resumed);
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let share = 200 + (seed >> 33) % 800;
            let until = Instant::now() + whole.mul_f64(share as f64 / 1000.0).max(Duration::from_millis(20));
            let code = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break status.code();
                }
                if killed < kills && Instant::now() > until {
                    child.kill().unwrap();
                    let status = child.wait().unwrap();
                    // It may have come to its end just before.
                    if status.code().is_some() {
                        break status.code();
                    }
                    killed += 1;
                    assert!(!folder.path().join(output).exists(), "nothing half-written under the final name");
                    break None;
                }
                std::thread::sleep(Duration::from_millis(2));
            };
            if code.is_some() && killed == 0 {
                // It was over too soon: once more from the start, and sooner.
                fs::remove_file(folder.path().join(output)).unwrap();
                whole /= 2;
            } else if code.is_some() {
                break code;
            }
        };
        assert_eq!(final_code, Some(1), "as the whole run: some inputs failed");
        let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
        assert!(read(output) == read(&plain_output), "{output} differs after {killed} kills");
        assert!(read("errors.jsonl") == read("plain.jsonl"), "the list of errors differs");
        eprintln!("{output}: killed {killed} times; a run takes {whole:.1?}");
        let left: Vec<String> =
            tree(folder.path()).into_keys().filter(|n| n.contains(".part") || n.contains("journal")).collect();
        assert!(left.iter().all(|name| name.starts_with(".mentionmap-")), "{left:?}");
    }
}

#[test]
fn a_journal_of_another_run_is_not_gone_on_from() {
    let folder = tempdir().unwrap();
    archive(&folder.path().join("a.jsonl"), 1500);
    let arguments = ["map", "-j", "1", "a.jsonl", "-o", "map.geojsonl", "--resume"];
    let journal = folder.path().join("map.geojsonl.journal");
    let mut child = start(folder.path(), &arguments);
    while !journal.exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before its first note");
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = mentionmap_in(folder.path(), &arguments, "");
    assert!(second.code == 2 && second.err.contains("another run"), "{}", second.err);
    child.kill().unwrap();
    child.wait().unwrap();
    for more in [&["--min-confidence", "0.3"][..], &["--per", "mention"]] {
        let run = mentionmap_in(folder.path(), &[&arguments[..], more].concat(), "");
        assert!(run.code == 2 && run.err.contains("map.geojsonl.journal"), "{}", run.err);
    }
    // What cannot be gone on with says so at once, and what can be.
    for never in [&["-o", "p.geojson", "--per", "place"][..], &["-o", "p.gpkg"], &["-o", "p.fgb"], &["-o", "p.html"]] {
        let run = mentionmap_in(folder.path(), &[&["map", "a.jsonl", "--resume"], never].concat(), "");
        let able = "in the formats geojson, geojsonseq, geojsonl, csv, kml;";
        assert!(run.code == 2 && run.err.contains("--resume goes with") && run.err.contains(able), "{}", run.err);
        assert!(!folder.path().join(never[1]).exists());
    }
    let run = mentionmap_in(folder.path(), &arguments, "");
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(!journal.exists() && run.err.contains("1,485 articles"), "{}", run.err);
    assert!(lines(&fs::read_to_string(folder.path().join("map.geojsonl")).unwrap()).len() > 1000);
}

#[test]
fn ids_that_repeat_are_told() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.jsonl"), "{\"id\": 1, \"text\": \"Rain in Latvia.\"}\n").unwrap();
    fs::write(folder.path().join("b.jsonl"), "{\"id\": 1, \"text\": \"Rain in Estonia.\"}\n").unwrap();
    let run = mentionmap_in(folder.path(), &["map", "a.jsonl", "b.jsonl"], "");
    assert!(run.code == 0 && run.err.contains("1 article has the id of another one (such as \"1\")"), "{}", run.err);
    let run = mentionmap_in(folder.path(), &["map", "a.jsonl", "b.jsonl", "--id-field", ""], "");
    assert!(!run.err.contains("id of another") && run.out.contains("\"b.jsonl:1\""), "{}", run.err);
}

#[test]
fn long_runs_tell_how_far_they_are() {
    let folder = tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder.path())
        .args(["map", "--input-format", "jsonl", "-o", "m.geojsonl"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let record = format!("{}\n", r#"{"id": "", "text": "Rain fell in Latvia."}"#);
    std::io::Write::write_all(&mut input, record.repeat(3000).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(5300));
    std::io::Write::write_all(&mut input, record.repeat(3000).as_bytes()).unwrap();
    drop(input);
    let end = child.wait_with_output().unwrap();
    let err = String::from_utf8(end.stderr).unwrap();
    assert!(err.lines().any(|line| line.contains(" articles, ") && line.ends_with("/s")), "{err}");
    assert!(!err.contains('\u{1B}'), "no terminal, no bar: {err}");
}
