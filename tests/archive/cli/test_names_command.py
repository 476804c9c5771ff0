"""`wenshi names`: listed, suggested from descriptions, taken in row by row, handed out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from archive.catalogue.authority import Authority, Name, NameKind
from archive.catalogue.name_candidates import Candidate, candidates
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind, Person, Role
from archive.support.library_folder import NAMES
from tests.given_names import give

LOCAL = Actor.local()

ROSTER = [["职务", "姓名", "任期"], ["主席", "刘　勇", "1956.6—1958.1"], ["秘书长", "张三", "1956.6—1958.1"]]
ARTICLES = (
    Article(
        collection="a",
        blocks=(Block.plain(Kind.TITLE, "水车"),),
        people=(Person("張三"), Person("县政协文史委员会", Role.SUPPLIER)),
        fields=(("人物", "张　三"), ("人物", "李四"), ("地域", "河湾"), ("关键词", "水利")),
    ),
    Article(
        collection="b",
        genre=Genre.TERM,
        blocks=(
            Block.plain(Kind.TITLE, "政协河湾县委员会　第一届委员会"),
            *(
                Block.plain(Kind.CELL, text, cell=Cell(0, at, column))
                for at, texts in enumerate(ROSTER)
                for column, text in enumerate(texts)
            ),
        ),
    ),
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("原件", encoding="utf-8")
    with Library.create(tmp_path / "library") as opened:
        opened.session(LOCAL).save_collection(Collection("a", "文史"))
        opened.session(LOCAL).save_collection(Collection("b", "组织史"))
        opened.session(LOCAL).add(tmp_path / "a.txt", "a.txt", ARTICLES, ())
    return tmp_path / "library"


def names(library: Path, *arguments: str | Path) -> int:
    return run(["--library", str(library), "names", *map(str, arguments)])


def known(library: Path, table: str) -> None:
    with Library.open(library) as opened:
        give(opened, table)


def test_candidates_come_from_descriptions_and_rosters() -> None:
    found = {one.form: one for one in candidates(ARTICLES, Authority())}
    assert found["张三"] == Candidate(NameKind.PERSON, "张三", 3, (("人物", 1), ("作者", 1), ("任职", 1)))
    assert {one.form: one.kind for one in found.values()} == {
        "张三": NameKind.PERSON,
        "刘勇": NameKind.PERSON,
        "李四": NameKind.PERSON,
        "河湾": NameKind.PLACE,
        "县政协文史委员会": NameKind.BODY,
        "政协河湾县委员会": NameKind.BODY,
    }


def test_names_held_in_any_form_are_no_candidates() -> None:
    held = Authority((Name(NameKind.PERSON, "张子明", ("張三",)),))
    assert "张三" not in {one.form for one in candidates(ARTICLES, held)}


def test_suggestions_are_a_table_to_take_in(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert names(library, "--suggest") == 0
    assert capsys.readouterr().out.splitlines()[0] == "人物\t张三\t\t\t\t人物1，作者1，任职1"
    for suffix in (".csv", ".xlsx"):
        target = tmp_path / f"候选{suffix}"
        assert names(library, "--suggest", "--collection", "a", "--export", target) == 0
        assert names(library, "--import", target, "--dry-run") == 0
        assert "将增加 4 条" in capsys.readouterr().err
    with Library.open(library) as opened:
        assert not opened.session(LOCAL).authority().names


def test_import_changes_and_adds(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(library, "类别,规范名,说明\n人物,张三,船工\n")
    (tmp_path / "n.csv").write_text("类别,规范名,别名\n人物,张三,三爷\n地名,河湾,\n", encoding="utf-8")
    assert names(library, "--import", tmp_path / "n.csv") == 0
    out = capsys.readouterr().out
    assert "· 人物 张三 船工 → 人物 张三 三爷 船工" in out
    assert "+ 地名 河湾" in out
    with Library.open(library) as opened:
        assert opened.session(LOCAL).authority().names == (
            Name(NameKind.PERSON, "张三", ("三爷",), note="船工"),
            Name(NameKind.PLACE, "河湾"),
        )


def test_one_wrong_row_and_nothing_changes(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "n.csv").write_text("类别,规范名\n人物,张三\n人名,李四\n", encoding="utf-8")
    assert names(library, "--import", tmp_path / "n.csv") == 23
    done = capsys.readouterr()
    assert "n.csv 第 3 行：类别“人名”不认识" in done.out
    assert "1 处不能收" in done.err
    with Library.open(library) as opened:
        assert not opened.session(LOCAL).authority().names


def test_listing_tells_what_could_not_be_used(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / NAMES).write_text("类别,规范名,别名\n人物,张三,三爷;老三（字）\n人名,李四,\n", encoding="utf-8")
    assert names(library) == 3
    done = capsys.readouterr()
    assert done.out == "人物\t张三\t三爷；老三（字）\t\t\t\t\t\t1\n"
    assert f"{NAMES} 第 2 行" in done.err
    assert names(library, "--json") == 3
    assert json.loads(capsys.readouterr().out)[0]["别名"] == "三爷；老三（字）"


def test_export_opens_in_excel(library: Path, tmp_path: Path) -> None:
    known(library, "类别,规范名\n人物,张三\n")
    assert names(library, "--export", tmp_path / "n.xlsx") == 0
    assert list(openpyxl.load_workbook(tmp_path / "n.xlsx").active.values)[1][:2] == ("人物", "张三")
    assert names(library, "--export", tmp_path / "n.csv") == 0
    with (tmp_path / "n.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [one["规范名"] for one in csv.DictReader(stream)] == ["张三"]


def test_wrong_calls(library: Path, tmp_path: Path) -> None:
    assert names(library, "--suggest", "--collection", "x") == 14
    assert names(library, "--collection", "a") == 2
    assert names(library, "--dry-run") == 2
    assert names(library, "--import", tmp_path / "n.csv", "--suggest") == 2
    assert names(library, "--import", tmp_path / "absent.csv") == 15


def test_a_record_is_shown_with_its_places(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(library, "类别,规范名,生卒,说明\n地名,河湾县,,县\n人物,刘勇,1900—,主席\n人物,刘勇,1950—,教师\n")
    assert names(library, "--show", "河湾县") == 0
    shown = capsys.readouterr().out
    assert "规范名\t河湾县" in shown and "2\t0\t认得\t政协河湾县委员会" in shown
    assert names(library, "--show", "刘勇") == 2, "there are two"
    assert names(library, "--show", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["生卒"] == "1900—" and [one["standing"] for one in told["mentions"]] == ["待核"]
    assert names(library, "--queue") == 0
    assert capsys.readouterr().out == "刘勇\t1\t2 刘勇 1900—；3 刘勇 1950—\n"
    assert names(library, "--queue", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{"form": "刘勇", "articles": 1, "records": [2, 3]}]


def test_records_are_merged(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(library, "类别,规范名\n人物,张三\n人物,张老三\n")
    assert names(library, "--merge", "张老三", "1") == 2, "without a reason"
    assert names(library, "--merge", "张老三", "1", "--reason", "同一人") == 0
    assert names(library) == 0
    assert "人物\t张三\t张老三" in capsys.readouterr().out
    assert names(library, "--show", "2") == 0
    assert "编号\t1" in capsys.readouterr().out
    assert names(library, "--show", "不在") == 14
    assert names(library, "--show", "1", "--queue") == 2
    assert names(library, "--reason", "某") == 2


def test_a_record_is_removed_and_comes_back(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(library, "类别,规范名\n人物,张三\n")
    assert names(library, "--remove", "张三", "--reason", "重复") == 0
    assert "--restore 1 1" in capsys.readouterr().err
    assert names(library) == 0 and capsys.readouterr().out == ""
    assert names(library, "--restore", "1", "1") == 0
    capsys.readouterr()
    assert names(library) == 0 and "张三" in capsys.readouterr().out


def test_who_is_meant_is_decided_and_taken_back(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(library, "类别,规范名,生卒\n人物,水车,1890—1950\n人物,水车,1920—1990\n")

    def places(*arguments: str) -> list[dict[str, object]]:
        assert run(["--library", str(library), "meant", "水车", *arguments, "--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def done(*arguments: str) -> str:
        assert run(["--library", str(library), "meant", *arguments]) == 0
        return capsys.readouterr().err

    (place,) = places()
    assert (place["standing"], place["record"], place["candidates"]) == ("待核", 0, [1, 2])
    at = str(place["at"])
    assert places("2", "--at", at, "--dry-run") == [place]
    assert "--undo 1" in done("水车", "2", "--at", at, "--reason", "署名")
    assert [(one["standing"], one["record"]) for one in places()] == [("已定", 2)]
    done("水车", "1", "2", "--at", at, "--as", "两可", "--anew")
    assert [one["standing"] for one in places()] == ["两可"]
    done("--undo", "2")
    done("--undo", "1")
    assert places() == [place]
    assert places("1", "--every", "--dry-run") == []  # two characters need a clue
    assert run(["--library", str(library), "meant", "水车", "1", "2", "--every"]) == 2
    assert run(["--library", str(library), "meant"]) == 2
