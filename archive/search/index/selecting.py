"""Which articles a query finds in the embedded index: what its filters, conditions, dates and words let through."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from archive.model.access import Rights
from archive.model.search import PeriodIn, Search
from archive.search.index.facts import FACETS, Facts, allowed
from archive.search.index.literal import LiteralIndex
from archive.search.index.periods import Dated
from archive.search.index.sets import Keys, Sets, matching_sets
from archive.search.matching import Closeness
from archive.search.query import Among, Condition, Node, Query

_REMEMBERED = 32  # choices of filters and conditions whose articles are remembered

_ALL_RIGHTS = Rights.everything()


class Selecting:
    """One state of the index; what different questions share is worked out once."""

    def __init__(self, facts: Mapping[int, Facts], literal: LiteralIndex) -> None:
        self._facts = facts
        self._literal = literal
        self._by_choice = lru_cache(_REMEMBERED)(self._chosen)
        self._by_condition = lru_cache(_REMEMBERED)(self._meeting)
        self._undated = lru_cache(_REMEMBERED)(self._without_dates)
        self._by_node: dict[Node, Keys] = {}

    def matching(self, query: Query, rights: Rights) -> tuple[Sets, dict[int, Dated] | None]:
        """The keys that match by closeness, and how each meets the period (None where none is asked for)."""
        visible = self.visible(query, rights)
        dated = None
        if query.period is not None:
            dated = self._literal.dated(query)
            visible &= dated.keys()
        sets = matching_sets(query.tree, self._literal, self._facts, written=query.search.as_written)
        if len(visible) < len(self._facts):
            written, folded = sets
            sets = written & visible, folded & visible
        return sets, dated

    def visible(self, query: Query, rights: Rights) -> frozenset[int]:
        """The keys that rights, filters and conditions let through, whatever the words and the period."""
        search = query.search
        # Only what `allowed` looks at, so that different questions share one answer.
        found = self._by_choice(Search(**{name: getattr(search, name) for name in FACETS}), rights)
        if search.undated is not None:
            found &= self._undated(search.undated, search.vague, search.open)
        for _, condition in query.conditions:
            found &= self._by_condition(condition)
        return found

    def standing(self, node: Node) -> Keys:
        """The keys of all articles where a tree matches, whatever the rights; remembered for each tree asked for."""
        if node not in self._by_node:
            self._by_node[node] = matching_sets(node, self._literal, self._facts, written=False)[Closeness.FOLDED]
        return self._by_node[node]

    def _chosen(self, filters: Search, rights: Rights) -> frozenset[int]:
        return frozenset(key for key, known in self._facts.items() if allowed(known, filters, rights))

    def _meeting(self, condition: Condition) -> frozenset[int]:
        if isinstance(condition, Among):
            return frozenset(key for key, known in self._facts.items() if known.id in condition.articles)
        sets, _ = self.matching(condition, _ALL_RIGHTS)
        return frozenset(sets[Closeness.FOLDED])

    def _without_dates(self, where: PeriodIn, vague: bool, open_ended: bool) -> frozenset[int]:
        looked_at = Search(period_in=where, vague=vague, open=open_ended)
        return frozenset(self._facts.keys() - self._literal.having_dates(looked_at))
