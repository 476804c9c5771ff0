"""Plain text for the Notepads of this world."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.export import Book
from archive.export.plain_text import PlainTextExporter


@pytest.fixture
def lines(book: Book, tmp_path: Path) -> list[str]:
    PlainTextExporter().write(book, tmp_path / "book.txt")
    data = (tmp_path / "book.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\n") == data.count(b"\r\n")
    return data.decode("utf-8-sig").split("\r\n")


def test_it_opens_with_title_and_contents(lines: list[str]) -> None:
    assert lines[:8] == [
        "黄河古渡旧闻录",
        "文史资料精选",
        "县政协 编",
        "",
        "目　录",
        "",
        "【水利春秋】",
        "　　忆七星渠的疏浚",
    ]


def test_notes_stand_at_the_end_of_their_text(lines: list[str]) -> None:
    assert "忆七星渠的疏浚〔1〕" in lines
    at = lines.index("注释：")
    assert lines[at + 1 : at + 6] == [
        "〔1〕本文原为一次谈话。",
        "〔2〕一说始凿于光绪二十九年。",
        "〔3〕见县档案馆第12号卷。",
        "〔4〕含冬闲。",
        "〔5〕这条注释没有注号。",
    ]
    assert lines[at + 7] == "（出处：《中卫文史资料》第三辑，水利春秋）"


def test_tables_verse_and_ruby(lines: list[str]) -> None:
    assert "柔远\t412\t42〔4〕" in lines
    assert "　　　　一片孤城万仞山。" in lines
    assert any("阏（yān）逢渠，𠮷、〇、㐂。" in line for line in lines)


def test_pictures_are_reported(book: Book, tmp_path: Path) -> None:
    (issue,) = (i for i in PlainTextExporter().write(book, tmp_path / "b.txt") if i.code == "export-picture")
    assert "5 幅" in issue.message


def test_what_stands_around_the_texts_is_there_too(whole_book: Book, tmp_path: Path) -> None:
    PlainTextExporter().write(whole_book, tmp_path / "book.txt")
    lines = (tmp_path / "book.txt").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:5] == ["朔津文史资料第二十三辑", "黄河古渡旧闻录", "文史资料精选", "县政协 编", "朔津出版社"]
    contents, texts = lines[: lines.index("后记") + 1], lines[lines.index("后记") + 1 :]
    assert contents[contents.index("目　录") + 2 :][:3] == ["前言", "凡例", "【水利春秋】"]
    order = (
        "前言",
        "凡例",
        "【水利春秋】",
        "　　本栏所收，皆渠工亲历。",
        "忆七星渠的疏浚〔1〕",
        "　　编者按：此文为口述，",
        "后记",
    )
    places = [texts.index(words) for words in order]
    assert places == sorted(places)
