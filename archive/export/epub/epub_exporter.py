"""The EPUB exporter: sets the texts, adds what leads to them, packs it all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.export.book import Book
from archive.export.epub import navigation_pages, xhtml
from archive.export.epub.carried_fonts import rare_fonts
from archive.export.epub.cover import cover
from archive.export.epub.epub_package import Package, PackageItem
from archive.export.epub.epub_pictures import KINDS
from archive.export.epub.epub_setting import EpubBookSetter, EpubContentsEntry, XhtmlPage
from archive.export.epub.stylesheet import stylesheet
from archive.export.flow import sound
from archive.export.language import language_of
from archive.export.prepared_pictures import prepared
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.files import replacing

_XHTML = "application/xhtml+xml"
_STYLES, _DRAWN = "book.css", "cover.svg"
_COVER, _TITLE, _IMPRINT = "cover.xhtml", "title.xhtml", "imprint.xhtml"
_LANDMARKS = {"cover": _COVER, "titlepage": _TITLE, "copyright-page": _IMPRINT}


class EpubExporter:
    """Writes a book as one EPUB 3 file."""

    suffix = ".epub"
    media_type = "application/epub+zip"
    label = "EPUB 电子书"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        with replacing(file) as temporary, prepared(book, KINDS, inks="full") as ready:
            package, found = _packed(ready.book)
            package.write(temporary)
        return (*issues, *found)


def _packed(book: Book) -> tuple[Package, tuple[Issue, ...]]:
    """What the file holds, and what could not be kept."""
    setter = EpubBookSetter(book)
    package = Package(book, language_of(book))
    fonts, font_issues = rare_fonts(book)
    cover_name, drawn = ("", []) if book.single else _cover(setter)
    opening = () if book.single else tuple(_opening(book, cover_name))
    texts = (*setter.front, *setter.texts, *setter.back)
    pages = (*opening, *texts, *navigation_pages.indexes(book, setter.placed, setter.context.issues))
    navigation = _navigation(setter, pages)
    for page in (*pages, navigation):
        html = xhtml.page(page.title, page.body, language=package.language, part=page.part).encode()
        package.items.append(PackageItem(page.name, _XHTML, html, "nav" if page is navigation else ""))
    css = stylesheet(book.house, [font.name for font in fonts])
    package.items += [PackageItem(_STYLES, "text/css", css.encode()), *drawn]
    package.items += [PackageItem(font.name, font.media_type, font.data) for font in fonts]
    for picture in setter.context.pictures:
        properties = "cover-image" if picture.name == cover_name else ""
        package.items.append(PackageItem(picture.name, picture.media_type, picture.source, properties))
    package.spine += [page.name for page in pages]
    if book.contents and not book.single:
        package.spine.insert(len(opening) + len(setter.front), navigation.name)
    return package, (*setter.context.issues, *font_issues)


def _opening(book: Book, cover_name: str) -> Iterator[XhtmlPage]:
    """Cover, title page and copyright page."""
    picture = f'<img src="{cover_name}" alt={xhtml.attribute(f"封面：{book.title}")}/>'
    section = f'<section class="cover" epub:type="cover">{picture}</section>'
    yield XhtmlPage(_COVER, "封面", "frontmatter", section)
    lines = [
        xhtml.element(name, xhtml.line(words), style)
        for name, words, style in (
            ("p", book.series, "book-subtitle"),
            ("h1", book.title, "book-title"),
            ("p", book.subtitle, "book-subtitle"),
            ("p", book.editor, "book-editor"),
            ("p", book.publisher, "byline"),
            *(("p", line, "byline") for line in book.internal),
        )
        if words
    ]
    body = '<section class="title-page" epub:type="titlepage">\n' + "\n".join(lines) + "\n</section>"
    yield XhtmlPage(_TITLE, book.title, "frontmatter", body)
    if book.imprint:
        body = "\n".join(xhtml.element("p", xhtml.text(words)) for words in book.imprint)
        body = f'<section class="imprint" epub:type="copyright-page">\n{body}\n</section>'
        yield XhtmlPage(_IMPRINT, "版权页", "frontmatter", body)


def _cover(setter: EpubBookSetter) -> tuple[str, list[PackageItem]]:
    """The name of the picture on the cover, and the file if it is one of ours."""
    book = setter.context.book
    try:
        if book.cover:
            return setter.context.pictures.show(book.cover).name, []
    except (NotFound, ReadError) as error:
        message = f"封面图片没有放进文件，改用文字封面：{error.message}"
        setter.context.issues.append(Issue(IssueCode.EXPORT_PICTURE, book.title, message))
    return _DRAWN, [PackageItem(_DRAWN, "image/svg+xml", cover(book).encode(), "cover-image")]


def _navigation(setter: EpubBookSetter, pages: tuple[XhtmlPage, ...]) -> XhtmlPage:
    book = setter.context.book
    named = {page.name: page for page in pages}
    landmarks = {kind: (named[name].title, name) for kind, name in _LANDMARKS.items() if name in named}
    if book.contents and not book.single:
        landmarks["toc"] = ("目录", f"{navigation_pages.NAVIGATION}#toc")
    landmarks["bodymatter"] = ("正文", setter.texts[0].name)
    for page in pages:
        if page.name.startswith("index-"):
            landmarks.setdefault("index", (page.title, page.name))
    entries = [
        *setter.entries,
        *(EpubContentsEntry(1, page.title, page.name) for page in pages if page.name.startswith("index-")),
    ]
    entries = entries or [EpubContentsEntry(1, book.title, setter.texts[0].name)]
    return navigation_pages.navigation(book, entries, setter.context.illustrations, landmarks)
