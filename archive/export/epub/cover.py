"""A cover of type alone, drawn as SVG, for books without a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from archive.export.book import Book
from archive.export.house import HouseStyle

_WIDTH, _HEIGHT = 1200, 1680  # about the shape of a 16开 book
_MARGIN = 90
_LARGEST, _LEADING = 150, 1.4
_TOP = 420  # where the title begins
_PAPER, _INK, _LINE = "#f3efe6", "#2b2622", "#8c2f28"


def cover(book: Book) -> str:
    """The cover as an SVG file."""
    house = book.house
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        f"<title>{escape(book.title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_PAPER}"/>',
        f'<rect x="45" y="45" width="{_WIDTH - 90}" height="{_HEIGHT - 90}" fill="none" stroke="{_LINE}"'
        ' stroke-width="4"/>',
    ]
    if book.series:
        lines += _words(house, "副题", book.series, 220, 48)
    *title, end = _title(book)
    lines += title
    bottom = float(end)
    if book.subtitle:
        lines += _words(house, "副题", book.subtitle, bottom + 140, 60)
    lines += _words(house, "编者", book.editor, _HEIGHT - 300, 54)
    lines += _words(house, "编者", book.publisher, _HEIGHT - 170, 48)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _title(book: Book) -> Iterator[str]:
    """The title on as many even lines as it needs, then the height at which it ends."""
    title = " ".join(book.title.split())
    per_line = len(title) if len(title) <= 6 else max(6, math.ceil(math.sqrt(len(title) * 2)))
    per_line = math.ceil(len(title) / math.ceil(len(title) / per_line))
    size = min(_LARGEST, (_WIDTH - 2 * _MARGIN) / per_line)
    height = _TOP
    for start in range(0, len(title), per_line):
        yield from _words(book.house, "书名", title[start : start + per_line], height, size)
        height += round(size * _LEADING)
    yield str(height - round(size * _LEADING))


def _words(house: HouseStyle, style: str, words: str, height: float, size: float) -> Iterator[str]:
    """A centred line, made smaller if it is too long."""
    if not words:
        return
    fitting = min(size, (_WIDTH - 2 * _MARGIN) / len(words) * (2 if words.isascii() else 1))
    families = ", ".join(f"'{family}'" for family in house.fonts[house.style(style).font] if "'" not in family)
    yield (
        f'<text x="{_WIDTH // 2}" y="{height:.0f}" text-anchor="middle" font-size="{fitting:.0f}" fill="{_INK}"'
        f" font-family={quoteattr(families + ', serif')}>{escape(words)}</text>"
    )
