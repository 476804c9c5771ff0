"""Electronic books: the pages of an EPUB in the order of its spine, read as one flow."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript
from archive.support.files import sha256_of
from ingest.readers import markup_tree
from ingest.readers.flow import Flow, Page
from ingest.readers.html import from_address
from ingest.readers.markup_tree import Element, attribute, count, local
from ingest.readers.zipped import Claim, is_locked, open_zip, read_member
from ingest.text.characters import private_use

_EPUB = Claim("电子书", "请重新取得文件")
_MAX_PAGE = 64 * 2**20
_MAX_PICTURE = 64 * 2**20
_FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # how fonts are obfuscated
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_PROPERTIES = {"title": "title", "creator": "author", "subject": "keywords"}


@dataclass(slots=True)
class _Book:
    """An opened EPUB."""

    opened: zipfile.ZipFile
    name: str

    def data(self, part: str, limit: int = _MAX_PAGE) -> bytes:
        """The bytes of a part. Raises ReadError where it is missing or damaged."""
        try:
            info = self.opened.getinfo(part)
        except KeyError as error:
            raise ReadError(f"电子书里缺少 {part}", place=self.name, hint=_EPUB.repair) from error
        return read_member(self.opened, info, limit, f"{self.name} 的 {part}", _EPUB)

    def tree(self, part: str) -> Element:
        """The root of a part."""
        place = f"{self.name} 的 {part}"
        return markup_tree.parse_xhtml(markup_tree.decode(self.data(part), place)[0].text, place)

    def picture(self, page: str, address: str) -> bytes | None:
        """The bytes of a picture a page names; None where the book does not hold it."""
        if address.startswith("data:"):
            return from_address(address)
        try:
            return self.data(_resolved(page, address), _MAX_PICTURE)
        except ReadError:
            return None


def read(file: Path, name: str) -> Manuscript:
    """Reads an EPUB without copy protection. Raises ReadError."""
    with _open(file, name) as book:
        package = _package(book)
        root = book.tree(package)
        spine, others = _pages(root, package)
        flow = Flow(name, [Page(part, book.tree(part)) for part in spine], book.picture)
        flow.read()
        unread, unread_characters = _unread(book, others)
    return Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=tuple(flow.blocks),
        characters_in=flow.characters_in + unread_characters,
        issues=(*flow.issues, *unread, *private_use(flow.blocks)),
        layouts=tuple(flow.layouts),
        pictures=flow.pictures,
        properties=_properties(root),
    )


@contextmanager
def _open(file: Path, name: str) -> Iterator[_Book]:
    with file.open("rb") as stream, open_zip(stream, name, _EPUB) as opened:
        book = _Book(opened, name)
        encryption = "META-INF/encryption.xml"
        protected = encryption in opened.namelist() and any(
            not element.get("Algorithm", "").startswith(_FONT_ONLY)
            for element in book.tree(encryption).iter()
            if local(element) == "encryptionmethod"
        )
        if protected or is_locked(opened):
            hint = "向出版者索取不加密的版本"
            raise ReadError("这本电子书带有版权保护（内容加密），读不出", place=name, hint=hint)
        yield book


def _package(book: _Book) -> str:
    """The part that lists all the others."""
    for element in book.tree("META-INF/container.xml").iter():
        if local(element) == "rootfile" and (path := attribute(element, "full-path")):
            return path
    raise ReadError("电子书的目录文件里没有指明内容", place=book.name, hint=_EPUB.repair)


def _pages(root: Element, package: str) -> tuple[list[str], list[str]]:
    """The parts with text: those of the spine in its order, then those beside it."""
    items = {
        element.get("id", ""): _resolved(package, attribute(element, "href"))
        for element in root.iter()
        if local(element) == "item" and attribute(element, "media-type") in _PAGES
    }
    names = [element.get("idref", "") for element in root.iter() if local(element) == "itemref"]
    spine = list(dict.fromkeys(items[name] for name in names if name in items))
    return spine, [part for part in items.values() if part not in spine]


def _unread(book: _Book, parts: list[str]) -> tuple[list[Issue], int]:
    """Pages outside the reading order, such as a contents list only programs use: accounted for, not taken in."""
    issues, total = [], 0
    for part in parts:
        characters = count(book.tree(part)) if part in book.opened.namelist() else 0
        if characters:
            message = f"不在阅读顺序里的一页（多是供程序用的目录）{characters} 字，未收入"
            issues.append(Issue(IssueCode.OUTSIDE_SPINE, part, message, characters))
            total += characters
    return issues, total


def _properties(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter():
        key = _PROPERTIES.get(local(element))
        if key and (text := "".join(element.itertext()).strip()):
            found.setdefault(key, text)
    return found


def _resolved(part: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), unquote(address.partition("#")[0])))
