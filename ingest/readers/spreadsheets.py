"""Lists kept as CSV or Excel: every sheet a table, every cell a block."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

from archive.catalogue.roster.columns import is_header
from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Issue, Kind, Manuscript, Run, Style
from archive.support.files import sha256_of
from archive.support.sheets import Rows, csv_rows, delimiter_of
from archive.support.workbooks import read_workbook
from ingest.readers import plain_text, zipped
from ingest.readers.sheet_drawings import BesideCells, beside_cells
from ingest.text.characters import private_use, visible
from ingest.text.encoding import detect

_CLAIM = zipped.Claim("Excel 文件", "用 Excel 或 WPS 打开后另存为 .xlsx，再导入")
_SHEET = re.compile(r"worksheets/[^/]*\.xml$", re.IGNORECASE)
_MOST_BYTES = 256 * 2**20  # of a sheet
_FORMULA = re.compile(rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v>)?([^<]*)")
_LOOKED_AT = 40  # lines of a text file looked through for the head of a list


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

    Hidden sheets, rows and columns are text like any other; comments on cells become notes, after their table, text
    boxes and titles of charts paragraphs after them. Raises
    ReadError for what is damaged, locked or too large.
    """
    with file.open("rb") as stream, zipped.open_zip(stream, name, _CLAIM) as container:
        sheets = read_workbook(file, name)
        issues = list(_without_results(container, name))
        beside = beside_cells(container, name, _CLAIM)
    blocks: list[Block] = []
    for sheet in sheets:
        if len(sheets) > 1:
            blocks.append(Block(Kind.HEADING, (Run(sheet.title, Style.GENERATED),), 1))
        number = sum(block.kind is Kind.HEADING for block in blocks)
        blocks += _commented(_table(sheet.rows, number, sheet.spans), sheet.comments, blocks)
        blocks += _beside(beside.get(sheet.title, BesideCells()))
    met = sum(visible(run.text) for block in blocks for run in block.runs if Style.GENERATED not in run.style)
    met += sum(issue.characters for issue in issues)
    return Manuscript(name, sha256_of(file), tuple(blocks), met, (*issues, *private_use(blocks)))


def _beside(sheet: BesideCells) -> Iterator[Block]:
    for kind, texts in ((Kind.PARAGRAPH, sheet.boxes), (Kind.HEADER, sheet.heads), (Kind.FOOTER, sheet.feet)):
        for text in texts:
            yield Block.plain(kind, text)


def _without_results(container: ZipFile, name: str) -> Iterator[Issue]:
    """An issue for formulas whose results the file does not hold: programs that are no spreadsheet leave them out."""
    missing = 0
    for info in container.infolist():
        if _SHEET.search(info.filename):
            data = zipped.read_member(container, info, _MOST_BYTES, name, _CLAIM)
            missing += sum(not result.strip() for result in _FORMULA.findall(data))
    if missing:
        message = f"{missing} 格公式的结果没有存在文件里，没有收入；用 Excel 或 WPS 打开后保存一次，再导入"
        yield Issue(IssueCode.FORMULA, name, message)


def _commented(
    table: Iterable[Block], comments: Mapping[tuple[int, int], str], before: Sequence[Block]
) -> Iterator[Block]:
    """The cells with references to their comments, which follow as notes; those on cells of no table too."""
    number = sum(block.kind is Kind.NOTE for block in before)
    labels = {place: str(number + order) for order, place in enumerate(sorted(comments), 1)}
    for block in table:
        assert block.cell is not None
        label = labels.get((block.cell.row, block.cell.column))
        yield replace(block, runs=(*block.runs, Run("", note=label))) if label else block
    for place, label in labels.items():
        yield Block(Kind.NOTE, (Run(comments[place]),), label=label)


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
