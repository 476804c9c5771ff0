"""The Word exporter: sets the book, has its pages counted, writes the file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from archive.export.book import Book
from archive.export.files import replacing
from archive.export.flow import sound
from archive.export.libreoffice import LibreOffice, OfficeFailure
from archive.export.word.contents import numbers_of
from archive.export.word.layout import SIXTEENMO, Page
from archive.export.word.setting import BookSetter
from archive.records import Issue

_UPDATE = "目录只有篇名；用 Word 打开时请在提示中选“是”，页码即自动填入。"


class WordExporter:
    """Writes a book as a Word file (.docx).

    With `fill` LibreOffice, where there is one, sets the book once to learn the page numbers of the contents.
    """

    suffix = ".docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    label = "Word 文档"

    def __init__(self, *, page: Page = SIXTEENMO, fill: bool = True) -> None:
        self._page = page
        self._fill = fill

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        with replacing(file) as temporary:
            pages: Mapping[str, str] = {}
            if not book.single:
                pages, told = self._page_numbers(book)
                issues.append(Issue("export-pages", book.title, told))
            setter = BookSetter(book, self._page)
            setter.write(temporary, pages)
        return (*issues, *setter.issues)

    def _page_numbers(self, book: Book) -> tuple[Mapping[str, str], str]:
        """Page numbers by bookmark, and what to tell about them."""
        office = LibreOffice.find() if self._fill else None
        if office is None:
            return {}, ("没有找到 LibreOffice，" if self._fill else "没有请 LibreOffice 计算页码，") + _UPDATE
        setter = BookSetter(book, self._page)
        try:
            with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
                scratch = Path(folder) / "probe.docx"
                setter.write(scratch, {}, probing=True)
                pages = numbers_of(setter.entries, office.text_of(scratch))
            if len(pages) < len(setter.entries):
                raise OfficeFailure(f"{len(setter.entries)} 个条目只得到 {len(pages)} 个页码")
        except OfficeFailure as failure:
            return {}, f"LibreOffice 没有排出页码（{failure}），{_UPDATE}"
        return pages, "目录页码已按 LibreOffice 的排版填入；Word 中所用字体不同，定稿前请在目录上右击选“更新域”。"
