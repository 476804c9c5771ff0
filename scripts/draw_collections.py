"""Draw the pictures of the sample volume in ink on paper: SVG by rule and fixed seed, then PNG through Chromium.

    python scripts/draw_collections.py [--chromium PROGRAM]

The pictures are committed; run this only to change them. Lettering takes the machine's first serif Chinese font.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from draw_map import draw_map
from ink import HEIGHT, INK, PAPER, WASH, WIDTH, Point, Sheet, polar, ring

FOLDER = Path(__file__).resolve().parents[1] / "collections" / "shuojin-wenshi-12" / "source"

# fmt: off
# One coordinate a line would bury the drawings.


def hills(sheet: Sheet, base: float, height: float, opacity: float, seed: float) -> None:
    """A range of far hills: a wash with a broken ridge line."""
    ridge = [
        (x, base - height * (0.45 + 0.3 * math.sin(x / 170 + seed) + 0.25 * math.sin(x / 67 + seed * 2)))
        for x in range(18, 1400, 34)
    ]
    sheet.wash([(18, base + 20), *ridge, (1382, base + 20)], WASH, opacity)
    for start in range(0, len(ridge) - 6, 7):
        sheet.stroke(ridge[start : start + 6], 1.6, opacity=0.55)


def ripples(sheet: Sheet, rows: Iterable[float], left: float = 40, right: float = 1360, density: int = 9) -> None:
    """Water: short broken waves, closer together further away."""
    for y in rows:
        for _ in range(density):
            x, length = sheet.chance.uniform(left, right - 90), sheet.chance.uniform(40, 130)
            wave = [(x + length * i / 4, y + (3 if i % 2 else -2)) for i in range(5)]
            sheet.stroke(wave, sheet.chance.uniform(0.8, 1.8), opacity=0.5)


def birds(sheet: Sheet, places: Iterable[Point]) -> None:
    """Birds as two strokes each."""
    for x, y in places:
        sheet.stroke([(x - 14, y - 5), (x - 5, y - 8), (x, y)], 1.8)
        sheet.stroke([(x, y), (x + 6, y - 8), (x + 15, y - 6)], 1.8)


def tree(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A pear tree: trunk, forks, dabs of leaves."""
    sheet.stroke([(x, y), (x + 2, y - size * 0.4), (x - 3, y - size * 0.7)], 5)
    for side in (-1, 1):
        sheet.stroke([(x, y - size * 0.4), (x + side * size * 0.25, y - size * 0.75)], 2.6)
    for _ in range(int(size * 0.6)):
        angle, reach = sheet.chance.uniform(0, 360), size * 0.5 * math.sqrt(sheet.chance.random())
        px, py = polar((x, y - size * 0.85), reach, angle)
        sheet.wash(ring((px, py), sheet.chance.uniform(3, 8), 0.7), INK, sheet.chance.uniform(0.18, 0.5))


