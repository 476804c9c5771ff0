"""A table too wide for the page, in parts below each other, as statistical yearbooks set it (分段表).

Every part begins with the first column again, so that each row can be read where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from archive.model.article_parts import Piece, TableCell, TableRows


def parts(table: TableRows, fits: Callable[[TableRows], bool]) -> tuple[TableRows, ...]:
    """The table in few parts that `fits` allows, of about as many columns; empty where it cannot be parted so.

    A heading over several columns stands over its columns in each part; any other cell that spans columns keeps them
    together. What stands in several parts refers to its notes in the first alone.
    """
    found = _filled(table, fits, table.columns)
    return _filled(table, fits, -(-(table.columns - 1) // len(found))) or found if found else ()


def _filled(table: TableRows, fits: Callable[[TableRows], bool], most: int) -> tuple[TableRows, ...]:
    """Each part as wide as fits, with `most` columns at most beside the first; empty where one column does not fit."""
    found: list[TableRows] = []
    first = 1
    while first < table.columns:
        fitting = first
        for end in range(first + 1, min(first + most, table.columns) + 1):
            if _may_part(table, end):
                if not fits(_part(table, first, end)):
                    break
                fitting = end
        if fitting == first:
            return ()
        found.append(_part(table, first, fitting))
        first = fitting
    return tuple(found)


def _may_part(table: TableRows, column: int) -> bool:
    """Whether only headings reach from before the column beyond it."""
    return not any(
        cell.place.column < column < cell.place.column + cell.place.column_span
        for number, row in enumerate(table.rows)
        for cell in row
        if number >= table.header_rows
    )


def _part(table: TableRows, first: int, end: int) -> TableRows:
    """The first column and those from `first` to before `end`."""
    rows = tuple(tuple(_cells(row, first, end)) for row in table.rows)
    return TableRows(rows, 1 + end - first, table.header_rows)


def _cells(row: tuple[TableCell, ...], first: int, end: int) -> Iterator[TableCell]:
    for cell in row:
        start, stop = cell.place.column, cell.place.column + cell.place.column_span
        head = start == 0
        left, right = max(start, first), min(stop, end)
        span = max(right - left, 0) + head
        if span:
            place = replace(cell.place, column=0 if head else 1 + left - first, column_span=span)
            pieces = cell.pieces if left == start or first == 1 else tuple(map(_without_notes, cell.pieces))
            yield replace(cell, place=place, pieces=pieces)


def _without_notes(piece: Piece) -> Piece:
    return replace(piece, block=replace(piece.block, runs=tuple(run for run in piece.block.runs if not run.note)))
