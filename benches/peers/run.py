#!/usr/bin/env python3
"""Compares mentionmap with its peers, all on the same text in one run.

    python3 benches/peers/run.py [TEXT.jsonl[.xz]] [--program target/release/mentionmap] [--rounds 3]

makes a virtual environment under target/, installs the pinned peers from PyPI (requirements.txt), runs them and
mentionmap in turn, round after round, and prints a table as Markdown: medians over the rounds, and ratios taken within
each round. Needs Python 3.9 or newer and nothing else; a peer that cannot be installed or run is left out aloud.

What is measured: CPU time, user and system, of a whole process. Of the peers the start-up (a run over no article) is
taken off, of mentionmap it is not; and the peers only find names, while mentionmap writes its map.
"""

import argparse
import json
import lzma
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = ["geotext", "flashgeotext", "spacy"]
TEXT = ROOT.parent / "shared" / "text" / "bbc_news_sport.jsonl.xz"
# spaCy takes minutes for what the others do in seconds.
MOST = {"spacy": 150}


def articles(path):
    """The lines of a file of articles; the samples of the project when there is none."""
    if path.exists():
        opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
        with opened as lines:
            return [line for line in lines if line.strip()]
    print(f"{path} is not there: the sample articles of the project are used, again and again", file=sys.stderr)
    samples = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples" / "articles").iterdir())]
    return [json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(samples * 200)]


def environment():
    """The Python of an environment with the peers, and which of them it has."""
    folder = ROOT / "target" / "peers"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    wanted = [l for l in (HERE / "requirements.txt").read_text().splitlines() if l and not l.startswith("#")]
    for requirement in wanted:
        if subprocess.run([*install, requirement]).returncode != 0:
            print(f"{requirement} could not be installed", file=sys.stderr)
    return python


def measure(command):
    """CPU and wall seconds, peak memory in MB and output of a command; nothing when it fails."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen([str(part) for part in command], stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        output.seek(0)
        text = output.read().decode(errors="replace")
    if child.returncode != 0:
        return None
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", nargs="?", type=pathlib.Path, default=TEXT)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "mentionmap")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=PEERS)
    arguments = parser.parse_args()
    if not arguments.program.exists():
        raise SystemExit(f"{arguments.program} is not there: cargo build --release, or name another with --program")
    lines = articles(arguments.text)
    sizes = [len(json.loads(line)["text"].encode()) for line in lines]
    python = environment()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        text, short = folder / "text.jsonl", folder / "short.jsonl"
        text.write_text("".join(lines), encoding="utf-8")
        short.write_text(json.dumps({"id": "1", "text": "Rain fell in Riga, Latvia."}) + "\n", encoding="utf-8")
        rounds = []
        for _ in range(arguments.rounds):
            of_round = {}
            for name in ["mentionmap", *PEERS]:
                if name in arguments.without:
                    continue
                most = min(MOST.get(name, len(lines)), len(lines))
                if name == "mentionmap":
                    map_ = [arguments.program, "map", "-j1", "-q", "-o", folder / "map.geojson"]
                    start, whole, rest = measure([*map_, short]), measure([*map_, text]), 0.0
                else:
                    peer = [python, HERE / "peer.py", name]
                    start, whole = measure([*peer, short, 1]), measure([*peer, text, most])
                    none = measure([*peer, text, 0])
                    rest = none[0] if none else 0.0
                if start is None or whole is None:
                    print(f"{name} could not be run: it is left out", file=sys.stderr)
                    continue
                cpu = max(whole[0] - rest, 1e-9)
                of_round[name] = {
                    "speed": sum(sizes[:most]) / 1e6 / cpu,
                    "articles": most / cpu,
                    "memory": whole[2],
                    "start": start[1] * 1e3,
                }
            rounds.append(of_round)
    print(f"{len(lines)} articles, {sum(sizes) / 1e6:.2f} MB of text, medians of {arguments.rounds} rounds\n")
    print("| | MB per CPU-second | articles per CPU-second | peak memory, MB | start-up, ms | mentionmap is |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in ["mentionmap", *PEERS]:
        of = [r for r in rounds if name in r]
        if not of:
            continue
        median = lambda what: statistics.median(r[name][what] for r in of)
        ratio = statistics.median(r["mentionmap"]["speed"] / r[name]["speed"] for r in of if "mentionmap" in r)
        print(
            f"| {name} | {median('speed'):.3g} | {median('articles'):.4g} | {median('memory'):.0f} "
            f"| {median('start'):.0f} | {ratio:.3g} times as fast |"
        )


main()
