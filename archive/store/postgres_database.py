"""A library's tables in PostgreSQL: connections, transactions, the writer's lock among several machines.

Writers stand in line at an advisory lock, as they do in SQLite; readers wait for nobody. How many commits there were is
counted in a row of its own, by which every process sees whether what it remembers still holds. The database must be one
of UTF-8 that sorts by code points (`LC_COLLATE 'C'`), so that every order is that of SQLite.
"""

from __future__ import annotations

import os
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pg8000.dbapi
from sqlalchemy import Connection, Engine, MetaData, PoolProxiedConnection, create_engine, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from archive.model.errors import ConfigError
from archive.model.holdings import Problem
from archive.store.database import Answer, Database
from archive.support import library_folder
from archive.support.credentials import read_credentials
from archive.support.one_moment import Answers, answers_of, look_again
from archive.support.storage_errors import storage_errors

ADDRESS = "WENSHI_POSTGRESQL"
"""The environment's name for the address, so that machines can differ."""

OWN_SCHEMA = _SCHEMA = "wenshi_own"
"""What is no table of the library."""

_WRITES, _OWNS, _WORKS = 7_368_001, 7_368_002, 7_368_003  # advisory locks: of a transaction, the writer, long work
_RUNS = 7_368_004  # with a number each: of the programs at work
_KEYS = ("user", "password", "ca", "certificate", "key")
_PATIENCE = "30s"
_SECONDS = 10  # until the server must take a connection
_MADE = (
    f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}",
    f"CREATE TABLE IF NOT EXISTS {_SCHEMA}.state (one boolean PRIMARY KEY, commits bigint NOT NULL,"
    " aside bigint NOT NULL, note text NOT NULL)",
    f"INSERT INTO {_SCHEMA}.state VALUES (true, 0, 0, '') ON CONFLICT DO NOTHING",
)
_HINT = "检查 library.toml 里 [postgresql] 的 address 和 credentials"


def postgres_database(root: Path, options: Mapping[str, Any]) -> PostgresDatabase:
    """The database that a library's settings name. Raises ConfigError."""
    address = os.environ.get(ADDRESS, "") or str(options.get("address", ""))
    credentials = {}
    if "credentials" in options:
        credentials = read_credentials(root / str(options["credentials"]), _KEYS, "数据库", "postgresql")
    return PostgresDatabase(address, credentials, root)


