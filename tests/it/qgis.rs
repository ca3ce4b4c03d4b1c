//! QGIS opens what we write, and it is a map already: sized by weight, labelled, and not blank.

use crate::support::{mentionmap, root};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a script in a Python that has QGIS; says aloud that the test is skipped when there is none.
fn qgis(script: &str, arguments: &[&Path]) -> Option<Output> {
    // Packages of the system are known to its own Python only.
    for python in ["python3", "/usr/bin/python3"] {
        let has_qgis =
            Command::new(python).args(["-c", "import qgis.core"]).output().is_ok_and(|output| output.status.success());
        if has_qgis {
            let mut command = Command::new(python);
            command.args(["-c", script]).args(arguments).env("QT_QPA_PLATFORM", "offscreen").current_dir(root());
            return Some(command.output().unwrap());
        }
    }
    assert!(std::env::var_os("CI_REQUIRE_TOOLS").is_none_or(|v| v != "1"), "PyQGIS is required here");
    eprintln!("skipped: no PyQGIS");
    None
}

const SCRIPT: &str = r"
import os, sys
from qgis.core import (QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle, QgsVectorLayer,
                       QgsWkbTypes)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
app = QgsApplication([], False)
app.initQgis()
for path in sys.argv[1:]:
    layer = QgsVectorLayer(path, 'map', 'ogr')
    renderer = layer.renderer()
    print(layer.isValid(), layer.featureCount(), QgsWkbTypes.displayString(layer.wkbType()), layer.crs().authid(), end=' ')
    print(renderer.type(), renderer.classAttribute(), len(renderer.ranges()), layer.labelsEnabled(), end=' ')
    print(layer.labeling().settings().fieldName, end=' ')
    # Every feature falls into a class: none is left undrawn.
    weights = [f[renderer.classAttribute()] for f in layer.getFeatures()]
    print(all(renderer.rangeForValue(w) is not None for w in weights), end=' ')
    sizes = [r.symbol().size() for r in renderer.ranges()]
    print(sizes == sorted(sizes), end=' ')
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(600, 400))
    settings.setBackgroundColor(QColor('white'))
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(QgsRectangle(-20, 10, 60, 60))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colors = [image.pixelColor(x, y) for x in range(600) for y in range(400)]
    red = sum(1 for c in colors if c.red() > c.blue() + 60)
    blue = sum(1 for c in colors if c.blue() > c.red() + 40)
    dark = sum(1 for c in colors if c.value() < 110)
    print(red > 500, blue > 200, dark > 200)
sys.stdout.flush()
os._exit(0)
";

#[test]
fn layers_open_styled() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut expected = String::new();
    for (per, extension, rest) in [
        ("place", "geojson", "graduatedSymbol weight 5 True place"),
        ("place", "gpkg", "graduatedSymbol weight 5 True place"),
        ("place", "fgb", "graduatedSymbol weight 5 True place"),
        ("place", "csv", "graduatedSymbol weight 5 True place"),
        ("article", "geojson", "graduatedSymbol weight 5 True place"),
        ("article", "gpkg", "graduatedSymbol weight 5 True place"),
        ("mention", "gpkg", "graduatedSymbol confidence 4 True name"),
    ] {
        let file = folder.path().join(format!("{per}.{extension}"));
        let arguments = ["map", "-q", "--style", "--per", per, "examples/articles", "-o", file.to_str().unwrap()];
        assert_eq!(mentionmap(&arguments).code, 0);
        let features = mentionmap(&arguments[..6]).features().len();
        _ = writeln!(expected, "True {features} Point EPSG:4326 {rest} True True True True True");
        files.push(file);
    }
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let Some(output) = qgis(SCRIPT, &files) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, expected, "{}", String::from_utf8_lossy(&output.stderr));
}

const TIME: &str = r"
import os, sys
from qgis.core import QgsApplication, QgsDateTimeRange, QgsFeatureRequest, QgsVectorLayer, QgsVectorLayerTemporalContext
from qgis.PyQt.QtCore import QDateTime, Qt
app = QgsApplication([], False)
app.initQgis()
for path in sys.argv[1:]:
    # As the program does when a file is dropped on it: the style comes last.
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsVectorLayer(path, 'map', 'ogr', options)
    layer.loadDefaultStyle()
    time = layer.temporalProperties()
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    day = QgsDateTimeRange(QDateTime(2020, 3, 1, 0, 0), QDateTime(2020, 3, 31, 0, 0))
    march = QgsFeatureRequest().setFilterExpression(time.createFilterString(context, day))
    print(time.isActive(), sorted({f['place'] for f in layer.getFeatures(march)}))
sys.stdout.flush()
os._exit(0)
";

/// The temporal controller has what it needs.
#[test]
fn layers_animate_by_date() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("a.jsonl");
    let lines = [
        r#"{"id": "1", "date": "2020-03-03", "text": "Rain fell in Latvia."}"#,
        r#"{"id": "2", "date": "2021-05-05T10:00:00Z", "text": "Snow fell in Estonia."}"#,
    ];
    std::fs::write(&articles, lines.join("\n")).unwrap();
    let mut files = Vec::new();
    for name in ["article.geojson", "article.gpkg", "article.fgb", "place.gpkg"] {
        let file = folder.path().join(name);
        let per = name.split('.').next().unwrap();
        let arguments =
            ["map", "-q", "--style", "--per", per, articles.to_str().unwrap(), "-o", file.to_str().unwrap()];
        assert_eq!(mentionmap(&arguments).code, 0);
        files.push(file);
    }
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let Some(output) = qgis(TIME, &files) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "True ['Latvia']\n".repeat(4), "{}", String::from_utf8_lossy(&output.stderr));
}
