"""Descriptions changed outside the program are found; an upgrade of it changes no seal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.model.records import Status
from archive.store import Store, seals
from archive.store.schema import articles, versions

SEAL = "617f72a4f909f2279dbb3595aee14d8c7e7f43edbe3222128329b83fb91189d1"


@pytest.fixture
def held(store: Store, draft: Callable[..., object], file: Callable[..., tuple[Path, str, str]]) -> Store:
    store.accept(*file(), [draft(), draft()], [], [], "本机")  # type: ignore[list-item]
    return store


def change(store: Store, statement: str) -> None:
    if store._database.one_file:
        with closing(sqlite3.connect(store.root / "archive.sqlite")) as connection, connection:
            connection.execute(statement)
    else:
        with store._database.writing() as written:
            written.exec_driver_sql(statement)


def faults(store: Store) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in store.check("本机")]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE versions SET source = '别处' WHERE article = 2", "文章 2 第 1 版"),
        ('UPDATE versions SET people = \'[["某人","author"]]\' WHERE article = 2', "文章 2 第 1 版"),
        ("UPDATE versions SET date_start = 2400000 WHERE article = 2", "文章 2 第 1 版"),
        ("UPDATE versions SET who = '别人' WHERE article = 2", "文章 2 第 1 版"),
        ("UPDATE articles SET access = '受限' WHERE key = 1", "文章 1"),
        ("UPDATE articles SET status = '初审' WHERE key = 1", "文章 1"),
        ("UPDATE articles SET number = 77 WHERE key = 1", "文章 1"),
    ],
)
def test_a_description_changed_outside_is_named(held: Store, statement: str, place: str) -> None:
    assert faults(held) == []
    change(held, statement)
    assert faults(held) == [("description", place)]


def test_what_the_program_changes_is_sealed_with_it(held: Store) -> None:
    held.revise(held.article("1"), [], "改", "编辑")
    held.set_status("2", Status.WITHDRAWN, "重复", "编辑")
    (came,) = held.imports()
    undone = held.bulk_changes.undo_import(came.key, "编辑")
    assert faults(held) == []
    held.bulk_changes.take_back(undone.key, "编辑")
    held.purge("1", "管理员", "清除")
    assert faults(held) == []


def test_backup_and_restore_tell_of_it(held: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert held.backup(tmp_path / "sound.zip") == ()
    change(held, "UPDATE versions SET source = '别处' WHERE article = 2")
    (told,) = held.backup(tmp_path / "altered.zip")
    assert (told.code, told.place) == ("description", "文章 2 第 1 版")
    Store.restore(tmp_path / "sound.zip", tmp_path / "first").close()
    assert not caplog.records
    Store.restore(tmp_path / "altered.zip", tmp_path / "second").close()
    assert "文章 2 第 1 版" in caplog.text


def test_a_seal_is_what_it_was_in_earlier_versions_of_the_program() -> None:
    row = {"id": "12", "version": 3, "collection": "wsz", "number": 7, "status": "发布", "access": "公开"}
    assert seals.seal(seals.OF_ARTICLE, row) == SEAL
    assert seals.seal((*seals.OF_ARTICLE, "later"), row | {"later": ""}) == SEAL, "an empty new column changes nothing"


def test_every_column_of_a_description_is_sealed() -> None:
    """A column added later is sealed, or stands here with its reason."""
    unsealed = {column.name for column in versions.columns} - set(seals.OF_VERSION)
    assert unsealed == {"article", "version", "seal", "blocks", "digest"}, "keys, and a text, which has its digest"
    assert {column.name for column in articles.columns} - set(seals.OF_ARTICLE) == {"key", "import_key", "seal"}
