"""The EPUB exporter: sets the texts, adds what leads to them, packs it all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.errors import NotFound, ReadError
from archive.export.book import Book
from archive.export.epub import lists, markup
from archive.export.epub.cover import cover
from archive.export.epub.fonts import rare_fonts
from archive.export.epub.package import Item, Package
from archive.export.epub.setting import BookSetter, Entry, Page
from archive.export.epub.stylesheet import stylesheet
from archive.export.files import replacing
from archive.export.flow import sound
from archive.export.language import language_of
from archive.records import Issue

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
        setter = BookSetter(book)
        package = Package(book, language_of(book))
        fonts, told = rare_fonts(book)
        cover_name, drawn = ("", []) if book.single else _cover(setter)
        opening = () if book.single else tuple(_opening(book, cover_name))
        texts = (*setter.front, *setter.texts, *setter.back)
        pages = (*opening, *texts, *lists.indexes(book, setter.placed, setter.shop.issues))
        navigation = _navigation(setter, pages)
        for page in (*pages, navigation):
            html = markup.page(page.title, page.body, language=package.language, part=page.part).encode()
            package.items.append(Item(page.name, _XHTML, html, "nav" if page is navigation else ""))
        css = stylesheet(book.house, [font.name for font in fonts])
        package.items += [Item(_STYLES, "text/css", css.encode()), *drawn]
        package.items += [Item(font.name, font.media_type, font.data) for font in fonts]
        for picture in setter.shop.pictures:
            properties = "cover-image" if picture.name == cover_name else ""
            package.items.append(Item(picture.name, picture.media_type, picture.source, properties))
        package.spine += [page.name for page in pages]
        if book.contents and not book.single:
            package.spine.insert(len(opening) + len(setter.front), navigation.name)
        with replacing(file) as temporary:
            package.write(temporary)
        return (*issues, *setter.shop.issues, *told)


def _opening(book: Book, cover_name: str) -> Iterator[Page]:
    """Cover, title page and copyright page."""
    picture = f'<img src="{cover_name}" alt={markup.attribute(f"封面：{book.title}")}/>'
    section = f'<section class="cover" epub:type="cover">{picture}</section>'
    yield Page(_COVER, "封面", "frontmatter", section)
    lines = [
        markup.element(name, markup.line(words), style)
        for name, words, style in (
            ("p", book.series, "book-subtitle"),
            ("h1", book.title, "book-title"),
            ("p", book.subtitle, "book-subtitle"),
            ("p", book.editor, "book-editor"),
            ("p", book.publisher, "byline"),
        )
        if words
    ]
    body = '<section class="title-page" epub:type="titlepage">\n' + "\n".join(lines) + "\n</section>"
    yield Page(_TITLE, book.title, "frontmatter", body)
    if book.imprint:
        body = "\n".join(markup.element("p", markup.text(words)) for words in book.imprint)
        body = f'<section class="imprint" epub:type="copyright-page">\n{body}\n</section>'
        yield Page(_IMPRINT, "版权页", "frontmatter", body)


def _cover(setter: BookSetter) -> tuple[str, list[Item]]:
    """The name of the picture on the cover, and the file if it is one of ours."""
    book = setter.shop.book
    try:
        if book.cover:
            return setter.shop.pictures.show(book.cover).name, []
    except (NotFound, ReadError) as error:
        message = f"封面图片没有放进文件，改用文字封面：{error.message}"
        setter.shop.issues.append(Issue("export-picture", book.title, message))
    return _DRAWN, [Item(_DRAWN, "image/svg+xml", cover(book).encode(), "cover-image")]


def _navigation(setter: BookSetter, pages: tuple[Page, ...]) -> Page:
    book = setter.shop.book
    named = {page.name: page for page in pages}
    landmarks = {kind: (named[name].title, name) for kind, name in _LANDMARKS.items() if name in named}
    if book.contents and not book.single:
        landmarks["toc"] = ("目录", f"{lists.NAVIGATION}#toc")
    landmarks["bodymatter"] = ("正文", setter.texts[0].name)
    for page in pages:
        if page.name.startswith("index-"):
            landmarks.setdefault("index", (page.title, page.name))
    entries = [*setter.entries, *(Entry(1, page.title, page.name) for page in pages if page.name.startswith("index-"))]
    entries = entries or [Entry(1, book.title, setter.texts[0].name)]
    return lists.navigation(book, entries, setter.shop.illustrations, landmarks)
