"""CSV and Excel in, from bytes to records of office-holders and back."""

from __future__ import annotations

import csv
import datetime
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from archive.catalogue.roster import row, tenures
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError
from archive.model.records import Genre, Kind
from archive.support.table_files import read_rows
from ingest.pipeline.count_office import workbook
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import Outcome
from ingest.readers.registry import read, recognise
from ingest.readers.spreadsheets import read_xlsx
from ingest.splitting.roster_articles import is_list

LOCAL = Actor.local()

ROWS = [
    ["职务", "姓　名", "任期", "籍贯"],
    ["主席", "刘　勇", "1956.6—1958.1", "朔津"],
    ["", "张三", "1958.1—1959.3", "天津"],
]


def written(file: Path, rows: list[list[str]] = ROWS, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return file


def held(library: Path) -> list[tuple[str, ...]]:
    with Library.open(library) as opened:
        return [row(one)[:10] for article in opened.session(LOCAL).articles() for one in tenures(article)]


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("a.csv", "utf-8-sig", ","),
        ("a.csv", "gb18030", ","),
        ("a.tsv", "utf-8", "\t"),
        ("a.txt", "utf-16", ","),
        ("a", "utf-8", ";"),
    ],
)
def test_csv_is_a_list_of_office_holders(tmp_path: Path, name: str, encoding: str, delimiter: str) -> None:
    file = written(tmp_path / name, encoding=encoding, delimiter=delimiter)
    with Library.create(tmp_path / "library") as library:
        (report,) = ingest(library.session(LOCAL), [file]).files
    assert report.outcome is Outcome.ADDED, report.error
    assert report.articles == 1
    assert [one[2:4] for one in held(tmp_path / "library")] == [("主席", "刘勇"), ("主席", "张三")]


def test_cells_with_line_ends_and_marks_are_kept_and_accounted_for(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", [["姓名", "职务"], ['张\n三, "字"子安', "'=主席"]])
    manuscript = read(file, "a.csv")
    assert [block.text for block in manuscript.blocks] == ["姓名", "职务", '张\n三, "字"子安', "=主席"]
    kept = sum(len("".join(block.text.split())) for block in manuscript.blocks)
    assert manuscript.characters_in == kept + sum(issue.characters for issue in manuscript.issues)


def test_prose_with_commas_is_no_table(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("水车,筏子,皮袄。\n姓名不详,籍贯不详。", encoding="utf-8")
    assert recognise(file, "a.txt").name == "text"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1904.0, "1904"), (0.1, "0.1"), (12345.678, "12345.678"), (1234567.5, "1234567.5"), (87654321.0, "87654321")],
)
def test_numbers_keep_their_digits(tmp_path: Path, value: float, text: str) -> None:
    book = openpyxl.Workbook()
    book.active.append([value])
    book.save(tmp_path / "数.xlsx")
    assert read_rows(tmp_path / "数.xlsx") == [[text]]
    (cell,) = (block for block in read(tmp_path / "数.xlsx", "数.xlsx").blocks if block.cell is not None)
    assert cell.text == text


def test_excel_as_it_is_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["第一届委员会名录"])
    sheet.merge_cells("A1:D1")
    sheet.append(["职务", "姓名", "到任", "离任"])
    sheet.append(["主席", "张　三", datetime.datetime(1956, 6, 1), 1959.1])
    sheet.append([None, "李四", datetime.datetime(1957, 3, 5), None])
    sheet.merge_cells("A3:A4")
    sheet["C3"].number_format, sheet["C4"].number_format, sheet["D3"].number_format = (
        'yyyy"年"m"月"',
        "yyyy/m/d",
        "0.00",
    )
    hidden = book.create_sheet("草稿")
    hidden.append(["别人的话"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "名录.xlsx")
    with Library.create(tmp_path / "library") as library:
        (report,) = ingest(library.session(LOCAL), [tmp_path / "名录.xlsx"]).files
        assert report.outcome is Outcome.ADDED, report.error
        article, drafts = library.session(LOCAL).articles()
    assert article.genre is Genre.TERM
    assert "别人的话" in [block.text for block in drafts.blocks]
    assert article.blocks[1].cell is not None
    assert article.blocks[1].cell.column_span == 4
    assert [one[2:4] + one[8:] for one in held(tmp_path / "library")] == [
        ("主席", "张三", "1956-06", "1959-10"),
        ("主席", "李四", "1957-03-05", ""),
    ]


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    with Library.create(tmp_path / "one") as library:
        ingest(library.session(LOCAL), [written(tmp_path / "a.csv")])
    first = held(tmp_path / "one")
    for name in ("b.csv", "b.xlsx"):
        assert run(["--library", str(tmp_path / "one"), "roster", f"--{name[2:]}", str(tmp_path / name)]) == 0
    with Library.create(tmp_path / "two") as library:
        ingest(library.session(LOCAL), [tmp_path / "b.csv"])
    assert held(tmp_path / "two") == first
    manuscript = read(tmp_path / "b.xlsx", "b.xlsx")
    assert [block.text for block in manuscript.blocks if block.kind is Kind.HEADING] == ["按机构", "按人"]


@pytest.mark.parametrize("broken", ["not", "half"])
def test_damaged_workbook(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "a.xlsx"
    if broken == "half":
        openpyxl.Workbook().save(file)
        file.write_bytes(file.read_bytes()[:-400])
    else:
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("[Content_Types].xml", "<a/>")
            made.writestr("xl/workbook.xml", "<not-a-workbook/>")
    with pytest.raises(ReadError) as caught:
        read(file, "a.xlsx")
    assert caught.value.hint


def test_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<a/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(ReadError, match="压缩炸弹"):
        read(file, "a.xlsx")


def test_what_stands_beside_the_cells_is_text(tmp_path: Path) -> None:
    """Text boxes, titles of charts and what is printed above each page; the list stays one of office-holders."""
    plain, file = tmp_path / "表.xlsx", tmp_path / "名录.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (["姓名", "职务"], ["周大河", "县长"]):
        sheet.append(cells)
    sheet["A2"].comment = Comment("又名周大和", "编者")
    sheet.oddHeader.center.text, sheet.oddFooter.left.text = "县&B政协", "&P 页"
    chart = BarChart()
    chart.title = "历年人数"
    chart.add_data(Reference(sheet, 1, 1, 2, 2))
    sheet.add_chart(chart)
    book.save(plain)
    box = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>框里</a:t></a:r><a:r><a:t>的字</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as made:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("drawings/drawing1.xml"):
                spaces = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="a"'
                data = re.sub(rb"(</(?:\w+:)?wsDr>)", f"<g {spaces}>{box}</g>".encode() + rb"\1", data)
            made.writestr(name, data)
    manuscript = read_xlsx(file, file.name)
    beside = [(block.kind, block.text) for block in manuscript.blocks if block.cell is None]
    assert beside == [
        (Kind.NOTE, "又名周大和"),
        (Kind.PARAGRAPH, "框里的字"),
        (Kind.PARAGRAPH, "历年人数"),
        (Kind.HEADER, "县 政协"),
        (Kind.FOOTER, "页"),
    ]
    assert is_list(manuscript)
    (counted,) = workbook(file)
    assert "框里的字" in "".join(counted.texts.values())
