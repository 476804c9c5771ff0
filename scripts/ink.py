"""A pen for drawings in ink on paper: shaky strokes, washes, lettering and seals, written as SVG."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

WIDTH, HEIGHT = 1400, 960
PAPER, INK, SEAL, WASH = "#f4ecd8", "#2b2622", "#a8321f", "#5d6b6b"
Point = tuple[float, float]


class Sheet:
    """A sheet of paper that takes strokes; everything shaky comes from one seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self.marks: list[str] = []
        self.lettering: list[str] = []
        self.chance = random.Random(seed)

    def shake(self, amount: float) -> float:
        """A small deviation of the hand."""
        return self.chance.uniform(-amount, amount)

    def stroke(
        self, points: Sequence[Point], width: float = 2.0, colour: str = INK, opacity: float = 1.0, close: bool = False,
        fill: str = "none", shake: float = 1.2, dash: str = "", sharp: bool = False,
    ) -> None:  # fmt: skip
        """A brush line through points, smooth unless `sharp`."""
        shaken = [(x + self.shake(shake), y + self.shake(shake)) for x, y in points]
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shaken) + "Z" * close if sharp else smooth(shaken, close)
        self.marks.append(
            f'<path d="{path}" fill="{fill}" stroke="{colour}" stroke-width="{width}" opacity="{opacity}" '
            f'stroke-linecap="round" stroke-linejoin="round"{extra}/>'
        )

    def straight(self, start: Point, end: Point, width: float = 2.0, colour: str = INK, opacity: float = 1.0) -> None:
        """A line drawn without a ruler."""
        middle = ((start[0] + end[0]) / 2 + self.shake(1.5), (start[1] + end[1]) / 2 + self.shake(1.5))
        self.stroke([start, middle, end], width, colour, opacity, shake=0.8)

    def wash(self, points: Sequence[Point], colour: str, opacity: float) -> None:
        """A patch of thin ink without outline."""
        self.marks.append(f'<path d="{smooth(points, True)}" fill="{colour}" opacity="{opacity}"/>')

    def text(self, at: Point, text: str, size: int, colour: str = INK, upright: bool = False) -> None:
        """Lettering above the drawing, centred on `at`; `upright` sets a column that begins there."""
        mode = 'text-anchor="start" style="writing-mode:vertical-rl"' if upright else 'text-anchor="middle"'
        place = f'x="{at[0]:.0f}" y="{at[1]:.0f}" font-size="{size}"'
        self.lettering.append(f'<text {place} fill="{colour}" {mode}>{text}</text>')

    def seal(self, x: float, y: float, text: str, size: float = 30) -> None:
        """A red seal, one character above the other."""
        height = size * len(text) * 1.12 + 12
        self.marks.append(f'<rect x="{x}" y="{y}" width="{size + 16}" height="{height}" rx="4" fill="{SEAL}"/>')
        for number, character in enumerate(text):
            self.text((x + size / 2 + 8, y + size + number * size * 1.12), character, int(size), PAPER)

    def svg(self) -> str:
        """The finished drawing; a little turbulence lets the ink run at its edges."""
        frame = f'x="18" y="18" width="{WIDTH - 36}" height="{HEIGHT - 36}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
                'font-family="FandolKai, KaiTi, Kaiti SC, Noto Serif CJK SC, serif">',
                f'<clipPath id="frame"><rect {frame}/></clipPath>',
                '<filter id="ink" x="0" y="0" width="100%" height="100%">',
                '<feTurbulence type="fractalNoise" baseFrequency="0.035" numOctaves="2" seed="7"/>',
                '<feDisplacementMap in="SourceGraphic" scale="3.2"/></filter>',
                f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
                '<g clip-path="url(#frame)"><g filter="url(#ink)">',
                *self.marks,
                "</g></g>",
                *self.lettering,
                f'<rect {frame} fill="none" stroke="{INK}" stroke-width="1.6" opacity=".55"/></svg>\n',
            ]
        )


def smooth(points: Sequence[Point], close: bool = False) -> str:
    """A Catmull-Rom curve through the points as SVG path data."""
    count = len(points)
    at: Callable[[int], Point] = lambda i: points[i % count] if close else points[min(max(i, 0), count - 1)]  # noqa: E731
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(count if close else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        first, second = (bx + (cx - ax) / 6, by + (cy - ay) / 6), (cx - (dx - bx) / 6, cy - (dy - by) / 6)
        parts.append("C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in (first, second, (cx, cy))))
    return "".join(parts) + ("Z" if close else "")


def polar(centre: Point, radius: float, angle: float) -> Point:
    """A point on a circle; angle in degrees, clockwise from the right."""
    return centre[0] + radius * math.cos(math.radians(angle)), centre[1] + radius * math.sin(math.radians(angle))


def ring(centre: Point, radius: float, flat: float = 1.0) -> list[Point]:
    """Points of a circle, or of an ellipse whose height is `flat` of its width."""
    return [
        (centre[0] + radius * math.cos(i * math.pi / 12), centre[1] + flat * radius * math.sin(i * math.pi / 12))
        for i in range(24)
    ]
