"""One walk through an article, for the screen and for books: tables, figures and lists put together, notes numbered.

So a table has the same cells everywhere, and a note the same number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby, product

from archive.model.records import Block, Cell, Kind

_GROUPED = frozenset({Kind.VERSE, Kind.LIST_ITEM, Kind.QUOTATION})


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its number in the article, which is also its permalink."""

    index: int
    block: Block


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with its paragraphs; its span covers no other cell's place."""

    place: Cell
    pieces: tuple[Piece, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The paragraphs without their numbers."""
        return tuple(piece.block for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table: its cells row by row (gaps have no cell), how many columns, how many rows at the top are headings."""

    rows: tuple[tuple[TableCell, ...], ...]
    columns: int
    header_rows: int

    def filled(self) -> Iterator[tuple[TableCell | None, ...]]:
        """Row by row the cells that begin there, and None for every place that no cell covers."""
        covered = {
            place for row in self.rows for cell in row for place in product(_rows(cell.place), _columns(cell.place))
        }
        for number, row in enumerate(self.rows):
            begins = {cell.place.column: cell for cell in row}
            yield tuple(
                begins.get(column)
                for column in range(self.columns)
                if column in begins or (number, column) not in covered
            )

    @property
    def pieces(self) -> Iterator[Piece]:
        """Everything in it, row by row."""
        return (piece for row in self.rows for cell in row for piece in cell.pieces)

    @property
    def simple(self) -> bool:
        """Whether no cell spans others or holds more than one line or a picture."""
        return all(
            cell.place.row_span == cell.place.column_span == 1
            and len(cell.blocks) == 1
            and cell.blocks[0].kind is not Kind.FIGURE
            and "\n" not in cell.blocks[0].text
            for row in self.rows
            for cell in row
        )


@dataclass(frozen=True, slots=True)
class CaptionedTable:
    """A table and the caption above it, if it has one."""

    table: TableRows
    caption: Piece | None = None


@dataclass(frozen=True, slots=True)
class CaptionedFigure:
    """A picture and the caption below it, if it has one."""

    picture: Piece
    caption: Piece | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring lines of verse, quotations, or items of a list."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class NumberedNote:
    """A note of one or several blocks, numbered from 1. `called` is the block that refers to it first, if any does.

    `referred` tells whether printed text refers to it; the words of a picture and other notes do not count as such.
    """

    number: int
    label: str
    pieces: tuple[Piece, ...]
    called: int | None
    referred: bool

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its paragraphs without their numbers."""
        return tuple(piece.block for piece in self.pieces)


Part = Piece | CaptionedTable | CaptionedFigure | Group


def flow(blocks: Sequence[Block], start: int = 0) -> Iterator[Piece | TableRows]:
    """The blocks from number `start` on, cells as whole tables; without notes and without what is never printed.

    The cells of a table stay together whatever note or remark stands between; text between them begins another one.
    """
    cells: list[Piece] = []
    for index, block in enumerate(blocks[start:], start):
        if block.kind is Kind.NOTE or not block.kind.searched:
            continue
        if cells and (block.cell is None or block.cell.table != (cells[-1].block.cell or block.cell).table):
            yield _table(cells)
            cells = []
        if block.cell is not None:
            cells.append(Piece(index, block))
        else:
            yield Piece(index, block)
    if cells:
        yield _table(cells)


def parts(blocks: Sequence[Block], start: int = 0) -> Iterator[Part]:
    """The `flow`, with a caption put to the figure before it, else to the table after it, and neighbours grouped."""
    whole = list(flow(blocks, start))
    at = 0
    while at < len(whole):
        first, then = whole[at], whole[at + 1] if at + 1 < len(whole) else None
        at += 1
        if isinstance(first, TableRows):
            yield CaptionedTable(first)
            continue
        match first.block.kind:
            case Kind.FIGURE:
                captioned = isinstance(then, Piece) and then.block.kind is Kind.CAPTION
                yield CaptionedFigure(first, then if captioned and isinstance(then, Piece) else None)
                at += captioned
            case Kind.CAPTION if isinstance(then, TableRows):
                yield CaptionedTable(then, first)
                at += 1
            case kind if kind in _GROUPED:
                same = _neighbours(whole[at - 1 :], kind)
                yield Group(kind, same)
                at += len(same) - 1
            case _:
                yield first


def pieces_of(part: Part) -> Iterator[Piece]:
    """The pieces of a part in reading order."""
    match part:
        case Piece():
            yield part
        case Group(pieces=pieces):
            yield from pieces
        case CaptionedFigure(picture=picture, caption=caption):
            yield from (picture,) if caption is None else (picture, caption)
        case CaptionedTable(table=table, caption=caption):
            yield from () if caption is None else (caption,)
            yield from table.pieces


def numbered_notes(blocks: Sequence[Block]) -> tuple[NumberedNote, ...]:
    """All notes: those that the text refers to, in the order in which a reader meets the references; then the others.

    Several blocks with one label are one note; each block without a label is a note of its own that nothing refers to.
    References in the words of pictures, in notes and in what is never printed give no number, since no format shows
    them all: a note that only these refer to comes among the others.
    """
    gathered: dict[str, list[Piece]] = {}
    for index, block in enumerate(blocks):
        if block.kind is Kind.NOTE:
            gathered.setdefault(block.label or f"\0{index}", []).append(Piece(index, block))
    if not gathered:
        return ()
    called: dict[str, int] = {}
    for each in flow(blocks):
        for piece in (each,) if isinstance(each, Piece) else each.pieces:
            if piece.block.kind is not Kind.FIGURE:
                _call(called, piece)
    referred = [label for label in called if label in gathered]
    for index, block in enumerate(blocks):
        _call(called, Piece(index, block))
    order = [*referred, *(label for label in gathered if label not in referred)]
    return tuple(
        NumberedNote(
            number, gathered[label][0].block.label, tuple(gathered[label]), called.get(label), number <= len(referred)
        )
        for number, label in enumerate(order, 1)
    )


def _call(called: dict[str, int], piece: Piece) -> None:
    for run in piece.block.runs:
        if run.note:
            called.setdefault(run.note, piece.index)


def _neighbours(whole: Sequence[Piece | TableRows], kind: Kind) -> tuple[Piece, ...]:
    """The pieces of that kind at the beginning."""
    _, group = next(groupby(whole, key=lambda each: isinstance(each, Piece) and each.block.kind is kind))
    return tuple(each for each in group if isinstance(each, Piece))


def _table(cells: Sequence[Piece]) -> TableRows:
    """Cells by place. Rows and columns where no cell begins are dropped, and spans are clipped where another cell
    stands: so no text can be covered, and wild numbers make no thousand empty rows."""
    contents: dict[tuple[int, int], list[Piece]] = {}
    places: dict[tuple[int, int], Cell] = {}
    for piece in cells:
        if (cell := piece.block.cell) is not None:
            contents.setdefault((cell.row, cell.column), []).append(piece)
            places.setdefault((cell.row, cell.column), cell)
    row_numbers = sorted({row for row, _ in places})
    column_numbers = sorted({column for _, column in places})
    rows: list[list[TableCell]] = [[] for _ in row_numbers]
    taken = {(bisect_left(row_numbers, row), bisect_left(column_numbers, column)) for row, column in places}
    for start, place in sorted(places.items()):
        row, row_span = _ranked(place.row, place.row_span, row_numbers)
        column, column_span = _ranked(place.column, place.column_span, column_numbers)
        ranked = replace(place, row=row, column=column, row_span=row_span, column_span=column_span)
        clipped = _clipped(ranked, taken)
        taken.update(product(_rows(clipped), _columns(clipped)))
        rows[row].append(TableCell(clipped, tuple(contents[start])))
    header_rows = next((i for i, row in enumerate(rows) if not all(cell.place.header for cell in row)), len(rows))
    return TableRows(tuple(map(tuple, rows)), len(column_numbers), header_rows)


def _ranked(start: int, span: int, numbers: Sequence[int]) -> tuple[int, int]:
    """Start and span counted in those numbers alone."""
    first = bisect_left(numbers, start)
    return first, max(bisect_left(numbers, start + span) - first, 1)


def _rows(place: Cell) -> range:
    return range(place.row, place.row + place.row_span)


def _columns(place: Cell) -> range:
    return range(place.column, place.column + place.column_span)


def _clipped(place: Cell, taken: Set[tuple[int, int]]) -> Cell:
    right = place.column + 1
    while right < place.column + place.column_span and (place.row, right) not in taken:
        right += 1
    below = place.row + 1
    while below < place.row + place.row_span and not any(
        (below, column) in taken for column in range(place.column, right)
    ):
        below += 1
    return replace(place, column_span=right - place.column, row_span=below - place.row)
