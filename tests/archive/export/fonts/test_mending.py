"""Fonts that begin glyphs with a hint mask get its stems declared, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.recordingPen import RecordingPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from archive.export.fonts import mending


def outlines(file: Path) -> dict[str, list[object]]:
    with TTFont(file) as font:
        glyphs = font.getGlyphSet()
        found = {}
        for name in font.getGlyphOrder():
            pen = RecordingPen()
            glyphs[name].draw(pen)
            found[name] = [glyphs[name].width, *pen.value]
        return found


def test_stems_of_a_mask_are_declared_and_outlines_stay(masked_font: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.otf"
    mending.copy(masked_font, target)
    with TTFont(target) as font:
        outline = font["CFF "].cff.topDictIndex[0].CharStrings["u6E21"]
        outline.decompile()
        assert outline.program[:4] == [100, 50, "vstemhm", "hintmask"]
    assert outlines(target) == outlines(masked_font)
    assert mending._undeclared(target, 0) == ()


def test_other_fonts_are_copied_byte_for_byte(masked_font: Path, tmp_path: Path) -> None:
    mended, again = tmp_path / "mended.otf", tmp_path / "again.otf"
    mending.copy(masked_font, mended)
    mending.copy(mended, again)
    assert again.read_bytes() == mended.read_bytes()
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"OTTO no font at all")
    mending.copy(broken, again)
    assert again.read_bytes() == broken.read_bytes()
