"""Where a place of a corrected text stands on the picture of its page."""

from __future__ import annotations

from dataclasses import dataclass

from archive.text.line_places import LinePlace, place_of
from ingest.readers.page_reading import PageReading, ReadLine

_AROUND, _AROUND_DOWN = 9.0, 4.0  # characters shown on either side; where lines run downwards
_ABOVE = 0.45  # of the height of its line, shown above and below
_TIGHT = 0.06  # of it, by which the frame is larger than its characters

Sides = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of the width and the height of a picture."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a picture: what is shown, and in it the frame around the place."""

    view: Sides
    frame: Sides


def spot(reading: PageReading, text: str, start: int, end: int) -> Spot | None:
    """Where `text[start:end]` stands; None where no line of the picture stands there. Of two lines the first is taken.

    What was corrected since is between what was not.
    """
    for line in reading.lines:
        found = place_of("".join(one.text for one in line.characters), (text,))
        if found is not None and found.start <= start < found.end:
            return _on(reading, line, found, start, max(start + 1, min(end, found.end)))
    return None


def _on(reading: PageReading, line: ReadLine, place: LinePlace, start: int, end: int) -> Spot:
    own = 1 / max(1, place.end - place.start)
    known = {there: line.characters[at].at for at, there in place.same}
    first, last = (known.get(at, (at - place.start + 0.5) * own) for at in (start, end - 1))
    begin, finish = first - own / 2, last + own / 2
    around = (_AROUND_DOWN if line.downwards else _AROUND) * own
    return Spot(
        _sides(reading, line, (max(0.0, begin - around), min(1.0, finish + around)), _ABOVE),
        _sides(reading, line, (begin, finish), _TIGHT),
    )


def _sides(reading: PageReading, line: ReadLine, along: tuple[float, float], more: float) -> Sides:
    """What holds a stretch of a line, in shares of its length, and so much more of its height on both sides."""
    (x, y), right, _, below = line.corners
    forward, across = (below, right) if line.downwards else (right, below)
    points = [
        (x + (forward[0] - x) * far + (across[0] - x) * deep, y + (forward[1] - y) * far + (across[1] - y) * deep)
        for far in along
        for deep in (-more, 1 + more)
    ]
    wide, tall = zip(*points, strict=True)
    return (
        _share(min(wide), reading.width), _share(min(tall), reading.height),
        _share(max(wide), reading.width), _share(max(tall), reading.height),
    )  # fmt: skip


def _share(length: float, whole: int) -> float:
    return min(1.0, max(0.0, length / whole))
