"""What lists and contents pages show of articles, without building their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from archive.model.access import Rights
from archive.model.holdings import InTime, Listed
from archive.model.records import Access, Genre, Period, Precision, Status
from archive.store import article_rows, codec
from archive.store.schema import articles, versions
from archive.store.visibility import covered

_DATE = (versions.c.date_start, versions.c.date_end, versions.c.date_precision, versions.c.date_written)
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
    *_DATE,
    versions.c.blocks,
)
_CURRENT = (versions.c.article == articles.c.key) & (versions.c.version == articles.c.version)


def count(connection: Connection, collection: str, rights: Rights, *, matter: bool = True) -> int:
    """How many articles of a collection (empty: of all) the asker may see, front and back matter too or not."""
    if matter:
        query = select(func.count()).select_from(articles)
    else:
        query = select(func.count()).select_from(articles).join(versions, _CURRENT)
        query = query.where(versions.c.genre != Genre.MATTER.value)
    return connection.scalar(_visible(query, collection, rights)) or 0


def page(connection: Connection, collection: str, rights: Rights, limit: int | None, offset: int) -> list[Listed]:
    """Articles the asker may see, collection by collection as they came in."""
    keys = _visible(select(articles.c.key), collection, rights).order_by(articles.c.collection, articles.c.key)
    return _read(connection, list(connection.scalars(keys.limit(limit).offset(offset))))


def in_time(connection: Connection, collection: str, rights: Rights) -> tuple[InTime, ...]:
    """All articles of a collection in the order of `page`, quickly: no text is touched."""
    columns = (articles.c.id, versions.c.section, *_DATE)
    query = _visible(select(*columns).join_from(articles, versions, _CURRENT), collection, rights)
    rows = connection.execute(query.order_by(articles.c.key))
    return tuple(InTime(row.id, row.section, _date(row)) for row in rows)


def neighbours(connection: Connection, id: str, rights: Rights) -> tuple[Listed | None, Listed | None]:
    """The articles before and after one in its collection that the asker may see. NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    collection = connection.scalar(select(articles.c.collection).where(articles.c.key == key)) or ""
    before = connection.scalar(_visible(select(func.max(articles.c.key)), collection, rights, articles.c.key < key))
    after = connection.scalar(_visible(select(func.min(articles.c.key)), collection, rights, articles.c.key > key))
    return _one(connection, before), _one(connection, after)


def position(connection: Connection, id: str, rights: Rights) -> tuple[int, int]:
    """Which one an article is in its collection, from 1, and of how many, of those that the asker may see. NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    collection = connection.scalar(select(articles.c.collection).where(articles.c.key == key)) or ""
    counted = select(func.count()).select_from(articles)
    until = connection.scalar(_visible(counted, collection, rights, articles.c.key <= key)) or 0
    return until, connection.scalar(_visible(counted, collection, rights)) or 0


def _one(connection: Connection, key: int | None) -> Listed | None:
    return None if key is None else _read(connection, [key])[0]


def _read(connection: Connection, keys: Sequence[int]) -> list[Listed]:
    """The articles with these keys, in that order."""
    # Keys first, texts for those alone: sorting whole rows would carry every text of a collection through the sorter.
    found: dict[int, Listed] = {}
    for part in article_rows.parts(keys):
        query = select(articles.c.key, *_LISTED).join_from(articles, versions, _CURRENT).where(articles.c.key.in_(part))
        found.update((row.key, _listed(row)) for row in connection.execute(query))
    return [found[key] for key in keys]


def _visible(query: Select[Any], collection: str, rights: Rights, *also: ColumnElement[bool]) -> Select[Any]:
    query = query.where(covered(rights), *also)
    return query.where(articles.c.collection == collection) if collection else query


def _listed(row: Any) -> Listed:
    title, characters = codec.measure_blocks(row.blocks)
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
        date=_date(row),
        characters=characters,
        status=Status(row.status),
        access=Access(row.access),
    )


def _date(row: Any) -> Period | None:
    precision = row.date_precision
    return Period(row.date_start, row.date_end, Precision(precision), row.date_written) if precision else None
