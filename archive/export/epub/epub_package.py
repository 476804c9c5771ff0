"""The EPUB container: what is in the book, in which order, and who made it. EPUB 3.3, read by 3.0 and 3.2 systems."""

from __future__ import annotations

import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from archive.export.book import Book
from archive.export.flow import sound_text

_NAMESPACE = uuid.UUID("5d1f8a52-8a0b-5c55-9d0e-3f3c6f0f7f10")  # of the identifiers of our books
_STORED = ("image/jpeg", "image/png", "image/gif")  # compressed already
_UNIX = 3  # the files are described in the same way whatever system writes them
_CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class PackageItem:
    """A file of the book: its name, what is in it or where it lies, and its properties in the manifest."""

    name: str
    media_type: str
    content: bytes | Path
    properties: str = ""


@dataclass(slots=True)
class Package:
    """Everything in the EPUB; `spine` are the names of the pages in reading order."""

    book: Book
    language: str
    items: list[PackageItem] = field(default_factory=list)
    spine: list[str] = field(default_factory=list)

    def write(self, file: Path) -> None:
        """Write the EPUB; the same package gives the same bytes."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(self._entry("mimetype", stored=True), "application/epub+zip")
            archive.writestr(self._entry("META-INF/container.xml"), _CONTAINER)
            archive.writestr(self._entry("EPUB/package.opf"), self.document())
            for item in self.items:
                entry = self._entry(f"EPUB/{item.name}", stored=item.media_type in _STORED)
                if isinstance(item.content, bytes):
                    archive.writestr(entry, item.content)
                else:
                    entry.file_size = item.content.stat().st_size
                    with item.content.open("rb") as source, archive.open(entry, "w") as target:
                        shutil.copyfileobj(source, target)

    def _entry(self, name: str, *, stored: bool = False) -> zipfile.ZipInfo:
        made = max(self.book.made.timetuple()[:6], (1980, 1, 1, 0, 0, 0))  # the oldest a zip file knows
        entry = zipfile.ZipInfo(name, made)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        entry.create_system = _UNIX
        entry.external_attr = 0o644 << 16
        return entry

    def document(self) -> str:
        """The package document."""
        names = {item.name: f"i{number}" for number, item in enumerate(self.items, 1)}
        items = (
            f'<item id="{names[item.name]}" href="{item.name}" media-type="{item.media_type}"'
            + (f' properties="{item.properties}"' if item.properties else "")
            + "/>"
            for item in self.items
        )
        direction = ' page-progression-direction="rtl"' if self.book.house.layout.vertical else ""
        return "\n".join(
            [
                '<?xml version="1.0" encoding="UTF-8"?>',
                '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book"'
                f' xml:lang="{self.language}">',
                '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
                *_metadata(self.book, self.language, [item.media_type for item in self.items]),
                "</metadata>",
                "<manifest>",
                *items,
                "</manifest>",
                f"<spine{direction}>",
                *(f'<itemref idref="{names[name]}"/>' for name in self.spine),
                "</spine>",
                "</package>",
            ]
        )


def identifier(book: Book) -> str:
    """The same for every edition of the same texts under the same title, so that a corrected one replaces the first."""
    texts = [chapter.article.id or chapter.article.digest or chapter.title for chapter in book.everything]
    return uuid.uuid5(_NAMESPACE, "\n".join([book.title, book.subtitle, book.series, book.editor, *texts])).urn


def _metadata(book: Book, language: str, kinds: Sequence[str]) -> Iterator[str]:
    yield f'<dc:identifier id="book">{identifier(book)}</dc:identifier>'
    yield f'<dc:title id="title">{_plain(book.title)}</dc:title>'
    yield '<meta refines="#title" property="title-type">main</meta>'
    if book.subtitle:
        yield f'<dc:title id="subtitle">{_plain(book.subtitle)}</dc:title>'
        yield '<meta refines="#subtitle" property="title-type">subtitle</meta>'
    yield f"<dc:language>{language}</dc:language>"
    if book.editor:
        yield f'<dc:creator id="editor">{_plain(book.editor)}</dc:creator>'
        yield '<meta refines="#editor" property="role" scheme="marc:relators">edt</meta>'
    if book.publisher:
        yield f"<dc:publisher>{_plain(book.publisher)}</dc:publisher>"
    if book.series:
        yield f'<meta property="belongs-to-collection" id="series">{_plain(book.series)}</meta>'
        yield '<meta refines="#series" property="collection-type">series</meta>'
    yield f'<meta property="dcterms:modified">{book.made:%Y-%m-%dT%H:%M:%SZ}</meta>'
    yield from _accessibility(kinds)


def _accessibility(kinds: Sequence[str]) -> Iterator[str]:
    pictures = any(kind in _STORED for kind in kinds)
    features = ["tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability"]
    values = [("accessMode", "textual"), *([("accessMode", "visual")] if pictures else [])]
    values.append(("accessModeSufficient", "textual"))
    values += [("accessibilityFeature", feature) for feature in features]
    values += [("accessibilityFeature", "alternativeText")] if pictures else []
    values.append(("accessibilityHazard", "unknown" if "image/gif" in kinds else "none"))
    values.append(("accessibilitySummary", "可按目录和标题跳读；注释可在原处弹出；图片都有文字说明。"))
    yield from (f'<meta property="schema:{name}">{value}</meta>' for name, value in values)


def _plain(value: str) -> str:
    return escape(re.sub(r"\s+", " ", sound_text(value)).strip())
