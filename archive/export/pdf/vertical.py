"""Columns from right to left: the book is set on pages that lie on their left side, in fonts that lie too (see
`fonts/turning.py`), and every page is turned at last. Nothing else of setting and checks differs.

What stands across the columns is set in upright fonts: tables and the page of particulars, whose pages are not turned
(`turned` in the data), and pictures. Whole numbers stand within the columns in a font of their own, so that they remain
text like any other: one or two figures beside each other, more of them one below another.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from archive.export.child import ask
from archive.export.fonts import Census, Coverage, FontSet, Typeface
from archive.export.fonts.turning import standing, turned
from archive.export.house import HouseStyle
from archive.export.pdf.inline_runs import LATIN, Item
from archive.export.pdf.pdf_context import ACROSS, POINTS, STANDING
from archive.export.pdf.typefaces import CIRCLED

_ACROSS_STYLES = ("版权", "图注", "表文", "表文居中", "表头", "页眉", "页脚")
# What the template sets of its own: leaders, marks of the index, of notes beyond ㊿, of a missing character; ① to ㊿.
_ALWAYS = frozenset(map(ord, " 　·—，〔〕〓\u2060")) | frozenset(CIRCLED)
# Whole numbers (years, pages, from one to another, per cent) and single letters stand upright. What else has figures
# in it (3.5, 12,345, BCD188, telephone numbers) lies, as GB/T 15835 has it.
_NUMBER = "[0-9]{1,6}"
_UPRIGHT = re.compile(
    rf"(?<![!-~])(?<![!-~][ \u2009\u00a0])(?:{_NUMBER}(?:[-~]{_NUMBER})?%?|[A-Za-z])(?![ \u2009\u00a0]?[!-~])"
)
_STANDS = re.compile("[0-9]+|[A-Za-z%]|[-~]")
# PDFium, and with it Chrome and Edge, takes pieces of text that begin at the same height for one line from left to
# right, and columns are just that. So every column has several pieces: a new one after so many Chinese characters.
_PIECE = 24
_LINES = ("诗文", "列表")  # like the running text (`b`), they have short lines one after another
_MAY_BREAK, _TIE = {"z": True}, {"j": True}
_BETWEEN = re.compile("(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")


def lying(house: HouseStyle) -> HouseStyle:
    """The house style with its page on its left side (what was above is at the left), and with the styles of what
    stands across the columns besides its own.
    """
    page = house.page
    middle = (page.inner + page.outer) / 2  # facing pages are shifted when they are turned
    laid = replace(
        page, width=page.height, height=page.width, inner=page.top, outer=page.bottom, top=middle, bottom=middle
    )
    styles = dict(house.styles)
    for name in _ACROSS_STYLES:
        styles[ACROSS + name] = replace(house.style(name), font=ACROSS + house.style(name).font)
    return replace(house, page=laid, styles=styles)


def shift(house: HouseStyle) -> float:
    """How far the pages of a house style are shifted towards their outer side, in millimetres."""
    return (house.page.inner - house.page.outer) / 2


def both_ways(fonts: FontSet) -> FontSet:
    """The fonts with a role across the columns beside each."""
    regular, bold = (
        {**faces, **{ACROSS + role: face for role, face in faces.items()}} for faces in (fonts.regular, fonts.bold)
    )
    return replace(fonts, regular=regular, bold=bold)


def turned_fonts(coverage: Coverage, census: Census, folder: Path) -> Coverage:
    """The coverage with lying fonts, written into `folder`, for every role along the columns but that of Latin, and
    with the role of standing figures.

    Raises ExportError for a font that cannot be read.
    """
    made: dict[Typeface, Typeface] = {}
    wanted: dict[Typeface, set[int]] = {}

    def along(role: str) -> bool:
        return role != LATIN and not role.startswith(ACROSS)

    for faces in (coverage.fonts.regular, coverage.fonts.bold):
        for role, face in faces.items():
            if along(role):
                used = (ord(char) for unit in census.units.get(role, ()) for char in unit)
                wanted.setdefault(face, set(_ALWAYS)).update(used)
    for each in coverage.fallbacks:
        if along(each.role):
            wanted.setdefault(each.face, set()).update(ord(char) for unit in each.units for char in unit)
    for number, (face, codes) in enumerate(wanted.items()):
        file = folder / f"turned{number}.otf"
        turned(face, codes, number, file)
        made[face] = replace(face, path=file, index=0, outlines="CFF ")

    def laid(faces: Mapping[str, Typeface]) -> dict[str, Typeface]:
        return {role: made[face] if along(role) else face for role, face in faces.items()}

    def stood(faces: Mapping[str, Typeface], name: str) -> dict[str, Typeface]:
        if LATIN not in faces:
            return {}
        file = folder / name
        standing(faces[LATIN], coverage.fonts.regular[LATIN].name, file)
        return {STANDING: replace(faces[LATIN], path=file, index=0, outlines="CFF ")}

    regular, bold = coverage.fonts.regular, coverage.fonts.bold
    fonts = replace(
        coverage.fonts,
        regular=laid(regular) | stood(regular, "standing.otf"),
        bold=laid(bold) | stood(bold, "standing-bold.otf"),
    )
    helping = tuple(replace(each, face=made[each.face]) if along(each.role) else each for each in coverage.fallbacks)
    return replace(coverage, fonts=fonts, fallbacks=helping)


def upright(data: Any) -> Any:
    """Data for the template with every whole number and single letter of its running text marked to stand upright."""
    if isinstance(data, Mapping):
        if str(data.get("s", "")).startswith(ACROSS):
            return data
        short = data.get("k") == "b" or data.get("s") in _LINES
        return {key: _standing(value, short=short) if key == "c" else upright(value) for key, value in data.items()}
    return [upright(each) for each in data] if isinstance(data, list) else data


def _standing(items: Any, *, short: bool = False) -> Any:
    if not isinstance(items, list):
        return items
    if any(isinstance(each, Mapping) and "b" in each and isinstance(each["b"], list) for each in items):
        return [upright(each) for each in items]  # the cells of a table
    ends = [None, *items, None]
    parts = [
        part for before, item, after in zip(ends, items, ends[2:], strict=False) for part in _parts(item, before, after)
    ]
    length = sum(len(each) for each in parts if isinstance(each, str))
    return list(_in_pieces(parts, min(_PIECE, (length + 1) // 2) if short else _PIECE))


def _in_pieces(items: Iterable[Item], length: int) -> Iterator[Item]:
    """The items with their strings in pieces of that many characters, every other one with a mark that makes no
    difference but keeps it apart from its neighbours.
    """
    apart = False
    for item in items:
        if not isinstance(item, str):
            yield item
            continue
        start = 0
        for end in (*(each.start() for each in _BETWEEN.finditer(item)), len(item)):
            if end - start >= length or end == len(item):
                yield {"t": item[start:end], "k": True} if apart else item[start:end]
                start, apart = end, not apart


def _parts(item: Item, before: Any, after: Any) -> Iterator[Item]:
    """The item split at what stands upright; `before` and `after` are its neighbours."""
    if isinstance(item, dict) and "n" in item:
        yield item | {"n": [_standing(each) for each in cast("list[Any]", item["n"])]}
    elif isinstance(item, dict) and ("t" not in item or "r" in item):
        yield item
    else:
        # An address that may break comes in parts. A tie stands before ~ and the like, which part two numbers.
        text = item if isinstance(item, str) else str(item["t"])
        tie = text[:1] if before == _TIE else ""
        pieces = _split(text[len(tie) :], "/" * (before == _MAY_BREAK), "/" * (after == _MAY_BREAK))
        for piece in (*([tie] if tie else []), *pieces):
            if isinstance(item, str):
                yield piece
            else:
                yield item | (piece if isinstance(piece, dict) else {"t": piece})


def _split(text: str, before: str, after: str) -> Iterator[Item]:
    """The text in pieces; `before` and `after` are characters that it is read with."""
    end = 0
    for found in _UPRIGHT.finditer(before + text + after):
        start = found.start() - len(before)
        if start > end:
            yield text[end:start]
        for part in _STANDS.findall(found[0]):
            yield part if part in "-~" else {"t": part, "v": True}
        end = found.end() - len(before)
    if end < len(text):
        yield text[end:]


def turn_pages(file: Path, house: HouseStyle, limit: float) -> None:
    """Turn the lying pages of a PDF a quarter to the right, and shift them: odd ones are bound at their right.

    `house` is as it was before it was laid, `limit` in seconds. Raises ExportError.
    """
    job: dict[str, object] = {
        "file": str(file),
        "width": house.page.height * POINTS,
        "height": house.page.width * POINTS,
        "shift": shift(house) * POINTS,
    }
    with tempfile.TemporaryDirectory(prefix="wenshi-vertical-", ignore_cleanup_errors=True) as name:
        ask(Path(__file__).with_name("page_boxes.py"), job, Path(name), limit)
