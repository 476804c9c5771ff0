"""The Word exporter: sets the book, has its pages counted, writes the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archive.export.book import Book
from archive.export.flow import sound
from archive.export.office_layout import OfficeFailure, OfficeLayout
from archive.export.prepared_pictures import prepared
from archive.export.word import page_numbers
from archive.export.word.word_pictures import KINDS
from archive.export.word.word_setting import WordBookSetter
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.files import replacing

_UPDATE = "目录和索引还没有页码；用 Word 打开时请在提示中选“是”，页码即自动填入。"
FILLED = "目录和索引的页码已按 LibreOffice 的排版填入；Word 中所用字体不同，定稿前请全选后按 F9 更新域。"
_SLOWEST = 2000  # characters a second that LibreOffice sets at least, notes and indexes included


class WordExporter:
    """Writes a book as a Word file (.docx).

    With `fill` LibreOffice, where there is one, sets the book once to learn the page numbers of contents and indexes.
    """

    suffix = ".docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    label = "Word 文档"

    def __init__(self, *, fill: bool = True) -> None:
        self._fill = fill

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept.

        Raises StorageError, and ConfigError for a reference file that cannot be followed.
        """
        book, issues = sound(book)
        inks = "grey" if book.house.layout.colour == "grey" else "full"
        with replacing(file) as temporary, prepared(book, KINDS, inks=inks) as ready:
            setter = WordBookSetter(ready)
            numbers: Mapping[str, int] = {}
            if setter.bookmarks:
                numbers, message = self._page_numbers(setter)
                issues.append(Issue(IssueCode.EXPORT_PAGES, book.title, message))
            setter.write(temporary, numbers)
        return (*issues, *setter.issues)

    def _page_numbers(self, setter: WordBookSetter) -> tuple[Mapping[str, int], str]:
        """Page numbers by bookmark, and the message about where they come from."""
        office = OfficeLayout.find() if self._fill else None
        if office is None:
            return {}, ("没有找到 LibreOffice，" if self._fill else "没有请 LibreOffice 计算页码，") + _UPDATE
        office = replace(office, timeout=office.timeout + setter.characters / _SLOWEST)
        try:
            found = page_numbers.ask(office, setter.bookmarks, lambda file, ask: setter.write(file, {}, ask))
            if late := setter.late_bookmarks:
                found |= page_numbers.ask(office, late, lambda file, ask: setter.write(file, found, ask))
            return found, FILLED
        except OfficeFailure as failure:
            return {}, f"LibreOffice 没有排出页码（{failure}），{_UPDATE}"
