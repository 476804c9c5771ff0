"""Pictures on their way into the PDF: known by content, checked for wholeness, laid beside the template."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.errors import ReadError
from archive.export.book import PictureSource

_KINDS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}
_NOT_TAKEN: Mapping[bytes, str] = {
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"\x01\0\0\0": "EMF",
    b"\xd7\xcd\xc6\x9a": "WMF",
    b"\x01\0\x09\0": "WMF",
}
# A picture cut off half-way still has a sound head; these end marks must stand somewhere in its second half.
_ENDS = {"png": b"IEND", "jpg": b"\xff\xd9", "gif": b"\x3b"}


class Pictures:
    """The pictures of one book, each copied once into `folder` however often it is shown.

    `refused` are those (SHA-256) that Typst could not read after all; `names` are the files' names by SHA-256.
    """

    def __init__(self, source: PictureSource, folder: Path, refused: Iterable[str] = ()) -> None:
        self._source = source
        self._folder = folder
        self._refused = frozenset(refused)
        self.names: dict[str, str] = {}

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
                raise ReadError(f"图片文件读不出来（{error.strerror}）", place=file.name) from error
            name = f"{len(self.names)}.{_checked(data, file.name)}"
            (self._folder / name).write_bytes(data)
            self.names[sha256] = name
        return self.names[sha256]

    def named(self, names: Iterable[str]) -> set[str]:
        """The pictures (SHA-256) with these files."""
        wanted = set(names)
        return {sha256 for sha256, name in self.names.items() if name in wanted}


def _checked(data: bytes, place: str) -> str:
    """The suffix for a picture that seems whole."""
    kind = next((kind for mark, kind in _KINDS.items() if data.startswith(mark)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "webp" if len(data) >= struct.unpack("<I", data[4:8])[0] else "broken"
    elif not kind and b"<svg" in data[:4096]:
        kind = "svg"
    if not kind:
        named = next((name for mark, name in _NOT_TAKEN.items() if data.startswith(mark)), "这种")
        raise ReadError(f"PDF 放不了{named}格式的图片，请先另存为 PNG 或 JPEG", place=place)
    if kind == "broken" or data.rfind(_ENDS.get(kind, b"")) < len(data) // 2:
        raise ReadError("图片不完整", place=place)
    return kind
