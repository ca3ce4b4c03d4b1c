"""Plots as small SVG files: lines over an axis across and one up, the same look for all of them."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 320, 64, 24, 20, 52
COLORS = ["#b3261e", "#2f6f9f", "#5b6168"]
GRID, INK = "#dde2e6", "#1c1e21"


class Axis:
    """From the least to the most, with ticks: pairs of a value and what it is called."""

    def __init__(self, name, least, most, ticks, logarithmic=False):
        self.name, self.ticks = name, ticks
        self.scale = math.log10 if logarithmic else float
        self.least, self.most = self.scale(least), self.scale(most)
        self.lowest = least if logarithmic else -math.inf

    def share(self, value):
        return (self.scale(max(value, self.lowest)) - self.least) / (self.most - self.least)


class Plot:
    def __init__(self, title, across, up):
        self.across, self.up, self.lines = across, up, 0
        self.out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif" font-size="12" role="img"><title>{escape(title)}</title>',
            '<rect width="100%" height="100%" fill="#fff"/>',
        ]
        for value, name in up.ticks:
            self.out.append(f'<path d="M{LEFT},{self.y(value):.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
            self.text(LEFT - 8, self.y(value) + 4, name, "end")
        for value, name in across.ticks:
            self.out.append(f'<path d="M{self.x(value):.1f},{TOP}V{HEIGHT - BOTTOM}" stroke="{GRID}"/>')
            self.text(self.x(value), HEIGHT - BOTTOM + 18, name, "middle")
        self.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across.name, "middle")
        if up.name:
            self.text(LEFT + 12, TOP + 20, up.name)

    def x(self, value):
        return LEFT + self.across.share(value) * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        return HEIGHT - BOTTOM - self.up.share(value) * (HEIGHT - TOP - BOTTOM)

    def text(self, left, top, content, anchor="start", color=INK):
        self.out.append(
            f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" fill="{color}">{escape(content)}</text>'
        )

    def level(self, value):
        """A bound that is to be kept."""
        self.out.append(f'<path d="M{LEFT},{self.y(value):.1f}H{WIDTH - RIGHT}" stroke="#5b6168" stroke-dasharray="5 4"/>')

    def line(self, name, points, dots=False, dashed=False):
        """A line through points, which its name stands for in its color."""
        color = COLORS[self.lines % len(COLORS)]
        # A point for each pixel is enough.
        places, last = [], None
        for place in ((round(self.x(x), 1), round(self.y(y), 1)) for x, y in points):
            if last is None or place[0] - last[0] >= 1 or abs(place[1] - last[1]) >= 1:
                places.append(place)
                last = place
        joined = " ".join(f"{x},{y}" for x, y in places)
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.out.append(f'<polyline points="{joined}" fill="none" stroke="{color}" stroke-width="1.6"{dashes}/>')
        if dots:
            self.out.extend(f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places)
        self.text(LEFT + 12, TOP + 40 + 16 * self.lines, name, color=color)
        self.lines += 1

    def write(self, path):
        path.write_text("\n".join([*self.out, "</svg>\n"]), "utf-8")
