"""Keeping the index in step with the store. Whoever changes something holds the writer's lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from archive.model.holdings import Problem
from archive.search.index.engine import Engine
from archive.store import Store
from archive.support import library_folder

log = logging.getLogger(__name__)


@contextmanager
def writing(store: Store, engine: Engine, who: str, action: str) -> Iterator[None]:
    """Be the one writer over the body, and index at its end what it changed, once for bodies within bodies.

    After an error the changes already stored stay on the pending list. Raises LibraryBusy.
    """
    with store.writing(who, action) as outermost:
        yield
        if outermost:
            index_pending(store, engine)


def settled(store: Store, engine: Engine) -> bool:
    """Whether there is nothing to do."""
    return engine.sound() and not store.pending()


def catch_up(store: Store, engine: Engine) -> None:
    """Index what is pending; rebuild an index that is missing, half-made or from another version."""
    if engine.sound():
        index_pending(store, engine)
    else:
        log.info("rebuilding the index")
        rebuild(store, engine)


def index_pending(store: Store, engine: Engine) -> None:
    """Show the index what it has not seen yet."""
    pending = store.pending()
    if not pending:
        return
    if len(pending) == store.count():
        rebuild(store, engine)  # the first import: nothing to replace, and the result is compact
        return
    with engine.batch() as batch:
        for article, mentions in store.dated(pending):
            batch.put(article, mentions)
    store.indexed(pending)


def rebuild(store: Store, engine: Engine) -> int:
    """Make the index anew from the store; the number of articles."""
    pending = store.pending()
    count = engine.rebuild(store.each())
    store.indexed(pending)
    return count


def problems(store: Store, engine: Engine) -> Iterator[Problem]:
    """Where the index differs from the store, articles that wait for it aside."""
    again = "运行 wenshi reindex 重建索引；文章和原件不受影响"
    if not engine.sound():
        yield Problem("index-unsound", "索引不完整，或由另一个版本建成", str(store.root / library_folder.INDEX), again)
        return
    pending = set(store.pending())
    for article_id in engine.differences(article for article, _ in store.each()):
        if article_id not in pending:
            yield Problem("index-differs", "索引与文章不一致", f"文章 {article_id}", again)
