"""The counts that a printer and the copyright page want."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.export import make_book
from archive.export.house import house_style
from archive.export.pdf.print_counts import counts
from archive.model.records import Article, Block, Kind


@pytest.mark.parametrize(
    ("house", "sheets", "words"),
    [
        ("16开", "合 35.75 印张（16 开）", "版面字数 761 千字（每行 38 字，每面 35 行）"),
        ("大32开", "合 17.875 印张（32 开）", "版面字数 432 千字（每行 28 字，每面 27 行）"),
        ("A4", "合 35.75 印张（16 开）", "版面字数 352 千字（每行 28 字，每面 22 行）"),
    ],
)
def test_sheets_characters_and_spine(house: str, sheets: str, words: str) -> None:
    book = make_book([Article(collection="c", blocks=(Block.plain(Kind.TITLE, "甲"),))])
    said = counts(replace(book, house=house_style(house)), 572).message
    assert said.startswith(f"全书 572 面，{sheets}；{words}；用 80 克双胶纸，书脊约 28.6 毫米。")
