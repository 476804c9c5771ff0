"""The text of .doc and RTF for the second count, before LibreOffice has touched it.

Running heads are a part of their own (every section repeats them). Left out are results of fields that are computed
anew when a file is opened: dates, page numbers, file names. Texts deleted under revision and hidden texts are in:
issues account for them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile  # type: ignore[import-untyped]

from ingest.pipeline.count_text import HEADS, FileText

_COMPUTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|SAVEDATE|CREATEDATE|PRINTDATE|FILENAME|FILESIZE|EDITTIME|NUMWORDS|"
    r"NUMCHARS|AUTHOR|LASTSAVEDBY|USERNAME|TITLE|SUBJECT|REVNUM|DOCPROPERTY|PAGEREF)\b",
    re.I,
)
# Bit and byte places in the header of a Word 97 file, from [MS-DOC].
_FLAGS, _COUNTS, _CLX = 0x0A, 0x4C, 0x01A2
_MAGIC, _WORD_97 = 0xA5EC, 0xC1
_SECOND_TABLE = 0x0200
_MOST = 64 * 2**20  # characters


def word_97(file: Path) -> list[FileText]:
    """The stories of a Word 97 file; nothing where its structure is older or damaged: the .docx is counted anyway."""
    try:
        main, table = _streams(file)
        whole = "".join(_pieces(main, table)).encode("utf-16-le", "surrogatepass")  # places are told in its units
        # Body, footnotes, running heads, macros, comments, endnotes, text boxes, text boxes of running heads.
        counts = struct.unpack_from("<8i", main, _COUNTS)
    except (struct.error, OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        return []  # olefile has no common base for what damaged files do to it
    texts: dict[str, str] = {}
    at = 0
    for story, count in zip(("正文", "脚注", HEADS, "", "批注", "尾注", "文本框", ""), counts, strict=True):
        if count < 0:
            return []
        if story:
            words = whole[2 * at : 2 * (at + count)].decode("utf-16-le", "replace")
            texts[story] = _without_fields(words)
        at += count
    return [FileText(texts)]


def _streams(file: Path) -> tuple[bytes, bytes]:
    """The stream with the text, and that with the plan of its pieces."""
    with olefile.OleFileIO(str(file)) as compound:
        main = compound.openstream("WordDocument").read()
        magic, version = struct.unpack_from("<HH", main, 0)
        if magic != _MAGIC or version < _WORD_97:
            raise struct.error("not Word 97")
        (flags,) = struct.unpack_from("<H", main, _FLAGS)
        return main, compound.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    """The text piece by piece, in its order."""
    start, length = struct.unpack_from("<II", main, _CLX)
    clx = table[start : start + length]
    at = 0
    while at < len(clx) and clx[at] == 1:  # properties of pieces
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise struct.error("no table of pieces")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plan = clx[at + 5 : at + 5 + size]
    number = (len(plan) - 4) // 12
    ends = struct.unpack_from(f"<{number + 1}I", plan, 0)
    if ends[-1] > _MOST:
        raise struct.error("too long")
    for piece in range(number):
        (place,) = struct.unpack_from("<I", plan, 4 * (number + 1) + 8 * piece + 2)
        characters = ends[piece + 1] - ends[piece]
        if place & 0x40000000:
            place = (place & 0x3FFFFFFF) // 2
            yield main[place : place + characters].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * characters].decode("utf-16-le", "replace")


def _without_fields(text: str) -> str:
    """Results of fields stay, instructions and what is computed anew go; paragraphs and cells end lines."""
    pieces: list[str] = []
    fields: list[list[str]] = []  # instructions of the fields that are open
    showing: list[bool] = []
    for part in re.split("([\x13\x14\x15])", text):
        if part == "\x13":
            fields.append([])
            showing.append(False)
        elif part == "\x14" and fields:
            showing[-1] = not _COMPUTED.match("".join(fields[-1]))
        elif part == "\x15" and fields:
            fields.pop()
            showing.pop()
        elif all(showing):
            pieces.append(part)
        elif fields:
            fields[-1].append(part)
    return re.sub("[\x07\x0b\x0c\r]", "\n", "".join(pieces))


# -- RTF

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|."
)
_NO_TEXT = frozenset(
    re.findall(
        r"\w+",
        """fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator info pict
        listtext pntext bkmkstart bkmkend fldinst objdata objclass xmlnstbl
        revtbl filetbl themedata colorschememapping datastore latentstyles nonshppict shprslt atnid atnauthor atnref
        atntime atndate sn sp ftnsep ftnsepc aftnsep aftnsepc ftncn aftncn template docvar mmathPr panose falt
        userprops wgrffmtfilter""",
    )
)
_HEADS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
_KEPT = frozenset({"shpinst", "shptxt", "annotation", "footnote", "ud", "shppict", "moMath"})  # though marked \*
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 0: "cp1252", 1: "cp1252", 2: "cp1252"}
_BREAKS = frozenset({"par", "cell", "row", "line", "sect", "nestcell", "nestrow", "page", "column"})
_SIGNS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": "\t",
    "emspace": " ",
    "enspace": " ",
}


def rich_text(file: Path) -> list[FileText]:
    """All text of an RTF file, running heads apart."""
    read = _Rtf()
    return [FileText({"": read.text(file.read_bytes()), HEADS: "".join(read.heads)})]


def rich_text_of(data: bytes) -> str:
    """The text of RTF but running heads."""
    return _Rtf().text(data)


def package_of(data: bytes) -> bytes:
    """The newer Office file that an embedded OLE object wraps; empty for other objects."""
    try:
        with olefile.OleFileIO(data) as compound:
            return bytes(compound.openstream("Package").read()) if compound.exists("Package") else b""
    except (struct.error, OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        return b""


class _Rtf:
    r"""One pass over the tokens of RTF. A group inherits (silent, code page, characters after a \u, in a head)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.heads: list[str] = []
        self.bytes = bytearray()
        self.state: tuple[bool, str, int, bool] = (False, "cp1252", 1, False)
        self.groups: list[tuple[bool, str, int, bool]] = []
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.default = "cp1252"
        self.skip = 0  # fallback characters still to be left out
        self.starred = False
        self.instruction: list[str] = []  # of the field met last
        self.half = ""  # the first half of a character beyond U+FFFF

    def text(self, data: bytes) -> str:
        for token in _TOKEN.finditer(data):
            word, number, coded, sign, brace, plain = token.groups()
            if coded is not None:
                self.put(bytes([int(coded, 16)]))
                continue
            if plain is not None:
                self.put(plain)
                continue
            self.flush()
            if brace == b"{":
                self.groups.append(self.state)
                self.starred, self.skip = False, 0
            elif brace == b"}":
                self.state = self.groups.pop() if self.groups else self.state
                self.skip = 0
            elif word is not None:
                self.word(word.decode("ascii"), int(number) if number else None)
            elif sign == b"*":
                self.starred = True
            elif sign in (b"\\", b"{", b"}", b"~", b"_"):
                self.write(sign.decode("ascii") if sign in b"\\{}" else " " if sign == b"~" else "-")
        self.flush()
        return "".join(self.pieces)

    def word(self, name: str, number: int | None) -> None:
        silent, page, fallback, head = self.state
        head = head or name in _HEADS
        if name in _NO_TEXT or (self.starred and name not in _KEPT):
            silent = True
        elif name in _KEPT and self.starred and name == "ud":
            silent = False
        self.starred = False
        if name == "fldinst":
            self.instruction.clear()
        elif name == "fldrslt":
            silent = silent or bool(_COMPUTED.match("".join(self.instruction)))
        if name == "upr":
            silent = True  # its text comes again, in Unicode
        elif name == "ansicpg" and number:
            self.default = page = "gb18030" if number == 936 else f"cp{number}"
        elif name == "uc":
            fallback = number or 0
        elif name == "f" and number is not None:
            self.font, page = number, self.fonts.get(number, self.default)
        elif name == "fcharset" and number is not None:
            self.fonts[self.font] = _CHARSETS.get(number, self.default)
        elif name == "plain":
            page = self.default
        elif name == "u" and number is not None:
            self.unicode(number, fallback)
        elif name in _BREAKS:
            self.write("\n")
        elif name in _SIGNS:
            self.write(_SIGNS[name])
        elif name == "bin":
            silent = True
        self.state = silent, page, fallback, head

    def unicode(self, number: int, fallback: int) -> None:
        unit = chr(number % 0x10000)
        if "\ud800" <= unit <= "\udbff":
            self.half = unit
        else:
            self.write((self.half + unit).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
            self.half = ""
        self.skip = fallback

    def put(self, raw: bytes) -> None:
        left = raw[self.skip :]
        self.skip = max(0, self.skip - len(raw))
        self.bytes += left

    def flush(self) -> None:
        if self.bytes:
            try:
                text = bytes(self.bytes).decode(self.state[1], "replace")
            except LookupError:  # a code page nobody has
                text = bytes(self.bytes).decode("cp1252", "replace")
            self.bytes.clear()
            self.write(text)

    def write(self, text: str) -> None:
        silent, _, _, head = self.state
        (self.instruction if silent else self.heads if head else self.pieces).append(text)
