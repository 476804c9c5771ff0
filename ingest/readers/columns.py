"""Columns on a page: found by the white band between them, read one after the other.

Only running text counts as columns: lines that fill their width, without gaps in them. Whatever else stands side by
side (tables, contents pages, verse) stays in lines across the page, and is counted, so that somebody looks at it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from statistics import median, mode

from ingest.readers.lines import Edges, Line, edges_of_area, is_upright, on_one_line

WIDE = 0.8  # of the size: so much room between characters may be the band between two columns
_LEAST = 4  # lines in a column
_MOST = 2_000  # pieces on a page: more of them are no text anybody has set in columns
_NARROWEST = 7.0  # a column, in sizes
_FULL = 0.45  # of the lines of a column go from edge to edge
_INDENT, _RAGGED = 2.6, 1.5  # sizes that such a line may lack on the left and on the right
_BROKEN = 0.25  # of the lines of a column may have gaps in them, no more
_PROSE = 0.6  # of the lines of a side must stand in such columns
_HOLE = 2.2  # of the usual step: so much from line to line is a hole
_HOLES = 0.15  # of the lines may come after one: the cells of a table do
_CENTRED = 3.0  # sizes from either edge: a line centred over both columns
_SPREAD = 6.0  # sizes between the words of a title set wide
_TITLES, _LED = 12, 4  # pieces: the titles of one article with subtitles and bylines; between a title and its columns
_TRIED = 4  # white bands
_LARGER = 1.15  # of the usual size: a title
_WHOLE = 0.8  # of the width: a rule across the page
_BESIDE = 12  # pieces before and after, from the top: what may stand at the height of one
_FITTING = 0.7  # of the lines of a page fit into the columns of the page before


IN_COLUMNS = "分栏排印，逐栏读出，请核对次序"
SIDE_BY_SIDE = "{} 行左右分开排列（像表格、目录或诗行），按行读出，不分格，请核对"

Rule = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A line as the file has it; `pieces` are its parts between wide gaps, `gaps` the white space between them."""

    whole: Line
    pieces: tuple[Line, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLines:
    """What stands on a page: its rows in the order of the file, and its horizontal rules as (top, left, right)."""

    rows: Sequence[ColumnRow]
    rules: Sequence[Rule] = ()


@dataclass(frozen=True, slots=True)
class Arranged:
    """The lines of a page in reading order. `columns`: how many there are, 0 for a page read across.

    `apart`: how many lines read across the page have parts that stand apart.
    """

    lines: list[Line]
    columns: int = 0
    apart: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece with the number of its row and its place in it."""

    line: Line
    row: int
    place: int


@dataclass(frozen=True, slots=True)
class _Region:
    """What is read as one: a column, or lines across the page; `across`: nothing but titles and names over columns."""

    pieces: Sequence[_Piece]
    column: bool = False
    across: bool = False


def arrange(sheets: Sequence[PageLines]) -> list[Arranged]:
    """The lines of each page in reading order, `Line.column` counting the columns of a page from 1.

    A page too short to show columns of its own gets those of the pages around it.
    """
    divided = [_divided(_pieces(sheet.rows), sheet.rules) for sheet in sheets]
    frames = [_frames(regions) for regions in divided]
    if 2 * sum(map(bool, frames)) >= sum(bool(sheet.rows) for sheet in sheets):
        for number, sheet in enumerate(sheets):
            near = _near(frames, number)
            if near and not frames[number]:
                divided[number] = _fitted(_pieces(sheet.rows), near) or divided[number]
    return [_arranged(sheet.rows, regions) for sheet, regions in zip(sheets, divided, strict=True)]


def _pieces(rows: Sequence[ColumnRow]) -> list[_Piece]:
    return [_Piece(line, number, place) for number, row in enumerate(rows) for place, line in enumerate(row.pieces)]


# -- finding columns
def _divided(pieces: Sequence[_Piece], rules: Sequence[Rule]) -> list[_Region]:
    """The regions in reading order: bands from the top, in a band its columns from the left.

    Titles over the whole width, and rules across it, part the page first, where what stands between them is in columns:
    each article of a newspaper has its own. Of several white bands the one that least goes across comes next: what
    stands beside a whole article is another, whatever titles that article has.
    """
    if not pieces or _runs_down(pieces):
        return [_Region(pieces)]
    regions: list[_Region] = []
    for part, head in _stacked(pieces, rules):
        found = [_Region(part, across=True)] if head else _by_gutters(part, rules)
        if not head and not any(region.column for region in found) and any(_neighbours(part)):
            return _by_gutters(pieces, rules)  # short columns are told by those above and below them
        regions += found
    return regions


def _stacked(pieces: Sequence[_Piece], rules: Sequence[Rule]) -> list[tuple[list[_Piece], bool]]:
    """The pieces cut at titles that stand alone over the whole width, and at rules across it, from the top.

    True with a title and what follows it alone: subtitle, names.
    """
    left, right = min(piece.line.left for piece in pieces), max(piece.line.right for piece in pieces)
    usual = median(piece.line.size for piece in pieces)
    cuts = sorted(top for top, start, end in rules if end - start > _WHOLE * (right - left))
    set_lines = [words for _, row in groupby(pieces, key=lambda piece: piece.row) for words in _words(list(row))]
    set_lines.sort(key=lambda words: words[0].line.top)
    found: list[tuple[list[_Piece], bool]] = []
    level = 0
    for at, words in enumerate(set_lines):
        first, below = words[0].line, bisect(cuts, words[0].line.top)
        opens = first.size > _LARGER * usual or (bool(found) and found[-1][1] and below == level)
        head = (
            opens
            and _is_alone(set_lines, at)
            and _is_centred(first.left, words[-1].line.right, first.size, left, right)
        )
        if not found or head != found[-1][1] or below != level:
            found.append(([], head))
        found[-1][0].extend(words)
        level = below
    return [(sorted(part, key=lambda piece: (piece.row, piece.place)), head) for part, head in found]


def _is_alone(set_lines: Sequence[Sequence[_Piece]], at: int) -> bool:
    """Whether nothing else stands at the height of a line; they come from the top."""
    line = set_lines[at][0].line
    beside = (*set_lines[max(0, at - _BESIDE) : at], *set_lines[at + 1 : at + 1 + _BESIDE])
    return all(
        min(line.bottom, other.bottom) - max(line.top, other.top) < 0.3 * min(line.size, other.size)
        for other in (words[0].line for words in beside)
    )


def _is_centred(start: float, end: float, size: float, left: float, right: float) -> bool:
    """Whether a line stands in the middle between two edges, well away from both."""
    far = start > left + _CENTRED * size and end < right - _CENTRED * size
    return far and abs((start + end) - (left + right)) < 2 * _RAGGED * size


def _by_gutters(pieces: Sequence[_Piece], rules: Sequence[Rule]) -> list[_Region]:
    """The regions by the first of the white bands that parts them into columns."""
    gutters = _gutters(pieces)
    for gutter in gutters[:_TRIED]:
        regions = _parted(pieces, gutter, rules)
        if any(region.column for region in regions):
            return regions
    return [_Region(pieces)]


def _parted(pieces: Sequence[_Piece], gutter: float, rules: Sequence[Rule]) -> list[_Region]:
    """The regions where the page is parted at a gutter."""
    regions: list[_Region] = []
    above = False
    for band, crossing in _bands(pieces, gutter, rules):
        led = _led(band, gutter) if above and not crossing else []
        above = crossing
        for part, across in ((led, True), ([piece for piece in band if piece not in led], crossing)):
            columns = None if across else _side_by_side(part, gutter, rules)
            if columns:
                regions += columns
            elif part and regions and not regions[-1].column:
                last = regions[-1]
                titles = (last.across or across) and len(last.pieces) + len(part) <= _TITLES
                regions[-1] = _Region([*last.pieces, *part], across=titles)
            elif part:
                regions.append(_Region(part, across=across))
    return regions


def _led(band: Sequence[_Piece], gutter: float) -> list[_Piece]:
    """The short lines that stand between a title and the columns below it, though they fit into one of them."""
    sides = [[one for one in band if one.line.right <= gutter], [one for one in band if one.line.left >= gutter]]
    if not all(sides):
        return []
    early, late = sorted(sides, key=lambda side: min(one.line.top for one in side))
    begin = min(one.line.top for one in late)
    edges = edges_of_area([one.line for one in early])
    led = [one for one in early if one.line.bottom <= begin]
    return led if len(led) <= _LED and not any(_is_full([one.line], edges) for one in led) else []


def _runs_down(pieces: Sequence[_Piece]) -> bool:
    """Whether the text runs from top to bottom."""
    return sum(is_upright(piece.line) for piece in pieces) > 0.5 * len(pieces)


def _gutters(pieces: Sequence[_Piece]) -> list[float]:
    """The middles of the white bands that several neighbours have between them, those first that least goes across."""
    if len(pieces) > _MOST:
        return []
    steps: list[tuple[float, int]] = []
    for left, right in _neighbours(pieces):
        steps += [(left.right, 1), (right.left, -1)]
    if len(steps) < 2 * _LEAST:
        return []
    steps.sort()
    heights = list(accumulate(change for _, change in steps))
    found = []
    for at, height in enumerate(heights[:-1]):
        before = heights[at - 1] if at else 0
        if height >= _LEAST and before < height > heights[at + 1]:
            gutter = (steps[at][0] + steps[at + 1][0]) / 2
            crossing = sum(piece.line.left < gutter < piece.line.right for piece in pieces)
            found.append((crossing, -height, steps[at][0] - steps[at + 1][0], gutter))
    return [gutter for *_, gutter in sorted(found)]


def _neighbours(pieces: Sequence[_Piece]) -> Iterator[tuple[Line, Line]]:
    """Each line with the next to its right at its height, where there is room between them."""
    lines = sorted((piece.line for piece in pieces), key=lambda line: line.top)
    for number, line in enumerate(lines):
        best: Line | None = None
        for step in (1, -1):
            at = number + step
            while 0 <= at < len(lines) and abs(lines[at].top - line.top) < line.size:
                other = lines[at]
                shared = min(line.bottom, other.bottom) - max(line.top, other.top)
                beside = other.left - line.right >= WIDE * line.size and shared > 0.3 * line.size
                if beside and (best is None or other.left < best.left):
                    best = other
                at += step
        if best is not None:
            yield line, best


def _bands(pieces: Sequence[_Piece], gutter: float, rules: Sequence[Rule]) -> Iterator[tuple[list[_Piece], bool]]:
    """From the top: pieces that lie on either side of the gutter, and (True) what goes across it.

    A rule across the gutter ends a band: below it another article begins, or the next row of a table.
    """
    across = _across(pieces, gutter)
    tops = sorted(top for top, left, right in rules if left < gutter < right)

    def band_of(piece: _Piece) -> tuple[bool, int]:
        return (piece.row, piece.place) in across, bisect(tops, (piece.line.top + piece.line.bottom) / 2)

    for (crossing, _), band in groupby(sorted(pieces, key=lambda piece: piece.line.top), key=band_of):
        yield list(band), crossing


def _across(pieces: Sequence[_Piece], gutter: float) -> set[tuple[int, int]]:
    """The pieces that go across the gutter, spaced titles and names over both columns too, as (row, place)."""
    left, right = min(piece.line.left for piece in pieces), max(piece.line.right for piece in pieces)
    usual = median(piece.line.size for piece in pieces)
    begin = mode(round(piece.line.left) for piece in pieces if piece.line.left > gutter)
    found = set()
    for _, group in groupby(pieces, key=lambda piece: piece.row):
        for words in _words(list(group)):
            lines = [piece.line for piece in words]
            start, end, size = lines[0].left, lines[-1].right, lines[0].size
            centred = _is_centred(start, end, size, left, right)
            beyond = next((line.left for line in lines if line.left > gutter), begin)
            title = centred or size > _LARGER * usual or abs(beyond - begin) > _INDENT * size
            if any(line.left < gutter < line.right for line in lines) or (title and start < gutter < end):
                found |= {(piece.row, piece.place) for piece in words}
    return found


def _words(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces of a row that may be one line set wide: of one size, with no more than a few characters' room."""
    held = [pieces[0]]
    for before, piece in pairwise(pieces):
        near = piece.line.left - before.line.right < _SPREAD * before.line.size
        if not near or abs(piece.line.size - before.line.size) > 1:
            yield held
            held = []
        held.append(piece)
    yield held


def _side_by_side(band: Sequence[_Piece], gutter: float, rules: Sequence[Rule]) -> list[_Region] | None:
    """The columns of a band, from the left; None where what stands side by side is no running text."""
    left = [piece for piece in band if piece.line.right <= gutter]
    right = [piece for piece in band if piece.line.left >= gutter]
    found: list[_Region] = []
    for side in (left, right):
        if len(side) < _LEAST:
            return None
        regions = _divided(sorted(side, key=lambda piece: (piece.row, piece.place)), rules)
        prose = sum(len(region.pieces) for region in regions if region.column or _is_prose(region.pieces))
        titles = sum(len(region.pieces) for region in regions if region.across and len(regions) > 1)
        if prose < _PROSE * (len(side) - titles):
            return None
        found += [region if region.across else replace(region, column=True) for region in regions]
    return found


def _is_prose(pieces: Sequence[_Piece]) -> bool:
    """Whether most lines go from edge to edge, in one piece and one after the other."""
    rows = _at_one_height([piece.line for piece in pieces])
    if len(rows) < _LEAST:
        return False
    edges = edges_of_area([line for row in rows for line in row])
    size = median(row[0].size for row in rows)
    full = sum(_is_full(row, edges) for row in rows)
    broken = sum(len(row) > 1 for row in rows)
    steps = [after[0].top - before[0].top for before, after in pairwise(rows)]
    holes = sum(step > _HOLE * median(steps) for step in steps)
    return (
        edges.right - edges.left > _NARROWEST * size
        and full >= _FULL * len(rows)
        and broken <= _BROKEN * len(rows)
        and holes <= max(1, _HOLES * len(rows))
    )


def _is_full(row: Sequence[Line], edges: Edges) -> bool:
    size = row[0].size
    return row[0].left < edges.left + _INDENT * size and row[-1].right > edges.right - _RAGGED * size


def _at_one_height(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines from the top, those at one height together and from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if rows and line.top < (rows[-1][0].top + rows[-1][0].bottom) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


# -- pages too short to show columns of their own
def _frames(regions: Sequence[_Region]) -> list[Edges]:
    """The edges of the columns of a page."""
    return [edges_of_area([piece.line for piece in region.pieces]) for region in regions if region.column]


def _near(frames: Sequence[list[Edges]], number: int) -> list[Edges]:
    """The columns of the nearest page that has some, of the same side of the book."""
    for far in range(2, len(frames) + 1, 2):
        for other in (number - far, number + far):
            if 0 <= other < len(frames) and frames[other]:
                return frames[other]
    for other in (number - 1, number + 1):
        if 0 <= other < len(frames) and frames[other]:
            return frames[other]
    return []


def _fitted(pieces: Sequence[_Piece], frames: Sequence[Edges]) -> list[_Region] | None:
    """The page in the columns of another; None where it does not fit into them."""
    within = {id(piece): _frame_of(piece.line, frames) for piece in pieces}
    if sum(at >= 0 for at in within.values()) < _FITTING * len(pieces) or not any(
        _is_full([piece.line], frames[within[id(piece)]]) for piece in pieces if within[id(piece)] >= 0
    ):
        return None
    regions: list[_Region] = []
    ordered = sorted(pieces, key=lambda piece: piece.line.top)
    for fits, band in groupby(ordered, key=lambda piece: within[id(piece)] >= 0):
        kept = list(band)
        if not fits:
            regions.append(_Region(kept))
            continue
        for at in range(len(frames)):
            column = [piece for piece in kept if within[id(piece)] == at]
            rows = _at_one_height([piece.line for piece in column])
            if sum(len(row) > 1 for row in rows) > _BROKEN * len(rows):
                return None
            if column:
                regions.append(_Region(column, column=True))
    return regions


def _frame_of(line: Line, frames: Sequence[Edges]) -> int:
    """The number of the column that holds the line; -1 for none."""
    for at, frame in enumerate(frames):
        if frame.left - line.size < line.left and line.right < frame.right + line.size:
            return at
    return -1


# -- lines again
def _arranged(rows: Sequence[ColumnRow], regions: Sequence[_Region]) -> Arranged:
    lines: list[Line] = []
    columns, apart = 0, 0
    for region in regions:
        if region.column:
            columns += 1
            together = [line for row in _at_one_height(_joined(rows, region)) for line in row]
            lines += [replace(line, column=columns) for line in on_one_line(together)]
        else:
            lines += on_one_line(_joined(rows, region))
            apart += (
                0 if not _gutters(region.pieces) else sum(len(row) > 1 for row in _at_one_height(_lines_of(region)))
            )
    return Arranged(lines, columns, apart)


def _lines_of(region: _Region) -> list[Line]:
    return [piece.line for piece in region.pieces]


def _joined(rows: Sequence[ColumnRow], region: _Region) -> list[Line]:
    """The pieces of each row that stand in the region as one line, in the order of the file."""
    found = []
    ordered = sorted(region.pieces, key=lambda piece: (piece.row, piece.place))
    for number, group in groupby(ordered, key=lambda piece: piece.row):
        pieces, row = list(group), rows[number]
        if len(pieces) == len(row.pieces):
            found.append(row.whole)
            continue
        text = pieces[0].line.text
        for before, piece in pairwise(pieces):
            text += row.gaps[before.place] + piece.line.text
        found.append(
            replace(
                pieces[0].line,
                text=text,
                right=pieces[-1].line.right,
                top=min(piece.line.top for piece in pieces),
                bottom=max(piece.line.bottom for piece in pieces),
            )
        )
    return found
