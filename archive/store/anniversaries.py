"""What happened on this day of the year: found by the articles' own dates, without reading any text."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from archive.model.access import Rights
from archive.model.records import Precision
from archive.store.database import Database
from archive.store.present import CURRENT
from archive.store.schema import articles, versions
from archive.store.visibility import covered

_TO_ORDINAL = 1_721_425  # from a Julian day number to the proleptic Gregorian ordinal of `datetime`


class Anniversaries:
    """The days that the articles of one library are dated to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on(self, month: int, day: int, rights: Rights) -> list[tuple[str, int]]:
        """Ids and years (Gregorian) of articles that rights cover and that are dated to this day, the oldest first."""
        by_day = self._database.remembered(("anniversaries", rights), lambda connection: _by_day(connection, rights))
        return by_day.get((month, day), [])


def _by_day(connection: Connection, rights: Rights) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """The same for every (month, day)."""
    query = (
        select(articles.c.id, versions.c.date_start)
        .join_from(articles, versions, CURRENT)
        .where(versions.c.date_precision == Precision.DAY.value, versions.c.date_start > _TO_ORDINAL, covered(rights))
        .order_by(versions.c.date_start, articles.c.key)
    )
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for id, start in connection.execute(query):
        when = date.fromordinal(start - _TO_ORDINAL)
        found.setdefault((when.month, when.day), []).append((id, when.year))
    return found
