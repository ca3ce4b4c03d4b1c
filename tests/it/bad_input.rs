//! Input that is broken and output that cannot be written: said clearly, and the rest is mapped all the same.

use crate::support::{Run, collection, mentionmap_in, root, text};
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::{TempDir, tempdir};

const RAIN: &str = "Rain fell in Latvia on Monday.\n";

/// A folder with this content in `broken`, and a good article in `good.txt`.
fn folder(broken: &str, content: &[u8]) -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join(broken), content).unwrap();
    fs::write(folder.path().join("good.txt"), RAIN).unwrap();
    folder
}

/// Maps the broken input and then the good one; checks that the good one came through, and gives what was said.
fn said(broken: &str, content: &[u8]) -> String {
    let folder = folder(broken, content);
    let run = mentionmap_in(folder.path(), &["map", "-q", broken, "good.txt"], "");
    assert_eq!(run.code, 1, "{}", run.err);
    let features = collection(&run.out).features;
    assert_eq!(features.iter().map(|f| text(f, "article")).collect::<Vec<_>>(), ["good.txt"]);
    assert_eq!(run.err.lines().count(), 1, "one message for one input: {}", run.err);
    let message = run.err.strip_prefix("mentionmap: ").unwrap();
    assert!(
        message.starts_with(&format!("{broken}: ")) || message.starts_with(&format!("{broken}:1: ")),
        "names the input: {message}"
    );
    message.trim_end().to_owned()
}

#[test]
fn empty_files() {
    for content in ["", "\n \n", "\u{FEFF}"] {
        assert!(said("empty.txt", content.as_bytes()).contains("empty"));
    }
    assert!(said("empty.md", b"").contains("empty"));
    assert!(said("markup.md", b"<!-- nothing -->\n").contains("empty"));
    assert!(said("no-extension", b"").contains("empty"));
}

#[test]
fn an_empty_archive_is_a_map_without_features() {
    let folder = folder("none.jsonl", b"");
    let run = mentionmap_in(folder.path(), &["map", "none.jsonl", "-q"], "");
    assert!(run.features().is_empty());
}

#[test]
fn binary_files() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0";
    assert!(said("picture.txt", png).contains("not a text file"));
    assert!(said("picture", png).contains("not a text file"));
    assert!(said("picture.md", png).contains("not a text file"));
    let message = said("picture.jsonl", b"\0\x01\x02\0");
    assert!(message.contains("binary") || message.contains("JSON"), "says what was expected: {message}");
}

