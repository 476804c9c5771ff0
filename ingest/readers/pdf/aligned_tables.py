"""Tables without rules on a page of a PDF: rows whose parts stand one below the other, with white bands between.

What is set in columns of prose, a contents page and verse is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from archive.catalogue.roster.columns import is_header
from archive.model.records import Cell
from ingest.readers.columns import ColumnRow
from ingest.readers.lines import Line, is_upright
from ingest.readers.pdf.page_content import Table

_BAND = 1.2  # of the size: a band between two columns is at least so wide
_APART = 1.5  # of the size: so far apart stand the parts of at least one pair of a row
_STEP = 2.6  # of the usual step: further below, another table begins
_ROWS, _COLUMNS = 3, 3
_MOST_PIECES, _MOST_COLUMNS = 2_000, 20  # of a page and of a table: more of them are scattered words
_FILLED = 0.45  # of the cells
_RAGGED = 2.0  # sizes that a line which goes on may lack before the edge of its column
_LONG, _FULL = 10.0, 0.5  # characters of a cell on the average, and cells that fill their column: prose
_SHORT = 8  # characters, on the average, of the names beside a column of dates
_VERSE = 0.4  # of the cells end like a line of verse
_DATES = 0.7  # of the first column of a table of two columns
_LEADERS = re.compile(r"[.．…·]{3,}|…")
_PAGE = re.compile(r"[\divxlc（()）]{1,6}", re.I)
_VERSE_END = re.compile(r"[，。；！？：]$")
_DATE = re.compile(r"\d{2,4}[.．年/]|\d{1,2}月|[元一二三四五六七八九十廿卅]{1,4}年|[民光宣康乾嘉道咸同]\S{1,6}年")


@dataclass(slots=True)
class _Row:
    """What stands at one height, from the left: pieces, each with the white space before it."""

    pieces: list[tuple[Line, str]]
    sources: list[int]  # the rows of the page they come from

    @property
    def top(self) -> float:
        """Points from the top of the page."""
        return min(line.top for line, _ in self.pieces)

    @property
    def size(self) -> float:
        """Of its characters."""
        return median(line.size for line, _ in self.pieces)

    @property
    def is_parted(self) -> bool:
        """Whether two of its parts stand well apart."""
        lines = [line for line, _ in self.pieces]
        return any(after.left - before.right > _APART * before.size for before, after in pairwise(lines))


def tables_of(rows: Sequence[ColumnRow], width: float) -> tuple[list[Table], list[ColumnRow]]:
    """The tables among the rows of a page of this width, from the top, and the rows outside them."""
    found: list[Table] = []
    inside: set[int] = set()
    heights = _at_one_height(rows) if sum(len(row.pieces) for row in rows) <= _MOST_PIECES else []
    if sum(row.is_parted for row in heights) < _ROWS:
        return [], list(rows)
    for run in _runs(heights):
        table = _table(run, width)
        if table is not None:
            found.append(table)
            inside |= {source for row in run for source in row.sources}
    return found, [row for number, row in enumerate(rows) if number not in inside]


def _at_one_height(rows: Sequence[ColumnRow]) -> list[_Row]:
    """The pieces of the page by height; programs draw a table row by row, or cell by cell."""
    placed = [
        (piece, gap, number)
        for number, row in enumerate(rows)
        for piece, gap in zip(row.pieces, ["", *row.gaps], strict=False)
        if not is_upright(piece)
    ]
    found: list[_Row] = []
    for piece, gap, number in sorted(placed, key=lambda one: (one[0].top, one[0].left)):
        above = found[-1] if found else None
        if above is not None and piece.top < above.top + above.size / 2:
            above.pieces.append((piece, gap))
            above.sources.append(number)
        else:
            found.append(_Row([(piece, gap)], [number]))
    for row in found:
        row.pieces.sort(key=lambda one: one[0].left)
    return found


def _runs(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Stretches of rows that share their bands, from the top."""
    steps = [after.top - before.top for before, after in pairwise(rows) if before.is_parted and after.is_parted]
    every = [after.top - before.top for before, after in pairwise(rows)]
    usual = median(steps or every or [0.0])
    run: list[_Row] = []
    for row in rows:
        near = not run or row.top - run[-1].top <= _STEP * usual
        if run and not (near and _fits(run, row)):
            yield run
            run = []
        if run or row.is_parted:
            run.append(row)
    if run:
        yield run


