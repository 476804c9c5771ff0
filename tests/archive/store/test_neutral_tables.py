"""Tables as JSON Lines: the same contents give the same bytes, and what is read back is what was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from archive.model.date_decisions import Decision
from archive.model.errors import LibraryDamaged, ReadError
from archive.store import Store, schema
from archive.store.database import Database
from archive.store.neutral_tables import CONTENTS, Contents, compare, fill, intact, read_contents, write_tables
from archive.store.sqlite_database import SqliteDatabase
from archive.store.upgrade import REVISION, bring_up_to_date

_ODD = "引“号”\\\n\t\u2028\x85𠮷野 %s :name {0} ''"


def _written(database: Database, folder: Path) -> Contents:
    with database.reading() as connection:
        return write_tables(database, connection, folder)


@pytest.fixture
def full(store: Store, draft: Callable[..., object], file: Callable[..., tuple[Path, str, str]]) -> Store:
    store.accept(*file(), [draft(text=_ODD), draft()], [], [], "本机")  # type: ignore[list-item]
    for _ in range(3):
        store.decide("1", Decision(1, 0, "引", "", "", None, "不是"), [], "本机")
    store.undecide("1", 3, [], "本机")
    return store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[SqliteDatabase]:
    with closing(SqliteDatabase(tmp_path / "other.sqlite")) as made:
        bring_up_to_date(made, tmp_path)
        yield made


def test_what_is_read_back_is_what_was_written(full: Store, other: SqliteDatabase, tmp_path: Path) -> None:
    written = _written(full._database, tmp_path / "t")
    assert read_contents(tmp_path / "t") == written and written.revision == REVISION
    assert set(written.parts) == set(schema.metadata.tables) and written.parts["articles"].rows == 2
    fill(other, tmp_path / "t", written)
    again = _written(other, tmp_path / "u")
    assert again.parts == written.parts and again.last_keys == written.last_keys
    names = [file.name for file in (tmp_path / "t").iterdir() if file.name != CONTENTS]
    assert len(names) == len(written.parts)
    assert all((tmp_path / "t" / name).read_bytes() == (tmp_path / "u" / name).read_bytes() for name in names)


def test_a_key_that_was_taken_back_is_given_to_nothing_else(full: Store, other: SqliteDatabase, tmp_path: Path) -> None:
    fill(other, tmp_path / "t", _written(full._database, tmp_path / "t"))
    with other.writing() as connection:
        row = dict(connection.execute(select(schema.date_decisions)).mappings().first() or {})
        row.pop("key")
        assert connection.execute(insert(schema.date_decisions).values(row)).inserted_primary_key == (4,)


def test_rows_stand_in_order_one_a_line(full: Store, tmp_path: Path) -> None:
    _written(full._database, tmp_path / "t")
    lines = (tmp_path / "t" / "articles.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines[:-1]]
    assert [row["key"] for row in rows] == [1, 2] and lines[-1] == ""
    assert all(list(row) == sorted(row) for row in rows)


def test_what_was_cut_short_is_seen(full: Store, tmp_path: Path) -> None:
    written = _written(full._database, tmp_path / "t")
    assert intact(tmp_path / "t", written)
    file = tmp_path / "t" / "articles.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    assert not intact(tmp_path / "t", written)
    (tmp_path / "t" / CONTENTS).unlink()
    assert read_contents(tmp_path / "t") is None


def test_tables_that_came_over_whole_stay(
    full: Store, other: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _written(full._database, tmp_path / "t")
    fill(other, tmp_path / "t", written)
    monkeypatch.setattr("archive.store.neutral_tables._read", lambda file, table: pytest.fail(f"read {file.name}"))
    fill(other, tmp_path / "t", written)
    with other.writing() as connection:
        connection.execute(schema.made_with.insert().values(name="x", signature="y"))
    with pytest.raises(pytest.fail.Exception, match="made_with"):
        fill(other, tmp_path / "t", written)


@pytest.mark.parametrize(
    ("line", "said"), [("{", "第 3 行"), ('{"id": 1}', "第 3 行"), ("[]", "第 3 行"), ("", "articles")]
)
def test_what_is_no_row_is_refused(full: Store, other: SqliteDatabase, tmp_path: Path, line: str, said: str) -> None:
    written = _written(full._database, tmp_path / "t")
    file = tmp_path / "t" / "articles.jsonl"
    if line:
        file.write_text(f"{file.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    else:
        file.write_text(file.read_text(encoding="utf-8").replace("公开", "内部"), encoding="utf-8")
    with pytest.raises((ReadError, LibraryDamaged), match=said) as refused:
        fill(other, tmp_path / "t", written)
    assert refused.value.hint


def test_tables_of_another_schema_are_refused(full: Store, other: SqliteDatabase, tmp_path: Path) -> None:
    written = _written(full._database, tmp_path / "t")
    strange = replace(written, parts={**written.parts, "x": written.parts["audit"]})
    with pytest.raises(ReadError, match="“x”"):
        fill(other, tmp_path / "t", strange)
    assert compare(full._database, written) == []


@pytest.mark.parametrize("text", ["{", "[]", '{"revision": 1}', "\udcff"])
def test_a_list_that_cannot_be_understood(tmp_path: Path, text: str) -> None:
    (tmp_path / CONTENTS).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReadError, match="清单"):
        read_contents(tmp_path)
    assert Contents("0001", "").parts == {}
