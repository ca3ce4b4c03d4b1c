#!/usr/bin/env python3
"""Maps articles made to be expensive, and compares what a byte of them costs with a byte of news.

    python3 benches/adversarial.py [NEWS.jsonl[.xz]] [--program target/release/mentionmap]

One word a million times, 100,000 words with capitals, and every name of a gazetteer once (of GeoNames' dump, its inhabited
places) may cost four times as much as news, not more: nothing grows faster than its input. An article of 10,000 mentions
takes less than a second. Prints a table, and fails when one of these does not hold.
"""

import argparse
import itertools
import json
import lzma
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
GAZETTEER = ROOT.parent / "shared" / "gazetteer" / "allCountries.txt.xz"
NEWS = ROOT.parent / "shared" / "text" / "bbc_news_sport.jsonl.xz"
MOST = 4.0


def news(path):
    if path.exists():
        opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
        with opened as lines:
            return [json.loads(line)["text"] for line in lines if line.strip()]
    print(f"{path} is not there: the sample articles of the project are used, again and again", file=sys.stderr)
    return [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples" / "articles").iterdir())] * 100


def names(path, wanted):
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


def cost(program, texts):
    """CPU seconds, user and system, of mapping texts, and the peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "text.jsonl"
        text.write_text("".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate(texts)), "utf-8")
        command = [program, "map", "-j1", "-q", "-o", pathlib.Path(folder) / "map.geojson", text]
        child = subprocess.Popen([str(part) for part in command])
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", nargs="?", type=pathlib.Path, default=NEWS)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "mentionmap")
    arguments = parser.parse_args()
    program = arguments.program
    start, _ = cost(program, ["Rain fell in Riga, Latvia."])
    of_news = news(arguments.news)
    seconds, memory = cost(program, of_news)
    per_byte = (seconds - start) / sum(len(t.encode()) for t in of_news)
    dice = random.Random(8)
    capitals = lambda: "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=7)).capitalize()
    known = names(GAZETTEER, 200_000)
    cases = {
        "one name a million times": "Latvia " * 1_000_000,
        "one word a million times": "the " * 1_000_000,
        "100,000 words with capitals": " ".join(capitals() for _ in range(100_000)),
        "100,000 of them, in sentences": ". ".join(capitals() + " met " + capitals() for _ in range(50_000)),
        f"{len(known):,} names, each once": ", ".join(known),
        f"{len(known):,} names, each after 'in'": ". ".join(f"It rained in {name}" for name in known),
    }
    print("| | bytes | CPU seconds | ns per byte | times news | peak memory, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(f"| news | {sum(len(t.encode()) for t in of_news):,} | {seconds:.2f} | {per_byte * 1e9:.0f} | 1 | {memory:.0f} |")
    failed = []
    for name, text in cases.items():
        seconds, memory = cost(program, [text])
        size = len(text.encode())
        each = max(seconds - start, 0.0) / size
        print(f"| {name} | {size:,} | {seconds:.2f} | {each * 1e9:.0f} | {each / per_byte:.1f} | {memory:.0f} |")
        if each > MOST * per_byte:
            failed.append(f"{name}: more than {MOST:.0f} times what news cost")
    mentions = " ".join(f"Rain fell in {name}, and wind blew." for name in itertools.islice(itertools.cycle(known), 10_000))
    seconds, memory = cost(program, [mentions])
    print(f"| 10,000 mentions in one article | {len(mentions.encode()):,} | {seconds:.2f} | – | – | {memory:.0f} |")
    if seconds >= 1.0:
        failed.append("10,000 mentions in one article take a second or more")
    for failure in failed:
        print(failure, file=sys.stderr)
    return 1 if failed else 0


sys.exit(main())
