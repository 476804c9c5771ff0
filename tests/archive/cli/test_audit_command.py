"""`wenshi audit`: shown, filtered, written to files, compared with an earlier end."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Collection
from archive.support.table_files import read_rows


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Library.create(tmp_path / "清水") as library:
        library.session(Actor.local()).save_collection(Collection("c", "集"))
    return tmp_path / "清水"


def call(root: Path, *arguments: object) -> int:
    return run(["--library", str(root), *map(str, arguments)])


def test_shown_filtered_and_written(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup = tmp_path / "一.zip"
    assert call(root, "backup", backup) == 0
    assert call(root, "audit", "--action", "备份") == 0
    shown = capsys.readouterr().out
    assert "一.zip" in shown and "命令行" in shown and "文集" not in shown
    assert call(root, "audit", "--json", "--until", "2001-01-01") == 0
    assert json.loads(capsys.readouterr().out)["entries"] == []
    for name in ("记录.xlsx", "记录.csv"):
        assert call(root, "audit", "-o", tmp_path / name) == 0
        rows = list(read_rows(tmp_path / name))
        assert "记录到此为止" in str(rows[-1]) and any("文集" in str(row) for row in rows)
    assert call(root, "audit", "--since", "三月一日") == 2


def test_a_cut_tail_shows(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup = tmp_path / "一.zip"
    call(root, "backup", backup)
    capsys.readouterr()
    assert call(root, "audit", "--json") == 0
    end = json.loads(capsys.readouterr().out)["end"]
    assert call(root, "audit", "--against", backup) == call(root, "audit", "--against", end) == 0
    with closing(sqlite3.connect(root / "archive.sqlite")) as connection, connection:
        connection.execute("DELETE FROM audit WHERE action IN ('collection', 'backup')")
    assert call(root, "audit", "--against", backup) == call(root, "audit", "--against", end) == 3
    assert call(root, "audit", "--against", tmp_path / "没有") == 2
