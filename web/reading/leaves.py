"""A very long article in leaves, each a page light enough for an old computer and a slow network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from archive.model.article_parts import Part, Piece, pieces_of
from archive.model.records import Kind
from web.base.rendering import Marks
from web.reading.page_layout import Sheet

CHARACTERS = 36_000
"""About as many stand on a leaf; an article of less than twice as many has one."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves of an article in order, each a sheet of its own; every one has the head.

    Notes stand on the leaf that refers to them first, what nothing refers to and what is attached on the last.
    """

    sheets: tuple[Sheet, ...]
    where: Mapping[int, int]
    """The number (from 1) of the leaf on which each block stands first."""

    @property
    def order(self) -> tuple[int, ...]:
        """Block numbers in reading order, leaf after leaf, each once."""
        return tuple(self.where)

    def of_block(self, index: int) -> int:
        """The number (from 1) of the leaf on which a block stands; 1 for one that stands nowhere."""
        return self.where.get(index, 1)

    def hits(self, marks: Marks) -> tuple[int, ...]:
        """How many marked places each leaf has; those of the head count on the first."""
        counts = Counter(dict.fromkeys(range(1, len(self.sheets) + 1), 0))
        for index, spans in marks.spans.items():
            counts[self.where[index]] += len(spans)
        return tuple(counts[number] for number in range(1, len(self.sheets) + 1))


def place_url(article_id: str, block: int, **carried: Any) -> str:
    """The address of a block of an article. The block is named twice: no server is told of an anchor, and in an article
    of several leaves it must show the right one.
    """
    return url_for("reading.article", article_id=article_id, block=block or None, _anchor=f"b{block}", **carried)


def divided(sheet: Sheet) -> Leaves:
    """The leaves of a sheet, cut before sub-headings where that makes no leaf too short."""
    stretches = _stretches(sheet.body)
    last = len(stretches) - 1
    sheets = []
    for number, body in enumerate(stretches):
        held = {piece.index for part in body for piece in pieces_of(part)}
        mine = (note for note in sheet.notes if note.called in held or (number == last and note.called is None))
        notes = tuple(note for note in sheet.notes if number == 0 and _in_head(sheet, note.called)) + tuple(mine)
        sheets.append(replace(sheet, body=body, notes=notes, attached=sheet.attached if number == last else ()))
    where: dict[int, int] = {}
    for number, one in enumerate(sheets, 1):
        for index in one.order:
            where.setdefault(index, number)
    return Leaves(tuple(sheets), where)


def _in_head(sheet: Sheet, called: int | None) -> bool:
    return called is not None and called in {piece.index for piece in sheet.head}


def _stretches(body: Sequence[Part]) -> list[tuple[Part, ...]]:
    sizes = [sum(len(piece.block.text) for piece in pieces_of(part)) for part in body]
    if sum(sizes) < 2 * CHARACTERS:
        return [tuple(body)]
    stretches: list[list[Part]] = [[]]
    count = 0
    for part, size in zip(body, sizes, strict=True):
        heading = isinstance(part, Piece) and part.block.kind is Kind.HEADING
        if stretches[-1] and (count + size > CHARACTERS or (heading and count > CHARACTERS * 3 // 4)):
            stretches.append([])
            count = 0
        stretches[-1].append(part)
        count += size
    return [tuple(stretch) for stretch in stretches]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf that is shown: its number from 1, where blocks, hits and other leaves are found from here.

    `hits` are the marked places of each leaf; `address` makes the address of a leaf with an anchor.
    """

    leaves: Leaves
    number: int
    hits: tuple[int, ...]
    address: Callable[[int, str], str]

    @property
    def sheet(self) -> Sheet:
        """What stands on it."""
        return self.leaves.sheets[self.number - 1]

    @property
    def count(self) -> int:
        """How many leaves there are."""
        return len(self.leaves.sheets)

    def block(self, index: int) -> str:
        """The address of a block, from here."""
        if self.leaves.of_block(index) == self.number:
            return f"#b{index}"
        return self.address(self.leaves.of_block(index), f"b{index}")

    def hit(self, number: int) -> str:
        """The address of a marked place (from 1), from here."""
        end = 0
        for leaf, count in enumerate(self.hits, 1):
            end += count
            if number <= end:
                return f"#hit-{number}" if leaf == self.number else self.address(leaf, f"hit-{number}")
        return f"#hit-{number}"

    @property
    def before(self) -> int:
        """How many marked places stand on the leaves before."""
        return sum(self.hits[: self.number - 1])

    @property
    def starts(self) -> list[int]:
        """The first block of each leaf's body, for the script that follows addresses of blocks."""
        return [
            next((piece.index for part in sheet.body for piece in pieces_of(part)), 0) for sheet in self.leaves.sheets
        ]


def asked(leaves: Leaves, part: int | None, block: int | None) -> int:
    """The number of the leaf to show: the one asked for, the one with a block, else the first."""
    if part is not None:
        return min(max(1, part), len(leaves.sheets))
    return leaves.of_block(block) if block is not None else 1
