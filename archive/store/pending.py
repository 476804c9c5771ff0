"""The pending list: articles that the index has not seen in their present state."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from archive.store import article_rows, schema


def ids(connection: Connection) -> tuple[str, ...]:
    """Ids of the articles the index has not seen in their present state, oldest article first."""
    query = select(schema.articles.c.id).join(schema.pending).order_by(schema.articles.c.key)
    return tuple(connection.scalars(query))


def take_off(connection: Connection, ids: Sequence[str]) -> None:
    """Take articles off the pending list; ids that are not on it are ignored."""
    for part in article_rows.parts(ids):
        keys = select(schema.articles.c.key).where(schema.articles.c.id.in_(part))
        connection.execute(delete(schema.pending).where(schema.pending.c.article.in_(keys)))
