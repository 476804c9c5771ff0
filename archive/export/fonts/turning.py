"""Fonts for columns from right to left: every glyph lies on its side, so that lines set upon them make columns.

Typst sets lines only. A page set on its side in such a font and then turned a quarter to the right shows upright
characters in columns, with everything a line has: kinsoku, justification, notes, page numbers. Windows does the same
with its fonts whose names begin with @. What lies in columns too (dashes, brackets, letters) keeps its form; marks take
the form that the font has for columns, and “” ‘’ become ﹃﹄ ﹁﹂, as GB/T 15834 asks; the text behind them stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
_MISSING = ".notdef"
_FIGURES = "0123456789%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A glyph to write: what is drawn, how it is moved, how far the next one stands; `code` None if no character maps
    to it.
    """

    name: str
    code: int | None
    shape: str
    matrix: tuple[float, ...]
    width: int


def turned(face: Typeface, code_points: Iterable[int], number: int, file: Path) -> None:
    """Write the face with these characters only, lying, as an OpenType font of the same weight.

    Its name is that of the face with Vertical and `number`, since Typst knows fonts by their names. Code points it does
    not have are left out. Raises ExportError where the font cannot be read.
    """
    codes = sorted(set(code_points))
    with _reading(face) as font:
        own = font["name"].getDebugName(6) or ""
        _write(font, face, list(_lying_glyphs(font, codes)), f"{_plain(own)}Vertical{number}", file)


def standing(face: Typeface, family: str, file: Path) -> None:
    """Write the figures and letters of the face so that each stands in the place of a character, one below another,
    and so that with the feature ss02 two share one place beside each other, with ss03 three.

    Its name is `family` with Standing. Raises ExportError where the font cannot be read.
    """
    with _reading(face) as font:
        _write(font, face, list(_standing_glyphs(font)), f"{_plain(family)}Standing", file, shared=True)


def _plain(name: str) -> str:
    return re.sub("[^A-Za-z0-9]", "", name)


@contextmanager
def _reading(face: Typeface) -> Iterator[Any]:
    try:
        with open_face(face.path, face.index) as font:
            yield font
    except Exception as error:  # fontTools raises whatever a damaged table leads to
        hint = "请重新安装这个字体，或在版式文件的 [fonts] 里换一种。"
        raise ExportError(f"字体“{face.name}”不能用来竖排：{error}", place=str(face.path), hint=hint) from error


def _lying_glyphs(font: Any, codes: Iterable[int]) -> Iterator[_Glyph]:
    known, glyphs, forms = font.getBestCmap(), font.getGlyphSet(), _vertical_forms(font)
    scale = _UNITS / font["head"].unitsPerEm
    for code in (None, *codes):
        glyph = _MISSING if code is None else known.get(code)
        if glyph is None or glyph not in glyphs:
            continue
        shape, matrix = _lying(code, glyph, glyphs, known, forms, scale)
        name = _MISSING if code is None else f"g{code}"
        yield _Glyph(name, code, shape, matrix, round(glyphs[glyph].width * scale))


def _standing_glyphs(font: Any) -> Iterator[_Glyph]:
    """Every figure and letter alone in a place of its own, and as the first, second and third of those that share one;
    `.notdef` as it is.
    """
    known, glyphs = font.getBestCmap(), font.getGlyphSet()
    scale = _UNITS / font["head"].unitsPerEm
    yield _Glyph(_MISSING, None, _MISSING, (scale, 0, 0, scale, 0, 0), round(glyphs[_MISSING].width * scale))
    middle = _height(glyphs[known[ord("0")]], glyphs) * scale / 2
    for code in sorted(set(map(ord, _FIGURES)) & set(known)):
        glyph = known[code]
        width = glyphs[glyph].width * scale
        for many in (1, 2, 3):
            narrow = min(1, _UNITS / many / width)
            start = _MIDDLE - many * narrow * width / 2
            share = _UNITS // many
            for place in range(many):
                away, side = _UNITS / 2 + middle - place * share, start + place * narrow * width
                matrix = (0, narrow * scale, -scale, 0, away, side)
                yield _Glyph(_named(code, many, place), code if many == 1 else None, glyph, matrix, share)


def _height(glyph: Any, glyphs: Any) -> float:
    from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]

    pen = BoundsPen(glyphs)
    glyph.draw(pen)
    return float(pen.bounds[3])


def _sharing(codes: Sequence[int]) -> str:
    """The features that put two or three figures into one place, in the language of font makers."""

    def each(many: int = 1, place: int = 0) -> str:
        return "[" + " ".join(_named(code, many, place) for code in codes) + "]"

    features = []
    for many in (2, 3):
        following = f" {each()}" * (many - 1)
        rules = [f"sub {each()}'{following} by {each(many, 0)};"]
        rules += [f"sub {each(many, place - 1)} {each()}' by {each(many, place)};" for place in range(1, many)]
        features.append(f"feature ss0{many} {{ {' '.join(rules)} }} ss0{many};")
    return " ".join(features)


def _named(code: int, many: int, place: int) -> str:
    return f"g{code}" if many == 1 else f"g{code}.{many}{place}"


def _write(font: Any, face: Typeface, made: Sequence[_Glyph], name: str, file: Path, *, shared: bool = False) -> None:
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString  # type: ignore[import-untyped]
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]
    from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]

    glyphs = font.getGlyphSet()
    outlines: dict[str, Any] = {}
    for each in made:
        pen = T2CharStringPen(None if each.width == _UNITS else each.width, glyphs)  # some are made of others
        glyphs[each.shape].draw(TransformPen(pen, each.matrix))
        outlines[each.name] = pen.getCharString()
    builder = FontBuilder(_UNITS, isTTF=False)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap({each.code: each.name for each in made if each.code is not None})
    # With its copyright, as licences ask; without such an entry veraPDF misreads the matrix of the font after it.
    notice = font["name"].getDebugName(0) or face.family
    builder.setupCFF(name, {"Notice": notice.encode("ascii", "replace").decode()}, outlines, {"defaultWidthX": _UNITS})
    builder.setupHorizontalMetrics({each.name: (each.width, 0) for each in made})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(
        sTypoAscender=880, sTypoDescender=-120, usWinAscent=1000, usWinDescent=200, usWeightClass=face.weight,
        fsType=face.fs_type, ySuperscriptXSize=650, ySuperscriptYSize=600, ySuperscriptYOffset=350,
        ySubscriptXSize=650, ySubscriptYSize=600, ySubscriptYOffset=75,
    )  # fmt: skip
    builder.setupPost(underlinePosition=-125, underlineThickness=50)
    if shared:
        codes = [each.code for each in made if each.code is not None]
        addOpenTypeFeaturesFromString(builder.font, _sharing(codes))
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
