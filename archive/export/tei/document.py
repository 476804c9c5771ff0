"""The TEI exporter: a book as one TEI P5 document, its pictures inside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.export.book import Book, Chapter, Section
from archive.export.captions import PictureNumbers
from archive.export.files import replacing
from archive.export.flow import sound
from archive.export.language import language_of
from archive.export.tei.header import header
from archive.export.tei.markup import element, line
from archive.export.tei.names import Names
from archive.export.tei.text import TextSetter, Workshop, editorial, heading
from archive.records import Genre, Issue

_KINDS = {Genre.ARTICLE: "article", Genre.MATTER: "matter", Genre.ENTRY: "entry", Genre.TERM: "term"}


class TeiExporter:
    """Writes a book as one TEI P5 file."""

    suffix = ".tei.xml"
    media_type = "application/tei+xml"
    label = "TEI P5"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        names = Names(book.indexes)
        shop = Workshop(book, names, PictureNumbers(book.house.layout.picture_numbers))
        language = language_of(book)
        front, texts, back = (list(_named(part, mark)) for mark, part in _parts(book))
        parts = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="{language}">',
            header(book, (*front, *texts, *back), language),
            names.listed(),
            "<text>",
            element("front", "\n".join((_title_page(book), *_imprint(book), *_divs(front, shop)))),
            "<body>",
            *_body(book, texts, shop),
            "</body>",
            element("back", "\n".join(_divs(back, shop))) if back else "",
            "</text>",
            "</TEI>",
        ]
        with replacing(file) as temporary:
            temporary.write_bytes("\n".join(filter(None, parts)).encode() + b"\n")
        return (*issues, *shop.issues)


_Named = tuple[str, Chapter]


def _parts(book: Book) -> tuple[tuple[str, Sequence[Chapter]], ...]:
    return ("f", book.front), ("t", tuple(book.chapters)), ("b", book.back)


def _named(chapters: Sequence[Chapter], mark: str) -> Iterator[_Named]:
    yield from ((f"{mark}{number}", chapter) for number, chapter in enumerate(chapters, 1))


def _title_page(book: Book) -> str:
    parts = [("series", book.series), ("main", book.title), ("sub", book.subtitle)]
    titles = "".join(element("titlePart", line(words), type=kind) for kind, words in parts if words)
    page = element("docTitle", titles)
    if book.editor:
        page += element("byline", line(book.editor))
    if book.publisher:
        page += element("docImprint", element("publisher", line(book.publisher)))
    return element("titlePage", page)


def _imprint(book: Book) -> Iterator[str]:
    if book.imprint:
        yield element("div", "".join(element("p", line(words)) for words in book.imprint), type="imprint")


def _divs(texts: Sequence[_Named], shop: Workshop) -> Iterator[str]:
    for name, chapter in texts:
        yield TextSetter(chapter, name, shop).div(_KINDS[chapter.article.genre])


def _body(book: Book, texts: Sequence[_Named], shop: Workshop) -> Iterator[str]:
    """The texts in order, in the div of their 栏目."""
    walk = book.walk()
    following = iter(texts)
    for section in book.sections:
        headed = [next(walk)[0] for _ in section.chapters]
        inside = list(_divs([next(following) for _ in section.chapters], shop))
        yield from _section(section, "".join(headed[:1]), inside)


def _section(section: Section, title: str, inside: Sequence[str]) -> Iterator[str]:
    if not section.title and not section.note:
        yield from inside
        return
    yield '<div type="section">'
    yield from heading(title)
    yield from editorial(section.note)
    yield from inside
    yield "</div>"
