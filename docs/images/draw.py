"""Draws docs/images/map.png and docs/images/qgis.png from the sample articles, with QGIS.

Needs QGIS' Python and Pillow (Debian: `apt-get install python3-qgis python3-pil`), npm (which brings Natural Earth's
countries) and cargo. From the root of the repository:

    /usr/bin/python3 docs/images/draw.py

`--binary PATH` takes a mentionmap that is built already; `--backdrop FILE` takes a `countries-50m.json` that is there
already (package world-atlas 2.0.2: Natural Earth, public domain, as TopoJSON).
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image  # noqa: E402
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsGeometry,
    QgsLabelingEngineSettings,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsProperty,
    QgsRectangle,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1600, 900

SEA, LAND, BORDER = "#e9eef2", "#fdfcf9", "#c3ccd3"
INK, SOFT_INK = "#22303a", "#5b6b76"
PLACE, WIDE = "#c8402a", "#2f6f9f"
FONT = "DejaVu Sans"
WORLD = "EPSG:8857"  # Equal Earth
# Countries and regions of the world are circles of their own color: they say less of where.
IS_WIDE = "(\"feature\" LIKE 'A.PCL%' OR \"feature\" LIKE 'L.%')"
# Symbols are in pixels: renderings are made at 96 dots per inch.
PIXELS = QgsUnitTypes.RenderPixels


def backdrop(given):
    """Natural Earth's countries at 1:50 million."""
    if given:
        return Path(given)
    folder = ROOT / "target" / "packages"
    path = folder / "package" / "countries-50m.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", "world-atlas@2.0.2"], cwd=folder, check=True)
        with tarfile.open(folder / "world-atlas-2.0.2.tgz") as package:
            package.extract("package/countries-50m.json", folder)
    return path


def layer(path, name, uri=""):
    found = QgsVectorLayer(f"{path}{uri}", name, "ogr")
    if not found.isValid():
        sys.exit(f"{path}: QGIS cannot read it")
    return found


def land(path):
    source = layer(path, "countries", "|layername=countries")
    countries = QgsVectorLayer("MultiPolygon?crs=EPSG:4326", "countries", "memory")
    shapes = []
    for country in source.getFeatures():
        shape = QgsFeature()
        shape.setGeometry(unrolled(country.geometry()))
        shapes.append(shape)
    countries.dataProvider().addFeatures(shapes)
    symbol = QgsFillSymbol.createSimple(
        {"color": LAND, "outline_color": BORDER, "outline_width": "0.8", "outline_width_unit": "Pixel"}
    )
    countries.setRenderer(QgsSingleSymbolRenderer(symbol))
    return countries


def unrolled(geometry):
    """Rings that jump from 180 degrees east to 180 west would be drawn around the world: here they go on eastward, and
    what lies beyond is left out (the map does not show it)."""
    polygons = []
    for polygon in geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]:
        if any(abs(a.x() - b.x()) > 180 for ring in polygon for a, b in zip(ring, ring[1:])):
            polygon = [[QgsPointXY(p.x() % 360, p.y()) for p in ring] for ring in polygon]
        polygons.append(polygon)
    world = QgsGeometry.fromRect(QgsRectangle(-180, -84, 180, 84))
    return QgsGeometry.fromMultiPolygonXY(polygons).makeValid().intersection(world)


def circles(per_weight):
    """Circles with an area in proportion to the weight: `per_weight` is the diameter, in pixels, for a weight of 1."""

    def circle(color, opacity):
        fill = QColor(color)
        fill.setAlphaF(opacity)
        symbol = QgsMarkerSymbol.createSimple({"name": "circle", "outline_style": "solid"})
        mark = symbol.symbolLayer(0)
        mark.setColor(fill)
        mark.setStrokeColor(QColor(color).darker(115))
        mark.setStrokeWidth(0.9)
        mark.setStrokeWidthUnit(PIXELS)
        mark.setSizeUnit(PIXELS)
        size = QgsProperty.fromExpression(f"max(4, {per_weight} * sqrt(\"weight\"))")
        mark.setDataDefinedProperty(mark.PropertySize, size)
        return symbol

    root = QgsRuleBasedRenderer.Rule(None)
    for rule, color, opacity in [(IS_WIDE, WIDE, 0.28), (f"NOT {IS_WIDE}", PLACE, 0.5)]:
        root.appendChild(QgsRuleBasedRenderer.Rule(circle(color, opacity), filterExp=rule))
    renderer = QgsRuleBasedRenderer(root)
    # The largest first, so that the small ones lie on top.
    renderer.setOrderBy(order("weight"))
    renderer.setOrderByEnabled(True)
    return renderer


