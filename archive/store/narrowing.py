"""Released articles that fewer people may read than before: noted as it happens, so that harvesters are told of it.

An article is as open as its own level and its collection's, whichever is narrower. What is noted are bulk changes that
nobody takes back: `subject` is the level before, `target` the one since. All inside the connection's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, insert, or_, select, true

from archive.model.access import Rights
from archive.model.records import Access, Status
from archive.store import dialects, schema
from archive.store.article_rows import parts
from archive.store.schema import articles, audit, bulk_changed, bulk_changes

NARROW = "narrow"

_LEVELS = tuple(Access)  # the widest first
_WAS_RELEASED = f"{Status.RELEASED.value} → "


class _Held(NamedTuple):
    level: int  # of _LEVELS
    id: str
    status: str
    collection: str


@contextmanager
def noted(connection: Connection, which: ColumnElement[bool], origin: tuple[str, str]) -> Iterator[None]:
    """Note which of these articles the body makes narrower; `origin` is (moment, who)."""
    before = _held(connection, which)
    yield
    narrower = defaultdict(list)
    for part in parts(list(before)):
        for key, now in _held(connection, articles.c.key.in_(part)).items():
            if now.level > before[key].level:
                narrower[before[key].level, now.level].append(key)
    once = once_released(connection) if narrower else set()
    for (level, since), keys in narrower.items():
        shown = [
            {"article": key, "status": held.status, "collection": held.collection}
            for key, held in ((key, before[key]) for key in keys)
            if held.status == Status.RELEASED.value or {key, held.id} & once
        ]
        _note(connection, (_LEVELS[level], _LEVELS[since]), shown, origin)


def narrowed(connection: Connection, rights: Rights) -> dict[int, tuple[str, str]]:
    """When articles last became too narrow for rights, and the collection each was in then, by key."""
    conditions = []
    for grant in rights.grants:
        levels = sorted(level.value for level in grant.access)
        within = bulk_changed.c.collection == grant.collection if grant.collection else true()
        conditions.append(and_(bulk_changes.c.subject.in_(levels), bulk_changes.c.target.not_in(levels), within))
    query = select(bulk_changed.c.article, bulk_changes.c.moment, bulk_changed.c.collection)
    query = query.join(bulk_changes, bulk_changes.c.key == bulk_changed.c.change)
    query = query.where(bulk_changes.c.action == NARROW, or_(false(), *conditions)).order_by(bulk_changes.c.key)
    return {key: (moment, collection) for key, moment, collection in connection.execute(query)}


def once_released(connection: Connection) -> set[object]:
    """The ids, or the keys, of the articles that left the status 发布 at some time, and of those that were purged."""
    left = audit.c.detail.startswith(_WAS_RELEASED, autoescape=True) & (audit.c.action == "status")
    found: set[object] = set(connection.scalars(select(audit.c.subject).where(left | (audit.c.action == "purge"))))
    bulk = select(bulk_changed.c.article).where(bulk_changed.c.status == Status.RELEASED.value)
    return found | set(connection.scalars(bulk))


def _held(connection: Connection, which: ColumnElement[bool]) -> dict[int, _Held]:
    """How open articles are, by key."""
    own, whole = articles.c, schema.collections.c
    query = select(own.key, own.access, whole.access, own.id, own.status, own.collection)
    query = query.join(schema.collections, whole.id == own.collection).where(which)
    return {
        key: _Held(max(_LEVELS.index(Access(one)) for one in (access, level)), *rest)
        for key, access, level, *rest in connection.execute(query)
    }


def _note(
    connection: Connection, levels: tuple[Access, Access], rows: Sequence[dict[str, object]], origin: tuple[str, str]
) -> None:
    if not rows:
        return
    row = {"moment": origin[0], "who": origin[1], "action": NARROW, "subject": levels[0].value}
    row |= {"target": levels[1].value, "detail": "", "taken_back": ""}
    change = dialects.added(connection, bulk_changes, row)
    connection.execute(insert(bulk_changed), [{**one, "change": change} for one in rows])
