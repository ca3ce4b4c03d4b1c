#!/usr/bin/env python3
"""Maps articles made to be expensive, and compares what a byte of them costs with a byte of news.

    python3 benches/adversarial.py [NEWS.jsonl[.xz]] [--program target/release/mentionmap]

One word a million times, 100,000 words with capitals, and every name of a gazetteer once (of GeoNames' dump, its inhabited
places) may cost four times as much as news, not more: nothing grows faster than its input. An article of 10,000 mentions
takes less than a second. Prints a table, and fails when one of these does not hold.
"""

import argparse
import itertools
import pathlib
import random
import sys

from runs import NEWS, PROGRAM, SHORT, cost, names, news, size

MOST = 4.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", nargs="?", type=pathlib.Path, default=NEWS)
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM)
    arguments = parser.parse_args()
    program = arguments.program
    start = cost(program, [SHORT]).cpu
    of_news = news(arguments.news)
    seconds, memory, _ = cost(program, of_news)
    per_byte = (seconds - start) / size(of_news)
    dice = random.Random(8)
    capitals = lambda: "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=7)).capitalize()
    known = names(200_000)
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
    print(f"| news | {size(of_news):,} | {seconds:.2f} | {per_byte * 1e9:.0f} | 1 | {memory:.0f} |")
    failed = []
    for name, text in cases.items():
        seconds, memory, _ = cost(program, [text])
        each = max(seconds - start, 0.0) / size([text])
        print(f"| {name} | {size([text]):,} | {seconds:.2f} | {each * 1e9:.0f} | {each / per_byte:.1f} | {memory:.0f} |")
        if each > MOST * per_byte:
            failed.append(f"{name}: more than {MOST:.0f} times what news cost")
    mentions = " ".join(f"Rain fell in {name}, and wind blew." for name in itertools.islice(itertools.cycle(known), 10_000))
    seconds, memory, _ = cost(program, [mentions])
    print(f"| 10,000 mentions in one article | {len(mentions.encode()):,} | {seconds:.2f} | – | – | {memory:.0f} |")
    if seconds >= 1.0:
        failed.append("10,000 mentions in one article take a second or more")
    for failure in failed:
        print(failure, file=sys.stderr)
    return 1 if failed else 0


sys.exit(main())
