"""Tables: spans, heading rows that return on every page, columns that share the width of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from archive.export.flow import Table, TableCell
from archive.export.word import styles

MOST_COLUMNS = 63  # Word refuses a file with more
_NARROWEST = 200  # twentieths of a point; one character with its margins

SetCell = Callable[[TableCell, float], str]
"""A cell, and its share of the table's width, to paragraphs as XML; at least one."""


def table(source: Table, width: int, set_cell: SetCell, *, repeat_header: bool) -> str:
    """A w:tbl as wide as the text (`width` in twentieths of a point). At most MOST_COLUMNS columns."""
    columns = column_widths(source, width)
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    starts = {(cell.place.row, cell.place.column): cell for row in source.rows for cell in row}
    covered = _covered(source)
    rows = "".join(
        _row(number, columns, starts, covered, set_cell, header=repeat_header and number < source.header_rows)
        for number in range(len(source.rows))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.TABLE}"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def column_widths(source: Table, width: int) -> list[int]:
    """`width` shared among the columns by the length of what stands in them, long texts counting less and less."""
    wants = [1.0] * source.columns
    for row in source.rows:
        for cell in row:
            longest = max((len(line) for block in cell.blocks for line in block.text.split("\n")), default=0)
            if cell.place.column_span == 1:
                wants[cell.place.column] = max(wants[cell.place.column], min(longest, 12) + max(longest - 12, 0) ** 0.5)
    floor = min(_NARROWEST + 220, width // source.columns)
    spare = width - floor * source.columns
    total = sum(wants)
    widths = [floor + int(spare * want / total) for want in wants]
    widths[-1] += width - sum(widths)
    return widths


def _covered(source: Table) -> Mapping[tuple[int, int], TableCell]:
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
    *,
    header: bool,
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
    # A row as high as the page could never be set whole, so only rows of headings are kept together.
    head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if header else ""
    return f"<w:tr>{head}{''.join(cells)}</w:tr>"
