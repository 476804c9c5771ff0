"""House styles: the built-in ones, an office's own, and what a wrong file is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from archive.export.house import SIZES, from_data, house_style, house_styles
from archive.model.errors import ConfigError


def own(folder: Path, text: str, name: str = "own.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_built_in_style_has_every_paragraph_style_of_the_first() -> None:
    first, *others = house_styles().values()
    assert first.name == "16开" and [each.name for each in others] == ["大32开", "A4", "竖排"]
    for house in others:
        assert set(house.styles) == set(first.styles) and set(house.fonts) == set(first.fonts)


def test_lines_of_text_stand_half_a_size_apart_at_least() -> None:
    for house in house_styles().values():
        for name in ("文章正文", "引文", "编者按", "列表"):
            style = house.style(name)
            assert style.pitch >= 1.5 * style.size, (house.name, name)


def test_sixteenmo_has_38_characters_a_line_and_a4_is_set_as_the_standard_says() -> None:
    points = 72 / 25.4
    sixteenmo, a4 = house_style("16开"), house_style("A4")
    assert int(sixteenmo.page.measure * points / sixteenmo.style("文章正文").size) == 38
    # GB/T 9704—2012, 5.2: 22 lines of 28 characters of 三号 in a type area of 156 × 225 mm.
    assert (a4.page.measure, a4.page.depth, a4.style("文章正文").size) == (156, 225, 16)
    assert round(a4.page.measure * points / 16) == 28
    assert int(a4.page.depth * points / a4.style("文章正文").pitch) == 22


def test_an_own_style_says_only_what_differs(tmp_path: Path) -> None:
    styles = '[styles]\n"文章正文" = { size = "小四", pitch = 20 }'
    text = f'name = "本县"\nbase = "大32开"\n[layout]\nfolio = "{{页码}}"\n{styles}'
    house, base = house_style("本县", own(tmp_path, text)), house_style("大32开")
    assert house.layout.folio == "{页码}" and house.page == base.page
    body = house.style("文章正文")
    assert (body.size, body.pitch, body.font, body.first) == (12, 20, "宋体", 2)
    assert house.style("题名") == base.style("题名")


def test_an_own_style_may_take_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    assert house_style("16开", own(tmp_path, 'name = "16开"\n[page]\nwidth = 190')).page.width == 190
    assert house_style("16开").page.width == 185


def test_an_own_style_without_base_goes_by_the_usual_one(tmp_path: Path) -> None:
    assert house_style("own", own(tmp_path, "")).page == house_style("16开").page


def test_a_file_saved_by_notepad(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"\xef\xbb\xbf" + 'name = "本县"'.encode())
    assert "本县" in house_styles(tmp_path)


def test_a_reference_document_stands_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "模板.docx").write_bytes(b"PK")
    assert house_style("own", own(tmp_path, 'reference = "模板.docx"')).reference == tmp_path / "模板.docx"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "读不懂"),
        ("[pages]", "pages"),
        ("[page]\nwide = 1", "page"),
        ('[page]\nwidth = "宽"', "page.width"),
        ("[page]\nwidth = true", "page.width"),
        ("[page]\ninner = 90\nouter = 90", "版心"),
        ('[styles]\n"正文" = {}', "正文"),
        ('[styles]\n"文章正文" = { size = "五号半" }', "styles.文章正文.size"),
        ('[styles]\n"文章正文" = { size = 20, pitch = 12 }', "行距"),
        ('[styles]\n"文章正文" = { font = "隶书" }', "隶书"),
        ('[styles]\n"文章正文" = { align = "middle" }', "middle"),
        ('[layout]\narticle_start = "anywhere"', "article_start"),
        ("[layout]\nvertical = 1", "layout.vertical"),
        ('[layout]\nhead_left = "{书各}"', "书各"),
        ('[styles]\n"文章正文" = { tracking = -9 }', "字距"),
        ('[fonts]\n"宋体" = []', "fonts.宋体"),
        ('base = "八开"', "八开"),
        ('reference = "没有.docx"', "没有.docx"),
        ("fonts = 3", "fonts"),
    ],
)
def test_a_wrong_file_is_told_where_and_what(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        house_styles(own(tmp_path, text))
    assert told in str(caught.value) and "own.toml" in caught.value.place


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(ConfigError) as caught:
        house_style("八开")
    assert "大32开" in caught.value.hint


def test_a_manifest_keeps_a_house_style_whole() -> None:
    house = house_style("A4")
    data = dataclasses.asdict(house)
    del data["reference"]
    assert from_data(json.loads(json.dumps(data))) == house


def test_sizes_are_those_of_word() -> None:
    assert (SIZES["五号"], SIZES["小四"], SIZES["二号"]) == (10.5, 12, 22)
