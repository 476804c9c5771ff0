"""Who has an article open to change it, so that two people learn of each other before one of them saves.

Only the database guards these rows, not the writer's lock: who opens a form must not wait for a long import.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from archive.model.holdings import AtWork
from archive.store import dialects
from archive.store.database import Database
from archive.store.lock import now, written
from archive.store.schema import at_work

_FORGOTTEN = timedelta(minutes=20)
"""Who opened a form so long ago, and did not look again, has gone."""


class AtWorkRows:
    """Who is at work in one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def come(self, article: str, owner: str, who: str) -> tuple[AtWork, ...]:
        """Note that somebody has an article (by id) open; the others who have, who came last first."""
        row = {"article": article, "owner": owner, "who": who, "moment": now()}
        with self._database.writing(aside=True) as connection:
            connection.execute(delete(at_work).where(at_work.c.moment < written(datetime.now(UTC) - _FORGOTTEN)))
            kept = dialects.insert(connection, at_work).values(row)
            connection.execute(kept.on_conflict_do_update(index_elements=["article", "owner"], set_=row))
            others = select(at_work.c.who, at_work.c.moment).where(
                at_work.c.article == article, at_work.c.owner != owner
            )
            found = connection.execute(others.order_by(at_work.c.moment.desc(), at_work.c.who)).all()
        return tuple(AtWork(*one) for one in found)

    def leave(self, article: str, owner: str) -> None:
        """Note that somebody is done with it."""
        with self._database.writing(aside=True) as connection:
            connection.execute(delete(at_work).where(at_work.c.article == article, at_work.c.owner == owner))
