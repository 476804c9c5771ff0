"""LibreOffice as a typesetter in the background: without Word, only it knows on which page something falls.

Only the layout is asked for. Re-saving the document through LibreOffice would rewrite every style and field of it, so
the file a reader gets never passes through. Converting to text or ODT computes no pages, converting to PDF does; hence
the detour over a PDF whose text is read back.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from archive.support import libreoffice
from archive.support.cancellation import raise_if_cancelled
from archive.support.libreoffice import OfficeFailure

__all__ = ["OfficeFailure", "OfficeLayout", "pages_of"]


class OfficeLayout(libreoffice.LibreOffice):
    """An installed LibreOffice that sets documents. Callers do without it where it fails.

    It is ended, and Unwanted raised, when nobody waits for the book any more.
    """

    __slots__ = ()

    def _while_waiting(self) -> None:
        raise_if_cancelled()

    def text_of(self, file: Path) -> str:
        """The text of a document as it stands on its pages. Raises OfficeFailure."""
        with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
            return "\n".join(pages_of(self.pdf(file, Path(folder))))

    def pdf(self, file: Path, folder: Path) -> Path:
        """Set a document; returns the PDF made of it in `folder`. Raises OfficeFailure."""
        made = self.convert([file], "pdf", folder)[file]
        if isinstance(made, OfficeFailure):
            raise made
        return made


def pages_of(pdf: Path) -> list[str]:
    """The text of every page. Raises OfficeFailure."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise OfficeFailure("产生的 PDF 读不出来") from error
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
