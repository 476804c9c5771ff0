"""`wenshi backup` and `wenshi restore` with a plan and with a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    Library.create(tmp_path / "清水").close()
    return tmp_path / "清水"


def call(root: Path, *arguments: object) -> int:
    return run(["--library", str(root), *map(str, arguments)])


def test_locked_and_opened_again(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.zip.sealed"
    assert call(root, "backup", file, "--password", "水车") == 0
    assert "重新读过，完好" in capsys.readouterr().err
    assert call(tmp_path / "又", "restore", file) == 17
    assert "加了密码" in capsys.readouterr().err
    assert call(tmp_path / "又", "restore", file, "--password", "水车") == 0


def test_by_the_plan(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "备份"
    folder.mkdir()
    assert call(root, "backup") == 2
    assert call(root, "backup", "--hours", "12") == 2
    assert call(root, "backup", "--plan", folder, "--hours", "12", "--keep", "3,2,1") == 0
    assert "每 12 小时" in capsys.readouterr().err
    assert call(root, "backup") == 0
    assert [each.name.startswith("清水-") for each in folder.iterdir()] == [True]
    assert call(root, "backup", "--plan", "-") == 0
    assert call(root, "backup") == 2


@pytest.mark.parametrize("keep", ["3", "3,2", "a,b,c", "1,2,99999"])
def test_a_rule_that_does_not_do(root: Path, tmp_path: Path, keep: str) -> None:
    assert call(root, "backup", "--plan", tmp_path, "--keep", keep) == 2