def order(field):
    return QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause(f'"{field}"', False)])


def labels(least):
    """Names beside the circles of at least this weight, the heaviest first; those that would overlap are left out."""
    text = QgsTextFormat()
    text.setFont(QFont(FONT))
    text.setSize(13)
    text.setSizeUnit(PIXELS)
    text.setColor(QColor(INK))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(2.2)
    halo.setSizeUnit(PIXELS)
    halo.setColor(QColor(255, 255, 255, 215))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = "place"
    settings.placement = QgsPalLayerSettings.OrderedPositionsAroundPoint
    settings.offsetType = QgsPalLayerSettings.FromSymbolBounds
    settings.dist = 1
    settings.distUnits = PIXELS
    settings.setFormat(text)
    heavier = f"\"weight\" >= {least}"
    weight = "min(10, max(0, 10 * sqrt(\"weight\") / sqrt(0.5)))"
    properties = settings.dataDefinedProperties()
    properties.setProperty(QgsPalLayerSettings.Show, QgsProperty.fromExpression(heavier))
    properties.setProperty(QgsPalLayerSettings.Priority, QgsProperty.fromExpression(weight))
    color = QgsProperty.fromExpression(f"if({IS_WIDE}, '{QColor(WIDE).darker(140).name()}', '{INK}')")
    properties.setProperty(QgsPalLayerSettings.Color, color)
    sides = QgsProperty.fromExpression("'R,L,T,B,TSR,BSR,TR,BR,TL,BL'")
    properties.setProperty(QgsPalLayerSettings.PredefinedPositionOrder, sides)
    settings.setDataDefinedProperties(properties)
    return QgsVectorLayerSimpleLabeling(settings)


