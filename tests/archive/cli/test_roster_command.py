"""`wenshi roster` and its sheets."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from archive.catalogue.roster import HEADER
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind

LOCAL = Actor.local()

ROWS = [
    ["职务", "姓名", "任期", "备注"],
    ["主席", "刘　勇", "1956.6—1958.1", "=1+1"],
    ["主席", "張三", "1958.1—1959.3", ""],
    ["秘书长", "张三", "1956.6—1958.1", ""],
    ["顾问", "空缺", "", ""],
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roster")
    original = folder / "a.txt"
    original.write_text("原件", encoding="utf-8")
    cells = [
        Block.plain(Kind.CELL, text, cell=Cell(0, at, column))
        for at, texts in enumerate(ROWS)
        for column, text in enumerate(texts)
    ]
    title = Block.plain(Kind.TITLE, "政协河湾县委员会　第一届委员会")
    with Library.create(folder / "library") as opened:
        opened.session(LOCAL).save_collection(Collection("z", "组织史"))
        opened.session(LOCAL).add(
            original, "a.txt", [Article(collection="z", genre=Genre.TERM, blocks=(title, *cells))], ()
        )
    return folder / "library"


def rows(library: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert run(["--library", str(library), "roster", "--json", *arguments]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def test_all_records(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(library, capsys)
    assert [tuple(one) for one in found] == [HEADER] * 4
    assert [one["姓名"] for one in found] == ["刘勇", "張三", "张三", ""]


def test_one_person_in_either_script_by_time(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["职务"] for one in rows(library, capsys, "--person", "张三")] == ["秘书长", "主席"]
    assert [one["职务"] for one in rows(library, capsys, "--person", "劉 勇")] == ["主席"]


def test_filters(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(library, capsys, "--body", "人民政府") == []
    assert len(rows(library, capsys, "--body", "河湾", "--collection", "z")) == 4
    assert [one["存疑"] for one in rows(library, capsys, "--doubtful")] == ["没有姓名"]


def test_unknown_collection_is_no_empty_list(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--library", str(library), "roster", "--collection", "x"]) == 14


def test_lines_on_the_screen(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--library", str(library), "roster"]) == 0
    done = capsys.readouterr()
    assert done.out.splitlines()[0].split("\t")[:4] == ["政协河湾县委员会", "第一届", "主席", "刘勇"]
    assert "4 条，其中 1 条存疑" in done.err


def test_csv_opens_in_excel(library: Path, tmp_path: Path) -> None:
    assert run(["--library", str(library), "roster", "--csv", str(tmp_path / "r.csv")]) == 0
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert found[0]["到任"] == "1956-06"
    assert found[0]["备注"] == "'=1+1"  # no formula


def test_excel_has_a_sheet_by_body_and_one_by_person(library: Path, tmp_path: Path) -> None:
    assert run(["--library", str(library), "roster", "--xlsx", str(tmp_path / "r.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["按机构", "按人"]
    body, people = (list(sheet.values) for sheet in book)
    assert body[0] == HEADER
    assert (body[1][3], body[1][10], book["按机构"]["K2"].data_type) == ("刘勇", "=1+1", "s")
    assert [one[0] for one in people[1:]] == ["刘勇", "张三", "張三"]


def test_file_that_cannot_be_written(library: Path, tmp_path: Path) -> None:
    for option in ("--csv", "--xlsx"):
        assert run(["--library", str(library), "roster", option, str(tmp_path / "none" / "r")]) == 15
