"""The tables of a library in a form that no kind of database owns: one file of JSON Lines a table, and a list of them.

A line is one row as an object, its columns in order of name; the rows stand in order of the primary key. So the same
contents give the same bytes whichever database they lie in, and a digest tells whether they came over whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, MetaData, Table, delete, func, insert, select

from archive.model.decoding import decoded, parsed
from archive.model.errors import LibraryDamaged, ReadError, UsageError
from archive.store.database import Database
from archive.support.files import replacing, sha256_of, write_whole
from archive.support.storage_errors import storage_errors

CONTENTS = "tables.json"
"""The list of the tables. It is written last: files without it are an export that was interrupted."""

SUFFIX = ".jsonl"

Row = dict[str, Any]
"""A row of a table, its columns by name."""

_NO_TABLE = "alembic_version"  # what it says stands in the list
_ROWS, _CHARACTERS = 500, 1 << 20  # that are handed to the database at once


@dataclass(frozen=True, slots=True)
class Part:
    """One table's file: how many rows it has, and its SHA-256."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an export holds: the schema's `revision`, the parts by table, and where each table counts on from.

    `state` is what `Database.state` said when it was made.
    """

    revision: str
    state: str
    parts: dict[str, Part] = field(default_factory=dict)
    last_keys: dict[str, int] = field(default_factory=dict)


def write_tables(database: Database, connection: Connection, folder: Path, left_out: Collection[str] = ()) -> Contents:
    """Write all tables into `folder`, which is emptied first, as they stand for a transaction that reads.

    The tables `left_out` are written without a row. Raises StorageError.
    """
    with storage_errors(folder):
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        parts = {}
        for table in _tables(connection):
            with replacing(folder / f"{table.name}{SUFFIX}") as part, part.open("wb") as stream:
                lines = iter(()) if table.name in left_out else _lines(connection, table)
                parts[table.name] = _summed(lines, stream.write)
        contents = Contents(database.revision(), database.state(connection), parts, database.last_keys(connection))
    write_whole(folder / CONTENTS, json.dumps(asdict(contents), ensure_ascii=False, indent=1))
    return contents


def read_contents(folder: Path) -> Contents | None:
    """The list of an export that was written whole; None where there is none. Raises ReadError, StorageError."""
    file = folder / CONTENTS
    with storage_errors(file):
        if not file.exists():
            return None
        try:
            return decoded(Contents, parsed(file.read_text(encoding="utf-8"), CONTENTS), CONTENTS)
        except (UsageError, UnicodeDecodeError) as failure:
            raise ReadError("各表的清单读不懂", hint="换用另一份", place=str(file)) from failure


def intact(folder: Path, contents: Contents) -> bool:
    """Whether every file is there as it was written. Raises StorageError."""
    with storage_errors(folder):
        files = [(folder / f"{name}{SUFFIX}", part) for name, part in contents.parts.items()]
        return all(file.is_file() and sha256_of(file) == part.sha256 for file, part in files)


def fill(database: Database, folder: Path, contents: Contents) -> None:
    """Put an export into a database that has its schema, one table in one transaction; those that came over stay.

    Afterwards the database is read again and compared. Raises ReadError for a line that is no row, LibraryDamaged for
    a table that differs afterwards, StorageError.
    """
    with database.reading() as connection:
        tables = _tables(connection)
    if strange := set(contents.parts) ^ {table.name for table in tables}:
        raise ReadError(f"表“{min(strange)[:80]}”与这个版本的资料库不符", hint="换用另一份", place=str(folder))
    for table in tables:
        with database.writing() as connection:
            if _count(connection, table) == contents.parts[table.name].rows:
                continue
            connection.execute(delete(table))
            for rows in _read(folder / f"{table.name}{SUFFIX}", table):
                connection.execute(insert(table), rows)
    with database.writing() as connection:
        database.set_last_keys(connection, contents.last_keys)
    if differing := compare(database, contents):
        hint = "什么也没有丢：原来的资料库没有改动。删掉新的文件夹再做一次；还是这样，把结果告诉维护者"
        raise LibraryDamaged(f"表“{differing[0]}”搬过去以后与原来的不同", hint=hint, place=str(folder.parent))


def compare(database: Database, contents: Contents) -> list[str]:
    """The tables of a database that differ from an export, by name."""
    with database.reading() as connection:
        found = {table.name: _summed(_lines(connection, table)) for table in _tables(connection)}
    return sorted(name for name in {*found, *contents.parts} if found.get(name) != contents.parts.get(name))


def _summed(lines: Iterator[bytes], write: Callable[[bytes], object] | None = None) -> Part:
    digest, count = hashlib.sha256(), 0
    for count, line in enumerate(lines, 1):  # noqa: B007 – the last number is the count
        digest.update(line)
        if write is not None:
            write(line)
    return Part(count, digest.hexdigest())


def _tables(connection: Connection) -> list[Table]:
    """The tables there are, those that others refer to first; also those of an older schema."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _NO_TABLE]


def rows_of(connection: Connection, table: Table, which: ColumnElement[bool] | None = None) -> Iterator[Row]:
    """The rows of a table, or those of them, in the neutral form."""
    columns = sorted(table.columns, key=lambda column: column.name)
    names = [column.name for column in columns]
    query = select(*columns).order_by(*table.primary_key.columns)
    query = query if which is None else query.where(which)
    for row in connection.execution_options(yield_per=_ROWS).execute(query):
        yield dict(zip(names, row, strict=True))


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    return map(line_of, rows_of(connection, table))


def line_of(row: dict[str, Any]) -> bytes:
    """A row as a line; its columns in order of name."""
    return f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _read(file: Path, table: Table) -> Iterator[list[Row]]:
    """The rows of a file, some at a time."""
    names = set(table.columns.keys())
    rows: list[Row] = []
    size = 0
    with storage_errors(file), file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            rows.append(_row(line, names, file, number))
            size += len(line)
            if len(rows) == _ROWS or size > _CHARACTERS:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows


def _row(line: str, names: set[str], file: Path, number: int) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or set(row) != names:
        raise ReadError("不是这个表的一行", hint="换用另一份", place=f"{file} 第 {number} 行")
    return row
