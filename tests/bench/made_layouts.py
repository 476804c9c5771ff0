"""Pages whose order is harder: pictures, margins, boxes, newspapers of several articles. For tests/bench/ocr.py.

`KINDS` holds these and the kinds of made_scans.py. What is read after a page, its notes in the margin, stands last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import made_scans
import numpy as np
from made_scans import PAPER, SHEET, Drawn, Page, Pen, Texts, filled
from PIL import Image

_MARKS = str.maketrans("", "", "，。、；：！？“”")

Setting = tuple[str, float, float]
"""A face, its points, and how many times these it is from line to line."""
_TEXT, _SMALL = ("宋", 10.5, 1.75), ("宋", 9.0, 1.5)


def _size(pen: Pen, points: float) -> int:
    return round(points / 72 * pen.dots)


def _set(pen: Pen, words: Callable[[], str], at: tuple[int, int], shape: tuple[int, int], how: Setting) -> list[str]:
    """Sets so many lines of so many characters (`shape`) from `at` on; returns them."""
    face, points, leading = how
    lines = filled(pen, words, (face, points), *shape)
    for number, line in enumerate(lines):
        pen.line(at[0], at[1] + number * _size(pen, points * leading), line, face, points)
    return [line.strip("　") for line in lines]


def _set_down(
    pen: Pen, words: Callable[[], str], at: tuple[int, int], shape: tuple[int, int], how: Setting
) -> list[str]:
    """The same from top to bottom, its first column ending at `at`."""
    face, points, leading = how
    lines = filled(pen, words, (face, points), *shape)
    for number, line in enumerate(lines):
        pen.column(at[0] - (number + 1) * _size(pen, points * leading), at[1], line, face, points)
    return [line.strip("　") for line in lines]


def _headline(pen: Pen, texts: Texts, left: int, width: int, top: int, points: float) -> str:
    title = texts.modern()[:12].translate(_MARKS)
    pen.line(left + (width - len(title) * _size(pen, points)) // 2, top, title, "黑", points)
    return title


def _picture_page(pen: Pen, texts: Texts) -> Page:
    """A photograph with its caption at the right, the text beside it narrower."""
    page, left, size = Page(pen.image), pen.mm(22), _size(pen, 10.5)
    pitch, whole = _size(pen, 10.5 * 1.75), (pen.width - 2 * pen.mm(22)) // _size(pen, 10.5)
    page.lines += _set(pen, texts.modern, (left, pen.mm(25)), (whole, 8), _TEXT)
    top, wide, tall = pen.mm(25) + 8 * pitch, pen.mm(60), pen.mm(55)
    shades = np.random.default_rng(texts.number(1, 99)).integers(60, 200, (tall // 40, wide // 40)).astype(np.uint8)
    right = pen.width - left - wide
    pen.image.paste(Image.fromarray(shades).resize((wide, tall), Image.Resampling.BICUBIC), (right, top))
    caption = "图三　河湾水车旧址（1958年摄）"
    pen.line(right + pen.mm(6), top + tall + pen.mm(2), caption, "楷", 8.5)
    page.aside.append(caption)
    page.lines += _set(pen, texts.modern, (left, top), ((right - left - pen.mm(6)) // size, 10), _TEXT)
    page.lines += _set(pen, texts.modern, (left, top + 11 * pitch), (whole, 12), _TEXT)
    return page


def _margin_page(pen: Pen, texts: Texts) -> Page:
    """Three notes at the left of the text, at the height of its sentences."""
    page, left = Page(pen.image), pen.mm(52)
    page.lines += _set(
        pen, texts.modern, (left, pen.mm(25)), ((pen.width - left - pen.mm(18)) // _size(pen, 10.5), 30), _TEXT
    )
    for note in range(3):
        at = pen.mm(12), pen.mm(35 + 55 * note)
        page.lines += _set(pen, texts.modern, at, ((left - pen.mm(16)) // _size(pen, 8), 4), ("楷", 8, 1.4))
    return page


def _eyebrow_page(pen: Pen, texts: Texts) -> Page:
    """Text that runs downwards, with notes above it over a rule."""
    page, top, right = Page(pen.image), pen.mm(60), pen.width - pen.mm(20)
    shape = (pen.height - top - pen.mm(20)) // _size(pen, 12), (pen.width - pen.mm(40)) // _size(pen, 12 * 1.75)
    pen.rule(pen.mm(15), top - pen.mm(3), pen.width - pen.mm(15), top - pen.mm(3))
    page.lines += _set_down(pen, texts.old, (right, top), shape, ("明", 12, 1.75))
    for note in range(3):
        at = right - pen.mm(15 + 45 * note), pen.mm(15)
        page.lines += _set_down(pen, texts.old, at, ((top - pen.mm(22)) // _size(pen, 8), 4), ("明", 8, 1.4))
    return page


def _boxed_page(pen: Pen, texts: Texts) -> Page:
    """Two columns, in the second a framed note with a title of its own."""
    page, left, gap = Page(pen.image), pen.mm(18), pen.mm(9)
    how, size = ("宋", 9.5, 1.6), _size(pen, 9.5)
    count, pitch = ((pen.width - 2 * left - gap) // 2) // size, _size(pen, 9.5 * 1.6)
    page.lines += _set(pen, texts.modern, (left, pen.mm(25)), (count, 36), how)
    x, y = left + count * size + gap, pen.mm(25)
    page.lines += _set(pen, texts.modern, (x, y), (count, 14), how)
    top, right = y + 14 * pitch + pen.mm(3), x + count * size
    pen.line(x + (count * size - 4 * _size(pen, 12)) // 2, top + pen.mm(3), "编者附记", "黑", 12)
    page.lines.append("编者附记")
    first = top + pen.mm(3) + round(_size(pen, 12) * 1.8)
    page.lines += _set(pen, texts.modern, (x + size, first), (count - 2, 7), ("楷", 9, 1.6))
    bottom = first + 7 * _size(pen, 9 * 1.6) + pen.mm(2)
    for side in ((x, top, right, top), (x, bottom, right, bottom), (x, top, x, bottom), (right, top, right, bottom)):
        pen.rule(*side)
    page.lines += _set(pen, texts.modern, (x, bottom + pen.mm(3)), (count, 8), how)
    return page


def _neighbours_page(pen: Pen, texts: Texts) -> Page:
    """A newspaper: two articles beside each other with a rule between them, a third below in four columns."""
    page, size, pitch = Page(pen.image), _size(pen, 9), _size(pen, 9 * 1.5)
    left, between, gutter, top = pen.mm(15), pen.mm(10), pen.mm(5), pen.mm(18)
    half = (pen.width - 2 * left - between) // 2
    count, first = ((half - gutter) // 2) // size, top + round(_size(pen, 16) * 1.8)
    for article in range(2):
        x = left + article * (half + between)
        page.lines.append(_headline(pen, texts, x, half, top, 16))
        for column in range(2):
            page.lines += _set(pen, texts.modern, (x + column * (count * size + gutter), first), (count, 28), _SMALL)
    bottom = first + 28 * pitch
    pen.rule(left + half + between // 2, top, left + half + between // 2, bottom, 3)
    pen.rule(left, bottom + pen.mm(4), pen.width - left, bottom + pen.mm(4), 3)
    page.lines.append(_headline(pen, texts, 0, pen.width, bottom + pen.mm(9), 22))
    count, first = ((pen.width - 2 * left - 3 * gutter) // 4) // size, bottom + pen.mm(9) + round(_size(pen, 22) * 1.8)
    for column in range(4):
        page.lines += _set(pen, texts.modern, (left + column * (count * size + gutter), first), (count, 25), _SMALL)
    return page


def _downward_newspaper(pen: Pen, texts: Texts) -> Page:
    """A newspaper that runs downwards: four tiers with a rule between them, each an article, its title at the right."""
    page, tiers, gap, right = Page(pen.image), 4, pen.mm(8), pen.width - pen.mm(15)
    tall, big = (pen.height - pen.mm(36) - 3 * gap) // tiers, _size(pen, 22)
    beside = big + pen.mm(6)
    shape = tall // _size(pen, 10.5), (right - pen.mm(15) - beside) // _size(pen, 10.5 * 1.6)
    for tier in range(tiers):
        top, title = pen.mm(18) + tier * (tall + gap), texts.old()[:8]
        pen.column(right - big - pen.mm(2), top + pen.mm(4), title, "黑", 22)
        page.lines += [title, *_set_down(pen, texts.old, (right - beside, top), shape, ("明", 10.5, 1.6))]
        if tier < tiers - 1:
            pen.rule(pen.mm(15), top + tall + gap // 2, right, top + tall + gap // 2, 3)
    return page


KINDS: dict[str, tuple[Drawn, tuple[int, int]]] = {
    **made_scans.KINDS,
    "插图": (_picture_page, PAPER),
    "旁注": (_margin_page, PAPER),
    "眉批": (_eyebrow_page, PAPER),
    "框文": (_boxed_page, PAPER),
    "报纸并列": (_neighbours_page, SHEET),
    "直排报纸": (_downward_newspaper, SHEET),
}


def drawn(kind: str, fonts: Sequence[Path], data: Path, seed: int, dots: int) -> Page:
    """A page of a kind. Raises LookupError where its face is not there."""
    draw, paper = KINDS[kind]
    return draw(Pen(fonts, dots, paper), Texts(data, seed))
