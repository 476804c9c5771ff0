"""Tables that only lay out a page: articles in their cells, or photographs with their captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.model.records import Block, Cell, Kind, Layout
from ingest.readers.captions import LONGEST, is_caption
from ingest.text.byline import SUBTITLE, parse_byline

Placed = tuple[Block, Layout]
_MOST_CELLS = 12  # of a table that lays out articles
_PARAGRAPHS, _PROSE = 3, 300  # paragraphs and characters of a cell that holds text and not data
_ARTICLE, _LONGEST_TITLE = 100, 40  # characters of a cell that begins as an article does, and of its title
_SHARE = 0.8  # of the characters stand in such cells


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell and what stands in it. `continues` marks the lower cells of a vertical merge."""

    place: Cell
    placed: Sequence[Placed]
    continues: bool = False

    @property
    def characters(self) -> int:
        """How much text it holds."""
        return sum(len(block.text) for block, _ in self.placed if block.kind is not Kind.FIGURE)

    @property
    def pictures(self) -> int:
        """How many pictures it holds."""
        return sum(block.kind is Kind.FIGURE for block, _ in self.placed)


def unrolled(cells: Sequence[FilledCell]) -> list[Placed] | None:
    """The blocks of a table that only lays out, in reading order; None for a table of data."""
    filled = [cell for cell in cells if cell.placed]
    if _holds_articles(filled):
        return [one for cell in filled for one in cell.placed]
    if _holds_photographs(filled):
        return list(_photographs(filled))
    return None


def _holds_articles(cells: Sequence[FilledCell]) -> bool:
    prose = [cell for cell in cells if _is_prose(cell)]
    total = sum(cell.characters for cell in cells)
    few = len(cells) <= min(_MOST_CELLS, 2 * len(prose))
    return few and bool(prose) and sum(cell.characters for cell in prose) >= _SHARE * total


def _is_prose(cell: FilledCell) -> bool:
    paragraphs = [block for block, _ in cell.placed if block.kind is not Kind.FIGURE and len(block.text) > LONGEST // 2]
    most = len(paragraphs) >= _PARAGRAPHS and cell.characters >= _PROSE
    return most or (bool(paragraphs) and cell.characters >= _ARTICLE and _is_signed(cell))


def _is_signed(cell: FilledCell) -> bool:
    """Whether a title, perhaps with a subtitle, and the name of its author begin a cell."""
    lines = [block.text.strip() for block, _ in cell.placed if block.text.strip()]
    title = bool(lines) and 1 < len(lines[0]) <= _LONGEST_TITLE and not lines[0].endswith(("。", "：", "；"))
    below = [line for line in lines[1:3] if not SUBTITLE.match(line)]
    return title and bool(below) and bool(parse_byline(below[0]))


def _holds_photographs(cells: Sequence[FilledCell]) -> bool:
    """Whether pictures fill the table, with no more than a caption each."""
    pictures = [cell for cell in cells if cell.pictures]
    texts = [cell for cell in cells if cell.characters and not cell.pictures]
    short = all(cell.characters <= LONGEST for cell in cells)
    worded = sum(any(is_caption(block.text) for block, _ in cell.placed) for cell in texts)
    alike = 2 * worded >= len(texts) or 1 < len(texts) <= len(pictures)
    return bool(pictures) and short and alike and len(texts) <= len(pictures) + 1


def _photographs(cells: Sequence[FilledCell]) -> Iterator[Placed]:
    """Each picture with its caption; what is no picture's caption stays in its place."""
    captions = _captions(cells)
    claimed = {id(cell) for cell in captions.values()}
    for cell in cells:
        if not cell.pictures:
            yield from () if id(cell) in claimed else cell.placed
            continue
        yield from (one for one in cell.placed if one[0].kind is Kind.FIGURE)
        yield from (_as_caption(one) for one in cell.placed if one[0].kind is not Kind.FIGURE)
        if id(cell) in captions:
            yield from map(_as_caption, captions[id(cell)].placed)


def _captions(cells: Sequence[FilledCell]) -> dict[int, FilledCell]:
    """For a picture (by the identity of its cell) the cell of its caption: below it, beside it or above it."""
    free = {(cell.place.row, cell.place.column): cell for cell in cells if not cell.pictures}
    found: dict[int, FilledCell] = {}
    for down, across in ((1, 0), (0, 1), (-1, 0)):
        for cell in cells:
            place = cell.place
            below = place.row + (place.row_span if down > 0 else down)
            other = free.get((below, place.column + across * place.column_span))
            if other is not None and cell.pictures and not cell.characters and id(cell) not in found:
                last = _last_above(other.place, cells) if down > 0 else cell
                found[id(last)] = free.pop((other.place.row, other.place.column))
    return found


def _last_above(caption: Cell, cells: Sequence[FilledCell]) -> FilledCell:
    """The last of the pictures that a caption stands below: it may span several."""
    columns = range(caption.column, caption.column + caption.column_span)
    return [
        cell
        for cell in cells
        if cell.pictures and cell.place.column in columns and cell.place.row + cell.place.row_span == caption.row
    ][-1]


def _as_caption(placed: Placed) -> Placed:
    block, layout = placed
    return (replace(block, kind=Kind.CAPTION), layout) if block.kind is Kind.PARAGRAPH else placed
