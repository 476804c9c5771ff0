"""What a printer and the copyright page want to know of a finished book: sheets, characters of its pages, its spine."""

from __future__ import annotations

from collections.abc import Mapping

from archive.export.book import Book
from archive.export.house import HouseStyle
from archive.export.pdf.inline_runs import Item
from archive.export.pdf.pdf_context import POINTS
from archive.model.issues import IssueCode
from archive.model.records import Issue

_FULL_SHEET = 787 * 1092  # square millimetres, before it is cut and folded
_FOLDS = (8, 16, 32, 64)  # pages on one side of a full sheet


def counts(book: Book, pages: int) -> Issue:
    """The counts of a book of so many pages, in words."""
    folds, line, lines = _folds(book.house), *_grid(book.house)
    words = (
        f"全书 {pages} 面，合 {pages / folds:g} 印张（{folds} 开）；版面字数 {round(pages * line * lines / 1000)} 千字"
        f"（每行 {line} 字，每面 {lines} 行）；每张纸厚 {book.house.layout.leaf:g} 毫米（80 克双胶纸约 0.1），"
        f"书脊约 {spine(book.house, pages):.1f} 毫米。"
        "请与版权页核对，纸张不同时书脊请印厂量。"
    )
    return Issue(IssueCode.EXPORT_COUNTS, book.title, words)


def spine(house: HouseStyle, pages: int) -> float:
    """How thick so many pages are, in millimetres, without the cover's own paper."""
    return round(-(-pages // 2) * house.layout.leaf, 1)


def factors(house: HouseStyle) -> Mapping[str, Item]:
    """What stands for a count on the copyright page → how the template makes it of the number of pages."""
    line, lines = _grid(house)
    return {
        "{面数}": {"pages": 1.0, "digits": 0},
        "{印张}": {"pages": 1 / _folds(house), "digits": 3},
        "{版面字数}": {"pages": line * lines / 1000, "digits": 0},
    }


def _folds(house: HouseStyle) -> int:
    return min(_FOLDS, key=lambda each: abs(_FULL_SHEET / (house.page.width * house.page.height) - each))


def _grid(house: HouseStyle) -> tuple[int, int]:
    """Characters a line and lines a page."""
    page, body = house.page, house.style("文章正文")
    line = int(page.measure * POINTS / (body.size + body.tracking) + 0.01)
    return line, int((page.depth * POINTS + body.pitch - body.size) / body.pitch + 0.01)
