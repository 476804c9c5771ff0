"""Timelines of many articles: what each counts for, worked out once for a state of the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Set
from itertools import chain

from archive.model.search import Scale, Timeline
from archive.search.index import periods
from archive.search.index.literal import LiteralIndex
from archive.search.query import Query

_FEW = 1000  # articles up to which their dates are looked up

_SPAN, _SOME, _DATED = "span", "some", "dated"
_SCALES = ("years", "decades", "centuries")

Label = tuple[Hashable, ...]
"""What an article counts for: (scale, first year), (_SOME, scale) with any bar of it, (_SPAN, its years), (_DATED,)."""


class TimeCounts:
    """Counts articles over time by their keys."""

    def __init__(self, literal: LiteralIndex) -> None:
        self._literal = literal
        self._labels: list[Label] = []
        self._kept: dict[tuple[int, ...], Mapping[int, tuple[int, ...]]] = {}

    def of(self, query: Query, keys: Set[int]) -> Timeline:
        """The timeline of these articles by the dates that the query looks at and that meet its period."""
        if query.period is not None or len(keys) <= _FEW:
            return self._literal.over_time(query, keys)
        origins = periods.origins(query.search)
        if origins not in self._kept:
            self._kept[origins] = self._counting_for(query)
        held = self._kept[origins]
        counts = Counter(chain.from_iterable(map(held.__getitem__, keys & held.keys())))
        return self._timeline({self._labels[number]: count for number, count in counts.items()}, len(keys))

    def _timeline(self, counts: Mapping[Label, int], total: int) -> Timeline:
        bars: dict[str, dict[int, int]] = {scale: {} for scale in _SCALES}
        spans: dict[tuple[int | None, int | None], int] = {}
        for label, count in counts.items():
            match label:
                case (str(scale), int(first)) if scale in bars:
                    bars[scale][first] = count
                case ("span", (int() | None as first, int() | None as last)):
                    spans[first, last] = count
        scales = (Scale(dict(sorted(bars[one].items())), counts.get((_SOME, one), 0)) for one in _SCALES)
        years, decades, centuries = scales
        return Timeline(years, decades, centuries, counts.get((_DATED,), 0), total, spans)

    def _counting_for(self, query: Query) -> dict[int, tuple[int, ...]]:
        """By key, the numbers of what each article with such dates counts for."""
        numbers = {label: number for number, label in enumerate(self._labels)}
        found: dict[int, set[int]] = {}
        for key, first, last in self._literal.all_dates(query.search):
            counted = found.setdefault(key, set())
            counted.update(numbers.setdefault(label, len(numbers)) for label in _labels(first, last))
        self._labels = list(numbers)
        return {key: tuple(counted) for key, counted in found.items()}


def _labels(first: int, last: int) -> list[Label]:
    units = periods.units_of(first, last)
    found: list[Label] = [(_DATED,)]
    for scale, unit in zip(_SCALES, units, strict=True):
        if unit is not None:
            found += [(scale, unit), (_SOME, scale)]
    if units[0] is None:
        found.append((_SPAN, periods.years_of(first, last)))
    return found
