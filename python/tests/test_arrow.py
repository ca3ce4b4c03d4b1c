"""Arrow data in and out."""

import json
import resource

import mentionmap
import pytest
from conftest import module

pa = module("pyarrow")
import pyarrow.compute  # noqa: E402


def rows(reader):
    """Rows as the properties of features, with their id."""
    return reader.read_all().to_pylist()


def expected(features):
    """Features as rows."""
    for feature in features:
        point = feature["geometry"] and dict(zip("xy", feature["geometry"]["coordinates"]))
        yield {"id": feature["id"], **feature["properties"], "geometry": point}


@pytest.fixture(scope="module")
def table(articles):
    return pa.Table.from_pylist(articles)


@pytest.mark.parametrize("per", ["mention", "article", "place"])
@pytest.mark.parametrize("jobs", [1, 3])
def test_rows_are_the_command_line_s(table, command_line, per, jobs):
    mapper = mentionmap.Mapper(jobs=jobs)
    found = rows(mapper.map_arrow(table, per=per))
    wanted = list(expected(command_line("--per", per)))
    assert len(found) == len(wanted) > 50
    for row, feature in zip(found, wanted):
        assert list(row) == list(feature)
        for name, value in feature.items():
            if "date" in name:
                # Dates are moments here.
                assert (row[name] is None) == (value is None)
                assert value is None or row[name].isoformat()[:10] == value[:10]
            else:
                assert row[name] == value, name


def test_the_schema_is_that_of_geoparquet_with_geoarrow_points(mapper, table):
    schema = mapper.map_arrow(table, per="article").schema
    field = schema.field("geometry")
    assert field.metadata[b"ARROW:extension:name"] == b"geoarrow.point"
    assert json.loads(field.metadata[b"ARROW:extension:metadata"])["crs"] == "OGC:CRS84"
    assert field.type == pa.struct([pa.field("x", pa.float64(), False), pa.field("y", pa.float64(), False)])
    assert schema.field("date").type == pa.timestamp("ms", "UTC")
    assert b"GeoNames" in schema.metadata[b"mentionmap:attribution"]
    assert schema.metadata[b"mentionmap:options"].startswith(b"--per article ")


def test_whatever_has_arrow_data_is_taken(mapper, table):
    wanted = rows(mapper.map_arrow(table))
    text = table.column("text")
    for kind in [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())]:
        cast = table.set_column(table.schema.get_field_index("text"), "text", text.cast(kind))
        assert rows(mapper.map_arrow(cast)) == wanted, kind
    assert rows(mapper.map_arrow(table.to_reader(max_chunksize=3))) == wanted
    batch = table.combine_chunks().to_batches()[0]
    assert rows(mapper.map_arrow(batch)) == wanted
    assert rows(mapper.map_arrow(batch.slice(5, 4))) == [row for row in wanted if row["article"] in {"a-5", "a-6", "a-7", "a-8"}]
    pandas = module("pandas")
    assert rows(mapper.map_arrow(pandas.DataFrame(table.to_pylist()))) == wanted
    named = table.rename_columns(["uid", "head", "body", "published"])
    renamed = mapper.map_arrow(named, id="uid", title="head", text="body", date="published")
    assert rows(renamed) == wanted


def test_rows_without_an_id_are_numbered(mapper):
    table = pa.table({"text": ["Rain fell in Lyon, France.", "Snow fell in Riga, Latvia."]})
    assert [row["article"] for row in rows(mapper.map_arrow(table, per="article"))] == ["1", "1", "2", "2"]


def damaged():
    """A text that is none: 100 kB of bytes that claim to be UTF-8."""
    noise = bytes(128 + i * 37 % 128 for i in range(100_000))
    good = b"Rain fell in Lyon, France."
    offsets = pa.array([0, len(good), len(good) + len(noise), 2 * len(good) + len(noise)], pa.int32())
    buffers = [None, offsets.buffers()[1], pa.py_buffer(good + noise + good)]
    texts = pa.Array.from_buffers(pa.string(), 3, buffers)
    null = pa.array([None], pa.string())
    table = pa.Table.from_batches(
        [pa.record_batch({"id": ["a", "b", "c"], "text": texts}), pa.record_batch({"id": ["d"], "text": null})]
    )
    return table


def test_rows_that_cannot_be_mapped_give_null_and_a_warning():
    mapper = mentionmap.Mapper(jobs=2)
    message = "2 of 4 articles could not be mapped; the first is row 2: invalid UTF-8 at byte 0"
    with pytest.warns(mentionmap.MentionmapWarning, match=message):
        found = rows(mapper.map_arrow(damaged()))
    assert [(row["article"], row["place"]) for row in found] == [
        ("a", "Lyon"), ("a", "France"), ("b", None), ("c", "Lyon"), ("c", "France"), ("d", None),
    ]  # fmt: skip
    bad = next(row for row in found if row["article"] == "b")
    assert all(value is None for name, value in bad.items() if name != "article")
    with pytest.warns(mentionmap.MentionmapWarning, match="2 of 4"):
        assert {row["article"] for row in rows(mapper.map_arrow(damaged(), errors="skip"))} == {"a", "c"}
    with pytest.warns(mentionmap.MentionmapWarning, match="2 of 4"):
        assert [row["articles"] for row in rows(mapper.map_arrow(damaged(), per="place"))] == [2, 2]
    with pytest.raises(Exception, match="row 2: invalid UTF-8"):
        rows(mapper.map_arrow(damaged(), errors="raise"))


def test_no_rows_are_no_error(mapper):
    for texts in [pa.array([], pa.string()), pa.array([], pa.null())]:
        for per in ["mention", "article", "place"]:
            assert rows(mapper.map_arrow(pa.table({"text": texts}), per=per)) == []
    with pytest.warns(mentionmap.MentionmapWarning, match="1 of 1"):
        assert len(rows(mapper.map_arrow(pa.table({"text": pa.array([None], pa.null())})))) == 1


def test_errors_say_what_to_do(mapper, table):
    with pytest.raises(mentionmap.MentionmapError, match="has no Arrow data"):
        mapper.map_arrow(["text"])
    with pytest.raises(mentionmap.MentionmapError, match='per="town"'):
        mapper.map_arrow(table, per="town")
    with pytest.raises(mentionmap.MentionmapError, match='errors="ignore"'):
        mapper.map_arrow(table, errors="ignore")
    with pytest.raises(Exception, match="no text in field `body`"):
        mapper.map_arrow(table, text="body").read_all()


def test_a_stream_that_fails_or_is_left_early_is_no_trouble(mapper, table):
    def broken():
        yield from table.to_batches()
        raise KeyError("broken")

    reader = pa.RecordBatchReader.from_batches(table.schema, broken())
    with pytest.raises(Exception, match="broken"):
        mapper.map_arrow(reader).read_all()
    many = pa.concat_tables([table] * 50)
    reader = mentionmap.Mapper(jobs=4).map_arrow(many)
    reader.read_next_batch()
    del reader


def test_the_text_is_not_copied(mapper):
    """A column of 96 MB is mapped without its size in memory again."""
    piece = "Rain fell in Lyon, France. " + "nothing happened at all, " * 10_000
    texts = pa.array([piece] * (96_000_000 // len(piece)))
    table = pa.table({"text": texts})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(batch.num_rows for batch in mapper.map_arrow(table))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert count == 2 * len(texts)
    assert after - before < 32_000, f"{(after - before) / 1000:.0f} MB more"
