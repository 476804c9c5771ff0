"""The zip a Word file is: parts, their kinds and their relations, the same bytes for the same book."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, relpath

from lxml import etree

from archive.export.book import Book
from archive.export.word.wordml import DECLARATION, attribute, text_node

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OFFICE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
DOCUMENT = "word/document.xml"
_CORE = "docProps/core.xml"
_THEME = ("word/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml")
_EARLIEST = 1980  # a zip knows no year before


@dataclass(frozen=True, slots=True)
class Relation:
    """From a part to another by name, or to an address outside."""

    id: str
    type: str
    target: str
    outside: bool = False


@dataclass(slots=True)
class PackagePart:
    """A part of the package: its content or the file that holds it."""

    media_type: str
    content: bytes | Path
    relations: list[Relation] = field(default_factory=list)


class WordPackage:
    """A Word file in the making. `parts` are found by their names in the zip."""

    def __init__(self) -> None:
        self.parts: dict[str, PackagePart] = {DOCUMENT: PackagePart(f"{WORD_TYPE}document.main+xml", b"")}
        self._shared: dict[tuple[str, bytes | Path], str] = {}
        self._numbers: dict[str, int] = {}

    def add(self, kind: str, content: bytes, relations: Sequence[Relation] = ()) -> None:
        """Add or replace the one part of its kind: styles, settings, footnotes, fontTable, theme…"""
        name, media_type = _THEME if kind == "theme" else (f"word/{kind}.xml", f"{WORD_TYPE}{kind}+xml")
        if name not in self.parts:
            self._relate(kind, name)
        self.parts[name] = PackagePart(media_type, content, list(relations))

    def add_shared(self, kind: str, content: bytes) -> str:
        """Add a header or footer, one for all that are the same; returns its relation id."""
        return self._add_numbered(kind, f"{kind}{{}}.xml", f"{WORD_TYPE}{kind}+xml", content)

    def add_picture(self, file: Path, media_type: str, suffix: str) -> str:
        """Add a picture, once for the same file; returns its relation id. It is read when the package is written."""
        return self._add_numbered("image", f"media/image{{}}.{suffix}", media_type, file)

    def _add_numbered(self, kind: str, pattern: str, media_type: str, content: bytes | Path) -> str:
        key = kind, content
        if key not in self._shared:
            self._numbers[kind] = self._numbers.get(kind, 0) + 1
            name = f"word/{pattern.format(self._numbers[kind])}"
            self.parts[name] = PackagePart(media_type, content)
            self._shared[key] = self._relate(kind, name)
        return self._shared[key]

    def _relate(self, kind: str, name: str) -> str:
        relations = self.parts[DOCUMENT].relations
        relations.append(Relation(f"rId{len(relations) + 1}", OFFICE_RELATION + kind, name))
        return relations[-1].id

    def write(self, document: bytes, book: Book, file: Path) -> None:
        """Write the package with this document part to `file`; raises XMLSyntaxError if the document is not sound."""
        etree.fromstring(document, etree.XMLParser(huge_tree=True))
        self.parts[DOCUMENT].content = document
        parts = {
            **self.parts,
            _CORE: PackagePart("application/vnd.openxmlformats-package.core-properties+xml", _properties(book)),
        }
        roots = (
            Relation("rId1", f"{OFFICE_RELATION}officeDocument", DOCUMENT),
            Relation("rId2", f"{PACKAGE}relationships/metadata/core-properties", _CORE),
        )
        with zipfile.ZipFile(file, "w") as target:
            packed = _Zip(target, book.made)
            packed.add("[Content_Types].xml", _content_types(parts))
            packed.add("_rels/.rels", _relations(roots, ""))
            for name, part in parts.items():
                packed.add(name, part.content)
                if part.relations:
                    packed.add(relations_of(name), _relations(part.relations, dirname(name)))


class _Zip:
    """A zip all of whose entries carry one time."""

    def __init__(self, target: zipfile.ZipFile, made: datetime.datetime) -> None:
        self._target = target
        utc = made.astimezone(datetime.UTC)
        early = utc.year < _EARLIEST
        self._time = (
            (_EARLIEST, 1, 1, 0, 0, 0) if early else (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
        )

    def add(self, name: str, content: bytes | Path) -> None:
        entry = zipfile.ZipInfo(name, self._time)
        entry.create_system = 0  # otherwise Windows and Linux would differ
        if isinstance(content, bytes):
            entry.compress_type = zipfile.ZIP_DEFLATED
            self._target.writestr(entry, content)
        else:  # pictures are compressed already
            entry.file_size = content.stat().st_size
            with content.open("rb") as source, self._target.open(entry, "w") as packed:
                shutil.copyfileobj(source, packed)


def relations_of(name: str) -> str:
    """The name of the part that holds the relations of a part."""
    folder, _, base = name.rpartition("/")
    return f"{folder}/_rels/{base}.rels"


def _content_types(parts: Mapping[str, PackagePart]) -> bytes:
    def entries() -> Iterator[str]:
        yield '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        yield '<Default Extension="xml" ContentType="application/xml"/>'
        media = {name.rpartition(".")[2]: part.media_type for name, part in parts.items() if not name.endswith(".xml")}
        yield from (f'<Default Extension="{suffix}" ContentType="{kind}"/>' for suffix, kind in media.items())
        for name, part in parts.items():
            if name.endswith(".xml"):
                yield f'<Override PartName="/{name}" ContentType="{part.media_type}"/>'

    return f'{DECLARATION}<Types xmlns="{PACKAGE}content-types">{"".join(entries())}</Types>'.encode()


def _relations(relations: Sequence[Relation], folder: str) -> bytes:
    def lines() -> Iterator[str]:
        for relation in relations:
            target = relation.target if relation.outside else relpath(relation.target, folder or ".")
            mode = ' TargetMode="External"' if relation.outside else ""
            yield f'<Relationship Id="{relation.id}" Type="{relation.type}" Target={attribute(target)}{mode}/>'

    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}relationships">{"".join(lines())}</Relationships>'.encode()


def _properties(book: Book) -> bytes:
    """Title, editor and dates as the file manager shows them."""
    made = book.made.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text_node(book.title[:255])}</dc:title><dc:subject>{text_node(book.subtitle[:255])}</dc:subject>"
        f"<dc:creator>{text_node(book.editor[:255])}</dc:creator><dc:language>zh-CN</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified></cp:coreProperties>'
    ).encode()
