"""A font made here, as FandolFang is made: some of its glyphs begin with a hint mask."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.misc.psCharStrings import T2CharString  # type: ignore[import-untyped]

_WIDTH = 1000
_SQUARE = (200, 100, "rmoveto", 600, "hlineto", 600, "vlineto", -600, "hlineto", "endchar")
_MASKED = (100, 50, "hintmask", b"\x80", *_SQUARE)


def make(file: Path, family: str, characters: str) -> Path:
    """Write the font to `file`; every character is a square."""
    builder = FontBuilder(1000, isTTF=False)
    names = {ord(character): f"u{ord(character):04X}" for character in characters}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    plain, masked = T2CharString(program=list(_SQUARE)), [T2CharString(program=list(_MASKED)) for _ in names]
    outlines = {".notdef": plain, **dict(zip(names.values(), masked, strict=True))}
    private = {"defaultWidthX": _WIDTH, "nominalWidthX": 700}
    builder.setupCFF(family, {"FullName": family}, outlines, private)
    builder.setupHorizontalMetrics(dict.fromkeys(outlines, (_WIDTH, 200)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120, fsType=0)
    builder.setupPost()
    builder.save(file)
    return file
