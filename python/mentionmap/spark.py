"""Maps Spark data frames: every executor process has a mapper, and nothing is started beside Spark.

>>> from mentionmap.spark import map_articles
>>> mentions = map_articles(articles, text="text", id="id", per="mention")
>>> places = map_articles(articles, per="place")
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Literal

import pyarrow
import pyarrow.compute

from ._mentionmap import Mapper

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# The columns of a place, which are the same wherever it is mentioned.
_PLACE = ["place_id", "place", "country", "admin1", "feature", "longitude", "latitude"]
# The most names that are kept for a place over all articles, as on the command line.
_MOST_NAMES = 20


def map_articles(
    df: DataFrame,
    text: str = "text",
    id: str = "id",
    per: Literal["mention", "article", "place"] = "mention",
    *,
    title: str | None = "title",
    date: str | None = "date",
    url: str | None = "url",
    source: str | None = "source",
    gazetteer: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = "world",
    roles: str | Iterable[str] = "place",
    min_confidence: float = 0.0,
    prefer: str | Iterable[str] = (),
    sentences: bool = False,
    errors: Literal["null", "skip", "raise"] = "null",
) -> DataFrame:
    """Maps the articles of a data frame.

    df: a row for each article.
    text, id: the columns with its text and its identity; title, date, url, source: those with what else is known of it,
        where there are such columns. Dates may be text, dates or timestamps.
    per: what a row of the result stands for: a "mention", a place in an "article", or a "place" over all articles.
    gazetteer: "world", which is in the package, or files as Mapper takes them; files are of the driver's machine, and
        Spark brings them to the executors.
    roles, min_confidence, prefer: as in Mapper.
    sentences: whether mentions have the sentence around them.
    errors: what becomes of an article that cannot be mapped (null, not UTF-8): "null", a row with its identity in the
        column `article` and null elsewhere; "skip", no row; "raise", the job fails. How many they are is warned of in
        the executors' logs.

    Returns a data frame with the columns of docs/output.md, `id` before them, and `longitude` and `latitude` in degrees
    of WGS 84 after them; dates are timestamps. Rows come in no order. Per place, weights are sums of whole millionths
    and do not depend on partitions; `names` has twenty names in use, in the order of the alphabet.
    """
    session = df.sparkSession
    columns = {"text": text, "id": id}
    for name in (text, id):
        if name not in df.columns:
            raise ValueError(f"no column `{name}`; the data frame has: {', '.join(df.columns)}")
    optional = {"title": title, "date": date, "url": url, "source": source}
    columns.update({field: name for field, name in optional.items() if name in df.columns})
    named = [gazetteer] if isinstance(gazetteer, (str, os.PathLike)) else list(gazetteer)
    files = [os.fspath(name) for name in named]
    for file in files:
        if file != "world":
            session.sparkContext.addFile(file)
    settings = _Settings(
        gazetteer=tuple(file if file == "world" else os.path.basename(file) for file in files),
        roles=(roles,) if isinstance(roles, str) else tuple(roles),
        min_confidence=min_confidence,
        prefer=(prefer,) if isinstance(prefer, str) else tuple(prefer),
    )
    unit = "article" if per == "place" else per
    how = {**columns, "per": unit, "sentences": sentences, "errors": "skip" if per == "place" else errors}
    schema = _schema(settings.mapper(), how)

    def mapped(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _map(batches, settings, how)

    result = df.select(*dict.fromkeys(columns.values())).mapInArrow(mapped, schema)
    return _places(result) if per == "place" else result


class _Settings:
    """What a mapper is made of; it travels to the executors."""

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments

    def mapper(self) -> Mapper:
        """The mapper of this process, which is made once."""
        key = repr(sorted(self.arguments.items()))
        if key not in _MAPPERS:
            arguments = dict(self.arguments)
            names = arguments.pop("gazetteer")
            # Spark has one task at a time in a process, and as many processes as cores.
            _MAPPERS[key] = Mapper([_local(name) for name in names], jobs=1, **arguments)
        return _MAPPERS[key]


_MAPPERS: dict[str, Mapper] = {}


def _local(name: str) -> str:
    """Where a file that Spark brought lies on this machine."""
    if name == "world":
        return name
    from pyspark import SparkFiles

    return SparkFiles.get(name)


def _map(
    batches: Iterator[pyarrow.RecordBatch], settings: _Settings, how: dict[str, Any]
) -> Iterator[pyarrow.RecordBatch]:
    first = next(batches, None)
    if first is None:
        return

    def all_batches() -> Iterator[pyarrow.RecordBatch]:
        yield first
        yield from batches

    reader = pyarrow.RecordBatchReader.from_batches(first.schema, all_batches())
    for batch in settings.mapper().map_arrow(reader, **how):
        yield _as_spark(batch)


def _as_spark(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """A batch with types that Spark knows: a point as two columns, dates in microseconds."""
    columns = {}
    for field in batch.schema:
        column = batch.column(field.name)
        if field.name == "geometry":
            columns["longitude"] = pyarrow.compute.struct_field(column, "x")
            columns["latitude"] = pyarrow.compute.struct_field(column, "y")
        elif pyarrow.types.is_timestamp(field.type):
            columns[field.name] = column.cast(pyarrow.timestamp("us", "UTC"))
        else:
            columns[field.name] = column
    return pyarrow.RecordBatch.from_pydict(columns)


def _schema(mapper: Mapper, how: dict[str, Any]) -> Any:
    """The schema of the result, which Spark wants to know before any article is mapped."""
    from pyspark.sql.pandas.types import from_arrow_schema

    nothing = pyarrow.table({how["text"]: pyarrow.array([], pyarrow.string())})
    schema = mapper.map_arrow(nothing, **how).schema
    empty = pyarrow.RecordBatch.from_arrays([pyarrow.array([], field.type) for field in schema], schema=schema)
    return from_arrow_schema(_as_spark(empty).schema, prefer_timestamp_ntz=False)


def _places(articles: DataFrame) -> DataFrame:
    """Places over all articles, from places in articles."""
    from pyspark.sql import functions as f

    names = f.array_sort(f.array_distinct(f.flatten(f.collect_set(f.split("names", "; ")))))
    # Whole millionths, whose sums do not depend on their order.
    weight = f.sum(f.round(f.col("weight") * 1e6).cast("long")) / f.lit(1e6)
    totals = articles.groupBy(*_PLACE).agg(
        f.sum("mentions").alias("mentions"),
        f.count("*").alias("articles"),
        weight.alias("weight"),
        f.array_join(f.slice(names, 1, _MOST_NAMES), "; ").alias("names"),
        f.min("date").alias("first_date"),
        f.max("date").alias("last_date"),
    )
    order = [*_PLACE[:5], "mentions", "articles", "weight", "names", "first_date", "last_date", *_PLACE[5:]]
    return totals.select(f.col("place_id").alias("id"), *order)