def draw_waterwheel() -> Sheet:
    """The wheel at the bend of the river with its piers, trough and pear garden."""
    sheet = Sheet(1844)
    hills(sheet, 420, 210, 0.10, 0.4)
    hills(sheet, 470, 120, 0.16, 2.1)
    birds(sheet, [(1080, 120), (1142, 150), (1040, 172), (310, 120)])
    centre, radius = (560.0, 520.0), 330.0
    trough(sheet, centre, radius)
    for rim in (radius, radius - 16, radius - 92, radius - 104):
        sheet.stroke(ring(centre, rim), 3.4 if rim == radius else 2, close=True)
    for number in range(24):
        angle = number * 15 + 4
        sheet.straight(polar(centre, 26, angle), polar(centre, radius, angle), 4.2)
        sheet.straight(polar(centre, radius - 98, angle), polar(centre, radius - 8, angle + 15), 1.4, opacity=0.8)
        paddle = [polar(centre, radius - 14, angle - 1.6), polar(centre, radius + 34, angle - 1.6)]
        paddle += [polar(centre, radius + 34, angle + 1.6), polar(centre, radius - 14, angle + 1.6)]
        sheet.stroke([*paddle, paddle[0]], 1.8, fill=PAPER, shake=0.6)
        bucket = [polar(centre, radius - 4, angle + 5), polar(centre, radius + 20, angle + 3)]
        bucket += [polar(centre, radius + 26, angle + 12), polar(centre, radius + 4, angle + 12)]
        sheet.stroke(bucket, 2.2, close=True, fill="#cdbf9f", shake=0.6)
    sheet.stroke(ring(centre, 30), 4, close=True, fill=PAPER)
    sheet.stroke(ring(centre, 13), 3, close=True, fill=INK)
    for side in (-1, 1):
        pier(sheet, centre[0] + side * 76)
    water = [(-60, 772), (300, 760), (700, 766), (1460, 752), (1460, 990), (-60, 990)]
    sheet.wash(water, PAPER, 0.55)
    sheet.wash(water, WASH, 0.2)
    ripples(sheet, [780, 800, 824, 850, 878, 908])
    for _ in range(34):
        x, y = sheet.chance.uniform(440, 700), sheet.chance.uniform(745, 790)
        sheet.stroke([(x, y), (x + 6, y - 14), (x + 14, y - 3)], 1.2, opacity=0.6)
    for x, y, size in ((1010, 640, 120), (1120, 668, 150), (1240, 640, 130), (1310, 676, 110)):
        tree(sheet, x, y, size)
    sheet.text((118, 64), "杏园堡水车", 44, upright=True)
    sheet.text((74, 70), "贺敏据家藏枣木尺绘", 19, upright=True)
    sheet.seal(96, 316, "命线", 28)
    return sheet


def pier(sheet: Sheet, x: float) -> None:
    """A stone pier under the axle."""
    sheet.stroke([(x - 40, 548), (x + 34, 546), (x + 48, 800), (x - 56, 802)], 3, fill=PAPER, close=True, sharp=True)
    for row in range(10):
        y = 572 + row * 24
        sheet.straight((x - 42 - row * 1.4, y), (x + 36 + row * 1.2, y), 1.5)
        for column in range(3):
            offset = x - 34 + column * 28 + (12 if row % 2 else 0)
            sheet.straight((offset, y - 22), (offset, y), 1.2, opacity=0.8)


def trough(sheet: Sheet, centre: Point, radius: float) -> None:
    """The wooden channel on trestles that takes the water from the buckets to the bank."""
    top = centre[1] - radius + 46
    for x in (700, 860, 1020, 1180):
        slope = (x - 560) * 0.05
        foot = 770 - (x - 700) * 0.24
        sheet.straight((x, top + 18 + slope), (x - 22, foot), 4)
        sheet.straight((x + 14, top + 18 + slope), (x + 36, foot), 4)
        sheet.straight((x - 10, (top + foot) / 2), (x + 24, (top + foot) / 2), 2.4)
    for lift in (-16, 4, 20):
        sheet.straight((500, top + lift), (1382, top + lift + 42), 3)
    for x in range(640, 1360, 60):
        sheet.straight((x, top - 16 + (x - 500) * 0.048), (x, top + 20 + (x - 500) * 0.048), 1.4)
    for number in range(9):
        x = 520 + number * 16
        sheet.stroke([(x, top - 66 + number * 3), (x + 5, top - 40), (x + 3, top - 12)], 1.5, WASH, 0.9)
    bank = [(700, 800), (820, 742), (960, 690), (1120, 672), (1382, 650)]
    sheet.stroke(bank, 3)
    for x, y in bank[1:]:
        for step in range(7):
            sheet.straight((x - 60 + step * 22, y + 14 + step * 2), (x - 78 + step * 22, y + 40), 1, opacity=0.5)


