"""Backups that happen: made, read again, kept by a rule, locked, and laid down again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.backups import Backups
from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import NotAllowed, ReadError, StorageError, UsageError
from archive.model.holdings import BackupPlan
from archive.model.records import Article, Block, Collection, Kind
from archive.store import Store

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "清水") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        original = tmp_path / "稿.txt"
        original.write_text("水车", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "水车记"), Block.plain(Kind.PARAGRAPH, "水车在河边。" * 50))
        session.add(original, "稿.txt", [Article(collection="c", blocks=blocks)], [])
        yield made


@pytest.fixture
def backups(library: Library) -> Backups:
    return library.session(LOCAL).upkeep.backups


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "备份"
    made.mkdir()
    return made


def test_only_who_maintains_the_library(library: Library) -> None:
    with pytest.raises(NotAllowed):
        _ = library.session(Actor("1", "读者", Rights.nothing())).upkeep.backups


@pytest.mark.parametrize("password", ["", "水车"])
def test_a_backup_is_laid_down_again(backups: Backups, folder: Path, tmp_path: Path, password: str) -> None:
    file = folder / "a.zip"
    assert backups.make(file, password) == ()
    assert ("水车在河边".encode() in file.read_bytes()) is False
    if password:
        with pytest.raises(ReadError, match="密码"):
            Library.restore(file, tmp_path / "又", "")
        assert not (tmp_path / "又").exists()
    with Library.restore(file, tmp_path / "又", password) as again:
        assert again.session(LOCAL).article("1").title == "水车记"
        assert again.session(LOCAL).check() == ()
    assert [each.name for each in folder.iterdir()] == ["a.zip"]


def test_what_was_written_is_read_again(backups: Backups, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Store.backup

    def spoilt(store: Store, file: Path, password: str = "", *, neutral: bool = False) -> tuple[object, ...]:
        found = real(store, file, password, neutral=neutral)
        file.write_bytes(file.read_bytes().replace("水车".encode(), "木车".encode()))  # the original, as it is
        return found

    monkeypatch.setattr(Store, "backup", spoilt)
    with pytest.raises(ReadError, match="损坏"):
        backups.make(folder / "a.zip")
    condition = backups.condition()
    assert condition.failed is not None and "损坏" in condition.failed.fault
    assert condition.made is None


def test_by_the_plan(backups: Backups, folder: Path) -> None:
    with pytest.raises(UsageError, match="没有安排"):
        backups.make_planned()
    backups.save_plan(BackupPlan(str(folder), 24, 2, 0, 0), "水车")
    assert backups.due()
    start = datetime(2026, 3, 1, 12)
    for day in range(4):
        file, problems = backups.make_planned(start + timedelta(days=day))
        assert file.is_file() and problems == ()
    assert sorted(each.name for each in folder.iterdir()) == [
        "清水-20260303-120000.zip.sealed",
        "清水-20260304-120000.zip.sealed",
    ]
    assert not backups.due()
    assert backups.due(datetime.now(UTC) + timedelta(hours=25))


def test_a_folder_that_is_away_is_told_and_tried_again(backups: Backups, folder: Path) -> None:
    backups.save_plan(BackupPlan(str(folder), 24))
    folder.rmdir()
    with pytest.raises(StorageError):
        backups.make_planned()
    assert backups.condition().failed is not None
    assert not backups.due()
    assert backups.due(datetime.now(UTC) + timedelta(hours=2))
    folder.mkdir()
    backups.make_planned()
    assert backups.condition().failed is None


def test_old_ones_are_called_old(backups: Backups, folder: Path) -> None:
    assert backups.condition().old  # there is none
    backups.make(folder / "a.zip")
    now = datetime.now(UTC)
    assert not backups.condition(now + timedelta(days=20)).old
    assert backups.condition(now + timedelta(days=40)).old
    backups.save_plan(BackupPlan(str(folder), 24))
    assert backups.condition(now + timedelta(days=3)).old
    assert not backups.condition(now + timedelta(days=1)).old


@pytest.mark.parametrize("where", ["", "backups", "没有"])
def test_a_folder_that_does_not_do(library: Library, backups: Backups, where: str) -> None:
    place = library.root / where if where != "没有" else library.root.parent / where
    if where == "backups":
        place.mkdir(exist_ok=True)
    with pytest.raises(UsageError):
        backups.save_plan(BackupPlan(str(place)))


def test_a_download_counts_once_it_is_taken_away(backups: Backups, folder: Path) -> None:
    backups.make(folder / "a.zip", noted=False)
    assert backups.condition().made is None
    backups.handed_out("a.zip")
    assert backups.condition().made is not None
