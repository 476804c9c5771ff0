"""All places of a search in compact form: where each stands, and the characters around it.

A hundred thousand places take some ten megabytes: six numbers each, and ten characters either side in two long
strings. They are worked out once for a state of the index; steps, sorting and groups then need neither index nor texts.
"""

from __future__ import annotations

import random
import re
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from archive.model.search import Sort
from archive.search.index.engine import PARTING, Standing
from archive.search.index.facts import Facts, sort_key
from archive.text.collation import pinyin_key, stroke_key
from archive.text.folding import Folded, fold, fold_query
from archive.workbench.steps import NONE, WIDEST, Arranged, First, Is, Sample, Step, Within, context_of

_LOOKED_AT = 2 * WIDEST  # characters either side looked at for WIDEST that count
_NO_CHARACTER = "\x00"
_UNCOUNTED = re.compile(r"[\W_]+")

Rows = Sequence[int]
"""Numbers of places, in an order."""


@dataclass(frozen=True)
class PlaceList:
    """Place number i stands in the article `facts[article[i]]`, in its searched block `unit[i]` (counted from 0), from
    `start[i]` to `end[i]` of that block's matching text, end exclusive, and begins `offset[i]` characters after the
    beginning of the article. Places are in the order of their sources.

    `left` and `right` hold WIDEST characters for each place, padded; those on the left are read outwards.
    """

    facts: Sequence[Facts]
    article: array[int]
    unit: array[int]
    start: array[int]
    end: array[int]
    offset: array[int]
    left: str
    right: str
    forms: Sequence[str]
    form: array[int]
    columns: dict[str, Sequence[str]] = field(default_factory=dict)  # worked out when first asked for

    def __len__(self) -> int:
        return len(self.article)

    def id(self, place: int) -> str:
        """The id of the article a place stands in."""
        return self.facts[self.article[place]].id

    def column(self, name: str) -> Sequence[str]:
        """The value of a column for each place, NONE where there is none; labels aside, which are somebody's."""
        if name not in self.columns:
            self.columns[name] = self._column(name)
        return self.columns[name]

    def _column(self, name: str) -> list[str]:
        context = context_of(name)
        if context:
            side, size = (self.left if context[0] == "left" else self.right), context[1]
            values = [side[at : at + size].rstrip(_NO_CHARACTER) or NONE for at in range(0, len(side), WIDEST)]
            return values if context[0] == "right" else [_turned(value) for value in values]
        if name == "form":
            return [self.forms[number] for number in self.form]
        of_article = [_VALUES[name](facts) or NONE for facts in self.facts]
        return [of_article[number] for number in self.article]


def _turned(value: str) -> str:
    """What stands to the left, from reading outwards to reading as it stands, and back."""
    return value if value == NONE else value[::-1]


_VALUES: Mapping[str, Callable[[Facts], str]] = {
    "article": lambda facts: facts.id,
    "collection": lambda facts: facts.collection,
    "volume": lambda facts: facts.volume,
    "section": lambda facts: facts.section,
    "author": lambda facts: "、".join(facts.authors),
    "decade": lambda facts: "" if facts.decade is None else str(facts.decade),
}


class Listing:
    """A list in the making: articles are added in the order of their sources."""

    def __init__(self) -> None:
        self._facts: list[Facts] = []
        self._numbers = tuple(array("I") for _ in range(6))
        self._left: list[str] = []
        self._right: list[str] = []
        self._forms: dict[str, int] = {}

    def add(self, one: Standing) -> None:
        """Add the places of an article; one that was found by other things than places has none."""
        article, unit, start, end, offset, form = self._numbers
        text, begins = one.text, [0, *(found.end() for found in PARTING.finditer(one.text))]
        for (first, last), written in zip(one.spans, _forms(one, begins), strict=True):
            number = bisect_right(begins, first) - 1
            begin = begins[number]
            stop = begins[number + 1] - 1 if number + 1 < len(begins) else len(text)
            article.append(len(self._facts))
            unit.append(number)
            start.append(first - begin)
            end.append(last - begin)
            offset.append(first)
            self._left.append(_counted(text[max(begin, first - _LOOKED_AT) : first])[: -WIDEST - 1 : -1])
            self._right.append(_counted(text[last : min(stop, last + _LOOKED_AT)])[:WIDEST])
            form.append(self._forms.setdefault(written, len(self._forms)))
        self._facts.append(one.facts)

    def done(self) -> PlaceList:
        """The list of what was added so far."""
        article, unit, start, end, offset, form = (numbers[:] for numbers in self._numbers)
        left, right = _padded(self._left), _padded(self._right)
        return PlaceList(self._facts[:], article, unit, start, end, offset, left, right, list(self._forms), form)


def _counted(text: str) -> str:
    return text if text.isalnum() else _UNCOUNTED.sub("", text)


def _padded(parts: Iterable[str]) -> str:
    return "".join(part.ljust(WIDEST, _NO_CHARACTER) for part in parts)


def _forms(one: Standing, begins: list[int]) -> Iterator[str]:
    """How each place is written in the stored text."""
    if len(one.written) == len(one.text):  # nothing dropped: characters stand where their folded forms do
        return (one.written[start:end] for start, end in one.spans)
    return _forms_by_block(one, begins)


