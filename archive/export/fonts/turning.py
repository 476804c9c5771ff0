"""Fonts for columns from right to left: every glyph lies on its side, so that lines set upon them make columns.

Typst sets lines only. A page set on its side in such a font and then turned a quarter to the right shows upright
characters in columns, with everything a line has: kinsoku, justification, notes, page numbers. Windows does the same
with its fonts whose names begin with @. What lies in columns too (dashes, brackets, letters) keeps its form; marks take
the form that the font has for columns, and “” ‘’ become ﹃﹄ ﹁﹂, as GB/T 15834 asks; the text behind them stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from archive.export.fonts.catalogue import Typeface, open_face
from archive.model.errors import ExportError

_UNITS = 1000  # of the em of a turned font
_MIDDLE = 380  # half-way up the box of a Chinese character that stands on its base line
_CORNERS = {0x201C: (0xFE43, 0x300E), 0x201D: (0xFE44, 0x300F), 0x2018: (0xFE41, 0x300C), 0x2019: (0xFE42, 0x300D)}
_FORMS = {  # marks that have a form for columns with a code of its own
    0xFF0C: 0xFE10, 0x3001: 0xFE11, 0x3002: 0xFE12, 0xFF1A: 0xFE13, 0xFF1B: 0xFE14, 0xFF01: 0xFE15, 0xFF1F: 0xFE16,
}  # fmt: skip
_LOW = frozenset(map(ord, "，、。．"))  # marks in the lower left of their box, in columns in the upper right
_LYING = frozenset(map(ord, "—–―…‥－～〜〰＝│―")) | frozenset(range(0x2190, 0x21FF))
_LETTERS = 0x2E80  # below it stand letters, which lie, and signs, some of which stand
_STANDING = ("No", "So", "Sm")  # ① ※ ★ ×


def turned(face: Typeface, code_points: Iterable[int], number: int, file: Path) -> None:
    """Write the face with these characters only, lying, as an OpenType font of the same weight.

    Its name is that of the face with Vertical and `number`, since Typst knows fonts by their names. Code points it does
    not have are left out. Raises ExportError where the font cannot be read.
    """
    try:
        with open_face(face.path, face.index) as font:
            own = re.sub("[^A-Za-z0-9]", "", font["name"].getDebugName(6) or "")
            _write(font, face, sorted(set(code_points)), f"{own}Vertical{number}", file)
    except Exception as error:  # fontTools raises whatever a damaged table leads to
        hint = "请重新安装这个字体，或在版式文件的 [fonts] 里换一种。"
        raise ExportError(f"字体“{face.name}”不能用来竖排：{error}", place=str(face.path), hint=hint) from error


def _write(font: Any, face: Typeface, codes: list[int], name: str, file: Path) -> None:
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]
    from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]

    known, glyphs, forms = font.getBestCmap(), font.getGlyphSet(), _vertical_forms(font)
    scale = _UNITS / font["head"].unitsPerEm
    outlines: dict[str, Any] = {}
    widths, characters = {}, {}
    for code in (None, *codes):
        glyph = ".notdef" if code is None else known.get(code)
        if glyph is None or glyph not in glyphs:
            continue
        shape, matrix = _lying(code, glyph, glyphs, known, forms, scale)
        own = f"g{len(outlines)}" if code is not None else ".notdef"
        widths[own] = (round(glyphs[glyph].width * scale), 0)
        width = widths[own][0]
        pen = T2CharStringPen(None if width == _UNITS else width, None)
        glyphs[shape].draw(TransformPen(pen, matrix))
        outlines[own] = pen.getCharString()
        if code is not None:
            characters[code] = own
    builder = FontBuilder(_UNITS, isTTF=False)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap(characters)
    # With its copyright, as licences ask; without such an entry veraPDF misreads the matrix of the font after it.
    notice = font["name"].getDebugName(0) or face.family
    builder.setupCFF(name, {"Notice": notice.encode("ascii", "replace").decode()}, outlines, {"defaultWidthX": _UNITS})
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(
        sTypoAscender=880, sTypoDescender=-120, usWinAscent=1000, usWinDescent=200, usWeightClass=face.weight,
        fsType=face.fs_type, ySuperscriptXSize=650, ySuperscriptYSize=600, ySuperscriptYOffset=350,
        ySubscriptXSize=650, ySubscriptYSize=600, ySubscriptYOffset=75,
    )  # fmt: skip
    builder.setupPost(underlinePosition=-125, underlineThickness=50)
    builder.font["head"].created = builder.font["head"].modified = 0  # equal books, equal bytes
    builder.font.recalcTimestamp = False
    builder.save(file)


def _lying(
    code: int | None, glyph: str, glyphs: Any, known: Mapping[int, str], forms: Mapping[str, str], scale: float
) -> tuple[str, tuple[float, ...]]:
    """The glyph to draw for a character, and how it is moved."""
    as_it_is = (scale, 0, 0, scale, 0, 0)
    if code is None:
        return glyph, as_it_is
    corners = [known[each] for each in _CORNERS.get(code, ()) if each in known]
    if corners:
        return _upright(
            corners[0] if _CORNERS[code][0] in known else forms.get(corners[0], ""), corners[0], glyphs, scale
        )
    if glyph in forms:
        return _upright(forms[glyph], glyph, glyphs, scale)
    if code in _FORMS and _FORMS[code] in known:
        return _upright(known[_FORMS[code]], glyph, glyphs, scale)
    if not _stands(code):
        return glyph, as_it_is
    shape, matrix = _upright(glyph, glyph, glyphs, scale)
    if code in _LOW:  # up by half of the box and to the right by half of it, before it is laid down
        matrix = (*matrix[:4], matrix[4] - _UNITS / 2, matrix[5] + _UNITS / 2)
    return shape, matrix


def _upright(shape: str, without: str, glyphs: Any, scale: float) -> tuple[str, tuple[float, ...]]:
    """A glyph laid on its left side within its box, to stand when the page is turned; `without` a form as it is."""
    if not shape:
        return without, (scale, 0, 0, scale, 0, 0)
    half = glyphs[shape].width * scale / 2
    return shape, (0, scale, -scale, 0, half + _MIDDLE, _MIDDLE - half)


def _stands(code: int) -> bool:
    """Whether a character stands upright in columns though its font has no form for them."""
    char = chr(code)
    if code in _LYING or unicodedata.category(char) in ("Ps", "Pe", "Pi", "Pf"):
        return False
    return code >= _LETTERS or unicodedata.category(char) in _STANDING


def _vertical_forms(font: Any) -> Mapping[str, str]:
    """Glyph → its form for columns, as the feature `vert` of the font says."""
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    if table.FeatureList is None:
        return {}
    numbers = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "vert"
        for number in record.Feature.LookupListIndex
    }
    found: dict[str, str] = {}
    for number in sorted(numbers):
        for each in table.LookupList.Lookup[number].SubTable:
            single = each.ExtSubTable if hasattr(each, "ExtSubTable") else each
            found.update(getattr(single, "mapping", {}))
    return found
