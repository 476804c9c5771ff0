"""Collections, imports, selections, the pending list and the audit log. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Select, case, cast, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from archive.model.errors import NotFound
from archive.model.holdings import AuditEntry, Import, Version
from archive.model.issues import IssueCode
from archive.model.records import Collection, Issue, Picture
from archive.store import article_rows, codec, schema
from archive.store.visibility import no_original, no_picture

# -- collections


def save_collection(connection: Connection, collection: Collection) -> bool:
    """Add a collection, or change the description of the one with this id; returns whether that changed anything."""
    present = connection.execute(_COLLECTIONS.where(schema.collections.c.id == collection.id)).first()
    if present is not None and _collection(present) == collection:
        return False
    row = {name: getattr(collection, name) for name in Collection.__dataclass_fields__}
    row["fields"] = codec.encode_declared(collection.fields)
    statement = sqlite_insert(schema.collections).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
    return True


def collections(connection: Connection) -> tuple[Collection, ...]:
    """All collections, removed ones included: as they were ordered, the others by id after them."""
    table = schema.collections.c
    order = (case((table.position > 0, table.position), else_=_LAST), table.id)
    return tuple(_collection(row) for row in connection.execute(_COLLECTIONS.order_by(*order)))


def collection(connection: Connection, id: str) -> Collection:
    """One collection. NotFound."""
    row = connection.execute(_COLLECTIONS.where(schema.collections.c.id == id)).first()
    if row is None:
        raise no_collection(id)
    return _collection(row)


def no_collection(id: str) -> NotFound:
    """The error for a collection that is not there, or not to be known of."""
    return NotFound(f"没有编号为“{id}”的文集", hint="先建立这个文集，或检查编号是否写错")


def _collection(row: Sequence[Any]) -> Collection:
    values = dict(zip(Collection.__dataclass_fields__, row, strict=True))
    return Collection(**values | {"fields": codec.decode_declared(values["fields"])})


_LAST = 1 << 40  # after every place given
_COLLECTIONS = select(*(schema.collections.c[name] for name in Collection.__dataclass_fields__))


# -- imports


def record_original(connection: Connection, sha256: str, name: str, size: int, origin: tuple[str, str]) -> None:
    """Note a file in the vault; one known already keeps its first name. `size` in bytes, `origin` is (moment, who)."""
    row = {"sha256": sha256, "name": name, "size": size, "moment": origin[0]}
    connection.execute(sqlite_insert(schema.originals).values(row).on_conflict_do_nothing())


def record_import(
    connection: Connection, sha256: str, name: str, origin: tuple[str, str], counted: int, issues: Sequence[Issue]
) -> int:
    """Note that a file was taken in; the key of the import.

    `origin` is (moment, who), `counted` how many articles came from it.
    Where an editor released it although characters are missing, the audit log tells that too.
    """
    moment, who = origin
    row = {
        "original": sha256,
        "name": name,
        "moment": moment,
        "who": who,
        "articles": counted,
        "issues": codec.encode_issues(issues),
    }
    key = connection.execute(insert(schema.imports).values(row)).inserted_primary_key
    for issue in issues:
        if issue.code is IssueCode.RELEASED:
            note(connection, origin, "release", sha256, f"{name}：{issue.message}")
    assert key is not None
    return int(key[0])


def record_pictures(connection: Connection, pictures: Sequence[Picture]) -> None:
    """Note the media type of pictures; those known already stay as they are."""
    if pictures:
        rows = [{"sha256": p.sha256, "media_type": p.media_type, "size": len(p.data)} for p in pictures]
        connection.execute(sqlite_insert(schema.pictures).on_conflict_do_nothing(), rows)


def known(connection: Connection, sha256: str, collection: str) -> tuple[str, ...] | None:
    """Ids of the articles of a collection that have a version from this original; None when there are none.

    What came in by an import that was undone does not count, so that the file can be taken in again.
    """
    undone = undone_imports()
    query = (
        select(schema.articles.c.id)
        .join(schema.versions, schema.versions.c.article == schema.articles.c.key)
        .where(schema.versions.c.original == sha256, schema.articles.c.collection == collection)
        .where(func.coalesce(schema.articles.c.import_key, 0).not_in(undone))
        .order_by(schema.articles.c.number, schema.articles.c.key)
    )
    return tuple(dict.fromkeys(connection.scalars(query))) or None


def imports(connection: Connection) -> tuple[Import, ...]:
    """Everything taken in, oldest first."""
    table = schema.imports.c
    query = select(
        table.key, table.original, table.name, table.moment, table.who, table.articles, table.issues
    ).order_by(table.key)  # fmt: skip
    undone = set(connection.scalars(undone_imports()))
    return tuple(
        Import(*row[1:-1], codec.decode_issues(row[-1]), key=row[0], undone=row[0] in undone)
        for row in connection.execute(query)
    )


UNDO_IMPORT = "undo-import"
"""The bulk change that takes out what an import brought in (see bulk_changes.py)."""


def undone_imports() -> Select[int]:
    """The keys of the imports that were undone, as a query."""
    table = schema.bulk_changes.c
    stands = (table.action == UNDO_IMPORT) & (table.taken_back == "")
    return select(cast(table.subject, Integer)).where(stands)


def original_name(connection: Connection, sha256: str) -> str:
    """The name an original first came with. NotFound."""
    name = connection.scalar(select(schema.originals.c.name).where(schema.originals.c.sha256 == sha256))
    if name is None:
        raise no_original(sha256)
    return str(name)


def media_type(connection: Connection, sha256: str) -> str:
    """The media type of a picture. NotFound."""
    found = connection.scalar(select(schema.pictures.c.media_type).where(schema.pictures.c.sha256 == sha256))
    if found is None:
        raise no_picture(sha256)
    return str(found)


# -- versions, pending list


def versions(connection: Connection, id: str) -> tuple[Version, ...]:
    """All versions of an article, oldest first. NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    table = schema.versions.c
    query = (
        select(table.version, table.digest, table.moment, table.who, table.reason)
        .where(table.article == key)
        .order_by(table.version)
    )
    return tuple(Version(*row) for row in connection.execute(query))


