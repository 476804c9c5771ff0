"""Sets of articles as numbers with a bit for each key: two are met, and what they share is counted, in microseconds."""

from __future__ import annotations

from collections.abc import Iterable

_ONE = ord("1")


def bits(keys: Iterable[int], size: int) -> int:
    """The number for a set of keys, all of them smaller than `size`: bit number n stands for the key n."""
    digits = bytearray(b"0" * size)
    for key in keys:
        digits[-1 - key] = _ONE
    return int(digits, 2)  # linear in base 2
