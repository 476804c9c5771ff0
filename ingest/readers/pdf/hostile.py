"""PDF files that would unpack to too much, told from their bytes: PDFium itself sets no bound."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from archive.model.errors import ReadError

MAX_UNPACKED = 16 * 2**20  # of the first LOOKED_AT bytes of a stream: 250 times their size
LOOKED_AT = 64 * 2**10
MAX_PIXELS = 400_000_000  # of one picture: A0 at 400 dots an inch
MAX_DRAWN = 100_000  # forms that one form draws, and they in turn: PDFium keeps a copy of each
MAX_FORM = 2**20  # bytes of a form's content looked at for what it draws
_DEEPEST = 12  # forms within forms that are followed; PDFium stops not much deeper
_AT_ONCE = 16 * 2**20  # bytes of the file that memory holds
_DICTIONARY = 1024  # bytes before a stream in which its dictionary is looked for
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_COMMENT, _ESCAPED = re.compile(rb"%[^\r\n]*"), re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = re.compile(rb"/(?:FlateDecode|Fl)(?![A-Za-z])")
_FILTERS = re.compile(rb"/Filter\s*\[([^\]]*)\]")
_OBJECT = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+obj\b")
_NAMED = re.compile(rb"/([^\s/<>\[\]()%]+)\s+(\d{1,9})\s+\d{1,5}\s+R")
_ELSEWHERE = re.compile(rb"/(?:Resources|XObject)\s+(\d{1,9})\s+\d{1,5}\s+R")
_DRAWS = re.compile(rb"/([^\s/<>\[\]()%]+)\s+Do\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_WIDTH, _HEIGHT = re.compile(rb"/Width\s+(\d{1,9})"), re.compile(rb"/Height\s+(\d{1,9})")


def refuse_bombs(file: Path, name: str) -> None:
    """Raises ReadError where a stream unpacks to more than any page holds, a picture has too many pixels, or forms
    draw forms without bound."""
    forms: dict[int, list[int]] = {}
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for number, dictionary, start in _streams(data):
            if _is_bomb(dictionary, data, start):
                raise _bomb(name)
            if _FORM.search(dictionary):
                forms[number] = _drawn(dictionary, data, start)
    if _most_drawn(forms) > MAX_DRAWN:
        raise _bomb(name)


def _bomb(name: str) -> ReadError:
    hint = "若确是自己的稿件，用阅读器打开后“打印”成新的 PDF，再导入"
    return ReadError("文件解压后大得不正常，可能是压缩炸弹，未予读取", place=name, hint=hint)


def _streams(data: mmap.mmap) -> Iterator[tuple[int, bytes, int]]:
    """Each stream: number of its object (0 where none is found), its dictionary, and where its bytes begin.

    Comments and escaped letters of names are resolved in the dictionary, since PDFium reads through both.
    """
    let_go = 0
    for found in _STREAM.finditer(data):
        if found.start() - let_go > _AT_ONCE and hasattr(data, "madvise"):  # Windows lets go by itself
            data.madvise(mmap.MADV_DONTNEED)
            let_go = found.start()
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        objects = list(_OBJECT.finditer(before))
        dictionary = _COMMENT.sub(b" ", before[objects[-1].end() :] if objects else before)
        dictionary = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), dictionary)
        yield int(objects[-1][1]) if objects else 0, dictionary, found.end()


def _is_bomb(dictionary: bytes, data: mmap.mmap, start: int) -> bool:
    if re.search(rb"/Subtype\s*/Image", dictionary):
        sides = [int(side) for pattern in (_WIDTH, _HEIGHT) for side in pattern.findall(dictionary)[:1]]
        return len(sides) == 2 and sides[0] * sides[1] > MAX_PIXELS
    if not _PACKED.search(dictionary):
        return False
    filters = _FILTERS.search(dictionary)
    if filters and len(_PACKED.findall(filters[1])) > 1:
        return True  # no program packs twice
    return len(_unpacked(data, start, MAX_UNPACKED + 1)) > MAX_UNPACKED


def _unpacked(data: mmap.mmap, start: int, most: int) -> bytes:
    """The first bytes of a packed stream; none where it is damaged: PDFium repairs it or refuses it."""
    try:
        return zlib.decompressobj().decompress(data[start : start + LOOKED_AT], most)
    except zlib.error:
        return b""


def _drawn(dictionary: bytes, data: mmap.mmap, start: int) -> list[int]:
    """The objects a form draws, as often as it draws them."""
    end = data.find(b"endstream", start)
    content = (
        _unpacked(data, start, MAX_FORM) if _PACKED.search(dictionary) else data[start : min(end, start + MAX_FORM)]
    )
    named = {name: int(number) for name, number in _NAMED.findall(_with_resources(dictionary, data))}
    return [named[name] for name in _DRAWS.findall(content) if name in named]


def _with_resources(dictionary: bytes, data: mmap.mmap) -> bytes:
    """A form's dictionary with the dictionaries that its resources are kept in, where they are objects of their own."""
    for _ in range(2):  # /Resources, and in them /XObject
        for number in _ELSEWHERE.findall(dictionary):
            kept = re.search(rb"(?<!\d)" + number + rb"\s+\d{1,5}\s+obj\b", data)
            if kept:
                dictionary += data[kept.end() : kept.end() + _DICTIONARY].partition(b"endobj")[0]
    return dictionary


def _most_drawn(forms: dict[int, list[int]]) -> int:
    """How many forms the form that draws most draws, those inside of others counted; a ring of forms counts once."""

    @cache
    def count(form: int, depth: int) -> int:
        if depth > _DEEPEST:
            return 0
        return sum(1 + count(inner, depth + 1) for inner in forms.get(form, ()) if inner in forms)

    return max((count(form, 0) for form in forms), default=0)
