"""Notes in the margin of a scanned page: beside its text or, where that runs downwards, above or below it.

Read with the lines at their height they would stand in the middle of the sentences there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.readers.lines import Line, joined

_LONG = 0.55  # of the length that all but a few lines stay below: a line of the text itself
_FEWEST, _MOSTLY = 8, 0.7  # such lines on a page; of its characters in them, or between their edges
_ROOM = 0.4  # of the size of print: between text and margin
_NARROW = 0.5  # of the width of the text
_FULL = 0.6  # of the height of the text: what stands beside so much of it is no note
_APART = 1.8  # of the distance of lines: another note


def without_margins(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """The lines of the text, and the notes beside it, from the top; lines run from left to right, a page turned so.

    What stands beside most of the text is a column of its own.
    """
    beside = _beside(lines)
    text = [line for line in lines if line not in beside]
    if not beside:
        return text, []
    height = max(line.bottom for line in text) - min(line.top for line in text)
    found: list[str] = []
    for after in (False, True):
        side = [line for line in beside if (line.left > text[0].left) is after]
        notes = _notes(sorted(side, key=lambda line: line.top))
        if sum(note[-1].bottom - note[0].top for note in notes) > _FULL * height:
            return list(lines), []
        found += [joined(note) for note in notes]
    return text, found


def _beside(lines: Sequence[Line]) -> set[Line]:
    if len(lines) < _FEWEST:
        return set()
    usual = sorted(line.right - line.left for line in lines)[int(0.9 * len(lines))]
    long = [line for line in lines if line.right - line.left >= _LONG * usual]
    if len(long) < _FEWEST:
        return set()
    left, right = min(line.left for line in long), max(line.right for line in long)
    top, bottom = min(line.top for line in long), max(line.bottom for line in long)
    room = _ROOM * median(line.size for line in long)
    found = {
        line
        for line in lines
        if (line.right < left - room or line.left > right + room)
        and top - room < (line.top + line.bottom) / 2 < bottom + room
        and line.right - line.left < _NARROW * (right - left)
        and 2 * sum(character > "\u2e7f" for character in line.text) > len(line.text)
    }
    characters = sum(len(line.text) for line in lines)
    return found if sum(len(line.text) for line in found) < (1 - _MOSTLY) * characters else set()


def _notes(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one side, parted where there is room between two."""
    steps = [after.top - before.top for before, after in pairwise(lines)]
    usual = min(median(steps), 2 * median(line.size for line in lines)) if steps else 0.0
    found: list[list[Line]] = []
    for at, line in enumerate(lines):
        if not at or steps[at - 1] > _APART * usual:
            found.append([])
        found[-1].append(line)
    return found