def pending(connection: Connection) -> tuple[str, ...]:
    """Ids of the articles the index has not seen in their present state, oldest article first."""
    query = select(schema.articles.c.id).join(schema.pending).order_by(schema.articles.c.key)
    return tuple(connection.scalars(query))


def indexed(connection: Connection, ids: Sequence[str]) -> None:
    """Take articles off the pending list; ids that are not on it are ignored."""
    for part in article_rows.parts(ids):
        keys = select(schema.articles.c.key).where(schema.articles.c.id.in_(part))
        connection.execute(delete(schema.pending).where(schema.pending.c.article.in_(keys)))


# -- selections


def selection(connection: Connection, name: str) -> tuple[str, ...]:
    """Article ids of a selection in its order; empty when there is none of that name."""
    query = (
        select(schema.articles.c.id)
        .join(schema.selections, schema.selections.c.article == schema.articles.c.key)
        .where(schema.selections.c.name == name)
        .order_by(schema.selections.c.position)
    )
    return tuple(connection.scalars(query))


def save_selection(connection: Connection, name: str, ids: Sequence[str]) -> None:
    """Make the selection consist of `ids` in this order; an empty one is gone. NotFound for an id nobody has."""
    keys = article_rows.keys_of(connection, ids)
    connection.execute(delete(schema.selections).where(schema.selections.c.name == name))
    if keys:
        rows = [{"name": name, "position": position, "article": key} for position, key in enumerate(keys)]
        connection.execute(insert(schema.selections), rows)


def selections(connection: Connection) -> tuple[str, ...]:
    """The names of all selections, in order."""
    return tuple(connection.scalars(select(schema.selections.c.name).distinct().order_by(schema.selections.c.name)))


# -- audit log


def note(connection: Connection, origin: tuple[str, str], action: str, subject: str, detail: str) -> None:
    """Add a line to the audit log. `origin` is (moment, who); never pass manuscript text."""
    moment, who = origin
    row = {"moment": moment, "who": who, "action": action, "subject": subject, "detail": detail}
    connection.execute(insert(schema.audit).values(row))


def audit(connection: Connection, limit: int) -> tuple[AuditEntry, ...]:
    """The latest `limit` lines of the audit log, newest first."""
    table = schema.audit.c
    query = select(table.moment, table.who, table.action, table.subject, table.detail)
    return tuple(AuditEntry(*row) for row in connection.execute(query.order_by(table.key.desc()).limit(limit)))
