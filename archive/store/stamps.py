"""When each text last changed for who may read it, and which were taken back: what harvesters go by.

All inside the connection's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from archive.model.access import Rights
from archive.model.holdings import Stamp
from archive.model.records import Status
from archive.store import narrowing, visibility
from archive.store.article_rows import parts
from archive.store.present import CURRENT
from archive.store.schema import articles, audit, bulk_changed, bulk_changes, versions


def stamps(connection: Connection, rights: Rights) -> tuple[Stamp, ...]:
    """Every article that rights cover, and those that they covered until they no longer did, by moment and id.

    A moment is that of the last version, of the last step from status to status, of the last change to many articles
    or to the collection. That a text was once released is known from the log; one whose log does not say so, because
    it was never released, is not told of. One that was narrowed (公开 → 内部), alone, with its collection or by being
    moved, has the moment of that, and the collection it was in: what happens to it afterwards is not for these rights.
    """
    released = Rights(tuple(one for one in rights.grants if Status.RELEASED in one.statuses))
    seen, gone = visibility.covered(rights), visibility.covered(released.whatever_status)
    moments = dict(_moments(connection))
    once = narrowing.once_released(connection)
    shown, kept = (set(connection.scalars(select(articles.c.key).where(which))) for which in (seen, gone))
    narrowed = {key: told for key, told in narrowing.narrowed(connection, released).items() if key not in kept}
    columns = (articles.c.key, articles.c.id, articles.c.collection, versions.c.moment)
    query = select(*columns).join_from(articles, versions, CURRENT)
    found = []
    for key, id, collection, moment in connection.execute(query.where(seen | gone)):
        if key in shown or key in once or id in once:
            latest = max(moment, moments.get(key, ""), moments.get(id, ""), moments.get((collection,), ""))
            found.append(Stamp(latest, id, collection, key not in shown))
    for part in parts(list(narrowed)):
        for key, id in connection.execute(select(articles.c.key, articles.c.id).where(articles.c.key.in_(part))):
            found.append(Stamp(narrowed[key][0], id, narrowed[key][1], gone=True))
    return tuple(sorted(found, key=lambda one: (one.moment, one.id)))


def _moments(connection: Connection) -> Iterator[tuple[object, str]]:
    """Moments by the id of an article, by its key, by (the id of its collection,)."""
    noted = select(audit.c.subject, func.max(audit.c.moment)).group_by(audit.c.subject)
    yield from ((row[0], row[1]) for row in connection.execute(noted.where(audit.c.action.in_(("status", "purge")))))
    yield from (((row[0],), row[1]) for row in connection.execute(noted.where(audit.c.action == "collection")))
    many = select(bulk_changed.c.article, func.max(bulk_changes.c.moment), func.max(bulk_changes.c.taken_back))
    many = many.join(bulk_changes, bulk_changes.c.key == bulk_changed.c.change).group_by(bulk_changed.c.article)
    yield from ((row[0], max(row[1], row[2])) for row in connection.execute(many))
