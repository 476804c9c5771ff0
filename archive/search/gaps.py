"""Texts with gaps between them (刘*勇), found as a regular expression with the shortest gaps would find them.

Several `*` in a row of equal characters, such as the dots of a table of contents, give a regular expression more ways
to fail than anybody can wait for, and nothing interrupts it. So where there are several ways, the places of the parts
are worked out from the last one backwards: work grows with the text and the number of parts, and not with the ways.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod

from archive.text.spans import Span

_WAYS = 121  # in which gaps may be filled, up to which a regular expression is asked: two `*`


class Gapped:
    """`parts` in this order, `gaps[i]` the (least, most) characters after part i, none of them one of `apart`."""

    def __init__(self, parts: Sequence[str], gaps: Sequence[tuple[int, int]], apart: str) -> None:
        self._parts = parts
        self._gaps = gaps
        self._counts = Counter(parts)
        self._apart = re.compile(f"[{re.escape(apart)}]")
        self._quick: re.Pattern[str] | None = None
        if prod(most - least + 1 for least, most in gaps) <= _WAYS:
            first, *rest = map(re.escape, parts)
            between = (f"[^{re.escape(apart)}]{{{least},{most}}}?" for least, most in gaps)
            self._quick = re.compile(first + "".join(gap + part for gap, part in zip(between, rest, strict=True)))
            self._overlapping = re.compile(f"(?=({self._quick.pattern}))")

    def stands_in(self, text: str) -> bool:
        """Whether there is a place in the text."""
        if self._quick is not None:
            return self._quick.search(text) is not None
        return any(True for _ in self._worked_out(text))

    def places(self, text: str) -> Iterator[Span]:
        """The places in the text, left to right, not overlapping."""
        if self._quick is not None:
            yield from (found.span() for found in self._quick.finditer(text))
            return
        free = 0
        for start, end in self._worked_out(text):
            if start >= free:
                yield start, end
                free = end

    def every_place(self, text: str) -> Iterator[Span]:
        """The same with those that overlap: one for every beginning."""
        if self._quick is not None:
            return (found.span(1) for found in self._overlapping.finditer(text))
        return self._worked_out(text)

    def _worked_out(self, text: str) -> Iterator[Span]:
        """For every beginning the place with the shortest gaps, the first gap first."""
        at = 0
        for stretch in self._apart.split(text):
            if all(stretch.count(part) >= count for part, count in self._counts.items()):
                yield from ((at + start, at + end) for start, end in self._within(stretch))
            at += len(stretch) + 1

    def _within(self, text: str) -> Iterator[Span]:
        # From the last part backwards: where each may begin so that all after it can follow.
        beginnings = [_beginnings(self._parts[-1], text)]
        for part, (least, most) in zip(self._parts[-2::-1], self._gaps[::-1], strict=True):
            following, size = beginnings[-1], len(part)
            beginnings.append(
                [
                    start
                    for start in _beginnings(part, text)
                    if _first(following, start + size + least) <= start + size + most
                ]
            )
        first, *rest = reversed(beginnings)
        for start in first:
            last = start
            for part, (least, _), following in zip(self._parts, self._gaps, rest, strict=False):
                last = _first(following, last + len(part) + least)
            yield start, last + len(self._parts[-1])


def _beginnings(part: str, text: str) -> list[int]:
    found, start = [], text.find(part)
    while start >= 0:
        found.append(start)
        start = text.find(part, start + 1)
    return found


def _first(beginnings: Sequence[int], least: int) -> int:
    """The first of these, ascending, that is no less; beyond every text where there is none."""
    at = bisect_left(beginnings, least)
    return beginnings[at] if at < len(beginnings) else _FAR


_FAR = 1 << 40
