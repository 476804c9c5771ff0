"""Every character is found a font, or its place is told."""

from __future__ import annotations

import pytest

from archive.export.fonts import Census, PrintedPassage, choose, cover, read_catalogue
from archive.model.errors import ExportError

EVERYDAY = "Aa1一的中国人民文史资料"


@pytest.fixture
def fonts(tmp_path):
    return lambda: choose(read_catalogue([tmp_path / "fonts"]), {"宋体": ["Song"], "楷体": ["Kai"]})


def ask(fonts, text, role="宋体"):
    census = Census([PrintedPassage(role, "《某文》第 2 段", text)])
    return cover(census.units, fonts), census


def test_all_there(make_font, fonts):
    make_font("Song")
    coverage, census = ask(fonts(), "中国文史\n\u3000人民\u200b\t")
    assert (coverage.fallbacks, coverage.missing, coverage.issues(census)) == ((), (), ())
    coverage.require(census)


def test_a_character_from_another_font_is_listed(make_font, fonts):
    make_font("Song", EVERYDAY)
    make_font("Kai", EVERYDAY + "堃")
    make_font("HanaMinB", "𬭎𠮷")
    coverage, census = ask(fonts(), "中𬭎国堃𠮷")
    assert {each.face.family: each.units for each in coverage.stand_ins("宋体")} == {
        "Kai": ("堃",),
        "HanaMinB": ("𠮷", "𬭎"),
    }
    assert coverage.stand_ins("楷体") == ()
    assert "2 个字（𠮷 𬭎）" in coverage.issues(census)[1].message
    assert [face.family for face in coverage.faces] == ["Song", "Kai", "HanaMinB"]


def test_a_glyph_without_ink_counts_as_none(make_font, fonts):
    make_font("Song", EVERYDAY + "㧟", blank="㧟")
    make_font("Kai", EVERYDAY + "㧟", blank="㧟", cff=True)
    make_font("Other", "㧟", cff=True)
    coverage, _ = ask(fonts(), "㧟")
    assert [each.face.family for each in coverage.fallbacks] == ["Other"]


def test_a_character_in_no_font_stops_the_book_and_says_where(make_font, fonts):
    make_font("Song")
    coverage, census = ask(fonts(), "中国人民的𰻝面")
    assert coverage.missing == (("宋体", "面"), ("宋体", "𰻝"))
    with pytest.raises(ExportError, match="有 2 个字在所有字体里都没有") as caught:
        coverage.require(census)
    assert "“𰻝”（U+30EDD）：《某文》第 2 段“中国人民的𰻝面”" in caught.value.message
    assert [issue.code for issue in coverage.issues(census)] == ["character-missing"] * 2


def test_places_beyond_three_are_counted(make_font):
    census = Census(PrintedPassage("宋体", f"第 {number} 段", "有个𰻝字") for number in range(1, 6))
    assert census.places("𰻝") == ("第 1 段“有个𰻝字”", "第 2 段“有个𰻝字”", "第 3 段“有个𰻝字”", "另有 2 段")


def test_a_variation_falls_back_to_its_base_and_says_so(make_font, fonts):
    text = "中\U000e0100国\U000e0100\ufe0e"
    make_font("Song", variations=[(ord("国"), 0xE0100, None)])
    coverage, census = ask(fonts(), text)
    assert coverage.reduced == (("宋体", "中\U000e0100"),)
    assert coverage.missing == ()
    assert [issue.code for issue in coverage.issues(census)] == ["variation-reduced"]


def test_a_wish_for_text_or_emoji_is_no_loss(make_font, fonts):
    make_font("Song")
    assert ask(fonts(), "中\ufe0f国\ufe0e")[0].reduced == ()


def test_a_letter_and_its_marks_come_from_one_font(make_font, fonts):
    make_font("Song", EVERYDAY + "ā")
    make_font("Kai", EVERYDAY + "ma\u0304")
    composed, _ = ask(fonts(), "a\u0304")
    assert composed.fallbacks == ()
    coverage, _ = ask(fonts(), "m\u0304")
    assert [(each.face.family, each.units) for each in coverage.fallbacks] == [("Kai", ("m\u0304",))]


def test_no_other_font_stands_in_for_private_use(make_font, fonts):
    make_font("Song")
    make_font("Kai", EVERYDAY + "\ue123")
    assert ask(fonts(), "\ue123")[0].missing == (("宋体", "\ue123"),)
    coverage, census = ask(fonts(), "\ue123", role="楷体")
    assert coverage.missing == ()
    assert [issue.code for issue in coverage.issues(census)] == ["private-use"]


def test_ideographs_python_does_not_know_yet_are_asked_for(make_font, fonts):
    make_font("Song")
    assert ask(fonts(), "\U000323b0")[0].missing == (("宋体", "\U000323b0"),)


def test_only_fonts_that_may_be_embedded_stand_in(make_font, fonts):
    make_font("Song")
    make_font("Closed", "𬭎", fs_type=2)
    assert ask(fonts(), "𬭎")[0].missing == (("宋体", "𬭎"),)
