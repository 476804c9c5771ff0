"""The text of office documents for the second count: zip containers of XML, read with the parser of the library."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from ingest.pipeline.count_old_word import package_of, rich_text_of
from ingest.pipeline.count_text import HEADS, FileText, message_texts, page_text

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What a damaged member raises."""

_TEXT_NODE = re.compile(rb"<(?:\w+:)?(?:t|delText)(?:\s[^>]*)?(?<!/)>([^<]*)<")
# Each begins with letters to look for, which is what makes them fast.
_MAY_HOLD_TEXT = tuple(map(re.compile, (rb":t[\s>]", rb"<t[\s>]", rb"delText", rb"textpath", rb"symEx")))
_TEXT_TAGS = frozenset({"t", "delText"})
_CHART = re.compile(r"(?:.*/)?charts/chart(?:Ex)?\d*\.xml", re.I)
_INSIDE = (
    ".xlsx",
    ".docx",
    ".html",
    ".htm",
    ".xhtml",
    ".txt",
    ".mht",
    ".mhtml",
    ".rtf",
    ".bin",
)  # documents that may stand in a Word file
_DEEPEST = 3


class _Scan:
    """One pass of expat over a part: text nodes wherever they stand, of alternatives the fuller one."""

    def __init__(self, tags: frozenset[str] = _TEXT_TAGS) -> None:
        self.pieces: list[str] = []
        self._tags = tags
        self._reading = False
        # For each alternative open, what came before it, then its branches.
        self._alternatives: list[list[list[str]]] = []
        self._charted = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        self._reading = local in self._tags
        if local == "textpath":
            self.pieces.append(attributes.get("string", ""))
        elif tag == "cx:chart" and self._alternatives:
            self._charted = True
        elif local in ("sym", "symEx"):
            self.pieces.append(_coded(attributes))
        elif local == "AlternateContent":
            self._alternatives.append([self.pieces])
            self.pieces = []

    def end(self, tag: str) -> None:
        self._reading = False
        local = tag.rpartition(":")[2]
        if local == "p":
            self.pieces.append("\n")
        elif local in ("Choice", "Fallback") and self._alternatives:
            # What stands for a chart of the newer kinds is no text.
            self._alternatives[-1].append([] if local == "Fallback" and self._charted else self.pieces)
            self.pieces, self._charted = [], local == "Choice" and self._charted
        elif local == "AlternateContent" and self._alternatives:
            before, *branches = self._alternatives.pop()
            self.pieces = [*before, *max(branches, key=_length, default=[])]

    def text(self, data: str) -> None:
        if self._reading:
            self.pieces.append(data)


def _length(pieces: Sequence[str]) -> int:
    return sum(len("".join(piece.split())) for piece in pieces)


def _coded(attributes: Mapping[str, str]) -> str:
    """A character given by its code; one of a symbol font counts as no letter."""
    code = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "char"), "")
    try:
        point = int(code, 16)
    except ValueError:
        return "\ufffc"
    private = point < 0x20 or 0xD800 <= point <= 0xF8FF or point > 0x10FFFF
    return "\ufffc" if private or point < 0x100 else chr(point)


def word(file: Path) -> list[FileText]:
    """All text nodes of all parts, and the documents that lie inside."""
    with file.open("rb") as stream:
        return [_word(stream, 0)]


def _word(stream: BinaryIO, depth: int) -> FileText:
    texts: dict[str, str] = {}
    unread: list[str] = []
    with zipfile.ZipFile(stream) as opened:
        for name in opened.namelist():
            part, suffix = name.lstrip("/").replace("\\", "/"), Path(name).suffix.lower()
            inside = suffix in _INSIDE and depth < _DEEPEST
            if suffix != ".xml" and not inside:
                continue
            try:
                data = opened.read(name)
                texts[part] = _inside(data, suffix, depth) if inside else _part(data, part)
            except BROKEN:
                unread.append(part)
    return FileText(texts, tuple(unread))


