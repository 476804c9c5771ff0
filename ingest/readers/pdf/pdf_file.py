"""A whole PDF: its pages, its bookmarks and what it says of itself."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from archive.model.records import Manuscript
from ingest.readers import ocr
from ingest.readers.pdf.page_content import content_of, open_pdf
from ingest.readers.pdf.page_flow import flowed

_PROPERTIES = {"Title": "title", "Author": "author", "Keywords": "keywords"}


def read(file: Path, name: str) -> Manuscript:
    """Reads a PDF. Pages that are only pictures are recognised if that is installed. Raises ReadError."""
    with open_pdf(file, name) as document:
        pages = [content_of(document, number, name) for number in range(len(document))]
        rendered = partial(ocr.rendered, document)
        return flowed(pages, name, file, rendered, _bookmarks(document), _properties(document))


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
