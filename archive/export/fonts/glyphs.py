"""Which characters a face can show: those its character map knows and that leave ink where ink is expected.

Some fonts promise characters they do not draw (AR PL UKai has 47 blank ideographs, 㧏 and 㧟 among them); a printed
book would have holes without a word. So a blank glyph counts as none.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, BinaryIO

from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]

from archive.export.fonts.catalogue import Typeface, open_face

_NONE = 0  # the glyph for what a font does not have
_END_OF_GLYPH = 14  # the CFF operator endchar
_WITHOUT_INK = ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me")
_FILLERS = frozenset((0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800))  # Hangul fillers, the empty Braille cell
_LONGEST_BLANK = 6  # bytes: a width and endchar
_BYTES_OF_NUMBER = {28: 3, **dict.fromkeys(range(32, 247), 1), **dict.fromkeys(range(247, 255), 2), 255: 5}


@lru_cache(maxsize=24)
def _map(face: Typeface) -> _Glyphs:
    """The glyphs of a face. A font whose map cannot be read shows nothing."""
    try:
        with open_face(face.path, face.index) as font:
            # By their numbers: to find out how 65,000 glyphs are called takes longer than all the rest.
            font.setGlyphOrder(range(font["maxp"].numGlyphs))
            return _Glyphs(font.getBestCmap() or {})
    except Exception:  # fontTools raises whatever a damaged table leads to
        return _Glyphs({})


class _Glyphs:
    """Code point → number of the glyph, in a tenth of the memory that a dict would take."""

    def __init__(self, found: Mapping[int, int]) -> None:
        known = sorted((code, glyph) for code, glyph in found.items() if glyph != _NONE)
        self._codes = array("I", (code for code, _ in known))
        self._glyphs = array("H", (glyph for _, glyph in known))

    def __contains__(self, code: int) -> bool:
        place = bisect_left(self._codes, code)
        return place < len(self._codes) and self._codes[place] == code

    def __getitem__(self, code: int) -> int:
        return self._glyphs[bisect_left(self._codes, code)]


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
    glyphs = _map(face)
    known = frozenset(code for code in code_points if code in glyphs)
    return known - _blank(face, frozenset(code for code in known if needs_ink(code)))


def needs_ink(code: int) -> bool:
    """Whether an empty glyph would be a hole in the text (spaces, controls and marks without form may be empty)."""
    return unicodedata.category(chr(code)) not in _WITHOUT_INK and code not in _FILLERS


@lru_cache(maxsize=64)
def _blank(face: Typeface, code_points: frozenset[int]) -> frozenset[int]:
    if not code_points:
        return frozenset()
    glyphs = _map(face)
    try:
        with open_face(face.path, face.index) as font:
            if face.outlines == "glyf":
                places = font["loca"]
                return frozenset(code for code in code_points if places[glyphs[code]] == places[glyphs[code] + 1])
            if face.outlines == "CFF ":
                outlines = _Charstrings(font)
                return frozenset(code for code in code_points if _draws_nothing(outlines[glyphs[code]]))
    except Exception:  # a font that cannot be read so far shows nothing
        return code_points
    return frozenset()


class _Charstrings:
    """The outlines of a CFF font as bytes, by number, read one at a time: fontTools would read the whole table, often
    more than 20 MB, and learn the names of all glyphs first.
    """

    def __init__(self, font: Any) -> None:
        self._table = _Table(font.reader.file, font.reader.tables["CFF "].offset)
        self._table.seek(0)
        outlines = CFFFontSet()
        outlines.decompile(self._table, font)
        start = outlines.topDictIndex[0].rawDict["CharStrings"]
        head = self._bytes(start, 3)
        self._count, self._size = int.from_bytes(head[:2]), head[2]
        self._offsets = start + 3
        self._begin = self._offsets + (self._count + 1) * self._size - 1  # offsets count from 1

    def __getitem__(self, glyph: int) -> bytes:
        if glyph >= self._count:
            raise IndexError(glyph)
        both = self._bytes(self._offsets + glyph * self._size, 2 * self._size)
        start, end = int.from_bytes(both[: self._size]), int.from_bytes(both[self._size :])
        return self._bytes(self._begin + start, end - start)

    def _bytes(self, place: int, count: int) -> bytes:
        self._table.seek(place)
        return self._table.read(count)


class _Table:
    """A table of a font file as a file of its own."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self._start = start

    def seek(self, place: int) -> None:
        self._file.seek(self._start + place)

    def tell(self) -> int:
        return self._file.tell() - self._start

    def read(self, count: int) -> bytes:
        return self._file.read(count)


def _draws_nothing(charstring: bytes) -> bool:
    """Whether it holds a width at most."""
    if len(charstring) > _LONGEST_BLANK or charstring[-1:] != bytes((_END_OF_GLYPH,)):
        return False
    at, end = 0, len(charstring) - 1
    while at < end:
        at += _BYTES_OF_NUMBER.get(charstring[at], end + 1)
    return at == end
