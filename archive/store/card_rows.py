"""The cards of a library: what was copied out of its texts, and where it stood.

Only the database guards them, not the writer's lock: who reads must not wait for a long import.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update

from archive.model.access import Rights
from archive.model.cards import Card
from archive.model.errors import NotFound
from archive.store import article_rows, audit
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles, cards
from archive.store.visibility import covered

_PARTING = "\n"


class CardRows:
    """The cards of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, card: Card) -> int:
        """Keep a card, whose key and moments do not count; its key. Raises NotFound."""
        moment = now()
        with self._database.writing() as connection:
            article, _ = article_rows.key_and_version(connection, card.article)
            row = {
                "article": article,
                "version": card.version,
                "block": card.block,
                "start": card.start,
                "end": card.end,
                "written": card.written,
                "before": card.before,
                "after": card.after,
                "classes": _PARTING.join(card.classes),
                "note": card.note,
                "owner": card.owner,
                "who": card.who,
                "moment": moment,
            }
            added = connection.execute(insert(cards).values(row)).inserted_primary_key
            key = int(added[0]) if added else 0
            audit.note(connection, (moment, card.who), "card", card.article, f"做卡片 {key}")
        return key

    def all(self, rights: Rights) -> tuple[Card, ...]:
        """All cards from articles that rights cover, the latest first."""
        query = (
            select(cards, articles.c.id)
            .join(articles, articles.c.key == cards.c.article)
            .where(covered(rights))
            .order_by(cards.c.key.desc())
        )
        return self._database.remembered(
            ("cards", rights), lambda connection: tuple(_card(row) for row in connection.execute(query))
        )

    def change(self, key: int, classes: tuple[str, ...], note: str, who: str) -> None:
        """Put a card into other classes, with another note. Raises NotFound."""
        moment = now()
        values = {"classes": _PARTING.join(classes), "note": note, "changed": moment}
        with self._database.writing() as connection:
            if not connection.execute(update(cards).where(cards.c.key == key).values(values)).rowcount:
                raise no_card()
            audit.note(connection, (moment, who), "card", str(key), "改卡片")

    def remove(self, key: int, who: str) -> None:
        """Throw a card away. Raises NotFound."""
        with self._database.writing() as connection:
            if not connection.execute(delete(cards).where(cards.c.key == key)).rowcount:
                raise no_card()
            audit.note(connection, (now(), who), "card", str(key), "删卡片")


def _card(row: Any) -> Card:
    return Card(
        key=row.key,
        article=row.id,
        version=row.version,
        block=row.block,
        start=row.start,
        end=row.end,
        written=row.written,
        before=row.before,
        after=row.after,
        classes=tuple(filter(None, row.classes.split(_PARTING))),
        note=row.note,
        owner=row.owner,
        who=row.who,
        when=row.moment,
        changed=row.changed or "",
    )


def no_card() -> NotFound:
    """The error for a card that is not there, or not to be seen."""
    return NotFound("没有这张卡片", hint="重新打开“资料卡片”再看")