def _forms_by_block(one: Standing, begins: list[int]) -> Iterator[str]:
    stored = PARTING.split(one.written)
    lengths = [stop - start - 1 for start, stop in pairwise([*begins, len(one.text) + 1])]
    folded: dict[int, Folded] = {}
    for start, end in one.spans:
        number = bisect_right(begins, start) - 1
        first, last = start - begins[number], end - begins[number]
        if len(stored[number]) != lengths[number]:
            folded.setdefault(number, fold(stored[number]))
            first, last = folded[number].span(first, last)
        yield stored[number][first:last]


# -- narrowing


def kept(places: PlaceList, rows: Rows, step: Step, labels: Sequence[str] | None = None) -> Rows:
    """The rows that a step keeps, in their order; `labels` is the column of that name."""
    match step:
        case Within(side, reach, text, wanted):
            sought = _counted(fold_query(text))
            whole = places.left if side == "left" else places.right
            sought = sought[::-1] if side == "left" else sought
            return [row for row in rows if (sought in whole[row * WIDEST : row * WIDEST + reach]) is wanted]
        case Is(name, value, wanted):
            column = column_of(places, name, labels)
            return [row for row in rows if (column[row] == value) is wanted]
        case First():
            return sorted({places.article[row]: row for row in sorted(rows, reverse=True)}.values())
        case Sample(size, seed, by):
            return _drawn(rows, size, seed, column_of(places, by, labels) if by else None)


def column_of(places: PlaceList, name: str, labels: Sequence[str] | None) -> Sequence[str]:
    """A column, labels included: NONE for all where none were given."""
    if name != "label":
        return places.column(name)
    return labels if labels is not None else [NONE] * len(places)


def _drawn(rows: Rows, size: int, seed: int, by: Sequence[str] | None) -> Rows:
    """So many rows by chance: evenly from every group, and from those that have more what smaller ones lack."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows):
        groups[by[row] if by else ""].append(row)
    chance = random.Random(seed)
    shuffled = [chance.sample(groups[name], len(groups[name])) for name in sorted(groups)]
    left, drawn = size, []
    for number, group in enumerate(sorted(shuffled, key=len)):  # the smallest first: what they lack is shared out
        share = min(len(group), -(-left // (len(shuffled) - number)))
        drawn += group[:share]
        left -= share
    return sorted(drawn)


# -- order


def arranged(places: PlaceList, rows: Rows, how: Arranged, labels: Sequence[str] | None = None) -> Rows:
    """The rows in an order; ties stand as they read, downwards too, so that pages never differ."""
    ordered = sorted(rows)
    for key in reversed(how.keys):
        name = key.removeprefix("-")
        keys = _keys(places, name, how.order, labels)
        ordered.sort(key=keys.__getitem__, reverse=key.startswith("-"))
    return ordered


def _keys(places: PlaceList, name: str, order: str, labels: Sequence[str] | None) -> Sequence[Any]:
    """For each place what it is sorted by; where a paragraph begins or ends comes before all characters."""
    if name == "date":
        days = [sort_key(facts, Sort.DATE_UP)[0] for facts in places.facts]
        return [days[number] for number in places.article]
    if context := context_of(name):
        side, size = (places.left if context[0] == "left" else places.right), context[1]
        ranked = side.translate(_ranks(side, order))
        return [ranked[at : at + size] for at in range(0, len(ranked), WIDEST)]
    column = column_of(places, name, labels)
    values = set(column)
    ranks = _ranks("".join(values), order)
    by = _numerically if name in ("decade", "article") else lambda value: (value == NONE, value.translate(ranks))
    numbers = {value: number for number, value in enumerate(sorted(values, key=by))}
    return [numbers[value] for value in column]


def _numerically(value: str) -> tuple[bool, int, str]:
    number = value.removeprefix("-")
    return not number.isdecimal(), int(value) if number.isdecimal() else 0, value


def _ranks(text: str, order: str) -> Mapping[int, int]:
    """A translation of the characters of a text to others that stand by code point as these do in the order."""
    ordered = sorted(set(text) - {_NO_CHARACTER}, key=_ORDERS[order])
    return {ord(char): number for number, char in enumerate(ordered, 1)}


@lru_cache(20_000)
def _by_sound(char: str) -> object:
    return pinyin_key(char)[0]


@lru_cache(20_000)
def _by_strokes(char: str) -> object:
    return stroke_key(char)[0]


_ORDERS: Mapping[str, Callable[[str], Any]] = {"codepoint": ord, "pinyin": _by_sound, "strokes": _by_strokes}


# -- groups


@dataclass(frozen=True, slots=True)
class Group:
    """`places` places in `articles` articles share `values`, one for each column asked for."""

    values: tuple[str, ...]
    places: int
    articles: int


def grouped(
    places: PlaceList, rows: Rows, names: Sequence[str], labels: Sequence[str] | None = None
) -> tuple[Group, ...]:
    """The rows counted by one or two columns, most places first, then by value. Their places add up to the rows."""
    columns = [column_of(places, name, labels) for name in names]
    counts: Counter[tuple[str, ...]] = Counter()
    articles: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for row in rows:
        values = tuple(column[row] for column in columns)
        counts[values] += 1
        articles[values].add(places.article[row])
    found = (Group(values, count, len(articles[values])) for values, count in counts.items())
    return tuple(sorted(found, key=lambda one: (-one.places, one.values)))
