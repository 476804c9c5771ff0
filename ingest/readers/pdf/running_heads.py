"""What is printed on every page and is no text of the work: running heads, running feet, page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.lines import Line
from ingest.readers.pdf.page_content import PageContent

_OUTER = 2  # so many lines at the top and at the bottom are looked at
_ZONE = 0.14  # of the height of the page, from either edge
_NEAR, _NEAR_ON_SCANS = 4.0, 18.0  # points by which the place may differ; no two sheets lie alike on a scanner
_PAGES_APART = 6  # a running head comes again within so many pages
_DATES = 3  # pages: a line that is a date may stand twice at a page's top by chance
_ROMAN = re.compile(r"[ivxlcdm]{1,7}", re.I)
_FOLIO = re.compile(
    r"[\s·•.—\-–－—~～|第页頁共/]*?(\d{1,4}|[ivxlcdm]{1,7}|[IVXLCDM]{1,7})(?:[\s·•.—\-–－~～|页頁]*|\s*(?:页|/)\s*共?\s*\d+\s*页?)"
)
_DIGITS = re.compile(r"\d+|(?<![A-Za-z])[ivxlcdm]+(?![A-Za-z])", re.I)
_DATE_LINE = re.compile(r"[\d〇○零一二三四五六七八九十元正冬腊是同本该]{1,5}[年月日][^，。]{0,12}")
_BESIDE = " \t　·•.—-–－—~～|/"  # what may stand between a page number and the words of a running line
_UNITS = frozenset("年月日号届期卷册集辑章节回条款元万亿千百人名户口次位个件亩斤吨米里时点分岁、.%％")
_YEARS = range(1000, 2101)  # numbers near an edge that are all of these may be years
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(slots=True)
class Furniture:
    """Lines that are no text: `heads` and `feet` are running lines, `folios` lines that are only a page number.

    `printed` gives the printed number of each page where it is known, `words` the text of each running line (by its
    identity) without white space and without the number of its page: where these are equal the lines are.
    """

    heads: list[Line] = field(default_factory=list)
    feet: list[Line] = field(default_factory=list)
    folios: list[Line] = field(default_factory=list)
    printed: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    @property
    def lines(self) -> set[int]:
        """The identities of all these lines."""
        return {id(line) for line in (*self.heads, *self.feet, *self.folios)}


def find(pages: Sequence[PageContent]) -> Furniture:
    """Running lines stand at one height and come again on pages nearby; page numbers rise by one with the pages.

    Nothing but the page number may differ between them: 1953年 and 1954年 at the tops of two pages are text.
    """
    found = Furniture()
    outer = [(page, line, top) for page in pages for line, top in _outer(page)]
    found.printed, numbered = _numbers([(line, page) for page, line, _ in outer], pages)
    groups: dict[tuple[bool, str], list[tuple[PageContent, Line]]] = defaultdict(list)
    for page, line, top in outer:
        if id(line) in numbered and _FOLIO.fullmatch(line.text):
            found.folios.append(line)
        else:
            number = found.printed.get(page.number, "") if id(line) in numbered else ""
            groups[top, _without(line.text, number)].append((page, line))
    for (top, words), members in groups.items():
        if len(members) < _DATES and _DATE_LINE.fullmatch(words):
            continue
        for index, (page, line) in enumerate(members):
            others = (*members[max(0, index - 2) : index], *members[index + 1 : index + 3])
            if any(_recurs(page, line, other_page, other) for other_page, other in others):
                (found.heads if top else found.feet).append(line)
                found.words[id(line)] = words
    return found


def _without(text: str, number: str) -> str:
    """The text without white space, and without the page number where it has one."""
    for match in _folios(text):
        if number and match[0] == number:
            text = f"{text[: match.start()]}#{text[match.end() :]}"
            break
    return "".join(text.split())


def _folios(text: str) -> Iterator[re.Match[str]]:
    """The numbers of a line that may be that of its page: at its beginning or end, and counting nothing."""
    for match in _DIGITS.finditer(text):
        before = text[: match.start()].rstrip(_BESIDE).removesuffix("第").strip(_BESIDE)
        after = text[match.end() :].lstrip(_BESIDE)
        if not before:
            of_all = text[match.end() :].lstrip().startswith("/")  # 5/30
            free = of_all or (after[:1] not in _UNITS and not after[:1].isdigit())
        else:
            free = not after.lstrip("页頁").strip(_BESIDE) and before[-1] not in _UNITS and not before[-1].isdigit()
        if free:
            yield match


def _recurs(page: PageContent, line: Line, other_page: PageContent, other: Line) -> bool:
    height = abs(line.top - other.top) if line.top < page.height / 2 else abs(
        (page.height - line.bottom) - (other_page.height - other.bottom)
    )  # fmt: skip
    return 0 < abs(page.number - other_page.number) <= _PAGES_APART and height < (
        _NEAR_ON_SCANS if page.scanned or page.layered else _NEAR
    )


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
    on is believed, unless all its numbers could be years. Pages between two believed ones, such as the first of a
    chapter, get theirs too.
    """
    candidates = [
        (value - page.number, match[0].isdigit(), page.number, match[0], line)
        for line, page in outer
        for match in _folios(line.text)
        if (value := _value(match[0]))
    ]
    votes = Counter((offset, digits) for offset, digits, _, _, _ in candidates)
    pages_only = {(offset, digits) for offset, digits, page, _, _ in candidates if offset + page not in _YEARS}
    least = 2 if len(pages) < 10 else 3
    enough = {key for key, count in votes.items() if count >= least and key in pages_only}
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
    if text.isdecimal():
        return int(text) if len(text) <= 4 else 0
    if not _ROMAN.fullmatch(text):
        return 0
    values = [_VALUES[letter] for letter in text.lower()]
    return sum(
        -value if any(later > value for later in values[index + 1 :]) else value for index, value in enumerate(values)
    )
