"""Tables of text written as CSV or Excel, the way Excel and WPS open them without a question; CSV read back the same.

Excel runs a CSV cell as a formula when it begins with = + - @ or a white space before them. Such a cell gets an
apostrophe before it on the way out, and loses one on the way in, so that what is read is what was written. In Excel
files every cell is of the type text and needs no mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from archive.model.errors import ReadError
from archive.support.files import replacing, write_whole
from archive.support.workbooks import MOST_CELLS, too_many

Rows = list[list[str]]

_FORMULA = re.compile(r"'*[-=+@\t\r\n]")
_DELIMITERS = ",\t;"
_LOOKED_AT = 40  # lines looked through for the delimiter
_SHOWN = 12  # characters before a damaged byte
_IN_USE = "请检查文件夹是否存在、是否有写入权限；如果这个文件正在 Excel 中打开，请先关闭它"
_REPAIR = "用 Excel 或 WPS 打开，核对引号是否成对，另存为 .xlsx"


# -- CSV


def csv_text(rows: Iterable[Sequence[str | int]], delimiter: str = ",") -> str:
    """The rows as CSV, lines ending in CR LF as Excel writes them; `csv_rows` gives text cells back as they were."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([_marked(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _marked(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def csv_rows(text: str, name: str, delimiter: str = "") -> Rows:
    """The rows of a CSV text; parted by what `delimiter_of` finds, unless one is given.

    Raises ReadError, which calls the text `name` and says in which line it goes wrong; also for too many cells.
    """
    lines = text.splitlines()
    mark = delimiter or delimiter_of(lines)
    if any(line.count(mark) > MOST_CELLS for line in lines):
        raise too_many(name)  # the reader would make the whole row first
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows, left = [], MOST_CELLS
    try:
        for row in reader:
            left -= max(1, len(row))
            if left < 0:
                raise too_many(name)
            rows.append([cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell for cell in row])
        return rows
    except csv.Error as error:
        place = f"{name} 第 {reader.line_num} 行"
        fault = (
            f"有一格超过 {csv.field_size_limit():,} 字"
            if "field larger" in str(error)
            else f"CSV 的格式有错（{error}）"
        )
        raise ReadError(fault, place=place, hint=_REPAIR) from error


def delimiter_of(lines: Iterable[str]) -> str:
    """What parts the cells: the mark that the first line with any has most of (a title may stand above the table).

    A Chinese comma parts them only where no line has another mark, since it stands in the text of cells.
    """
    looked_at = list(islice(lines, _LOOKED_AT))
    first = next((line for line in looked_at if any(mark in line for mark in _DELIMITERS)), "")
    if not first:
        return "，" if any("，" in line for line in looked_at) else ","
    return max(_DELIMITERS, key=first.count)


def decoded(data: bytes, name: str) -> str:
    """The text of a table as Excel, WPS or an editor saved it: UTF-8, UTF-16 or GB18030 (what Excel calls ANSI).

    Raises ReadError, which calls it `name` and says where the bytes of a text in one of these are damaged.
    """
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    faults: list[UnicodeDecodeError] = []
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as fault:
            faults.append(fault)
    furthest = max(faults, key=lambda fault: fault.start)
    before = data[: furthest.start].decode(furthest.encoding, "ignore").removeprefix("\ufeff")
    lines = before.splitlines() if before[-1:] != "\n" else [*before.splitlines(), ""]
    after = f"“{lines[-1][-_SHOWN:]}”之后" if lines and lines[-1].strip() else "开头"
    message = f"第 {max(1, len(lines))} 行{after}有损坏的字节，看不出是什么字"
    raise ReadError(message, place=name, hint="用 Excel 或 WPS 打开，改正这一处，另存为“CSV UTF-8”或 .xlsx")


# -- files


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file in UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8.

    Raises StorageError.
    """
    write_whole(file, "\ufeff" + csv_text([header, *rows]), _IN_USE)


def write_table(file: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table as .xlsx, on a sheet called `title`, or else as .csv, by the suffix. Raises StorageError."""
    if file.suffix.lower() == ".xlsx":
        write_xlsx(file, [(title, header, rows)])
    else:
        write_csv(file, header, rows)


def write_xlsx(file: Path, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> None:
    """Write an Excel file: each sheet is its name, its header and its rows, every cell as text. Raises StorageError."""
    from archive.support import workbook_writing  # every command reads tables, hardly any writes a workbook

    with replacing(file, _IN_USE) as temporary, temporary.open("wb") as stream:
        workbook_writing.write(stream, sheets)
