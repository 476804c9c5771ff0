"""What databases say in different words, and SQLAlchemy does not say for us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Table, cast, func
from sqlalchemy import insert as generic_insert
from sqlalchemy.dialects import sqlite

POSTGRESQL = "postgresql"


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that can say what is to happen where the row is there already (`on_conflict_…`)."""
    if connection.dialect.name == POSTGRESQL:
        from sqlalchemy.dialects import postgresql

        statement: Any = postgresql.insert(table)  # it has the same two methods, and no class in common
        return statement  # type: ignore[no-any-return]
    return sqlite.insert(table)


def added(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row; the key that it gets."""
    (key,) = connection.execute(generic_insert(table).values(row)).inserted_primary_key or (0,)
    return int(key)


def as_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[bytes]:
    """A text as its UTF-8 bytes, since spoilt text may be no UTF-8 any more."""
    if connection.dialect.name == POSTGRESQL:
        return func.convert_to(column, "UTF8")
    return cast(column, LargeBinary)
