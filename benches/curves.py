#!/usr/bin/env python3
"""Measures how costs grow with threads, gazetteers, articles and mentions, and draws that as docs/images/*.svg.

    python3 benches/curves.py [cores gazetteers lengths mentions] [--program target/release/mentionmap] [--folder FOLDER]

Prints a table for each plot. All four take half an hour, most of it for gazetteers: those of GeoNames' dump in ../shared,
where it is, and generated ones of 1, 4 and 12 million places (benches/generate_dump.rs; 4 GB in FOLDER while they are
built). They stay in FOLDER, and are not built again. Each figure is the median of three runs, which take turns.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess

from plot import Axis, Plot
from runs import GAZETTEER, PROGRAM, ROOT, SHARED, SHORT, cost, names, news, size

IMAGES = ROOT / "docs" / "images"
ROUNDS = 3
GENERATED = [1_000_000, 4_000_000, 12_000_000]
LENGTHS = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]
MENTIONS = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 200_000]


def medians(cases):
    """The median of what each case costs; they take turns."""
    rounds = [[case() for case in cases] for _ in range(ROUNDS)]
    return [tuple(statistics.median(values) for values in zip(*of_case)) for of_case in zip(*rounds)]


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def powers(name, least, most, unit, factor=1):
    """A logarithmic axis with a tick at each power of ten."""
    exponents = range(-9, 12)
    ticks = [(10.0**e, f"{10.0**e * factor:,.10g}{unit}") for e in exponents if least <= 10.0**e <= most]
    return Axis(name, least, most, ticks, logarithmic=True)


def steps(name, most, step, unit):
    return Axis(name, 0, most, [(n, f"{n:g}{unit}") for n in range(0, int(most) + 1, step)])


def cores(program, _):
    texts = news(SHARED / "text" / "reuters21578.jsonl.xz")
    threads = range(1, min(os.cpu_count() or 1, 8) + 1)
    costs = medians([lambda n=n: cost(program, texts, f"-j{n}") for n in threads])
    speeds = [size(texts) / 1e6 / clock for _, _, clock in costs]
    table(
        ["threads", "seconds", "MB per second", "times one", "peak memory, MB"],
        [
            [str(n), f"{clock:.2f}", f"{speed:.1f}", f"{speed / speeds[0]:.2f}", f"{memory:.0f}"]
            for n, speed, (_, memory, clock) in zip(threads, speeds, costs)
        ],
    )
    across = Axis("threads", 0.5, threads[-1] + 0.5, [(n, str(n)) for n in threads])
    plot = Plot("Speed over threads", across, steps("MB per second", speeds[0] * threads[-1] * 1.4, 5, ""))
    plot.line("Reuters' news", list(zip(threads, speeds)), dots=True)
    plot.line("in proportion", [(n, speeds[0] * n) for n in threads], dashed=True)
    plot.write(IMAGES / "cores.svg")


def built(program, folder):
    """Gazetteers: what each is called, and what `--gazetteer` takes."""
    yield "embedded", "world"
    folder.mkdir(parents=True, exist_ok=True)
    if GAZETTEER.exists():
        file = folder / "shared.mentionmap"
        if not file.exists():
            more = ["--alternate-names", GAZETTEER.with_name("alternateNamesV2.txt.xz")]
            subprocess.run([program, "gazetteer", "build", GAZETTEER, *more, "-o", file], check=True)
        yield "GeoNames", file
    for places in GENERATED:
        file = folder / f"generated-{places}.mentionmap"
        if not file.exists():
            generate = folder / "generate_dump"
            subprocess.run(["rustc", "-O", ROOT / "benches" / "generate_dump.rs", "-o", generate], check=True)
            subprocess.run([generate, folder, str(places), str(places * 25 // 12)], check=True)
            dump, more = folder / "allCountries.txt", folder / "alternateNamesV2.txt"
            subprocess.run([program, "gazetteer", "build", dump, "--alternate-names", more, "-o", file], check=True)
            for path in (dump, more, generate):
                path.unlink()
        yield "generated", file


def gazetteers(program, folder):
    of_news = news()
    all_of_them = list(built(program, folder))
    asked = [[program, "gazetteer", "info", "--gazetteer", file, "--json"] for _, file in all_of_them]
    places = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["places"] for command in asked]
    options = [["-j1", "--gazetteer", file] for _, file in all_of_them]
    costs = medians([lambda o=o: cost(program, of_news, *o) for o in options])
    # Starting is short: ten times as many runs.
    starts = [[cost(program, [SHORT], *o) for o in options] for _ in range(10 * ROUNDS)]
    starts = [statistics.median(run.clock * 1e3 for run in of_one) for of_one in zip(*starts)]
    rows = sorted(zip(places, all_of_them, costs, starts))
    table(
        ["places", "", "MB per CPU-second", "peak memory, MB", "first map, ms"],
        [
            [f"{count:,}", name, f"{size(of_news) / 1e6 / cpu:.1f}", f"{memory:.0f}", f"{start:.1f}"]
            for count, (name, _), (cpu, memory, _), start in rows
        ],
    )
    across = lambda: powers("places in the gazetteer", 1e5, 2e7, " million", 1e-6)
    speeds = [(count, name, size(of_news) / 1e6 / cpu) for count, (name, _), (cpu, _, _), _ in rows]
    plot = Plot("Speed over the size of the gazetteer", across(), steps("MB of news per CPU-second", 20, 5, ""))
    for title, kinds in (("real places", ("embedded", "GeoNames")), ("generated places", ("generated",))):
        plot.line(title, [(count, speed) for count, name, speed in speeds if name in kinds], dots=True)
    plot.write(IMAGES / "gazetteers.svg")
    plot = Plot("Start-up over the size of the gazetteer", across(), steps("to the first map, ms", 24, 5, ""))
    plot.level(20)
    plot.line("from process start to the map of a short article", [(row[0], row[3]) for row in rows], dots=True)
    plot.write(IMAGES / "startup.svg")


def cut(text, length):
    """Articles of about so many bytes, which end where lines do."""
    articles, lines, taken = [], [], 0
    for line in text.splitlines(keepends=True):
        lines.append(line)
        taken += len(line.encode())
        if taken >= length:
            articles.append("".join(lines))
            lines, taken = [], 0
    return articles or ["".join(lines)]


def growth(title, name, lines, image, least):
    """A plot of CPU time per article, both axes logarithmic."""
    points = [point for _, of_line in lines for point in of_line]
    most = max(x for x, _ in points) * 1.5
    across = powers(name, least, most, "")
    up = powers("CPU time per article, ms", min(y for _, y in points) / 1.5, max(y for _, y in points) * 3, "")
    plot = Plot(title, across, up)
    for line, of_line in lines:
        plot.line(line, of_line, dots=True)
    x, y = lines[0][1][-1]
    lowest = next(x0 for x0, _ in lines[0][1])
    plot.line("in proportion", [(lowest, y * lowest / x), (x, y)], dashed=True)
    plot.write(IMAGES / image)


def lengths(program, _):
    start = cost(program, [SHORT]).cpu
    whole = "\n\n".join(news())
    cases = [cut(whole, length) for length in LENGTHS]
    costs = medians([lambda texts=texts: cost(program, texts) for texts in cases])
    rows = [
        (size(texts) / len(texts), (cpu - start) * 1e3 / len(texts), (cpu - start) * 1e9 / size(texts), memory)
        for texts, (cpu, memory, _) in zip(cases, costs)
    ]
    table(
        ["bytes of an article", "CPU time, ms", "ns per byte", "peak memory, MB"],
        [[f"{length:,.0f}", f"{ms:.3g}", f"{ns:.0f}", f"{memory:.0f}"] for length, ms, ns, memory in rows],
    )
    line = ("news of the BBC, cut into articles", [row[:2] for row in rows])
    growth("Cost of an article over its length", "bytes of an article", [line], "lengths.svg", 500)


def mentions(program, _):
    start = cost(program, [SHORT]).cpu
    known = names(MENTIONS[-1])
    kinds = {
        'different names, each after "in"': lambda some: ". ".join(f"It rained in {name}" for name in some),
        "different names, one after the other": ", ".join,
        "one name again and again": lambda some: "Latvia " * len(some),
    }
    # So many articles, of other names each, that there is something to measure.
    parts = [[known[n : n + count] for n in range(0, max(count, 20_000), count)] for count in MENTIONS]
    cases = [[make(part) for part in of_count] for make in kinds.values() for of_count in parts]
    costs = iter(medians([lambda texts=texts: cost(program, texts) for texts in cases]))
    rows = [
        (kind, [(count, (c[0] - start) * 1e3 / len(part), c[1]) for count, part, c in zip(MENTIONS, parts, costs)])
        for kind in kinds
    ]
    for kind, row in rows:
        print(f"{kind}:\n")
        table(
            ["mentions", *(f"{count:,}" for count, _, _ in row)],
            [
                ["CPU time, ms", *(f"{ms:.3g}" for _, ms, _ in row)],
                ["peak memory, MB", *(f"{memory:.0f}" for _, _, memory in row)],
            ],
        )
    of_time = [(kind, [point[:2] for point in row]) for kind, row in rows]
    growth("Cost of an article over its mentions", "mentions in an article", of_time, "mentions.svg", 80)
    plot = Plot(
        "Memory over the mentions of an article",
        powers("mentions in an article", 80, MENTIONS[-1] * 1.5, ""),
        steps("", 220, 50, " MB"),
    )
    plot.level(200)
    for kind, row in rows:
        plot.line(kind, [(count, memory) for count, _, memory in row], dots=True)
    plot.write(IMAGES / "mentions-memory.svg")


CURVES = {"cores": cores, "gazetteers": gazetteers, "lengths": lengths, "mentions": mentions}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("curves", nargs="*", choices=[[], *CURVES], metavar="CURVE")
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "target" / "curves")
    arguments = parser.parse_args()
    for name in arguments.curves or CURVES:
        print(f"## {name}\n")
        CURVES[name](arguments.program, arguments.folder)


if __name__ == "__main__":
    main()
