"""Spans of a text: pairs of offsets in code points, the end exclusive."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def joined(spans: Iterable[Span], touching: bool = False) -> tuple[Span, ...]:
    """The spans in order without empty ones, those that share a character made one; `touching` ones too if asked."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and (start < found[-1][1] or (touching and start == found[-1][1])):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
