"""What stands in the columns of a table: how wide each must be, and how wide it would like to be."""

from __future__ import annotations

import re
from functools import reduce

from archive.model.article_parts import TableCell, TableRows
from archive.model.records import Kind

LONGEST_WORD = 20
"""Letters and figures that may stand without a break; in longer strings (addresses, keys) a line may break."""
_PICTURE_NEEDS, _PICTURE_WANTS = 4.0, 8.0  # characters
# What cannot be broken: a number, a word.
_UNBREAKABLE = re.compile(f"[!-~\u00a0-\u024f]{{1,{LONGEST_WORD}}}")


def needs_and_wants(table: TableRows) -> tuple[list[float], list[float]]:
    """For every column what it needs (its longest unbreakable piece) and what it wants, in characters."""
    needs, wants = [1.0] * table.columns, [1.0] * table.columns
    for row in table.rows:
        for cell in row:
            need, want = _cell(cell)
            span = range(cell.place.column, cell.place.column + cell.place.column_span)
            lacking = need - sum(needs[column] for column in span)
            for column in span:
                needs[column] += max(lacking, 0) / len(span)
                if len(span) == 1:
                    wants[column] = max(wants[column], want)
    return needs, wants


def _cell(cell: TableCell) -> tuple[float, float]:
    need, longest = 1.0, 0.0
    for block in cell.blocks:
        if block.kind is Kind.FIGURE:
            need, longest = max(need, _PICTURE_NEEDS), max(longest, _PICTURE_WANTS)
            continue
        for line in block.text.split("\n"):
            longest = max(longest, ems(line))
            need = reduce(max, (ems(word) for word in _UNBREAKABLE.findall(line)), need)
    # Long texts count less and less: they can be broken.
    return need, min(longest, 12) + max(longest - 12, 0) ** 0.5


def ems(text: str) -> float:
    """The width of a text in characters; Latin letters and figures take a bit more than half of one."""
    return sum(0.56 if char < "\u2000" else 1.0 for char in text)
