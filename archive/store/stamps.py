"""When each text last changed for who may read it, and which were taken back: what harvesters go by.

All inside the connection's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, exists, false, func, or_, select

from archive.model.access import Rights
from archive.model.holdings import Stamp
from archive.model.records import Access, Article, Status
from archive.store import visibility
from archive.store.schema import articles, audit, bulk_changed, bulk_changes, versions

_WAS_RELEASED = f"{Status.RELEASED.value} → "
_SHOWN = "，已发布"  # ends what the log says of a change of access where the article was, or had been, released


def stamps(connection: Connection, rights: Rights) -> tuple[Stamp, ...]:
    """Every article that rights cover, and those that they covered until they no longer did, by moment and id.

    A moment is that of the last version, of the last step from status to status, of the last change to many articles
    or to the collection. That a text was once released is known from the log; one whose log does not say so, because
    it was never released, is not told of. One that was narrowed (公开 → 内部), alone or with its collection, has the
    moment of that: what happens to it afterwards is not for these rights.
    """
    released = Rights(tuple(one for one in rights.grants if Status.RELEASED in one.statuses))
    seen, gone = visibility.covered(rights), visibility.covered(released.whatever_status)
    moments = dict(_moments(connection))
    once = _once_released(connection)
    left = _narrowing(released)
    last = select(audit.c.subject, func.max(audit.c.moment)).where(left).group_by(audit.c.subject)
    narrowed = {row[0]: row[1] for row in connection.execute(last)}
    shown, kept = (set(connection.scalars(select(articles.c.id).where(which))) for which in (seen, gone))
    current = (versions.c.article == articles.c.key) & (versions.c.version == articles.c.version)
    columns = (articles.c.key, articles.c.id, articles.c.collection, versions.c.moment)
    query = select(*columns).join_from(articles, versions, current)
    query = query.where(seen | gone | articles.c.id.in_(select(audit.c.subject).where(left)))
    found = []
    for key, id, collection, moment in connection.execute(query):
        if id in narrowed and id not in kept:
            found.append(Stamp(narrowed[id], id, collection, gone=True))
        elif id in shown or key in once or id in once:
            latest = max(moment, moments.get(key, ""), moments.get(id, ""), moments.get((collection,), ""))
            found.append(Stamp(latest, id, collection, id not in shown))
    return tuple(sorted(found, key=lambda one: (one.moment, one.id)))


def access_changed(before: Access, now: Access, once_released: bool) -> str:
    """What the log says of an article whose access was changed."""
    return f"{before.value} → {now.value}{_SHOWN if once_released else ''}"


def was_released(connection: Connection, article: Article) -> bool:
    """Whether an article is released, or was before."""
    left = audit.c.detail.startswith(_WAS_RELEASED, autoescape=True) & (audit.c.action == "status")
    return article.status is Status.RELEASED or bool(
        connection.scalar(select(exists(select(1).where(left, audit.c.subject == article.id))))
    )


def _narrowing(released: Rights) -> ColumnElement[bool]:
    """The entries of the log that tell of a released article made narrower, or wider, than what rights cover."""
    levels = sorted({level.value for grant in released.grants for level in grant.access})
    words = (audit.c.detail.startswith(f"{level} → ", autoescape=True) for level in levels)
    return (audit.c.action == "access") & audit.c.detail.endswith(_SHOWN) & or_(false(), *words)


def _moments(connection: Connection) -> Iterator[tuple[object, str]]:
    """Moments by the id of an article, by its key, by (the id of its collection,)."""
    noted = select(audit.c.subject, func.max(audit.c.moment)).group_by(audit.c.subject)
    yield from ((row[0], row[1]) for row in connection.execute(noted.where(audit.c.action.in_(("status", "purge")))))
    yield from (((row[0],), row[1]) for row in connection.execute(noted.where(audit.c.action == "collection")))
    many = select(bulk_changed.c.article, func.max(bulk_changes.c.moment), func.max(bulk_changes.c.taken_back))
    many = many.join(bulk_changes, bulk_changes.c.key == bulk_changed.c.change).group_by(bulk_changed.c.article)
    yield from ((row[0], max(row[1], row[2])) for row in connection.execute(many))


def _once_released(connection: Connection) -> set[object]:
    """The ids, or the keys, of the articles that left the status 发布 at some time, and of those that were purged."""
    left = audit.c.detail.startswith(_WAS_RELEASED, autoescape=True) & (audit.c.action == "status")
    found: set[object] = set(connection.scalars(select(audit.c.subject).where(left | (audit.c.action == "purge"))))
    bulk = select(bulk_changed.c.article).where(bulk_changed.c.status == Status.RELEASED.value)
    return found | set(connection.scalars(bulk))