def _inside(data: bytes, suffix: str, depth: int) -> str:
    """The text of a document inside another; "" for what cannot be opened, which its reader cannot either."""
    try:
        if suffix == ".bin":
            data, suffix = package_of(data), ".docx"
            if not data:
                return ""
        if suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(BytesIO(data)) as opened:
                is_sheet = "xl/workbook.xml" in opened.namelist()
            inner = _workbook(BytesIO(data)) if is_sheet else _word(BytesIO(data), depth + 1)
            return "\n".join(text for part, text in inner.texts.items() if not part.startswith("docProps"))
        if suffix == ".rtf":
            return rich_text_of(data)
        if suffix in (".mht", ".mhtml"):
            return next(message_texts(data), "")
        text = data.decode("utf-8", "ignore") if _is_utf8(data) else data.decode("gb18030", "ignore")
        return text if suffix == ".txt" else page_text(text)
    except BROKEN:
        return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _part(data: bytes, name: str) -> str:
    chart = _CHART.fullmatch(name) is not None
    if not chart and b"\0" not in data[:64] and not any(pattern.search(data) for pattern in _MAY_HOLD_TEXT):
        return ""  # styles, settings, themes: most of a short file's bytes, and half the time of its import
    scan = _Scan(_TEXT_TAGS | {"v", "pt"} if chart else _TEXT_TAGS)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):  # broken, or in an encoding expat does not know: what looks like a text node
        return "\n".join(text.decode("utf-8", "ignore") for text in _TEXT_NODE.findall(data))
    return "".join(scan.pieces)


# -- OpenDocument

# What a program fills in, and descriptions of pictures, are not text of the document.
_FILLED_IN = frozenset(
    {
        *("svg:title", "svg:desc", "dc:creator", "dc:date", "text:title", "text:chapter", "text:file-name"),
        *("text:page-number", "text:page-count", "text:date", "text:time", "text:creation-date", "text:print-date"),
        *("text:modification-date", "text:creation-time", "text:modification-time", "text:word-count"),
        *(
            "text:note-citation",
            "meta:creator-initials",
            "text:character-count",
            "text:paragraph-count",
            "text:author-name",
            "text:initial-creator",
            "text:creator",
        ),
    }
)


_TEXT_OF_OPEN = {"content.xml": "content.xml", "styles.xml": HEADS}


def open_document(file: Path) -> list[FileText]:
    """All character data of the body, and apart from it of the running heads, before LibreOffice has touched it."""
    with zipfile.ZipFile(file) as opened:
        named = {part: heads for part, heads in _TEXT_OF_OPEN.items() if part in opened.namelist()}
        return [
            FileText(
                {
                    heads: _character_data(opened.read(part), _FILLED_IN, {"text:p", "text:h"})
                    for part, heads in named.items()
                }
            )
        ]


def fixed_layout(file: Path) -> list[FileText]:
    """The text of OFD, wherever it is written: pages, what stands behind them, what was written onto them."""
    texts: dict[str, str] = {}
    unread: list[str] = []
    with zipfile.ZipFile(file) as opened:
        for name in opened.namelist():
            if name.lower().endswith(".xml"):
                try:
                    data = opened.read(name)
                except BROKEN:
                    unread.append(name)
                    continue
                if b"TextCode" in data:
                    texts[name] = "\n".join(_from_the_top(data))
    return [FileText(texts, tuple(unread))]


def _from_the_top(data: bytes) -> list[str]:
    """The lines of an OFD page by their height, whatever was drawn first: its number stands in the last."""
    lines: dict[float, list[str]] = {}
    height = 0.0
    writing = False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal height, writing
        local = tag.rpartition(":")[2]
        if local == "TextObject":
            numbers = attributes.get("Boundary", "").split()
            with suppress(IndexError, ValueError):
                height = round(float(numbers[1]))
        writing = local == "TextCode"

    def end(tag: str) -> None:
        nonlocal writing
        writing = False

    def text(piece: str) -> None:
        if writing:
            lines.setdefault(height, []).append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return []  # its reader would not have read it either
    return ["".join(lines[at]) for at in sorted(lines)]


