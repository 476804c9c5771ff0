"""`wenshi scope`, `wenshi searches`, and searching within a scope from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from tests.given_names import give

LOCAL = Actor.local()
TEXTS = ("李明造水车。", "修水渠。", "水车与甘草。")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = tmp_path / "volume.txt"
    file.write_text("原稿", encoding="utf-8")
    articles = [
        Article(collection="c", number=n, blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text)))
        for n, text in enumerate(TEXTS)
    ]
    with Library.create(tmp_path / "library") as library:
        give(library, "类别,规范名\n人物,李明\n")
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "河湾文史"))
        session.add(file, file.name, articles, ())
    return tmp_path / "library"


def wenshi(root: Path, *arguments: str) -> int:
    return run(["--library", str(root), *arguments])


def test_a_scope_from_making_to_removing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wenshi(root, "scope", "add", "水车文", "水车", "--collection", "c") == 0
    assert wenshi(root, "scope", "add", "选定", "--id", "1") == wenshi(root, "scope", "add", "选定", "--id", "2") == 0
    assert wenshi(root, "scope", "add", "现有", "水", "--scope", "水车文", "--fixed") == 0
    capsys.readouterr()
    assert wenshi(root, "scope", "list") == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == ["水车文\t2 篇\t水车；文集：河湾文史", "现有\t2 篇\t选定的文章", "选定\t2 篇\t选定的文章"]
    assert wenshi(root, "search", "甘草", "--scope", "水车文", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["scope"]) == (1, "水车文")
    assert wenshi(root, "search", "甘草", "--scope", "选定") == 0
    assert "工作集“选定”里" in capsys.readouterr().err
    file = root.parent / "书.md"
    assert wenshi(root, "export", "--scope", "水车文", "--query", "甘草", "--to", "md", "-o", str(file)) == 0
    assert "水车与甘草" in file.read_text(encoding="utf-8") and "造水车" not in file.read_text(encoding="utf-8")
    assert wenshi(root, "book", "new", "水车书", "--scope", "水车文") == 0
    assert "2 篇" in capsys.readouterr().out
    assert wenshi(root, "export", "--scope", "水车文", "--id", "1", "--to", "md", "-o", str(file)) == 2
    assert wenshi(root, "scope", "remove", "选定", "--id", "1") == wenshi(root, "scope", "remove", "水车文") == 0
    assert wenshi(root, "search", "甘草", "--scope", "水车文") > 9
    assert "没有工作集“水车文”" in capsys.readouterr().err
    assert wenshi(root, "scope", "add", "两样", "水车", "--id", "1") == 2


def test_what_is_new_in_a_saved_search(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wenshi(root, "searches", "save", "水车", "水车") == 0
    with Library.open(root) as library:
        session = library.session(LOCAL)
        session.correct("2", [Rewrite(1, "修水渠。", ("修水车。",))], "错字")
        session.withdraw("3", "重复")
    capsys.readouterr()
    assert wenshi(root, "searches", "list") == 0
    assert capsys.readouterr().out == "水车\t2 篇\t新增 1 篇，撤下 1 篇\t水车\n"
    assert wenshi(root, "searches", "new", "水车", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"new": ["2"], "changed": [], "withdrawn": ["3"], "lost": []}
    assert wenshi(root, "searches", "new", "水车", "--looked") == 0
    assert capsys.readouterr().out == "新增\t2\t题\n撤下\t3\t题\n"
    assert wenshi(root, "searches", "new", "水车") == wenshi(root, "searches", "remove", "水车") == 0
    assert capsys.readouterr().out == ""


def test_history(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open(root) as library:
        library.session(LOCAL).searches.note(Search(text="水车", scope="某集"), 2)
    assert wenshi(root, "searches", "history") == 0
    assert capsys.readouterr().out.endswith("\t2 篇\t水车；工作集“某集”\n")
    assert wenshi(root, "searches", "history", "--clear", "--stop") == 0
    assert "现在不记" in capsys.readouterr().err


def test_frequencies_and_names(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wenshi(root, "search", "水车", "--frequency", "collection") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["河湾文史\t3\t16\t2\t2\t1250.00", "合计\t3\t16\t2\t2\t1250.00"]
    assert wenshi(root, "search", "水车", "--person", "李明", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["facets"]["person"]) == (1, [{"value": "李明", "label": "李明", "count": 1}])
