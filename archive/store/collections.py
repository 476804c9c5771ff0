"""The rows of collections. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, select

from archive.model.errors import NotFound
from archive.model.records import Access, Collection
from archive.store import codec, dialects, narrowing, schema


def save_collection(connection: Connection, collection: Collection, origin: tuple[str, str]) -> str:
    """Add a collection, or change the description of the one with this id; says what was done, "" for nothing.

    `origin` is (moment, who).
    """
    row_before = connection.execute(_COLLECTIONS.where(schema.collections.c.id == collection.id)).first()
    present = None if row_before is None else _collection(row_before)
    if present == collection:
        return ""
    row = {name: getattr(collection, name) for name in Collection.__dataclass_fields__}
    row |= {"fields": codec.encode_declared(collection.fields), "access": collection.access.value}
    statement = dialects.insert(connection, schema.collections).values(row)
    with narrowing.noted(connection, schema.articles.c.collection == collection.id, origin):
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
    before = present.access if present else Access.OPEN
    moved = f"，访问级别：{before.value}→{collection.access.value}" if collection.access is not before else ""
    return f"{collection.title}{moved}"


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
    read = {"fields": codec.decode_declared(values["fields"]), "access": Access(values["access"])}
    return Collection(**values | read)


_LAST = 1 << 40  # after every place given
_COLLECTIONS = select(*(schema.collections.c[name] for name in Collection.__dataclass_fields__))