def draw_raft() -> Sheet:
    """A small raft of thirteen skins in the gorge, the rafter kneeling in front."""
    sheet = Sheet(1936)
    hills(sheet, 450, 150, 0.08, 3.4)
    hills(sheet, 466, 90, 0.10, 0.9)
    cliff(sheet, -1)
    cliff(sheet, 1)
    birds(sheet, [(560, 130), (620, 160), (690, 118), (510, 190)])
    sheet.wash([(-60, 474), (500, 462), (900, 462), (1460, 474), (1460, 990), (-60, 990)], WASH, 0.14)
    ripples(sheet, [480, 494, 512, 534], 260, 1140, 7)
    ripples(sheet, [566, 606, 842, 874, 906])
    rows = [(452.0, 668.0, 4), (420.0, 718.0, 5), (470.0, 772.0, 4)]
    for left, y, count in rows:
        for number in range(count):
            skin(sheet, left + number * 132, y)
    poles(sheet)
    load(sheet)
    rafter(sheet, (905.0, 640.0))
    for number in range(9):
        x = 300 + number * 100
        sheet.stroke([(x, 826 + (number % 3) * 7), (x + 40, 818), (x + 82, 828)], 2, opacity=0.65)
    sheet.text((968, 62), "羊皮筏子", 46, upright=True)
    sheet.text((912, 66), "前手莫松　后手加紧", 19, upright=True)
    sheet.seal(946, 262, "朔津", 24)
    return sheet


def cliff(sheet: Sheet, side: int) -> None:
    """One wall of the gorge, drawn with axe-cut strokes."""
    place: Callable[[float], float] = lambda x: 700 + side * x  # noqa: E731
    edge = [
        (place(682), 90), (place(560), 140), (place(520), 210), (place(430), 260), (place(410), 340), (place(330),
        400), (place(300), 470)
    ]
    sheet.wash([*edge, (place(682), 500)], INK, 0.16)
    sheet.stroke(edge, 4)
    for _ in range(120):
        depth = sheet.chance.random()
        y = sheet.chance.uniform(130, 460)
        x = 300 + (470 - y) * 0.82 + depth * 260 + 14
        if x < 676:
            length = sheet.chance.uniform(18, 60)
            sheet.stroke(
                [(place(x), y), (place(x - 5), y + length * 0.6), (place(x - 16), y + length)],
                sheet.chance.uniform(0.8, 3), opacity=0.55
            )


def skin(sheet: Sheet, x: float, y: float) -> None:
    """One blown-up sheepskin with its tied legs."""
    body = [
        (x - 62, y), (x - 50, y - 24), (x, y - 33), (x + 50, y - 26), (x + 64, y - 2), (x + 48, y + 24), (x, y +
        31), (x - 50, y + 24)
    ]
    sheet.stroke(body, 2.8, close=True, fill="#d9c39a")
    sheet.wash(
        [(x - 52, y + 6), (x, y + 16), (x + 54, y + 6), (x + 44, y + 24), (x, y + 30), (x - 48, y + 22)], "#7a5a34",
        0.35
    )
    for dx, dy in ((-48, -24), (46, -26), (-46, 24), (46, 24)):
        sheet.stroke([(x + dx, y + dy), (x + dx * 1.22, y + dy * 1.45)], 5, "#8b6b42")
        sheet.stroke([(x + dx * 1.1, y + dy * 1.3), (x + dx * 1.16, y + dy * 1.2)], 2)
    for number in range(5):
        sheet.stroke([(x - 30 + number * 15, y - 20), (x - 27 + number * 15, y - 8)], 1, opacity=0.5)


def poles(sheet: Sheet) -> None:
    """The frame: three long poles and nine across, lashed where they meet."""
    left, right = (350.0, 1000.0)
    long_poles = [(640, 0), (694, 1), (752, 2)]
    for y, row in long_poles:
        sheet.straight((left + 40 - row * 22, y), (right + 20 - row * 22, y - 4), 7, "#5b4630")
    for number in range(9):
        x = left + 50 + number * 72
        sheet.straight((x + 12, 622), (x - 44, 776), 5, "#6d563b")
        for y, _ in long_poles:
            cx = x + 12 - 56 * (y - 622) / 154
            sheet.stroke([(cx - 7, y - 7), (cx + 7, y + 5)], 2)
            sheet.stroke([(cx + 7, y - 7), (cx - 7, y + 5)], 2)


