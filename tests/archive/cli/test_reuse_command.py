"""`wenshi reuse` and `wenshi compile`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind

TEXT = "民国二十三年春，县长王德全召集四乡绅士，议修河堤。自杏园堡至官渡口，凡十二里，费银三千余元。"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (file := tmp_path / "a.txt").write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        texts = (TEXT, TEXT, "民国二十四年，又修河堤。")
        blocks = [
            (Block.plain(Kind.TITLE, f"篇{at}"), Block.plain(Kind.PARAGRAPH, one)) for at, one in enumerate(texts)
        ]
        drafts = [Article(collection="c", number=at, blocks=one) for at, one in enumerate(blocks, 1)]
        session.add(file, file.name, drafts, ())
        session.scopes.save("一篇", articles=["1", "3"])
    return tmp_path / "library"


def test_chains_are_listed_and_written(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--library", str(root), "reuse"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("1\t") and "篇0（1）、篇1（2）" in told.out and "3 篇" in told.err and "1 串" in told.err
    assert run(["--library", str(root), "reuse", "--json", "--limit", "1"]) == 0
    assert [one["article"] for one in json.loads(capsys.readouterr().out)["nodes"][0]] == ["1", "2"]
    assert run(["--library", str(root), "reuse", "--scope", "一篇", "--again"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["--library", str(root), "reuse", "--formulas"]) == 0
    assert run(["--library", str(root), "reuse", "--to", str(tmp_path / "t.csv")]) == 0
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").count("王德全") == 2
    assert run(["--library", str(root), "reuse", "--to", str(tmp_path / "t.pdf")]) == 2


def test_a_compilation_by_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--library", str(root), "compile"]
    assert run([*command, "水利", "--new", "--heading", "河工", "--query", "河堤", "--together"]) == 0
    assert "放进去 3 张，现有 3 张" in capsys.readouterr().err
    assert run([*command, "水利", "--card", "1", "--query", "王德全"]) == 0
    assert "放进去 0 张" in capsys.readouterr().err
    assert run(command) == 0
    assert capsys.readouterr().out == "水利\t1 个篇目\t1 件事\t3 张卡片\n"
    assert run([*command, "水利", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["heading"] == "河工" and len(told["accounts"]) == 3 and "民国二十四年" in str(told["differing"]["date"])
    for suffix in (".docx", ".xlsx", ".md"):
        assert run([*command, "水利", "--to", str(tmp_path / f"k{suffix}")]) == 0
    assert "又修河堤" in (tmp_path / "k.md").read_text(encoding="utf-8")
    assert run([*command, "水利", "--project", "水利书"]) == 0
    capsys.readouterr()
    assert run([*command, "水利", "--card", "99"]) == 14 and run([*command, "没有"]) == 14
    assert run([*command, "水利", "--to", str(tmp_path / "k.xyz")]) == 2


def test_headings_and_events_by_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--library", str(root), "compilation"]

    def done(*arguments: str, code: int = 0) -> str:
        assert run([*command, *arguments]) == code, capsys.readouterr().err
        return capsys.readouterr().out

    def heads() -> list[tuple[str, int]]:
        told = map(json.loads, done("show", "水利", "--json").splitlines())
        return [(one["heading"]["title"], one["heading"]["level"]) for one in told if one["heading"]]

    def events() -> dict[int, list[int]]:
        told = map(json.loads, done("show", "水利", "--json").splitlines())
        return {each["key"]: each["cards"] for one in told for each in one["events"]}

    assert run(["--library", str(root), "compile", "水利", "--new", "--query", "河堤"]) == 0
    done("heading", "水利", "河工")
    done("heading", "水利", "民国", "--under", "河工")
    done("heading", "水利", "人物")
    done("rename", "水利", "人物", "人")
    done("move", "水利", "人", "上移")
    assert heads() == [("人", 1), ("河工", 1), ("民国", 2)]
    done("move", "水利", "#2", "升级")
    done("move", "水利", "民国", "上移", "--times", "2")
    assert heads() == [("民国", 1), ("人", 1), ("河工", 1)]
    assert run([*command, "rename", "水利", "没有", "x"]) == 14
    capsys.readouterr()
    done("event", "水利", "1", "--under", "民国", "--title", "修堤", "--date", "1934年3月", "--doubtful")
    done("join", "水利", "1", "2")
    assert sorted(events()[1]) == [1, 2]
    done("event", "水利", "1", "--part", "2", "--certain")
    done("remark", "水利", "1", "取第一说", "--kind", "考异")
    shown = done("show", "水利")
    assert "1\t考异\t取第一说" in shown and "1934年3月　修堤" in shown and "存疑" not in shown
    done("remark", "水利", "1", "--remove", "1")
    assert "考异" not in done("show", "水利")
    done("order", "水利", "hand")
    first = list(events())
    done("event", "水利", str(first[-1]), "--up")
    done("take-out", "水利", str(first[-1]))
    assert len(events()) == len(first) - 1
    done("drop", "水利", "民国")
    assert heads() == [("人", 1), ("河工", 1)]
    done("make", "水利", "大事记", "c")
    done("make", "水利", "大事记", "c", code=2)
    done("remove", "水利")
    assert run(["--library", str(root), "compile", "水利"]) != 0
