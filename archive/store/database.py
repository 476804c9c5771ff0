"""Opening `archive.sqlite`: connections, transactions, and bringing its schema up to date."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from archive.errors import LibraryDamaged
from archive.store.faults import translated

log = logging.getLogger(__name__)

REVISION = "0001"
"""The schema this version works with: the newest revision in `migrations/versions/`."""

MIGRATIONS = Path(__file__).parent / "migrations"

_BUSY_SECONDS = 30
_WRITES = "wenshi_writes"


class Database:
    """The connections to one `archive.sqlite`; may be used from several threads at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        url = URL.create("sqlite", database=str(file))
        self._engine: Engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(**{_WRITES: True})

    def close(self) -> None:
        """Close every connection; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the library throughout."""
        with translated(self.file), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all."""
        with translated(self.file), self._writer.begin() as connection:
            yield connection

    def revision(self) -> str:
        """The revision of the schema in the file; empty for an empty file."""
        with self.reading() as connection:
            tables = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if tables.first() is None:
                return ""
            row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
            return str(row[0]) if row else ""

    def upgrade(self) -> None:
        """Bring the schema to REVISION in one transaction.

        Raises LibraryDamaged when the file has a revision this version does not know: a newer version made it.
        """
        # Imported here: alembic costs a tenth of a second, and a library that is up to date never needs it.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        # ConfigParser reads a % in a folder's name as the start of a substitution.
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        found = self.revision()
        if found and found not in known:
            raise LibraryDamaged(
                f"这个资料库是用更新版本的文史建立的（数据格式 {found}，本程序到 {REVISION}）",
                hint="请安装新版文史后再打开；不要用旧版改动它",
                place=str(self.file),
            )
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, REVISION)
        log.info("schema of %s is now %s", self.file.name, REVISION)

    def copy(self, target: Path) -> None:
        """Write a consistent copy to `target`, also while others read and write. The copy is one file without a log.

        It is there whole or not at all.
        """
        part = target.with_name(f"{target.name}.part")
        with translated(target):
            try:
                with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(part)) as copy:
                    source.backup(copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would commit before DDL and begin too late for a stable read; with
    # isolation_level None the statements in _begin decide.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",  # a commit that was reported must survive a power cut
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once. A transaction that read first and wanted to write later would be refused
    # without waiting when another one wrote in between.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
