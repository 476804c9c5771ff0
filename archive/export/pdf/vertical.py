"""Columns from right to left: the book is set on pages that lie on their left side, in fonts that lie too (see
`fonts/turning.py`), and every page is turned at last. Nothing else of setting and checks differs.

What stands across the columns is set in upright fonts: short numbers, tables and the page of particulars, whose pages
are not turned (`turned` in the data), and pictures.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from archive.export.child import ask
from archive.export.fonts import Census, Coverage, FontSet, Typeface
from archive.export.fonts.turning import turned
from archive.export.house import HouseStyle
from archive.export.pdf.inline_runs import LATIN, Item
from archive.export.pdf.pdf_context import ACROSS, POINTS
from archive.export.pdf.typefaces import CIRCLED

_ACROSS_STYLES = ("版权", "图注", "表文", "表文居中", "表头", "页眉", "页脚")
# What the template sets of its own: leaders, marks of the index, of notes beyond ㊿, of a missing character; ① to ㊿.
_ALWAYS = frozenset(map(ord, " 　·—，〔〕〓\u2060")) | frozenset(CIRCLED)
# Numbers of one or two figures and single letters stand upright in the place of one character.
_SHORT = re.compile(r"(?<![!-~])(?<![!-~][ \u2009\u00a0])(?:[0-9]{1,2}|[A-Za-z])(?![ \u2009\u00a0]?[!-~])")


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
    """The coverage with lying fonts, written into `folder`, for every role along the columns but that of Latin.

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

    fonts = replace(coverage.fonts, regular=laid(coverage.fonts.regular), bold=laid(coverage.fonts.bold))
    helping = tuple(replace(each, face=made[each.face]) if along(each.role) else each for each in coverage.fallbacks)
    return replace(coverage, fonts=fonts, fallbacks=helping)


def upright(data: Any) -> Any:
    """Data for the template with every short number and single letter of its running text marked to stand upright."""
    if isinstance(data, Mapping):
        if str(data.get("s", "")).startswith(ACROSS):
            return data
        return {key: _standing(value) if key == "c" else upright(value) for key, value in data.items()}
    return [upright(each) for each in data] if isinstance(data, list) else data


def _standing(items: Any) -> Any:
    if not isinstance(items, list):
        return items
    if any(isinstance(each, Mapping) and "b" in each and isinstance(each["b"], list) for each in items):
        return [upright(each) for each in items]  # the cells of a table
    return [part for item in items for part in _parts(item)]


def _parts(item: Item) -> Iterator[Item]:
    if isinstance(item, str):
        yield from _split(item)
    elif "n" in item:
        yield item | {"n": [_standing(each) for each in cast("list[Any]", item["n"])]}
    elif "t" in item and "r" not in item:
        for part in _split(str(item["t"])):
            yield item | (part if isinstance(part, dict) else {"t": part})
    else:
        yield item


def _split(text: str) -> Iterator[Item]:
    end = 0
    for found in _SHORT.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield {"t": found[0], "v": True}
        end = found.end()
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
