"""GeoPandas."""

import mentionmap
from conftest import module


def test_results_become_a_geodataframe(mapper, articles):
    geopandas = module("geopandas")
    maps = list(mapper.map_many(articles))
    frame = mentionmap.to_geodataframe(maps)
    assert isinstance(frame, geopandas.GeoDataFrame) and frame.crs == "EPSG:4326"
    assert len(frame) == sum(len(each) for each in maps) and "longitude" not in frame
    again = mentionmap.to_geodataframe(maps[0])
    assert list(again["place"]) == [place["place"] for place in maps[0].places]
    mentions = mentionmap.to_geodataframe(maps, per="mention")
    assert mentions.geometry.isna().sum() == sum(each.unplaced for each in maps)
    pyarrow = module("pyarrow")
    table = mapper.map_arrow(pyarrow.Table.from_pylist(articles), per="article")
    streamed = mentionmap.to_geodataframe(table)
    assert streamed.crs == "EPSG:4326" and streamed.geometry.geom_equals(frame.geometry).all()
    assert list(streamed["place_id"]) == list(frame["place_id"])
    assert mentionmap.to_geodataframe([]).empty
