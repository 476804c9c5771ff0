"""What the texts of one book share while they are turned into data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.export.book import Book
from archive.export.fonts import PrintedPassage
from archive.export.name_index import NameMarker
from archive.export.pdf import inline_runs
from archive.export.pdf.pdf_pictures import PdfPictures
from archive.export.picture_numbers import PictureNumbers
from archive.model.records import Issue, Run

Data = dict[str, object]
"""A block for the template; `k` says which kind."""

POINTS = 72 / 25.4
"""In a millimetre."""

ACROSS = "横排"
"""Begins the names of the styles and roles of what stands across the columns of a vertical book (see `vertical`)."""

STANDING = "直立"
"""The role of the figures and letters that stand within its columns."""

# Levels of bookmarks. Of a chronicle the eras are like sections, the years lie between them and the entries.
SECTION_LEVEL, TITLE_LEVEL, YEAR_LEVEL, ENTRY_LEVEL = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class PdfContentsEntry:
    """A line of the contents or of the picture list; `label` stands at what it leads to."""

    level: int
    title: str
    label: str


@dataclass(slots=True)
class PdfContext:
    """The book, and what was learned about it on the way.

    `passages` are all characters with the role of their font, `entries` the lines of the contents, `figures` those of
    the picture list, `indexed` the labels of index headings that have a page.
    """

    book: Book
    pictures: PdfPictures
    numbers: PictureNumbers
    marker: NameMarker
    issues: list[Issue] = field(default_factory=list)
    passages: list[PrintedPassage] = field(default_factory=list)
    entries: list[PdfContentsEntry] = field(default_factory=list)
    figures: list[PdfContentsEntry] = field(default_factory=list)
    indexed: set[str] = field(default_factory=set)
    _labels: int = 0

    def label(self) -> str:
        """A name for a place in the book."""
        self._labels += 1
        return f"h{self._labels}"

    def across(self, style: str) -> str:
        """The style for what is set across the page in any book."""
        return ACROSS + style if self.book.house.layout.vertical else style

    def line(self, style: str, text: str, **more: object) -> Data:
        """A paragraph of plain text."""
        self.count(style, text[:20], text)
        return {"k": "p", "s": style, "c": inline_runs.plain(text), **more}

    def count(self, style: str, place: str, text: str | Sequence[Run]) -> None:
        """Count the characters set in the font of a style."""
        role = self.book.house.style(style).font
        counted = (
            inline_runs.texts(role, place, text) if isinstance(text, str) else inline_runs.passages(role, place, text)
        )
        self.passages.extend(counted)

    def indexed_runs(self, runs: Sequence[Run]) -> Iterator[Run | list[str]]:
        """The runs, and where a name of an index begins the labels of its headings."""
        text = "".join(run.text for run in runs)
        begins: dict[int, list[str]] = {}
        for mark in self.marker.marks(text):
            begins.setdefault(mark.start, []).append(index_label(mark.index, mark.heading))
        if not begins:
            yield from runs
            return
        self.indexed.update(*begins.values())
        end = 0
        for run in runs:
            start, end = end, end + len(run.text)
            done = start
            for place in sorted(place for place in begins if start <= place < end):
                if place > done and not run.ruby:  # a reading stands over the whole of its text
                    yield replace(run, text=run.text[done - start : place - start], note="")
                    done = place
                yield begins[place]
            yield replace(run, text=run.text[done - start :]) if done > start else run


def index_label(index: int, heading: int) -> str:
    """The label at every place where that heading of that index is named."""
    return f"i{index}-{heading}"


def on_one_line(text: str) -> str:
    """A title for bookmarks: without line breaks, and without the spaces that part its single characters (前　言)."""
    pieces = text.split()
    return ("" if all(len(piece) == 1 for piece in pieces) else " ").join(pieces)
