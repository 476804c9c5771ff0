"""Rows put into a table and taken out of it. Cells that reach over several rows are never torn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.model.errors import UsageError
from archive.model.records import Block, Cell, Kind


def columns(blocks: Sequence[Block], index: int) -> int:
    """How many columns the table has in which this block stands. Raises UsageError where it stands in none."""
    here = _cell(blocks, index)
    return max(cell.column + cell.column_span for cell in _cells(blocks, here.table))


def row_texts(blocks: Sequence[Block], index: int) -> tuple[str, ...]:
    """The texts of the row in which this block stands, in order. Raises UsageError where it stands in no table."""
    here = _cell(blocks, index)
    return tuple(block.text for block in blocks if _in_row(block, here))


def with_row(blocks: Sequence[Block], index: int, texts: Sequence[str], *, above: bool) -> list[Block]:
    """The blocks with a row of these texts, one a column, above or below the row in which block `index` stands.

    Raises UsageError for another number of texts, and where a cell reaches over the place of the new row.
    """
    here = _cell(blocks, index)
    row = here.row if above else here.row + 1
    wanted = columns(blocks, index)
    if len(texts) != wanted:
        raise UsageError(
            f"这个表有 {wanted} 列，新的一行写了 {len(texts)} 格，没有保存。", hint="一列写一格，空的也留着。"
        )
    if any(cell.row < row < cell.row + cell.row_span for cell in _cells(blocks, here.table)):
        raise _torn()
    fresh = [Block.plain(Kind.CELL, text, cell=Cell(here.table, row, column)) for column, text in enumerate(texts)]
    moved = [_moved(block, here.table, row, 1) for block in blocks]
    table = [number for number, block in enumerate(blocks) if block.cell and block.cell.table == here.table]
    at = next((number for number in table if _cell(blocks, number).row >= row), table[-1] + 1)
    return [*moved[:at], *fresh, *moved[at:]]


def without_row(blocks: Sequence[Block], index: int) -> list[Block]:
    """The blocks without the row in which block `index` stands. Raises UsageError where a cell reaches beyond it."""
    here = _cell(blocks, index)
    reaching = (cell for cell in _cells(blocks, here.table) if cell.row_span > 1)
    if any(cell.row <= here.row < cell.row + cell.row_span for cell in reaching):
        raise _torn()
    return [_moved(block, here.table, here.row, -1) for block in blocks if not _in_row(block, here)]


def _moved(block: Block, table: int, row: int, by: int) -> Block:
    if block.cell is None or block.cell.table != table or block.cell.row < row:
        return block
    return replace(block, cell=replace(block.cell, row=block.cell.row + by))


def _in_row(block: Block, here: Cell) -> bool:
    return block.cell is not None and (block.cell.table, block.cell.row) == (here.table, here.row)


def _cells(blocks: Sequence[Block], table: int) -> list[Cell]:
    return [block.cell for block in blocks if block.cell is not None and block.cell.table == table]


def _cell(blocks: Sequence[Block], index: int) -> Cell:
    found = blocks[index].cell
    if found is None:
        raise UsageError("这里不是表格的一行，没有保存。", hint="重新打开这篇文章再改。")
    return found


def _torn() -> UsageError:
    return UsageError("这里有上下合并的格，不能加行、减行，没有保存。", hint="请改格里的字，或把改好的稿件重新收入。")
