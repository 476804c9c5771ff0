"""A font for every role; what is replaced is named."""

from __future__ import annotations

import pytest

from archive.export.fonts import choose, read_catalogue
from archive.model.errors import ExportError


@pytest.fixture
def catalogue(tmp_path):
    return lambda: read_catalogue([tmp_path / "fonts"])


def test_the_first_family_there_is_taken_without_a_word(make_font, catalogue):
    make_font("SimSun", chinese="宋体")
    make_font("FangSong", chinese="仿宋")
    fonts = choose(catalogue(), {"宋体": ["宋体"], "仿宋": ["仿宋", "宋体"]})
    assert {role: face.family for role, face in fonts.regular.items()} == {"宋体": "宋体", "仿宋": "仿宋"}
    assert fonts.issues == ()


def test_another_name_of_the_same_font_is_no_replacement(make_font, catalogue):
    make_font("FZXiaoBiaoSong-B05S")
    fonts = choose(catalogue(), {"小标宋": ["方正小标宋简体"]})
    assert fonts.regular["小标宋"].family == "FZXiaoBiaoSong-B05S"
    assert fonts.issues == ()


def test_a_replacement_is_named(make_font, catalogue):
    make_font("Source Han Serif SC", chinese="思源宋体")
    fonts = choose(catalogue(), {"小标宋": ["方正小标宋简体", "华文中宋"]})
    assert [issue.message for issue in fonts.issues] == ["没有“方正小标宋简体”，“小标宋”改用“思源宋体”。"]


def test_the_familys_bold_face_comes_along(make_font, catalogue):
    make_font("Song")
    make_font("Song", style="Bold", weight=700)
    make_font("Kai")
    fonts = choose(catalogue(), {"宋体": ["Song"], "楷体": ["Kai"]})
    assert {role: face.name for role, face in fonts.bold.items()} == {"宋体": "Song Bold"}


def test_a_font_that_may_not_be_embedded_is_passed_over_and_named(make_font, catalogue):
    make_font("Closed", fs_type=2)
    make_font("Free Song")
    fonts = choose(catalogue(), {"宋体": ["Closed", "Free Song"]})
    assert fonts.regular["宋体"].family == "Free Song"
    assert "Closed" in fonts.issues[0].message and "不许嵌入" in fonts.issues[0].message


def test_a_variable_font_is_pointed_out(make_font, catalogue):
    make_font("SimSun", chinese="宋体", variable=True)
    (issue,) = choose(catalogue(), {"宋体": ["宋体"]}).issues
    assert "可变字体" in issue.message


def test_any_chinese_font_is_better_than_none(make_font, catalogue):
    make_font("Somebody's Hand")
    assert choose(catalogue(), {"宋体": ["宋体"]}).regular["宋体"].family == "Somebody's Hand"


def test_without_a_chinese_font_nothing_can_be_set(make_font, catalogue):
    make_font("Latin Only", "Aa1")
    with pytest.raises(ExportError) as caught:
        choose(catalogue(), {"宋体": ["宋体"], "西文": ["Latin Only"]})
    assert "fonts-noto-cjk" in caught.value.hint and "可选功能" in caught.value.hint


def test_a_house_may_ask_for_a_font_without_chinese(make_font, catalogue):
    make_font("Latin Only", "Aa1")
    make_font("SimSun", chinese="宋体")
    fonts = choose(catalogue(), {"数字": ["Latin Only"], "宋体": ["宋体"]})
    assert fonts.regular["数字"].family == "Latin Only"


def test_a_font_whose_everyday_characters_are_blank_is_not_proposed(make_font, catalogue):
    make_font("KaiTi", chinese="楷体", blank="国")
    make_font("SimSun", chinese="宋体")
    assert choose(catalogue(), {"仿宋": ["仿宋"]}).regular["仿宋"].family == "宋体"
