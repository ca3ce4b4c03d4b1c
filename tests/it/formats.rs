//! Every format that can be read, as files are that mean well; `hazards.rs` has the others.

#[cfg(feature = "full")]
use crate::fixtures::COLUMNS;
use crate::fixtures::{ARTICLES, MANY, ONE, PACKERS, gz, places, run, written, written_of, zip};
use crate::support::{Run, collection, mentionmap_in, number, text};
use std::fs;
use tempfile::tempdir;

#[test]
fn the_same_articles_give_the_same_map() {
    // What an article is called and where it came from differs between formats; what is found must not.
    // How sure one is may differ a little: formats tell paragraphs apart in their own ways.
    let map = |run: &Run| -> Vec<(String, String, f64, f64)> {
        let mut features = collection(&run.out).features;
        features.pop();
        let mut found: Vec<_> = features
            .iter()
            .map(|f| {
                (
                    f.property("title").and_then(|t| t.as_str()).unwrap_or_default().to_owned(),
                    text(f, "place_id").to_owned(),
                    number(f, "mentions"),
                    number(f, "weight"),
                )
            })
            .collect();
        found.sort_by(|a, b| a.partial_cmp(b).unwrap());
        found
    };
    let expected = map(&run("a.jsonl", &written("jsonl"), &[]));
    assert!(expected.len() >= 12, "{expected:?}");
    #[cfg(feature = "full")]
    for extension in COLUMNS {
        assert_eq!(map(&run(&format!("a.{extension}"), &written(extension), &[])), expected, "{extension}");
    }
    for extension in MANY.iter().filter(|e| **e != "wet") {
        assert_eq!(map(&run(&format!("a.{extension}"), &written(extension), &[])), expected, "{extension}");
    }
    // The texts of a web archive have no headline of their own.
    let untitled = |map: Vec<(String, String, f64, f64)>| map.into_iter().map(|f| (f.1, f.2, f.3)).collect::<Vec<_>>();
    let wet = untitled(map(&run("a.wet", &written("wet"), &[])));
    assert_eq!(wet.len(), expected.len(), "{wet:?}");
    // A file for each article: the three together.
    for extension in ONE {
        let folder = tempdir().unwrap();
        for article in ARTICLES {
            fs::write(folder.path().join(format!("{}.{extension}", article.id)), written_of(extension, &[article]))
                .unwrap();
        }
        fs::write(folder.path().join("z.txt"), "Fog lay over Iceland.").unwrap();
        let run = mentionmap_in(folder.path(), &["map", "-q", "."], "");
        assert_eq!(map(&run), expected, "{extension}");
    }
}

#[cfg(feature = "full")]
#[test]
fn columnar_files() {
    for extension in COLUMNS {
        let name = format!("a.{extension}");
        let whole = written(extension);
        let expected = places(&run(&name, &whole, &[]));
        assert!(expected.len() >= 12, "{expected:?}");
        for other in ["a.txt", "a"] {
            assert_eq!(places(&run(other, &whole, &[])), expected, "{extension} as {other}");
        }
        assert_eq!(places(&run("a.dat", &gz(&whole), &[])), expected, "packed {extension}");
        let cut = run(&name, &whole[..whole.len() / 2], &[]);
        assert!(cut.code == 1 && places(&cut).is_empty(), "{}", cut.err);
        let missing = run(&name, &whole, &["--text-field", "body"]);
        assert!(missing.code == 1 && missing.err.contains("id, title, text, date"), "{}", missing.err);
        // Damage anywhere is an error or passes unnoticed; it brings nothing down.
        for at in (8..whole.len()).step_by(whole.len() / 60) {
            let mut damaged = whole.clone();
            damaged[at..(at + 4).min(whole.len())].fill(0xFF);
            run(&name, &damaged, &[]);
        }
        assert_eq!(run(&name, b"", &[]).code, 1);
    }
}

#[cfg(not(feature = "full"))]
#[test]
fn columnar_files_need_a_feature() {
    let run = run("a.parquet", b"PAR1 and so on", &[]);
    assert!(run.code == 1 && run.err.contains("--features full"), "{}", run.err);
}

#[test]
fn boilerplate_is_no_article() {
    for extension in ["html", "warc"] {
        let found = places(&run(&format!("a.{extension}"), &written(extension), &[]));
        assert!(!found.iter().any(|place| place == "Madrid" || place.starts_with("Brussels")), "{found:?}");
    }
}

