"""Rows written as CSV or Excel, the way Excel and WPS open them without a question."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from archive.errors import StorageError

_FORMULA = re.compile(r"[=+@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what a sheet cannot hold
_WIDEST = 40  # columns of a sheet, in characters


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file in UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8.

    A cell that Excel would run as a formula gets an apostrophe before it. Raises StorageError.
    """
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            writer.writerows([_harmless(cell) for cell in row] for row in rows)
    except OSError as error:
        raise _unwritten(file, error) from error


def write_xlsx(file: Path, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> None:
    """Write an Excel file: each sheet is its name, its header and its rows, every cell as text. Raises StorageError."""
    try:
        # Opened before anything is made: what openpyxl has begun to write cannot be given up cleanly.
        with file.open("wb") as stream:
            book = Workbook(write_only=True)
            taken: set[str] = set()
            for name, header, rows in sheets:
                _fill(book.create_sheet(_sheet_name(name, taken)), header, rows)
            book.save(stream)
    except OSError as error:
        raise _unwritten(file, error) from error


def _fill(sheet: Any, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet.freeze_panes = "A2"
    for index, texts in enumerate(zip(header, *rows, strict=True), 1):
        width = max(sum(2 if char > "\u2e80" else 1 for char in text) for text in texts)
        sheet.column_dimensions[get_column_letter(index)].width = min(_WIDEST, width + 2)
    sheet.append([_cell(sheet, text, bold=True) for text in header])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(sheet: Any, text: str, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=_CONTROL.sub("", text))
    cell.data_type = "s"  # never a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, each once."""
    stem = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "表"
    found, number = stem, 2
    while found.lower() in taken:
        found, number = f"{stem[:27]} {number}", number + 1
    taken.add(found.lower())
    return found


def _unwritten(file: Path, error: OSError) -> StorageError:
    hint = "请检查文件夹是否存在、是否有写入权限，并关掉正打开着这个文件的程序"
    return StorageError(f"写不了这个文件（{error.strerror or error}）", place=str(file), hint=hint)
