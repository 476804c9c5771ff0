"""Whether the parts of the program answer, asked without signing in."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.library import Library
from archive.model.errors import EngineAway, StorageError
from web.app import create_app


def test_all_parts_answer_whoever_asks(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        answer = create_app(library, locked=True).test_client().get("/health")
        assert answer.status_code == 200
        assert answer.json == {"store": True, "search": True, "files": True}
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["store", "search", "files"])
def test_a_part_that_is_away_is_named(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> object:
        raise EngineAway("连不上") if part == "search" else StorageError("磁盘坏了")

    with Library.create(tmp_path / "library") as library:
        if part == "search":
            monkeypatch.setattr(library._engine, "state", refused)
        elif part == "files":
            monkeypatch.setattr(library._store.originals, "require", refused)
        else:
            monkeypatch.setattr(library._store, "count", refused)
        answer = create_app(library).test_client().get("/health")
        assert answer.status_code == 503
        assert answer.json == {"store": True, "search": True, "files": True} | {part: False}
