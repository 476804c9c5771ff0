"""Transactions of `archive.sqlite`: who reads sees one state, who writes is alone from its first statement on."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.store.sqlite_database import SqliteDatabase
from archive.support.cancellation import Cancelled, cancelled_unless


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """A file with one table of one column, empty."""
    made = SqliteDatabase(tmp_path / "archive.sqlite")
    with made.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE marks (name TEXT NOT NULL)")
    yield made
    made.close()


def marks(database: SqliteDatabase) -> list[str]:
    with database.reading() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT name FROM marks ORDER BY rowid")]


def test_a_writer_is_alone_before_it_has_written(database: SqliteDatabase) -> None:
    with (
        database.writing(),
        closing(sqlite3.connect(database.file, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_a_writer_that_has_read_first_may_still_write(database: SqliteDatabase) -> None:
    """Another writer waits for it instead of changing what it has read, which would have it refused."""
    begun = threading.Event()

    def write_too() -> None:
        begun.set()
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO marks VALUES ('乙')")

    other = threading.Thread(target=write_too)
    with database.writing() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() == 0
        other.start()
        begun.wait(10)
        other.join(0.3)  # long enough to have written, if it could
        assert other.is_alive()
        connection.exec_driver_sql("INSERT INTO marks VALUES ('甲')")
    other.join(30)
    assert marks(database) == ["甲", "乙"]


def test_a_reader_sees_one_state_throughout(database: SqliteDatabase) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() == 0
        with database.writing() as other:
            other.exec_driver_sql("INSERT INTO marks VALUES ('甲')")
        assert connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() == 0
    assert marks(database) == ["甲"]


def test_a_failed_transaction_leaves_nothing(database: SqliteDatabase) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO marks VALUES ('甲')")
        connection.exec_driver_sql("CREATE TABLE more (name TEXT)")
        raise ZeroDivisionError
    assert marks(database) == []
    with closing(sqlite3.connect(database.file)) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("marks",)]


def test_an_answer_is_remembered_until_anything_is_committed(database: SqliteDatabase, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def question(connection: Connection) -> list[str]:
        asked.append([name for (name,) in connection.exec_driver_sql("SELECT name FROM marks")])
        return asked[-1]

    assert database.remembered("marks", question) == database.remembered("marks", question) == []
    assert len(asked) == 1
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO marks VALUES ('甲')")
    assert database.remembered("marks", question) == ["甲"]
    with closing(sqlite3.connect(database.file)) as elsewhere, elsewhere:  # as another process would
        elsewhere.execute("INSERT INTO marks VALUES ('乙')")
    assert database.remembered("marks", question) == ["甲", "乙"]
    assert len(asked) == 3


def test_what_is_written_aside_makes_nobody_ask_anew(database: SqliteDatabase) -> None:
    asked: list[int] = []

    def question(connection: Connection) -> int:
        asked.append(_count(connection))
        return asked[-1]

    def write(name: str, where: SqliteDatabase, *, aside: bool) -> None:
        with where.writing(aside=aside) as connection:
            connection.exec_driver_sql("INSERT INTO marks VALUES (?)", (name,))

    other = SqliteDatabase(database.file)  # as another process would have
    try:
        assert database.remembered("marks", question) == 0
        for number in range(5000):  # more than are counted
            write(str(number), (database, other)[number % 2], aside=True)
            if number % 1000 == 1:
                assert database.remembered("marks", question) == 0 and len(asked) == 1
        assert database.remembered("marks", question) == 0
        write("甲", other, aside=False)
        write("乙", database, aside=True)
        assert database.remembered("marks", question) == 5002
        with pytest.raises(sqlite3.IntegrityError), database.writing(aside=True) as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("INSERT INTO marks VALUES (NULL)")
        assert database.remembered("marks", question) == 5002 and len(asked) == 2
    finally:
        other.close()


def test_what_others_have_not_committed_is_not_remembered(database: SqliteDatabase) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO marks VALUES ('甲')")
        assert database.remembered("marks", _count) == 0
    assert database.remembered("marks", _count) == 1


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() or 0)


def test_a_question_nobody_waits_for_any_more_is_given_up(database: SqliteDatabase) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    until = time.monotonic() + 0.2
    with (
        pytest.raises(Cancelled),
        cancelled_unless(lambda: time.monotonic() < until),
        database.reading() as connection,
    ):
        connection.exec_driver_sql(endless)
    assert marks(database) == []


def test_what_is_given_up_while_it_is_written_leaves_nothing(database: SqliteDatabase) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO marks SELECT i FROM n"
    until = time.monotonic() + 0.2
    with (
        pytest.raises(Cancelled),
        cancelled_unless(lambda: time.monotonic() < until),
        database.writing() as connection,
    ):
        connection.exec_driver_sql(endless)
    assert marks(database) == []
