"""Removing what must not be here: an article with all its versions, the file it came from, and what is noted of them.

The texts of other articles stay as they are, also where they quote it or list its title.
What stays is a tombstone: the article's id, which is never given again, the SHA-256 of the file, so that it cannot come
in once more unnoticed, and an entry in the audit log. All inside the connection's transaction; the files go before it
ends.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from archive.model.compilation import as_json, from_json
from archive.model.errors import StorageError
from archive.model.holdings import PurgeScope
from archive.model.records import Article, Block, Kind, Status
from archive.store import article_rows, audit, codec, purged_words, schema, seals, workbench_schema
from archive.store.audit import PURGED
from archive.store.name_tables import name_decisions
from archive.support import library_folder
from archive.support.files import remove, sha256_of
from archive.support.storage_errors import storage_errors

_OVER = ("done", "failed", "stopped", "interrupted")


@dataclass(frozen=True, slots=True)
class PurgedFiles:
    """The SHA-256 of originals and of pictures whose files have to go."""

    originals: tuple[str, ...]
    pictures: tuple[str, ...]


def scope(connection: Connection, id: str) -> PurgeScope:
    """What purging an article would take. Raises NotFound."""
    article = article_rows.read(connection, [id])[0]
    key, _ = article_rows.key_and_version(connection, id)
    originals = _originals(connection, key)
    versions = schema.versions.c
    others = select(func.count(func.distinct(versions.article))).where(
        versions.original.in_(originals), versions.article != key
    )
    names = select(schema.originals.c.name).where(schema.originals.c.sha256.in_(originals))
    return PurgeScope(
        id=id,
        title=article.title,
        versions=connection.scalar(select(func.count()).where(versions.article == key)) or 0,
        originals=tuple(connection.scalars(names)),
        others=connection.scalar(others) or 0,
        pictures=len(_pictures(connection, key)),
    )


def purge(connection: Connection, id: str, origin: tuple[str, str], reason: str) -> PurgedFiles:
    """Put a tombstone in the article's place and empty every row that tells of it. Raises NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    files = PurgedFiles(tuple(_originals(connection, key)), tuple(_pictures(connection, key)))
    kept = article_rows.read(connection, [id])[0]
    said = purged_words.words_of(connection, key)
    _remove_what_hangs_on(connection, key)
    _empty_records(connection, id)
    blocks = (Block.plain(Kind.TITLE, PURGED),)
    bare = Article(collection=kept.collection, blocks=blocks, id=id, number=kept.number, access=kept.access)
    stone = article_rows.revise(connection, replace(bare, status=kept.status), [], (*origin, reason))
    versions = schema.versions.c
    connection.execute(delete(schema.mentions).where(schema.mentions.c.article == key))
    connection.execute(delete(schema.versions).where(versions.article == key, versions.version != stone.version))
    connection.execute(
        update(schema.articles).where(schema.articles.c.key == key).values(status=Status.WITHDRAWN.value)
    )
    article_rows.changed(connection, [key])
    _empty_originals(connection, files.originals)
    connection.execute(delete(schema.pictures).where(schema.pictures.c.sha256.in_(files.pictures)))
    _take_out_of_books(connection, id)
    audit.erase(connection, schema.audit.c.subject.in_((id, *files.originals)))
    # All are conveniences that may quote the text: what was asked, what became of long work, what people were told.
    purged_words.forget(connection, said)
    connection.execute(delete(schema.asked_searches))
    connection.execute(delete(workbench_schema.reuse_runs))
    connection.execute(delete(schema.notices))
    connection.execute(delete(schema.jobs).where(schema.jobs.c.state.in_(_OVER)))
    audit.note(connection, origin, "purge", id, f"清除：{reason}")
    return files


def require_not_purged(connection: Connection, sha256s: Sequence[str], name: str) -> None:
    """Raises StorageError where the file of one of these SHA-256 was removed: then its row has the size 0, which no
    file taken in has. `name` is what the file to come is called.
    """
    table = schema.originals.c
    if connection.scalar(select(table.size).where(table.sha256.in_(sha256s), table.size == 0)) is not None:
        hint = "确要再收，请与决定清除的人商量；内容改过的稿件是另一个文件，可以照常收入"
        raise StorageError("这个文件已经按规定清除，不能再收", hint=hint, place=name)


def remove_leftovers(root: Path, sha256s: Sequence[str]) -> None:
    """Remove what else lies in a library's folder and is of these files. Raises StorageError.

    Copies of the database made before upgrades hold everything, and go as a whole.
    """
    with storage_errors(root):
        for copy in sorted((root / library_folder.BACKUPS).glob("*")):
            remove(copy)
        for table in sorted((root / library_folder.SPLITS).glob("*")):
            text = table.read_bytes()
            if any(one.encode() in text for one in sha256s):
                remove(table)
        for item in sorted((root / library_folder.INCOMING).glob("*")):
            if item.is_dir() and any(sha256_of(file) in sha256s for file in item.iterdir() if file.is_file()):
                shutil.rmtree(item)


def _originals(connection: Connection, key: int) -> list[str]:
    """The files that any version of the article came from."""
    versions = schema.versions.c
    query = select(versions.original).where(versions.article == key, versions.original.is_not(None)).distinct()
    return list(connection.scalars(query))


