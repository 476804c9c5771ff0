"""Columns from right to left, which Typst cannot set: the Word file of the book, turned into PDF by LibreOffice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from archive.errors import ExportError
from archive.export.book import Book
from archive.export.libreoffice import LibreOffice, OfficeFailure
from archive.export.word.document import WordExporter
from archive.office import HOW_TO_GET_IT
from archive.records import Issue

_INSTEAD = "也可以导出 Word 文件，在 Word 里另存为 PDF"


def set_vertically(book: Book, file: Path) -> tuple[Issue, ...]:
    """Write a vertical book to `file` as PDF; raises ExportError where LibreOffice is missing or fails."""
    office = LibreOffice.find()
    if office is None:
        message = "竖排的 PDF 要由 LibreOffice 排版，这台电脑上没有找到它。"
        raise ExportError(message, hint=f"{HOW_TO_GET_IT}；{_INSTEAD}。")
    with tempfile.TemporaryDirectory(prefix="wenshi-vertical-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        document = folder / "book.docx"
        issues = WordExporter().write(book, document)
        try:
            file.write_bytes(office.pdf(document, folder).read_bytes())
        except OfficeFailure as failure:
            raise ExportError(f"LibreOffice 没有排成竖排的 PDF：{failure}", hint=f"{_INSTEAD}。") from failure
    told = "竖排由 LibreOffice 排版：字体由它选用，没有逐字核对；不是存档用的 PDF/A，每次生成的文件也不会逐字节相同。"
    return (*issues, Issue("export-vertical", book.title, told))
