"""Pages as pictures, for looking at a book before it is done."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from archive.export.book import Book
from archive.export.child import ask
from archive.export.pdf.pdf_exporter import PdfExporter
from archive.model.records import Issue

_PATIENCE = 60  # seconds for drawing
_SCREEN = 96


@dataclass(frozen=True, slots=True)
class Preview:
    """Some pages of a book: `pages` are PNG files in order, `count` is how many pages there are in all."""

    count: int
    pages: tuple[bytes, ...]
    issues: tuple[Issue, ...] = ()


def preview(book: Book, *, first: int = 1, last: int = 1, ppi: float = _SCREEN) -> Preview:
    """The pages `first` to `last` (from 1, inclusive; beyond the end none) as they are printed, at `ppi` dots an inch.

    As in a draft, characters in no font are marked and not refused. Raises ExportError.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-preview-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "book.pdf"
        issues = PdfExporter(proof=True).write(replace(book, draft=True), file)
        return replace(draw(file, first=first, last=last, ppi=ppi), issues=issues)


def draw(file: Path, *, first: int = 1, last: int = 1, ppi: float = _SCREEN) -> Preview:
    """The same of a PDF file that is there already."""
    with tempfile.TemporaryDirectory(prefix="wenshi-preview-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        job: dict[str, object] = {"file": str(file), "first": first, "last": last, "ppi": ppi, "folder": name}
        count = cast("int", ask(Path(__file__).with_name("draw.py"), job, folder, _PATIENCE))
        return Preview(count, tuple(page.read_bytes() for page in sorted(folder.glob("*.png"))))
