"""Draws docs/images/memory.svg: how much memory runs have while their input grows.

Takes tables of benches/memory_curve.sh, each with a name: python3 docs/images/memory.py "texts=a.csv" "headlines=b.csv"
"""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benches"))

from plot import Axis, Plot  # noqa: E402

LEAST = 1e7


def main():
    sizes = [(1e7, "10 MB"), (1e8, "0.1 GB"), (1e9, "1 GB"), (1e10, "10 GB")]
    across = Axis("read so far", LEAST, 1.2e10, sizes, logarithmic=True)
    up = Axis("", 0, 320, [(megabytes, f"{megabytes} MB") for megabytes in range(0, 321, 100)])
    plot = Plot("Memory while the input grows", across, up)
    plot.level(300)
    for argument in sys.argv[1:]:
        name, path = argument.split("=", 1)
        rows = [row for row in csv.DictReader(open(path)) if row["bytes"] and row["resident"]]
        points = [(float(row["bytes"]), float(row["resident"]) / 1000) for row in rows]
        plot.line(name, [point for point in points if point[0] >= LEAST])
    plot.write(Path(__file__).with_name("memory.svg"))


main()
