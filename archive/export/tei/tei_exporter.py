"""The TEI exporter: a book as one TEI P5 document, its pictures inside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.flow import sound
from archive.export.language import language_of
from archive.export.picture_numbers import PictureNumbers
from archive.export.tei.tei_elements import element, line
from archive.export.tei.tei_header import header
from archive.export.tei.tei_names import TeiNames
from archive.export.tei.tei_text import TeiContext, TeiTextSetter, editorial, heading
from archive.model.records import Genre, Issue
from archive.support.files import replacing

_KINDS = {Genre.ARTICLE: "article", Genre.MATTER: "matter", Genre.ENTRY: "entry", Genre.TERM: "term"}


class TeiExporter:
    """Writes a book as one TEI P5 file."""

    suffix = ".tei.xml"
    media_type = "application/tei+xml"
    label = "TEI P5"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        context = TeiContext(book, TeiNames(book.indexes), PictureNumbers(book.house.layout.picture_numbers))
        language = language_of(book)
        front, texts, back = (list(_named(part, mark)) for mark, part in _parts(book))
        with replacing(file) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
            # Piece by piece: with its pictures a book may be larger than what a small computer can hold.
            for part in filter(None, _document(book, (front, texts, back), language, context)):
                stream.write(f"{part}\n")
        return (*issues, *context.issues)


_Named = tuple[str, Chapter]
_Texts = list[_Named]


def _document(book: Book, parts: tuple[_Texts, _Texts, _Texts], language: str, context: TeiContext) -> Iterator[str]:
    """The file in pieces."""
    front, texts, back = parts
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="{language}">'
    yield header(book, (*front, *texts, *back), language)
    yield context.names.listed()
    yield "<text>"
    yield "<front>"
    yield _title_page(book)
    yield from _imprint(book)
    yield from _divs(front, context)
    yield "</front>"
    yield "<body>"
    yield from _body(book, texts, context)
    yield "</body>"
    if back:
        yield "<back>"
        yield from _divs(back, context)
        yield "</back>"
    yield "</text>"
    yield "</TEI>"


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


def _divs(texts: Sequence[_Named], context: TeiContext) -> Iterator[str]:
    for name, chapter in texts:
        yield TeiTextSetter(chapter, name, context).div(_KINDS[chapter.article.genre])


def _body(book: Book, texts: Sequence[_Named], context: TeiContext) -> Iterator[str]:
    """The texts in order, in the div of their 栏目."""
    walk = book.walk()
    following = iter(texts)
    for section in book.sections:
        headed = [next(walk)[0] for _ in section.chapters]
        inside = [next(following) for _ in section.chapters]
        if section.title or section.note:
            yield '<div type="section">'
            yield from heading("".join(headed[:1]))
            yield from editorial(section.note)
            yield from _divs(inside, context)
            yield "</div>"
        else:
            yield from _divs(inside, context)
