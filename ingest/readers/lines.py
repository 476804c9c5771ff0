"""Lines as they stand on pages, and how they become paragraphs again. Shared by PDF and recognised scans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from statistics import median

from ingest.text.unwrap import run_on

_INDENT = 1.2  # of the size of a character: a line that begins so far in opens a paragraph
_SHORT = 3.2  # a line that ends so far before the edge closes one: two characters may go over with a bracket
_HARDLY_SHORT = 1.2  # the same where nothing is indented and the line ends a sentence
_INDENTED = 0.08  # of the lines: where so many begin further in, paragraphs are marked so
_SENTENCE = ("。", "！", "？", "”", "」", "：", "；", "）")
_GAP = 1.75  # of the usual distance of lines
_SPACED = 1.25  # of the distance of lines that surely go on: where nothing is indented, paragraphs may stand so apart
_BROKEN, _LEAST_FULL = 0.5, 4  # more of the full lines end a sentence: their author broke them, as in unwrap.py
_SAME_SIZE = 0.12
_SAME_LINE = 0.5  # of the size: pieces that overlap so much in height stand on one line
_FEW = 3  # so few lines say nothing about the edges of the text
_ENOUGH = 8  # lines of a column tell its edges
_STARTS = re.compile(
    r"[\s　]*(?:第[一二三四五六七八九十百零〇\d]+[章节条编款]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、)"
)
_DAY = "[\\d一二三四五六七八九十廿初正元冬腊]"
_ENTRY = re.compile(rf"[\s　]*(?:(?:\d{{4}}年)?{_DAY}{{1,3}}月(?:{_DAY}{{1,4}}日?)?|[是本同该][年月日])[\s　]")
_MARKED = "▲"  # what stands under a picture
CONTENTS_ENTRY = re.compile(r"\S　　[\W_]*\d{1,4}[\W_]*$")
"""A line of a contents page, its page number apart."""

Area = tuple[int, int]
"""(page, column), see `Line`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; lengths in points (or pixels of a scan) from the left and the top of the page.

    `page` counts from 0. `confidence` is that of its recognition, 1 for text that was never a picture. `column` counts
    the columns of a page from 1, as they are read; 0 for a line over the whole width.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page: int
    confidence: float = 1.0
    column: int = 0

    @property
    def area(self) -> Area:
        """The page and the column it stands in."""
        return self.page, self.column


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the lines of a page or column begin and end. `indented`: paragraphs begin further in.

    `broken`: most of the lines that fill it end a sentence, so that they are paragraphs each.
    """

    left: float
    right: float
    indented: bool = False
    broken: bool = False

    @property
    def centre(self) -> float:
        """The middle of the text."""
        return (self.left + self.right) / 2


def on_one_line(lines: Sequence[Line]) -> list[Line]:
    """Pieces that follow each other on one line are put together, as in a table without rules."""
    merged: list[Line] = []
    for line in lines:
        before = merged[-1] if merged else None
        if before is not None and line.left >= before.right - 1:
            shared = min(before.bottom, line.bottom) - max(before.top, line.top)
            if shared > _SAME_LINE * max(before.size, line.size):
                gap = " " if line.left - before.right > 0.3 * line.size else ""
                merged[-1] = Line(
                    before.text + gap + line.text, before.left, line.right, min(before.top, line.top),
                    max(before.bottom, line.bottom), max(before.size, line.size), line.page,
                    min(before.confidence, line.confidence),
                )  # fmt: skip
                continue
        merged.append(line)
    return merged


def edges_of(lines: Sequence[Line]) -> dict[Area, Edges]:
    """The edges of the text on each page, or in each of its columns; left and right pages of a book differ."""
    found = _column_edges([line for line in lines if line.column])
    divided = {page for page, _ in found}
    whole = [line for line in lines if line.page not in divided]
    for parity in (0, 1):
        here = [line for line in whole if line.page % 2 == parity]
        if here:
            edges = edges_of_area(here if len(here) >= _FEW else whole)
            found.update({line.area: edges for line in here})
    for page in divided:
        columns = [edges for (number, _), edges in found.items() if number == page]
        left, right = min(edges.left for edges in columns), max(edges.right for edges in columns)
        found[page, 0] = Edges(left, right, columns[0].indented)
    return found


def _column_edges(lines: Sequence[Line]) -> dict[Area, Edges]:
    """The edges of columns; short ones take those of all that begin at their place."""
    areas: dict[Area, list[Line]] = {}
    for line in lines:
        areas.setdefault(line.area, []).append(line)
    beginning: dict[int, list[Line]] = {}
    for here in areas.values():
        beginning.setdefault(_place(here), []).extend(here)
    pooled = {place: edges_of_area(here) for place, here in beginning.items()}
    found = {
        area: edges_of_area(here) if len(here) >= _ENOUGH else pooled[_place(here)] for area, here in areas.items()
    }
    indented = 2 * sum(len(areas[area]) for area, edges in found.items() if edges.indented) > len(lines)
    return {area: replace(edges, indented=indented) for area, edges in found.items()}


def _place(lines: Sequence[Line]) -> int:
    """Where a column begins, roughly."""
    return round(min(line.left for line in lines) / (2 * lines[0].size))


def edges_of_area(lines: Sequence[Line]) -> Edges:
    """The edges of lines that were set to one width; there must be one at least."""
    unit = max(1.0, median(line.size for line in lines) / 3)
    lefts = Counter(round(line.left / unit) for line in lines)
    rights = Counter(round(line.right / unit) for line in lines)
    # Indented first lines are fewer than the others; full lines all end at one edge.
    left = min(place for place, count in lefts.items() if count >= 0.3 * max(lefts.values())) * unit
    right = max(place for place, count in rights.items() if count >= 0.3 * max(rights.values())) * unit
    further = sum(_INDENT < (line.left - left) / line.size < 3 for line in lines)
    full = [line for line in lines if right - line.right < _SHORT * line.size]
    closed = sum(line.text.endswith(_SENTENCE) for line in full)
    broken = len(full) >= _LEAST_FULL and closed > _BROKEN * len(full)
    return Edges(left, right, indented=further > _INDENTED * len(lines), broken=broken)


def is_centred(line: Line, edges: Edges) -> bool:
    """Whether a line stands in the middle, well away from both edges."""
    margin = 1.5 * line.size
    apart = line.left > edges.left + margin and line.right < edges.right - margin
    return apart and abs((line.left + line.right) / 2 - edges.centre) < margin


def paragraphs(lines: Sequence[Line], edges: dict[Area, Edges]) -> Iterator[list[Line]]:
    """The lines in groups that were one paragraph each, across columns and pages too."""
    pitch, leading = _pitch(lines), _leading(lines, edges)
    group: list[Line] = []
    for line in lines:
        if group and (_opens(group[-1], line, edges, leading) or not _runs_on(group, line, edges, pitch)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _leading(lines: Sequence[Line], edges: dict[Area, Edges]) -> float:
    """The distance, in sizes, of lines that surely belong together: full ones that end no sentence; 0 for none."""
    steps = [
        (line.top - before.top) / line.size
        for before, line in pairwise(lines)
        if before.area == line.area and line.top > before.top and line.size > 0
        and not before.text.endswith(_SENTENCE)
        and edges[line.area].right - before.right < _SHORT * before.size
    ]  # fmt: skip
    return median(steps) if len(steps) >= _FEW else 0.0


def _opens(before: Line, line: Line, edges: dict[Area, Edges], leading: float) -> bool:
    """Whether a line after one that ends a sentence begins a paragraph, however full that one is."""
    if not before.text.endswith(_SENTENCE):
        return False
    if _STARTS.match(line.text) or _ENTRY.match(line.text):
        return True
    if before.area != line.area or edges[line.area].indented:
        return False
    return edges[line.area].broken or 0 < _SPACED * leading * line.size < line.top - before.top


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance from line to line, in sizes of their characters."""
    steps = [
        (line.top - before.top) / line.size
        for before, line in pairwise(lines)
        if before.area == line.area and line.top > before.top and line.size > 0
    ]
    return median(steps) if steps else 1.5


