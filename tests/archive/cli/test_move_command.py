"""`wenshi move` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.records import Article, Block, Collection, Kind


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (file := tmp_path / "a.txt").write_text("水车", encoding="utf-8")
    with Library.create(tmp_path / "清水") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        session.add(file, file.name, [Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))], ())
        session.accounts.add("wang", "王编辑", [Holding(AccountRole.EDITOR)])
    return tmp_path / "清水"


def test_moved_and_told(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--library", str(root), "move", "--to", str(tmp_path / "新")]) == 0
    assert "1 篇" in capsys.readouterr().err
    assert run(["--library", str(root), "move", "--to", str(tmp_path / "新")]) == 11
    assert "不是空的" in capsys.readouterr().err
    assert run(["--library", str(tmp_path / "新"), "search", "水车"]) == 0


def test_only_who_maintains_the_library(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--library", str(root), "--as", "wang", "move", "--to", str(tmp_path / "新")]) == 24
    assert capsys.readouterr().err and not (tmp_path / "新").exists()