class PostgresDatabase(Database):
    """The connections to one database of PostgreSQL; may be used from several threads at once."""

    one_file = False

    def __init__(self, address: str, credentials: Mapping[str, str], root: Path) -> None:
        self._given = _given(address, credentials)
        self.place = f"postgresql://{self._given['host']}:{self._given['port']}/{self._given['database']}"
        self._root = root
        # Each connection is tried before it is used: the server may have been restarted meanwhile.
        self._engine: Engine = create_engine(
            "postgresql+pg8000://", creator=self._connect, pool_size=10, max_overflow=20, pool_pre_ping=True
        )
        self._answers: tuple[int, Answers] = (-1, {})
        self.runner = secrets.randbelow(2**31 - 1) + 1
        self._running: pg8000.dbapi.Connection | None = None  # holds the lock that says that this program lives
        self._watching = threading.Lock()
        self._watch: pg8000.dbapi.Connection | None = None  # only asked whether others have committed

    def _connect(self) -> pg8000.dbapi.Connection:
        address = (self._given["host"], self._given["port"])
        try:
            line = socket.create_connection(address, _SECONDS)
        except OSError as failure:
            raise pg8000.dbapi.InterfaceError("not reached") from failure
        line.settimeout(None)  # what is asked may take long; that the other side is gone is seen by keeping alive
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection = pg8000.dbapi.connect(**self._given, sock=line)
        except BaseException:
            line.close()
            raise
        try:
            _look(connection, self.place)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """See Database."""
        with self._watching:
            self._stop_watching()
            running, self._running = self._running, None
        if running is not None:
            with suppress(pg8000.dbapi.Error):
                running.close()
        self._engine.dispose()

    def remembered(self, name: Hashable, question: Callable[[Connection], Answer]) -> Answer:
        """See Database."""
        answers = answers_of(self, self._looked)
        if name not in answers:
            with self.reading() as connection:
                answers[name] = question(connection)
        return cast(Answer, answers[name])

    def _looked(self) -> Answers:
        """What is remembered of the present state."""
        counted = self._commits()
        known, answers = self._answers
        if known != counted:
            answers = {}
            self._answers = (counted, answers)
        return answers

    def _commits(self) -> int:
        """How many commits there were, by a connection of its own, which is made anew when it was lost."""
        with self._watching, self._told():
            if self._watch is not None:
                with suppress(pg8000.dbapi.Error):
                    return _counted(self._watch)
            self._stop_watching()
            self._watch = self._connect()
            self._watch.autocommit = True
            return _counted(self._watch)

    def _stop_watching(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            with suppress(pg8000.dbapi.Error):
                watch.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See Database."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    @contextmanager
    def writing(self, *, aside: bool = False) -> Iterator[Connection]:
        """See Database."""
        with self._alone() as connection:
            yield connection
            column = "aside" if aside else "commits"
            connection.exec_driver_sql(f"UPDATE {_SCHEMA}.state SET {column} = {column} + 1")
        look_again()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """See Database; what does not fit is refused by PostgreSQL itself."""
        with self._alone() as connection:
            for statement in _MADE:
                connection.exec_driver_sql(statement)
            yield connection
            connection.exec_driver_sql(f"UPDATE {_SCHEMA}.state SET commits = commits + 1")

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self._told(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITES})")
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        with storage_errors(self.place):
            yield

    def revision(self) -> str:
        """See Database."""
        with self.reading() as connection:
            if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
                return ""
            return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")

    def enter(self) -> None:
        """See Database."""
        with self._watching, self._told():
            if self._running is not None:
                with suppress(pg8000.dbapi.Error):
                    self._running.cursor().execute("SELECT 1")
                    return
            self._running = self._connect()
            self._running.autocommit = True
            self._running.cursor().execute(f"SELECT pg_advisory_lock({_RUNS}, {self.runner})")

    def at_work(self) -> frozenset[int]:
        """See Database."""
        with self.reading() as connection:
            return frozenset(
                connection.exec_driver_sql(
                    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
                    f" AND classid = {_RUNS} AND objsubid = 2"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                ).scalars()
            )

    def state(self, connection: Connection) -> str:
        """See Database."""
        return str(connection.exec_driver_sql(f"SELECT commits || '.' || aside FROM {_SCHEMA}.state").scalar_one())

    def last_keys(self, connection: Connection) -> dict[str, int]:
        """See Database."""
        found = {}
        for name, sequence in _sequences(connection):
            last, called = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
            if called:
                found[name] = int(last)
        return found

    def set_last_keys(self, connection: Connection, keys: Mapping[str, int]) -> None:
        """See Database."""
        tables = MetaData()
        tables.reflect(connection)
        for name, sequence in _sequences(connection):
            (column,) = tables.tables[name].primary_key.columns
            most = connection.scalar(select(func.max(column))) or 0
            if last := max(keys.get(name, 0), most):
                connection.exec_driver_sql(f"SELECT setval('{sequence}', {int(last)})")

    def faults(self, connection: Connection) -> Iterator[Problem]:
        """Nothing: PostgreSQL holds references itself, and tells of damaged pages when they are read."""
        yield from ()

    def empty(self) -> bool:
        """See Database."""
        with self.reading() as connection:
            return not inspect(connection).get_table_names()

    def clear(self) -> None:
        """See Database."""
        with self._alone() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
            tables = MetaData()
            tables.reflect(connection)
            tables.drop_all(connection)

    def compact(self) -> None:
        """See Database."""
        with self._told(), closing(self._connect()) as connection:
            connection.autocommit = True  # it may be in no transaction
            connection.cursor().execute("VACUUM FULL")

    def copy(self, target: Path) -> None:
        """PostgreSQL's own files cannot be handed out; what is kept is neutral (see neutral_tables.py)."""
        raise NotImplementedError

    def raw_connection(self) -> PoolProxiedConnection:
        """A connection of the driver's own, for locks."""
        return self._engine.raw_connection()

    def mutex(self) -> AdvisoryMutex:
        """The lock of the writer, among all machines."""
        return AdvisoryMutex(self, _OWNS)

    def turn(self) -> AdvisoryMutex:
        """The lock of who does what is done once for all machines."""
        return AdvisoryMutex(self, _WORKS)


