"""The orders that hits can be asked for in, worked out once for one state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache, cached_property
from itertools import islice
from typing import Any

from archive.model.search import Sort
from archive.search.index.facts import Facts, SourceOrder, sort_key, source_order

_AT_FIRST = 3  # times that all are not put in order
_DENSE = 4  # of so many articles one must have been found to walk through them all rather than sort what was found


class _Ranks(dict[int, SourceOrder]):
    def __init__(self, facts: Mapping[int, Facts]) -> None:
        self._facts = facts

    def __missing__(self, key: int) -> SourceOrder:
        self[key] = order = source_order(self._facts[key])
        return order


class Orders:
    """The places of all articles, by key."""

    def __init__(self, facts: Mapping[int, Facts]) -> None:
        self._facts = facts
        self._keys = cache(self._sorted)
        self._asked = 0

    @property
    def rank(self) -> Mapping[int, Any]:
        """What orders each as in the source: its place, or at first, since a program that asks once needs few, what the
        order goes by. To be asked once for each comparison.
        """
        self._asked += 1
        return _Ranks(self._facts) if self._asked <= _AT_FIRST else self._places

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {key: place for place, key in enumerate(self._keys(Sort.SOURCE))}

    def page(self, found: Set[int], sort: Sort, offset: int, end: int) -> Iterator[int]:
        """Those found from `offset` to before `end`, in an order other than relevance."""
        if _DENSE * len(found) >= len(self._facts):
            ordered: Iterator[int] = filter(found.__contains__, self._keys(sort))
        else:
            ordered = iter(sorted(found, key=lambda key: sort_key(self._facts[key], sort)))
        return islice(ordered, offset, end)

    def _sorted(self, sort: Sort) -> Sequence[int]:
        return sorted(self._facts, key=lambda key: sort_key(self._facts[key], sort))
