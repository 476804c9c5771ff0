"""What hangs on an article besides its present text, brought into another library: its versions, the editors' decisions
on its dates, who has read its scanned pages, the cards made from it.

It travels as rows of the neutral form (neutral_tables.py), columns by name, whatever databases they lie in; keys that
mean something in one database alone are given anew. All inside the connection's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from archive.model.date_decisions import Decision
from archive.model.records import Article, Mention
from archive.store import article_rows, audit, decision_rows, dialects, imports, schema, seals
from archive.store.database import Database
from archive.store.lock import now
from archive.store.neutral_tables import Row, rows_of
from archive.store.originals import Vault
from archive.store.workbench_schema import card_changes, cards


@dataclass(frozen=True, slots=True)
class AttachedCard:
    """A card and what was changed on it."""

    row: Row
    changes: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on one article: all its versions, none where there is but one; `originals` are the files these came
    from, as (SHA-256, name, file), `decided` is what the rows in `decisions` say.
    """

    versions: tuple[Row, ...] = ()
    decisions: tuple[Row, ...] = ()
    proofs: tuple[Row, ...] = ()
    cards: tuple[AttachedCard, ...] = ()
    originals: tuple[tuple[str, str, Path], ...] = ()
    decided: tuple[Decision, ...] = ()


class AttachedRows:
    """What hangs on the articles of one library."""

    def __init__(self, database: Database, files: Vault) -> None:
        self._database, self._files = database, files

    def of(self, id: str) -> Attached:
        """What hangs on an article, for another library. Raises NotFound."""
        with self._database.reading() as connection:
            return _read(connection, id, self._files)

    def add_cards(self, id: str, brought: Sequence[AttachedCard], who: str) -> None:
        """Hang cards of another library on an article. Raises NotFound."""
        with self._database.writing() as connection:
            _attach(connection, id, Attached(cards=tuple(brought)))
            audit.note(connection, (now(), who), "card", id, f"并入卡片 {len(brought)} 张")


def _read(connection: Connection, id: str, files: Vault) -> Attached:
    """What hangs on an article; a version keeps its text where the file it came from is gone. Raises NotFound."""
    key, version = article_rows.key_and_version(connection, id)
    versions = list(rows_of(connection, schema.versions, schema.versions.c.article == key)) if version > 1 else []
    originals = {row["original"] for row in versions if row["original"]}
    there = {sha256 for sha256 in originals if files.holds(sha256)}
    for row in versions:
        if row["original"] and row["original"] not in there:
            row["original"] = None
            row["seal"] = seals.seal(seals.OF_VERSION, row)
    return Attached(
        tuple(versions),
        tuple(rows_of(connection, schema.date_decisions, schema.date_decisions.c.article == key)),
        tuple(rows_of(connection, schema.page_proofs, schema.page_proofs.c.article == key)),
        tuple(
            AttachedCard(row, tuple(rows_of(connection, card_changes, card_changes.c.card == row["key"])))
            for row in rows_of(connection, cards, cards.c.article == key)
        ),
        tuple((one, imports.original_name(connection, one), files.path(one)) for one in sorted(there)),
        decision_rows.decisions(connection, id),
    )


def files_of(attached: Sequence[Attached], vault: Vault) -> list[tuple[Vault, str, Path | bytes]]:
    """The files that must be kept first, as `storing` takes them."""
    return [(vault, sha256, file) for one in attached for sha256, _, file in one.originals]


def add(
    connection: Connection,
    drafts: Sequence[tuple[Article, Sequence[Mention]]],
    origin: tuple[str, str, str],
    import_key: int,
    attached: tuple[Sequence[Attached], Vault],
) -> list[Article]:
    """Store new articles as `article_rows.add` does, and what hangs on each of them, or on none.

    The vault is the one in which the files of older versions lie already.
    """
    hanging, vault = attached
    numbers = [1 + max((int(row["version"]) for row in one.versions), default=0) for one in hanging]
    stored = article_rows.add(connection, drafts, origin, import_key, numbers)
    for article, one in zip(stored, hanging, strict=bool(hanging)):
        for sha256, name, _ in one.originals:
            imports.record_original(connection, sha256, name, vault.size(sha256), origin[:2])
        _attach(connection, article.id, one)
    return stored


def _attach(connection: Connection, id: str, attached: Attached) -> None:
    """Hang it on an article, whose own version is one after those that come. Raises NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    if attached.versions:
        connection.execute(insert(schema.versions), [row | {"article": key} for row in attached.versions])
    if attached.decisions:
        connection.execute(insert(schema.date_decisions), _anew(attached.decisions, article=key))
    if attached.proofs:
        connection.execute(insert(schema.page_proofs), _anew(attached.proofs, article=key))
    for card in attached.cards:
        (row,) = _anew([card.row], article=key)
        made = dialects.added(connection, cards, row)
        if card.changes:
            connection.execute(insert(card_changes), _anew(card.changes, card=made))


def _anew(rows: Sequence[Row], **references: Any) -> list[Row]:
    """Rows without their own keys, which refer to others now."""
    return [{name: value for name, value in row.items() if name != "key"} | references for row in rows]
