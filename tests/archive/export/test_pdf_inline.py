"""Runs as the PDF template gets them."""

from __future__ import annotations

import re

import pytest

from archive.export.book import Heading, Index, make_book
from archive.export.name_index import NameMarker
from archive.export.pdf import inline_runs
from archive.export.pdf.pdf_context import PdfContext, on_one_line
from archive.export.pdf.pdf_pictures import PdfPictures
from archive.export.picture_numbers import PictureNumbers
from archive.model.records import Article, Block, Kind, Run, Style


def test_breaks_and_tabs_stand_between_strings() -> None:
    assert inline_runs.plain("上\n下\t右") == ["上", {"br": True}, "下", {"tab": True}, "右"]


def test_long_strings_may_break_and_short_words_may_not() -> None:
    address = "http://example.com/" + "abcde" * 10
    items = inline_runs.plain(f"见{address}。")
    assert "".join(item for item in items if isinstance(item, str)) == f"见{address}。"
    assert {"z": True} in items
    assert inline_runs.plain("见Constantinople。") == ["见Constantinople。"]


def test_an_address_breaks_behind_its_marks() -> None:
    pieces = [item for item in inline_runs.plain("https://www.example.org.cn/a?b=c") if isinstance(item, str)]
    assert pieces == ["htt", "ps://", "www.", "exa", "mpl", "e.", "org.", "cn/", "a?", "b=", "c"]


def test_marks_stay_with_their_text() -> None:
    run = Run("文字", Style.BOLD | Style.EMPHASIS)
    assert list(inline_runs.styled(run)) == [{"t": "文字", "b": True, "e": True}]
    assert list(inline_runs.styled(Run("阏", ruby="yān"))) == [{"t": "阏", "r": "yān"}]


def test_neighbouring_strings_become_one() -> None:
    assert inline_runs.joined(["甲", "乙", {"br": True}, "丙"]) == ["甲乙", {"br": True}, "丙"]


@pytest.mark.parametrize(("text", "latin"), [("A1é(αЯ", True), ("中，“”—…·×°", False)])
def test_each_character_has_one_font_to_go_to(text: str, latin: bool) -> None:
    pattern = inline_runs.LATIN_CLASS.replace("\\x{", "\\U").replace("}", "")
    pattern = re.sub(r"\\U([0-9a-f]+)", lambda found: re.escape(chr(int(found[1], 16))), pattern)
    for char in text:
        assert bool(re.fullmatch(pattern, char)) is latin
        (passage,) = inline_runs.texts("宋体", "此处", char)
        assert passage.role == ("西文" if latin else "宋体")


def test_names_of_an_index_are_marked_where_they_begin(tmp_path: object) -> None:
    book = make_book([Article(collection="c", blocks=(Block.plain(Kind.TITLE, "甲"),))])
    names = Index("人名", (Heading("张三", ("张三",)), Heading("李四", ("李四",))))
    context = PdfContext(book, PdfPictures(book.pictures, tmp_path), PictureNumbers("none"), NameMarker((names,)))  # type: ignore[arg-type]
    runs = [Run("见张"), Run("三、", Style.BOLD), Run("李四", ruby="lǐ sì", note="1")]
    assert list(context.indexed_runs(runs)) == [
        Run("见"),
        ["i0-0"],
        Run("张"),
        Run("三、", Style.BOLD),
        ["i0-1"],
        Run("李四", ruby="lǐ sì", note="1"),
    ]
    assert context.indexed == {"i0-0", "i0-1"}


@pytest.mark.parametrize(("text", "line"), [("前　言", "前言"), ("上\n下篇", "上 下篇"), ("甲", "甲")])
def test_titles_on_one_line(text: str, line: str) -> None:
    assert on_one_line(text) == line


def test_connectors_and_middle_dots_are_tied_to_what_stands_before_them() -> None:
    tied = {"j": True}
    assert inline_runs.plain("2011—2015年") == ["2011", tied, "—2015年"]
    assert inline_runs.plain("阿·卜") == ["阿", tied, "·卜"]
    assert inline_runs.plain("3～5页、3–5") == ["3", tied, "～5页、3", tied, "–5"]
    assert inline_runs.plain("船——破折号") == ["船——破折号"]
