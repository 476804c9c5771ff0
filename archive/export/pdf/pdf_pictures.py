"""Pictures on their way into the PDF: known by content, checked for wholeness, laid beside the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.export.book import PictureSource
from archive.model.errors import ReadError
from archive.support.pictures import format_name, is_whole, media_type
from archive.support.storage_errors import reason

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
KINDS = tuple(_SUFFIXES)
"""The media types that a PDF shows."""
_LARGE = 20_000_000  # bytes; no page needs so many, even in fine print


class PdfPictures:
    """The pictures of one book, each copied once into `folder` however often it is shown.

    `refused` are those (SHA-256) that Typst could not read after all. `names` are the files' names by SHA-256, `sizes`
    width and height in pixels of those that could be looked into. `remarks` are messages for the editor, by SHA-256.
    """

    def __init__(
        self,
        source: PictureSource,
        folder: Path,
        refused: Iterable[str] = (),
        sizes: Mapping[str, tuple[int, int]] | None = None,
        remarks: Mapping[str, str] | None = None,
    ) -> None:
        self._source = source
        self._folder = folder
        self._refused = frozenset(refused)
        self.names: dict[str, str] = {}
        self.sizes = sizes or {}
        self.remarks: dict[str, str] = dict(remarks or {})

    def take(self, sha256: str) -> str:
        """The file of the picture below the folder.

        Raises NotFound, and ReadError if it is damaged or of a kind that PDF cannot show.
        """
        if sha256 in self._refused:
            raise ReadError("图片已损坏")
        if sha256 not in self.names:
            file, _ = self._source(sha256)
            try:
                data = file.read_bytes()
            except OSError as error:
                raise ReadError(f"图片文件读不出来（{reason(error)}）", place=file.name) from error
            name = f"{len(self.names)}.{_checked(data, file.name)}"
            (self._folder / name).write_bytes(data)
            if len(data) > _LARGE:
                words = f"有 {len(data) / 1e6:.0f} MB，已原样放入；嫌文件太大时请先把它缩小"
                self.remarks[sha256] = "；".join(filter(None, (self.remarks.get(sha256), words)))
            self.names[sha256] = name
        return self.names[sha256]

    def named(self, names: Iterable[str]) -> set[str]:
        """The pictures (SHA-256) with these files."""
        wanted = set(names)
        return {sha256 for sha256, name in self.names.items() if name in wanted}


def _checked(data: bytes, place: str) -> str:
    """The suffix for a picture that seems whole."""
    kind = media_type(data)
    if not kind and b"<svg" in data[:4096]:
        return "svg"
    if kind not in _SUFFIXES:
        named = f" {format_name(kind)} " if kind else "这种"
        raise ReadError(f"PDF 放不了{named}格式的图片，请先另存为 PNG 或 JPEG", place=place)
    if not is_whole(data):
        raise ReadError("图片不完整", place=place)
    return _SUFFIXES[kind]
