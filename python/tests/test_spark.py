"""Spark, with two processes of executors beside the driver's."""

import os
import shutil
import sys

import mentionmap
import pytest
from conftest import module, needed


@pytest.fixture(scope="module")
def spark():
    module("pyspark")
    needed("java", shutil.which("java") or os.environ.get("JAVA_HOME"))
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.python.worker.faulthandler.enabled", "true")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def frame(spark, articles):
    columns = ["id", "title", "text", "date"]
    rows = [tuple(article[name] for name in columns) for article in articles]
    schema = "id string, title string, text string, date string"
    return spark.createDataFrame(rows, schema).repartition(4)


def flat(features):
    """Features as rows, by their id."""
    found = {}
    for feature in features:
        point = feature["geometry"] and feature["geometry"]["coordinates"]
        longitude, latitude = point or (None, None)
        found[feature["id"]] = {**feature["properties"], "longitude": longitude, "latitude": latitude}
    return found


def by_id(frame):
    return {row["id"]: row.asDict() for row in frame.collect()}


@pytest.mark.parametrize("per", ["mention", "article", "place"])
def test_rows_are_the_command_line_s(frame, command_line, per):
    from mentionmap.spark import map_articles

    result = map_articles(frame, per=per)
    found, wanted = by_id(result), flat(command_line("--per", per))
    assert len(found) == len(wanted) > 50
    for id, feature in wanted.items():
        assert list(found[id]) == ["id", *feature]
        for name, value in feature.items():
            if name == "names" and per == "place":
                # Rows come in no order, and neither do names.
                assert set(found[id][name].split("; ")) == set(value.split("; "))
            elif "date" in name:
                assert (found[id][name] is None) == (value is None)
                assert value is None or found[id][name].isoformat()[:10] == value[:10]
            else:
                assert found[id][name] == value, name


def test_a_gazetteer_travels(spark, tmp_path):
    from mentionmap.spark import map_articles

    mine = tmp_path / "mine.csv"
    mine.write_text("name,lat,lon,country\nUmm Zarqun,35.02,40.45,SY\n")
    frame = spark.createDataFrame([("1", "They met in Umm Zarqun.")], "id string, text string")
    row = map_articles(frame, gazetteer=["world", mine]).collect()[0]
    assert row["place_id"] == "custom:umm-zarqun" and row["latitude"] == 35.02


def test_bad_rows_are_no_dead_job(spark):
    from mentionmap.spark import map_articles

    rows = [("1", "Rain in Riga."), ("2", None), ("3", "\x00\ufffd" * 50_000)]
    frame = spark.createDataFrame(rows, "id string, text string")
    found = {(row["article"], row["name"]) for row in map_articles(frame).collect()}
    assert found == {("1", "Riga"), ("2", None)}
    assert map_articles(frame, errors="skip").count() == 1
    with pytest.raises(ValueError, match="no column `body`"):
        map_articles(frame, text="body")
    assert mentionmap.__version__
