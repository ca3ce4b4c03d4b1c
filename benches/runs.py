"""Runs of mentionmap over given texts, and the texts: what the scripts beside this one measure with."""

import json
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GAZETTEER = SHARED / "gazetteer" / "allCountries.txt.xz"
NEWS = SHARED / "text" / "bbc_news_sport.jsonl.xz"
PROGRAM = ROOT / "target" / "release" / "mentionmap"
SHORT = "Rain fell in Riga, Latvia."


class Cost(NamedTuple):
    """CPU seconds, user and system, the peak memory in MB, and seconds by the clock."""

    cpu: float
    memory: float
    clock: float


def news(path=NEWS):
    """The texts of a file of JSON Lines; the sample articles when it is not there."""
    if path.exists():
        opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
        with opened as lines:
            return [json.loads(line)["text"] for line in lines if line.strip()]
    print(f"{path} is not there: the sample articles of the project are used, again and again", file=sys.stderr)
    return [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples" / "articles").iterdir())] * 100


def names(wanted, path=GAZETTEER):
    """Names of inhabited places in GeoNames' dump, each once; of the samples when it is not there."""
    found = {}
    if not path.exists():
        print(f"{path} is not there: words of the sample articles stand for names", file=sys.stderr)
        words = " ".join(news(pathlib.Path("/nonexistent"))).split()
        return list(dict.fromkeys(word for word in words if word[:1].isupper()))
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = line.split("\t")
            if row[6] == "P" and row[14] not in ("", "0"):
                found[row[1]] = None
            if len(found) >= wanted:
                break
    return list(found)


def cost(program, texts, *options):
    """What it costs to map texts, an article each, on one thread unless the options say otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "text.jsonl"
        text.write_text("".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate(texts)), "utf-8")
        command = [program, "map", "-q", "-o", pathlib.Path(folder) / "map.geojson", text, *(options or ["-j1"])]
        started = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command])
        _, status, usage = os.wait4(child.pid, 0)
        clock = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise SystemExit(f"{command} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, clock)


def size(texts):
    """Their bytes."""
    return sum(len(text.encode()) for text in texts)
