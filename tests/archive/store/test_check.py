"""Whatever is spoilt behind the library's back is found, named, and there is something to do about it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.model.errors import LibraryDamaged
from archive.model.records import Block, Kind, Picture
from archive.store import Store

PICTURE = Picture(hashlib.sha256(b"PNG").hexdigest(), b"PNG", "image/png")


@pytest.fixture
def full(store: Store, draft: Callable[..., object], file: Callable[..., tuple[Path, str, str]]) -> tuple[Store, str]:
    """A library with one original, one picture and two articles; and the original's SHA-256."""
    path, name, sha256 = file()
    store.accept(path, name, sha256, [draft(), draft()], [], [PICTURE], who="本机")  # type: ignore[list-item]
    return store, sha256


def change(store: Store, statement: str) -> None:
    if store._database.one_file:
        with closing(sqlite3.connect(store.root / "archive.sqlite")) as connection, connection:
            connection.execute(statement)
    else:
        with store._database.writing() as written:
            written.exec_driver_sql(statement)


def codes(store: Store) -> list[str]:
    problems = store.check("本机")
    assert all(problem.message and problem.place and problem.hint for problem in problems)
    return [problem.code for problem in problems]


def test_a_sound_library_has_no_problems(full: tuple[Store, str]) -> None:
    assert codes(full[0]) == []


def test_a_damaged_file_is_found(full: tuple[Store, str]) -> None:
    store, sha256 = full
    file = store.originals.path(sha256)
    file.chmod(0o644)
    file.write_bytes(b"x" * file.stat().st_size)
    assert codes(store) == ["original-damaged"]
    assert store.check("本机")[0].place == str(file)


def test_missing_files_are_found(full: tuple[Store, str]) -> None:
    store, sha256 = full
    store.originals.discard(sha256)
    store.pictures.discard(PICTURE.sha256)
    assert codes(store) == ["original-missing", "picture-missing"]


def test_files_nobody_took_in_are_found(full: tuple[Store, str]) -> None:
    store, sha256 = full
    (store.root / "originals" / "说明.txt").write_text("谁放的？", encoding="utf-8")
    (store.root / "originals" / "00").mkdir()
    (store.root / "originals" / "00" / sha256).write_bytes(store.originals.path(sha256).read_bytes())
    assert codes(store) == ["original-extra", "original-extra"]


def test_a_file_that_cannot_be_read_is_found(full: tuple[Store, str]) -> None:
    store, sha256 = full
    store.originals.discard(sha256)
    store.originals.path(sha256).mkdir()
    assert codes(store) == ["original-unreadable"]


def test_a_changed_text_is_found(full: tuple[Store, str]) -> None:
    change(full[0], "UPDATE versions SET blocks = replace(blocks, '治沙', '治水') WHERE article = 2")
    assert codes(full[0]) == ["text"]
    assert full[0].check("本机")[0].place == "文章 2 第 1 版"


@pytest.mark.sqlite
def test_text_that_is_no_text_any_more_is_found(full: tuple[Store, str]) -> None:
    change(full[0], "UPDATE versions SET blocks = CAST(x'FFFE' AS TEXT) WHERE article = 2")
    assert codes(full[0]) == ["text"]
    with pytest.raises(LibraryDamaged):
        full[0].article("2")


def test_a_text_cut_short_is_reported_on_reading(full: tuple[Store, str]) -> None:
    change(full[0], "UPDATE versions SET blocks = substr(blocks, 1, 20) WHERE article = 2")
    with pytest.raises(LibraryDamaged) as caught:
        full[0].article("2")
    assert caught.value.place == "文章 2 第 1 版"


@pytest.mark.sqlite
def test_an_article_without_its_version_is_found(full: tuple[Store, str]) -> None:
    change(full[0], "UPDATE articles SET version = 5 WHERE key = 1")
    assert codes(full[0]) == ["version-missing", "description"]


@pytest.mark.sqlite
def test_a_reference_into_nothing_is_found(full: tuple[Store, str]) -> None:
    change(full[0], "INSERT INTO pending VALUES (77)")
    assert "reference" in codes(full[0])


def test_a_picture_that_was_never_taken_in_is_found(full: tuple[Store, str]) -> None:
    store = full[0]
    blocks = (Block.plain(Kind.TITLE, "图"), Block(Kind.FIGURE, picture="ab" * 32))
    article = store.article("1")
    store.revise(type(article)(collection="wsz", blocks=blocks, id="1"), [], "加图", "编辑")
    assert codes(store) == ["picture-unknown"]


@pytest.mark.sqlite
def test_a_spoilt_database_is_found(full: tuple[Store, str]) -> None:
    store = full[0]
    store.close()
    file = store.root / "archive.sqlite"
    data = bytearray(file.read_bytes())
    data[4096 : len(data) // 2] = b"\xaa" * (len(data) // 2 - 4096)
    file.write_bytes(data)
    assert "database" in codes(store)
