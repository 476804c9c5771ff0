"""Excel workbooks written: sheets of text under a bold header that stays in view, row by row as XML.

openpyxl makes an object of every cell, which takes a minute for two million of them; here they take some seconds. The
same rows give the same bytes: nothing says when the file was made.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from archive.support.workbooks import escaped
from archive.support.zipped import entry

Row = Sequence[str]

LONGEST_CELL = 32_767
"""Characters a cell of Excel holds."""

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet of Excel holds; what is more goes on in a further sheet."""

_WIDEST = 40  # columns of a sheet, in characters
_AT_A_TIME = 500  # rows written together
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML holds neither
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TEXT, _BOLD = 1, 2  # numbers of the formats below: text, also once it has been edited in Excel
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write(stream: IO[bytes], sheets: Iterable[tuple[str, Row, Sequence[Row]]]) -> None:
    """Write a workbook: each sheet is its name, its header and its rows, every cell as text.

    Raises ValueError for rows of unequal length.
    """
    taken: set[str] = set()
    parts = [
        (sheet_name(name, taken), header, rows[at : at + MOST_ROWS])
        for name, header, rows in sheets
        for at in range(0, len(rows) or 1, MOST_ROWS)
    ]
    with zipfile.ZipFile(stream, "w") as packed:
        numbers = range(1, len(parts) + 1)
        _put(packed, "[Content_Types].xml", _content_types(numbers))
        _put(packed, "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        _put(packed, "xl/workbook.xml", _workbook([name for name, *_ in parts]))
        relations = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
        _put(packed, "xl/_rels/workbook.xml.rels", _relations([*relations, ("styles", "styles.xml")]))
        _put(packed, "xl/styles.xml", _STYLES)
        for number, (_, header, rows) in zip(numbers, parts, strict=True):
            with packed.open(entry(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as part:
                for text in _sheet(header, rows, first=number == 1):
                    part.write(text.encode())


def sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, each once; `taken` gets it."""
    stem = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "表"
    found, number = stem, 2
    while found.lower() in taken:
        found, number = f"{stem[:27]} {number}", number + 1
    taken.add(found.lower())
    return found


def _put(packed: zipfile.ZipFile, name: str, text: str) -> None:
    packed.writestr(entry(name), text)


def _content_types(numbers: Iterable[int]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    parts += [(f"worksheets/sheet{number}", "worksheet") for number in numbers]
    told = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{what}+xml"/>' for name, what in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{what}" Target="{target}"/>'
        for number, (what, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    views = "<bookViews><workbookView/></bookViews>"
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{views}<sheets>{sheets}</sheets></workbook>'


def _sheet(header: Row, rows: Sequence[Row], *, first: bool) -> Iterator[str]:
    selected = ' tabSelected="1"' if first else ""
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"{selected}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    if header:
        widths = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
            for at, width in enumerate(_widths([header, *rows]), 1)
        )
        yield f"<cols>{widths}</cols>"
    yield "<sheetData>" + _row_writer(len(header), _BOLD)(1, header)
    write_row, numbered = _row_writer(len(header), _TEXT), enumerate(rows, 2)
    while some := list(islice(numbered, _AT_A_TIME)):
        yield "".join(write_row(number, row) for number, row in some)
    yield "</sheetData></worksheet>"


def _row_writer(columns: int, style: int) -> Callable[[int, Row], str]:
    """What makes a row of so many columns from its number and its cells."""
    cells = "".join(
        f'<c r="{_letters(at)}#" s="{style}" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
        for at in range(1, columns + 1)
    )
    form = f'<row r="#">{cells}</row>'

    def written(number: int, row: Row) -> str:
        if len(row) != columns:
            raise ValueError(f"row {number} has {len(row)} cells instead of {columns}")
        plain = not _SPECIAL.search("\n".join(row)) and max(map(len, row), default=0) <= LONGEST_CELL
        return form.replace("#", str(number)) % tuple(row if plain else map(_stored, row))

    return written


def _stored(text: str) -> str:
    if len(text) > LONGEST_CELL:
        text = f"{text[: LONGEST_CELL - 1]}…"
    return escape(_NO_CHARACTER.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped(text)))


def _letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _widths(rows: Sequence[Row]) -> list[int]:
    """For each column the width of its widest cell, Chinese characters counting twice, up to _WIDEST."""
    return [min(_WIDEST, 2 + max(map(_width, texts))) for texts in zip(*rows, strict=True)]


def _width(text: str) -> int:
    if len(text) >= _WIDEST:
        return _WIDEST
    return len(text) + (len(text.encode("utf-8", "replace")) - len(text)) // 2
