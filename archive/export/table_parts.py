"""A table too wide for the page, in parts below each other, as statistical yearbooks set it (分段表).

Every part begins with the first column again, so that each row can be read where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from archive.model.article_parts import Piece, TableCell, TableRows

_HEADING = 12  # characters of a heading at most
_FIGURES = re.compile(r"[\d０-９.,，．%％\s—～~/\-]*[\d０-９][\d０-９.,，．%％\s—～~/\-]*[年月日元]?")


def with_heading(table: TableRows) -> TableRows:
    """The table with its first row as heading where it plainly is one though its source does not say so: short words in
    every column, one of them above nothing but figures.
    """
    if table.header_rows or len(table.rows) < 3 or len(table.rows[0]) < table.columns:
        return table
    words = {cell.place.column: "".join(block.text for block in cell.blocks) for cell in table.rows[0]}
    if not all(0 < len(text) <= _HEADING for text in words.values()):
        return table
    if any(cell.place.row_span > 1 or _FIGURES.fullmatch(words[cell.place.column]) for cell in table.rows[0]):
        return table
    if not any(_only_figures(table, column) for column in words):
        return table
    heading = tuple(replace(cell, place=replace(cell.place, header=True)) for cell in table.rows[0])
    return replace(table, rows=(heading, *table.rows[1:]), header_rows=1)


def _only_figures(table: TableRows, column: int) -> bool:
    """Whether all that stands in a column below its first row is figures, in two rows at least."""
    cells = [cell for row in table.rows[1:] for cell in row if cell.place.column == column]
    texts = [text for cell in cells if (text := "".join(block.text for block in cell.blocks).strip())]
    return len(texts) > 1 and all(map(_FIGURES.fullmatch, texts))


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