#[test]
fn bytes_that_are_not_utf8_far_into_a_file() {
    // What starts as UTF-8 is taken for it; a line that is not is an error of its own.
    let good = format!("{}\n", r#"{"text": "Rain fell in Salé é."}"#).repeat(3000);
    let bad = [good.as_bytes(), b"{\"text\": \"Pluie \xE0 Orl\xE9ans\"}\n"].concat();
    let folder = folder("long.jsonl", &bad);
    let run = mentionmap_in(folder.path(), &["map", "-q", "long.jsonl", "--per", "place", "--id-field", ""], "");
    assert!(run.code == 1 && run.err.starts_with("mentionmap: long.jsonl:3001: "), "{}", run.err);
}

#[test]
fn a_broken_line_between_others() {
    let folder = folder("x.jsonl", b"{\"id\": \"a\", \"text\": \"Rain in Latvia.\"}\n{\"id\": \"b\", \"text\": \"Rain in\n\n{\"id\": \"c\", \"text\": \"Rain in Estonia.\"}\n{\"id\": \"d\"}\n[1]\n{\"id\": \"e\", \"text\": \"Rain in Finland.\"}");
    let run = mentionmap_in(folder.path(), &["map", "x.jsonl"], "");
    assert_eq!(run.code, 1);
    assert_eq!(collection(&run.out).features.iter().map(|f| text(f, "article")).collect::<Vec<_>>(), ["a", "c", "e"]);
    let starts: Vec<&str> = run.err.lines().map(|line| line.split(": ").nth(1).unwrap_or(line)).collect();
    assert_eq!(starts[..3], ["x.jsonl:2", "x.jsonl:5", "x.jsonl:6"], "{}", run.err);
    assert!(
        run.err.lines().last().unwrap().contains("3 articles") && run.err.contains("3 inputs failed"),
        "{}",
        run.err
    );
}

#[test]
fn odd_records_do_no_harm() {
    let deep = format!("{{\"text\": \"Rain in Latvia.\", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for record in [
        deep.as_str(),
        "{\"text\": \"\\ud800 Latvia\"}",
        "{\"text\": [\"Latvia\"]}",
        "{\"text\": null}",
        "\"Latvia\"",
        "{\"text\": \"Latvia\"} {",
        "{\"text\": \"La",
    ] {
        let message = said("odd.jsonl", record.as_bytes());
        assert!(message.starts_with("odd.jsonl:1: ") && message.len() < 300, "{message}");
    }
    // Odd, but articles.
    for record in [
        "{\"text\": \"NUL \\u0000 in Latvia.\"}",
        "{\"text\": \"\"}",
        "{\"text\": \"\\uFEFF\\r\\n\\t\"}",
        "{\"id\": 1e400, \"text\": \"Latvia\"}",
        "{\"id\": [], \"text\": \"Latvia\", \"date\": {}}",
    ] {
        let run = mentionmap_in(&root(), &["map", "-q", "--input-format", "jsonl"], record);
        assert!(run.code <= 1 && !run.err.contains("panicked"), "{record}: {}", run.err);
        collection(&run.out);
    }
}

#[test]
fn a_missing_file() {
    let folder = folder("unused", b"");
    let run = mentionmap_in(folder.path(), &["map", "-q", "no/such.txt", "good.txt", "nor-this"], "");
    assert_eq!(run.code, 1);
    assert_eq!(collection(&run.out).features.len(), 1);
    let messages: Vec<&str> = run.err.lines().collect();
    assert!(
        messages.len() == 2
            && messages[0].starts_with("mentionmap: no/such.txt: ")
            && messages[1].starts_with("mentionmap: nor-this: "),
        "{messages:?}"
    );
}

/// A line of 200 MB is refused without keeping it, in a text file as well as in an archive, and the rest is mapped.
#[test]
fn a_line_of_200_megabytes() {
    let folder = tempdir().unwrap();
    let file = |name: &str, before: &str, after: &str| {
        let mut to = fs::File::create(folder.path().join(name)).unwrap();
        to.write_all(before.as_bytes()).unwrap();
        let megabyte = "Latvia ".repeat((1 << 20) / 7);
        for _ in 0..201 {
            to.write_all(megabyte.as_bytes()).unwrap();
        }
        to.write_all(after.as_bytes()).unwrap();
    };
    file("long.txt", "", "");
    file(
        "long.jsonl",
        "{\"id\": \"first\", \"text\": \"Rain in Latvia.\"}\n{\"text\": \"",
        "\"}\n{\"id\": \"last\", \"text\": \"Rain in Estonia.\"}\n",
    );
    fs::write(folder.path().join("z.txt"), RAIN).unwrap();
    let (run, peak) = measured(folder.path(), &["map", "-q", "-j", "2", "long.txt", "long.jsonl", "z.txt"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        collection(&run.out).features.iter().map(|f| text(f, "article")).collect::<Vec<_>>(),
        ["first", "last", "z.txt"]
    );
    let messages: Vec<&str> = run.err.lines().collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[0].starts_with("mentionmap: long.txt: longer than 33554432 bytes")
            && messages[0].contains("--max-article-bytes"),
        "{messages:?}"
    );
    assert!(messages[1].starts_with("mentionmap: long.jsonl:2: longer than 33554432 bytes"), "{messages:?}");
    match peak {
        Some(bytes) => assert!(bytes < 150 << 20, "{} MB at its peak", bytes >> 20),
        None => eprintln!("skipped: no /proc to read the peak of memory from"),
    }
}

/// Runs the program, watching the most memory it ever holds.
fn measured(folder: &Path, arguments: &[&str]) -> (Run, Option<u64>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    // The output is short: it fits into the pipes.
    let code = loop {
        let high_water = fs::read_to_string(&status).ok().and_then(|s| {
            s.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        });
        peak = peak.max(high_water.map(|kilobytes| kilobytes * 1024));
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap();
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    };
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (Run { code, out, err }, peak)
}

#[test]
fn outputs_that_cannot_be_written() {
    let folder = folder("unused", b"");
    for output in ["no/such/map.geojson", "good.txt/map.geojson"] {
        for options in [&["-o", output][..], &["-o", "map.geojson", "--errors", output]] {
            let run = mentionmap_in(folder.path(), &[&["map", "good.txt"], options].concat(), "");
            assert_eq!(run.code, 2, "{options:?}");
            assert!(
                run.err.starts_with(&format!("mentionmap: {output}: ")) && run.err.lines().count() == 1,
                "{}",
                run.err
            );
            // The name of a temporary file is nobody's business.
            assert!(!run.err.contains(".part"), "{}", run.err);
            assert_eq!(content(folder.path()), ["good.txt", "unused"]);
        }
    }
    let run = mentionmap_in(folder.path(), &["map", "good.txt", "-o", "good.txt/"], "");
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(fs::read_to_string(folder.path().join("good.txt")).unwrap(), RAIN);
    // A list of errors is a file; a layer may go into a folder.
    fs::create_dir(folder.path().join("sub")).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "good.txt", "-o", "map.geojson", "--errors", "sub"], "");
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("mentionmap: sub: "), "{}", run.err);
    assert_eq!(content(folder.path()), ["good.txt", "sub", "unused"]);
}

