"""The cells of an HTML table on their grid."""

from __future__ import annotations

from archive.model.records import Cell
from ingest.readers.markup_tree import Element, local

_WIDEST, _TALLEST = 200, 20_000  # of a span; more is a mistake or malice


def table_cells(table: Element, number: int) -> list[tuple[Element, Cell]]:
    """The cells with their places, in reading order; `number` is that of the table.

    Empty for a table that only places things on the page: one that says so, holds other tables, or has one cell.
    """
    rows = [row for row in table.iter() if local(row) == "tr" and _owner(row) is table]
    cells = [[cell for cell in row if local(cell) in ("td", "th")] for row in rows]
    nested = any(local(inner) == "table" and inner is not table for inner in table.iter())
    if nested or sum(map(len, cells)) <= 1 or table.get("role") == "presentation":
        return []
    found: list[tuple[Element, Cell]] = []
    covered: set[tuple[int, int]] = set()
    for row, members in enumerate(cells):
        column = 0
        for cell in members:
            while (row, column) in covered:
                column += 1
            down = min(_span(cell, "rowspan"), _TALLEST, len(rows) - row)
            across = min(_span(cell, "colspan"), _WIDEST)
            covered |= {(row + y, column + x) for y in range(down) for x in range(across)}
            found.append((cell, Cell(number, row, column, down, across, header=local(cell) == "th")))
            column += across
    return found


def _owner(row: Element) -> Element | None:
    parent = row.getparent()
    while parent is not None and local(parent) != "table":
        parent = parent.getparent()
    return parent


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < 8 else 1
