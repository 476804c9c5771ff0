"""The order of hits of the embedded engine: in tiers first, by BM25 within a tier, only as far as a page needs.

The front and back matter of volumes comes after everything else.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from archive.model.search import PeriodIn, Sort
from archive.search.index import question_ranking
from archive.search.index.engine import Found
from archive.search.index.facts import Facts
from archive.search.index.literal import LiteralIndex
from archive.search.index.orders import Orders
from archive.search.index.parts import Ranking
from archive.search.index.periods import Meeting
from archive.search.index.sets import Keys, Sets
from archive.search.matching import Closeness, meets
from archive.search.query import Query, literals, stretches, texts
from archive.text.folding import Folded

_SOME = 4  # times as many as are wanted that are looked at first for a word and a date in one block


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything ranking looks at. `dated` is None without a period; `matter` are the articles that are front and back
    matter; `usual` is how many characters an article has on average.
    """

    query: Query
    sets: Sets
    dated: Meeting | None
    facts: Mapping[int, Facts]
    orders: Orders
    matter: Keys
    literal: LiteralIndex
    words: Ranking
    usual: float

    def page(self, limit: int, offset: int) -> tuple[Found, ...]:
        """The hits from `offset` on, `limit` at most, in order."""
        found = self.sets[Closeness.FOLDED]
        if offset >= len(found):
            return ()
        end = min(offset + limit, len(found))
        if self.query.search.sort is Sort.RELEVANCE:
            ordered: Iterable[tuple[int, float]] = islice(self._by_relevance(end), offset, end)
        else:
            ordered = ((key, 0.0) for key in self.orders.page(found, self.query.search.sort, offset, end))
        return tuple(Found(self.facts[key].id, self._closeness(key), score) for key, score in ordered)

    def _closeness(self, key: int) -> Closeness:
        return Closeness.WRITTEN if key in self.sets[Closeness.WRITTEN] else Closeness.FOLDED

    def _by_relevance(self, most: int) -> Iterator[tuple[int, float]]:
        """The first `most` (key, score) by tier, then by score, then in source order; only tiers reached are scored."""
        for keys in self._tiers(most):
            first = self._first(keys, most)
            yield from first
            most -= len(first)
            if most <= 0:
                return

    def _first(self, keys: Keys, most: int) -> list[tuple[int, float]]:
        """The first `most` of a tier."""
        best = self._best(keys, most)
        if len(best) < min(most, len(keys)):
            scored = {key for key, _ in best}
            rest = heapq.nsmallest(most - len(best), keys - scored, key=self.orders.rank.__getitem__)
            best += [(key, 0.0) for key in rest]
        return best

    def _best(self, keys: Keys, most: int) -> list[tuple[int, float]]:
        """The `most` best of these articles, those without any score left out."""
        if asked := stretches(self.query.tree):
            return question_ranking.best(
                asked, keys, self.literal, self.words, self.facts, self.orders.rank, self.usual, most
            )
        words = self.words.words(text for leaf in literals(self.query.tree) for text in texts(leaf))
        return self.words.best(words, keys, most, self.orders.rank)

    def _tiers(self, most: int) -> Iterator[Keys]:
        """The tiers as far as the first `most` hits may lie in them."""
        written, folded = self.sets
        if written is folded and not self.matter:
            yield from self._tiers_of(most, folded)
            return
        for part in (folded - self.matter, folded & self.matter) if self.matter else (folded,):
            yield from self._tiers_of(most, part & written, part - written)

    def _tiers_of(self, most: int, *by_closeness: Keys) -> Iterator[Keys]:
        """The tiers of these articles, worked out as they are asked for."""
        if self.dated is None:
            yield from by_closeness
            return
        apart = []
        for keys in by_closeness:
            for dated in self.dated.by_width:
                tier = keys & dated
                together = self._first_together(tier, most)
                apart.append(tier - together)
                yield together
        yield from apart

    def _first_together(self, tier: Keys, most: int) -> Keys:
        """Those of a tier where word and date stand together, or enough of them: who wants no more is given what comes
        first in the tier, so that of few its blocks are read.
        """
        if not literals(self.query.tree) or self.query.search.period_in is PeriodIn.DATE:  # which is in no block
            return frozenset()
        if _SOME * most < len(tier) and not stretches(self.query.tree):
            together = self._together({key for key, _ in self._first(tier, _SOME * most)})
            if len(together) >= most:
                return together
        return self._together(tier)

    def _together(self, keys: Keys) -> Keys:
        """Those of the articles where a word asked for stands in one block with a date of the period."""
        units = self.literal.units_met(self.query, keys)
        written = self.query.search.as_written
        closeness = Closeness.WRITTEN if written else Closeness.FOLDED
        return {
            key
            for key, blocks in self.literal.blocks(units, written=written)
            if any(meets(self.query.tree, Folded(blocks[unit]), closeness) for unit in units[key])
        }
