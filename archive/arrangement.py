"""Putting collections in order, and taking back what was done to many articles at once: `session.arrangement`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.model.access import Action, Actor
from archive.model.errors import UsageError
from archive.model.holdings import BulkChange
from archive.model.records import Access, Collection
from archive.search import indexing
from archive.search.index.engine import Engine
from archive.store import Store
from archive.store.bulk_changes import UNDO_IMPORT, no_import


class Arrangement:
    """The collections of a library as one actor may arrange them. Nothing here deletes anything."""

    def __init__(self, store: Store, engine: Engine, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._actor = actor

    def _require(self, action: Action) -> None:
        self._actor.require(action)

    def _require_in(self, action: Action, *collections: str) -> None:
        for one in collections:
            self._actor.require_in(action, one)

    def _require_everywhere(self, action: Action) -> None:
        self._require_in(action, *(one.id for one in self._store.collections(None)))
        self._require(action)

    # -- collections

    def removed(self) -> tuple[Collection, ...]:
        """The collections that were removed or merged into others."""
        self._require(Action.ARRANGE)
        return tuple(one for one in self._store.collections(None) if one.removed)

    def describe(self, collection: Collection, reason: str = "") -> Collection:
        """Change what the collection with this id is called, said to be, and who may see anything of it.

        Returns it as it is then: for inside use where a 准印证 has just been noted. To open it wider than before takes
        a `reason`, which is recorded. Raises NotFound, UsageError.
        """
        self._require_in(Action.ARRANGE, collection.id)
        if not collection.title.strip():
            raise UsageError("文集要有名称。", hint="填上名称再保存")
        with indexing.writing(self._store, self._engine, self._actor.name, "修改文集"):
            kept = self._store.collection(collection.id)
            fresh = replace(
                kept,
                title=collection.title.strip(),
                description=collection.description.strip(),
                volume=collection.volume,
                year=collection.year,
                place=collection.place,
                permit=collection.permit,
                access=collection.access,
            ).unless_decided(kept)
            levels = tuple(Access)
            if levels.index(fresh.access) < levels.index(kept.access) and not reason.strip():
                raise UsageError(
                    f"“{kept.title}”原来是{kept.access.value}，改成{fresh.access.value}要写明理由。",
                    hint="写上谁同意的、依据什么；理由记在操作记录里",
                )
            self._store.save_collection(fresh, self._actor.name, reason.strip())
            return fresh

    def order(self, ids: Sequence[str]) -> None:
        """Let the collections stand in this order; those not named follow as before. Raises NotFound."""
        self._require_everywhere(Action.ARRANGE)
        with indexing.writing(self._store, self._engine, self._actor.name, "排列文集"):
            named = [self._store.collection(each) for each in dict.fromkeys(ids)]
            others = [one for one in self._store.collections(None) if one.id not in ids]
            for place, one in enumerate([*named, *others], 1):
                if one.position != place:
                    self._store.save_collection(replace(one, position=place), self._actor.name)

    def remove(self, collection_id: str) -> BulkChange:
        """Take a collection with all its articles out of use. Raises NotFound."""
        self._require_in(Action.ARRANGE, collection_id)
        self._require_in(Action.WITHDRAW, collection_id)
        with indexing.writing(self._store, self._engine, self._actor.name, "移除文集"):
            return self._store.bulk_changes.remove(collection_id, self._actor.name)

    def merge(self, collection_id: str, target_id: str) -> BulkChange:
        """Move all articles of a collection into another one, and remove it. Raises NotFound, UsageError."""
        self._require_in(Action.ARRANGE, collection_id, target_id)
        if collection_id == target_id:
            raise UsageError("不能把文集合并到它自己里面。", hint="另选一个文集")
        with indexing.writing(self._store, self._engine, self._actor.name, "合并文集"):
            self._in_use(target_id)
            return self._store.bulk_changes.merge(collection_id, target_id, self._actor.name)

    def move(self, article_ids: Sequence[str], target_id: str) -> BulkChange:
        """Move articles into another collection. Raises NotFound, UsageError where none are named."""
        self._require(Action.ARRANGE)
        if not article_ids:
            raise UsageError("没有选要移动的文章。", hint="在目录里勾选文章，再移动")
        ids = tuple(dict.fromkeys(article_ids))
        with indexing.writing(self._store, self._engine, self._actor.name, "移动文章"):
            self._in_use(target_id)
            moved = [self._store.seen(one, self._actor.rights) for one in ids]
            self._require_in(Action.ARRANGE, target_id, *(one.collection for one in moved))
            return self._store.bulk_changes.move(ids, target_id, self._actor.name)

    def _in_use(self, collection_id: str) -> None:
        if self._store.collection(collection_id).removed:
            raise UsageError("这个文集已经移除。", hint="先在“整理记录”里撤销移除，或另选一个文集")

    # -- imports

    def articles_of(self, import_key: int) -> tuple[str, ...]:
        """The ids of the articles that an import brought in, in their order; for who may take in.

        None where the actor may not see them all.
        """
        self._require(Action.IMPORT)
        brought = self._store.bulk_changes.articles_of(import_key)
        return () if self._store.hides(brought, self._actor.rights) else brought

    def import_of(self, article_id: str) -> int | None:
        """The key of the import that brought in an article; None where that is not known, or not to be known."""
        self._require(Action.IMPORT)
        key = self._store.bulk_changes.import_of(article_id)
        return key if key is not None and self.articles_of(key) else None

    def undo_import(self, import_key: int) -> BulkChange:
        """Withdraw everything an import brought in. Its numbers are not used again and the original is kept.

        The same file can be taken in again afterwards. Raises NotFound, Conflict.
        """
        self._require(Action.IMPORT)
        self._require(Action.WITHDRAW)
        brought = [self._store.seen(one, self._actor.rights) for one in self.articles_of(import_key)]
        if not brought and self._store.bulk_changes.articles_of(import_key):
            raise no_import()
        self._require_in(Action.WITHDRAW, *(one.collection for one in brought))
        with indexing.writing(self._store, self._engine, self._actor.name, "撤回收稿"):
            return self._store.bulk_changes.undo_import(import_key, self._actor.name)

    # -- taking back

    def changes(self) -> tuple[BulkChange, ...]:
        """What was done to many articles at once, the newest first; for who may arrange, and see all of them."""
        self._require(Action.ARRANGE)
        found = self._store.bulk_changes.listed()
        hidden = frozenset() if self._actor.rights.unlimited else self._store.hidden_changes(self._actor.rights)
        return tuple(one for one in found if one.key not in hidden)

    def take_back(self, key: int) -> tuple[int, int]:
        """Take back one of `changes`: how many articles are as before again, and how many changed since and stay.

        Raises NotFound, Conflict.
        """
        change = next((one for one in self._store.bulk_changes.listed() if one.key == key), None)
        self._require_everywhere(Action.IMPORT if change and change.action == UNDO_IMPORT else Action.ARRANGE)
        with indexing.writing(self._store, self._engine, self._actor.name, "撤销整理"):
            return self._store.bulk_changes.take_back(key, self._actor.name)
