"""Markdown that shows exactly the text, whatever characters it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.export import Book, make_book
from archive.export.markdown import MarkdownExporter, escape, joined
from archive.model.records import Article, Block, Cell, Kind, Run, Style

TITLE = Block.plain(Kind.TITLE, "题")


def written(tmp_path: Path, *blocks: Block) -> str:
    book = make_book([Article(collection="", blocks=(TITLE, *blocks))])
    MarkdownExporter().write(book, tmp_path / "book.md")
    return (tmp_path / "book.md").read_text(encoding="utf-8")


def shown(source: str) -> str:
    """What a CommonMark reader shows of a source that should be one paragraph; anything else is marked."""
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed: no reader to check with")

    def words(tokens: Iterable[Any]) -> Iterable[str]:
        for token in tokens:
            if token.type == "inline":
                yield from words(token.children)
            elif token.type in {"text", "text_special"}:
                yield token.content
            elif token.type == "hardbreak" or token.content == "<br>":
                yield "\n"
            elif token.type not in {"paragraph_open", "paragraph_close"}:
                yield f"<<{token.type}>>"

    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return "".join(words(reader.parse(source)))


awkward = st.text(st.sampled_from("#*_`~|<>[]()!&;:=+-.1 29\\\n　\t\"'^$@/中文，。“”xap{}"), min_size=1, max_size=20)


@given(awkward)
def test_every_character_is_shown(text: str) -> None:
    assert shown(escape(text)) == text


@given(st.lists(awkward.filter(lambda text: "\n" not in text), min_size=2, max_size=4))
def test_runs_make_no_markup_together(texts: list[str]) -> None:
    assert shown(joined(escape(text) for text in texts)) == "".join(texts)


def test_spaces_within_a_line_stay_readable() -> None:
    assert joined([escape("1. "), escape("铁锹 八百把"), escape(" ")]) == "1\\. 铁锹 八百把&#32;"


def test_structure(book: Book, tmp_path: Path) -> None:
    MarkdownExporter().write(book, tmp_path / "book.md")
    text = (tmp_path / "book.md").read_text(encoding="utf-8")
    assert text.startswith("# 黄河古渡旧闻录\n\n文史资料精选\n")
    assert "\n## 水利春秋\n" in text
    assert "\n### 忆七星渠的疏浚[^1]\n" in text
    assert "\n#### 一、开工之前[^3]\n" in text
    assert "\n> 黄河远上白云间，\\\n> 一片孤城万仞山。\n" in text
    assert "\n  - 没有编号的一项\n" in text
    assert "<ruby>阏<rt>yān</rt></ruby>" in text and "<strong>一百四十里</strong>" in text
    assert "（出处：《中卫文史资料》第三辑，水利春秋）" in text


def test_notes_are_numbered_through_the_book(tmp_path: Path) -> None:
    noted = Article(
        collection="",
        blocks=(TITLE, Block(Kind.PARAGRAPH, (Run("文"), Run("", note="a"))), Block.plain(Kind.NOTE, "注", label="a")),
    )
    MarkdownExporter().write(make_book([noted, noted]), tmp_path / "book.md")
    text = (tmp_path / "book.md").read_text(encoding="utf-8")
    assert re.findall(r"\[\^\d+\]:?", text) == ["[^1]", "[^1]:", "[^2]", "[^2]:"]


def test_a_simple_table_is_a_pipe_table(tmp_path: Path) -> None:
    cells = [("年|月", True), ("事", True), ("1958", False), ("开工", False)]
    blocks = [
        Block.plain(Kind.CELL, text, cell=Cell(0, index // 2, index % 2, header=header))
        for index, (text, header) in enumerate(cells)
    ]
    assert "| 年\\|月 | 事 |\n| --- | --- |\n| 1958 | 开工 |\n" in written(tmp_path, *blocks)


def test_a_table_with_spans_is_html_and_keeps_its_notes(book: Book, tmp_path: Path) -> None:
    MarkdownExporter().write(book, tmp_path / "book.md")
    text = (tmp_path / "book.md").read_text(encoding="utf-8")
    assert '<th rowspan="2">\n\n公社\n\n</th>' in text
    assert '<th colspan="2">' in text
    assert "<td>\n\n42[^4]\n\n</td>" in text


def test_pictures_travel_inside(book: Book, tmp_path: Path) -> None:
    issues = MarkdownExporter().write(book, tmp_path / "book.md")
    text = (tmp_path / "book.md").read_text(encoding="utf-8")
    assert "![渠首][wide]" in text
    assert re.search(r"^\[wide\]: data:image/png;base64,iVBOR", text, re.MULTILINE)
    assert "〔图片缺失〕没有的图" in text
    assert [issue.code for issue in issues if "图片" in issue.message] == ["export-picture"]


@pytest.mark.parametrize(("style", "markup"), [(Style.UNDERLINE, "<u>文</u>"), (Style.SUBSCRIPT, "<sub>文</sub>")])
def test_what_markdown_cannot_say_is_html(style: Style, markup: str, tmp_path: Path) -> None:
    assert markup in written(tmp_path, Block(Kind.PARAGRAPH, (Run("文", style),)))


def test_headings_are_one_line(tmp_path: Path, pictures: Callable[[str], tuple[Path, str]]) -> None:
    assert "\n#### 上<br>下\n" in written(tmp_path, Block.plain(Kind.HEADING, "上\n下", level=1))


def test_what_stands_around_the_texts_is_there_too(whole_book: Book, tmp_path: Path) -> None:
    MarkdownExporter().write(whole_book, tmp_path / "book.md")
    text = (tmp_path / "book.md").read_text(encoding="utf-8")
    assert text.startswith(
        "朔津文史资料第二十三辑\n\n# 黄河古渡旧闻录\n\n文史资料精选\n\n县政协 编\n\n朔津出版社\n\n责任编辑　李文\n"
    )
    order = (
        "## 前言",
        "## 凡例",
        "## 水利春秋",
        "> 本栏所收",
        "### 忆七星渠",
        "> 编者按：此文",
        "> 地名从旧。",
        "## 后记",
    )
    places = [text.index(f"\n{words}") for words in order]
    assert places == sorted(places)


def test_a_huge_picture_is_told_with_its_size(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as stream:
        stream.truncate(12 * 2**20)
    article = Article(collection="", blocks=(TITLE, Block(Kind.FIGURE, (), picture="huge")))
    (issue,) = MarkdownExporter().write(
        make_book([article], pictures=lambda _: (file, "image/png")), tmp_path / "book.md"
    )
    assert issue.code == "export-picture" and "12 MB" in issue.message
