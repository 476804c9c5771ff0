"""What was found to stand in several articles: one result for whoever asked and the scope it was asked for."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from archive.store.database import Database
from archive.store.lock import now
from archive.store.workbench_schema import reuse_runs


class ReuseRows:
    """The results of one library; each holds ids and places of texts, and set phrases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, owner: str, scope: str, body: str) -> None:
        """Keep a result in the place of the one before."""
        table = reuse_runs
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.owner == owner, table.c.scope == scope))
            connection.execute(insert(table).values(owner=owner, scope=scope, moment=now(), body=body))

    def get(self, owner: str, scope: str) -> tuple[str, str] | None:
        """When a result was found, and the result; None where there is none."""
        table = reuse_runs.c
        query = select(table.moment, table.body).where(table.owner == owner, table.scope == scope)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row[0], row[1])
