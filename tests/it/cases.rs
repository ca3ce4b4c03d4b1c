//! The gold cases of `tests/cases/*.txt`; the rules are in the README there.

use crate::support::{compare_with_known, is_in, places_called, root};
use mentionmap::{Article, Gazetteer, Keep, Mapper, Place, Placement, Role};
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

/// Files of that folder that hold no cases.
const OTHER_FILES: [&str; 3] = ["spellings.txt", "known_failures.txt", "known_spelling_failures.txt"];

const HEADING: &str = "\
# What `cargo test` knows to fail: file, line of the case, the case's text, with tabs between.
# A case that fails and is not listed fails the tests; so does a listed one that passes.
# Written by: UPDATE_KNOWN_FAILURES=1 cargo test --test it cases
";

/// One block of a file.
#[derive(Debug)]
struct Case {
    file: String,
    line: usize,
    text: String,
    expectations: Vec<Expectation>,
}

/// One line of a block after its text.
#[derive(Debug)]
struct Expectation {
    /// As written, for messages.
    written: String,
    kind: Kind,
    surface: String,
    times: usize,
    answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Place,
    Organization,
    Demonym,
    Unplaced,
    None,
}

#[derive(Debug)]
struct Answer {
    name: String,
    country: String,
    feature: Option<String>,
}

impl Answer {
    fn is(&self, world: &Gazetteer, place: &Place<'_>) -> bool {
        let feature = place.feature();
        let right_feature = self
            .feature
            .as_ref()
            .is_none_or(|f| if f.len() == 1 { f.starts_with(feature.class()) } else { *f == feature.code() });
        right_feature
            && is_in(place, &self.country)
            && places_called(world, &self.name).any(|p| p.index() == place.index())
    }
}

fn parse(file: &str, source: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut inside = false;
    for (number, line) in source.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() {
            inside = false;
        } else if let Some(text) = line.strip_prefix("text: ") {
            assert!(!inside, "{file}:{}: a second text in one block", number + 1);
            inside = true;
            cases.push(Case {
                file: file.into(),
                line: number + 1,
                text: text.replace("\\n", "\n"),
                expectations: Vec::new(),
            });
        } else if !line.starts_with('#') {
            let case = cases
                .last_mut()
                .filter(|_| inside)
                .unwrap_or_else(|| panic!("{file}:{}: a block starts with its text", number + 1));
            case.expectations
                .push(expectation(line).unwrap_or_else(|why| panic!("{file}:{}: {why}: {line}", number + 1)));
        }
    }
    for case in &cases {
        assert!(!case.expectations.is_empty(), "{file}:{}: expects nothing", case.line);
        for e in &case.expectations {
            let found = occurrences(&case.text, &e.surface).len();
            assert!(found >= e.times, "{file}:{}: the text has {found} whole words {}", case.line, e.surface);
        }
    }
    cases
}

fn expectation(line: &str) -> Result<Expectation, &'static str> {
    let (kind, rest) = line.split_once(": ").ok_or("not of the form `kind: SURFACE`")?;
    let kind = match kind {
        "place" => Kind::Place,
        "org" => Kind::Organization,
        "demonym" => Kind::Demonym,
        "unplaced" => Kind::Unplaced,
        "none" => Kind::None,
        _ => return Err("unknown kind"),
    };
    let (surface, answer) = match rest.split_once(" = ") {
        Some((surface, answer)) => {
            let parts: Vec<&str> = answer.split(',').map(str::trim).collect();
            let (name, country, feature) = match parts[..] {
                [name, country] => (name, country, None),
                [name, country, feature] => (name, country, Some(feature.to_owned())),
                _ => return Err("an answer is NAME, CC or NAME, CC, F"),
            };
            if country != "-" && !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase())) {
                return Err("CC is two capital letters or -");
            }
            (surface, Some(Answer { name: name.into(), country: country.into(), feature }))
        }
        None => (rest, None),
    };
    match (kind, &answer) {
        (Kind::Place | Kind::Demonym, None) => return Err("an answer is missing"),
        (Kind::None | Kind::Unplaced, Some(_)) => return Err("`none` and `unplaced` have no answer"),
        _ => {}
    }
    let counted = surface.rsplit_once(" x").and_then(|(surface, times)| Some((surface, times.parse().ok()?)));
    let (surface, times) = counted.unwrap_or((surface, 1));
    Ok(Expectation { written: line.into(), kind, surface: surface.into(), times, answer })
}

/// Where `surface` stands as whole words; Arabic prefixes of one letter may precede it.
fn occurrences(text: &str, surface: &str) -> Vec<Range<usize>> {
    let starts_word = |before: &str| before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let is_whole = |at: usize| {
        let before = &text[..at];
        let prefixes = before.trim_end_matches(['و', 'ف', 'ب', 'ل', 'ك']);
        let starts = starts_word(before) || (before[prefixes.len()..].chars().count() <= 2 && starts_word(prefixes));
        // A surface such as "U.S." ends its word itself.
        let ends =
            text[at + surface.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric()) || surface.ends_with('.');
        starts && ends
    };
    text.match_indices(surface).map(|(at, _)| at).filter(|&at| is_whole(at)).map(|at| at..at + surface.len()).collect()
}

