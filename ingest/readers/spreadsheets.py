"""Lists kept as CSV or Excel: every sheet a table, every cell a block."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.catalogue.roster.columns import is_header
from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Issue, Kind, Manuscript, Run, Style
from archive.support.files import sha256_of
from archive.support.sheets import Rows, csv_rows, delimiter_of
from archive.support.workbooks import is_workbook, read_workbook
from ingest.readers import plain_text, zipped
from ingest.text.characters import private_use, visible
from ingest.text.encoding import detect

_CLAIM = zipped.Claim("Excel 文件", "用 Excel 或 WPS 打开后另存为 .xlsx，再导入")
_LOOKED_AT = 40  # lines of a text file looked through for the head of a list


def is_xlsx(head: bytes, file: Path) -> bool:
    """An Excel workbook."""
    return head.startswith(b"PK\x03\x04") and is_workbook(file)


def is_csv(head: bytes, file: Path) -> bool:
    """Text that begins with the head of a list of office-holders; a file called .csv or .tsv is believed its name."""
    encoding = detect(head)
    if encoding is None:
        return False
    if file.suffix.lower() in (".csv", ".tsv"):
        return True
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()[:_LOOKED_AT]
    return any(is_header(row) for row in csv.reader(lines, delimiter=delimiter_of(lines)))


def read_csv(file: Path, name: str) -> Manuscript:
    """Reads a CSV file in any encoding texts are read in, parted by commas, tabs or semicolons. Raises ReadError."""
    decoded, issues = plain_text.decode(file, name)
    met = visible(decoded)
    words, cleaned = plain_text.clean(decoded, name)
    blocks = tuple(_table(csv_rows(words, name), 0))
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
    with file.open("rb") as stream, zipped.open_zip(stream, name, _CLAIM):
        pass  # looked over as every container is
    blocks: list[Block] = []
    issues: list[Issue] = []
    sheets = read_workbook(file, name)
    for sheet in sheets:
        if sheet.hidden:
            left = sum(visible(cell) for row in sheet.rows for cell in row)
            place = f"工作表“{sheet.title}”"
            issues.append(Issue(IssueCode.HIDDEN, place, "隐藏的工作表，没有收入", left))
            continue
        if len(sheets) > 1:
            blocks.append(Block(Kind.HEADING, (Run(sheet.title, Style.GENERATED),), 1))
        number = sum(block.kind is Kind.HEADING for block in blocks)
        blocks += _table(sheet.rows, number, sheet.spans)
    met = sum(visible(run.text) for block in blocks for run in block.runs if Style.GENERATED not in run.style)
    met += sum(issue.characters for issue in issues)
    return Manuscript(name, sha256_of(file), tuple(blocks), met, (*issues, *private_use(blocks)))


def _table(rows: Rows, number: int, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None) -> Iterator[Block]:
    """The rows as cells of table `number`; merged cells span (see Sheet), and what they cover has no block."""
    merged = spans or {}
    covered = {
        (row + below, column + beside)
        for (row, column), (height, width) in merged.items()
        for below in range(height)
        for beside in range(width)
    } - set(merged)
    head = next((index for index, row in enumerate(rows) if is_header(row)), None)
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            if (at, column) in covered and not words:
                continue
            height, width = merged.get((at, column), (1, 1))
            cell = Cell(number, at, column, min(height, len(rows) - at), min(width, len(row) - column), at == head)
            yield Block.plain(Kind.CELL, words.strip("\n"), cell=cell)