def word_xml(file: Path) -> list[FileText]:
    """Word 2003 in one XML file."""
    return [FileText({"": _part(file.read_bytes(), "")})]


def _character_data(data: bytes, skipped: frozenset[str], paragraphs: Iterable[str]) -> str:
    pieces: list[str] = []
    ends = frozenset(paragraphs)
    skipping = 0

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal skipping
        skipping += tag in skipped

    def end(tag: str) -> None:
        nonlocal skipping
        skipping -= tag in skipped
        if tag in ends:
            pieces.append("\n")

    def text(piece: str) -> None:
        if not skipping:
            pieces.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return ""  # its reader would not have read it either
    return "".join(pieces)


# -- Excel


def workbook(file: Path) -> list[FileText]:
    """Words of the cells, comments included; numbers and dates are shown otherwise than stored, and not counted."""
    with file.open("rb") as stream:
        return [_workbook(stream)]


def _workbook(stream: BinaryIO) -> FileText:
    texts: dict[str, str] = {}
    unread: list[str] = []
    with zipfile.ZipFile(stream) as opened:
        names = opened.namelist()
        shared = next((name for name in names if name.lower().endswith("xl/sharedstrings.xml")), "")
        try:
            strings = _shared_strings(opened.read(shared)) if shared else []
        except BROKEN:
            unread.append(shared)
            strings = []
        for name in names:
            is_sheet = re.search(r"worksheets/[^/]*\.xml$", name, re.I)
            is_comment = re.search(r"(?:^|/)comments?\d*\.xml$", name, re.I)
            is_drawing = re.search(r"drawings/drawing\d*\.xml$", name, re.I)
            if not (is_sheet or is_comment or is_drawing):
                continue
            try:
                data = opened.read(name)
            except BROKEN:
                unread.append(name)
                continue
            texts[name] = _sheet(data, strings) if is_sheet else _strings_of(data, "p" if is_drawing else "text")
    return FileText(texts, tuple(unread))


def _shared_strings(data: bytes) -> list[str]:
    return _collected(data, "si")


def _strings_of(data: bytes, unit: str) -> str:
    return "\n".join(_collected(data, unit))


def _collected(data: bytes, unit: str) -> list[str]:
    """The text nodes of each element of a kind; readings of characters (rPh) are not shown."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "reading": 0}

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == unit:
            pieces.clear()
        state["reading"] += local == "rPh"
        state["text"] = local in ("t", "text") and local != unit

    def end(tag: str) -> None:
        local = tag.rpartition(":")[2]
        state["text"] = False
        state["reading"] -= local == "rPh"
        if local == unit:
            found.append("".join(pieces))

    def text(piece: str) -> None:
        if state["text"] and not state["reading"]:
            pieces.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return found
    return found


def _sheet(data: bytes, strings: Sequence[str]) -> str:
    pieces: list[str] = []
    cell = {"kind": "", "in": ""}
    value: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            cell["kind"] = attributes.get("t", "")
            value.clear()
        cell["in"] = local

    def end(tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            whole = "".join(value).strip()
            if cell["kind"] == "s" and whole.isdecimal() and len(whole) < 10 and int(whole) < len(strings):
                pieces.append(strings[int(whole)] + "\n")
            elif cell["kind"] in ("inlineStr", "str"):
                pieces.append(whole + "\n")
        cell["in"] = ""

    def text(piece: str) -> None:
        if cell["in"] == "v" or (cell["in"] == "t" and cell["kind"] == "inlineStr"):
            value.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return "".join(pieces)
    return "".join(pieces)
