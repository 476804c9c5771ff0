"""An index never stands between a reader and the texts: whatever is wrong with it, it is made anew from the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from archive.model.access import Rights
from archive.model.errors import EngineAway, EngineError, StorageError
from archive.model.records import Article, Mention
from archive.model.search import Source, Timeline
from archive.search.index.engine import Batch, Engine, EngineInfo, Matches, Standing
from archive.search.index.facts import Facts, Profile, Tally
from archive.search.index.memory import MemoryEngine
from archive.search.query import Counted, Query
from archive.store import PROGRAM, Store
from archive.support.one_moment import look_again

log = logging.getLogger(__name__)

_AGAIN = 60.0  # seconds until a disk that took no index is tried again

T = TypeVar("T")


class MendingEngine:
    """Another engine, made anew and asked again when it fails to answer.

    Where it cannot be made anew, because the disk is full or must not be written to, every article of the store is
    looked at instead: the answers are the same, and slower. An error that comes again from an index in which nothing
    is wrong is a defect of the program, and is raised as it came.
    """

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store
        self._lock = threading.Lock()
        self._stand_in: MemoryEngine | None = None
        self._until = 0.0

    # -- asking
    def search(self, query: Query, rights: Rights, *, limit: int, offset: int = 0) -> Matches:
        """As the engine does."""
        return self._answer(lambda engine: engine.search(query, rights, limit=limit, offset=offset))

    def count(self, query: Query, rights: Rights) -> int:
        """As the engine does."""
        return self._answer(lambda engine: engine.count(query, rights))

    def ids(self, query: Query, rights: Rights) -> frozenset[str]:
        """As the engine does."""
        return self._answer(lambda engine: engine.ids(query, rights))

    def counts(self, query: Query, rights: Rights, counted: Counted) -> list[int]:
        """As the engine does."""
        return self._answer(lambda engine: engine.counts(query, rights, counted))

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """As the engine does."""
        return self._answer(lambda engine: engine.first_standing(query, rights, texts, most))

    def tallies(self, query: Query, rights: Rights) -> Mapping[Profile, Tally]:
        """As the engine does."""
        return self._answer(lambda engine: engine.tallies(query, rights))

    def standing(self, query: Query, rights: Rights, articles: Sequence[str]) -> list[Standing]:
        """As the engine does."""
        return self._answer(lambda engine: engine.standing(query, rights, articles))

    def facts(self, query: Query, rights: Rights) -> list[Facts]:
        """As the engine does."""
        return self._answer(lambda engine: engine.facts(query, rights))

    def strings(self) -> Iterable[tuple[Source, str, int]]:
        """As the engine does."""
        return self._answer(lambda engine: engine.strings())

    def varies(self, folded: str) -> bool:
        """As the engine does."""
        return self._answer(lambda engine: engine.varies(folded))

    def state(self) -> str:
        """As the engine does."""
        return self._answer(lambda engine: engine.state())

    def state_at_once(self) -> str:
        """As the engine does; of what answers in its place too."""
        return self._answer(
            lambda engine: f"{type(engine).__name__} {state}" if (state := engine.state_at_once()) else ""
        )

    def timeline(self, query: Query, rights: Rights) -> Timeline:
        """As the engine does."""
        return self._answer(lambda engine: engine.timeline(query, rights))

    def field_names(self, rights: Rights) -> frozenset[str]:
        """As the engine does."""
        return self._answer(lambda engine: engine.field_names(rights))

    def info(self) -> EngineInfo:
        """As the engine does."""
        return self._answer(lambda engine: engine.info())

    def _answer(self, question: Callable[[Engine], T]) -> T:
        try:
            return self._asked(question)
        finally:
            look_again()  # the index may be of a later state than what this thread remembers of the store

    def _asked(self, question: Callable[[Engine], T]) -> T:
        stand_in = self._stand_in
        if stand_in is not None and time.monotonic() < self._until:
            return question(stand_in)
        try:
            return question(self._engine)
        except EngineAway:
            raise
        except EngineError as failure:
            return self._answer_mended(question, failure)

    def _answer_mended(self, question: Callable[[Engine], T], failure: EngineError) -> T:
        """Ask again under the writer's lock, for the index may just have been changed; then mend it. LibraryBusy."""
        try:
            with self._store.writing(PROGRAM, "重建索引"):
                if self._engine.sound():
                    try:
                        return question(self._engine)
                    except EngineError as again:
                        if not self._damage():
                            raise again.__cause__ or again from None
                self._make_anew(failure)
        except StorageError as refused:
            return question(self._by_the_store(refused))
        return question(self._engine)

    def _damage(self) -> str:
        try:
            return self._engine.damage()
        except EngineAway:
            raise
        except EngineError as failure:
            log.info("the index failed: %s", failure.message)
            return "读不出来"

    def _make_anew(self, failure: EngineError) -> None:
        pending = self._store.pending()
        count = self.rebuild(self._store.each())
        self._store.indexed(pending)
        log.info("the index failed: %s", failure.message)
        log.warning("索引坏了，已由资料库重建：%d 篇。文章和原件不受影响。", count)

    def _by_the_store(self, refused: StorageError) -> Engine:
        with self._lock:
            if self._stand_in is None:
                log.warning("索引不能用，也不能重建（%s）：逐篇检索，结果相同，只是慢些。", refused.message)
                self._stand_in = MemoryEngine()
                self._stand_in.rebuild(self._store.each())
            self._until = time.monotonic() + _AGAIN
            return self._stand_in

    # -- keeping it
    def batch(self) -> AbstractContextManager[Batch]:
        """As the engine does."""
        return self._engine.batch()

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """As the engine does."""
        count = self._engine.rebuild(articles)
        self._stand_in = None
        return count

    def sound(self) -> bool:
        """As the engine does."""
        return self._engine.sound()

    def damage(self) -> str:
        """As the engine does; an error is damage too."""
        return self._damage()

    def differences(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> tuple[str, ...]:
        """As the engine does."""
        return self._engine.differences(articles)

    def close(self) -> None:
        """As the engine does."""
        self._engine.close()
