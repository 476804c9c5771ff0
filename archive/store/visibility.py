"""Which rows rights cover: the one place in the store that asks. Everything runs in the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, false, func, not_, or_, select

from archive.model.access import Grant, Rights
from archive.model.errors import NotFound
from archive.store import schema
from archive.store.present import CURRENT
from archive.store.schema import articles, versions

_MOST = 500  # ids named in one statement


@lru_cache(64)
def covered(rights: Rights) -> ColumnElement[bool]:
    """The condition that rights cover a row of `articles`; made once, since every page asks for it many times."""
    return or_(false(), *map(_granted, rights.grants))


def _granted(grant: Grant) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        articles.c.status.in_(sorted(one.value for one in grant.statuses)),
        articles.c.access.in_(sorted(one.value for one in grant.access)),
    ]
    if grant.collection:
        conditions.append(articles.c.collection == grant.collection)
    if grant.closed:
        conditions.append(articles.c.collection.not_in(sorted(grant.closed)))
    return and_(*conditions)


def covers(connection: Connection, id: str, rights: Rights) -> bool:
    """Whether there is an article of this id and rights cover it; its text is not touched."""
    return bool(connection.scalar(_covers(rights), {"id": id}))


@lru_cache(64)
def _covers(rights: Rights) -> Select[tuple[bool]]:
    return select(exists(select(1).where(articles.c.id == bindparam("id"), covered(rights))))


def digests(connection: Connection, rights: Rights) -> dict[str, str]:
    """The id of every article that rights cover, and the digest of its current version."""
    query = select(articles.c.id, versions.c.digest).join_from(articles, versions, CURRENT).where(covered(rights))
    return {row[0]: row[1] for row in connection.execute(query.order_by(articles.c.key))}


def collections(connection: Connection, rights: Rights) -> set[str]:
    """The ids of the collections with an article that rights cover."""
    return set(connection.scalars(select(articles.c.collection).distinct().where(covered(rights))))


def pending_count(connection: Connection, rights: Rights) -> int:
    """How many articles on the pending list rights cover."""
    query = select(func.count()).select_from(articles).join(schema.pending).where(covered(rights))
    return connection.scalar(query) or 0


def hides(connection: Connection, ids: Sequence[str], rights: Rights) -> bool:
    """Whether one of these articles exists and is not covered by rights."""
    hidden = select(1).select_from(articles).where(not_(covered(rights)))
    starts = range(0, len(ids), _MOST)
    return any(
        connection.scalar(select(exists(hidden.where(articles.c.id.in_(ids[at : at + _MOST]))))) for at in starts
    )


def hidden_imports(connection: Connection, rights: Rights) -> frozenset[int]:
    """The keys of the imports that brought in an article which rights do not cover."""
    query = select(articles.c.import_key).distinct().where(articles.c.import_key.is_not(None), not_(covered(rights)))
    return frozenset(connection.scalars(query))


def hidden_changes(connection: Connection, rights: Rights) -> frozenset[int]:
    """The keys of the bulk changes of an article which rights do not cover."""
    changed = schema.bulk_changed
    query = select(changed.c.change).distinct().join(articles, articles.c.key == changed.c.article)
    return frozenset(connection.scalars(query.where(not_(covered(rights)))))


def require_original(connection: Connection, sha256: str, rights: Rights) -> None:
    """Raise NotFound unless rights cover every article out of an original, so that it shows nothing they do not."""
    if rights.unlimited:
        return
    out_of_it = select(1).select_from(articles).join(versions, versions.c.article == articles.c.key)
    out_of_it = out_of_it.where(versions.c.original == sha256)
    hidden = connection.scalar(select(exists(out_of_it.where(not_(covered(rights))))))
    if hidden or not connection.scalar(select(exists(out_of_it))):
        raise no_original(sha256)


def require_picture(connection: Connection, sha256: str, rights: Rights, *, books: bool) -> None:
    """Raise NotFound unless a picture stands in an article that rights cover; `books`: or on a project's cover."""
    if rights.unlimited:
        return
    if not sha256.isalnum():
        raise no_picture(sha256)
    within = f"%{sha256}%"
    shown = select(1).select_from(articles).join(versions, versions.c.article == articles.c.key)
    if connection.scalar(select(exists(shown.where(covered(rights), versions.c.blocks.like(within))))):
        return
    if books and connection.scalar(select(exists(select(1).where(schema.projects.c.body.like(within))))):
        return
    raise no_picture(sha256)


def no_original(sha256: str) -> NotFound:
    """The error for an original that is not there, or not to be seen."""
    return NotFound(f"没有这份原件：{sha256[:80]}", hint="检查编号是否写错")


def no_picture(sha256: str) -> NotFound:
    """The error for a picture that is not there, or not to be seen."""
    return NotFound(f"没有这幅图片：{sha256[:80]}", hint="它可能属于另一个资料库")
