"""`wenshi purge`: what it would take is told first, and nothing is done without a yes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Library.create(tmp_path / "清水") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "集"))
        file = tmp_path / "稿.txt"
        file.write_text("暗语", encoding="utf-8")
        session.add(file, file.name, [Article(collection="c", blocks=(Block.plain(Kind.TITLE, "某某"),))], [])
    return tmp_path / "清水"


def call(root: Path, *arguments: object) -> int:
    return run(["--library", str(root), *map(str, arguments)])


def title(root: Path) -> str:
    with Library.open(root) as library:
        return library.session(Actor.local()).article("1").title


def test_told_asked_and_done(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert call(root, "backup", tmp_path / "a.zip") == 0
    assert call(root, "purge", "1", "--reason", "依规定") != 0  # nobody answers
    assert "1 个版本，0 幅图片，原件 稿.txt" in capsys.readouterr().err
    assert title(root) == "某某"
    assert call(root, "purge", "1", "--reason", "依规定", "--backup", tmp_path / "a.zip", "--yes") == 0
    assert "清除 1 篇" in capsys.readouterr().err
    assert title(root) == "（已清除）"
    assert call(tmp_path / "又", "restore", tmp_path / "a.zip") == 0
    assert title(tmp_path / "又") == "（已清除）"


def test_an_article_that_is_not_there(root: Path) -> None:
    assert call(root, "purge", "77", "--reason", "依规定", "--yes") == 14
