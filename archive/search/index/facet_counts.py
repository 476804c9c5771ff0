"""How many of some articles have each value of each facet, counted for one state of the index.

A set of articles is also a number with a bit for each key, and so is what has a value (`key_bits.py`), which pays where
many articles have one of few values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from operator import attrgetter

from archive.search.index.facts import FACETS, Facts
from archive.search.index.key_bits import bits

Counts = tuple[tuple[str, int], ...]

_MANY = 25  # articles for each value of a facet from which on its values are met as numbers

_VALUES: Mapping[str, Callable[[Facts], object]] = {
    name: attrgetter(name if name != "author" else "authors") for name in FACETS
}
"""What an article has of each facet, made a tuple of strings by `_Held`."""


class _Held(dict[object, tuple[str, ...]]):
    """By what articles have of a facet, its values; each tuple once, and for most articles no step of Python's."""

    def __missing__(self, value: object) -> tuple[str, ...]:
        one = () if value in (None, "") else (str(value),)
        self[value] = held = value if isinstance(value, tuple) else one
        return held


class FacetCounts:
    """Counts articles by their keys."""

    def __init__(self, facts: Mapping[int, Facts]) -> None:
        self._facts = facts
        self._size = max(facts, default=0) + 1
        self._values: dict[str, dict[int, tuple[str, ...]]] = {}
        self._holders: dict[str, dict[str, int]] = {}
        self._held = _Held()
        self._asked = False

    def _prepare(self) -> None:
        """What makes many answers quick, and costs as much as ten: a program that asks once does without."""
        for name, of in _VALUES.items():
            held = map(self._held.__getitem__, map(of, self._facts.values()))
            self._values[name] = dict(zip(self._facts, held, strict=True))
            different = {value for values in set(self._values[name].values()) for value in values}
            if len(self._facts) > _MANY * len(different):
                self._holders[name] = self._numbers(self._values[name])

    def _numbers(self, values: Mapping[int, tuple[str, ...]]) -> dict[str, int]:
        """What has each value."""
        having: dict[str, list[int]] = {}
        for key, held in values.items():
            for value in held:
                having.setdefault(value, []).append(key)
        return {value: bits(keys, self._size) for value, keys in having.items()}

    def update(self, facts: Mapping[int, Facts], changed: Collection[int]) -> None:
        """Catch up with what these few articles are now."""
        self._facts = facts
        self._size = max(self._size, max(changed, default=0) + 1)
        for name, values in self._values.items():
            of, holders = _VALUES[name], self._holders.get(name)
            for key in changed:
                before, values[key] = values.get(key, ()), self._held[of(facts[key])]
                if holders is not None:
                    for value in before:
                        holders[value] &= ~(1 << key)
                    for value in values[key]:
                        holders[value] = holders.get(value, 0) | 1 << key

    def of(self, keys: Collection[int]) -> dict[str, Counts]:
        """By facet, the values of these articles with how many have each: most frequent first, then by value."""
        if not self._asked:
            self._asked = True
            return self._directly(keys)
        if not self._values:
            self._prepare()
        marked: int | None = None
        counted: dict[str, Counts] = {}
        for name, values in self._values.items():
            holders = self._holders.get(name)
            if holders is not None and len(keys) > _MANY * len(holders):
                marked = bits(keys, self._size) if marked is None else marked
                counts = Counter({value: (marked & held).bit_count() for value, held in holders.items()})
            else:
                counts = Counter()
                for together, count in Counter(map(values.__getitem__, keys)).items():
                    for value in together:
                        counts[value] += count
            counted[name] = _ordered(counts)
        return counted

    def _directly(self, keys: Collection[int]) -> dict[str, Counts]:
        """The same by looking at each article."""
        counted: dict[str, Counts] = {}
        found = [self._facts[key] for key in keys]
        for name, of in _VALUES.items():
            counts: Counter[str] = Counter()
            for value, count in Counter(map(of, found)).items():
                for each in self._held[value]:
                    counts[each] += count
            counted[name] = _ordered(counts)
        return counted


def _ordered(counts: Mapping[str, int]) -> Counts:
    found = [(value, count) for value, count in counts.items() if count]
    return tuple(sorted(found, key=lambda item: (-item[1], item[0])))
