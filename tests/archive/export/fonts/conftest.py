"""Tiny fonts made for the tests: real files with chosen names, characters and permissions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

MakeFont = Callable[..., Path]
EVERYDAY = "Aa1一的中国人民文史资料"


def _square(pen: Any) -> None:
    pen.moveTo((100, 0))
    pen.lineTo((100, 800))
    pen.lineTo((900, 800))
    pen.lineTo((900, 0))
    pen.closePath()


def _glyphs(names: Iterable[str], blank: Iterable[str], cff: bool) -> dict[str, Any]:
    made = {}
    for name in names:
        pen = T2CharStringPen(1000, {}) if cff else TTGlyphPen(None)
        if name not in blank:
            _square(pen)
        made[name] = pen.getCharString() if cff else pen.glyph()
    return made


def _build(
    family: str,
    characters: str,
    *,
    chinese: str = "",
    style: str = "Regular",
    weight: int = 400,
    fs_type: int = 0,
    blank: str = "",
    cff: bool = False,
    variable: bool = False,
    variations: Iterable[tuple[int, int, str | None]] = (),
) -> TTFont:
    character_map = {ord(char): f"g{ord(char):x}" for char in characters}
    names = [".notdef", *sorted(set(character_map.values()))]
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(character_map, uvs=list(variations))
    glyphs = _glyphs(names, {f"g{ord(char):x}" for char in blank}, cff)
    if cff:
        builder.setupCFF(family.replace(" ", ""), {}, glyphs, {})
    else:
        builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    told = {"en": family, "zh": chinese} if chinese else family
    builder.setupNameTable(
        {"familyName": told, "styleName": style, "fullName": f"{family} {style}", "psName": family.replace(" ", "")}
    )
    builder.setupOS2(usWeightClass=weight, fsType=fs_type, ulCodePageRange1=1 << 18)
    builder.setupPost()
    if variable:
        builder.setupFvar([("wght", 200, 200, 900, "Weight")], [])
    return builder.font


@pytest.fixture
def make_font(tmp_path: Path) -> MakeFont:
    """make_font(family, characters, …) → the file, in the folder `fonts`; see `_build` for what can be chosen."""

    def make(family: str, characters: str = EVERYDAY, *, folder: str = "fonts", **details: Any) -> Path:
        target = tmp_path / folder
        target.mkdir(exist_ok=True)
        style = details.get("style", "Regular")
        file = target / f"{family.replace(' ', '')}-{style}.{'otf' if details.get('cff') else 'ttf'}"
        _build(family, characters, **details).save(file)
        return file

    return make


@pytest.fixture
def make_collection(tmp_path: Path) -> MakeFont:
    """make_collection(name, [(family, chinese), …]) → a .ttc of everyday characters."""

    def make(name: str, families: Iterable[tuple[str, str]]) -> Path:
        target = tmp_path / "fonts"
        target.mkdir(exist_ok=True)
        collection = TTCollection()
        collection.fonts = [_build(family, EVERYDAY, chinese=chinese) for family, chinese in families]
        collection.save(target / name)
        return target / name

    return make
