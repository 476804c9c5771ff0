"""`wenshi token`: made, listed, ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library


def test_from_the_first_day_to_the_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "library"
    with Library.create(folder):
        pass

    def call(*arguments: str) -> tuple[int, str]:
        return run(["--library", str(folder), "token", *arguments]), capsys.readouterr().out.strip()

    code, secret = call("add", "统计", "--scope", "compile", "--days", "3")
    assert code == 0
    with Library.open(folder) as library:
        assert library.holder(secret) is not None
    (one,) = json.loads(call("list", "--json")[1])
    assert one["name"] == "统计" and one["scopes"] == ["read", "compile"] and one["seen"] and secret not in str(one)
    assert one["id"] in call("list")[1]
    assert call("end", one["id"])[0] == 0
    with Library.open(folder) as library:
        assert library.holder(secret) is None
    assert call("end", one["id"])[0] != 0
    assert call("add", "统计", "--user", "nobody")[0] != 0
