"""From a selection to a file: a table of exporters.

`EXPORTERS[name].write(book, file)` writes the whole file or nothing and returns what could not be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from archive.export.book import Book, Chapter, Section, make_book
from archive.export.descriptions.ead3 import Ead3Exporter
from archive.export.descriptions.eep import EepExporter
from archive.export.descriptions.marc import MarcExporter, cnmarc, marc21
from archive.export.descriptions.tables import AtomExporter, DublinCoreExporter
from archive.export.docuxml import DocuXmlExporter
from archive.export.epub.epub_exporter import EpubExporter
from archive.export.markdown import MarkdownExporter
from archive.export.pdf.pdf_exporter import PdfExporter
from archive.export.pdf.press_cover import PressCoverExporter
from archive.export.plain_text import PlainTextExporter
from archive.export.tei.tei_exporter import TeiExporter
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Issue


class Exporter(Protocol):
    """A file format a book can leave in. `suffix` has its dot; `label` is what people read."""

    @property
    def suffix(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def label(self) -> str: ...

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file`, whole or not at all.

        Returns what was left out or changed; raises StorageError (disk, permission) and ExportError (the book).
        """
        ...


EXPORTERS: Mapping[str, Exporter] = {
    "docx": WordExporter(),
    "pdf": PdfExporter(),
    "cover": PressCoverExporter(),
    "epub": EpubExporter(),
    "md": MarkdownExporter(),
    "txt": PlainTextExporter(),
    "tei": TeiExporter(),
    "docuxml": DocuXmlExporter(),
    "ead3": Ead3Exporter(),
    "atom": AtomExporter(),
    "dc": DublinCoreExporter(),
    "marcxml": MarcExporter(".marcxml.xml", "application/marcxml+xml", "MARCXML", marc21, as_xml=True),
    "marc": MarcExporter(".marc.mrc", "application/marc", "MARC 21", marc21),
    "cnmarc": MarcExporter(".cnmarc.mrc", "application/marc", "CNMARC", cnmarc),
    "eep": EepExporter(),
}

DESCRIPTIONS = frozenset({"ead3", "atom", "dc", "marcxml", "marc", "cnmarc"})
"""The formats that tell a catalogue what texts there are, without the texts."""
FOR_ARCHIVES = DESCRIPTIONS | {"eep"}
"""Those, and the packages that hold texts and originals too: for archives and libraries, not for readers."""

__all__ = ["DESCRIPTIONS", "EXPORTERS", "FOR_ARCHIVES", "Book", "Chapter", "Exporter", "Section", "make_book"]
