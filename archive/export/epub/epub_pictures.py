"""Pictures for reading systems: of a kind every one of them shows, whole, and each in the file once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.export.book import Book
from archive.model.errors import ReadError
from archive.support.pictures import is_whole, media_type
from archive.support.storage_errors import reason

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}
KINDS = tuple(_SUFFIXES)
"""The media types that every reading system shows."""
LARGE = 10 * 2**20  # bytes; telephones and readers with little memory show no larger ones


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the book: the file it comes from, its name in the EPUB, its size in bytes."""

    source: Path
    name: str
    media_type: str
    size: int


class EpubPictures:
    """The pictures of one book."""

    def __init__(self, book: Book) -> None:
        self._find = book.pictures
        self._shown: dict[str, Shown] = {}

    def __iter__(self) -> Iterator[Shown]:
        return iter(self._shown.values())

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._shown

    def show(self, sha256: str) -> Shown:
        """The picture with that SHA-256, now part of the book.

        Raises NotFound, and ReadError if it is damaged or of a kind EPUB does not have.
        """
        if sha256 not in self._shown:
            file, _ = self._find(sha256)
            kind, size = _checked(file)
            self._shown[sha256] = Shown(file, f"images/{sha256[:32]}{_SUFFIXES[kind]}", kind, size)
        return self._shown[sha256]


def _checked(file: Path) -> tuple[str, int]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ReadError(f"图片文件读不出来（{reason(error)}）", place=file.name) from error
    kind = media_type(data)
    if kind not in _SUFFIXES:
        raise ReadError("不是电子书能显示的图片格式（JPEG、PNG、GIF），请先转成其中一种", place=file.name)
    if not is_whole(data):
        raise ReadError("图片不完整", place=file.name)
    return kind, len(data)
