"""Fonts whose outlines PDF/A checkers misread, mended on their way to the typesetter.

FandolFang begins hundreds of glyphs with a hint mask whose stems are not declared by an operator of their own. That is
allowed only after other stems, and checkers then take the first stem for the width of the glyph, which contradicts the
widths in the PDF (6.2.11.5). With the operator written out nothing else changes.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

_MASKS = {19: "hintmask", 20: "cntrmask"}
_STEMS = "vstemhm"


def copy(source: Path, target: Path) -> None:
    """Copy a font file, mended if it needs that. Raises OSError."""
    stat = source.stat()
    glyphs = _undeclared(source, stat.st_mtime_ns) if source.suffix.lower() == ".otf" else ()
    if not glyphs:
        shutil.copyfile(source, target)
        return
    with TTFont(source, lazy=True, recalcTimestamp=False) as font:
        outlines = font["CFF "].cff.topDictIndex[0].CharStrings
        for glyph in glyphs:
            outline = outlines[glyph]
            outline.decompile()
            at = next(place for place, token in enumerate(outline.program) if token in _MASKS.values())
            outline.program.insert(at, _STEMS)
        font.save(target)


@lru_cache(32)
def _undeclared(file: Path, _changed: int) -> tuple[str, ...]:
    """The glyphs of a font with outlines of type 2 that begin with a mask; none where it cannot be read."""
    try:
        with file.open("rb") as opened, TTFont(opened, lazy=True) as font:
            if "CFF " not in font:
                return ()
            outlines = font["CFF "].cff.topDictIndex[0].CharStrings
            return tuple(glyph for glyph in font.getGlyphOrder() if _first(outlines[glyph].bytecode) in _MASKS)
    except (TTLibError, KeyError, IndexError, AssertionError):
        return ()  # Typst refuses such a file, and it is told then


def _first(program: bytes) -> int:
    """The first operator of an outline, -1 without one."""
    place = 0
    while place < len(program):
        byte = program[place]
        if byte < 32 and byte != 28:
            return byte
        place += 3 if byte == 28 else 5 if byte == 255 else 2 if byte > 246 else 1
    return -1
