"""PDF files that would unpack to too much, told from their bytes: PDFium itself sets no bound."""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path

from archive.model.errors import ReadError

MAX_UNPACKED = 16 * 2**20  # of the first LOOKED_AT bytes of a stream: 250 times their size
LOOKED_AT = 64 * 2**10
MAX_PIXELS = 400_000_000  # of one picture: A0 at 400 dots an inch
_DICTIONARY = 1024  # bytes before a stream in which its dictionary is looked for
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_TWICE = re.compile(rb"FlateDecode\s*/FlateDecode")
_WIDTH, _HEIGHT = re.compile(rb"/Width\s+(\d{1,9})"), re.compile(rb"/Height\s+(\d{1,9})")


def refuse_bombs(file: Path, name: str) -> None:
    """Raises ReadError where a stream unpacks to more than any page holds, or a picture has too many pixels."""
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for found in _STREAM.finditer(data):
            before = data[max(0, found.start() - _DICTIONARY) : found.start()]
            if _is_bomb(before[before.rfind(b" obj") + 1 :], data, found.end()):
                hint = "若确是自己的稿件，用阅读器打开后“打印”成新的 PDF，再导入"
                raise ReadError("文件解压后大得不正常，可能是压缩炸弹，未予读取", place=name, hint=hint)


def _is_bomb(dictionary: bytes, data: mmap.mmap, start: int) -> bool:
    if re.search(rb"/Subtype\s*/Image", dictionary):
        sides = [int(side) for pattern in (_WIDTH, _HEIGHT) for side in pattern.findall(dictionary)[:1]]
        return len(sides) == 2 and sides[0] * sides[1] > MAX_PIXELS
    if b"FlateDecode" not in dictionary:
        return False
    if _TWICE.search(dictionary):
        return True  # no program packs twice
    try:
        unpacked = zlib.decompressobj().decompress(data[start : start + LOOKED_AT], MAX_UNPACKED + 1)
    except zlib.error:
        return False  # damaged: PDFium repairs it or refuses it
    return len(unpacked) > MAX_UNPACKED
