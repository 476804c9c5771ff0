"""An article laid out as a page: head, body with tables and figures put together, notes, attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.model.article_parts import (
    CaptionedFigure,
    CaptionedTable,
    Group,
    NumberedNote,
    Part,
    Piece,
    numbered_notes,
    parts,
    pieces_of,
)
from archive.model.records import Block, Kind

_HEAD = frozenset({Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE})


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article laid out for reading. Every block stands in exactly one place."""

    head: tuple[Piece, ...]
    body: tuple[Part, ...]
    notes: tuple[NumberedNote, ...]
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
        in_body = (piece for part in self.body for piece in pieces_of(part))
        in_notes = (piece for note in self.notes for piece in note.pieces)
        return tuple(piece.index for piece in (*self.head, *in_body, *in_notes, *self.attached))


def arrange(blocks: Sequence[Block]) -> Sheet:
    """Lay out the blocks of an article, of which the first is the title."""
    pieces = [Piece(index, block) for index, block in enumerate(blocks)]
    headed = next((piece.index for piece in pieces if piece.block.kind not in _HEAD), len(pieces))
    return Sheet(
        head=tuple(pieces[:headed]),
        body=tuple(parts(blocks, headed)),
        notes=numbered_notes(blocks),
        attached=tuple(piece for piece in pieces if not piece.block.kind.searched),
    )


def shape(part: Part) -> str:
    """Which template macro shows a part: table, figure, or the kind of its blocks."""
    match part:
        case CaptionedTable():
            return "table"
        case CaptionedFigure():
            return "figure"
        case Group(kind=kind):
            return kind.value
        case Piece(block=block):
            return block.kind.value
