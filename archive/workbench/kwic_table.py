"""A concordance as a file: Excel, CSV or Word, under what was asked and how it was narrowed and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path

from archive.model.errors import UsageError
from archive.search.heading import Heading, write_under
from archive.search.matching import ENDS
from archive.support.files import replacing
from archive.support.zipped import write_again
from archive.text.spans import Span
from archive.workbench.barcodes import TENTHS, Barcode
from archive.workbench.collocates import Collocates, counted_in, unit_label
from archive.workbench.collocates import cells as collocate_cells
from archive.workbench.concordance import KwicRow
from archive.workbench.place_list import Group
from archive.workbench.row_columns import ROW_COLUMNS, cells, checked_columns
from archive.workbench.same_words import SameWords
from archive.workbench.steps import column_label

MOST_IN_WORD = 5_000
"""Rows of a Word table; with more of them Word takes minutes to open it."""

_IN_WORD = ("number", "left", "hit", "right", "source")
"""The columns of a Word table for which none were chosen; the source holds what the others say of the place."""


def sentence(row: KwicRow) -> Span:
    """Start and end, exclusive, of the sentence that a place stands in."""
    start = max(row.text.rfind(end, 0, row.start) for end in ENDS) + 1
    ends = [at for end in ENDS if (at := row.text.find(end, row.end)) >= 0]
    return start, min(ends) + 1 if ends else len(row.text)


def volume_name(collection: str, volume: str) -> str:
    """What a volume is called; many collections are one volume and say so themselves."""
    return collection if volume in collection else f"{collection} {volume}"


def write_rows(rows: Iterable[KwicRow], heading: Heading, file: Path, columns: Sequence[str] = ()) -> None:
    """Write all rows in the form the suffix names, one of FORMATS, with these columns in this order (see ROW_COLUMNS).

    Raises UsageError, StorageError.
    """
    if file.suffix.lower() not in FORMATS:
        raise UsageError(f"不能写成“{file.suffix or file.name}”", hint=f"文件名以 {'、'.join(FORMATS)} 结尾")
    FORMATS[file.suffix.lower()](rows, checked_columns(columns), heading, file)


def write_groups(groups: Iterable[Group], columns: Iterable[str], heading: Heading, file: Path) -> None:
    """Write groups as a table: .xlsx or .csv. Raises StorageError."""
    header = (*map(column_label, columns), "处数", "篇数")
    rows = [(*group.values, str(group.places), str(group.articles)) for group in groups]
    write_under(heading, "分组", header, rows, file)


def write_collocates(found: Collocates, heading: Heading, file: Path) -> None:
    """Write collocates as a table: .xlsx or .csv. Raises StorageError."""
    counted = counted_in(found.unit)
    header = ("搭配", f"同现{counted}数", "篇数", f"范围内{counted}数", "logDice")
    about = (*heading, ("搭配", f"{unit_label(found.unit)}；检索词 {found.searched} {counted}"))
    write_under(about, "搭配", header, collocate_cells(found.found), file)


def write_same_words(found: SameWords, file: Path) -> None:
    """Write where a paragraph stands elsewhere as a table: .xlsx or .csv. Raises StorageError."""
    header = ("序", "相同", "篇名", "编号", "段", "成文日期", "文字")
    rows = [
        (
            str(number),
            f"{place.shared.share:.0%}",
            place.article.title,
            place.article.id,
            str(place.block),
            place.article.date.written if place.article.date else "",
            place.article.blocks[place.block].text[slice(*place.shared.there)],
        )
        for number, node in enumerate(found.nodes, 1)
        for place in node.places
    ]
    about = (
        ("本段", f"{found.article.title}（{found.article.id}#{found.block}）"),
        ("文字", found.article.blocks[found.block].text),
    )
    write_under(about, "别处同文", header, rows, file)


def write_barcodes(found: Iterable[Barcode], titles: Mapping[str, str], heading: Heading, file: Path) -> None:
    """Write volumes as a table: .xlsx or .csv. Raises StorageError."""
    header = ("文集", "辑", "处数", "命中篇数", "篇数", "字数", *(f"第 {part} 段" for part in range(1, TENTHS + 1)))
    rows = [
        (titles.get(one.collection, one.collection), one.volume, *map(str, (one.places, one.found, one.articles)),
         str(one.letters), *(str(part.places) for part in one.tenths))
        for one in found
    ]  # fmt: skip
    write_under(heading, "各辑", header, rows, file)


def _table(rows: Iterable[KwicRow], columns: Sequence[str], heading: Heading, file: Path) -> None:
    names = columns or tuple(ROW_COLUMNS)
    header = [ROW_COLUMNS[name].label for name in names]
    write_under(heading, "逐处", header, [cells(row, names) for row in rows], file)


def _docx(rows: Iterable[KwicRow], columns: Sequence[str], heading: Heading, file: Path) -> None:
    """A table on a page turned sideways."""
    found = list(islice(rows, MOST_IN_WORD + 1))
    if len(found) > MOST_IN_WORD:
        hint = f"先抽样或筛选到 {MOST_IN_WORD} 处以内，或存成 Excel"
        raise UsageError(f"多于 {MOST_IN_WORD} 处，Word 表格放不下这么多", hint=hint)
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_heading("逐处", 1)
    for label, value in heading:
        document.add_paragraph(f"{label}：{value}")
    names = columns or _IN_WORD
    table = document.add_table(rows=1, cols=len(names))
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        cell.text = ROW_COLUMNS[name].label if name in ROW_COLUMNS else "出处"
    for row in found:
        for cell, name in zip(table.add_row().cells, names, strict=True):
            paragraph = cell.paragraphs[0]
            text = ROW_COLUMNS[name].value(row) if name in ROW_COLUMNS else _source(row)
            paragraph.add_run(text).bold = True if name == "hit" else None
            if name == "left":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made = BytesIO()
    document.save(made)
    with replacing(file) as temporary:
        write_again(made, temporary)


def _source(row: KwicRow) -> str:
    at = f"第 {row.paragraph} 段" if row.paragraph else "题名"
    pages = row.pages and f"第 {row.pages} 页"
    return "，".join(filter(None, (f"{row.title}（{row.collection}{row.volume}）", pages, at)))


FORMATS: Mapping[str, Callable[[Iterable[KwicRow], Sequence[str], Heading, Path], None]] = {
    ".xlsx": _table,
    ".csv": _table,
    ".docx": _docx,
}
"""What a suffix stands for: Excel, CSV, Word."""
