"""Tables as XHTML: heading rows, spans, and an empty cell where the source has none."""

from __future__ import annotations

from collections.abc import Callable

from archive.model.article_parts import TableCell, TableRows

Setter = Callable[[TableCell], tuple[str, str]]
"""A cell → what stands in it as XHTML, and its class ("" for none)."""


def table(source: TableRows, caption: str, content: Setter) -> str:
    """The table with its caption element, which may be empty."""
    rows = _rows(source, content)
    head = source.header_rows if source.header_rows < len(rows) and not _crossing(source) else 0
    parts = ["<table>", caption]
    if head:
        parts += ["<thead>", *rows[:head], "</thead>"]
    parts += ["<tbody>", *rows[head:], "</tbody>", "</table>"]
    return "\n".join(part for part in parts if part)


def _crossing(source: TableRows) -> bool:
    """Whether a heading cell reaches down into the rows below the heading rows, where a thead would cut it off."""
    return any(
        cell.place.row + cell.place.row_span > source.header_rows
        for row in source.rows[: source.header_rows]
        for cell in row
    )


def _rows(source: TableRows, content: Setter) -> list[str]:
    rows = []
    for number, row in enumerate(source.filled()):
        top = number < source.header_rows
        cells = ("<td></td>" if cell is None else _cell(cell, content, top=top) for cell in row)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


def _cell(cell: TableCell, content: Setter, *, top: bool) -> str:
    inside, style = content(cell)
    spans = "".join(
        f' {name}="{span}"'
        for name, span in (("rowspan", cell.place.row_span), ("colspan", cell.place.column_span))
        if span > 1
    )
    if cell.place.header:
        return f'<th scope="{"col" if top else "row"}"{spans}>{inside}</th>'
    mark = f' class="{style}"' if style else ""
    return f"<td{mark}{spans}>{inside}</td>"