class AdvisoryMutex:
    """A lock that the server holds for a connection, and gives back when its process or its machine dies."""

    def __init__(self, database: PostgresDatabase, key: int) -> None:
        self.place = database.place
        self._database, self._key = database, key
        self._held: PoolProxiedConnection | None = None

    def acquire(self, timeout: float) -> bool:
        """See Mutex."""
        until = time.monotonic() + timeout
        with storage_errors(self.place):
            held = self._database.raw_connection()
            try:
                while not _one(held, f"SELECT pg_try_advisory_lock({self._key})"):
                    if time.monotonic() >= until:
                        held.close()
                        return False
                    time.sleep(0.05)
            except BaseException:
                held.invalidate()
                raise
        self._held = held
        return True

    def release(self) -> None:
        """See Mutex."""
        held, self._held = self._held, None
        if held is not None:
            try:
                _one(held, f"SELECT pg_advisory_unlock({self._key})")
                held.close()
            except pg8000.dbapi.Error:  # the connection is gone, and the lock with it
                held.invalidate()

    def held(self) -> bool:
        """See Mutex; a connection that was lost has lost the lock."""
        if self._held is None:
            return False
        try:
            return bool(_one(self._held, "SELECT 1"))
        except pg8000.dbapi.Error:
            held, self._held = self._held, None
            held.invalidate()
            return False

    def note(self, text: str) -> None:
        """See Mutex."""
        if self._held is None:
            return
        try:
            _one(self._held, f"UPDATE {_SCHEMA}.state SET note = %s RETURNING true", (text,))
        except pg8000.dbapi.Error:  # it decides nothing, and in an empty database there is no room for it
            with suppress(pg8000.dbapi.Error):
                self._held.rollback()

    def noted(self) -> str:
        """See Mutex."""
        with self._database.reading() as connection:
            there = connection.exec_driver_sql(f"SELECT to_regclass('{_SCHEMA}.state')").scalar()
            return str(connection.exec_driver_sql(f"SELECT note FROM {_SCHEMA}.state").scalar_one() if there else "")


def _one(held: PoolProxiedConnection, statement: str, values: tuple[str, ...] = ()) -> Any:
    cursor = held.cursor()
    cursor.execute(statement, values)
    row = cursor.fetchone()
    held.commit()
    return row[0] if row else None


def _counted(watch: pg8000.dbapi.Connection) -> int:
    cursor = watch.cursor()
    cursor.execute(f"SELECT commits FROM {_SCHEMA}.state")
    return int(cursor.fetchone()[0])


def _given(address: str, credentials: Mapping[str, str]) -> dict[str, Any]:
    """What the driver is given. Raises ConfigError."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.drivername != "postgresql" or not url.database:
        hint = "写成 postgresql://用户@主机:5432/数据库"
        raise ConfigError("数据库（PostgreSQL）的地址不对，或没有写", place=library_folder.SETTINGS, hint=hint)
    if url.password:
        hint = "把密码写在 credentials 指的文件里，只让运行文史的用户读"
        raise ConfigError("地址里不能写密码", place=library_folder.SETTINGS, hint=hint)
    context = None
    if "ca" in credentials:
        context = ssl.create_default_context(cafile=credentials["ca"])
        if "certificate" in credentials:
            context.load_cert_chain(credentials["certificate"], credentials.get("key"))
    return {
        "user": credentials.get("user") or url.username or "wenshi",
        "password": credentials.get("password"),
        "host": url.host or "127.0.0.1",
        "port": url.port or 5432,
        "database": url.database,
        "ssl_context": context,
        "application_name": "wenshi",
    }


def _look(connection: pg8000.dbapi.Connection, place: str) -> None:
    """Raises ConfigError for a database that would sort or write texts in another way than SQLite."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    )
    found = tuple(cursor.fetchone())
    connection.rollback()
    if found[0] not in ("C", "C.UTF-8", "POSIX") or found[1] != "UTF8":
        hint = "另建一个：CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        raise ConfigError(f"这个数据库的编码或次序不合用（{found[1]}、{found[0]}）", place=place, hint=hint)


def _sequences(connection: Connection) -> list[tuple[str, str]]:
    """(table, sequence) of the tables that count their keys themselves."""
    rows = connection.exec_driver_sql(
        "SELECT t.relname, s.oid::regclass::text FROM pg_class s"
        " JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a'"
        " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE s.relkind = 'S' AND n.nspname = current_schema() ORDER BY 1"
    )
    return [(str(table), str(sequence)) for table, sequence in rows]
