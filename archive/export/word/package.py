"""The zip a Word file is: parts and their relations, the same bytes for the same book."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.package import Package
from docx.parts.document import DocumentPart

from archive.export.book import Book
from archive.export.word import markup

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."


class WordPackage:
    """A Word file in the making. Nothing of python-docx's template goes in: its styles are those of another country."""

    def __init__(self) -> None:
        self._package = Package()
        root = parse_xml(markup.part("document", ()))
        name = PackURI("/word/document.xml")
        self.document = DocumentPart(name, CONTENT_TYPE.WML_DOCUMENT_MAIN, root, self._package)
        self._package.relate_to(self.document, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        self._numbers = {"header": 0, "footer": 0}

    def add(self, kind: str, content: bytes) -> None:
        """Add the one part of its kind: styles, settings or footnotes."""
        self._relate(kind, kind, content)

    def add_numbered(self, kind: str, content: bytes) -> str:
        """Add a header or footer; returns its relation id."""
        self._numbers[kind] += 1
        return self._relate(kind, f"{kind}{self._numbers[kind]}", content)

    def _relate(self, kind: str, name: str, content: bytes) -> str:
        part = Part(PackURI(f"/word/{name}.xml"), f"{_WORD}{kind}+xml", content, self._package)
        return self.document.relate_to(part, f"{_OFFICE}{kind}")

    def describe(self, book: Book) -> None:
        """Fill in title, editor and dates as the file manager shows them."""
        properties = self._package.core_properties
        properties.title, properties.subject, properties.author = (
            book.title[:255],
            book.subtitle[:255],
            book.editor[:255],
        )
        properties.last_modified_by = ""
        properties.language = "zh-CN"
        properties.created = properties.modified = book.made.replace(tzinfo=None)

    def write(self, body: str, file: Path) -> None:
        """Write the package with this body (the children of w:body) to `file`."""
        root = self.document.element
        for child in list(root):
            root.remove(child)
        root.append(parse_xml(f"<w:body {markup.NAMESPACES}>{body}</w:body>"))
        packed = io.BytesIO()
        self._package.save(packed)
        _repack(packed, file)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def _repack(packed: io.BytesIO, file: Path) -> None:
    """Copy the zip with one fixed time for all entries, where python-docx writes the time of day."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # otherwise Windows and Linux would differ
            target.writestr(entry, source.read(name))