def load(sheet: Sheet) -> None:
    """Two bales of wool under a felt."""
    for x, y in ((520, 622), (634, 616)):
        bale = [
            (x - 58, y + 40), (x - 64, y - 26), (x - 20, y - 52), (x + 44, y - 46), (x + 60, y + 6), (x + 50, y +
            40)
        ]
        sheet.stroke(bale, 3, close=True, fill="#efe4c8")
        for dx in (-30, 14):
            sheet.stroke([(x + dx - 6, y - 48), (x + dx + 4, y), (x + dx - 2, y + 40)], 2.4)
        sheet.stroke([(x - 62, y - 4), (x, y + 4), (x + 58, y - 6)], 2.4)
        for _ in range(20):
            px, py = x + sheet.shake(44), y + sheet.shake(30)
            sheet.stroke([(px, py), (px + 6, py - 4), (px + 10, py + 2)], 0.9, opacity=0.5)


def rafter(sheet: Sheet, at: Point) -> None:
    """The rafter: straw hat, jacket, one paddle."""
    x, y = at
    sheet.straight((x - 34, y - 128), (x + 128, y + 128), 6, "#5b4630")
    blade = [(x + 112, y + 104), (x + 138, y + 98), (x + 168, y + 164), (x + 140, y + 172)]
    sheet.stroke(blade, 3, close=True, fill="#8b6b42")
    coat = [
        (x - 44, y - 66), (x - 6, y - 92), (x + 30, y - 74), (x + 36, y - 10), (x + 24, y + 36), (x - 52, y + 36),
        (x - 60, y - 16)
    ]
    sheet.stroke(coat, 3.4, close=True, fill="#4c5a63")
    legs = [(x - 56, y + 26), (x + 20, y + 22), (x + 70, y + 44), (x + 64, y + 62), (x - 40, y + 66), (x - 72, y + 52)]
    sheet.stroke(legs, 3, close=True, fill="#33302c")
    sheet.stroke([(x + 22, y - 66), (x + 44, y - 36), (x + 32, y - 16)], 13, "#4c5a63")
    sheet.stroke([(x - 30, y - 62), (x - 28, y - 92), (x - 18, y - 108)], 12, "#4c5a63")
    sheet.wash(ring((x + 34, y - 14), 8), "#c99a6b", 1)
    sheet.wash(ring((x - 18, y - 110), 8), "#c99a6b", 1)
    sheet.stroke(ring((x + 10, y - 106), 21, 1.1), 2.6, close=True, fill="#c99a6b")
    hat = [
        (x - 38, y - 108), (x - 10, y - 128), (x + 8, y - 150), (x + 26, y - 128), (x + 58, y - 112), (x + 10, y -
        102)
    ]
    sheet.stroke(hat, 3, close=True, fill="#e6cf93")
    for dx in (-22, -6, 12, 30):
        sheet.stroke([(x + 8, y - 146), (x + 8 + dx, y - 108)], 1, opacity=0.6)


# fmt: on
PICTURES = {"waterwheel": draw_waterwheel, "raft": draw_raft, "map": draw_map}


def render(svg: str, png: Path, chromium: str) -> None:
    """Take a picture of a drawing at its own size."""
    with tempfile.TemporaryDirectory() as profile:
        drawing = Path(profile) / "drawing.svg"
        drawing.write_text(svg, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        options += ["--disable-component-update", "--hide-scrollbars", f"--user-data-dir={profile}"]
        options += [f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={png}"]
        subprocess.run([chromium, *options, drawing.as_uri()], check=True, stderr=subprocess.DEVNULL)


def main(arguments: list[str]) -> None:
    """Write every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args(arguments)
    for name, draw in PICTURES.items():
        render(draw().svg(), FOLDER / f"{name}.png", given.chromium)
        print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
