"""Which part of a block to show in a list of hits."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 120  # characters, about three lines of a result
BEFORE = 36  # characters shown before the first place

_STOPS = "。！？；\n"


def excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The (start, end) of a readable part around the first place, end exclusive; a sentence's start if one is near."""
    first, last = spans[0] if spans else (0, 0)
    start = max(0, min(first - BEFORE, len(text) - WIDTH))
    end = min(len(text), max(start + WIDTH, last))
    if start:
        stop = max(text.rfind(mark, start, first) for mark in _STOPS)
        start = stop + 1 if stop >= 0 else start
    return start, end
