"""Excel workbooks written: sheets of text under a bold header that stays in view.

With XlsxWriter, a row at a time: openpyxl makes an object of every cell, which takes three times as long and gigabytes
for two million of them. The same rows give the same bytes: nothing says when the file was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from archive.support.workbooks import escaped

Row = Sequence[str]

LONGEST_CELL = 32_767
"""Characters a cell of Excel holds, in units of UTF-16."""

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet of Excel holds; what is more goes on in a further sheet."""

_WIDEST = 40  # columns of a sheet, in characters
_TEXT = {"num_format": "@"}  # text, also once it has been edited in Excel
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_MADE = datetime(1980, 1, 1)
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML holds neither


class _Sheet(Worksheet):
    """XlsxWriter marks not all that looks like one of Excel's signs for characters: `_x0041_x0042_` came back as AB."""

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return _NO_CHARACTER.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped(data))


def write(stream: IO[bytes], sheets: Iterable[tuple[str, Row, Sequence[Row]]]) -> None:
    """Write a workbook: each sheet is its name, its header and its rows, every cell as text.

    Raises ValueError for rows of unequal length.
    """
    taken: set[str] = set()
    with Workbook(stream, _PLAIN) as book:
        book.set_properties({"created": _MADE})
        text, bold = book.add_format(_TEXT), book.add_format({**_TEXT, "bold": True})
        for name, header, rows in sheets:
            for at in range(0, len(rows) or 1, MOST_ROWS):
                sheet = book.add_worksheet(sheet_name(name, taken), _Sheet)
                sheet.freeze_panes(1, 0)
                _fill(sheet, header, rows[at : at + MOST_ROWS], text, bold)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, each once; `taken` gets it."""
    stem = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "表"
    found, number = stem, 2
    while found.lower() in taken:
        found, number = f"{stem[:27]} {number}", number + 1
    taken.add(found.lower())
    return found


def _fill(sheet: Worksheet, header: Row, rows: Sequence[Row], text: Format, bold: Format) -> None:
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells instead of {len(header)}")
    for column, width in enumerate(_widths([header, *rows]) if header else ()):
        sheet.set_column(column, column, width)
    for at, row in enumerate((header, *rows)):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, _stored(cell), text if at else bold)


def _stored(text: str) -> str:
    """XlsxWriter would cut what is too long and say nothing of it."""
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST_CELL - 2].decode("utf-16-le", "ignore") + "…"


def _widths(rows: Sequence[Row]) -> list[int]:
    """For each column the width of its widest cell, Chinese characters counting twice, up to _WIDEST."""
    return [min(_WIDEST, 2 + max(map(_width, texts))) for texts in zip(*rows, strict=True)]


def _width(text: str) -> int:
    if len(text) >= _WIDEST:
        return _WIDEST
    return len(text) + (len(text.encode("utf-8", "replace")) - len(text)) // 2
