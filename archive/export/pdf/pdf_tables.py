"""Tables: how wide the columns are, how small the type must be, whether the page must be turned.

Nothing is ever cut off: a table that does not fit at the size of its style is set smaller, then on a turned page; what
does not fit even there is for the caller to set in parts, or as lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.export.table_columns import ems, needs_and_wants
from archive.model.article_parts import TableCell, TableRows
from archive.model.records import Kind

SMALLEST = 6.0  # points; 小六 is 6.5, below 6 print fills in
_INSETS = (4.0, 2.0, 1.0)  # points left and right of what stands in a cell
_BODY = 8.0  # characters that a column of running text wants at least
_SPARE = 0.25  # characters by which a column that wants no more may be wider than it needs to be
_SHORT = 4.0  # characters that stand on one line, however narrow that makes the other columns
_WHOLE_LINES = 8  # of a cell that is not parted by the end of a page
_ROW_SPACE = 6.0  # points above and below what stands in a row, together
_WHOLE_SPAN = 3  # rows that a merged cell keeps together
_HEADING_LINES = 12  # of a heading that is set again on every page


@dataclass(frozen=True, slots=True)
class PdfTableFit:
    """How a table is set: widths of its columns, size of its type and space beside it in the cells, all in points.

    `turned` is on a page turned sideways.
    """

    widths: tuple[float, ...]
    size: float
    inset: float
    turned: bool

    def lines(self, cell: TableCell) -> float:
        """About how many lines of text a cell takes."""
        place = cell.place
        width = sum(self.widths[place.column : place.column + place.column_span]) - 2 * self.inset * place.column_span
        return sum(max(ems(line) * self.size / width, 1) for block in cell.blocks for line in block.text.split("\n"))


def fit(table: TableRows, size: float, measure: float, depth: float, *, natural: bool = False) -> PdfTableFit | None:
    """The best way to set a table in type of `size` points at most on a page of this type area (points).

    A `natural` one is no wider than its texts want, where it is not turned. None if it does not fit even in the
    smallest type along the page.
    """
    needs, wants = needs_and_wants(table)
    easy = [max(need, min(want, _SHORT)) for need, want in zip(needs, wants, strict=True)]
    for least in (easy, needs):  # on a turned page rather than with short words cut in two
        for width, turned in ((measure, False), (depth, True)):
            for inset in _INSETS:
                room = width - 2 * inset * table.columns
                fitting = min(size, room / sum(least))
                # Rather narrow cells than small type: a wide inset must not cost any of the size.
                if fitting == size or (inset == _INSETS[-1] and fitting >= SMALLEST):
                    wanted = sum(
                        max(want, need + _SPARE) * fitting + 2 * inset for need, want in zip(least, wants, strict=True)
                    )
                    taken = min(width, wanted) if natural and not turned else width
                    return PdfTableFit(_shared(least, wants, fitting, inset, taken), fitting, inset, turned)
    return None


def fits_easily(table: TableRows, size: float, measure: float) -> bool:
    """Whether it fits in type of `size` points on lines of `measure` points without breaking short words in cells."""
    needs, wants = needs_and_wants(table)
    easy = (max(need, min(want, _BODY)) for need, want in zip(needs, wants, strict=True))
    return size * sum(easy) <= measure - 2 * _INSETS[0] * table.columns


def whole_rows(table: TableRows, fit: PdfTableFit) -> frozenset[int]:
    """The rows that the end of a page does not part, by their number.

    Typst keeps a row together for the sake of one cell, so all that stand in it, even from a row above, must be short.
    """
    parted: set[int] = set()
    for row in table.rows:
        for cell in row:
            pictures = sum(block.kind is Kind.FIGURE for block in cell.blocks)
            if fit.lines(cell) > _WHOLE_LINES or (pictures and len(cell.blocks) > 1):
                parted.update(_rows_of(cell))
    return frozenset(range(len(table.rows))) - parted


def stays_whole(cell: TableCell, whole: frozenset[int]) -> bool:
    """Whether the cell holds its rows together on a page: one merged over many must not."""
    return cell.place.row_span <= _WHOLE_SPAN and whole.issuperset(_rows_of(cell))


def heading_rows(table: TableRows, fit: PdfTableFit) -> int:
    """How many rows are set again on every page: none that take too much of it or have a cell reaching down below."""
    rows = table.rows[: table.header_rows]
    if any(_rows_of(cell).stop > table.header_rows for row in rows for cell in row):
        return 0
    lines = sum(max((fit.lines(cell) / cell.place.row_span for cell in row), default=0) for row in rows)
    return 0 if lines > _HEADING_LINES else table.header_rows


def keeps_first(table: TableRows, fit: PdfTableFit) -> bool:
    """Whether the first row of a table without headings stands with the second, as if it were one."""
    cells = table.rows[0] if table.rows else ()
    return bool(cells) and all(
        cell.place.row_span == 1 and fit.lines(cell) <= _WHOLE_LINES and stays_whole(cell, whole_rows(table, fit))
        for cell in cells
    )


def height(table: TableRows, fit: PdfTableFit, pitch: float) -> float:
    """About how high a table is, in points; `pitch` is the distance of its lines at `fit.size`."""
    return sum(_heights(table, fit, pitch))


def cuts(table: TableRows, fit: PdfTableFit) -> list[int]:
    """The numbers of the rows before which it may be cut in two, and that of all rows.

    Of the cells that reach across only such are cut as are merged over many rows and have little in them.
    """
    crossed = {
        row
        for cells in table.rows
        for cell in cells
        if cell.place.row_span <= _WHOLE_SPAN or fit.lines(cell) > _WHOLE_LINES
        for row in _rows_of(cell)[1:]
    }
    return [row for row in range(table.header_rows + 1, len(table.rows)) if row not in crossed] + [len(table.rows)]


def highest_part(table: TableRows, fit: PdfTableFit, pitch: float) -> float:
    """About how high the highest part is that cannot be cut, with the heading above it, in points."""
    heights = _heights(table, fit, pitch)
    head, ends = sum(heights[: table.header_rows]), cuts(table, fit)
    return head + max(sum(heights[start:end]) for start, end in zip([table.header_rows, *ends], ends, strict=False))


def _heights(table: TableRows, fit: PdfTableFit, pitch: float) -> list[float]:
    lines = (max((fit.lines(cell) / cell.place.row_span for cell in row), default=1) for row in table.rows)
    return [-(-each // 1) * pitch + _ROW_SPACE for each in lines]


def _rows_of(cell: TableCell) -> range:
    return range(cell.place.row, cell.place.row + cell.place.row_span)


def _shared(
    needs: Sequence[float], wants: Sequence[float], size: float, inset: float, width: float
) -> tuple[float, ...]:
    """Every column gets what it needs; the rest is shared by what the columns want."""
    least = [need * size + 2 * inset for need in needs]
    spare = max(width - sum(least), 0)
    extra = [max(want - need, _SPARE) for want, need in zip(wants, needs, strict=True)]
    total = sum(extra)
    return tuple(base + spare * more / total for base, more in zip(least, extra, strict=True))
