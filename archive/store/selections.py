"""The rows of selections. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from archive.store import article_rows, schema


def ids(connection: Connection, name: str) -> tuple[str, ...]:
    """Article ids of a selection in its order; empty when there is none of that name."""
    query = (
        select(schema.articles.c.id)
        .join(schema.selections, schema.selections.c.article == schema.articles.c.key)
        .where(schema.selections.c.name == name)
        .order_by(schema.selections.c.position)
    )
    return tuple(connection.scalars(query))


def save(connection: Connection, name: str, ids: Sequence[str]) -> None:
    """Make the selection consist of `ids` in this order; an empty one is gone. NotFound for an id nobody has."""
    keys = article_rows.keys_of(connection, ids)
    connection.execute(delete(schema.selections).where(schema.selections.c.name == name))
    if keys:
        rows = [{"name": name, "position": position, "article": key} for position, key in enumerate(keys)]
        connection.execute(insert(schema.selections), rows)


def names(connection: Connection) -> tuple[str, ...]:
    """The names of all selections, in order."""
    return tuple(connection.scalars(select(schema.selections.c.name).distinct().order_by(schema.selections.c.name)))
