"""The last look at a finished PDF: every character of it lies on its page, or the book is not handed out."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import cast

from archive.export.book import Book
from archive.export.child import ask
from archive.export.flow import pieces
from archive.model.article_parts import TableRows
from archive.model.errors import ExportError
from archive.model.records import Block

_QUOTED = 20  # characters of what is off the page
_ENOUGH = 4  # characters that tell one place of the book from the others
_LARGE = 1_000_000  # bytes of a file that is worth a second reader
_HINT = (
    "请在原稿里把这一处分短：表格太长的行、合并太多行的格拆成几行，太宽的内容换行；"
    "或换大一些的纸。改好后再导出；别的格式不受影响。"
)


def require(book: Book, file: Path, limit: float) -> int:
    """The number of pages of `file`. `limit` is in seconds.

    Raises ExportError that names text or table if any character lies beyond the edge of its page.
    """
    pages, found = _looked_through(file, limit)
    if not found:
        return pages
    page, text = found[0]
    count = sum(len(each) for _, each in found)
    raise ExportError(
        f"{_place(book, text)}排不下，有 {count} 个字印到了纸外（文件第 {page} 页起，“{text[:_QUOTED]}”），"
        "所以没有交出 PDF",
        hint=_HINT,
    )


def _looked_through(file: Path, limit: float) -> tuple[int, list[tuple[int, str]]]:
    """The number of pages, and what is off them, page by page; a large file is shared out among two processes."""
    readers = 2 if file.stat().st_size > _LARGE else 1

    def share(number: int) -> tuple[int, list[tuple[int, str]]]:
        job: dict[str, object] = {"file": str(file), "share": number, "of": readers}
        with tempfile.TemporaryDirectory(prefix="wenshi-paper-", ignore_cleanup_errors=True) as name:
            answer = ask(Path(__file__).with_name("off_page.py"), job, Path(name), limit)
        return cast("tuple[int, list[tuple[int, str]]]", answer)

    with ThreadPoolExecutor(readers) as pool:
        # Each in the context of this thread, where it is known whether the book is still wanted.
        running = [pool.submit(copy_context().run, share, number) for number in range(readers)]
        answers = [each.result() for each in running]
    return answers[0][0], [off for _, found in answers for off in found]


def _place(book: Book, text: str) -> str:
    """In words, where in the book that text stands."""
    for length in range(min(len(text), _QUOTED), min(len(text), _ENOUGH) - 1, -1):
        for chapter in book.everything:
            for piece in pieces(chapter):
                if text[:length] in _words(piece):
                    return f"《{chapter.title}》里的{'表格' if isinstance(piece, TableRows) else '一段文字'}"
    return "书中有一处"


def _words(piece: TableRows | Block) -> str:
    blocks = [piece] if isinstance(piece, Block) else [b for row in piece.rows for cell in row for b in cell.blocks]
    return "".join("".join(block.text.split()) for block in blocks)
