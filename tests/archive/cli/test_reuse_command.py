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
