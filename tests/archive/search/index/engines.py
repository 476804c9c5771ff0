"""Every engine of the table, as tests make it; those whose extra or service is not here are skipped by name."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from archive.model.records import Article, Mention
from archive.search.index.engine import Engine
from archive.search.index.registry import ENGINES, Needs
from archive.text.segmentation import Segmenter

CLUSTER = "WENSHI_TEST_OPENSEARCH"
"""The address of a cluster for tests, which makes and drops indexes there: `make test-cluster` starts one."""

EXTRAS = {"tantivy": ("tantivy",), "opensearch": ("opensearchpy",)}
"""What engines need that not every installation has."""


def missing(name: str) -> str:
    """Why an engine cannot be tried here; empty where it can."""
    for module in EXTRAS.get(name, ()):
        if find_spec(module) is None:
            return f"{module} is not installed"
    return (
        f"no cluster here: {CLUSTER} (make test-cluster)" if name == "opensearch" and CLUSTER not in os.environ else ""
    )


EVERY = [pytest.param(name, marks=pytest.mark.skipif(bool(missing(name)), reason=missing(name))) for name in ENGINES]
OTHERS = [param for param in EVERY if param.values != ("memory",)]
"""Engines that must agree with the oracle. A new one stands in the table of engines and needs no line here."""


_FREE: list[str] = []
"""Empty indexes that tests have left: making one takes far longer than most tests do."""


def make(name: str, folder: Path, segmenter: Segmenter) -> Engine:
    """An engine that has its texts from what it is given, as it would from a store."""
    texts: dict[str, tuple[Article, Sequence[Mention]]] = {}
    options: dict[str, Any] = {}
    if name == "opensearch":
        alias = _FREE.pop() if _FREE else f"test-{uuid.uuid4().hex}"
        options = {"hosts": os.environ[CLUSTER].split(), "index": alias, "shards": 2, "copies": 0}
    made: Any = ENGINES[name](Needs(folder, segmenter, lambda ids: [texts[id] for id in ids], options))
    return Stored(made, texts) if name == "opensearch" else made


class Stored:
    """An engine whose articles are kept beside it as a store would, and whose index is emptied when it is closed."""

    def __init__(self, engine: Any, texts: dict[str, tuple[Article, Sequence[Mention]]]) -> None:
        self._engine = engine
        self._texts = texts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    @contextmanager
    def batch(self) -> Iterator[Any]:
        """Kept when the batch succeeds."""
        kept: dict[str, tuple[Article, Sequence[Mention]]] = {}

        class Batch:
            def put(_, article: Article, mentions: Sequence[Mention]) -> None:
                kept[article.id] = (article, mentions)
                inner.put(article, mentions)

        with self._engine.batch() as inner:
            yield Batch()
        self._texts.update(kept)

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """Kept as they are read."""
        self._texts.clear()

        def each() -> Iterator[tuple[Article, Sequence[Mention]]]:
            for article, mentions in articles:
                self._texts[article.id] = (article, mentions)
                yield article, mentions

        return int(self._engine.rebuild(each()))

    def close(self) -> None:
        """Leave an empty index."""
        client = self._engine._client
        if client.names():
            everything: dict[str, Any] = {"query": {"match_all": {}}}
            client.opensearch.delete_by_query(index=client.alias, body=everything, params={"refresh": "true"})
            _FREE.append(client.alias)
        self._engine.close()
