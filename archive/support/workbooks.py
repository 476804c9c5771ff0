"""Excel workbooks read: every sheet as rows of text, as Excel shows them."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.model.errors import ReadError
from archive.support.number_formats import shown
from archive.support.storage_errors import storage_error

MOST_CELLS = 1_000_000
"""Of a table, and of a workbook's; empty ones within its used ranges and what its merged ranges cover included."""

_MOST_BYTES = 256 * 2**20  # unpacked; openpyxl holds some ten times as much in memory
_REPAIR = "用 Excel 或 WPS 打开后另存为 .xlsx"
_RANGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*ref\s*=\s*["\']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})'
)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}[_\x00-\x08\x0b-\x1f])")  # a control character begins with _ too
_CHUNK, _OVERLAP = 2**20, 200  # bytes; no mergeCell element is longer than the overlap
# openpyxl is imported where it is used: every command reads the office's names, hardly any meets an Excel file.


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. Item 0 of `rows` is row 1; rows and columns that are empty at the end are left off.

    `spans` gives the (rows, columns) of merged ranges by the 0-based (row, column) of their first cell; the cells they
    cover otherwise are empty. `hidden` sheets are not shown by Excel. `comments` are those on cells, by 0-based (row,
    column).
    """

    title: str
    rows: list[list[str]]
    hidden: bool = False
    spans: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_workbook(file: Path, name: str) -> list[Sheet]:
    """The sheets of a workbook that have any text or comment: results of formulas, dates and numbers as formatted.

    `name` is what errors call it. Raises ReadError for what is damaged or too large, StorageError.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError)
    try:
        _refuse_large(file, name)
        with warnings.catch_warnings():  # what openpyxl does not keep (validation, drawings) is not text
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, data_only=True)
        try:
            if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
                raise too_many(name)
            sheets = [_sheet(sheet) for sheet in book.worksheets]
        finally:
            book.close()
    except (*broken, SyntaxError, zipfile.LargeZipFile, NotImplementedError, RuntimeError, IndexError) as error:
        raise ReadError("Excel 文件已损坏，或不是 .xlsx", place=name, hint=_REPAIR) from error
    except OSError as error:
        # A damaged directory of contents sends zipfile to impossible places in the file.
        if error.errno is None or error.filename is None:
            raise ReadError("Excel 文件已损坏，或不是 .xlsx", place=name, hint=_REPAIR) from error
        raise storage_error(error, name, "表格打不开") from error
    return [sheet for sheet in sheets if sheet.rows or sheet.comments]


def _refuse_large(file: Path, name: str) -> None:
    """Raises ReadError for a workbook that would not fit into memory; openpyxl makes an object of every cell."""
    with zipfile.ZipFile(file) as packed:
        members = packed.infolist()
        if sum(member.file_size for member in members) > _MOST_BYTES:
            raise ReadError("Excel 文件解压后太大，没有读取", place=name, hint="删去不用的工作表和图片后另存")
        merged = 0
        for member in members:
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                for height, width in _merged(packed, member):
                    merged += height * width
                    if merged > MOST_CELLS:
                        raise too_many(name)


def _merged(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[int, int]]:
    """(rows, columns) of each merged range that a worksheet declares, without parsing it."""
    with packed.open(member) as stream:
        before = b""
        while chunk := stream.read(_CHUNK):
            data = before + chunk
            end = 0
            for found in _RANGE.finditer(data):
                left, top, right, bottom = found.groups()
                yield abs(int(bottom) - int(top)) + 1, abs(_column(right) - _column(left)) + 1
                end = found.end()
            before = data[max(end, len(data) - _OVERLAP) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def too_many(name: str) -> ReadError:
    """The error for a table of more than `MOST_CELLS`."""
    hint = "把表拆成几个文件，或删去空行空列、取消大片的合并单元格"
    return ReadError(f"表格超过 {MOST_CELLS // 10_000} 万格，没有读取", place=name, hint=hint)


def _sheet(sheet: Any) -> Sheet:
    rows: list[list[str]] = []
    comments: dict[tuple[int, int], str] = {}
    for row in sheet.iter_rows():
        rows.append([_text(cell) for cell in row])
        for cell in row:
            if cell.comment is not None and (words := str(cell.comment.text or "").strip()):
                comments[cell.row - 1, cell.column - 1] = words
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((index for row in rows for index, cell in enumerate(row, 1) if cell), default=0)
    ranges = sheet.merged_cells.ranges
    spans = {(one.min_row - 1, one.min_col - 1): (one.size["rows"], one.size["columns"]) for one in ranges}
    return Sheet(sheet.title, [row[:width] for row in rows], sheet.sheet_state != "visible", spans, comments)


def _text(cell: Any) -> str:
    if isinstance(cell.value, str):
        return unescaped(cell.value).replace("\r\n", "\n")
    return shown(cell.value, str(getattr(cell, "number_format", "") or ""))


def escaped(text: str) -> str:
    """The text as a workbook stores it: a character that XML cannot hold as `_x0007_`, what looks like that marked."""
    marked = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", marked)


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
