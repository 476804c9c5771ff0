"""Pictures on their way into the PDF: known by content, checked for wholeness, laid beside the template."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.export.book import PictureSource
from archive.model.errors import ReadError
from archive.support.pictures import format_name, is_whole, media_type
from archive.support.storage_errors import reason

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_LARGE = 20_000_000  # bytes; no page needs so many, even in fine print
_INKS = 4  # colours of a picture made for print


class PdfPictures:
    """The pictures of one book, each copied once into `folder` however often it is shown.

    `refused` are those (SHA-256) that Typst could not read after all. `names` are the files' names by SHA-256;
    `redrawn` are file and size in pixels of those that must be made anew before, as NAME.png: PDF/A has one colour
    space, and four-colour pictures are in another. `remarks` are messages for the editor, by SHA-256.
    """

    def __init__(self, source: PictureSource, folder: Path, refused: Iterable[str] = ()) -> None:
        self._source = source
        self._folder = folder
        self._refused = frozenset(refused)
        self.names: dict[str, str] = {}
        self.redrawn: list[tuple[str, int, int]] = []
        self.remarks: dict[str, str] = {}

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
            self.names[sha256] = self._keep(sha256, data, f"{len(self.names)}.{_checked(data, file.name)}")
        return self.names[sha256]

    def _keep(self, sha256: str, data: bytes, name: str) -> str:
        (self._folder / name).write_bytes(data)
        if len(data) > _LARGE:
            self.remarks[sha256] = f"一幅图片有 {len(data) / 1e6:.0f} MB，已原样放入；嫌文件太大时请先把它缩小。"
        inks, width, height = _jpeg_head(data) if name.endswith(".jpg") else (0, 0, 0)
        if inks != _INKS:
            return name
        self.redrawn.append((name, width, height))
        self.remarks[sha256] = "一幅图片是印刷四色（CMYK）的，已转成 RGB，颜色可能略有出入。"
        return f"{name}.png"

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


def _jpeg_head(data: bytes) -> tuple[int, int, int]:
    """Number of colours, width and height of a JPEG file; zeros where its frame header is not found."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        mark, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[place + at : place + at + 2], "big") for at in (5, 7))
            return data[place + 9], width, height
        place += 2 + length
    return 0, 0, 0
