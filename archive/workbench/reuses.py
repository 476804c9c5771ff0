"""The same words over a whole library in a session: looked for as long work, kept, shown by rights."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.model.access import Actor
from archive.model.records import Article
from archive.model.search import Search
from archive.search.index.engine import Engine
from archive.search.query import EVERYTHING, Query
from archive.store import Store
from archive.support.cancellation import raise_if_cancelled
from archive.support.sheets import write_csv, write_xlsx
from archive.workbench.reuse import Chain, Copy, Finder, Formula, Reuse, Told

_AT_A_TIME = 200  # articles
HEADER = ("串", "字数", "种", "篇名", "文章编号", "成文日期", "段", "文字")


@dataclass(frozen=True, slots=True)
class KeptReuse:
    """What was found at a moment (UTC), as far as the actor may see it now; `scope` "" for the whole library."""

    moment: str
    scope: str
    found: Reuse


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """A copy with its article as it is now and the words as they were found, "" where the article was changed since."""

    copy: Copy
    article: Article
    words: tuple[str, ...]


class Reuses:
    """What one actor looked for and found."""

    def __init__(self, store: Store, engine: Engine, actor: Actor, understand: Callable[[Search], Query]) -> None:
        """For `Session` only; `understand` reads a search as a query."""
        self._store, self._engine, self._actor, self._understand = store, engine, actor, understand

    def look(self, scope: str, told: Told) -> Reuse:
        """Look through all articles in use that the actor may see, or those of a scope, and keep what is found.

        `told` is called with what is being done. Raises NotFound for a scope that is not there, Cancelled.
        """
        rights = self._actor.rights.in_use
        query = replace(self._understand(Search(scope=scope)), tree=EVERYTHING)
        ids = sorted(self._engine.ids(query, rights))
        finder = Finder()
        for at in range(0, len(ids), _AT_A_TIME):
            raise_if_cancelled()
            told("读各篇", at, len(ids))
            for article in self._store.articles(ids[at : at + _AT_A_TIME]):
                if rights.cover(article):
                    finder.add(article)
        found = finder.found(told)
        self._store.reuse.put(self._actor.id, scope, _encoded(found))
        return found

    def latest(self, scope: str = "") -> KeptReuse | None:
        """What was found last in a scope, without what the actor may not see any more; None before the first time."""
        row = self._store.reuse.get(self._actor.id, scope)
        if row is None:
            return None
        found = _decoded(row[1])
        seen = self._store.digests(self._actor.rights.in_use)
        chains = [
            replace(chain, copies=tuple(copy for copy in chain.copies if copy.article in seen))
            for chain in found.chains
        ]
        kept = tuple(chain for chain in chains if len(chain.copies) > 1)
        formulas = found.formulas if all(one in seen for one in _articles(found)) else ()
        return KeptReuse(row[0], scope, replace(found, chains=kept, formulas=formulas))

    def shown(self, chains: Sequence[Chain]) -> list[tuple[Chain, tuple[tuple[ShownCopy, ...], ...]]]:
        """Chains with their nodes as they are shown. What may not be seen is left out."""
        ids = list(dict.fromkeys(copy.article for chain in chains for copy in chain.copies))
        held = self._store.those_seen(ids, self._actor.rights)
        return [
            (
                chain,
                tuple(
                    tuple(_shown(copy, held[copy.article]) for copy in node if copy.article in held)
                    for node in chain.nodes
                ),
            )
            for chain in chains
        ]


def write(reuses: Reuses, kept: KeptReuse, file: Path) -> None:
    """What was found as a table, a copy a row, set phrases on a sheet of their own in .xlsx. Raises StorageError."""
    rows = [
        (
            str(number), str(chain.length), str(kind), one.article.title, one.copy.article,
            one.article.date.written if one.article.date else "",
            "、".join(str(block) for block, _, _ in one.copy.places),
            "……".join(one.words),
        )
        for number, (chain, nodes) in enumerate(reuses.shown(kept.found.chains), 1)
        for kind, node in enumerate(nodes, 1)
        for one in node
    ]  # fmt: skip
    if file.suffix.lower() == ".csv":
        write_csv(file, HEADER, rows)
    else:
        formulas = [(one.words, str(one.articles)) for one in kept.found.formulas]
        write_xlsx(file, [("同文", HEADER, rows), ("套语", ("套语", "篇数"), formulas)])


def _articles(found: Reuse) -> set[str]:
    return {copy.article for chain in found.chains for copy in chain.copies}


def _shown(copy: Copy, article: Article) -> ShownCopy:
    same = article.version == copy.version
    words = tuple(article.blocks[block].text[start:end] for block, start, end in copy.places) if same else ()
    return ShownCopy(copy, article, words)


def _encoded(found: Reuse) -> str:
    chains = [
        [one.length, [[copy.article, copy.version, copy.places, copy.letters] for copy in one.copies]]
        for one in found.chains
    ]
    formulas = [[one.words, one.articles] for one in found.formulas]
    return json.dumps([chains, formulas, found.set_aside, found.articles, found.letters], ensure_ascii=False)


def _decoded(body: str) -> Reuse:
    chains, formulas, aside, articles, letters = json.loads(body)
    return Reuse(
        chains=tuple(
            Chain(
                tuple(
                    Copy(id, version, tuple((block, start, end) for block, start, end in places), digest)
                    for id, version, places, digest in copies
                ),
                length,
            )
            for length, copies in chains
        ),
        formulas=tuple(Formula(words, count) for words, count in formulas),
        set_aside=aside,
        articles=articles,
        letters=letters,
    )
