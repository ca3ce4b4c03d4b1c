"""Draws docs/images/memory.svg: how much memory runs have while their input grows.

Takes tables of benches/memory_curve.sh, each with a name: python3 docs/images/memory.py "texts=a.csv" "headlines=b.csv"
"""

import csv
import math
import sys
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 320, 64, 24, 20, 52
LEAST, MOST, TALLEST = 1e7, 1.2e10, 320
COLORS = ["#b3261e", "#2f6f9f", "#5b6168"]


def x(size):
    share = (math.log10(max(size, LEAST)) - math.log10(LEAST)) / (math.log10(MOST) - math.log10(LEAST))
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def y(megabytes):
    return HEIGHT - BOTTOM - megabytes / TALLEST * (HEIGHT - TOP - BOTTOM)


def text(left, top, content, anchor="start", color="#1c1e21"):
    return f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" fill="{color}">{escape(content)}</text>'


def main():
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" role="img"><title>Memory while the input grows</title>',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for megabytes in range(0, TALLEST + 1, 100):
        out.append(f'<path d="M{LEFT},{y(megabytes):.1f}H{WIDTH - RIGHT}" stroke="#dde2e6"/>')
        out.append(text(LEFT - 8, y(megabytes) + 4, f"{megabytes} MB", "end"))
    for size, name in [(1e7, "10 MB"), (1e8, "0.1 GB"), (1e9, "1 GB"), (1e10, "10 GB")]:
        out.append(f'<path d="M{x(size):.1f},{TOP}V{HEIGHT - BOTTOM}" stroke="#dde2e6"/>')
        out.append(text(x(size), HEIGHT - BOTTOM + 18, name, "middle"))
    out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "read so far", "middle"))
    out.append(f'<path d="M{LEFT},{y(300):.1f}H{WIDTH - RIGHT}" stroke="#5b6168" stroke-dasharray="5 4"/>')
    for number, argument in enumerate(sys.argv[1:]):
        name, path = argument.split("=", 1)
        points, last = [], None
        for row in csv.DictReader(open(path)):
            if not row["bytes"] or not row["resident"]:
                continue
            at = (round(x(float(row["bytes"])), 1), round(y(float(row["resident"]) / 1000), 1))
            # A point for each pixel is enough.
            if float(row["bytes"]) >= LEAST and (last is None or at[0] - last[0] >= 1 or abs(at[1] - last[1]) >= 1):
                points.append(f"{at[0]},{at[1]}")
                last = at
        color = COLORS[number % len(COLORS)]
        out.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="1.6"/>')
        out.append(text(LEFT + 12, TOP + 40 + 16 * number, name, color=color))
    out.append("</svg>\n")
    Path(__file__).with_name("memory.svg").write_text("\n".join(out))


main()
