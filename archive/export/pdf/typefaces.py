"""The fonts of a book as the template takes them: for every role a stack of families, plain, bold and slanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archive.export.fonts import Coverage, Typeface
from archive.export.fonts.glyphs import drawn
from archive.export.pdf.inline_runs import HEI, KAI, LATIN, LATIN_CLASS
from archive.export.pdf.pdf_context import ACROSS

if TYPE_CHECKING:
    from archive.export.fonts.isolation import TypstFonts  # it brings Typst with it

_DISPLAY = "小标宋"  # made for titles, as heavy as it should be
CIRCLED = (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))
"""① to ㊿."""


def italics(coverage: Coverage) -> tuple[Typeface, ...]:
    """The slanted faces of the Latin font; Chinese has none and takes 楷体 instead."""
    latin = coverage.fonts.regular[LATIN]
    siblings = (
        face
        for face in coverage.fonts.catalogue.faces
        if face.italic and face.embeddable and face.families & latin.families and face.width == latin.width
    )
    wanted = {latin.weight, 700}
    return tuple({face.weight: face for face in siblings if face.weight in wanted}.values())


def stacks(coverage: Coverage, known: TypstFonts) -> Mapping[str, object]:
    """Role → its font for the template, in the ways a text may be marked, and without the Latin font (`own`)."""
    fonts = coverage.fonts
    found = {}
    for role, face in fonts.regular.items():
        way = ACROSS if role.startswith(ACROSS) else ""
        plain = {"f": _stack(role, coverage, known), "w": face.weight}
        if role in fonts.bold:
            bold = fonts.bold[role]
            heavy = {"f": [*_stack(role, coverage, known)[:-1], {"name": known.families[bold]}], "w": bold.weight}
        elif role == way + _DISPLAY:
            heavy = plain
        else:  # a house sets 黑体 where Chinese has no bold
            heavy = {"f": _stack(way + HEI, coverage, known), "w": 700}
        slanted = {"f": _stack(way + KAI, coverage, known), "w": face.weight}
        own = {"f": known.stack(role, coverage), "w": face.weight}
        found[role] = {"plain": plain, "bold": heavy, "slanted": slanted, "own": own}
    return found


def circled(coverage: Coverage, role: str) -> int:
    """Up to which number the font of a role has ① and its like without a gap: 0, 20, 35, 50 and so on."""
    face = coverage.fonts.regular[role]
    has = drawn(face, CIRCLED)
    return next((number for number, code in enumerate(CIRCLED) if code not in has), len(CIRCLED))


def folder(known: TypstFonts) -> Path:
    """Where the fonts lie that Typst may use."""
    return Path(next(face.path for face in known.fonts.fonts() if face.path)).parent


def _stack(role: str, coverage: Coverage, known: TypstFonts) -> list[dict[str, str]]:
    *helping, own = known.stack(role, coverage)
    if role == LATIN:
        return [*helping, own]
    *latin_helping, latin = known.stack(LATIN, coverage)
    return [*helping, *latin_helping, latin | {"covers": LATIN_CLASS}, own]
