"""Checksums over what describes an article: whether it was changed by anything but this program.

One seal for each version (title, text aside: the text has its own digest) and one for where the article stands: its
collection, number, status, who may see it. A seal is the SHA-256 of a JSON object of the columns named here, in their
order, without those that are empty. So a column added later changes no seal as long as it is empty, and an upgrade of
the program makes none anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from archive.store.schema import articles, versions

OF_VERSION = (
    "moment", "who", "reason", "original", "genre", "volume", "section", "people",
    "date_start", "date_end", "date_precision", "date_written", "source", "fields",
)  # fmt: skip
OF_ARTICLE = ("id", "version", "collection", "number", "status", "access")

Execute = Callable[[str], Iterable[Sequence[Any]]]
"""Runs a statement on some connection: `Connection.exec_driver_sql`, or sqlite3's own `execute`."""

_CHUNK = 200


def seal(columns: Sequence[str], row: Mapping[str, Any]) -> str:
    """The seal over these columns of a row."""
    kept = {name: row[name] for name in columns if row[name] not in (None, "")}
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def seal_articles(connection: Connection, keys: Sequence[int]) -> None:
    """Seal articles as they stand now, in the transaction that changed them."""
    columns = [articles.c[name] for name in OF_ARTICLE]
    sealing = update(articles).where(articles.c.key == bindparam("this")).values(seal=bindparam("fresh"))
    for at in range(0, len(keys), _CHUNK):
        query = select(articles.c.key, *columns).where(articles.c.key.in_(keys[at : at + _CHUNK]))
        rows = connection.execute(query).mappings().all()
        if rows:
            connection.execute(sealing, [{"this": row["key"], "fresh": seal(OF_ARTICLE, dict(row))} for row in rows])


def seal_versions(connection: Connection, original: str) -> None:
    """Seal the versions out of an original again, in the transaction that changed what is noted of it."""
    columns = [versions.c[name] for name in OF_VERSION]
    query = select(versions.c.article, versions.c.version, *columns).where(versions.c.original == original)
    this = (versions.c.article == bindparam("a")) & (versions.c.version == bindparam("v"))
    for row in connection.execute(query).mappings().all():
        values = {"a": row["article"], "v": row["version"], "fresh": seal(OF_VERSION, dict(row))}
        connection.execute(update(versions).where(this).values(seal=bindparam("fresh")), values)


def altered(execute: Execute) -> Iterator[str]:
    """Where a seal is broken, in words: “文章 12 第 2 版”, and “文章 12” for where it stands."""
    of_version = ", ".join(f"versions.{name}" for name in OF_VERSION)
    rows = execute(
        f"SELECT articles.id, versions.version, versions.seal, {of_version} FROM versions"
        " JOIN articles ON articles.key = versions.article ORDER BY versions.article, versions.version"
    )
    for id, version, sealed, *values in rows:
        if seal(OF_VERSION, dict(zip(OF_VERSION, values, strict=True))) != sealed:
            yield f"文章 {id} 第 {version} 版"
    for sealed, *values in execute(f"SELECT seal, {', '.join(OF_ARTICLE)} FROM articles ORDER BY key"):
        if seal(OF_ARTICLE, dict(zip(OF_ARTICLE, values, strict=True))) != sealed:
            yield f"文章 {values[0]}"
