"""What a hit stands in, where its own block does not say: the row of a table, the post of an office-holder, the day of
a chronicle, the passage that a note belongs to, the headings above.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archive import dates
from archive.model.records import Article, Block, Cell, Genre, Kind

if TYPE_CHECKING:
    from archive.catalogue.roster.tenure import Tenure

Context = tuple[tuple[str, str], ...]
"""(label, value) pairs, in the order to show them."""

_BEFORE_NOTE = 40  # characters shown of what a note belongs to
_LONGEST = 60  # characters shown of one value


class HitContext:
    """The contexts of an article's blocks; each kind is worked out when it is first asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article

    def of(self, block: int) -> Context:
        """What the block of this index stands in; empty for a title and where nothing is known."""
        one = self._article.blocks[block]
        if not block:
            return ()
        own = self._own(block, one)
        date = self._article.date if self._article.genre is Genre.ENTRY else None
        when = (("时间", dates.describe(date)),) if date else ()
        headings = () if when else self._headings.get(block, ())
        above = (("章节", " › ".join(headings)),) if headings else ()
        return tuple((label, _short(value)) for label, value in (*when, *above, *own) if value)

    def _own(self, index: int, block: Block) -> Context:
        if index in self._tenures:
            return _of_tenure(self._tenures[index])
        if block.kind is Kind.NOTE:
            return self._of_note(block)
        if block.cell is not None:
            return self._of_cell(block.cell)
        return ()

    @cached_property
    def _tenures(self) -> dict[int, Tenure]:
        if self._article.genre is not Genre.TERM:
            return {}
        from archive.catalogue.roster import tenures  # its expressions take a tenth of a second to load

        return {tenure.block: tenure for tenure in tenures(self._article)}

    @cached_property
    def _headings(self) -> dict[int, tuple[str, ...]]:
        """By block, the headings above it from the outermost inwards."""
        path: dict[int, str] = {}
        found: dict[int, tuple[str, ...]] = {}
        for index, block in enumerate(self._article.blocks):
            if block.kind is Kind.HEADING:
                path = {level: text for level, text in path.items() if level < block.level}
                found[index] = tuple(path.values())
                path[block.level] = block.text.strip()
            else:
                found[index] = tuple(path.values())
        return found

    def _of_note(self, note: Block) -> Context:
        for block in self._article.blocks:
            before = ""
            for run in block.runs:
                before += run.text
                if run.note and run.note == note.label:
                    cut = before[-_BEFORE_NOTE:]
                    return (("所注", ("…" if len(before) > len(cut) else "") + cut),)
        return ()

    def _of_cell(self, cell: Cell) -> Context:
        """The other cells of its row under the heads of their columns; nothing for a head."""
        cells = self._tables[cell.table]
        heads = [one for one, _ in cells if one.header] or [one for one, _ in cells if one.row == 0]
        first = max((one.row + one.row_span for one in heads), default=0)
        if cell.row < first:
            return ()
        row = [(one, text) for one, text in cells if one.row <= cell.row < one.row + one.row_span]
        named: dict[str, str] = {}
        for one, text in sorted(row, key=lambda each: each[0].column):
            over = [text for head, text in cells if head in heads and _covers(head, one.column)]
            label = " ".join(dict.fromkeys(each for each in over if each)) or f"第{one.column + 1}列"
            named[label] = f"{named[label]} {text}" if label in named else text
        return tuple(named.items())

    @cached_property
    def _tables(self) -> dict[int, list[tuple[Cell, str]]]:
        """By table, its cells with their text; a cell of several paragraphs comes once for each."""
        tables: dict[int, list[tuple[Cell, str]]] = {}
        for block in self._article.blocks:
            if block.cell is not None:
                tables.setdefault(block.cell.table, []).append((block.cell, " ".join(block.text.split())))
        return tables


def _covers(cell: Cell, column: int) -> bool:
    return cell.column <= column < cell.column + cell.column_span


def _of_tenure(tenure: Tenure) -> Context:
    when = tenure.written or (dates.describe(tenure.session) if tenure.session else "")
    pairs = (
        ("机构", tenure.body),
        ("届次", tenure.term),
        ("职务", tenure.post),
        ("姓名", tenure.person),
        ("任期", when),
    )
    return tuple((label, value) for label, value in pairs if value)


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
