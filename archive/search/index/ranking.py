"""The order of hits of the embedded engine: in tiers first, by BM25 within a tier, only as far as a page needs."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from archive.model.search import Sort
from archive.search.index.engine import Found
from archive.search.index.facts import Facts, SourceOrder, sort_key
from archive.search.index.literal import LiteralIndex
from archive.search.index.periods import Dated
from archive.search.index.ranking_index import RankingIndex
from archive.search.index.sets import Keys, Sets
from archive.search.matching import Closeness, meets
from archive.search.query import Query, literals, texts
from archive.text.folding import Folded

Tier = tuple[bool, Closeness, int]
"""(whether keyword and period never meet in one block, how closely the words match, class of the narrowest date)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything ranking looks at. `rank` is the place in source order; `dated` is None without a period."""

    query: Query
    sets: Sets
    dated: Mapping[int, Dated] | None
    facts: Mapping[int, Facts]
    rank: Mapping[int, int]
    literal: LiteralIndex
    words: RankingIndex

    def page(self, limit: int, offset: int) -> tuple[Found, ...]:
        """The hits from `offset` on, `limit` at most, in order."""
        end = offset + limit
        if self.query.search.sort is Sort.RELEVANCE:
            ordered = self._by_relevance(end)
        else:
            chosen = heapq.nsmallest(end, self.sets[Closeness.WORDS], key=self._chosen_order)
            ordered = ((key, 0.0) for key in chosen)
        return tuple(
            Found(self.facts[key].id, self._closeness(key), score) for key, score in islice(ordered, offset, end)
        )

    def _chosen_order(self, key: int) -> tuple[int, SourceOrder]:
        return sort_key(self.facts[key], self.query.search.sort)

    def _closeness(self, key: int) -> Closeness:
        return next(closeness for closeness in Closeness if key in self.sets[closeness])

    def _by_relevance(self, most: int) -> Iterator[tuple[int, float]]:
        """The first `most` (key, score) by tier, then BM25, then source order; only tiers reached are scored."""
        words = self.words.words(text for leaf in literals(self.query.tree) for text in texts(leaf))
        for keys in self._tiers():
            best = self.words.best(words, keys, most, self.rank)
            if len(best) < min(most, len(keys)):
                scored = {key for key, _ in best}
                rest = heapq.nsmallest(most - len(best), keys - scored, key=self.rank.__getitem__)
                best += [(key, 0.0) for key in rest]
            yield from best
            most -= len(best)
            if most <= 0:
                return

    def _tiers(self) -> Iterator[Keys]:
        if self.dated is None:
            closer: Keys = frozenset()
            for closeness in (Closeness.WRITTEN, Closeness.FOLDED, Closeness.WORDS):
                yield self.sets[closeness] - closer
                closer = self.sets[closeness]
            return
        tiers: dict[Tier, set[int]] = {}
        together = self._together(self.dated)
        for key in self.sets[Closeness.WORDS]:
            tier = (key not in together, self._closeness(key), self.dated[key].width)
            tiers.setdefault(tier, set()).add(key)
        for tier in sorted(tiers):
            yield tiers[tier]

    def _together(self, dated: Mapping[int, Dated]) -> set[int]:
        """The articles where a word asked for stands in one block with a date of the period."""
        if not literals(self.query.tree):
            return set()
        written = self.query.search.as_written
        candidates = (key for key in self.sets[Closeness.WORDS] if dated[key].units)
        closeness = Closeness.WRITTEN if written else Closeness.FOLDED
        return {
            key
            for key, blocks in self.literal.blocks(candidates, written=written)
            if any(meets(self.query.tree, Folded(blocks[unit]), closeness) for unit in dated[key].units)
        }
