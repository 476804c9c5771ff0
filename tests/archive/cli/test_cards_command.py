"""`wenshi cards`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.cards import CardFields
from archive.model.edits import Rewrite
from archive.model.records import Article, Block, Collection, Kind


def test_cards_are_listed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, file = tmp_path / "library", tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(root) as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "清水文史"))
        blocks = (Block.plain(Kind.TITLE, "水车记"), Block.plain(Kind.PARAGRAPH, "轮高五丈，日夜不停。"))
        session.add(file, file.name, [Article(collection="c", blocks=blocks, number=1)], ())
        session.cards.make("1", (1, 2, 4), said=CardFields(classes=("水利",)))
        session.cards.make("1", (1, 5, 9), said=CardFields(note="存疑"))
        session.correct("1", [Rewrite(1, "轮高五丈，日夜不停。", ("轮高三丈，日夜不停。",))], "错字")
    assert run(["--library", str(root), "cards", "--class", "水利"]) == 0
    assert capsys.readouterr().out == "1\t待核\t五丈\t水利\t水车记\n"
    assert run(["--library", str(root), "cards", "存疑", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["condition"], told["text"], told["now"]) == ("随改", "日夜不停", [1, 5, 9])
    assert run(["--library", str(root), "cards", "--condition", "待核", "--to", str(tmp_path / "k.csv")]) == 0
    assert (tmp_path / "k.csv").read_text(encoding="utf-8-sig").count("\n") == 2
    assert run(["--library", str(root), "cards", "--to", str(tmp_path / "k.pdf")]) == 2
    (tmp_path / "t.csv").write_text("编号,类目,日期\n1,器物；水利,民国二年\n", encoding="utf-8")
    assert run(["--library", str(root), "cards", "--take", str(tmp_path / "t.csv")]) == 0
    assert "改了 1 张，新做 0 张" in capsys.readouterr().err
    assert run(["--library", str(root), "cards", "--period", "1913年", "--by-date", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == ["器物", "水利"]
    (tmp_path / "t.csv").write_text("编号,类目\n9,器物\n1,全改\n", encoding="utf-8")
    assert run(["--library", str(root), "cards", "--take", str(tmp_path / "t.csv")]) == 2
    assert "第 2 行：没有第 9 张卡片" in capsys.readouterr().err
    assert run(["--library", str(root), "cards", "--class", "全改"]) == 0
    assert capsys.readouterr().out == ""
