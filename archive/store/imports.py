"""The rows of imports, and of the originals and pictures they brought. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Integer, Select, cast, func, select

from archive.model.holdings import Import
from archive.model.issues import IssueCode
from archive.model.records import Issue, Picture
from archive.store import audit, codec, dialects, schema
from archive.store.visibility import no_original, no_picture


def record_original(connection: Connection, sha256: str, name: str, size: int, origin: tuple[str, str]) -> None:
    """Note a file in the vault; one known already keeps its first name. `size` in bytes, `origin` is (moment, who)."""
    row = {"sha256": sha256, "name": name, "size": size, "moment": origin[0]}
    connection.execute(dialects.insert(connection, schema.originals).values(row).on_conflict_do_nothing())


def record_import(
    connection: Connection, sha256: str, name: str, origin: tuple[str, str], counted: int, issues: Sequence[Issue]
) -> int:
    """Note that a file was taken in; the key of the import.

    `origin` is (moment, who), `counted` how many articles came from it.
    Where an editor released it although characters are missing, the audit log records that too.
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
    key = dialects.added(connection, schema.imports, row)
    for issue in issues:
        if issue.code is IssueCode.RELEASED:
            audit.note(connection, origin, "release", sha256, f"{name}：{issue.message}")
    return key


def record_pictures(connection: Connection, pictures: Sequence[Picture]) -> None:
    """Note the media type of pictures; those known already stay as they are."""
    if pictures:
        rows = [{"sha256": p.sha256, "media_type": p.media_type, "size": p.size} for p in pictures]
        connection.execute(dialects.insert(connection, schema.pictures).on_conflict_do_nothing(), rows)


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


def listed(connection: Connection) -> tuple[Import, ...]:
    """Everything taken in, oldest first."""
    table = schema.imports.c
    query = select(
        table.key, table.original, table.name, table.moment, table.who, table.articles, table.issues
    ).order_by(table.key)  # fmt: skip
    undone = set(connection.scalars(undone_imports()))
    originals = schema.originals.c
    purged = set(connection.scalars(select(originals.sha256).where(originals.size == 0)))
    return tuple(
        Import(
            *row[1:-1],
            codec.decode_issues(row[-1]),
            key=row[0],
            undone=row[0] in undone,
            purged=row[1] in purged,
        )
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
    table = schema.originals.c
    name = connection.scalar(select(table.name).where(table.sha256 == sha256, table.size > 0))  # 0: it was purged
    if name is None:
        raise no_original(sha256)
    return str(name)


def media_type(connection: Connection, sha256: str) -> str:
    """The media type of a picture. NotFound."""
    found = connection.scalar(select(schema.pictures.c.media_type).where(schema.pictures.c.sha256 == sha256))
    if found is None:
        raise no_picture(sha256)
    return str(found)
