"""A whole PDF: its pages, its bookmarks and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript, Picture
from ingest.readers import ocr, recogniser
from ingest.readers.pdf.page_content import PageContent, content_of, open_pdf
from ingest.readers.pdf.page_flow import flowed
from ingest.readers.spreads import halves

_PROPERTIES = {"Title": "title", "Author": "author", "Keywords": "keywords"}


def read(file: Path, name: str) -> Manuscript:
    """Reads a PDF. Pages that are only pictures are recognised if that is installed. Raises ReadError."""
    with open_pdf(file, name) as document:
        sheets = _sheets(document, name)
        pages = [page for sheet in sheets for page in sheet.pages]
        of = {page.number: sheet for sheet in sheets for page in sheet.pages}
        first = {number: sheet.pages[0].number for number, sheet in enumerate(sheets)}
        marks = {(first[page], title): level for (page, title), level in _bookmarks(document).items()}
        found = flowed(pages, name, file, lambda number: of[number].picture(number), marks, _properties(document))
    spreads = sum(len(sheet.pages) > 1 for sheet in sheets)
    if not spreads:
        return found
    told = Issue(IssueCode.SPREAD, name, ocr.SPREAD.format(spreads))
    return replace(found, issues=(told, *found.issues))


@dataclass(slots=True)
class _Sheet:
    """A page of the file: one page, or the two of a spread."""

    draw: Callable[[], Picture]
    pages: list[PageContent]

    def picture(self, number: int) -> Picture:
        """That of one of its pages."""
        if not self.pages[1:]:
            return self.draw()
        return halves(self.draw())[number - self.pages[0].number]


def _sheets(document: Any, name: str) -> list[_Sheet]:
    """The pages of the file, those that show two pages of a book taken apart."""
    found: list[_Sheet] = []
    number = 0
    for at in range(len(document)):
        content = content_of(document, at, name, number)
        sheet = _Sheet(partial(ocr.rendered, document, at), [content])
        if content.scanned and content.width > content.height and recogniser.installed() and halves(sheet.draw())[1:]:
            content.width /= 2
            sheet.pages.append(PageContent(number + 1, content.width, content.height, scanned=True))
        number += len(sheet.pages)
        found.append(sheet)
    return found


def _bookmarks(document: Any) -> dict[tuple[int, str], int]:
    """The level of each bookmark by (page from 0, title without spaces); none where they are damaged."""
    found: dict[tuple[int, str], int] = {}
    try:
        for mark in document.get_toc(max_depth=6):
            target = mark.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                found[index, "".join(mark.get_title().split())] = mark.level + 1
    except (pypdfium2.PdfiumError, UnicodeError, RecursionError):
        return {}  # bookmarks only help
    return found


def _properties(document: Any) -> dict[str, str]:
    """Title, author and keywords as the file itself states them; what is damaged is left out."""
    found: dict[str, str] = {}
    for theirs, ours in _PROPERTIES.items():
        with suppress(UnicodeError):
            if value := document.get_metadata_value(theirs).strip():
                found[ours] = value
    return found
