"""The cover for the press: back, spine and front on one sheet, with bleed and crop marks.

How thick the spine is follows from the pages of the book, which is set for it, and from its paper.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from archive.export.book import Book
from archive.export.child import ask
from archive.export.flow import sound
from archive.export.name_index import NameMarker
from archive.export.pdf.pdf_context import POINTS, PdfContext
from archive.export.pdf.pdf_exporter import Setting, page_count, set_pages
from archive.export.pdf.pdf_pictures import KINDS, PdfPictures
from archive.export.pdf.print_counts import spine
from archive.export.picture_numbers import PictureNumbers
from archive.export.prepared_pictures import PreparedBook, prepared
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.files import replacing

BLEED = 3.0
"""Millimetres beyond the trim on every side."""
_MARKS = 9.0  # millimetres that the marks take beyond the bleed
_LEAST_SPINE = 5.0  # millimetres, from which on a spine bears the title (GB/T 11668)
_LINE = 9  # characters of a title on the front, at least
_TEMPLATE = "cover.typ"
_PATIENCE = 60  # seconds for the boxes of one page


class PressCoverExporter:
    """Writes the cover of a book as a PDF file of one page."""

    suffix = "-封面.pdf"
    media_type = "application/pdf"
    label = "封面（印厂用 PDF）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write the cover to `file` and return what could not be kept, and how thick the spine was taken to be.

        Raises StorageError or ExportError. What the pages of the book lose is told where the book itself is written.
        """
        pages = page_count(replace(book, cover=""))  # what is bound into the cover
        book, _ = sound(book)
        thick = spine(book.house, pages)
        vertical = book.house.layout.vertical
        # The sheet itself never lies on its side.
        flat = replace(book, house=replace(book.house, layout=replace(book.house.layout, vertical=False)))

        def setter(ready: PreparedBook, folder: Path, refused: Iterable[str]) -> CoverSetter:
            return CoverSetter(ready, folder, refused, thick, right_bound=vertical)

        with replacing(file) as temporary, prepared(flat, KINDS, inks=book.house.layout.colour) as ready:
            _, issues = set_pages(ready, temporary, Setting(setter=setter, template=_TEMPLATE))
            _boxes(temporary)
        page = book.house.page
        words = (
            f"展开的成品尺寸 {2 * page.width + thick:g}×{page.height:g} 毫米：书脊 {thick:.1f} 毫米（全书 {pages} 面，"
            f"每张纸厚 {book.house.layout.leaf:g} 毫米），四边出血 {BLEED:g} 毫米。"
            "纸张不同、加环衬时书脊会变，请印厂核对。"
        )
        return (*issues, Issue(IssueCode.EXPORT_COUNTS, "封面", words))


class CoverSetter:
    """Turns what stands on a cover into data; `thick` is the spine in millimetres."""

    def __init__(
        self, ready: PreparedBook, folder: Path, refused: Iterable[str], thick: float, *, right_bound: bool
    ) -> None:
        self._book = book = ready.book
        self._thick = thick
        self._right_bound = right_bound
        pictures = PdfPictures(book.pictures, folder, refused, ready.sizes, ready.remarks)
        self.context = PdfContext(book, pictures, PictureNumbers("none"), NameMarker(()))

    def data(self) -> dict[str, object]:
        """Everything the template needs but the fonts."""
        book = self._book
        maker = book.publisher or book.editor
        on_spine = (book.title, maker) if self._thick >= _LEAST_SPINE else ()
        front: dict[str, object] = {
            "series": self._said("副题", book.series),
            "title": [self._said("书名", line) for line in title_lines(book.title)],
            "subtitle": self._said("副题", book.subtitle),
            "makers": [self._said("编者", line) for line in (book.editor, book.publisher) if line],
            "internal": [self._said("版权", line) for line in book.internal],
        }
        if book.cover:
            try:
                front["picture"] = self.context.pictures.take(book.cover)
            except (NotFound, ReadError) as error:
                message = f"封面图片没有放进文件，改用文字封面：{error.message}"
                self.context.issues.append(Issue(IssueCode.EXPORT_PICTURE, "封面", message))
        return {
            "meta": {"title": book.title, "author": book.editor},
            "page": asdict(book.house.page),
            "styles": {name: asdict(style) for name, style in book.house.styles.items()},
            "colour": book.house.layout.colour,
            "right-bound": self._right_bound,
            "spine": self._thick,
            "bleed": BLEED,
            "marks": _MARKS,
            "front": front,
            "spine-words": [self._said(style, line) for style, line in zip(("书名", "编者"), on_spine, strict=False)],
            "back": [self._said("版权", line) for line in book.back_cover],
        }

    def _said(self, style: str, words: str) -> str:
        self.context.count(style, "封面", words)
        return words


def title_lines(title: str) -> list[str]:
    """A title on even lines: where it has spaces it is parted there, else where it is too long for one."""
    words = title.split()
    if len(words) > 1:
        return words
    lines = -(-len(title) // _LINE)
    each = -(-len(title) // max(lines, 1))
    return [title[start : start + each] for start in range(0, len(title), each)] if not title.isascii() else [title]


def _boxes(file: Path) -> None:
    """Tell the file where it is cut and how far it bleeds."""
    edge = _MARKS + BLEED
    job: dict[str, object] = {"file": str(file), "trim": edge * POINTS, "bleed": _MARKS * POINTS}
    with tempfile.TemporaryDirectory(prefix="wenshi-cover-", ignore_cleanup_errors=True) as name:
        ask(Path(__file__).with_name("page_boxes.py"), job, Path(name), _PATIENCE)