def _pictures(connection: Connection, key: int) -> list[str]:
    """The pictures that nothing but this article shows."""
    versions = schema.versions.c
    shown = {
        block.picture
        for text in connection.scalars(select(versions.blocks).where(versions.article == key))
        for block in codec.decode_blocks(text)
        if block.picture
    }
    return sorted(one for one in shown if not _shown_elsewhere(connection, key, one))


def _shown_elsewhere(connection: Connection, key: int, picture: str) -> bool:
    versions = schema.versions.c
    other = select(func.count()).where(versions.article != key, versions.blocks.contains(picture))
    cover = select(func.count()).where(schema.projects.c.body.contains(picture))
    return bool(connection.scalar(other) or connection.scalar(cover))


def _remove_what_hangs_on(connection: Connection, key: int) -> None:
    of_cards = select(workbench_schema.cards.c.key).where(workbench_schema.cards.c.article == key)
    _take_out_of_compilations(connection, set(connection.scalars(of_cards)))
    connection.execute(delete(workbench_schema.card_changes).where(workbench_schema.card_changes.c.card.in_(of_cards)))
    for table in (schema.date_decisions, schema.error_reports, schema.page_proofs, workbench_schema.cards):
        connection.execute(delete(table).where(table.c.article == key))
    concerned = select(schema.bulk_changed.c.change).where(schema.bulk_changed.c.article == key)
    connection.execute(
        update(schema.bulk_changes).where(schema.bulk_changes.c.key.in_(concerned)).values(detail=PURGED)
    )


def _empty_records(connection: Connection, id: str) -> None:
    """Labels on its places go; of its way through the office stay the steps, their days and who took them."""
    connection.execute(delete(schema.at_work).where(schema.at_work.c.article == id))
    connection.execute(delete(workbench_schema.place_labels).where(workbench_schema.place_labels.c.article == id))
    connection.execute(delete(name_decisions).where(name_decisions.c.article == id))
    records, steps = schema.work_records, schema.record_steps
    of_it = select(records.c.key).where(records.c.subject == id)
    connection.execute(delete(schema.private_values).where(schema.private_values.c.record.in_(of_it)))
    emptied = {"opinion": "", "reason": PURGED, "fields": "{}", "rows": "[]"}
    connection.execute(update(steps).where(steps.c.record.in_(of_it)).values(emptied))
    connection.execute(update(records).where(records.c.subject == id).values(fields="{}", rows="{}"))


def _empty_originals(connection: Connection, sha256s: Sequence[str]) -> None:
    """Leave of originals their SHA-256 alone; what came of them otherwise does not tell their names any more."""
    imports, versions = schema.imports.c, schema.versions.c
    came = select(imports.key).where(imports.original.in_(sha256s))
    for key in connection.scalars(came):
        undone = (schema.bulk_changes.c.subject == str(key)) & (schema.bulk_changes.c.action == "undo-import")
        connection.execute(update(schema.bulk_changes).where(undone).values(detail=PURGED))
        told = (schema.audit.c.subject == str(key)) & (schema.audit.c.action == "undo-import")
        audit.erase(connection, told)
    connection.execute(
        update(schema.imports).where(imports.original.in_(sha256s)).values(name=PURGED, issues=codec.encode_issues(()))
    )
    connection.execute(
        update(schema.versions)
        .where(versions.original.in_(sha256s), versions.reason.startswith("收入 "))
        .values(reason=f"收入{PURGED}")
    )
    for original in sha256s:
        seals.seal_versions(connection, original)
    connection.execute(
        update(schema.originals).where(schema.originals.c.sha256.in_(sha256s)).values(name=PURGED, size=0)
    )


def _take_out_of_compilations(connection: Connection, cards: set[int]) -> None:
    """The cards go; so do title and remarks of an event that they told, since those may quote them."""
    table = workbench_schema.compilations
    for name, body in connection.execute(select(table.c.name, table.c.body)).all():
        held = from_json(body)
        if not held.cards & cards:
            continue
        events = (
            replace(one, cards=tuple(card for card in one.cards if card not in cards), title=PURGED, remarks=())
            if set(one.cards) & cards
            else one
            for one in held.events
        )
        thinned = replace(held, events=tuple(one for one in events if one.cards))
        connection.execute(update(table).where(table.c.name == name).values(body=as_json(thinned)))


def _take_out_of_books(connection: Connection, id: str) -> None:
    for table, column, keys in (
        (schema.projects, "body", ("name",)),
        (schema.editions, "manifest", ("project", "number")),
    ):
        for row in connection.execute(select(table)).mappings().all():
            data = json.loads(row[column])
            thinned = _without(data, id)
            if thinned != data:
                this = [table.c[name] == row[name] for name in keys]
                text = json.dumps(thinned, ensure_ascii=False, indent=1)
                connection.execute(update(table).where(*this).values({column: text}))


def _without(data: Any, id: str) -> Any:
    """JSON values without the objects in lists that are of this article."""
    if isinstance(data, dict):
        return {name: _without(value, id) for name, value in data.items()}
    if isinstance(data, list):
        return [_without(one, id) for one in data if not (isinstance(one, dict) and one.get("article") == id)]
    return data
