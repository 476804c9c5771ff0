"""Tables too wide for the page, in parts that each begin with the first column."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.export import EXPORTERS, make_book
from archive.export.table_parts import parts, with_heading
from archive.model.article_parts import Piece, TableCell, TableRows
from archive.model.records import Article, Block, Cell, Kind, Run


def cell(text: str, row: int, column: int, span: int = 1, note: str = "") -> TableCell:
    runs = (Run(text), Run("", note=note)) if note else (Run(text),)
    place = Cell(0, row, column, 1, span, row == 0)
    return TableCell(place, (Piece(0, Block(Kind.CELL, runs, cell=place)),))


def years(columns: int) -> TableRows:
    heads = (cell("乡名", 0, 0, note="①"), *(cell(f"{1948 + each}年", 0, each) for each in range(1, columns)))
    first = (cell("杏园乡", 1, 0), *(cell(f"{each}.5", 1, each) for each in range(1, columns)))
    return TableRows((heads, first), columns, 1)


def said(part: TableRows) -> list[list[str]]:
    return [["".join(block.text for block in each.blocks) for each in row] for row in part.rows]


def narrow(part: TableRows) -> bool:
    return part.columns <= 5


def test_every_part_begins_with_the_first_column_and_nothing_is_lost() -> None:
    found = parts(years(10), narrow)
    assert [part.columns for part in found] == [4, 4, 4]  # and not 5, 5, 2
    assert [said(part)[1] for part in found] == [
        ["杏园乡", "1.5", "2.5", "3.5"],
        ["杏园乡", "4.5", "5.5", "6.5"],
        ["杏园乡", "7.5", "8.5", "9.5"],
    ]
    assert all([each.place.column for each in row] == [0, 1, 2, 3] for part in found for row in part.rows)


def test_a_note_is_referred_to_once() -> None:
    noted = [any(run.note for run in part.rows[0][0].blocks[0].runs) for part in parts(years(10), narrow)]
    assert noted == [True, False, False]


def test_a_heading_over_several_columns_stands_over_its_columns_in_each_part() -> None:
    table = years(7)
    above = (cell("乡名", 0, 0), cell("灌溉面积", 0, 1, 6))
    first, second = parts(TableRows((above, table.rows[1]), 7, 1), narrow)
    assert said(first)[0] == said(second)[0] == ["乡名", "灌溉面积"]
    assert [row[1].place.column_span for row in (first.rows[0], second.rows[0])] == [3, 3]


def test_what_cannot_be_parted_is_left() -> None:
    across = (cell("杏园乡", 1, 0), cell("合并了六栏的一格", 1, 1, 6))
    assert parts(TableRows((years(7).rows[0], across), 7, 1), narrow) == ()
    assert parts(years(7), lambda part: False) == ()


def test_sixty_columns_stay_a_table(tmp_path: Path) -> None:
    blocks = [block for row in years(60).rows for each in row for block in each.blocks]
    text = Article(collection="", blocks=(Block.plain(Kind.TITLE, "水利"), *blocks[1:]))
    issues = EXPORTERS["docx"].write(make_book([text]), tmp_path / "book.docx")
    with zipfile.ZipFile(tmp_path / "book.docx") as package:
        document = package.read("word/document.xml").decode()
    assert document.count("<w:tbl>") == document.count("杏园乡") > 2
    assert any("段，每段都从第一栏起" in issue.message for issue in issues)


def plain(*rows: Sequence[str]) -> TableRows:
    """A table without headings."""
    cells = tuple(
        tuple(
            TableCell(place, (Piece(0, Block(Kind.CELL, (Run(text),), cell=place)),))
            for column, text in enumerate(row)
            for place in (Cell(0, number, column),)
        )
        for number, row in enumerate(rows)
    )
    return TableRows(cells, len(rows[0]), 0)


@pytest.mark.parametrize(
    ("rows", "headed"),
    [
        ((("年份", "税目"), ("1912", "盐课"), ("1913年", "渡船")), 1),
        ((("站名", "水位（米）"), ("河湾", "1,203.5"), ("横城", ""), ("吴忠", "12")), 1),
        ((("王文清", "民革"), ("李德福", "农业界"), ("张志华", "工商联")), 0),
        ((("1911", "盐课"), ("1912", "盐课"), ("1913", "渡船")), 0),
        ((("年份", ""), ("1912", "盐课"), ("1913", "渡船")), 0),
        ((("年份", "税目"), ("1912", "盐课")), 0),
    ],
    ids=["above years", "above some figures", "a list of names", "figures throughout", "a gap", "one row"],
)
def test_words_above_figures_are_a_heading(rows: Sequence[Sequence[str]], headed: int) -> None:
    found = with_heading(plain(*rows))
    assert found.header_rows == headed
    assert [cell.place.header for cell in found.rows[0]] == [bool(headed)] * 2
