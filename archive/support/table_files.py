"""Files of tables read: CSV, Excel, workbooks of old. They come from outside, so an isolated process reads them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from archive.model.errors import ReadError
from archive.support.isolation.isolated_process import IsolatedDefect, ProcessLost, borrowed
from archive.support.sheets import Rows, csv_rows, decoded
from archive.support.storage_errors import storage_errors
from archive.support.workbooks import read_workbook

_MOST_BYTES = 64 * 2**20  # of a text file to read
_SMALL = 2 * 2**20  # bytes of a table of our own that is parsed at once; each may become seventy in memory
_PACKED, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAVE_ANEW = "用 Excel 或 WPS 打开后另存为 .xlsx"


def read_tables(file: Path) -> list[Rows]:
    """The tables of a file that have any cell: that of a CSV file, or the visible sheets of an Excel workbook.

    Raises StorageError, ReadError, also for a file that is made to kill its reader.
    """
    with borrowed() as process:
        try:
            found: list[Rows] = process.call(tables_in, file.absolute(), file.name, returns=list[Rows])
        except (ProcessLost, IsolatedDefect) as lost:
            hint = "用 Excel 或 WPS 打开，只留下要用的工作表和格子，另存为新的 .xlsx 再试"
            raise ReadError("表格太大或结构太复杂，读不下来", place=file.name, hint=hint) from lost
    return found


def read_rows(file: Path) -> Rows:
    """The rows of the first of the tables (see `read_tables`), row 1 being item 0; none where there is no table."""
    return next(iter(read_tables(file)), [])


def own_rows(file: Path) -> Rows:
    """The same of a table in the library's own folder, which every command reads: a small CSV file costs no process.

    Raises StorageError, ReadError.
    """
    data = _data(file, _SMALL)
    if len(data) > _SMALL or data.startswith((_PACKED, _OLE)):
        return read_rows(file)
    return csv_rows(decoded(data, file.name), file.name)


def tables_in(file: Path, name: str) -> list[Rows]:
    """What `read_tables` gives, read by this very process. `name` is what errors call the file."""
    data = _data(file, _MOST_BYTES)
    if data.startswith(_PACKED):
        tables = [sheet.rows for sheet in read_workbook(file, name) if not sheet.hidden]
    elif data.startswith(_OLE):
        return _converted(file, name)
    elif len(data) > _MOST_BYTES:
        raise ReadError("表格太大，没有读取", place=name, hint="请拆成几个文件")
    else:
        tables = [csv_rows(decoded(data, name), name)]
    return [rows for rows in tables if any(any(row) for row in rows)]


def _data(file: Path, most: int) -> bytes:
    """The file's first bytes, one more than `most` where there are more."""
    hint = "请核对路径，并关掉正打开着这个文件的程序"
    with storage_errors(file, "表格打不开", hint), file.open("rb") as stream:
        return stream.read(most + 1)


def _converted(file: Path, name: str) -> list[Rows]:
    """The tables of a workbook of old (.xls, .et), which LibreOffice writes anew. Raises ReadError."""
    from archive.support.libreoffice import HOW_TO_GET_IT, LibreOffice, OfficeFailure

    office = LibreOffice.find()
    if office is None:
        hint = f"{HOW_TO_GET_IT}；或{_SAVE_ANEW}"
        raise ReadError("读 .xls 需要 LibreOffice，这台机器上没有找到", place=name, hint=hint)
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, "table.xls")
        shutil.copyfile(file, copy)
        try:
            made = office.convert([copy], "xlsx", Path(folder))[copy]
        except OfficeFailure as failure:
            made = failure
        if isinstance(made, OfficeFailure):
            raise ReadError(f"LibreOffice 没有转换成功（{made}）", place=name, hint=_SAVE_ANEW)
        return tables_in(made, name)
