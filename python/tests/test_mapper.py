"""One article, and many."""

import json
import threading

import mentionmap
import pytest


def test_an_article_has_places_with_points(mapper):
    article = mapper.map("From Raqqa to Al-Hol in northeastern Syria, Raqqa's displaced wait.", id="x")
    assert [(place["names"], place["mentions"]) for place in article.places] == [("Raqqa", 2), ("Al-Hol", 1), ("Syria", 1)]
    raqqa = article.places[0]
    assert raqqa["country"] == "SY" and raqqa["weight"] == 0.5 and raqqa["article"] == article.id == "x"
    assert abs(raqqa["latitude"] - 35.95) < 0.1 and abs(raqqa["longitude"] - 39.01) < 0.1
    assert [mention["name"] for mention in article.mentions] == ["Raqqa", "Al-Hol", "Syria", "Raqqa"]
    assert article.mentions[0]["sentence"] == article.text
    assert len(article) == 3 and repr(article) == '<mentionmap.ArticleMap "x": places=3, mentions=4>'


def test_the_layer_is_the_command_line_s(mapper, articles, command_line):
    written = command_line(format="geojson")
    maps = list(mapper.map_many(articles))
    expected = json.loads(written)
    layers = [json.loads(each.to_geojson()) for each in maps]
    assert [feature for layer in layers for feature in layer["features"]] == expected["features"]
    for fact in ["attribution", "license", "gazetteer", "options", "generator"]:
        assert layers[0][fact] == expected[fact]
    interface = maps[0].__geo_interface__
    assert interface["type"] == "FeatureCollection" and interface == layers[0]


def test_a_notebook_shows_a_map(mapper):
    article = mapper.map("Rain fell in Lyon, <b>France</b>.", title="Rain & <i>snow</i>")
    shown = article._repr_html_()
    assert shown.startswith("<img ") and "<i>" not in shown
    assert article.to_svg().startswith("<svg") and "Lyon" in article.to_svg()
    page = article.to_html("Rain in Lyon")
    assert page.lower().startswith("<!doctype html>") and '"title":"Rain in Lyon"' in page
    # Nothing to show is no error.
    assert mapper.map("Nothing.")._repr_html_().startswith("<img ")


def test_many_come_in_order_whatever_the_threads(articles):
    many = [{**article, "id": f"{article['id']}/{i}"} for i in range(8) for article in articles]
    runs = []
    for jobs in [1, 4]:
        maps = mentionmap.Mapper(jobs=jobs).map_many(iter(many))
        runs.append([(each.id, each.to_geojson("mention")) for each in maps])
    assert runs[0] == runs[1]
    assert [id for id, _ in runs[0]] == [article["id"] for article in many]


def test_an_endless_iterable_is_read_as_it_is_asked_for(mapper):
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield f"Rain fell in Lyon, France, {read} times."

    maps = mapper.map_many(endless())
    assert [next(maps).places[0]["place"] for _ in range(3)] == ["Lyon"] * 3
    assert read < 3000


def test_what_is_no_article_gives_none_and_a_warning(mapper):
    items = ["Rain in Riga.", None, {"title": "no text"}, float("nan"), 7, {"text": "Snow in Riga.", "id": 5}]
    with pytest.warns(mentionmap.MentionmapWarning, match="4 of 6 articles could not be mapped; the first is row 2: empty"):
        maps = list(mapper.map_many(items))
    assert [each and each.id for each in maps] == ["1", None, None, None, None, "5"]


def test_an_iterable_that_fails_fails_alone(mapper):
    def broken():
        yield "Rain in Riga."
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        list(mapper.map_many(broken()))
    assert mapper.map("Rain in Riga.").places


def test_odd_text_is_mapped(mapper):
    garbage = "".join(chr(33 + i * 7919 % 60000) for i in range(34_000)).replace("\ud800", " ")
    garbage = garbage.encode("utf-8", "replace").decode("utf-8")
    assert mapper.map(garbage + " Rain fell in Lyon, France.").id == "1"
    # Half a character, as broken JSON has it.
    assert mapper.map("Rain fell \ud83d in Lyon, France.").places[0]["place"] == "Lyon"


def test_threads_of_python_share_a_mapper(mapper, articles):
    expected = [mapper.map(article["text"]).to_geojson() for article in articles]
    results = {}

    def work(n):
        results[n] = [mapper.map(article["text"]).to_geojson() for article in articles]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[n] == expected for n in range(4))


def test_python_runs_on_while_an_article_is_mapped(mapper, articles):
    long = "\n".join(article["text"] for article in articles) * 20
    thread = threading.Thread(target=mapper.map, args=(long,))
    thread.start()
    turns = 0
    while thread.is_alive():
        turns += 1
    # With the interpreter held it would be a turn or two.
    assert turns > 1000


def test_options_say_what_is_wrong():
    for options, message in [
        ({"roles": "city"}, 'roles: "city" is none'),
        ({"min_confidence": 2}, "from 0 to 1"),
        ({"prefer": "XX"}, "--prefer XX"),
        ({"jobs": 0}, "at least one thread"),
        ({"gazetteer": __file__}, "not a mentionmap gazetteer"),
    ]:
        with pytest.raises(mentionmap.MentionmapError, match=message):
            mentionmap.Mapper(**options)
    with pytest.raises(FileNotFoundError, match="missing.mentionmap"):
        mentionmap.Mapper("missing.mentionmap")


def test_roles_confidence_and_preference_count(tmp_path):
    text = "Syrian troops left the city on Monday."
    assert not mentionmap.Mapper().map(text).places
    assert mentionmap.Mapper(roles=["place", "demonym"]).map(text).places[0]["place"] == "Syria"
    assert mentionmap.Mapper(min_confidence=1.0).map("Rain in Paris.").unplaced == 1
    texan = mentionmap.Mapper(prefer="-100,30,-90,36").map("Rain in Paris.")
    assert texan.places[0]["admin1"] == "Texas"
    mine = tmp_path / "mine.csv"
    mine.write_text("name,lat,lon,country\nUmm Zarqun,35.02,40.45,SY\n")
    article = mentionmap.Mapper(["world", mine]).map("They met in Umm Zarqun.")
    assert article.places[0]["place_id"] == "custom:umm-zarqun"
