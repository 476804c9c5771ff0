"""Tables written as CSV or Excel and read back: equal, whatever stands in a cell."""

from __future__ import annotations

import csv
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.model.errors import ReadError, StorageError
from archive.support import workbook_writing, workbooks
from archive.support.sheets import csv_rows, csv_text, write_csv, write_xlsx
from archive.support.table_files import read_rows, read_tables

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-1", "'", "'甲", "_x000D_", "\x07铃", "—")
cells = st.text(st.sampled_from("=+-@'\t\r\n\"，,; 甲_x0041ab"), max_size=8)
tables = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5))


@given(tables, st.sampled_from([",", "\t"]))
def test_csv_comes_back_as_it_was(rows: list[list[str]], delimiter: str) -> None:
    text = csv_text([["名"] * max(map(len, rows), default=1), *rows], delimiter)
    assert csv_rows(text, "表", delimiter)[1:] == rows
    for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
        assert not any(cell[:1] in set("=+-@\t\r\n") for cell in row if cell)


def test_numbers_are_no_formulas() -> None:
    assert csv_text([("年", -5)]) == "年,-5\r\n"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_none_changes(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a.{suffix}"
    rows = [[cell, "x"] for cell in HOSTILE]
    if suffix == "csv":
        write_csv(file, ("名", "值"), rows)
    else:
        write_xlsx(file, [("表", ("名", "值"), rows)])
        sheet = openpyxl.load_workbook(file).active
        assert {(cell.data_type, cell.number_format) for row in sheet.iter_rows() for cell in row} == {("s", "@")}
    assert read_rows(file) == [["名", "值"], *rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("名,说明\n甲,一，二，三，四\n", [["名", "说明"], ["甲", "一，二，三，四"]]),
        ("名录\n名;说明\n甲;一,二\n", [["名录"], ["名", "说明"], ["甲", "一,二"]]),
        ("名\t说明\n甲,乙\t二\n", [["名", "说明"], ["甲,乙", "二"]]),
        ("名，说明\n甲，二\n", [["名", "说明"], ["甲", "二"]]),
        ("名\n甲\n", [["名"], ["甲"]]),
    ],
)
def test_the_delimiter_is_found(text: str, rows: list[list[str]]) -> None:
    assert csv_rows(text, "表") == rows


def test_hidden_and_empty_sheets_are_no_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("草稿").append(["别人的话"])
    book["草稿"].sheet_state = "hidden"
    book.create_sheet("正表").append(["名"])
    book.save(tmp_path / "a.xlsx")
    assert read_tables(tmp_path / "a.xlsx") == [[["名"]]]


def test_what_does_not_fit_into_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    name = "xl/worksheets/sheet1.xml"
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    with zipfile.ZipFile(file, "w") as remade:
        for part, data in parts.items():
            remade.writestr(part, data.replace(b"</worksheet>", merged) if part == name else data)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(ReadError, match="100 万格"):
        read_rows(file)


def test_a_cell_far_away_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "远"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ReadError, match="格"):
        read_rows(tmp_path / "a.xlsx")


@pytest.mark.parametrize("left", [10, 200, 2000])
def test_a_damaged_workbook_and_a_missing_file_are_told_apart(tmp_path: Path, left: int) -> None:
    file = tmp_path / "a.xlsx"
    write_xlsx(file, [("表", ("名",), [["甲"]])])
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(ReadError, match="已损坏"):
        read_rows(file)
    with pytest.raises(StorageError, match="打不开"):
        read_rows(tmp_path / "b.xlsx")


@example("_x0000\r")
@given(st.text(st.sampled_from("_x000DF5a\r\x01"), max_size=20))
def test_escapes_of_a_workbook_are_undone(text: str) -> None:
    assert workbooks.unescaped(workbooks.escaped(text)) == text
    assert not set(workbooks.escaped(text)) & {"\r", "\x01"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("编号,版本\n1,甲\n2,水车".encode() + b"\xff\xfe\xff\n3,c\n", "第 3 行“2,水车”之后"),
        ("编号\n水车\n".encode("gb18030") + b"\xff\xff\n", "第 3 行开头"),
    ],
)
def test_damaged_bytes_are_told_with_their_place(tmp_path: Path, data: bytes, where: str) -> None:
    file = tmp_path / "表.csv"
    file.write_bytes(data)
    with pytest.raises(ReadError, match=where):
        read_rows(file)


@pytest.mark.parametrize("piece", [",", "\n", "a\n", "水\n", '"",', "ab,cd\n", '"', "水车,渡口\n"])
def test_what_a_table_takes_is_bounded(piece: str) -> None:
    """A table of up to 2 MB is parsed by the program itself: each byte may become seventy, not more."""
    size = 2**18
    text = piece * (size // len(piece.encode()))
    tracemalloc.start()
    try:
        with suppress(ReadError):
            csv_rows(text, "表")
        assert tracemalloc.get_traced_memory()[1] < 80 * size
    finally:
        tracemalloc.stop()


def test_a_cell_too_long_is_told_in_words() -> None:
    with pytest.raises(ReadError, match="第 2 行：有一格超过 131,072 字"):
        csv_rows(f"甲,乙\n{'水' * 200_000},b\n", "表")


def test_the_same_rows_give_the_same_workbook(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, [("表", ("名", "值"), [["甲&<乙>", "\ufffe尾"]])])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert read_rows(tmp_path / "a.xlsx") == [["名", "值"], ["甲&<乙>", "\ufffe尾"]]


@pytest.mark.parametrize(
    "text", ["_x0041_x0042_", "_x0041\x07", "_x0041", "\x07\x08", "_x005F_", "\uffff_x0041_", "甲\n 乙 "]
)
def test_what_looks_like_a_sign_for_a_character_comes_back(tmp_path: Path, text: str) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("表", ("名",), [[text]])])
    assert read_rows(tmp_path / "a.xlsx")[1] == [text]


def test_rows_beyond_a_sheet_go_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_writing, "MOST_ROWS", 2)
    write_xlsx(tmp_path / "a.xlsx", [("逐处", ("号",), [[str(number)] for number in range(5)]), ("空", (), ())])
    found = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert found.sheetnames == ["逐处", "逐处 2", "逐处 3", "空"]
    assert [[row[0].value for row in found[name].iter_rows()] for name in found.sheetnames[:3]] == [
        ["号", "0", "1"],
        ["号", "2", "3"],
        ["号", "4"],
    ]


def test_a_cell_too_long_for_excel_says_so(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("表", ("名",), [["字" * 40_000]])])
    cell = read_rows(tmp_path / "a.xlsx")[1][0]
    assert len(cell) == workbook_writing.LONGEST_CELL and cell.endswith("字…")
