"""What each person asked, as rows. They are written a few seconds later, many in one commit.

Every page of hits notes its search; nothing that is remembered of the library (see `Database.remembered`) depends on
it. Only the database guards the rows, not the writer's lock.
"""

from __future__ import annotations

import logging
import threading
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from archive.model.errors import WenshiError
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import asked_searches, audit, no_history

_KEPT = 500  # searches of one person
_LATER = 3.0  # seconds
_MOST = 200  # searches that wait

_log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """One search: whose, when, its parameters as JSON, how many articles it found."""

    owner: str
    moment: str
    search: str
    total: int


class AskedRows:
    """The searches noted in one library."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._waiting: list[Asked] = []
        self._timer: threading.Timer | None = None
        self._writing = threading.RLock()  # who reads waits for what is being written just now

    def note(self, owner: str, search: str, total: int) -> None:
        """Note that somebody asked; what was asked the same way before is forgotten, and so is the oldest."""
        with self._lock:
            self._waiting.append(Asked(owner, now(), search, total))
            if self._timer is None:
                self._timer = threading.Timer(_LATER, self.write)
                self._timer.daemon = True
                self._timer.start()
            full = len(self._waiting) >= _MOST
        if full:
            self.write()

    def take(self) -> list[Asked]:
        """What waits, and does so no longer."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return waiting

    def write(self) -> None:
        """Write what waits. A disk that takes nothing is no obstacle to anything: then it is lost, and logged."""
        with self._writing:
            self._write(self.take())

    def _write(self, waiting: list[Asked]) -> None:
        if not waiting:
            return
        try:
            with self._database.writing(aside=True) as connection:
                _write(connection, waiting)
        except WenshiError as error:
            _log.info("searches were not noted in the history: %s", error)

    def of(self, owner: str) -> list[tuple[str, str, int]]:
        """(moment, search, total) of what somebody asked, the latest first."""
        self.write()
        table = asked_searches.c
        query = select(table.moment, table.search, table.total).where(table.owner == owner)
        with self._database.reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(table.key.desc()))]

    def clear(self, owner: str) -> None:
        """Forget everything somebody asked."""
        self.write()
        with self._database.writing() as connection:
            connection.execute(delete(asked_searches).where(asked_searches.c.owner == owner))

    def kept(self, owner: str) -> bool:
        """Whether what somebody asks is noted."""
        with self._database.reading() as connection:
            return connection.execute(select(no_history).where(no_history.c.owner == owner)).first() is None

    def keep(self, owner: str, keep: bool) -> None:
        """Note what somebody asks from now on, or not."""
        self.write()
        with self._database.writing() as connection:
            connection.execute(delete(no_history).where(no_history.c.owner == owner))
            if not keep:
                connection.execute(insert(no_history).values(owner=owner))


def _write(connection: Connection, waiting: list[Asked]) -> None:
    table = asked_searches
    unwanted = set(connection.scalars(select(no_history.c.owner)))
    # What was asked before a text was purged may hold words of it.
    purged = connection.scalar(select(func.max(audit.c.moment)).where(audit.c.action == "purge")) or ""
    wanted = [one for one in waiting if one.owner not in unwanted and one.moment > purged]
    for owner, of_one in groupby(sorted(wanted, key=lambda one: one.owner), key=lambda one: one.owner):
        latest: dict[str, Asked] = {}
        for one in of_one:
            latest.pop(one.search, None)  # so that it stands where it was asked last
            latest[one.search] = one
        connection.execute(delete(table).where(table.c.owner == owner, table.c.search.in_(latest)))
        connection.execute(insert(table), [one._asdict() for one in latest.values()])
        kept = select(table.c.key).where(table.c.owner == owner).order_by(table.c.key.desc()).limit(_KEPT)
        connection.execute(delete(table).where(table.c.owner == owner, table.c.key.not_in(kept)))
