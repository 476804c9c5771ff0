"""The pages of a scanned volume laid on each other: a scanner takes each sheet a little further left or right.

Where paragraphs begin and lines end is told over many pages (lines.py), which must stand at one place for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from ingest.readers.lines import Edges, Line, edges_of_area

_ENOUGH = 8  # lines of a page tell its edges
_ALIKE = 1.5  # sizes: both edges of a page are moved by the same, or its lines are otherwise set


def laid_on_each_other(pages: Mapping[int, Sequence[Line]], downwards: frozenset[int]) -> dict[int, list[Line]]:
    """The lines of the pages, moved to where those of most pages stand; those of pages with few lines stay.

    `downwards`: the pages whose text runs downwards. Where they are fewer than the others (or the others fewer than
    they), their lines are stretched to the length of the others, so that a full line is one there too.
    """
    edges = {number: edges_of_area(lines) for number, lines in pages.items() if len(lines) >= _ENOUGH}
    groups = sorted(
        ([number for number in edges if (number in downwards) is down] for down in (False, True)), key=len, reverse=True
    )
    if not groups[0]:
        return {number: list(lines) for number, lines in pages.items()}
    frame = _middle([edges[number] for number in groups[0]])
    found = {number: list(lines) for number, lines in pages.items()}
    for group in groups:
        own = _middle([edges[number] for number in group]) if group else frame
        stretch = (frame.right - frame.left) / max(1.0, own.right - own.left) if own is not frame else 1.0
        for number in group:
            move = _move(edges[number], own, pages[number][0].size)
            found[number] = [
                replace(
                    line,
                    left=frame.left + (line.left + move - own.left) * stretch,
                    right=frame.left + (line.right + move - own.left) * stretch,
                )
                for line in pages[number]
            ]
    return found


def _middle(edges: Sequence[Edges]) -> Edges:
    return Edges(median(one.left for one in edges), median(one.right for one in edges))


def _move(page: Edges, usual: Edges, size: float) -> float:
    """How far the lines of a page are moved: 0 where it is not the whole page that stands elsewhere."""
    left, right = usual.left - page.left, usual.right - page.right
    return (left + right) / 2 if abs(left - right) < _ALIKE * size else 0.0
