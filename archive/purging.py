"""Purging as one actor may do it: `session.upkeep.purging`. What is purged is gone for good, from named backups too."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from archive.model.access import Actor
from archive.model.errors import NotFound, UsageError
from archive.model.holdings import PurgeScope
from archive.model.records import Article, Block, Kind, Status
from archive.search import indexing
from archive.search.index.engine import Engine
from archive.store import Store
from archive.store.audit import PURGED
from archive.support import library_folder


def is_purged(article: Article) -> bool:
    """Whether this is the tombstone of an article that was purged; its first version tells when and why."""
    return article.status is Status.WITHDRAWN and article.blocks == (Block.plain(Kind.TITLE, PURGED),)


class Purging:
    """Removes articles for good, with the files they came from, for who has the right to."""

    def __init__(self, store: Store, engine: Engine, actor: Actor) -> None:
        """For `Upkeep` only, which asks for the right."""
        self._store = store
        self._engine = engine
        self._actor = actor

    def scope(self, ids: Sequence[str]) -> tuple[PurgeScope, ...]:
        """What purging these articles would take. Raises NotFound."""
        return tuple(self._store.purge_scope(id) for id in ids)

    def purge(self, ids: Sequence[str], reason: str) -> None:
        """Remove articles with all their versions, their originals, pictures and what the library notes of them.

        What other articles say of them, such as a volume's table of contents, stays as it is.

        Afterwards no byte of them is in the library's folder: the index is made anew, the database is written anew, and
        what was recognised on pages is dropped.
        To be called again where it raised LibraryBusy or StorageError half-way. Raises UsageError, NotFound.
        """
        if not reason.strip():
            raise UsageError("清除要写明理由。", hint="写下依据什么、谁决定的；理由记入操作日志，不要写出要清除的内容")
        self.scope(ids)
        with self._store.writing(self._actor.name, "清除"):
            for id in ids:
                self._store.purge(id, self._actor.name, reason.strip())
            indexing.rebuild(self._store, self._engine)
            shutil.rmtree(self._store.root / library_folder.READINGS, ignore_errors=True)
            self._store.compact()

    def purge_backup(self, file: Path, ids: Sequence[str], reason: str, password: str = "") -> int:
        """Remove them from a backup as well, which is written anew in its place; how many of them it had.

        Raises ReadError, StorageError; then the backup is as it was.
        """
        with tempfile.TemporaryDirectory(prefix="wenshi-purge-", ignore_cleanup_errors=True) as folder:
            copy = type(self._store).restore(file, Path(folder, "library"), password)
            try:
                found = 0
                for id in ids:
                    try:
                        copy.purge(id, self._actor.name, reason.strip())
                        found += 1
                    except NotFound:
                        continue
                if found:
                    copy.compact()
                    copy.backup(file, password)
                    copy.check_backup(file, password)
            finally:
                copy.close()
        return found
