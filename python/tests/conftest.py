"""What several tests need."""

import json
import os
import subprocess
from pathlib import Path

import mentionmap
import pytest

ROOT = Path(__file__).parents[2]


def needed(what, there):
    """Skips a test aloud when what it needs is not there; CI_REQUIRE_TOOLS=1 forbids skipping."""
    if there:
        return
    assert os.environ.get("CI_REQUIRE_TOOLS") != "1", f"{what} is required here"
    pytest.skip(f"no {what}")


def module(name):
    """A module that may be missing."""
    try:
        return __import__(name)
    except ImportError:
        needed(name, False)


@pytest.fixture(scope="session")
def mapper():
    return mentionmap.Mapper()


@pytest.fixture(scope="session")
def articles():
    """The sample articles; their headline is their first line."""
    files = sorted((ROOT / "examples/articles").iterdir())
    texts = [file.read_text(encoding="utf-8") for file in files]
    # Dates of several forms, and none.
    dates = ["2019-03-23", "2017-10-17T08:30:00Z", "Mon, 21 Oct 2019 10:00:00 GMT", None]
    return [
        {"id": f"a-{i}", "title": text.splitlines()[0], "text": text, "date": dates[i % 4]}
        for i, text in enumerate(texts)
    ]


@pytest.fixture(scope="session")
def command_line(articles, tmp_path_factory):
    """What the command line makes of the sample articles: its features, by the options given."""
    program = Path(os.environ.get("MENTIONMAP", ROOT / "target/debug/mentionmap"))
    needed(f"program at {program}; build it with `cargo build`", program.exists())
    file = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")

    def features(*options, format="geojsonl"):
        command = [program, "map", "-q", "-f", format, file, *options]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=file.parent).stdout
        return [json.loads(line) for line in output.splitlines()] if format == "geojsonl" else output

    return features
