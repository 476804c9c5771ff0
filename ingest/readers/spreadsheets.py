"""Lists kept as CSV or Excel: every sheet a table, every cell a block."""

from __future__ import annotations

import csv
import datetime
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from archive.catalogue.roster.columns import is_header
from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Issue, Kind, Manuscript, Run, Style
from archive.support.files import sha256_of
from archive.support.sheets import number
from ingest.readers import plain_text, zipped
from ingest.text.characters import private_use, visible
from ingest.text.encoding import detect

_CLAIM = zipped.Claim("Excel 文件", "用 Excel 或 WPS 打开后另存为 .xlsx，再导入")
# What openpyxl raises for a broken workbook, OSError among them; the file itself has been opened before.
_BROKEN = (InvalidFileException, zipfile.BadZipFile, OSError, KeyError, ValueError, TypeError, EOFError, SyntaxError)
_MOST_CELLS = 1_000_000
_MOST_BYTES = 256 * 2**20  # unpacked; openpyxl holds some ten times as much in memory
_LOOKED_AT = 40  # lines of a text file looked through for the head of a list
_DELIMITERS = ",\t;，"
Rows = list[list[str]]


def is_xlsx(head: bytes, file: Path) -> bool:
    """An Excel workbook."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(file) as opened:
            return "xl/workbook.xml" in opened.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def is_csv(head: bytes, file: Path) -> bool:
    """Text that begins with the head of a list of office-holders; a file called .csv or .tsv is believed its name."""
    encoding = detect(head)
    if encoding is None:
        return False
    if file.suffix.lower() in (".csv", ".tsv"):
        return True
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()[:_LOOKED_AT]
    return any(is_header(row) for row in csv.reader(lines, delimiter=_delimiter(lines)))


def read_csv(file: Path, name: str) -> Manuscript:
    """Reads a CSV file in any encoding texts are read in, parted by commas, tabs or semicolons. Raises ReadError."""
    decoded, issues = plain_text.decode(file, name)
    met = visible(decoded)
    words, cleaned = plain_text.clean(decoded, name)
    lines = words.splitlines(keepends=True)
    delimiter = _delimiter(lines[:_LOOKED_AT])
    try:
        rows = [[_unquoted(cell) for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error as error:
        hint = "用 Excel 或 WPS 打开，核对引号是否成对，另存为 .xlsx 再导入"
        raise ReadError(f"CSV 的格式有错（{error}）", place=name, hint=hint) from error
    blocks = tuple(_table(rows, 0))
    kept = sum(visible(block.text) for block in blocks)
    marks = Issue(
        IssueCode.MARKUP, name, "CSV 的分隔号和引号，不作正文", met - kept - sum(one.characters for one in cleaned)
    )
    found = (*issues, *cleaned, *([marks] if marks.characters else []), *private_use(blocks))
    return Manuscript(name, sha256_of(file), blocks, met, found)


def read_xlsx(file: Path, name: str) -> Manuscript:
    """Reads the sheets of an Excel workbook as they are shown: results of formulas, dates and numbers as formatted.

    Hidden sheets are left out and reported. Raises ReadError for what is damaged, locked or too large.
    """
    blocks: list[Block] = []
    issues: list[Issue] = []
    book = _opened(file, name)
    sheets = [sheet for sheet in book.worksheets if any(any(row) for row in _rows(sheet))]
    for sheet in sheets:
        rows = _rows(sheet)
        if sheet.sheet_state != "visible":
            left = sum(visible(cell) for row in rows for cell in row)
            issues.append(Issue(IssueCode.HIDDEN, f"工作表“{sheet.title}”", "隐藏的工作表，没有收入", left))
            continue
        if len(sheets) > 1:
            blocks.append(Block(Kind.HEADING, (Run(sheet.title, Style.GENERATED),), 1))
        number = sum(block.kind is Kind.HEADING for block in blocks)
        blocks += _table(rows, number, {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges})
    book.close()
    met = sum(visible(run.text) for block in blocks for run in block.runs if Style.GENERATED not in run.style)
    met += sum(issue.characters for issue in issues)
    return Manuscript(name, sha256_of(file), tuple(blocks), met, (*issues, *private_use(blocks)))


def _opened(file: Path, name: str) -> Any:
    """The workbook, after its container has been looked over."""
    with file.open("rb") as stream, zipped.open_zip(stream, name, _CLAIM) as container:
        if sum(info.file_size for info in container.infolist()) > _MOST_BYTES:
            raise ReadError("Excel 文件解压后太大，没有读取", place=name, hint="删去不用的工作表和图片后另存，再导入")
    try:
        with warnings.catch_warnings():  # what openpyxl does not keep (validation, drawings) is not text
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, data_only=True)
    except _BROKEN as error:
        raise ReadError("Excel 文件已损坏，读不出", place=name, hint=_CLAIM.repair) from error
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > _MOST_CELLS:
        raise ReadError(f"表格超过 {_MOST_CELLS} 格，没有读取", place=name, hint="把表拆成几个文件，或删去空行空列")
    return book


def _rows(sheet: Any) -> Rows:
    """The cells of a sheet as text, without empty rows and columns at the end."""
    rows = [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((index for row in rows for index, cell in enumerate(row, 1) if cell), default=0)
    return [row[:width] for row in rows]


def _shown(cell: Any) -> str:
    """A cell as Excel shows it: 1956-06-01 formatted as year and month is 1956年6月, 1956.1 with two places 1956.10."""
    value, form = cell.value, str(getattr(cell, "number_format", "") or "")
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        day = f"{value.day}日" if "d" in form.lower() else ""
        return f"{value.year}年{value.month}月{day}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        places = len(form.partition(".")[2].rstrip("_ )")) if form.startswith("0.0") else 0
        return f"{value:.{places}f}" if places else number(value)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip("\n")


def _table(rows: Rows, number: int, merged: dict[tuple[int, int], Any] | None = None) -> Iterator[Block]:
    """The rows as cells of table `number`; merged cells span, and what they cover has no block."""
    spans = merged or {}
    covered = {
        (row, column)
        for area in spans.values()
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    } - set(spans)
    head = next((index for index, row in enumerate(rows) if is_header(row)), None)
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            place = (at + 1, column + 1)
            if place in covered and not words:
                continue
            area = spans.get(place)
            height = min(area.max_row, len(rows)) - at if area else 1
            width = min(area.max_col, len(row)) - column if area else 1
            cell = Cell(number, at, column, max(1, height), max(1, width), header=at == head)
            yield Block.plain(Kind.CELL, words, cell=cell)


def _delimiter(lines: Sequence[str]) -> str:
    """What parts the cells: the mark that most of the lines have most of."""
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in islice(lines, _LOOKED_AT)))


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps Excel from running a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+@") else cell
