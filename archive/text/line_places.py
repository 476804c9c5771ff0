"""Where lines read off a page stand in a text that has been corrected since."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

_LEAST = 0.3  # of a line must stand together in the text
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A place in one of several texts: its number, where it starts and ends, and for each character of the line that
    stands there unchanged (place in the line, place in the text).
    """

    text: int
    start: int
    end: int
    same: tuple[tuple[int, int], ...]


def place_of(line: str, texts: Sequence[str]) -> LinePlace | None:
    """Where a line stands in the texts, however far some characters were corrected; None where it does not."""
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    whole = "\n".join(texts)
    longest = SequenceMatcher(None, whole, line, autojunk=False).find_longest_match()
    if longest.size < max(1, min(_FEWEST, len(line)), _LEAST * len(line)):
        return None
    number = bisect_right(starts, longest.a) - 1
    text, first = texts[number], starts[number]
    start = max(0, longest.a - first - longest.b)
    end = min(len(text), start + len(line))
    matcher = SequenceMatcher(None, text[start:end], line, autojunk=False)
    same = [
        (match.b + step, start + match.a + step)
        for match in matcher.get_matching_blocks()
        for step in range(match.size)
    ]
    return LinePlace(number, start, end, tuple(same))
