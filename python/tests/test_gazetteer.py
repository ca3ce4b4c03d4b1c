"""Names and places."""

import mentionmap
import pytest


@pytest.fixture(scope="module")
def world():
    return mentionmap.Gazetteer()


def test_names_are_found_in_any_spelling(world):
    found = world.lookup("deir ez zor")
    assert found[0]["country"] == "SY" and found[0]["distance"] == 0
    assert world.lookup("Kharkhiv") == []
    close = world.lookup("Kharkhiv", fuzzy=True)[0]
    assert (close["place"], close["distance"], close["matched"]) == ("Kharkiv", 1, "kharkiv")


def test_places_are_found_by_nearness(world):
    found = world.near(35.95, 39.01, count=3, classes="P")
    assert len(found) == 3 and found[0]["place_id"] == "geonames:172955"
    assert [place["km"] for place in found] == sorted(place["km"] for place in found)
    assert all(place["km"] <= 30 for place in world.near(35.95, 39.01, within_km=30))
    assert all(place["population"] >= 100_000 for place in world.near(48.9, 2.3, min_population=100_000))
    for arguments in [(91, 0), (0, 181), (float("nan"), 0)]:
        with pytest.raises(mentionmap.MentionmapError, match="no point of the Earth"):
            world.near(*arguments)
    with pytest.raises(mentionmap.MentionmapError, match="feature class"):
        world.near(0, 0, classes="X")


def test_one_serves_several_mappers(world):
    mapper = mentionmap.Mapper(world)
    assert mapper.gazetteer_hash == world.hash and "GeoNames" in world.attribution and len(world) > 200_000
