"""A flat list of blocks to the parts of a page: head, body with tables and figures put together, notes, attachments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.model.records import Block, Cell, Kind

_HEAD = frozenset({Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE})


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its number in the article, which is also its permalink (`#b12`)."""

    index: int
    block: Block

    @property
    def shape(self) -> str:
        """What template macro shows it: the block's kind."""
        return self.block.kind.value


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a table as shown: no pieces where the source has an empty cell."""

    pieces: tuple[Piece, ...]
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `rows[i]` holds the fields that begin in row i, from left to right."""

    rows: tuple[tuple[Field, ...], ...]
    caption: Piece | None = None
    shape: str = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and its caption, if it has one."""

    picture: Piece
    caption: Piece | None = None
    shape: str = "figure"


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring lines of verse, or items of a list, that belong together."""

    pieces: tuple[Piece, ...]
    shape: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note with the number it is printed with; `called` is the block that refers to it, None if none does."""

    number: int
    pieces: tuple[Piece, ...]
    called: int | None


Part = Piece | Table | Figure | Group


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article laid out for reading. Every block stands in exactly one place."""

    head: tuple[Piece, ...]
    body: tuple[Part, ...]
    notes: tuple[Note, ...]
    attached: tuple[Piece, ...]

    @property
    def headings(self) -> tuple[Piece, ...]:
        """The sub-headings, for the contents."""
        return tuple(part for part in self.body if isinstance(part, Piece) and part.block.kind is Kind.HEADING)

    @property
    def depths(self) -> dict[int, int]:
        """How deep each sub-heading stands within this article, by block number, from 1.

        In a volume the levels above belong to sections and titles, so only the levels that occur here count.
        """
        levels = sorted({piece.block.level for piece in self.headings})
        return {piece.index: levels.index(piece.block.level) + 1 for piece in self.headings}

    @property
    def order(self) -> tuple[int, ...]:
        """Block numbers in reading order on the page."""
        in_notes = (piece for note in self.notes for piece in note.pieces)
        pieces = (*self.head, *_pieces(self.body), *in_notes, *self.attached)
        return tuple(piece.index for piece in pieces)


def arrange(blocks: Sequence[Block]) -> Sheet:
    """Lay out the blocks of an article, of which the first is the title."""
    pieces = [Piece(index, block) for index, block in enumerate(blocks)]
    headed = next((piece.index for piece in pieces if piece.block.kind not in _HEAD), len(pieces))
    rest = pieces[headed:]
    flow = [piece for piece in rest if piece.block.kind.searched and piece.block.kind is not Kind.NOTE]
    return Sheet(
        head=tuple(pieces[:headed]),
        body=tuple(_body(flow)),
        notes=_notes(blocks, [piece for piece in rest if piece.block.kind is Kind.NOTE]),
        attached=tuple(piece for piece in rest if not piece.block.kind.searched),
    )


def _body(flow: Sequence[Piece]) -> Iterator[Part]:
    """Put together what belongs together: cells, verse, list items; a caption after a figure or before a table."""
    parts = [part for key, group in groupby(flow, _together) for part in _joined(key[0], tuple(group))]
    at = 0
    while at < len(parts):
        part, then = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(part, Figure) and isinstance(then, Piece) and then.block.kind is Kind.CAPTION:
            yield Figure(part.picture, then)
            at += 2
        elif isinstance(part, Piece) and part.block.kind is Kind.CAPTION and isinstance(then, Table):
            yield Table(then.rows, part)
            at += 2
        else:
            yield part
            at += 1


def _together(piece: Piece) -> tuple[Kind, int]:
    cell = piece.block.cell
    return piece.block.kind, -1 if cell is None else cell.table


def _joined(kind: Kind, group: tuple[Piece, ...]) -> Sequence[Part]:
    if kind is Kind.CELL:
        return (_table(group),)
    if kind in (Kind.VERSE, Kind.LIST_ITEM):
        return (Group(group, kind.value),)
    if kind is Kind.FIGURE:
        return tuple(Figure(piece) for piece in group)
    return group


def _table(cells: Sequence[Piece]) -> Table:
    """Build the grid: blocks that share a cell together, an empty field wherever neither a block nor a span reaches."""
    fields: dict[tuple[int, int], list[Piece]] = {}
    taken: dict[tuple[int, int], Cell] = {}
    for piece in cells:
        cell = piece.block.cell or Cell(0, len(fields), 0)  # a cell without a place gets a row of its own
        fields.setdefault((cell.row, cell.column), []).append(piece)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                taken.setdefault((row, column), cell)
    height = 1 + max(row for row, _ in taken)
    width = 1 + max(column for _, column in taken)
    rows = []
    for row in range(height):
        line = []
        for place in ((row, column) for column in range(width)):
            if place in fields:
                cell = taken[place]
                line.append(Field(tuple(fields[place]), cell.row_span, cell.column_span, cell.header))
            elif place not in taken:
                line.append(Field(()))
        rows.append(tuple(line))
    return Table(tuple(rows))


def _notes(blocks: Sequence[Block], pieces: Sequence[Piece]) -> tuple[Note, ...]:
    """Gather the notes, several blocks with one label being one note, in the order they stand."""
    called: dict[str, int] = {}
    for index, block in enumerate(blocks):
        for run in block.runs:
            if run.note:
                called.setdefault(run.note, index)
    gathered: dict[str, list[Piece]] = {}
    for piece in pieces:
        # A note without a label belongs to no other one.
        gathered.setdefault(piece.block.label or f"\0{piece.index}", []).append(piece)
    return tuple(
        Note(number, tuple(group), called.get(label)) for number, (label, group) in enumerate(gathered.items(), 1)
    )


def _pieces(parts: Sequence[Part]) -> Iterator[Piece]:
    for part in parts:
        match part:
            case Piece():
                yield part
            case Group(pieces=pieces):
                yield from pieces
            case Figure(picture=picture, caption=caption):
                yield from (picture,) if caption is None else (picture, caption)
            case Table(rows=rows, caption=caption):
                yield from () if caption is None else (caption,)
                for row in rows:
                    for field in row:
                        yield from field.pieces
