"""Long work as rows that survive a restart. Only the database guards them, not the writer's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from sqlalchemy import delete, select, update

from archive.model.holdings import JobRow
from archive.store import dialects, schema
from archive.store.database import Database
from archive.store.lock import now

_KEPT = 200  # rows; those asked for first go first


class JobRows:
    """The jobs of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, row: JobRow) -> None:
        """Add a job, or change it."""
        self._database.enter()
        values = asdict(row) | {"runner": self._database.runner}
        with self._database.writing(aside=True) as connection:
            statement = dialects.insert(connection, schema.jobs).values(values)
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
            newest = select(schema.jobs.c.id).order_by(schema.jobs.c.asked.desc(), schema.jobs.c.id).limit(_KEPT)
            over = schema.jobs.c.state.not_in(("waiting", "running"))
            connection.execute(delete(schema.jobs).where(schema.jobs.c.id.not_in(newest), over))

    def listed(self) -> Sequence[JobRow]:
        """All jobs, those asked for last first."""
        columns = [schema.jobs.c[field.name] for field in fields(JobRow)]
        with self._database.reading() as connection:
            query = select(*columns).order_by(schema.jobs.c.asked.desc(), schema.jobs.c.id)
            return [JobRow(*row) for row in connection.execute(query)]

    def get(self, id: str) -> JobRow | None:
        """One job; None where it is not kept."""
        columns = [schema.jobs.c[field.name] for field in fields(JobRow)]
        with self._database.reading() as connection:
            row = connection.execute(select(*columns).where(schema.jobs.c.id == id)).first()
            return None if row is None else JobRow(*row)

    def interrupt(self) -> int:
        """Mark what waits or runs as interrupted where its program is gone; how much that was."""
        unfinished = schema.jobs.c.state.in_(("waiting", "running"))
        left = schema.jobs.c.runner.not_in(self._database.at_work())
        with self._database.writing() as connection:
            statement = update(schema.jobs).where(unfinished, left).values(state="interrupted", ended=now())
            return connection.execute(statement).rowcount
