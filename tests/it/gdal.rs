//! GDAL and QGIS read what we write, with the right types.

use crate::support::{mentionmap, number, root};
use std::path::Path;
use std::process::{Command, Output};

/// Runs a tool; says aloud that the test is skipped when there is none. `CI_REQUIRE_TOOLS=1` forbids skipping.
fn tool(name: &str, command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            assert!(std::env::var_os("CI_REQUIRE_TOOLS").is_none_or(|v| v != "1"), "{name} is required here: {error}");
            eprintln!("skipped: no {name}");
            None
        }
    }
}

/// What ogrinfo says of a layer.
fn ogrinfo(layer: &Path) -> Option<String> {
    let output = tool("ogrinfo", Command::new("ogrinfo").args(["-ro", "-so", "-al"]).arg(layer))?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("ERROR") && !said.contains("Warning"), "{said}");
    Some(said)
}

/// Maps the samples to a file of this extension; gives the folder that holds it and the number of features.
fn mapped(file: &str, options: &[&str]) -> (tempfile::TempDir, usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    let mut arguments = vec!["map", "-q", "examples/articles", "examples/articles.jsonl", "-o", path.to_str().unwrap()];
    arguments.extend(options);
    assert_eq!(mentionmap(&arguments).code, 0);
    arguments.truncate(4);
    arguments.extend(options);
    (folder, mentionmap(&arguments).features().len())
}

#[test]
fn gdal_reads_every_format() {
    for file in ["map.geojson", "map.geojsonl", "map.geojsons"] {
        let (folder, features) = mapped(file, &[]);
        assert!(features > 100, "{features}");
        let Some(said) = ogrinfo(&folder.path().join(file)) else { return };
        for expected in [
            format!("Feature Count: {features}\n"),
            "Geometry: Point\n".into(),
            "weight: Real (".into(),
            "confidence: Real (".into(),
            "mentions: Integer (".into(),
            "first_offset: Integer (".into(),
            "place_id: String (".into(),
            "names: String (".into(),
            // Not guessed as a list or as JSON.
            "article: String (".into(),
        ] {
            assert!(said.contains(&expected), "{file}: no {expected:?} in\n{said}");
        }
        assert!(said.contains("4326") || said.contains("WGS 84"), "{file}: {said}");
    }
}

#[test]
fn gdal_reads_places_and_mentions() {
    for (per, expected) in
        [("place", ["weight: Real (", "articles: Integer ("]), ("mention", ["start: Integer (", "confidence: Real ("])]
    {
        let (folder, features) = mapped("map.geojson", &["--per", per]);
        let Some(said) = ogrinfo(&folder.path().join("map.geojson")) else { return };
        assert!(said.contains(&format!("Feature Count: {features}\n")), "{said}");
        assert!(expected.iter().all(|field| said.contains(field)), "{said}");
    }
}

/// An article with one place has a weight that is a whole number: still real.
#[test]
fn a_weight_of_one_is_real() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "Rain fell in Latvia.").unwrap();
    let path = folder.path().join("map.geojson");
    let run = crate::support::mentionmap_in(folder.path(), &["map", "-q", "a.txt", "-o", "map.geojson"], "");
    assert_eq!(run.code, 0);
    let layer = crate::support::collection(&std::fs::read_to_string(&path).unwrap());
    assert_eq!(number(&layer.features[0], "weight"), 1.0);
    let Some(said) = ogrinfo(&path) else { return };
    assert!(said.contains("weight: Real ("), "{said}");
}

#[test]
fn qgis_loads_the_layer() {
    let (folder, features) = mapped("map.geojson", &[]);
    let script = "\
import sys
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1], 'map', 'ogr')
print(layer.isValid(), layer.featureCount(), QgsWkbTypes.displayString(layer.wkbType()), layer.crs().authid())
fields = layer.fields()
print(fields.field('weight').typeName(), fields.field('mentions').typeName(), fields.field('place').typeName())
# What a user does first: pick the heavy ones.
print(sum(1 for _ in layer.getFeatures('\"weight\" > 0.25')) > 0)
app.exitQgis()
";
    // Packages of the system are known to its own Python only.
    for python in ["python3", "/usr/bin/python3"] {
        let has_qgis =
            Command::new(python).args(["-c", "import qgis.core"]).output().is_ok_and(|output| output.status.success());
        if has_qgis {
            let output = Command::new(python)
                .args(["-c", script])
                .arg(folder.path().join("map.geojson"))
                .env("QT_QPA_PLATFORM", "offscreen")
                .current_dir(root())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            let expected = format!("True {features} Point EPSG:4326\nReal Integer String\nTrue\n");
            assert_eq!(said, expected, "{}", String::from_utf8_lossy(&output.stderr));
            return;
        }
    }
    assert!(std::env::var_os("CI_REQUIRE_TOOLS").is_none_or(|v| v != "1"), "PyQGIS is required here");
    eprintln!("skipped: no PyQGIS");
}