#[test]
fn packed_files() {
    let plain = written("jsonl");
    let expected = places(&run("a.jsonl", &plain, &[]));
    for (suffix, pack) in PACKERS {
        let packed = pack(&plain);
        for name in [format!("a.jsonl.{suffix}"), "a.jsonl".into(), "a.dat".into()] {
            assert_eq!(places(&run(&name, &packed, &[])), expected, "{name}");
        }
        // Parts one after the other, as archives are often made.
        let first = plain.iter().position(|b| *b == b'\n').unwrap() + 1;
        let parts = [pack(&plain[..first]), pack(&plain[first..])].concat();
        assert_eq!(places(&run("a.dat", &parts, &[])), expected, "{suffix} in parts");
        assert_eq!(places(&run("a.dat", &gz(&packed), &[])), expected, "{suffix} within gz");
        let thrice = run("a.dat", &gz(&gz(&packed)), &[]);
        assert!(thrice.code == 1 && thrice.err.contains("more than twice"), "{}", thrice.err);
        let cut = run("a.dat", &packed[..packed.len() / 2], &[]);
        assert!(cut.code == 1 && cut.err.contains("packed"), "{suffix} truncated: {}", cut.err);
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].copy_from_slice(&[0x55; 8]);
        assert_eq!(run("a.dat", &damaged, &[]).code, 1, "{suffix} damaged");
    }
    let html = gz(&written("html"));
    assert_eq!(places(&run("a.html.gz", &html, &[])), places(&run("a.html", &written("html"), &[])));
}

#[test]
fn zip_archives() {
    let folder = tempdir().unwrap();
    let (json, html, text) = (gz(&written("jsonl")), written("html"), written("txt"));
    let members: [(&str, &[u8]); 4] =
        [("sub/a.jsonl.gz", &json), ("b.html", &html), ("c.txt", &text), ("d.png", b"\x89PNG\r\n")];
    fs::write(folder.path().join("all.zip"), zip(&members)).unwrap();
    let run = mentionmap_in(folder.path(), &["map", "all.zip", "--errors", "e.jsonl", "-o", "m.geojson"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("5 articles") && run.err.contains("1 record skipped"), "{}", run.err);
    let errors = fs::read_to_string(folder.path().join("e.jsonl")).unwrap();
    assert!(errors.contains("\"path\":\"all.zip/d.png\"") && errors.contains("\"kind\":\"skipped\""), "{errors}");
    let features = collection(&fs::read_to_string(folder.path().join("m.geojson")).unwrap()).features;
    assert!(features.iter().any(|f| text_of(f) == "all.zip/c.txt"));
    // From a pipe, and within another archive.
    let packed = zip(&members);
    let piped = mentionmap_in(folder.path(), &["map", "-q"], packed.clone());
    assert_eq!(collection(&piped.out).features.len(), features.len(), "{}", piped.err);
    let nested = mentionmap_in(folder.path(), &["map", "-q"], gz(&packed));
    assert_eq!(nested.code, 1, "a packed file within an archive within a packed file is too deep: {}", nested.err);
    assert!(nested.err.contains("more than twice"), "{}", nested.err);
    let cut = mentionmap_in(folder.path(), &["map", "-q"], packed[..packed.len() / 2].to_vec());
    assert!(cut.code == 1 && cut.err.contains("zip"), "{}", cut.err);
}

fn text_of(feature: &geojson::Feature) -> &str {
    text(feature, "article")
}

#[test]
fn nested_fields_by_path() {
    let folder = tempdir().unwrap();
    let record = "{\"meta\": {\"key\": 7}, \"article\": {\"body\": \"Rain in Latvia.\", \"heads\": [\"Wet\"]}}";
    let options =
        ["map", "-q", "--id-field", "meta.key", "--text-field", "article.body", "--title-field", "article.heads.0"];
    for input in [record.to_owned(), format!("[{record}]")] {
        let features = mentionmap_in(folder.path(), &options, input).features();
        assert_eq!((text(&features[0], "article"), text(&features[0], "title")), ("7", "Wet"));
    }
}

#[test]
fn offsets_refer_to_the_extracted_text() {
    let folder = tempdir().unwrap();
    let html = ARTICLES[1].html();
    let features = mentionmap_in(folder.path(), &["map", "-q", "--per", "mention", "--sentences"], html).features();
    let tartu = features.iter().find(|f| text(f, "name") == "Tartu").unwrap();
    let first = ARTICLES[1].paragraphs[0];
    let at = first.find("Tartu").unwrap();
    let (start, end) = (number(tartu, "start") as usize, number(tartu, "end") as usize);
    // The page's headline may stand before the text.
    let before = start - at;
    assert_eq!((end - start, text(tartu, "sentence")), (5, first));
    assert!(before == 0 || before == ARTICLES[1].title.len() + 2, "{start}");
}
