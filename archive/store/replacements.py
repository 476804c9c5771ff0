"""Words replaced in many articles as one bulk change: new versions of all of them, taken back as one.

Whoever calls what writes holds the writer's lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update

from archive.model.access import Rights
from archive.model.errors import Conflict
from archive.model.holdings import BulkChange
from archive.store import article_rows, audit, dialects, revising
from archive.store.bulk_changes import REPLACE
from archive.store.database import Database
from archive.store.lock import now
from archive.store.revising import Described
from archive.store.schema import articles, bulk_changed, bulk_changes
from archive.store.visibility import covered, hidden_changes


class Replacements:
    """The replacements of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, described: Sequence[Described], detail: str, reason: str, who: str) -> BulkChange:
        """Store the next version of each article, all or none. Raises Conflict, NotFound."""
        moment = now()
        with self._database.writing() as connection:
            row = {"moment": moment, "who": who, "action": REPLACE, "subject": "", "target": "", "detail": detail}
            key = dialects.added(connection, bulk_changes, {**row, "taken_back": ""})
            made = [revising.revise(connection, one, (moment, who, reason)) for one in described]
            numbers = article_rows.keys_of(connection, [one.id for one in made])
            rows = [
                {
                    "change": key,
                    "article": number,
                    "status": one.status.value,
                    "collection": one.collection,
                    "version": one.version,
                }
                for number, one in zip(numbers, made, strict=True)
            ]
            connection.execute(insert(bulk_changed), rows)
            audit.note(connection, (moment, who), REPLACE, str(key), f"成批替换 {len(made)} 篇")
        return BulkChange(key, moment, who, REPLACE, "", "", detail, "", len(made))

    def listed(self, rights: Rights) -> tuple[BulkChange, ...]:
        """Those that changed only articles which rights cover, the newest first: they tell how many places."""
        table = bulk_changes.c
        columns = (
            table.key, table.moment, table.who, table.action, table.subject, table.target, table.detail,
            table.taken_back,
        )  # fmt: skip
        with self._database.reading() as connection:
            hidden = () if rights.unlimited else sorted(hidden_changes(connection, rights))
            query = (
                select(*columns, func.count())
                .join(bulk_changed, bulk_changed.c.change == table.key)
                .join(articles, articles.c.key == bulk_changed.c.article)
                .where(table.action == REPLACE, covered(rights), table.key.not_in(hidden))
                .group_by(*columns)
                .order_by(table.key.desc())
            )
            return tuple(BulkChange(*row) for row in connection.execute(query))

    def versions(self, key: int, rights: Rights) -> tuple[tuple[str, int], ...]:
        """The articles it changed and rights cover: (id, the version it made)."""
        query = (
            select(articles.c.id, bulk_changed.c.version)
            .join(articles, articles.c.key == bulk_changed.c.article)
            .where(bulk_changed.c.change == key, covered(rights))
            .order_by(articles.c.key)
        )
        with self._database.reading() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def take_back(self, key: int, described: Sequence[Described], reason: str, who: str) -> None:
        """Store the next version of each article and mark the change as taken back. Raises Conflict when it was."""
        moment = now()
        with self._database.writing() as connection:
            standing = update(bulk_changes).where(bulk_changes.c.key == key, bulk_changes.c.taken_back == "")
            if not connection.execute(standing.values(taken_back=moment)).rowcount:
                raise Conflict("这一次替换已经撤销过了", hint="重新打开“成批替换”的记录再看")
            for one in described:
                revising.revise(connection, one, (moment, who, reason))
            audit.note(connection, (moment, who), "take-back", str(key), f"撤销成批替换 {len(described)} 篇")