def _fits(run: Sequence[_Row], row: _Row) -> bool:
    """Whether a row goes on with the table: its parts lie in the columns so far, or leave nearly all of them apart."""
    columns = _columns(run)
    if not row.is_parted:
        line = row.pieces[0][0]
        return len(columns) > 1 and any(
            left - line.size < line.left and line.right < right + line.size for left, right in columns[1:]
        )
    together = _columns([*run, row])
    return len(together) >= max(2, len(columns) - 1) or len(run) == 1


def _columns(rows: Iterable[_Row]) -> list[tuple[float, float]]:
    """The columns as (left, right), from the left: what no white band divides is one."""
    found: list[tuple[float, float]] = []
    pieces = sorted((line for row in rows for line, _ in row.pieces), key=lambda line: line.left)
    for line in pieces:
        if found and line.left - found[-1][1] < _BAND * line.size:
            found[-1] = found[-1][0], max(found[-1][1], line.right)
        else:
            found.append((line.left, line.right))
    return found


def _table(run: Sequence[_Row], width: float) -> Table | None:
    columns = _columns(run)
    if not 2 <= len(columns) <= _MOST_COLUMNS or sum(row.is_parted for row in run) < _ROWS:
        return None
    texts = _texts(run, columns)
    if not _is_table(texts, run, columns):
        return None
    cells = tuple((Cell(0, row, column), text) for row, cells in enumerate(texts) for column, text in enumerate(cells))
    return Table(run[0].top, (*(left for left, _ in columns), width), cells, median(row.size for row in run))


def _texts(run: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """The cells row by row; a line that goes on with cells of the row above, which fill their columns, joins it."""
    found: list[list[str]] = []
    ends = [0.0] * len(columns)
    for row in run:
        cells = [_text(row, left, right) for left, right in columns]
        filled = [at for at, text in enumerate(cells) if text]
        size = row.size
        if found and not cells[0] and all(ends[at] > columns[at][1] - _RAGGED * size for at in filled):
            for at in filled:
                found[-1][at] += cells[at]
        else:
            found.append(cells)
        for line, _ in row.pieces:
            for at, (left, right) in enumerate(columns):
                if left - size < line.left and line.right < right + size:
                    ends[at] = line.right
    return found


def _text(row: _Row, left: float, right: float) -> str:
    """What stands in one column of a row, the gaps inside it kept."""
    text = ""
    for line, gap in row.pieces:
        if left - 0.1 <= line.left and line.right <= right + 0.1:
            text += (gap or " ") + line.text if text else line.text
    return text


def _is_table(texts: Sequence[Sequence[str]], run: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    filled = [text for cells in texts for text in cells if text]
    if len(filled) < _FILLED * len(texts) * len(columns) or any(_LEADERS.search(text) for text in filled):
        return False
    if is_header(texts[0]) or (len(texts) > 1 and is_header(texts[1])) or _is_dated(texts):
        return True
    lines = [line for row in run for line, _ in row.pieces]
    full = mean(
        any(line.left - left < line.size and right - line.right < line.size for left, right in columns)
        for line in lines
    )
    narrowest = min(mean(map(len, cells)) for at in range(len(columns)) if (cells := _column(texts, at)))
    prose = mean(map(len, filled)) > _LONG and full > _FULL and narrowest > _LONG / 2
    verse = sum(_VERSE_END.search(text) is not None for text in filled) > _VERSE * len(filled)
    return len(columns) >= _COLUMNS and not prose and not verse


def _is_dated(texts: Sequence[Sequence[str]]) -> bool:
    """Whether the first column holds dates, or short words and the last one dates, and the last no page numbers."""
    first, last = _column(texts, 0), _column(texts, -1)
    pages = sum(_PAGE.fullmatch(text) is not None for text in last) > 0.5 * len(last)
    named = bool(first) and mean(map(len, first)) <= _SHORT and _are_dates(last)
    return not pages and (_are_dates(first) or named)


def _column(texts: Sequence[Sequence[str]], at: int) -> list[str]:
    """What is filled of a column."""
    return [cells[at] for cells in texts if cells[at]]


def _are_dates(cells: Sequence[str]) -> bool:
    return sum(_DATE.match(text) is not None for text in cells) >= _DATES * len(cells)
