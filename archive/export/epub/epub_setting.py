"""A book as XHTML pages: one for every text, one for a stretch of entries that run on, and what leads to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from archive.export.book import Book, Chapter
from archive.export.epub import xhtml
from archive.export.epub.epub_pictures import EpubPictures
from archive.export.epub.epub_text import EpubContext, EpubTextSetter
from archive.export.picture_numbers import PictureNumbers

_SECTION_LEVEL, _TITLE_LEVEL, _YEAR_LEVEL, _ENTRY_LEVEL = 1, 2, 3, 4
_STYLES = {1: "section-title", 2: "text-title", 3: "heading-1", 4: "heading-2"}
_FULL = 20_000  # characters of entries on one page: a thousand pages of a line each would be as slow as one of all
_MATTERS = {"前言": "preface", "序": "foreword", "后记": "afterword", "跋": "afterword", "凡例": "introduction"}


@dataclass(frozen=True, slots=True)
class XhtmlPage:
    """An XHTML document of the book; `part` is frontmatter, bodymatter or backmatter."""

    name: str
    title: str
    part: str
    body: str


@dataclass(frozen=True, slots=True)
class EpubContentsEntry:
    """A line of the contents: 1 for a 栏目, 2 for a text, 3 for a year; `place` is file and id."""

    level: int
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A text of the book with its place: `name` begins the ids in it, `label` is how an index calls it."""

    chapter: Chapter
    file: str
    name: str
    label: str

    def block(self, index: int) -> str:
        """Where a block of it stands, by its number in the article."""
        return f"{self.file}#{self.name}-b{index}"


class EpubBookSetter:
    """Sets the texts of a book. Afterwards `entries` are the lines of its contents, `placed` its texts in order."""

    def __init__(self, book: Book) -> None:
        self.context = EpubContext(book, EpubPictures(book), PictureNumbers(book.house.layout.picture_numbers))
        self.entries: list[EpubContentsEntry] = []
        self.placed: list[Placed] = []
        titled = any(section.title for section in book.sections)
        self._title_level = _TITLE_LEVEL if titled else _SECTION_LEVEL
        self._free = {id(chapter) for section in book.sections if not section.title for chapter in section.chapters}
        self._headings = 0
        self.front = tuple(self._matter(book.front, "front"))
        self.texts = tuple(self._texts(book))
        self.back = tuple(self._matter(book.back, "back"))

    def _matter(self, chapters: Sequence[Chapter], part: str) -> Iterator[XhtmlPage]:
        for number, chapter in enumerate(chapters, 1):
            file = f"{part}-{number}.xhtml"
            placed = Placed(chapter, file, f"{part[0]}{number}", chapter.title)
            kind = next((kind for word, kind in _MATTERS.items() if word in chapter.title), "")
            role = f' role="doc-{kind}"' if kind else ""
            mark = f' epub:type="{kind}"{role}' if kind else ""
            self.entries.append(EpubContentsEntry(_SECTION_LEVEL, chapter.title, f"{file}#{placed.name}"))
            body = self._text(placed, _SECTION_LEVEL, mark)
            yield XhtmlPage(file, chapter.title, f"{part}matter", body)

    def _texts(self, book: Book) -> Iterator[XhtmlPage]:
        for number, part in enumerate(_parts(book), 1):
            heading, note, first = part[0]
            file = f"text-{number:04d}.xhtml"
            if heading and first.listed and book.house.layout.section_page:
                name = f"section-{number:04d}.xhtml"
                body = xhtml.element("div", "\n".join(self._heading(name, heading, note, first)), "section-page")
                yield XhtmlPage(name, heading, "bodymatter", body)
                part[0] = ("", (), first)
            title = first.title if len(part) == 1 else f"{heading or first.title}—{part[-1][2].title}"
            yield XhtmlPage(file, title, "bodymatter", "\n".join(self._part(part, file)))

    def _part(self, part: Sequence[tuple[str, tuple[str, ...], Chapter]], file: str) -> Iterator[str]:
        sources = [chapter.source for _, _, chapter in part]
        for (heading, note, chapter), following in zip_longest(part, sources[1:]):
            number = sum(1 for each in self.placed if each.name.startswith("t")) + 1
            placed = Placed(chapter, file, f"t{number}", str(number))
            yield from self._heading(file, heading, note, chapter)
            level = self._title_level if chapter.listed else _ENTRY_LEVEL
            mark = ' epub:type="chapter" role="doc-chapter"' if chapter.listed else ' class="entry"'
            if chapter.listed:
                above = _SECTION_LEVEL if id(chapter) in self._free else _TITLE_LEVEL
                self.entries.append(EpubContentsEntry(above, chapter.title, f"{file}#{placed.name}"))
            yield self._text(placed, level, mark)
            if chapter.runs_on and chapter.source != following:
                yield from _source(chapter)

    def _heading(self, file: str, heading: str, note: Sequence[str], chapter: Chapter) -> Iterator[str]:
        """The 栏目 with its 编者按, where one begins."""
        if heading:
            self._headings += 1
            name = f"s{self._headings}"
            level = _YEAR_LEVEL if chapter.dated_by(heading) else _SECTION_LEVEL
            self.entries.append(EpubContentsEntry(level, heading, f"{file}#{name}"))
            yield xhtml.element(f"h{level}", xhtml.line(heading), _STYLES[level], name)
        yield from xhtml.editor_note(note)

    def _text(self, placed: Placed, level: int, mark: str) -> str:
        self.placed.append(placed)
        setter = EpubTextSetter(placed.chapter, placed.name, placed.file, level, self.context)
        parts = []
        for block, identity, content in setter.opening():
            above = _SECTION_LEVEL if block.level == 1 else _YEAR_LEVEL
            self.entries.append(EpubContentsEntry(above, block.text, f"{placed.file}#{identity}"))
            parts.append(xhtml.element(f"h{above}", content, _STYLES[above], identity))
        parts += [setter.title(_STYLES[level] if placed.chapter.runs_on else "text-title"), *setter.body()]
        if not placed.chapter.runs_on:
            parts += _source(placed.chapter)
        parts += setter.notes()
        return f'<section id="{placed.name}"{mark}>\n' + "\n".join(parts) + "\n</section>"


def _source(chapter: Chapter) -> Iterator[str]:
    if chapter.source:
        yield xhtml.element("p", xhtml.text(f"（{chapter.source}）"), "source")


def _parts(book: Book) -> Iterator[list[tuple[str, tuple[str, ...], Chapter]]]:
    """What goes on a page: a text, or a stretch of those that run on; each with the heading and note above it."""
    part: list[tuple[str, tuple[str, ...], Chapter]] = []
    size = 0
    for heading, note, chapter in book.walk():
        follows = part and chapter.runs_on and part[-1][2].runs_on and not (heading and chapter.listed)
        full = size >= (_FULL if heading or chapter.opening else 2 * _FULL)
        if part and (full or not follows):
            yield part
            part, size = [], 0
        part.append((heading, note, chapter))
        size += chapter.article.characters
    if part:
        yield part
