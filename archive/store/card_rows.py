"""The cards of a library: what was copied out of its texts, where it stood, and what was changed on them.

Only the database guards them, not the writer's lock: who reads must not wait for a long import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from archive.model.access import Rights
from archive.model.cards import Card, CardChange, CardFields, Checked, shown
from archive.model.errors import NotFound
from archive.model.records import Period, Precision
from archive.store import article_rows, audit, dialects
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles
from archive.store.visibility import covered
from archive.store.workbench_schema import card_changes, cards

_PARTING = "\n"
_LISTS = ("classes", "persons", "places")

Saying = tuple[CardFields, Period | None]
"""What is said of the words of a card, and what the date in that is understood as."""


class CardRows:
    """The cards of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, made: Sequence[Card]) -> list[int]:
        """Keep cards, whose keys and moments do not count, all or none; their keys. Raises NotFound."""
        moment, keys = now(), []
        with self._database.writing() as connection:
            of_id: dict[str, int] = {}
            for card in made:
                if card.article not in of_id:
                    of_id[card.article] = article_rows.key_and_version(connection, card.article)[0]
                row = {
                    "article": of_id[card.article],
                    "version": card.version,
                    "block": card.block,
                    "start": card.start,
                    "end": card.end,
                    "written": card.written,
                    "before": card.before,
                    "after": card.after,
                    "owner": card.owner,
                    "who": card.who,
                    "moment": moment,
                    **_row((card.said, card.date)),
                }
                keys.append(dialects.added(connection, cards, row))
            for id in of_id:
                numbers = [str(key) for key, card in zip(keys, made, strict=True) if card.article == id]
                told = numbers[0] if len(numbers) == 1 else f"{numbers[0]}—{numbers[-1]}（{len(numbers)} 张）"
                audit.note(connection, (moment, made[0].who), "card", id, f"做卡片 {told}")
        return keys

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

    def keys(self) -> frozenset[int]:
        """The keys of all cards there are, whoever may see them."""
        return self._database.remembered(
            "card-keys", lambda connection: frozenset(connection.scalars(select(cards.c.key)))
        )

    def change(self, sayings: Mapping[int, Saying], who: str) -> int:
        """Say something else of cards, by key, all or none; how many are said something else of. Raises NotFound."""
        moment, changed = now(), 0
        with self._database.writing() as connection:
            for key, (said, date) in sayings.items():
                row = connection.execute(select(cards).where(cards.c.key == key)).first()
                if row is None:
                    raise no_card()
                if _note(connection, key, _said(row), said, (moment, who)):
                    values = {**_row((said, date)), "changed": moment}
                    connection.execute(update(cards).where(cards.c.key == key).values(values))
                    audit.note(connection, (moment, who), "card", str(key), "改卡片")
                    changed += 1
        return changed

    def changes(self, key: int) -> tuple[CardChange, ...]:
        """What was changed on a card, the latest first."""
        table = card_changes.c
        query = select(table.moment, table.who, table.field, table.before, table.after).where(table.card == key)
        with self._database.reading() as connection:
            return tuple(CardChange(*row) for row in connection.execute(query.order_by(table.key.desc())))

    def remove(self, key: int, who: str) -> None:
        """Throw a card away. Raises NotFound."""
        with self._database.writing() as connection:
            connection.execute(delete(card_changes).where(card_changes.c.card == key))
            if not connection.execute(delete(cards).where(cards.c.key == key)).rowcount:
                raise no_card()
            audit.note(connection, (now(), who), "card", str(key), "删卡片")


def _note(connection: Connection, key: int, before: CardFields, after: CardFields, origin: tuple[str, str]) -> bool:
    """Write down each field that differs; whether any does."""
    names = [one.name for one in fields(CardFields) if getattr(before, one.name) != getattr(after, one.name)]
    for name in names:
        row = {"card": key, "moment": origin[0], "who": origin[1], "field": name}
        connection.execute(insert(card_changes).values(**row, before=shown(before, name), after=shown(after, name)))
    return bool(names)


def _row(saying: Saying) -> dict[str, str | int | None]:
    said, date = saying
    values: dict[str, str | int | None] = {name: _PARTING.join(getattr(said, name)) for name in _LISTS}
    values |= {"note": said.note, "dated": said.dated, "meant": said.meant, "uses": said.uses}
    values |= {"checked": said.checked.value, "begins": None, "ends": None}
    return values if date is None else values | {"begins": date.start, "ends": date.end}


def _said(row: Any) -> CardFields:
    several = {name: tuple(filter(None, getattr(row, name).split(_PARTING))) for name in _LISTS}
    return CardFields(
        note=row.note,
        dated=row.dated,
        meant=row.meant,
        checked=Checked(row.checked) if row.checked else Checked.NOT_YET,
        uses=row.uses,
        **several,
    )


def _card(row: Any) -> Card:
    undated = row.begins is None and row.ends is None
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
        said=_said(row),
        date=None if undated else Period(row.begins, row.ends, Precision.RANGE, row.meant or row.dated),
        owner=row.owner,
        who=row.who,
        when=row.moment,
        changed=row.changed or "",
    )


def no_card() -> NotFound:
    """The error for a card that is not there, or not to be seen."""
    return NotFound("没有这张卡片", hint="重新打开“资料卡片”再看")
