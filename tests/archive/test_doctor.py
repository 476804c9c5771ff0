"""`wenshi doctor` tells what is wrong with a library, and `--mend` does what is safe."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.dates.version import RULES
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.store import lock

LOCAL = Actor.local()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    original = tmp_path / "a.txt"
    original.write_text("水车", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        articles = [Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))] * 2
        library.session(LOCAL).add(original, original.name, articles, ())
    return tmp_path / "library"


def doctor(root: Path, capfd: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = run(["--library", str(root), "doctor", *options])
    return code, capfd.readouterr().out


def left(root: Path, *, days: float) -> list[Path]:
    """What a killed program leaves: a file half-written, and the folder of a backup."""
    file, folder = root / f".{'0a' * 8}.tmp", root / ".wenshi-backup-abc"
    file.write_bytes(b"half")
    folder.mkdir()
    (folder / "archive.sqlite").write_bytes(b"half")
    for one in (file, folder):
        os.utime(one, (time.time() - days * 86400,) * 2)
    return [file, folder]


def test_11_nothing_is_wrong_with_a_whole_library(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for options in ((), ("--mend",)):
        code, told = doctor(root, capfd, *options)
        assert (code, "有误" in told, str(root) in told) == (0, False, True)


def test_14_dates_of_older_rules_are_told_and_read_again(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalogue.date_service.RULES", RULES + 1)
    code, told = doctor(root, capfd)
    assert (code, "按原来的规则读的" in told, "reindex --dates" in told) == (3, True, True)
    code, told = doctor(root, capfd, "--mend")
    assert (code, told.count("已修好")) == (0, 1)
    assert doctor(root, capfd)[0] == 0


def test_11_what_killed_programs_left_is_told_and_cleared_away(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    old = left(root, days=2)
    code, told = doctor(root, capfd)
    assert (code, told.count("--mend")) == (3, 2)
    assert all(one.exists() for one in old)
    code, told = doctor(root, capfd, "--mend")
    assert (code, told.count("已修好")) == (0, 2)
    assert not any(one.exists() for one in old)
    assert doctor(root, capfd)[0] == 0


def test_11_what_may_still_be_in_use_stays(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    fresh = left(root, days=0.1)
    assert doctor(root, capfd, "--mend")[0] == 0
    assert all(one.exists() for one in fresh)


def test_11_a_rotten_index_is_rebuilt(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Library.open(root) as library:
        literal = library._engine._engine._current().literal  # type: ignore[attr-defined]
        literal.begin(write=True)
        literal.connection.execute("UPDATE texts SET folded = '别的' WHERE key = 1")
        literal.commit()
    code, told = doctor(root, capfd, "--mend")
    assert (code, "已修好" in told) == (0, True)
    with Library.open(root) as again:
        assert again.session(LOCAL).check() == ()
        assert again.session(LOCAL).search(Search(text="水车")).total == 2


def test_11_settings_that_are_gone_are_completed(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "library.toml").unlink()
    code, told = doctor(root, capfd)
    assert (code, "library.toml" in told) == (3, True)
    assert doctor(root, capfd, "--mend")[0] == 0
    with Library.open(root) as library:
        assert len(library.session(LOCAL).listing()) == 2


def test_11_a_damaged_database_is_told_and_left_alone(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.copy(root / "archive.sqlite", root.parent / "kept")
    (root / "archive.sqlite").write_bytes(b"no database" * 1000)
    code, told = doctor(root, capfd, "--mend")
    assert (code, "restore" in told) == (3, True)
    assert (root / "archive.sqlite").read_bytes() == b"no database" * 1000


def test_9_a_clock_that_went_backwards_is_told_and_stops_nothing(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("archive.store.store", "archive.store.lock"):
        monkeypatch.setattr(f"{module}.now", lambda: "2099-01-01T00:00:00Z")
    with Library.open(root) as library:
        library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
    monkeypatch.undo()
    assert lock.now() < "2099"
    with Library.open(root) as library:
        library.session(LOCAL).describe("1", {"关键词": "农事"}, "改")
        assert [one.version for one in library.session(LOCAL).versions("1")] == [1, 2, 3]
        assert library.session(LOCAL).search(Search(text="关键词:农事")).total == 1
        assert library.session(LOCAL).search(Search(text="关键词:水利")).total == 0
        assert library.session(LOCAL).check() == ()


def test_9_a_clock_behind_the_last_record_is_told(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.store.store.now", lambda: "2099-01-01T00:00:00Z")
    with Library.open(root) as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾"))
    monkeypatch.undo()
    code, told = doctor(root, capfd)
    assert (code, "校准" in told) == (3, True)
