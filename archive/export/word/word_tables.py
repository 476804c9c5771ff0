"""Tables: spans, heading rows that return on every page, columns that share the width of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from archive.export.table_columns import needs_and_wants
from archive.export.word import styles
from archive.model.article_parts import TableCell, TableRows

_MOST_COLUMNS = 63  # Word refuses a file with more
_MARGIN, _NARROW_MARGIN = 85, 20  # left and right of a cell, in twentieths of a point
_SMALLEST = 11  # half points
_ONE, _TWO = 10, 20  # twentieths of a point that one and two characters take for every half point of their size
_SHORT_WORD = 4.0  # characters that stand on one line where there is room
_SHORT = 100  # characters of a cell; rows of such cells are not torn
_FEW_ROWS = 12  # which stay on one page, if they are short
_UNKEPT = re.compile(r'(<w:p><w:pPr><w:pStyle w:val="\w+"/>)(?!<w:keepNext/>)')

SetCell = Callable[[TableCell, float], str]
"""A cell, and its share of the table's width, to paragraphs as XML; at least one."""


@dataclass(frozen=True, slots=True)
class WordTableFit:
    """How a table of many columns is made to fit: the margin of its cells, and the size of its type in half points.

    `margin` is in twentieths of a point; `half_points` is 0 where the size is the style's, `size` what it is then.
    """

    margin: int
    half_points: int
    size: int

    @classmethod
    def of(cls, columns: int, width: int, half_points: int, needed: float = 0) -> Self | None:
        """For so many columns on `width` (twentieths of a point); None where no size would fit.

        `needed` is how many characters wide all columns must be together, lest a number be cut in two.
        """
        column = width / columns
        room = column - 2 * _NARROW_MARGIN
        if columns > _MOST_COLUMNS or room < _SMALLEST * _ONE:
            return None

        def fitting(margin: int) -> int:
            return int((width - 2 * margin * columns) / (needed * _ONE)) if needed else half_points

        if column >= 2 * _MARGIN + 3 * half_points * _ONE and fitting(_MARGIN) >= half_points:
            return cls(_MARGIN, 0, half_points)
        size = max(min(half_points, int(room / _TWO), fitting(_NARROW_MARGIN)), _SMALLEST)
        return cls(_NARROW_MARGIN, size if size < half_points else 0, size)

    @property
    def easy(self) -> bool:
        """Whether nothing had to be made smaller or narrower."""
        return self.margin == _MARGIN and not self.half_points


def table(
    source: TableRows, width: int, fit: WordTableFit, set_cell: SetCell, *, repeat_header: bool, vertical: bool = False
) -> str:
    """A w:tbl as wide as the text (`width` in twentieths of a point)."""
    columns = column_widths(source, width, fit)
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    starts = {(cell.place.row, cell.place.column): cell for row in source.rows for cell in row}
    covered = _covered(source)
    rows = [
        _row(
            number,
            columns,
            starts,
            covered,
            set_cell,
            _row_properties(row, header=repeat_header and number < source.header_rows),
        )
        for number, row in enumerate(source.rows)
    ]
    if len(rows) <= _FEW_ROWS and all(_longest(row) <= _SHORT for row in source.rows):
        rows[:-1] = [_UNKEPT.sub(r"\1<w:keepNext/>", row) for row in rows[:-1]]
    body = "".join(rows)
    if vertical:  # Word would turn the cells with the page by itself; LibreOffice shows them empty unless told
        body = body.replace("<w:vAlign ", '<w:textDirection w:val="tbRl"/><w:vAlign ')
    margins = "".join(f'<w:{side} w:w="{fit.margin}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.TABLE}"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def column_widths(source: TableRows, width: int, fit: WordTableFit) -> list[int]:
    """`width` shared among the columns: what each needs where that fits, the rest by what stands in them."""
    needs, wants = needs_and_wants(source)
    least = [
        max(need, min(want, _SHORT_WORD)) * fit.size * _ONE + 2 * fit.margin
        for need, want in zip(needs, wants, strict=True)
    ]
    if sum(least) > width:
        least = [need * fit.size * _ONE + 2 * fit.margin for need in needs]
    if sum(least) > width:
        least = [min(2 * fit.margin + 250, width / source.columns)] * source.columns
    spare, total = width - sum(least), sum(wants)
    widths = [int(base + spare * want / total) for base, want in zip(least, wants, strict=True)]
    widths[-1] += width - sum(widths)
    return widths


def _covered(source: TableRows) -> Mapping[tuple[int, int], TableCell]:
    """Places in the first column of a cell that spans rows, below its start: Word wants a continuing cell there."""
    return {
        (row, cell.place.column): cell
        for cells in source.rows
        for cell in cells
        for row in range(cell.place.row + 1, cell.place.row + cell.place.row_span)
    }


def _row(
    number: int,
    columns: Sequence[int],
    starts: Mapping[tuple[int, int], TableCell],
    covered: Mapping[tuple[int, int], TableCell],
    set_cell: SetCell,
    properties: str,
) -> str:
    cells = []
    column = 0
    while column < len(columns):
        cell = starts.get((number, column))
        above = covered.get((number, column)) if cell is None else None
        place = cell or above
        span = place.place.column_span if place else 1
        merge = ""
        if above:
            merge = "<w:vMerge/>"
        elif cell and cell.place.row_span > 1:
            merge = '<w:vMerge w:val="restart"/>'
        width = sum(columns[column : column + span])
        content = (
            set_cell(cell, width / sum(columns))
            if cell
            else f'<w:p><w:pPr><w:pStyle w:val="{styles.CELL}"/></w:pPr></w:p>'
        )
        across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{merge}<w:vAlign w:val="center"/></w:tcPr>'
            f"{content}</w:tc>"
        )
        column += span
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def _longest(row: Sequence[TableCell]) -> int:
    """Characters of the longest cell of a row."""
    return max((sum(len(block.text) for block in cell.blocks) for cell in row), default=0)


def _row_properties(row: Sequence[TableCell], *, header: bool) -> str:
    # A row as high as the page could never be set whole; ordinary ones look torn when they are not.
    together = "<w:cantSplit/>" if header or _longest(row) <= _SHORT else ""
    inner = together + ("<w:tblHeader/>" if header else "")
    return f"<w:trPr>{inner}</w:trPr>" if inner else ""
