"""Rows written as CSV or Excel, the way Excel and WPS open them without a question, and read back."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from archive.model.errors import ReadError
from archive.support.files import replacing
from archive.support.storage_errors import storage_errors

_FORMULA = re.compile(r"[=+@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what a sheet cannot hold
_WIDEST = 40  # columns of a sheet, in characters
_IN_USE = "请检查文件夹是否存在、是否有写入权限；如果这个文件正在 Excel 中打开，请先关闭它"
_MOST_BYTES = 64 * 2**20  # of a file to read, unpacked
# openpyxl is imported where it is used: every command reads the office's names, hardly any meets an Excel file.


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file in UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8.

    A cell that Excel would run as a formula gets an apostrophe before it. Raises StorageError.
    """
    with replacing(file, _IN_USE) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def write_xlsx(file: Path, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> None:
    """Write an Excel file: each sheet is its name, its header and its rows, every cell as text. Raises StorageError."""
    from openpyxl import Workbook

    # Opened before anything is made: what openpyxl has begun to write cannot be given up cleanly.
    with replacing(file, _IN_USE) as temporary, temporary.open("wb") as stream:
        book = Workbook(write_only=True)
        taken: set[str] = set()
        for name, header, rows in sheets:
            _fill(book.create_sheet(_sheet_name(name, taken)), header, rows)
        book.save(stream)


def _fill(sheet: Any, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.utils import get_column_letter

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
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

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


def read_rows(file: Path) -> list[list[str]]:
    """The rows of a CSV file, or of the first sheet of an Excel file that has any, as text; row 1 of Excel is item 0.

    CSV may be UTF-8, UTF-16 or GB18030 (what Excel calls ANSI), parted by commas, tabs or semicolons. Raises
    StorageError, ReadError.
    """
    with storage_errors(file, "表格打不开", "请核对路径，并关掉正打开着这个文件的程序"):
        data = file.read_bytes() if file.stat().st_size <= _MOST_BYTES else None
    if data is None:
        raise ReadError("表格太大，没有读取", place=file.name, hint="请拆成几个文件")
    return _excel_rows(data, file) if data.startswith(b"PK\x03\x04") else _csv_rows(data, file)


def _csv_rows(data: bytes, file: Path) -> list[list[str]]:
    marked = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked, "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ReadError("看不出这个文件的编码", place=file.name, hint="用 Excel 或 WPS 另存为“CSV UTF-8”或 .xlsx")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count))
    try:
        return [[_unquoted(cell) for cell in row] for row in reader]
    except csv.Error as error:
        hint = "用 Excel 或 WPS 打开，核对引号是否成对，另存为 .xlsx"
        raise ReadError(
            f"CSV 的格式有错（{error}）", place=f"{file.name} 第 {reader.line_num} 行", hint=hint
        ) from error


def _excel_rows(data: bytes, file: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, SyntaxError)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _MOST_BYTES:
                raise ReadError("Excel 文件解压后太大，没有读取", place=file.name, hint="删去不用的工作表和图片后另存")
        with warnings.catch_warnings():  # what openpyxl does not keep (validation, drawings) is not text
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True)
    except broken as error:
        hint = "用 Excel 或 WPS 打开后另存为 .xlsx"
        raise ReadError("Excel 文件已损坏，或不是 .xlsx", place=file.name, hint=hint) from error
    sheets = ([[_shown(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book)
    return next((rows for rows in sheets if any(any(row) for row in rows)), [])


def _shown(value: object) -> str:
    """A cell as text."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """A number as Excel keeps it, to 15 significant digits; a year typed as a number has no decimals."""
    return f"{value:.15g}"


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps Excel from running a formula."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) else cell
