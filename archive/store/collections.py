"""The rows of collections. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from archive.model.errors import NotFound
from archive.model.records import Collection
from archive.store import codec, schema


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
