"""What lists and contents pages show of articles, without building their text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from archive.query import Rights
from archive.records import Access, Genre, Period, Precision, Status
from archive.store import codec, holdings
from archive.store.schema import articles, versions
from archive.store.values import Listed

_LISTED = (
    articles.c.id,
    articles.c.version,
    articles.c.collection,
    articles.c.number,
    articles.c.status,
    articles.c.access,
    versions.c.genre,
    versions.c.volume,
    versions.c.section,
    versions.c.people,
    versions.c.date_start,
    versions.c.date_end,
    versions.c.date_precision,
    versions.c.date_written,
    versions.c.blocks,
)
_CURRENT = (versions.c.article == articles.c.key) & (versions.c.version == articles.c.version)


def count(connection: Connection, collection: str, rights: Rights) -> int:
    """How many articles of a collection (empty: of all) the asker may see."""
    query = _visible(select(func.count()).select_from(articles), collection, rights)
    return connection.scalar(query) or 0


def page(connection: Connection, collection: str, rights: Rights, limit: int | None, offset: int) -> list[Listed]:
    """Articles the asker may see, collection by collection as they came in."""
    query = _visible(select(*_LISTED).join_from(articles, versions, _CURRENT), collection, rights)
    query = query.order_by(articles.c.collection, articles.c.key).limit(limit).offset(offset)
    return [_listed(row) for row in connection.execute(query)]


def neighbours(connection: Connection, id: str, rights: Rights) -> tuple[Listed | None, Listed | None]:
    """The articles before and after one in its collection that the asker may see. NotFound."""
    key, _ = holdings.key_and_version(connection, id)
    collection = connection.scalar(select(articles.c.collection).where(articles.c.key == key)) or ""
    before = _next(connection, collection, rights, articles.c.key < key, articles.c.key.desc())
    after = _next(connection, collection, rights, articles.c.key > key, articles.c.key.asc())
    return before, after


def _next(
    connection: Connection, collection: str, rights: Rights, side: ColumnElement[bool], order: ColumnElement[Any]
) -> Listed | None:
    query = _visible(select(*_LISTED).join_from(articles, versions, _CURRENT), collection, rights)
    row = connection.execute(query.where(side).order_by(order).limit(1)).first()
    return _listed(row) if row else None


def _visible(query: Select[Any], collection: str, rights: Rights) -> Select[Any]:
    query = query.where(articles.c.status.in_(_values(rights.statuses)), articles.c.access.in_(_values(rights.access)))
    return query.where(articles.c.collection == collection) if collection else query


def _values(members: frozenset[Status] | frozenset[Access]) -> list[str]:
    return sorted(member.value for member in members)


def _listed(row: Any) -> Listed:
    title, characters = codec.measure_blocks(row.blocks)
    precision = row.date_precision
    return Listed(
        id=row.id,
        version=row.version,
        title=title,
        collection=row.collection,
        number=row.number,
        genre=Genre(row.genre),
        volume=row.volume,
        section=row.section,
        people=codec.decode_people(row.people),
        date=Period(row.date_start, row.date_end, Precision(precision), row.date_written) if precision else None,
        characters=characters,
        status=Status(row.status),
        access=Access(row.access),
    )
