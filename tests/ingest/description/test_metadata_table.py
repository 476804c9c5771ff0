"""Descriptions as a table: out, corrected, checked row by row, and in again, all or none."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from archive.cli import main
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError, Conflict, NotFound, ReadError, StorageError
from archive.model.records import Article, Block, Collection, Declared, FieldKind, Kind, Person, Role
from ingest.cli.metadata_command import metadata
from ingest.description.metadata_table import check_table, export_table, read_table, take_in
from ingest.pipeline.importer import ingest
from ingest.pipeline.sources import plan

LOCAL = Actor.local()

DECLARED = (
    Declared("案号", FieldKind.NUMBER, required=True),
    Declared("办复", FieldKind.CHOICE, ("已办复", "未办复")),
)
Edit = Callable[[list[dict[str, str]]], None]


def article(title: str, **values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, "光绪三十年造水车。"))
    return Article(**{"collection": "ta", "blocks": blocks, **values})  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("ta", "提案", fields=DECLARED))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        drafts = [
            article("水车", people=(Person("甲"), Person("乙", Role.RECORDER)), fields=(("案号", "007"),)),
            article("=渡口", fields=(("案号", "8"), ("提要", "第一行\n第二行"), ("licence", "CC0"))),
        ]
        made.session(LOCAL).add(file, "a.txt", drafts, ())
        yield made


@pytest.fixture
def edited(library: Library, tmp_path: Path) -> Callable[[Edit], list[list[str]]]:
    """The table as exported, after somebody has changed it in a program that writes GB18030."""

    def make(edit: Edit) -> list[list[str]]:
        file = tmp_path / "表.csv"
        export_table(library.session(LOCAL), "ta", file)
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        edit(rows)
        with file.open("w", encoding="gb18030", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return read_table(file)

    return make


class TestOut:
    @pytest.mark.parametrize("suffix", ["csv", "xlsx"])
    def test_what_goes_out_comes_back_as_no_change(self, library: Library, tmp_path: Path, suffix: str) -> None:
        file = tmp_path / f"表.{suffix}"
        assert export_table(library.session(LOCAL), "ta", file) == 2
        rows = read_table(file)
        assert rows[0][:4] == ["编号", "版本", "文集", "题名"]
        assert rows[0][-3:] == ["案号", "办复", "licence"]
        assert rows[1][rows[0].index("案号")] == "007"
        assert rows[2][3] == "=渡口"
        intake = check_table(library.session(LOCAL), rows)
        assert (intake.rows, intake.changes, intake.faults) == (2, (), ())
        assert take_in(library.session(LOCAL), intake) == ()

    def test_nothing_runs_as_a_formula(self, library: Library, tmp_path: Path) -> None:
        export_table(library.session(LOCAL), "ta", tmp_path / "表.csv")
        assert b"'=" in (tmp_path / "表.csv").read_bytes()
        export_table(library.session(LOCAL), "ta", tmp_path / "表.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "表.xlsx").active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}

    def test_places_that_are_not_there(self, library: Library, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            export_table(library.session(LOCAL), "无", tmp_path / "表.csv")
        with pytest.raises(StorageError):
            export_table(library.session(LOCAL), "ta", tmp_path / "无" / "表.csv")
        with pytest.raises(StorageError):
            read_table(tmp_path / "无.csv")

    def test_a_table_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "表.csv").write_text("姓名,职务\n甲,主席\n", encoding="utf-8")
        with pytest.raises(ReadError, match="没有“编号”一栏"):
            read_table(tmp_path / "表.csv")


class TestIn:
    def test_corrections_are_taken_in(self, library: Library, edited: Callable[[Edit], list[list[str]]]) -> None:
        def edit(rows: list[dict[str, str]]) -> None:
            rows[0] |= {"作者": "甲；丙", "整理者": "", "办复": "已办复", "成文日期": "1985-03", "关键词": "𠮷；水利"}

        intake = check_table(library.session(LOCAL), edited(edit))
        assert intake.faults == ()
        assert [(change.field, change.before, change.after) for change in intake.changes] == [
            ("作者", "甲", "甲；丙"),
            ("整理者", "乙", ""),
            ("成文日期", "", "1985-03"),
            ("关键词", "", "𠮷；水利"),
            ("办复", "", "已办复"),
        ]
        (made,) = take_in(library.session(LOCAL), intake)
        assert (made.version, [person.name for person in made.people]) == (2, ["甲", "丙"])
        assert library.session(LOCAL).versions("1")[1].reason == "由表格导入著录"
        assert library.session(LOCAL).article("2").version == 1

    @pytest.mark.parametrize(
        ("row", "cells", "fault"),
        [
            (0, {"编号": "99"}, (2, "编号", "没有编号为“99”的文章")),
            (1, {"编号": "1"}, (3, "编号", "1 与第 2 行重复")),
            (0, {"办复": "快了"}, (2, "办复", "“办复”不能是“快了”")),
            (0, {"案号": ""}, (2, "案号", "“案号”不能为空")),
            (1, {"成文日期": "很久以前"}, (3, "成文日期", "“成文日期”看不懂")),
            (0, {"文集": "别的"}, (2, "文集", "这篇文章属于 ta")),
            (0, {"题名": "新", "版本": "9"}, (2, "版本", "导出的是第 9 版，现在是第 1 版")),
        ],
    )
    def test_one_wrong_row_holds_all_back(
        self,
        library: Library,
        edited: Callable[[Edit], list[list[str]]],
        row: int,
        cells: dict[str, str],
        fault: tuple[int, str, str],
    ) -> None:
        def edit(rows: list[dict[str, str]]) -> None:
            rows[1 - row]["栏目"] = "工商"
            rows[row] |= cells

        intake = check_table(library.session(LOCAL), edited(edit))
        (found,) = intake.faults
        assert (found.row, found.column) == fault[:2]
        assert found.message.startswith(fault[2])

    def test_without_its_versions_a_table_is_refused(
        self, library: Library, edited: Callable[[Edit], list[list[str]]]
    ) -> None:
        def edit(rows: list[dict[str, str]]) -> None:
            rows[0]["题名"] = "筒车"
            for row in rows:
                del row["版本"]

        intake = check_table(library.session(LOCAL), edited(edit))
        assert ("版本", 1) in {(fault.column, fault.row) for fault in intake.faults}

    def test_columns_nobody_knows_and_columns_left_out(self, library: Library) -> None:
        rows = [["编号", "版本", "职务", "栏目", "栏目"], ["1", "1", "主席", "", ""], ["2", "1", "秘书长", "", ""]]
        faults = check_table(library.session(LOCAL), rows).faults
        assert [(fault.row, fault.column) for fault in faults] == [(1, "栏目"), (2, "职务")]
        wrong = [["编号", "版本", "办复"], ["1", "1", "快了"], ["2", "1", "快了"]]
        assert [fault.row for fault in check_table(library.session(LOCAL), wrong).faults] == [2, 3]
        assert [fault.column for fault in check_table(library.session(LOCAL), [["编号"], ["1"]]).faults] == ["版本"]
        intake = check_table(library.session(LOCAL), [["编号", "版本", "栏目"], ["1", "1", "工商"], ["", "", ""]])
        assert [change.field for change in intake.changes] == ["栏目"]

    @pytest.mark.parametrize("version", ["1", "1.0", "１", "第1版", " 1 "])
    def test_a_version_however_it_is_set(self, library: Library, version: str) -> None:
        rows = [["编号", "版本", "栏目"], ["1", version, "工商"]]
        assert not check_table(library.session(LOCAL), rows).faults

    @pytest.mark.parametrize(("version", "message"), [("", "没有版本号"), ("1月1日", "“1月1日”不是版本号")])
    def test_a_version_that_is_none(self, library: Library, version: str, message: str) -> None:
        rows = [["编号", "版本", "栏目"], ["1", version, "工商"]]
        (fault,) = check_table(library.session(LOCAL), rows).faults
        assert (fault.row, fault.column) == (2, "版本")
        assert fault.message.startswith(f"{message}：请照导出的表填回")

    def test_a_table_without_versions_is_told_once(self, library: Library) -> None:
        rows = [["编号", "栏目"], ["1", "工商"], ["2", "教育"]]
        assert [(one.row, one.column) for one in check_table(library.session(LOCAL), rows).faults] == [(1, "版本")]

    def test_padded_names_of_columns(self, library: Library, tmp_path: Path) -> None:
        file = tmp_path / "表.csv"
        file.write_text("编　号,“版本”,栏目\n1,1,工商\n", encoding="utf-8")
        assert not check_table(library.session(LOCAL), read_table(file)).faults

    def test_somebody_was_quicker(self, library: Library, edited: Callable[[Edit], list[list[str]]]) -> None:
        intake = check_table(library.session(LOCAL), edited(lambda rows: rows[0].update(栏目="工商")))
        library.session(LOCAL).describe("1", {"栏目": "文教"}, "别人改的")
        with pytest.raises(Conflict):
            take_in(library.session(LOCAL), intake)
        assert library.session(LOCAL).article("1").section == "文教"
        (fault,) = check_table(
            library.session(LOCAL), edited(lambda rows: rows[0].update(栏目="工商", 版本="1"))
        ).faults
        assert "已有人改过" in fault.message

    def test_dates_and_numbers_typed_in_excel(self, library: Library, tmp_path: Path) -> None:
        import datetime

        book = openpyxl.Workbook()
        book.active.append(["编号", "版本", "成文日期", "案号"])
        book.active.append([1, 1, datetime.date(1985, 3, 2), 12])
        book.save(tmp_path / "表.xlsx")
        intake = check_table(library.session(LOCAL), read_table(tmp_path / "表.xlsx"))
        assert [change.after for change in intake.changes] == ["1985年3月2日", "12"]


class TestCommands:
    @pytest.fixture
    def root(self, library: Library) -> list[str]:
        if "metadata" not in main.cli.commands:
            main.cli.add_command(metadata)
        return ["--library", str(library.root), "metadata"]

    def test_out_and_in(self, root: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "表.csv"
        assert main.run([*root, "export", "--collection", "ta", "-o", str(file)]) == 0
        text = file.read_text(encoding="utf-8-sig").replace("水车", "水车记")
        file.write_text(text, encoding="utf-8")
        assert main.run([*root, "import", str(file), "--dry-run"]) == 0
        assert "题名：水车 → 水车记" in capsys.readouterr().out
        assert main.run([*root, "import", str(file), "--dry-run", "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["changed"], [change["after"] for change in report["changes"]]) == (0, ["水车记"])
        assert main.run([*root, "import", str(file), "--reason", "核对"]) == 0
        assert main.run([*root, "import", str(file)]) == 0
        assert "没有要改的" in capsys.readouterr().err

    def test_faults_are_listed_and_nothing_changes(
        self, root: list[str], tmp_path: Path, library: Library, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "表.csv"
        file.write_text("编号,版本,栏目,办复\n1,1,工商,快了\n2,1,工商,\n", encoding="utf-8")
        assert main.run([*root, "import", str(file)]) == 23
        out, err = capsys.readouterr()
        assert "✗ 第 2 行“办复”：“办复”不能是“快了”。可选：已办复、未办复" in out
        assert "什么也没有改动" in err
        assert [one.section for one in library.session(LOCAL).articles()] == ["", ""]

    def test_check(self, root: list[str], library: Library, capsys: pytest.CaptureFixture[str]) -> None:
        assert main.run([*root, "check"]) == 0
        library.session(LOCAL).save_collection(
            Collection("ta", "提案", fields=(*DECLARED, Declared("类别", required=True)))
        )
        assert main.run([*root, "check", "--collection", "ta"]) == 3
        assert capsys.readouterr().out.count("“类别”不能为空") == 2

    def test_declare(self, root: list[str], library: Library, tmp_path: Path) -> None:
        (tmp_path / "collection.toml").write_text(
            'id = "ta"\ntitle = "别的题名"\n[[field]]\nname = "采用"\nchoices = ["是", "否"]\n', encoding="utf-8"
        )
        assert main.run([*root, "declare", str(tmp_path)]) == 0
        held = library.session(LOCAL).collection("ta")
        assert (held.title, held.fields) == ("提案", (Declared("采用", FieldKind.CHOICE, ("是", "否")),))
        assert main.run([*root, "declare", str(tmp_path / "无.toml")]) == 15


class TestDeclared:
    def described(self, tmp_path: Path, words: str) -> Path:
        (tmp_path / "稿").mkdir()
        (tmp_path / "稿" / "collection.toml").write_text('id = "ta2"\n' + words, encoding="utf-8")
        return tmp_path / "稿"

    def test_a_collection_brings_its_fields(self, library: Library, tmp_path: Path) -> None:
        folder = self.described(
            tmp_path,
            '[[field]]\nname = "案号"\nkind = "number"\nrequired = true\n'
            '[[field]]\nname = "承办单位"\nrepeatable = true\n',
        )
        lines = [
            {"title": "甲", "text": "文", "案号": "12"},
            {"title": "乙", "text": "文", "案号": "十二"},
            {"title": "丙", "text": "文"},
        ]
        (folder / "提案.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        report = ingest(library.session(LOCAL), [folder])
        assert library.session(LOCAL).collection("ta2").fields == (
            Declared("案号", FieldKind.NUMBER, required=True),
            Declared("承办单位", repeatable=True),
        )
        issues = [(issue.place, issue.message) for issue in report.files[0].issues if issue.code == "field"]
        assert [place for place, _ in issues] == ["《乙》", "《丙》"]
        assert "应是数字" in issues[0][1]
        (renamed,) = plan([folder], "别的")
        assert [one.name for one in renamed.collection.fields] == ["案号", "承办单位"]

    @pytest.mark.parametrize(
        "words",
        [
            "field = 3",
            "[[field]]\nkind = 'text'",
            "[[field]]\nname = '案号'\nkind = 'money'",
            "[[field]]\nname = '案号'\nkind = 'choice'",
            "[[field]]\nname = '案号'\nkind = 'text'\nchoices = ['甲']",
            "[[field]]\nname = '案号'\nrequired = 'yes'",
            "[[field]]\nname = '案号'\nneeded = true",
            "[[field]]\nname = '作者'",
            "[[field]]\nname = '案：号'",
            "[[field]]\nname = '案号'\n[[field]]\nname = '案号'",
        ],
    )
    def test_bad_declarations(self, tmp_path: Path, words: str) -> None:
        folder = self.described(tmp_path, words)
        with pytest.raises(ConfigError, match="写得不对") as caught:
            plan([folder])
        assert caught.value.hint
