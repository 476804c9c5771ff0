"""Keeping the index in step with the store. Whoever changes something holds the writer's lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from archive.model.errors import EngineAway, EngineError, StorageError
from archive.model.holdings import Problem
from archive.model.records import Article, Mention
from archive.search.index.engine import Engine
from archive.store import Store
from archive.support import library_folder

log = logging.getLogger(__name__)

Dated = tuple[Article, tuple[Mention, ...]]
"""An article, and the dates in it."""

PART = 300_000
"""Characters that are indexed in one go where others wait to write: about a second's work."""

LITTLE = 20_000
"""Characters of what others left for later that a short write indexes beside its own."""


@contextmanager
def writing(store: Store, engine: Engine, who: str, action: str) -> Iterator[None]:
    """Be the one writer over the body, and index at its end what it changed, once for bodies within bodies.

    What waits from before, because a long import indexes it in parts or something stopped, is not all left to whoever
    writes next: a LITTLE of it comes along. After an error the changes already stored stay on the pending list. Raises
    LibraryBusy.
    """
    with store.writing(who, action) as outermost:
        waiting = store.pending() if outermost else ()
        yield
        if not outermost:
            return
        if not waiting:
            index_pending(store, engine)
            return
        fresh = set(store.pending()).difference(waiting)
        _index(store, engine, [*store.dated(sorted(fresh)), *_first(store, waiting, LITTLE)])


def settled(store: Store, engine: Engine) -> bool:
    """Whether there is nothing to do."""
    return engine.sound() and not store.pending()


def catch_up(store: Store, engine: Engine) -> None:
    """Index what is pending; rebuild an index that is missing, half-made or from another version, and say so."""
    if engine.sound():
        index_pending(store, engine)
    else:
        count = rebuild(store, engine)
        log.warning("索引不完整，或由另一个版本建成，已由资料库重建：%d 篇。文章和原件不受影响。", count)


def index_pending(store: Store, engine: Engine) -> None:
    """Show the index what it has not seen yet; one that cannot take it is rebuilt.

    One on other machines that is away is left as it is: what it has not seen stays on the list.
    """
    pending = store.pending()
    if not pending:
        return
    try:
        if len(pending) == store.count():
            rebuild(store, engine)  # the first import: nothing to replace, and the result is compact
            return
        with engine.batch() as batch:
            for article, mentions in store.dated(pending):
                batch.put(article, mentions)
    except EngineAway as away:
        log.warning("警告：内容已存好，但还没有进检索：%s。等它恢复，下一次写入或打开资料库时会补上。", away.message)
    except EngineError as failure:
        count = rebuild(store, engine)
        log.info("the index failed: %s", failure.message)
        log.warning("索引坏了，已由资料库重建：%d 篇。文章和原件不受影响。", count)
    else:
        store.indexed(pending)


def index_some(store: Store, engine: Engine) -> bool:
    """Show the index the next PART characters of what it has not seen yet; whether still more waits."""
    pending = store.pending()
    part = _first(store, pending, PART)
    if len(part) == len(pending):
        index_pending(store, engine)  # which makes a compact index of a first import
        return False
    return _index(store, engine, part)


def _first(store: Store, pending: Sequence[str], size: int) -> list[Dated]:
    """The first of these articles, so many that they have `size` characters together."""
    found: list[Dated] = []
    read = 0
    while read < size and len(found) < len(pending):
        # As many as will be enough, going by those read before: a piece of the list may be as large as a library.
        many = min((size - read) * len(found) // max(1, read), 4 * len(found)) or 1
        found += store.dated(pending[len(found) : len(found) + many])
        read = sum(article.characters for article, _ in found)
    return found


def _index(store: Store, engine: Engine, part: Sequence[Dated]) -> bool:
    """Show the index these articles; where it cannot take them it is mended, and False."""
    try:
        with engine.batch() as batch:
            for article, mentions in part:
                batch.put(article, mentions)
    except EngineError:
        index_pending(store, engine)  # which mends the index
        return False
    store.indexed(tuple(article.id for article, _ in part))
    return True


def rebuild(store: Store, engine: Engine) -> int:
    """Make the index anew from the store; the number of articles."""
    pending = store.pending()
    count = engine.rebuild(store.each())
    store.indexed(pending)
    return count


def check(store: Store, engine: Engine, who: str) -> list[Problem]:
    """Read all of the index and compare it with the store; what is wrong, and has then been mended by rebuilding it.

    Where nothing can be written it is only told. Raises LibraryBusy.
    """
    try:
        with store.writing(who, "核对索引"):
            found = list(_problems(store, engine))
            if found:
                rebuild(store, engine)
            return [replace(one, hint="已由资料库重建索引，不用再做什么；文章和原件不受影响") for one in found]
    except StorageError as refused:
        again = f"现在不能重建（{refused.message}）；能写入以后再核对一次，就会重建。文章和原件不受影响"
        return [replace(one, hint=again) for one in _problems(store, engine)]


def _problems(store: Store, engine: Engine) -> Iterator[Problem]:
    """Where the index is damaged or differs from the store, articles that wait for it aside."""
    if damage := engine.damage():
        yield Problem("index-unsound", f"索引{damage}", str(store.root / library_folder.INDEX), "")
        return
    pending = set(store.pending())
    for article_id in engine.differences(store.each()):
        if article_id not in pending:
            yield Problem("index-differs", "索引与文章不一致", f"文章 {article_id}", "")