/// What a case came to: the expectations that failed, each with what the program said.
fn failures<'c>(case: &'c Case, mapper: &mut Mapper) -> Vec<(&'c Expectation, String)> {
    let map = mapper.map(Article::new("case", case.text.clone()));
    let world = mapper.gazetteer();
    let place_of = |p: &Placement| p.place.and_then(|place| world.place(place));
    let mut taken: Vec<(usize, &str)> = Vec::new();
    let mut failed = Vec::new();
    for e in &case.expectations {
        let spans = occurrences(&case.text, &e.surface);
        let on: Vec<(usize, &Placement)> = map
            .mentions
            .iter()
            .enumerate()
            .filter(|(_, p)| spans.iter().any(|s| p.mention.start < s.end && s.start < p.mention.end))
            .collect();
        let holds = |p: &Placement| {
            let role = match e.kind {
                Kind::Organization => p.mention.role == Role::Organization,
                Kind::Demonym => p.mention.role == Role::Demonym,
                Kind::Unplaced => p.place.is_none() && spans.contains(&(p.mention.start..p.mention.end)),
                Kind::Place | Kind::None => true,
            };
            role && e.answer.as_ref().is_none_or(|answer| place_of(p).is_some_and(|place| answer.is(world, &place)))
        };
        let passes = if e.kind == Kind::None {
            on.iter().all(|(_, p)| p.place.is_none())
        } else {
            // Two lines on one surface need two mentions.
            let meeting: Vec<usize> = on
                .iter()
                .filter(|(i, p)| holds(p) && !taken.contains(&(*i, &e.surface)))
                .map(|(i, _)| *i)
                .take(e.times)
                .collect();
            taken.extend(meeting.iter().map(|&i| (i, e.surface.as_str())));
            meeting.len() == e.times
        };
        if !passes {
            failed.push((e, said(&case.text, world, e, &on)));
        }
    }
    failed
}

/// What the program said of a surface, and whether the gazetteer could have told better.
fn said(text: &str, world: &Gazetteer, e: &Expectation, on: &[(usize, &Placement)]) -> String {
    let mut said = String::new();
    for (_, p) in on {
        let m = &p.mention;
        let place = p
            .place
            .and_then(|place| world.place(place))
            .map_or_else(|| "nowhere".to_owned(), |place| format!("{place:?}"));
        let why: Vec<_> = p.why.iter().map(|e| e.code()).collect();
        write!(
            said,
            "{:?} {} → {place} {:.2} [{}]; ",
            &text[m.start..m.end],
            m.role.as_str(),
            p.confidence,
            why.join(" ")
        )
        .unwrap();
    }
    if on.is_empty() {
        said.push_str("nothing; ");
    }
    if let Some(answer) = &e.answer {
        if !places_called(world, &answer.name).any(|place| answer.is(world, &place)) {
            said.push_str("GAZETTEER lacks the place");
        } else if !world.lookup(&e.surface).any(|(place, _)| answer.is(world, &place)) {
            said.push_str("GAZETTEER lacks the name");
        }
    }
    said
}

fn case_files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, path)| path.extension().is_some_and(|e| e == "txt") && !OTHER_FILES.contains(&name.as_str()))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn gold_cases() {
    let folder = root().join("tests/cases");
    let mut mapper = Mapper::new(Gazetteer::world().unwrap())
        .keep(Keep { roles: vec![Role::Place, Role::Organization, Role::Demonym], min_confidence: 0.0 });
    let (mut table, mut details, mut known) = (String::new(), String::new(), Vec::new());
    let mut all = [0; 4];
    for (file, source) in case_files(&folder) {
        let cases = parse(&file, &source);
        let mut counts = [cases.len(), 0, 0, 0];
        for case in &cases {
            let failed = failures(case, &mut mapper);
            counts[1] += usize::from(failed.is_empty());
            counts[2] += case.expectations.len();
            counts[3] += case.expectations.len() - failed.len();
            if !failed.is_empty() {
                writeln!(details, "\n{}:{}: {}", case.file, case.line, case.text.replace('\n', "\\n")).unwrap();
            }
            for (e, said) in failed {
                writeln!(details, "  {}\n      {said}", e.written).unwrap();
                known.push(format!("{}\t{}\t{}", case.file, e.written, case.text.replace('\n', "\\n")));
            }
        }
        row(&mut table, &file, counts);
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    row(&mut table, "all", all);
    let report = format!("{:<20} {:>12} {:>18}\n{table}{details}", "file", "cases", "lines");
    eprintln!("{report}");
    if let Some(path) = std::env::var_os("CASES_REPORT") {
        std::fs::write(path, &report).unwrap();
    }
    compare_with_known(&folder.join("known_failures.txt"), HEADING, &known);
}

fn row(table: &mut String, name: &str, [cases, passed, lines, held]: [usize; 4]) {
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    writeln!(
        table,
        "{name:<20} {passed:>4}/{cases:<4}{:>3.0} % {held:>6}/{lines:<5}{:>4.0} %",
        percent(passed, cases),
        percent(held, lines)
    )
    .unwrap();
}

#[test]
fn finds_whole_words() {
    assert_eq!(occurrences("Syrian Syria, Syria's", "Syria"), [7..12, 14..19]);
    assert_eq!(occurrences("U.S., a U.S.-led force", "U.S."), [0..4, 8..12]);
    let text = "التقى بدمشق";
    assert_eq!(occurrences(text, "دمشق").len(), 1);
    assert_eq!(occurrences("Sur le mur, à Sury, à Sur", "Sur"), [0..3, 24..27]);
}