/// Everything in a folder, hidden files too.
fn content(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let run = mentionmap_in(&root(), &["map", "examples/articles", "-q", "-f", "geojson", "-o", "/dev/full"], "");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("/dev/full"), "names what cannot be written: {}", run.err);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(root())
        .args(["map", "examples/articles", "-q"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!output.stderr.is_empty());
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [
        &["map", "examples/articles"][..],
        &["map", "examples/articles", "--per", "mention", "-f", "geojsonl", "-j", "1"],
        &["map", "examples/articles", "--per", "place", "-f", "geojsonseq"],
        &["gazetteer", "lookup", "San Antonio"],
        &["gazetteer", "info"],
        &["map", "--help"],
    ] {
        for lines_read in [0, 1] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
                .current_dir(root())
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            for _ in 0..lines_read {
                out.read_line(&mut String::new()).unwrap();
            }
            drop(out);
            let end = child.wait_with_output().unwrap();
            let err = String::from_utf8(end.stderr).unwrap();
            assert_eq!(end.status.code(), Some(0), "{arguments:?}: {err}");
            // Its summary may stand there when all was written before the pipe was closed.
            assert!(!err.contains("ipe") && !err.contains("panicked"), "{arguments:?}: {err}");
        }
    }
}

#[test]
fn a_failed_run_leaves_no_file_and_spoils_none() {
    let folder = folder("map.geojson", b"old");
    for arguments in [&["--gazetteer", "no.mentionmap"][..], &["--errors", "no/such/errors.jsonl"], &["[z-a].txt"]] {
        let arguments: Vec<&str> = ["map", "good.txt", "-o", "map.geojson"].iter().chain(arguments).copied().collect();
        assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 2);
        assert_eq!(content(folder.path()), ["good.txt", "map.geojson"]);
        assert_eq!(fs::read(folder.path().join("map.geojson")).unwrap(), b"old");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing() {
    for signal in ["INT", "TERM"] {
        interrupted(signal);
    }
}

#[cfg(unix)]
fn interrupted(signal: &str) {
    let folder = folder("map.geojson", b"old");
    let mut child = Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder.path())
        .args(["map", "-", "--input-format", "jsonl", "-o", "map.geojson", "--errors", "errors.jsonl"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{{\"text\": \"Rain in Latvia.\"}}").unwrap();
    input.flush().unwrap();
    // It has opened its output and waits for more.
    while content(folder.path()).len() < 4 {
        assert!(child.try_wait().unwrap().is_none(), "ended early");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read(folder.path().join("map.geojson")).unwrap(), b"old");
    assert_eq!(content(folder.path()), ["good.txt", "map.geojson"]);
}

#[test]
fn errors_are_listed_in_a_file() {
    let folder = folder("x.jsonl", b"{\"text\": \"Rain in Latvia.\"}\n{broken\n");
    let run = mentionmap_in(
        folder.path(),
        &["map", "-q", "x.jsonl", "gone.txt", "good.txt", "--errors", "errors.jsonl", "-o", "map.geojson"],
        "",
    );
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let listed = fs::read_to_string(folder.path().join("errors.jsonl")).unwrap();
    let records: Vec<serde_json::Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut found: Vec<(Option<&str>, Option<u64>)> =
        records.iter().map(|r| (r["path"].as_str(), r["line"].as_u64())).collect();
    found.sort_unstable();
    assert_eq!(found, [(Some("gone.txt"), None), (Some("x.jsonl"), Some(2))]);
    let mut kinds: Vec<&str> = records.iter().map(|r| r["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["io", "json"]);
    for record in &records {
        let keys: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["path", "line", "record", "kind", "message"]);
        assert!(run.err.contains(record["message"].as_str().unwrap()), "as on standard error: {record}");
    }
    assert_eq!(collection(&fs::read_to_string(folder.path().join("map.geojson")).unwrap()).features.len(), 2);
    // A run without errors leaves an empty list, not the old one.
    assert_eq!(
        mentionmap_in(folder.path(), &["map", "-q", "good.txt", "--errors", "errors.jsonl", "-o", "map.geojson"], "")
            .code,
        0
    );
    assert_eq!(fs::read_to_string(folder.path().join("errors.jsonl")).unwrap(), "");
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_do_no_harm() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("unused", b"");
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xE9.txt")), RAIN).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "-q", "."], "");
    assert_eq!((run.code, collection(&run.out).features.len()), (0, 2), "{}", run.err);
}
