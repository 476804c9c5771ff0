"""Columns from right to left, which Typst cannot set: the Word file of the book, turned into PDF by LibreOffice."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.export.book import Book
from archive.export.fonts.catalogue import font_folders, read_catalogue
from archive.export.fonts.choice import choose
from archive.export.office_layout import OfficeFailure, OfficeLayout
from archive.export.word.word_exporter import FILLED, WordExporter
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.libreoffice import HOW_TO_GET_IT

_INSTEAD = "也可以导出 Word 文件，在 Word 里另存为 PDF"


def set_vertically(book: Book, file: Path) -> tuple[Issue, ...]:
    """Write a vertical book to `file` as PDF; raises ExportError where LibreOffice is missing or fails."""
    office = OfficeLayout.find()
    if office is None:
        message = "竖排的 PDF 要由 LibreOffice 排版，这台电脑上没有找到它。"
        raise ExportError(message, hint=f"{HOW_TO_GET_IT}；{_INSTEAD}。")
    with tempfile.TemporaryDirectory(prefix="wenshi-vertical-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        document = folder / "book.docx"
        known, replaced = _in_fonts_at_hand(book)
        written = WordExporter().write(known, document)
        # How to have Word count the pages again is of no use in a PDF.
        issues = (*replaced, *(issue for issue in written if issue.message != FILLED))
        try:
            file.write_bytes(office.pdf(document, folder).read_bytes())
        except OfficeFailure as failure:
            raise ExportError(f"LibreOffice 没有排成竖排的 PDF：{failure}", hint=f"{_INSTEAD}。") from failure
    message = (
        "竖排由 LibreOffice 排版：缺字由它另找字体，没有逐字核对；不是存档用的 PDF/A，每次生成的文件也不会逐字节相同。"
    )
    return (*issues, Issue(IssueCode.EXPORT_VERTICAL, book.title, message))


def _in_fonts_at_hand(book: Book) -> tuple[Book, Sequence[Issue]]:
    """The book in the fonts this computer has, which LibreOffice would otherwise replace by one and the same."""
    chosen = choose(read_catalogue(font_folders(book.font_folders)), book.house.fonts)
    fonts = {role: (chosen.regular[role].family, *families) for role, families in book.house.fonts.items()}
    return replace(book, house=replace(book.house, fonts=fonts)), chosen.issues
