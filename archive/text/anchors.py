"""Places that follow corrections: where a stretch of one version of a text stands in another.

The one module for it. An `Anchor` names a place by its words and what stands around them, and holds wherever these
read the same. A `Course` knows where every paragraph and character of one version went in another; with it an anchor is
renewed when its text is corrected, so that what was decided, quoted or noted stays on its words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 12
"""How many code points either side of a place must still read the same for an anchor to hold."""

Place = tuple[int, int, int]
"""Block index, start and end in its text (code points, end exclusive)."""

_PARTING = "\n"
_LEFT = 0.3  # a block with a smaller share of its characters anywhere is gone; the few are chance
_CLAUSE = re.compile(r"[^，。；：！？、,.;:!?\s]*[，。；：！？、,.;:!?\s]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place where `written` stands between `before` and `after`, at most CONTEXT code points each.

    A shorter context means that the block begins or ends there. `block` and `start` are where it stood when made.
    """

    block: int
    start: int
    written: str
    before: str
    after: str


def anchored(texts: Sequence[str], place: Place) -> Anchor:
    """The anchor of a place within these texts, one a block."""
    block, start, end = place
    text = texts[block]
    return Anchor(block, start, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def standing(anchor: Anchor, texts: Iterable[tuple[int, str]]) -> Place | None:
    """Where an anchor holds among (block index, text) pairs; None where its words no longer read the same.

    When several places fit, the one in its old block wins, or else in the block nearest to that, and there the one
    nearest to its old position.
    """
    places = [(index, start, start + len(anchor.written)) for index, text in texts for start in _fitting(anchor, text)]
    return min(places, key=lambda place: (abs(place[0] - anchor.block), abs(place[1] - anchor.start)), default=None)


def _fitting(anchor: Anchor, text: str) -> Iterator[int]:
    wanted = anchor.before + anchor.written + anchor.after
    at = text.find(wanted)
    while at >= 0:
        begins = at == 0 or len(anchor.before) == CONTEXT
        ends = at + len(wanted) == len(text) or len(anchor.after) == CONTEXT
        if begins and ends:
            yield at + len(anchor.before)
        at = text.find(wanted, at + 1)


class Course:
    """From one version of a text to another, both given as the texts of their blocks.

    What reads the same at the beginning and at the end belongs together, so that the twin of a paragraph or a cell does
    not attract it; between these, whole paragraphs first, then clauses, then characters. A paragraph that was split or
    joined is followed character by character.
    """

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after = list(before), list(after)
        self._starts, self._new_starts = _starts(before), _starts(after)
        self._kept = tuple(_kept(self._before, self._after, self._starts, self._new_starts))
        self._old_ends = [start for start, _, _ in self._kept]

    def place(self, place: Place) -> Place | None:
        """Where the characters of a place stand now; None unless all of them stand together in one block."""
        block, start, end = place
        if not 0 <= block < len(self._before) or not 0 <= start < end <= len(self._before[block]):
            return None
        at = self._starts[block] + start
        there = self._moved(at)
        if there is None:
            return None
        if any(self._moved(at + step) != there + step for step in range(1, end - start)):
            return None
        found = bisect_right(self._new_starts, there) - 1
        offset = there - self._new_starts[found]
        within = offset + end - start <= len(self._after[found])
        return (found, offset, offset + end - start) if within else None

    def block(self, index: int) -> int | None:
        """The block that most of a block's characters stand in now; None where hardly any of them are left together."""
        if not 0 <= index < len(self._before):
            return None
        begin, end = self._starts[index], self._starts[index] + len(self._before[index])
        counts: dict[int, int] = {}
        for start, there, length in self._kept:
            low, high = max(start, begin), min(start + length, end)
            if low < high:
                self._count(there + low - start, high - low, counts)
        if not counts:
            return self._same(index)
        found = max(counts, key=lambda one: (counts[one], -one))
        return found if counts[found] > _LEFT * (end - begin) else None

    def unchanged(self, index: int) -> int | None:
        """The block that reads exactly as this one did and took its place; None where its text was changed."""
        found = self.block(index)
        return found if found is not None and self._after[found] == self._before[index] else None

    def _count(self, at: int, length: int, counts: dict[int, int]) -> None:
        """Add how many of the characters from `at` on stand in which block."""
        while length > 0:
            found = bisect_right(self._new_starts, at) - 1
            here = min(length, self._new_starts[found] + len(self._after[found]) + 1 - at)
            counts[found] = counts.get(found, 0) + here
            at, length = at + here, length - here

    def _same(self, index: int) -> int | None:
        """An empty block is where the end of the block before it leads, if that one is empty still."""
        if self._before[index]:
            return None
        there = self._moved(self._starts[index])
        if there is None:
            return None
        found = bisect_right(self._new_starts, there) - 1
        return found if not self._after[found] else None

    def _moved(self, at: int) -> int | None:
        number = bisect_right(self._old_ends, at) - 1
        if number < 0:
            return None
        start, there, length = self._kept[number]
        return there + at - start if at < start + length else None


def _starts(texts: Sequence[str]) -> list[int]:
    """Where each text begins when all are written one after another with one character between them."""
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + len(_PARTING)
    return starts


def _kept(
    before: list[str], after: list[str], starts: list[int], new_starts: list[int]
) -> Iterator[tuple[int, int, int]]:
    """Stretches that both have, ascending: (start in the old text, start in the new one, length)."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    for at in range(head):
        yield starts[at], new_starts[at], len(before[at]) + 1
    middle, new_middle = before[head : len(before) - tail], after[head : len(after) - tail]
    for tag, a, b, c, d in SequenceMatcher(None, middle, new_middle, autojunk=False).get_opcodes():
        if tag == "equal":
            for step in range(b - a):
                old, new = head + a + step, head + c + step
                yield starts[old], new_starts[new], len(before[old]) + 1
        elif tag == "replace":
            old_at, new_at = starts[head + a], new_starts[head + c]
            one, other = _PARTING.join(middle[a:b]), _PARTING.join(new_middle[c:d])
            yield from ((old_at + start, new_at + there, length) for start, there, length in _common(one, other))
    for at in range(tail, 0, -1):
        yield starts[-at], new_starts[-at], len(before[-at]) + 1


def _common(one: str, other: str) -> Iterator[tuple[int, int, int]]:
    """What two stretches have in common: ends first, then clauses, then characters."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - head) if one[-1 - at] != other[-1 - at]), shorter - head)
    if head:
        yield 0, 0, head
    first, second = one[head : len(one) - tail], other[head : len(other) - tail]
    clauses, others = _clauses(first), _clauses(second)
    at, there = head, head
    for tag, a, b, c, d in SequenceMatcher(None, clauses, others, autojunk=False).get_opcodes():
        size, new_size = sum(map(len, clauses[a:b])), sum(map(len, others[c:d]))
        if tag == "equal":
            yield at, there, size
        elif tag == "replace":
            inner = SequenceMatcher(None, "".join(clauses[a:b]), "".join(others[c:d]), autojunk=False)
            for start, new_start, length in inner.get_matching_blocks()[:-1]:
                yield at + start, there + new_start, length
        at, there = at + size, there + new_size
    if tail:
        yield len(one) - tail, len(other) - tail, tail


def _clauses(text: str) -> list[str]:
    found = _CLAUSE.findall(text)
    rest = text[sum(map(len, found)) :]
    return [*found, rest] if rest else found
