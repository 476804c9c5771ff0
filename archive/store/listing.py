"""What lists and contents pages show of articles, without building their text."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from archive.model.access import Rights
from archive.model.holdings import InTime, Listed
from archive.model.records import Access, Genre, Period, Precision, Status
from archive.store import article_rows, codec
from archive.store.present import CURRENT
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


def count(connection: Connection, collection: str, rights: Rights, *, matter: bool = True) -> int:
    """How many articles of a collection (empty: of all) the asker may see, front and back matter too or not."""
    if matter:
        query = select(func.count()).select_from(articles)
    else:
        query = select(func.count()).select_from(articles).join(versions, CURRENT)
        query = query.where(versions.c.genre != Genre.MATTER.value)
    return connection.scalar(_visible(query, collection, rights)) or 0


def order(connection: Connection, collection: str, rights: Rights) -> array[int]:
    """The keys of the articles the asker may see, collection by collection as they came in."""
    keys = _visible(select(articles.c.key), collection, rights).order_by(articles.c.collection, articles.c.key)
    return array("q", connection.scalars(keys))


def in_time(connection: Connection, collection: str, rights: Rights) -> tuple[InTime, ...]:
    """All articles of a collection in the order of `order`, quickly: no text is touched."""
    columns = (articles.c.id, versions.c.section, *_DATE)
    query = _visible(select(*columns).join_from(articles, versions, CURRENT), collection, rights)
    rows = connection.execute(query.order_by(articles.c.key))
    return tuple(InTime(row.id, row.section, _date(row)) for row in rows)


def neighbours(connection: Connection, key: int, within: array[int]) -> tuple[Listed | None, Listed | None]:
    """The articles before and after one of this key, in the order of its collection."""
    before, after = bisect_left(within, key) - 1, bisect_right(within, key)
    sides = [within[before] if before >= 0 else None, within[after] if after < len(within) else None]
    found = iter(read(connection, [each for each in sides if each is not None]))
    first, second = (None if each is None else next(found) for each in sides)
    return first, second


def position(key: int, within: array[int]) -> tuple[int, int]:
    """Which one an article of this key is in the order of its collection, from 1, and of how many."""
    return bisect_right(within, key), len(within)


def place(connection: Connection, id: str) -> tuple[int, str]:
    """The key and the collection of an article. NotFound."""
    row = connection.execute(select(articles.c.key, articles.c.collection).where(articles.c.id == id)).first()
    if row is None:
        raise article_rows.no_article(id)
    return row[0], row[1]


def read(connection: Connection, keys: Sequence[int]) -> list[Listed]:
    """The articles with these keys, in that order."""
    # Keys first, texts for those alone: sorting whole rows would carry every text of a collection through the sorter.
    found: dict[int, Listed] = {}
    for part in article_rows.parts(keys):
        query = select(articles.c.key, *_LISTED).join_from(articles, versions, CURRENT).where(articles.c.key.in_(part))
        found.update((row.key, _listed(row)) for row in connection.execute(query))
    return [found[key] for key in keys]


def _visible(query: Select[Any], collection: str, rights: Rights) -> Select[Any]:
    query = query.where(covered(rights))
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
