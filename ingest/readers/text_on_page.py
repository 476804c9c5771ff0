"""The text of a library shared out over the lines that were read on the picture of its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.text.line_places import place_of
from ingest.readers.page_reading import PageReading, ReadLine

_TAKEN = "\0"


@dataclass(frozen=True, slots=True)
class OnPage:
    """A piece of text on a page: its line, None where none was found for it; `at`: number of its text, its offset."""

    line: ReadLine | None
    text: str
    at: tuple[int, int]


def shared_out(reading: PageReading, texts: Sequence[str], beside: Sequence[PageReading] = ()) -> Iterator[OnPage]:
    """The texts of a page, corrections and all, each line with what stands on it; no character twice, none left out.

    In the order of the lines. What no line could be found for comes last: lines corrected beyond recognition. Texts
    may go on from the page before or on the next one: what stands on the pages `beside` is not of this one.
    """
    left = [list(text) for text in texts]
    for line in reading.lines:
        if (found := _taken(line, texts, left)) is not None:
            yield found
    for other in beside:
        for line in other.lines:
            _taken(line, texts, left)
    for number, each in enumerate(left):
        rest = "".join(each)
        if (text := rest.replace(_TAKEN, "")).strip():
            yield OnPage(None, text, (number, len(rest) - len(rest.lstrip(_TAKEN))))


def _taken(line: ReadLine, texts: Sequence[str], left: list[list[str]]) -> OnPage | None:
    """What stands on a line of what no line has taken; it is taken with this."""
    place = place_of("".join(one.text for one in line.characters), texts)
    if place is None:
        return None
    here = left[place.text]
    text = "".join(here[place.start : place.end]).replace(_TAKEN, "")
    here[place.start : place.end] = _TAKEN * (place.end - place.start)
    return OnPage(line, text, (place.text, place.start)) if text.strip() else None
