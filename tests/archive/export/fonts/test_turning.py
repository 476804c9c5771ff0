"""Fonts whose glyphs lie on their side, for columns."""

from __future__ import annotations

import pytest
from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from archive.export.fonts import read_catalogue
from archive.export.fonts.turning import standing, turned
from archive.model.errors import ExportError

AS_IT_IS, LYING = (100, 0, 900, 800), (80, -20, 880, 780)


def bounds(file, char):
    font = TTFont(file)
    pen = BoundsPen(font.getGlyphSet())
    font.getGlyphSet()[font.getBestCmap()[ord(char)]].draw(pen)
    return pen.bounds


# The first of the two fonts says of its squares that they begin at the edge of their box.
@pytest.mark.parametrize(
    ("cff", "as_it_is", "lying"), [(False, (0, 0, 800, 800), (80, -120, 880, 680)), (True, AS_IT_IS, LYING)]
)
def test_characters_lie_and_dashes_and_brackets_keep_their_form(make_font, tmp_path, cff, as_it_is, lying):
    make_font("Song", "中—（，①é", cff=cff)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    file = tmp_path / "lying.otf"
    turned(face, map(ord, "中—（，①é国"), 3, file)
    assert set(TTFont(file).getBestCmap()) == set(map(ord, "中—（，①é"))
    assert {char: bounds(file, char) for char in "中①"} == {"中": lying, "①": lying}
    assert {char: bounds(file, char) for char in "—（é"} == dict.fromkeys("—（é", as_it_is)
    left, low, right, high = lying
    # In columns the upper right of its box.
    assert bounds(file, "，") == (left - 500, low + 500, right - 500, high + 500)
    assert TTFont(file)["name"].getDebugName(1) == "SongVertical3"


def test_quotation_marks_take_the_form_of_columns_that_the_font_has(make_font, tmp_path):
    make_font("Song", "“﹃‘", cff=True)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    file = tmp_path / "lying.otf"
    turned(face, map(ord, "“‘"), 0, file)
    assert (bounds(file, "“"), bounds(file, "‘")) == (LYING, AS_IT_IS)


def test_figures_stand_in_the_place_of_a_character_two_or_three_of_them_if_asked(make_font, tmp_path):
    make_font("Song", "01A", cff=True)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    file = tmp_path / "standing.otf"
    standing(face, "Roman New", file)
    font = TTFont(file)
    assert font["name"].getDebugName(1) == "RomanNewStanding"
    widths = {name: font["hmtx"][name][0] for name in font.getGlyphOrder()}
    one = font.getBestCmap()[ord("1")]
    assert [widths[each] for each in (one, f"{one}.20", f"{one}.21", f"{one}.32")] == [1000, 500, 500, 333]
    assert {each.FeatureTag for each in font["GSUB"].table.FeatureList.FeatureRecord} == {"ss02", "ss03"}
    # Wide as a character, two of them are made half as wide, and stand at the same height beside each other.
    sides = []
    for name in (f"{one}.20", f"{one}.21"):
        pen = BoundsPen(font.getGlyphSet())
        font.getGlyphSet()[name].draw(pen)
        sides.append(pen.bounds)
    (_, low, _, high), (_, low_second, _, high_second) = sides
    assert high - low == high_second - low_second == 400
    assert low_second - low == 500
    assert sides[0][0] - sides[1][0] == 500  # as much as the pen has moved on


def test_equal_questions_give_equal_bytes(make_font, tmp_path):
    make_font("Song", "中国")
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    for name, text in (("a", "中国"), ("b", "国中")):
        turned(face, map(ord, text), 0, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_damaged_font_is_named(make_font, tmp_path):
    file = make_font("Song", "中")
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(ExportError, match="Song"):
        turned(face, [ord("中")], 0, tmp_path / "lying.otf")


def test_a_character_made_of_others_is_drawn(make_font, tmp_path):
    path = make_font("Song", "中①")
    font = TTFont(path)
    pen = TTGlyphPen(font.getGlyphSet())
    pen.addComponent(font.getBestCmap()[ord("中")], (0.5, 0, 0, 0.5, 0, 0))
    font["glyf"][font.getBestCmap()[ord("①")]] = pen.glyph()
    font.save(path)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    file = tmp_path / "lying.otf"
    turned(face, map(ord, "①"), 0, file)
    left, low, right, high = bounds(file, "①")
    assert (right - left, high - low) == (400, 400)
