"""The pictures of a book as print takes them: upright, of a kind the format has, in the colours that are wanted.

They are looked into by a child process (`redraw.py`). What need not be made anew is handed on byte for byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from archive.export.book import Book
from archive.export.child import ask
from archive.model.errors import NotFound, ReadError
from archive.model.records import Kind
from archive.support.pictures import format_name, media_type

_PATIENCE = 60  # seconds for any book, and for every picture of it
_EACH = 5
_NAMED = 30  # characters of a caption that name a picture
_REMADE = frozenset({"image/bmp", "image/tiff", "image/webp"})  # what becomes PNG where a format cannot show it


DRAFT_DOTS, PRINT_DOTS = 150, 300
"""Dots an inch that a picture needs in a proof and in print."""


def natural_width(own_width: int, pixels: int) -> float:
    """How wide a picture of so many pixels is printed, in millimetres: `own_width` where its source says so (not 0).

    One without a width of its own is not blown up beyond what a proof can show.
    """
    return own_width or pixels / DRAFT_DOTS * 25.4


def picture_name(number: int, words: str) -> str:
    """What messages call the picture with this number within its text; `words` are its caption or what it shows."""
    words = " ".join(words.split())[:_NAMED]
    return f"第 {number} 幅图" + (f"“{words}”" if words else "")


@dataclass(frozen=True, slots=True)
class PreparedBook:
    """A book whose picture source gives what print takes.

    `sizes` are width and height in pixels as looked at, by SHA-256, of those that could be looked into; `remarks` are
    what was done to a picture, in words.
    """

    book: Book
    sizes: Mapping[str, tuple[int, int]]
    remarks: Mapping[str, str]


@contextmanager
def prepared(book: Book, kinds: Sequence[str], *, inks: str) -> Iterator[PreparedBook]:
    """The book with its pictures ready; valid within the `with` block.

    `kinds` are the media types that the format shows; a picture of another kind that can be decoded becomes PNG.
    `inks` is "full" where four-colour pictures are to be turned into RGB, "grey" where all are to be grey, "cmyk"
    where those in colours are to be turned into four inks. Raises ExportError.
    """
    found = _found(book)
    if not found:
        yield PreparedBook(book, {}, {})
        return
    with tempfile.TemporaryDirectory(prefix="wenshi-pictures-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        pictures = [{"source": str(file), "target": str(folder / sha256)} for sha256, file in found.items()]
        job: dict[str, object] = {"pictures": pictures, "kinds": list(kinds), "inks": inks, "grey": inks == "grey"}
        script = Path(__file__).with_name("redraw.py")
        answers = cast("list[dict[str, Any]]", ask(script, job, folder, _PATIENCE + _EACH * len(found)))
        known = {sha256: answer for sha256, answer in zip(found, answers, strict=True) if "error" not in answer}
        made = {sha256: (folder / one["file"], one["kind"]) for sha256, one in known.items() if "file" in one}
        broken = {sha256 for sha256, file in found.items() if sha256 not in known and _kind(file) in _REMADE - {*kinds}}

        def source(sha256: str) -> tuple[Path, str]:
            if sha256 in broken:
                raise ReadError("图片已损坏")
            return made.get(sha256) or book.pictures(sha256)

        yield PreparedBook(
            replace(book, pictures=source),
            {sha256: (one["width"], one["height"]) for sha256, one in known.items()},
            {sha256: words for sha256, one in known.items() if (words := _remark(one["was"]))},
        )


def _found(book: Book) -> dict[str, Path]:
    """The files of all pictures that the book shows and the library has."""
    wanted = [
        block.picture
        for chapter in book.everything
        for block in chapter.article.blocks
        if block.kind is Kind.FIGURE and block.picture
    ]
    found = {}
    for sha256 in dict.fromkeys([book.cover, *wanted] if book.cover else wanted):
        try:
            found[sha256], _ = book.pictures(sha256)
        except (NotFound, ReadError):
            continue  # told where it is to be shown
    return found


def _kind(file: Path) -> str:
    with file.open("rb") as opened:
        return media_type(opened.read(12))


def _remark(was: str) -> str:
    if was == "cmyk":
        return "是印刷四色（CMYK）的，已转成 RGB，颜色可能略有出入"
    return f"是 {format_name(was)} 格式的，已转成 PNG" if format_name(was) else ""
