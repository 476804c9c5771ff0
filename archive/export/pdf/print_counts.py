"""What a printer and the copyright page want to know of a finished book: sheets, characters of its pages, its spine."""

from __future__ import annotations

from archive.export.book import Book
from archive.export.pdf.pdf_context import POINTS
from archive.model.issues import IssueCode
from archive.model.records import Issue

_FULL_SHEET = 787 * 1092  # square millimetres, before it is cut and folded
_FOLDS = (8, 16, 32, 64)  # pages on one side of a full sheet
_LEAF = 0.1  # millimetres, of paper of 80 grams (双胶纸)


def counts(book: Book, pages: int) -> Issue:
    """The counts of a book of so many pages, in words."""
    page, body = book.house.page, book.house.style("文章正文")
    folds = min(_FOLDS, key=lambda each: abs(_FULL_SHEET / (page.width * page.height) - each))
    line = int(page.measure * POINTS / (body.size + body.tracking) + 0.01)
    lines = int((page.depth * POINTS + body.pitch - body.size) / body.pitch + 0.01)
    words = (
        f"全书 {pages} 面，合 {pages / folds:g} 印张（{folds} 开）；版面字数 {round(pages * line * lines / 1000)} 千字"
        f"（每行 {line} 字，每面 {lines} 行）；用 80 克双胶纸，书脊约 {pages / 2 * _LEAF:.1f} 毫米。"
        "请与版权页核对，纸张不同时书脊请印厂量。"
    )
    return Issue(IssueCode.EXPORT_COUNTS, book.title, words)