def _runs_on(group: Sequence[Line], line: Line, edges: dict[Area, Edges], pitch: float) -> bool:
    """Whether a line goes on with the paragraph so far."""
    before, here = group[-1], edges[line.area]
    there = edges[before.area]
    if is_upright(line) or is_upright(before) or line.page > before.page + 1:
        return False
    if before.page == line.page and bool(before.column) != bool(line.column):
        return False
    if abs(line.size - before.size) > _SAME_SIZE * max(line.size, before.size):
        return False
    if CONTENTS_ENTRY.search(before.text):
        return False
    centred = is_centred(line, here)
    if before.area == line.area:
        step = line.top - before.top
        if step < 0 or step > _GAP * pitch * line.size:
            return False
        if centred and is_centred(before, here):
            return line.size > 0 and step < 1.3 * pitch * line.size and _is_title(group, edges)
    missing = (there.right - before.right) / before.size
    starts = line.text.startswith(_MARKED) or (_STARTS.match(line.text) and missing > _HARDLY_SHORT)
    if centred or starts:
        return False
    sentence = not here.indented and before.text.endswith(_SENTENCE)
    ended = missing > (_HARDLY_SHORT if sentence else _SHORT)
    inset = line.left - here.left
    indented = inset > _INDENT * line.size and inset > before.left - there.left - _INDENT * line.size
    hanging = len(group) > 1 and abs(line.left - group[1].left) < line.size and before.area == line.area
    return not ended and (not indented or hanging)


def is_upright(line: Line) -> bool:
    """Whether a line runs from top to bottom."""
    return len(line.text) > 1 and line.bottom - line.top > 2 * (line.right - line.left)


def _is_title(group: Sequence[Line], edges: dict[Area, Edges]) -> bool:
    """A title may run over two lines, both centred; verse and bylines are not joined."""
    first = group[0]
    here = edges[first.area]
    return len(group) < 2 and first.right - first.left > 0.6 * (here.right - here.left)


def joined(group: Sequence[Line]) -> str:
    """The text of a paragraph."""
    return reduce(run_on, (line.text.strip() for line in group), "")
