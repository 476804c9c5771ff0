"""Which characters a face can show: those its character map knows and that leave ink where ink is expected.

Some fonts promise characters they do not draw (AR PL UKai has 47 blank ideographs, 㧏 and 㧟 among them); a printed
book would have holes without a word. So a blank glyph counts as none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from archive.export.fonts.catalogue import Typeface, open_face

_NONE = ".notdef"
_END_OF_GLYPH = 14  # the CFF operator endchar
_WITHOUT_INK = ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me")
_FILLERS = frozenset((0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800))  # Hangul fillers, the empty Braille cell
_LONGEST_BLANK = 6  # bytes: a width and endchar


@lru_cache(maxsize=24)  # some 5 MB each for a large Chinese font
def _map(face: Typeface) -> Mapping[int, str]:
    """Code point → name of the glyph. A font whose map cannot be read shows nothing."""
    try:
        with open_face(face.path, face.index) as font:
            return MappingProxyType({code: name for code, name in (font.getBestCmap() or {}).items() if name != _NONE})
    except Exception:  # fontTools raises whatever a damaged table leads to
        return MappingProxyType({})


@lru_cache(maxsize=24)
def variations(face: Typeface) -> frozenset[tuple[int, int]]:
    """Its variation sequences as (base, selector)."""
    try:
        with open_face(face.path, face.index) as font:
            tables = [table for table in font["cmap"].tables if table.format == 14]
            return frozenset(
                (base, selector) for table in tables for selector, pairs in table.uvsDict.items() for base, _ in pairs
            )
    except Exception:  # as above
        return frozenset()


def drawn(face: Typeface, code_points: Iterable[int]) -> frozenset[int]:
    """Those of `code_points` that the face shows."""
    known = frozenset(_map(face).keys() & set(code_points))
    return known - _blank(face, frozenset(code for code in known if needs_ink(code)))


def needs_ink(code: int) -> bool:
    """Whether an empty glyph would be a hole in the text (spaces, controls and marks without form may be empty)."""
    return unicodedata.category(chr(code)) not in _WITHOUT_INK and code not in _FILLERS


@lru_cache(maxsize=64)
def _blank(face: Typeface, code_points: frozenset[int]) -> frozenset[int]:
    if not code_points:
        return frozenset()
    names = _map(face)
    try:
        with open_face(face.path, face.index) as font:
            if face.outlines == "glyf":
                return frozenset(code for code in code_points if _is_blank_outline(font, names[code]))
            if face.outlines == "CFF ":
                glyphs = font["CFF "].cff[0].CharStrings
                return frozenset(code for code in code_points if _is_blank_charstring(glyphs[names[code]]))
    except Exception:  # a font that cannot be read so far shows nothing
        return code_points
    return frozenset()


def _is_blank_outline(font: Any, name: str) -> bool:
    number, places = font.getGlyphID(name), font["loca"]
    return bool(places[number] == places[number + 1])


def _is_blank_charstring(glyph: Any) -> bool:
    code = glyph.bytecode
    if code is None or len(code) > _LONGEST_BLANK or code[-1:] != bytes((_END_OF_GLYPH,)):
        return False
    glyph.decompile()
    return all(isinstance(step, int | float) for step in glyph.program[:-1])
