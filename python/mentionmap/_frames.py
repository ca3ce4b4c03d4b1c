"""Results as GeoPandas has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Literal

from ._mentionmap import ArticleMap

if TYPE_CHECKING:
    import geopandas


def to_geodataframe(
    data: ArticleMap | Iterable[ArticleMap | None] | Any,
    per: Literal["article", "mention"] = "article",
) -> geopandas.GeoDataFrame:
    """Gives results as a GeoDataFrame: a row for each feature, its properties as columns, and its point as geometry.

    data: an ArticleMap; an iterable of them, such as Mapper.map_many gives (None is left out); or Arrow data, such as
        Mapper.map_arrow gives, which is taken up whole.
    per: what a row of ArticleMaps stands for, "article" (a place in an article) or "mention". Arrow data is made per
        one or the other already.

    Points are longitude and latitude in degrees of WGS 84. A mention without a place has no geometry.

    Raises ImportError when GeoPandas is not installed.
    """
    try:
        import geopandas
    except ImportError as error:
        raise ImportError("to_geodataframe needs GeoPandas; `pip install 'mentionmap[geopandas]'` brings it") from error
    if hasattr(data, "__arrow_c_stream__"):
        import pyarrow

        frame = geopandas.GeoDataFrame.from_arrow(pyarrow.table(data), geometry="geometry")
        return frame.set_crs("EPSG:4326", allow_override=True)
    maps = [data] if isinstance(data, ArticleMap) else data
    found = [each for each in maps if each is not None]
    rows: list[dict[str, Any]] = [
        dict(row) for each in found for row in (each.mentions if per == "mention" else each.places)
    ]
    from shapely import Point

    coordinates = [(row.pop("longitude"), row.pop("latitude")) for row in rows]
    points = [None if longitude is None else Point(longitude, latitude) for longitude, latitude in coordinates]
    return geopandas.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")
