"""What LibreOffice loses of RTF: list labels written with question marks, cells of rows that define too few of them,
equations (of the Equation Editor, as fields, of Word itself), and descriptions of pictures."""

from __future__ import annotations

import re
from pathlib import Path

import olefile  # type: ignore[import-untyped]

from archive.model.issues import IssueCode
from archive.model.records import Issue
from ingest.readers import rtf_fields, rtf_math
from ingest.readers.ooxml.ole_objects import equation_of

# A level's text in a code page without Chinese: 第一章 became ?一?. The paragraph's own \listtext still has it right.
_LOST_LABEL = re.compile(rb"\\leveltext[^;]*\\'3f")
_LABEL = re.compile(rb"\{(?:\\\*)?\\listtext\b")
_LIST = re.compile(rb"\\ls\d+(?= ?)")
_DESCRIPTION = re.compile(rb"\{\\sn wzDescription\}\s*\{\\sv ([^{}]*)\}")
_OBJECT = re.compile(rb"\\objdata\s*([0-9a-fA-F\s]+)")
_TABLE = re.compile(rb"\\(trowd|cellx|cell|row)(?![a-z])(-?\d{1,9})?")
_WIDTH = 1000  # twips, of a cell that has none
_UNICODE = re.compile(r"\\u(-?\d{1,10}) ?(?:\\'[0-9a-f]{2}|\?)*")


def mend(file: Path) -> None:
    """Turns labels that cannot be computed rightly into the text they were, and gives each cell its width.

    Changes `file`.
    """
    data = file.read_bytes()
    mended = _LIST.sub(b"", _LABEL.sub(b"{", data)) if _LOST_LABEL.search(data) else data
    mended = _with_equations(rtf_math.written_out(rtf_fields.written_out(_with_all_cells(mended))))
    if mended != data:
        file.write_bytes(mended)


def _with_equations(data: bytes) -> bytes:
    """An object of the Equation Editor with its equation as text before it."""
    parts: list[bytes] = []
    written = 0
    for found in _OBJECT.finditer(data):
        start = data.rfind(b"{\\object", written, found.start())
        raw = bytes.fromhex(found[1].decode("ascii")[: -1 if len(b"".join(found[1].split())) % 2 else None])
        at = raw.find(olefile.MAGIC)
        if start >= 0 and at >= 0 and (text := equation_of(raw[at:])):
            parts += [data[written:start], b"{", rtf_math.escaped(text), b"}"]
            written = start
    return b"".join([*parts, data[written:]]) if parts else data


def _with_all_cells(data: bytes) -> bytes:
    """A row with more cells than it defines gets definitions for the rest: LibreOffice drops the text of those."""
    parts: list[bytes] = []
    written = 0
    defined, cells, right, place = 0, 0, 0, -1  # of the row: definitions, cells, the last edge and where it stands
    for token in _TABLE.finditer(data):
        word = token[1]
        if word == b"trowd":
            defined, right, place = 0, 0, -1
        elif word == b"cellx":
            defined, right, place = defined + 1, int(token[2] or 0), token.end()
        elif word == b"cell":
            cells += 1
        else:
            if cells > defined and place >= written:
                more = (b"\\cellx%d" % (right + _WIDTH * number) for number in range(1, cells - defined + 1))
                parts += [data[written:place], *more]
                written = place
            cells = 0
    return b"".join([*parts, data[written:]]) if parts else data


def left_behind(file: Path) -> tuple[Issue, ...]:
    """An issue for each description of a picture: LibreOffice does not carry it over."""
    return tuple(
        Issue(IssueCode.DESCRIPTION, "图片", f"图片的替代文字“{text}”没有随转换过来，需要时请在网页上补上")
        for raw in dict.fromkeys(_DESCRIPTION.findall(file.read_bytes()))
        if (text := _UNICODE.sub(lambda match: chr(int(match[1]) % 0x10000), raw.decode("latin-1")).strip())
    )
