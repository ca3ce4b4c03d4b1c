from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from typing import Any, Literal, TypedDict, Union, final

import pyarrow

__version__: str

_Path = Union[str, "PathLike[str]"]
_Role = Literal["place", "organization", "demonym"]

class Place(TypedDict):
    """A place in an article: the properties of docs/output.md, and its point."""

    article: str
    title: str | None
    date: str | None
    url: str | None
    source: str | None
    place_id: str
    place: str
    country: str | None
    admin1: str | None
    feature: str
    mentions: int
    weight: float
    confidence: float
    names: str
    first_offset: int
    focus: bool
    longitude: float
    latitude: float

class Mention(TypedDict):
    """A mention; what is known of its place is None when none was found."""

    article: str
    field: Literal["title", "text"]
    start: int
    end: int
    name: str
    role: _Role
    sentence: str
    place_id: str | None
    place: str | None
    country: str | None
    admin1: str | None
    feature: str | None
    confidence: float
    runner_up: str | None
    margin: float | None
    why: str
    longitude: float | None
    latitude: float | None

class MentionmapError(ValueError):
    """What mentionmap cannot do, in the words of the command line."""

class MentionmapWarning(RuntimeWarning):
    """Articles that could not be mapped, counted; the others are."""

@final
class ArticleMap:
    """An article with its places and mentions. Mapper makes it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def places(self) -> list[Place]: ...
    @property
    def mentions(self) -> list[Mention]: ...
    @property
    def unplaced(self) -> int: ...
    def to_geojson(self, per: Literal["article", "mention"] = "article", *, sentences: bool = False) -> str: ...
    def to_html(self, title: str | None = None) -> str: ...
    def to_svg(self, title: str | None = None) -> str: ...
    @property
    def __geo_interface__(self) -> dict[str, Any]: ...
    def _repr_html_(self) -> str: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...

@final
class Maps(Iterator[ArticleMap | None]):
    """The maps of articles, in their order; None for an article that could not be mapped."""

    def __iter__(self) -> Maps: ...
    def __next__(self) -> ArticleMap | None: ...

@final
class Gazetteer:
    """Names, and the places that bear them."""

    def __new__(cls, gazetteer: _Path | Iterable[_Path] | Gazetteer | None = None) -> Gazetteer: ...
    def lookup(self, name: str, *, fuzzy: bool = False) -> list[dict[str, Any]]: ...
    def near(
        self,
        latitude: float,
        longitude: float,
        *,
        count: int | None = None,
        within_km: float | None = None,
        classes: str = "",
        min_population: int = 0,
    ) -> list[dict[str, Any]]: ...
    @property
    def hash(self) -> str: ...
    @property
    def attribution(self) -> str: ...
    def __len__(self) -> int: ...

@final
class Mapper:
    """Maps articles."""

    def __new__(
        cls,
        gazetteer: _Path | Iterable[_Path] | Gazetteer | None = None,
        *,
        roles: _Role | Iterable[_Role] | None = None,
        min_confidence: float = 0.0,
        prefer: str | Iterable[str] | None = None,
        homes: _Path | None = None,
        jobs: int | None = None,
    ) -> Mapper: ...
    def map(
        self,
        text: str,
        *,
        id: str = "1",
        title: str | None = None,
        date: str | None = None,
        url: str | None = None,
        source: str | None = None,
        lang: str | None = None,
    ) -> ArticleMap: ...
    def map_many(self, articles: Iterable[str | Mapping[str, Any] | None]) -> Maps: ...
    def map_arrow(
        self,
        data: Any,
        *,
        text: str = "text",
        id: str = "id",
        title: str = "title",
        date: str = "date",
        url: str = "url",
        source: str = "source",
        lang: str = "lang",
        per: Literal["mention", "article", "place"] = "mention",
        sentences: bool = False,
        errors: Literal["null", "skip", "raise"] = "null",
    ) -> pyarrow.RecordBatchReader: ...
    @property
    def gazetteer_hash(self) -> str: ...
    @property
    def jobs(self) -> int: ...
