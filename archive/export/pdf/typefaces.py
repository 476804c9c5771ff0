"""The fonts of a book as the template takes them: for every role a stack of families, plain, bold and slanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archive.export.fonts import Coverage, Typeface
from archive.export.pdf.inline import HEI, KAI, LATIN, LATIN_CLASS

if TYPE_CHECKING:
    from archive.export.fonts.isolation import TypstFonts  # it brings Typst with it


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
    """Role → its font for the template, in the three ways a text may be marked."""
    fonts = coverage.fonts
    found = {}
    for role, face in fonts.regular.items():
        plain = {"f": _stack(role, coverage, known), "w": face.weight}
        if role in fonts.bold:
            own = {"name": known.families[fonts.bold[role]]}
            heavy = {"f": [*_stack(role, coverage, known)[:-1], own], "w": fonts.bold[role].weight}
        else:  # a house sets 黑体 where Chinese has no bold
            heavy = {"f": _stack(HEI, coverage, known), "w": 700}
        found[role] = {"plain": plain, "bold": heavy, "slanted": {"f": _stack(KAI, coverage, known), "w": face.weight}}
    return found


def _stack(role: str, coverage: Coverage, known: TypstFonts) -> list[dict[str, str]]:
    *helping, own = known.stack(role, coverage)
    if role == LATIN:
        return [*helping, own]
    *latin_helping, latin = known.stack(LATIN, coverage)
    return [*helping, *latin_helping, latin | {"covers": LATIN_CLASS}, own]
