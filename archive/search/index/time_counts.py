"""Timelines of many articles: what each counts for, worked out once for a state of the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Set
from functools import lru_cache
from itertools import chain

from archive.model.search import Scale, Timeline
from archive.search.index import periods
from archive.search.index.key_bits import bits
from archive.search.index.literal import LiteralIndex
from archive.search.query import Query

_FEW = 200  # articles up to which their dates are looked up, as long as those of all are not at hand

_MANY = 2  # articles for each label from which on they are counted as numbers

_SPAN, _SOME, _DATED = "span", "some", "dated"
_SCALES = ("years", "decades", "centuries")

Label = tuple[Hashable, ...]
"""What an article counts for: (scale, first year), (_SOME, scale) with any bar of it, (_SPAN, its years), (_DATED,)."""


class TimeCounts:
    """Counts articles over time by their keys."""

    def __init__(self, literal: LiteralIndex) -> None:
        self._literal = literal
        self._kept: dict[tuple[int, ...], _Counting] = {}

    def of(self, query: Query, keys: Set[int]) -> Timeline:
        """The timeline of these articles by the dates that the query looks at and that meet its period."""
        if query.period is not None:
            return self._literal.over_time(query, keys)
        origins = periods.origins(query.search)
        if origins not in self._kept:
            if len(keys) <= _FEW:
                return self._literal.over_time(query, keys)
            self._kept[origins] = _Counting(self._literal.all_dates(origins))
        return self._timeline(self._kept[origins].of(keys), len(keys))

    def update(self, changed: Collection[int]) -> None:
        """Catch up with the dates that these few articles have now."""
        for origins, counting in self._kept.items():
            counting.update(changed, self._literal.all_dates(origins, changed))

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


class _Counting:
    """What each article with some kind of date counts for; as numbers too (`key_bits.py`), for many articles."""

    def __init__(self, dated: Iterable[tuple[int, int, int]]) -> None:
        held: dict[int, set[Label]] = {}
        having: dict[Label, set[int]] = {}
        for key, first, last in dated:
            labels = _labels(first, last)
            held.setdefault(key, set()).update(labels)
            for label in labels:
                having.setdefault(label, set()).add(key)
        self._held = held
        self._size = max(held, default=0) + 1
        self._having = {label: bits(keys, self._size) for label, keys in having.items()}

    def update(self, changed: Collection[int], dated: Iterable[tuple[int, int, int]]) -> None:
        """`dated` are all dates that the changed articles have now."""
        for key in changed:
            for label in self._held.pop(key, ()):
                self._having[label] &= ~(1 << key)
        for key, first, last in dated:
            labels = _labels(first, last)
            self._held.setdefault(key, set()).update(labels)
            for label in labels:
                self._having[label] = self._having.get(label, 0) | 1 << key
        self._size = max(self._size, max(self._held, default=0) + 1)

    def of(self, keys: Set[int]) -> Mapping[Label, int]:
        """How many of these articles count for each label."""
        dated = keys & self._held.keys()
        if _MANY * len(dated) < len(self._having):
            return Counter(chain.from_iterable(map(self._held.__getitem__, dated)))
        marked = bits(dated, self._size)
        counts = ((label, (marked & having).bit_count()) for label, having in self._having.items())
        return {label: count for label, count in counts if count}


@lru_cache(1 << 14)
def _labels(first: int, last: int) -> tuple[Label, ...]:
    units = periods.units_of(first, last)
    found: list[Label] = [(_DATED,)]
    for scale, unit in zip(_SCALES, units, strict=True):
        if unit is not None:
            found += [(scale, unit), (_SOME, scale)]
    if units[0] is None:
        found.append((_SPAN, periods.years_of(first, last)))
    return tuple(found)
