"""Where words of a list stand in a text: from left to right, the longest at each place, none inside another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.text.spans import Span


class LongestMatch:
    """Finds words of a list, however many there are; the time it takes goes by the text alone."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(filter(None, words))
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}
        self._first = re.compile(f"[{''.join(map(re.escape, sorted(lengths)))}]") if lengths else None

    def places(self, text: str) -> Iterator[Span]:
        """Start and end of each, end exclusive: 李明 is not found in 李明山 where both are in the list."""
        found = self._first.search(text) if self._first else None
        while found is not None and self._first:
            start = found.start()
            sizes = (size for size in self._lengths[text[start]] if start + size <= len(text))
            end = next((start + size for size in sizes if text[start : start + size] in self._words), 0)
            if end:
                yield start, end
            found = self._first.search(text, end or start + 1)
