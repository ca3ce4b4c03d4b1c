"""Articles in, map layers out.

>>> import mentionmap
>>> article = mentionmap.Mapper().map("Rain fell in Lyon, France.")
>>> [(place["place"], place["weight"]) for place in article.places]
[('Lyon', 0.5), ('France', 0.5)]

Mapper maps one article, an iterable of articles, or Arrow data. Gazetteer answers questions about names and places.
to_geodataframe hands results to GeoPandas, and mentionmap.spark maps Spark data frames.
"""

from ._frames import to_geodataframe
from ._mentionmap import (
    ArticleMap,
    Gazetteer,
    Mapper,
    Maps,
    MentionmapError,
    MentionmapWarning,
    __version__,
)

__all__ = [
    "ArticleMap",
    "Gazetteer",
    "Mapper",
    "Maps",
    "MentionmapError",
    "MentionmapWarning",
    "__version__",
    "to_geodataframe",
]