def render(layers, crs, extent, width, height):
    """A picture of layers, the topmost first."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(width, height))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(SEA))
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    whole = QgsLabelingEngineSettings()
    whole.setFlag(QgsLabelingEngineSettings.UsePartialCandidates, False)
    settings.setLabelingEngineSettings(whole)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def around(crs, longitude, latitude, degrees, width, height):
    """The rectangle of a picture with this middle, so many degrees of longitude wide."""
    to = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"), QgsCoordinateReferenceSystem(crs), QgsProject.instance()
    )
    middle = to.transform(longitude, latitude)
    half = to.transform(longitude + degrees / 2, latitude).x() - middle.x()
    tall = half * height / width
    return QgsRectangle(middle.x() - half, middle.y() - tall, middle.x() + half, middle.y() + tall)


def legend(painter, per_weight, left, top):
    weights = [0.05, 0.2, 0.4]
    diameters = [per_weight * w**0.5 for w in weights]
    painter.setFont(font(13))
    x = left
    middle = top + diameters[-1] / 2
    for color, opacity, text in [(PLACE, 0.5, "cities, provinces, landmarks"), (WIDE, 0.28, "countries, world regions")]:
        fill = QColor(color)
        fill.setAlphaF(opacity)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(color).darker(115), 0.9))
        painter.drawEllipse(QPointF(x + 8, middle), 8, 8)
        painter.setPen(QColor(INK))
        painter.drawText(QPointF(x + 23, middle + 5), text)
        x += 23 + QFontMetricsF(painter.font()).horizontalAdvance(text) + 26
    painter.setBrush(Qt.NoBrush)
    for weight, diameter in zip(weights, diameters):
        painter.setPen(QPen(QColor(SOFT_INK), 1.1))
        painter.drawEllipse(QPointF(x + diameter / 2, middle), diameter / 2, diameter / 2)
        painter.setPen(QColor(INK))
        text = f"{weight:g}"
        painter.drawText(QPointF(x + diameter + 5, middle + 5), text)
        x += diameter + 5 + QFontMetricsF(painter.font()).horizontalAdvance(text) + 14
    painter.drawText(QPointF(x, middle + 5), "weight")


def font(pixels, bold=False):
    made = QFont(FONT)
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made


def draw_map(places, countries, summary, path):
    """The world, with an inset of the region that the samples write about most."""
    size = 78
    places.setRenderer(circles(size))
    places.setLabeling(labels(0.055))
    places.setLabelsEnabled(True)
    extent = around(WORLD, 10, 14, 268, WIDTH, HEIGHT)
    picture = render([places, countries], WORLD, extent, WIDTH, HEIGHT).convertToFormat(QImage.Format_RGB32)

    inset_size, crs = (560, 346), "EPSG:3857"
    size_inset = 92
    places.setRenderer(circles(size_inset))
    places.setLabeling(labels(0.012))
    inset_extent = around(crs, 40.3, 34.6, 14.6, *inset_size)
    inset = render([places, countries], crs, inset_extent, *inset_size)

    painter = QPainter(picture)
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setRenderHint(QPainter.TextAntialiasing)
    left, top = WIDTH - inset_size[0] - 24, HEIGHT - inset_size[1] - 24
    painter.setPen(Qt.NoPen)
    painter.setBrush(QColor(20, 40, 60, 40))
    painter.drawRoundedRect(QRectF(left - 3, top - 2, inset_size[0] + 8, inset_size[1] + 8), 5, 5)
    painter.drawImage(left, top, inset)
    painter.setBrush(Qt.NoBrush)
    painter.setPen(QPen(QColor(SOFT_INK), 1.4))
    painter.drawRect(QRectF(left, top, inset_size[0], inset_size[1]))

    painter.setPen(Qt.NoPen)
    painter.setBrush(QColor(255, 255, 255, 225))
    painter.drawRect(QRectF(0, 0, WIDTH, 84))
    painter.setPen(QColor(INK))
    painter.setFont(font(24, bold=True))
    painter.drawText(QPointF(26, 38), "What the sample articles are about")
    painter.setFont(font(14))
    painter.setPen(QColor(SOFT_INK))
    painter.drawText(QPointF(26, 64), f"mentionmap map examples/articles --per place: {summary}")
    legend(painter, size, 850, 22)
    painter.setFont(font(11))
    painter.setPen(QColor(SOFT_INK))
    painter.drawText(QPointF(14, HEIGHT - 12), "Places: GeoNames (CC BY 4.0), mentionmap (CC BY 4.0). Backdrop: Natural Earth. Drawn with QGIS.")
    painter.end()
    save(picture, path)


def draw_qgis(places, countries, path):
    """A GeoPackage as it opens: with the style that it brings along."""
    size = (1000, 562)
    picture = render([places, countries], "EPSG:3857", around("EPSG:3857", 27, 36, 76, *size), *size)
    save(picture.convertToFormat(QImage.Format_RGB32), path)


def save(picture, path):
    """As PNG of 256 colors: a quarter of the size, and nobody sees the difference."""
    with tempfile.TemporaryDirectory() as folder:
        whole = f"{folder}/whole.png"
        picture.save(whole, "PNG")
        Image.open(whole).convert("RGB").quantize(256, Image.MEDIANCUT, dither=Image.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--binary", help="a mentionmap that is built already")
    arguments.add_argument("--backdrop", help="a countries-50m.json that is there already")
    given = arguments.parse_args()
    program = [given.binary] if given.binary else ["cargo", "run", "--quiet", "--release", "--"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "places.gpkg"
        command = [*program, "map", "examples/articles", "--per", "place", "-o", str(file)]
        told = subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.PIPE, text=True).stderr
        words = told.strip().splitlines()[-1].split()
        articles, mentions = words[0], words[2]
        qgis = QgsApplication([], False)
        qgis.initQgis()
        places = layer(file, "places", "|layername=places")
        summary = f"{articles} articles, {mentions} mentions, {places.featureCount()} places"
        countries = land(backdrop(given.backdrop))
        # With its own style first: the other picture sets another.
        draw_qgis(places, countries, HERE / "qgis.png")
        draw_map(places, countries, summary, HERE / "map.png")
        # Layers go before the application does.
        del places, countries
        qgis.exitQgis()


main()
