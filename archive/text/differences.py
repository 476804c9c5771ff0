"""Where two texts differ: paragraph beside paragraph, and within a pair character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from archive.text.spans import Span, joined

_CLAUSE = re.compile(r"[^，。；：！？、,.;:!?\s]*[，。；：！？、,.;:!?\s]*")
_ALIKE = 0.3  # two paragraphs with fewer pairs of characters in common stand apart
_ISLAND = 2  # fewer equal characters between two differences are chance
_FEW = 400  # as many pairs of paragraphs are weighed one by one; longer stretches are set side by side in order


@dataclass(frozen=True, slots=True)
class Pair:
    """Two paragraphs that belong side by side, by index; None where one side has none.

    `left_spans` and `right_spans` are the (start, end) stretches, end exclusive, that the other side lacks; a paragraph
    without a partner differs altogether.
    """

    left: int | None
    right: int | None
    left_spans: tuple[Span, ...] = ()
    right_spans: tuple[Span, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether both sides read the same."""
        return self.left is not None and self.right is not None and not (self.left_spans or self.right_spans)


def differences(left: Sequence[str], right: Sequence[str]) -> tuple[Pair, ...]:
    """Two texts, each a list of paragraphs, set side by side: every paragraph of both in exactly one pair, in order."""
    found: list[Pair] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Pair(start + step, other_start + step) for step in range(end - start)]
            continue
        for one, other in _partners(left[start:end], right[other_start:other_end]):
            one = None if one is None else start + one
            other = None if other is None else other_start + other
            found.append(_pair(one, other, left, right))
    return tuple(found)


def _pair(one: int | None, other: int | None, left: Sequence[str], right: Sequence[str]) -> Pair:
    if one is not None and other is not None:
        return Pair(one, other, *_spans(left[one], right[other]))
    whole = ((0, len(left[one] if one is not None else right[other or 0])),)
    return Pair(one, other, whole if one is not None else (), whole if other is not None else ())


def _partners(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Changed paragraphs set side by side so that the likeness of all pairs is greatest, order kept."""
    if len(left) * len(right) > _FEW:
        yield from _in_order(len(left), len(right))
        return
    pairs = [_pairs(text) for text in left], [_pairs(text) for text in right]
    like = [[_likeness(one, other) for other in pairs[1]] for one in pairs[0]]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for row in reversed(range(len(left))):
        for column in reversed(range(len(right))):
            together = best[row + 1][column + 1] + like[row][column] if like[row][column] >= _ALIKE else 0.0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    row = column = 0
    while row < len(left) and column < len(right):
        share = like[row][column]
        if share >= _ALIKE and best[row][column] == best[row + 1][column + 1] + share:
            yield row, column
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            yield row, None
            row += 1
        else:
            yield None, column
            column += 1
    yield from ((rest, None) for rest in range(row, len(left)))
    yield from ((None, rest) for rest in range(column, len(right)))


def _in_order(left: int, right: int) -> Iterator[tuple[int | None, int | None]]:
    for index in range(max(left, right)):
        yield index if index < left else None, index if index < right else None


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 2] for start in range(max(len(text) - 1, 1)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(min(len(one), len(other)), 1)


def _spans(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """What each side has that the other lacks: clauses first, then characters, so that long paragraphs stay quick."""
    clauses = _CLAUSE.findall(left), _CLAUSE.findall(right)
    spans: tuple[list[Span], list[Span]] = [], []
    starts = _starts(clauses[0]), _starts(clauses[1])
    for tag, a, b, c, d in SequenceMatcher(None, *clauses, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        one, other = starts[0][a], starts[1][c]
        inner = SequenceMatcher(None, left[one : starts[0][b]], right[other : starts[1][d]], autojunk=False)
        codes = inner.get_opcodes()
        for place, (kind, start, end, other_start, other_end) in enumerate(codes):
            island = 0 < place < len(codes) - 1 and end - start < _ISLAND
            if kind != "equal" or island:
                spans[0].append((one + start, one + end))
                spans[1].append((other + other_start, other + other_end))
    return joined(spans[0], touching=True), joined(spans[1], touching=True)


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return starts
