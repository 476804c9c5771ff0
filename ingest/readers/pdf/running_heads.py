"""What is printed on every page and is no text of the work: running heads, running feet, page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.lines import Line
from ingest.readers.pdf.page_content import PageContent

_OUTER = 2  # so many lines at the top and at the bottom are looked at
_ZONE = 0.14  # of the height of the page, from either edge
_NEAR = 4.0  # points by which the place may differ
_PAGES_APART = 6  # a running head comes again within so many pages
_ROMAN = re.compile(r"[ivxlcdm]{1,7}", re.I)
_FOLIO = re.compile(
    r"[\s·•.—\-–－—~～|第页頁共/]*?(\d{1,4}|[ivxlcdm]{1,7}|[IVXLCDM]{1,7})(?:[\s·•.—\-–－~～|页頁]*|\s*(?:页|/)\s*共?\s*\d+\s*页?)"
)
_DIGITS = re.compile(r"\d+|(?<![A-Za-z])[ivxlcdm]+(?![A-Za-z])", re.I)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(slots=True)
class Furniture:
    """Lines that are no text: `heads` and `feet` are running lines, `folios` lines that are only a page number.

    `printed` gives the printed number of each page where it is known.
    """

    heads: list[Line] = field(default_factory=list)
    feet: list[Line] = field(default_factory=list)
    folios: list[Line] = field(default_factory=list)
    printed: dict[int, str] = field(default_factory=dict)

    @property
    def lines(self) -> set[int]:
        """The identities of all these lines."""
        return {id(line) for line in (*self.heads, *self.feet, *self.folios)}


def find(pages: Sequence[PageContent]) -> Furniture:
    """Running lines stand at one height and come again on pages nearby; page numbers rise by one with the pages."""
    found = Furniture()
    outer = [(page, line, top) for page in pages for line, top in _outer(page)]
    found.printed, numbered = _numbers([(line, page) for page, line, _ in outer], pages)
    groups: dict[tuple[bool, str], list[tuple[PageContent, Line]]] = defaultdict(list)
    for page, line, top in outer:
        if id(line) in numbered and _FOLIO.fullmatch(line.text):
            found.folios.append(line)
        else:
            groups[top, _DIGITS.sub("#", "".join(line.text.split()))].append((page, line))
    for (top, _), members in groups.items():
        for index, (page, line) in enumerate(members):
            others = (*members[max(0, index - 2) : index], *members[index + 1 : index + 3])
            if any(_recurs(page, line, other_page, other) for other_page, other in others):
                (found.heads if top else found.feet).append(line)
    return found


def _recurs(page: PageContent, line: Line, other_page: PageContent, other: Line) -> bool:
    height = abs(line.top - other.top) if line.top < page.height / 2 else abs(
        (page.height - line.bottom) - (other_page.height - other.bottom)
    )  # fmt: skip
    return 0 < abs(page.number - other_page.number) <= _PAGES_APART and height < _NEAR


def _outer(page: PageContent) -> list[tuple[Line, bool]]:
    """The lines near the edges of a page, with whether at the top."""
    zone = _ZONE * page.height
    by_height = sorted(page.lines, key=lambda line: line.top)
    tops = [(line, True) for line in by_height[:_OUTER] if line.bottom < zone]
    feet = [(line, False) for line in by_height[-_OUTER:] if line.top > page.height - zone]
    return [*tops, *(item for item in feet if not any(item[0] is line for line, _ in tops))]


def _numbers(
    outer: Sequence[tuple[Line, PageContent]], pages: Sequence[PageContent]
) -> tuple[dict[int, str], set[int]]:
    """The printed number of each page, and the lines that hold one.

    Every number near an edge votes for the distance between it and the page's place in the file; a distance many agree
    on is believed. Pages between two believed ones, such as the first of a chapter, get theirs too.
    """
    candidates = [
        (value - page.number, match[0].isdigit(), page.number, match[0], line)
        for line, page in outer
        for match in _DIGITS.finditer(line.text)
        if (value := _value(match[0]))
    ]
    votes = Counter((offset, digits) for offset, digits, _, _, _ in candidates)
    enough = {key for key, count in votes.items() if count >= (2 if len(pages) < 10 else 3)}
    printed: dict[int, str] = {}
    lines: set[int] = set()
    offsets: dict[int, int] = {}
    for offset, digits, number, text, line in sorted(candidates, key=lambda item: -votes[item[0], item[1]]):
        if (offset, digits) in enough and offsets.get(number, offset) == offset:
            printed.setdefault(number, text)
            offsets[number] = offset
            lines.add(id(line))
    known = sorted(number for number, text in printed.items() if text.isdigit())
    for before, after in pairwise(known):
        if offsets[before] == offsets[after]:
            for number in range(before + 1, after):
                printed.setdefault(number, str(number + offsets[before]))
    return printed, lines


def _value(text: str) -> int:
    """The number written in digits or in Roman numerals; 0 where it is none."""
    if text.isdigit():
        return int(text) if len(text) <= 4 else 0
    if not _ROMAN.fullmatch(text):
        return 0
    values = [_VALUES[letter] for letter in text.lower()]
    return sum(
        -value if any(later > value for later in values[index + 1 :]) else value for index, value in enumerate(values)
    )
