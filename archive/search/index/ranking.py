"""The order of hits of the embedded engine: in tiers first, by BM25 within a tier, only as far as a page needs.

The front and back matter of volumes comes after everything else.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from archive.model.search import Sort
from archive.search.index import question_ranking
from archive.search.index.engine import Found
from archive.search.index.facts import Facts, SourceOrder, sort_key
from archive.search.index.literal import LiteralIndex
from archive.search.index.periods import Dated
from archive.search.index.ranking_index import RankingIndex
from archive.search.index.sets import Keys, Sets
from archive.search.matching import Closeness, meets
from archive.search.query import Query, literals, stretches, texts
from archive.text.folding import Folded

Tier = tuple[bool, Closeness, int]
"""(whether keyword and period never meet in one block, how closely the words match, class of the narrowest date)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything ranking looks at. `rank` is the place in source order; `dated` is None without a period; `matter` are
    the articles that are front and back matter.
    """

    query: Query
    sets: Sets
    dated: Mapping[int, Dated] | None
    facts: Mapping[int, Facts]
    rank: Mapping[int, int]
    matter: Keys
    literal: LiteralIndex
    words: RankingIndex

    def page(self, limit: int, offset: int) -> tuple[Found, ...]:
        """The hits from `offset` on, `limit` at most, in order."""
        found = self.sets[Closeness.FOLDED]
        if offset >= len(found):
            return ()
        end = min(offset + limit, len(found))
        if self.query.search.sort is Sort.RELEVANCE:
            ordered = self._by_relevance(end)
        else:
            chosen = heapq.nsmallest(end, found, key=self._chosen_order)
            ordered = ((key, 0.0) for key in chosen)
        return tuple(
            Found(self.facts[key].id, self._closeness(key), score) for key, score in islice(ordered, offset, end)
        )

    def _chosen_order(self, key: int) -> tuple[int, SourceOrder]:
        return sort_key(self.facts[key], self.query.search.sort)

    def _closeness(self, key: int) -> Closeness:
        return Closeness.WRITTEN if key in self.sets[Closeness.WRITTEN] else Closeness.FOLDED

    def _by_relevance(self, most: int) -> Iterator[tuple[int, float]]:
        """The first `most` (key, score) by tier, then by score, then in source order; only tiers reached are scored."""
        for keys in self._tiers_with_matter_last():
            best = self._best(keys, most)
            if len(best) < min(most, len(keys)):
                scored = {key for key, _ in best}
                rest = heapq.nsmallest(most - len(best), keys - scored, key=self.rank.__getitem__)
                best += [(key, 0.0) for key in rest]
            yield from best
            most -= len(best)
            if most <= 0:
                return

    def _best(self, keys: Keys, most: int) -> list[tuple[int, float]]:
        """The `most` best of these articles, those without any score left out."""
        if asked := stretches(self.query.tree):
            return question_ranking.best(asked, keys, self.literal, self.words, self.facts, self.rank, most)
        words = self.words.words(text for leaf in literals(self.query.tree) for text in texts(leaf))
        return self.words.best(words, keys, most, self.rank)

    def _tiers_with_matter_last(self) -> Iterator[Keys]:
        if self.matter.isdisjoint(self.sets[Closeness.FOLDED]):
            yield from self._tiers()
            return
        tiers = list(self._tiers())
        yield from (keys - self.matter for keys in tiers)
        yield from (keys & self.matter for keys in tiers)

    def _tiers(self) -> Iterator[Keys]:
        if self.dated is None:
            written, folded = self.sets
            yield written
            yield folded - written
            return
        tiers: dict[Tier, set[int]] = {}
        together = self._together(self.dated)
        for key in self.sets[Closeness.FOLDED]:
            tier = (key not in together, self._closeness(key), self.dated[key].width)
            tiers.setdefault(tier, set()).add(key)
        for tier in sorted(tiers):
            yield tiers[tier]

    def _together(self, dated: Mapping[int, Dated]) -> set[int]:
        """The articles where a word asked for stands in one block with a date of the period."""
        if not literals(self.query.tree):
            return set()
        written = self.query.search.as_written
        candidates = (key for key in self.sets[Closeness.FOLDED] if dated[key].units)
        closeness = Closeness.WRITTEN if written else Closeness.FOLDED
        return {
            key
            for key, blocks in self.literal.blocks(candidates, written=written)
            if any(meets(self.query.tree, Folded(blocks[unit]), closeness) for unit in dated[key].units)
        }
