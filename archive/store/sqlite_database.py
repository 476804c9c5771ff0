"""Opening `archive.sqlite`: connections, transactions, consistent copies."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine, event

from archive.model.errors import LibraryBusy, LibraryDamaged
from archive.model.holdings import Problem
from archive.store.database import Answer, Database
from archive.support import library_folder, sqlite_file
from archive.support.files import remove
from archive.support.one_moment import Answers, answers_of, look_again
from archive.support.storage_errors import storage_errors

Version = tuple[int, int]

STATEMENTS_OF_ITS_OWN = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
"""Finds what no database of ours has: statements that would run by themselves."""

RESTORE = "先另存整个资料库文件夹，再用 wenshi restore 从备份恢复"

_BUSY_SECONDS = 30
_WRITES = "wenshi_writes"
_ASIDE = 2**12  # commits aside are counted below this in SQLite's `user_version`, all others by it
_MOST = 2**31  # the counter begins anew


class SqliteDatabase(Database):
    """The connections to one `archive.sqlite`; may be used from several threads at once."""

    one_file = True

    def __init__(self, file: Path) -> None:
        self.file = file
        self.place = str(file)
        self.runner = secrets.randbelow(2**31 - 1) + 1  # not the system's number, which may be the same next time
        self._stuck = False  # whether nothing could be written when a connection was last made
        self._engine: Engine = create_engine("sqlite:///", creator=self._connect, poolclass=QueuePool)
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self._watching = threading.Lock()
        self._watch: PoolProxiedConnection | None = None  # only asked whether others have committed
        self._watches = 0  # how many there were: each counts commits for itself
        self._answers: tuple[Version, Answers] = ((0, 0), {})
        self._counted = 0  # the commits there were when these answers began

    def close(self) -> None:
        """Close every connection; SQLite then folds its write-ahead log into the file."""
        self._stop_watching()
        self._engine.dispose()

    def _stop_watching(self) -> None:
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _connect(self) -> sqlite_file.Connection:
        connection = sqlite_file.connect(self.file, _BUSY_SECONDS)
        self._stuck = connection.unwritable is not None
        return connection

    def _renew(self) -> None:
        """Leave connections that can only read as soon as the file can be written to again."""
        if self._stuck and sqlite_file.unwritable(self.file.parent) is None:
            self._stuck = False
            self._stop_watching()
            self._engine.dispose()

    def version(self) -> Version:
        """Another value after every commit, whichever process made it."""
        with self._watching, storage_errors(self.file):
            return self._watched("data_version")

    def _watched(self, pragma: str) -> Version:
        if self._watch is None:
            self._watch = self._engine.raw_connection()
            self._watches += 1
        driver = self._watch.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        (value,) = driver.execute(f"PRAGMA {pragma}").fetchone()
        return self._watches, int(value)

    def remembered(self, name: Hashable, question: Callable[[Connection], Answer]) -> Answer:
        """The answer to a question, asked anew only when something was committed since; equal names, equal questions.

        For what every page wants to know and few changes touch; answers are shared and must not be changed. Nothing is
        remembered of a file that can only be read as it stood when it was opened. Of what is written `aside` nothing
        may be asked here.
        """
        answers = answers_of(self, self._looked)  # those of a state that has passed are forgotten with it
        if name not in answers:
            with self.reading() as connection:
                answers[name] = question(connection)
        return cast(Answer, answers[name])

    def _looked(self) -> Answers:
        """What is remembered of the present state."""
        self._renew()
        version = self.version()
        if self._stuck:
            return {}
        if self._answers[0] != version:
            self._begin_anew(version)
        return self._answers[1]

    def _begin_anew(self, version: Version) -> None:
        """After commits: forget the answers, unless all that was committed was aside.

        A commit of another program counts nothing, so that it is told by the count that stands still.
        """
        with self._watching, storage_errors(self.file):
            (watches, _), counted = version, self._watched("user_version")[1]
            (known, answers), before = self._answers, self._counted
            aside = watches == known[0] and counted != before and counted // _ASIDE == before // _ASIDE
            self._answers, self._counted = (version, answers if aside else {}), counted

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one consistent state of the library throughout. Works on a full or read-only disk."""
        self._renew()
        with storage_errors(self.file), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, aside: bool = False) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all. Raises StorageError where nothing can be written.

        What is written `aside` is never `remembered`, so that this commit makes nobody ask anew.
        """
        self._renew()
        with storage_errors(self.file), self._writer.begin() as connection:
            yield connection
            counted = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            others, own = divmod(counted, _ASIDE)
            now = others * _ASIDE + (own + 1) % _ASIDE if aside else (counted + _ASIDE) % _MOST
            connection.exec_driver_sql(f"PRAGMA user_version = {now}")
        look_again()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction for migrations, which may rebuild tables.

        SQLite rebuilds a table by dropping it, which foreign keys would forbid, or follow by dropping what refers to
        it. So they are off, and checked as a whole before the transaction is kept. Raises LibraryDamaged.
        """
        with storage_errors(self.file), self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction, so before it begins
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise LibraryDamaged(
                            f"升级会使表 {broken[0]} 的内容指向不存在的一行，已放弃，什么也没有改动",
                            hint="运行旧版的 wenshi check，并把结果告诉维护者",
                            place=str(self.file),
                        )
            finally:
                driver.execute("PRAGMA foreign_keys = ON")

    def revision(self) -> str:
        """The revision of the schema in the file; empty for an empty file."""
        with self.reading() as connection:
            tables = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if tables.first() is None:
                return ""
            row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
            return str(row[0]) if row else ""

    def enter(self) -> None:
        """Nothing is to be done: the lock of long work lies in the folder."""

    def at_work(self) -> frozenset[int]:
        """This program alone: it is asked by the one that has the lock."""
        return frozenset({self.runner})

    def state(self, connection: Connection) -> str:
        """Another text after every commit; unlike `version` it stays the same when the program is started anew."""
        return str(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def last_keys(self, connection: Connection) -> dict[str, int]:
        """Where tables count on from that give no key twice, by name."""
        there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first()
        rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence ORDER BY name") if there else ()
        return {str(name): int(key) for name, key in rows}

    def set_last_keys(self, connection: Connection, keys: Mapping[str, int]) -> None:
        """Let tables count on from there."""
        for name, key in keys.items():
            connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, key))

    def faults(self, connection: Connection) -> Iterator[Problem]:
        """What SQLite finds wrong in the file, and statements and references that cannot be."""
        for row in connection.exec_driver_sql("PRAGMA integrity_check"):
            if row[0] != "ok":
                yield Problem("database", f"数据库内部有损坏：{row[0]}", library_folder.DATABASE, RESTORE)
        for (name,) in connection.exec_driver_sql(STATEMENTS_OF_ITS_OWN):
            yield Problem("database", f"数据库里带有不属于文史的程序“{name}”", library_folder.DATABASE, RESTORE)
        for table, row_id, other, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            message = f"表 {table} 第 {row_id} 行指向表 {other} 中不存在的一行"
            yield Problem("reference", message, library_folder.DATABASE, RESTORE)

    def empty(self) -> bool:
        """See Database."""
        return not self.file.exists()

    def clear(self) -> None:
        """Remove everything, for a library that is not whole yet. Raises StorageError."""
        self._engine.dispose()
        with storage_errors(self.file):
            for suffix in ("", "-wal", "-shm", "-journal"):
                remove(self.file.with_name(f"{self.file.name}{suffix}"))

    def compact(self) -> None:
        """Write the file anew, without what was deleted, and empty the log. Raises LibraryBusy while others read."""
        self._engine.dispose()
        with (
            storage_errors(self.file),
            closing(sqlite3.connect(self.file, timeout=_BUSY_SECONDS, isolation_level=None)) as connection,
        ):
            connection.execute("VACUUM")
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LibraryBusy("另一个程序正在读数据库", hint="关掉其他文史窗口再试一次", place=str(self.file))

    def copy(self, target: Path) -> None:
        """Write a consistent copy to `target`, also while others read and write. The copy is one file without a log.

        It is there whole or not at all.
        """
        part = target.with_name(f"{target.name}.part")
        with storage_errors(target):
            try:
                with closing(self._connect()) as source, closing(sqlite3.connect(part)) as copy:
                    source.backup(copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would commit before DDL and begin too late for a stable read; it is off, and
    # the statements in _begin decide.
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a commit that was reported must survive a power cut


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once. A transaction that read first and wanted to write later would be refused
    # without waiting when another one wrote in between.
    writes = connection.get_execution_options().get(_WRITES)
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite_file.Connection)
    if writes and driver.unwritable is not None:
        raise driver.unwritable
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")  # by itself: SQLAlchemy takes ten times as long to say it
