r"""Equations of RTF (\mmath), which LibreOffice leaves out without its own equation editor: their linear form as text.

RTF writes an equation in the elements of OMML under other names (\mf for m:f), so they are read by the same rules.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.ooxml.equations import RULES
from ingest.readers.ooxml.wordml import MATH_TEXT, Element, tag

_BEGIN = re.compile(rb"\{(?:\\\*)?\\(?:mmath|moMath|moMathPara)(?![A-Za-z])")
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|."
)
"""One token: (word, its number, a byte in hexadecimal, a sign, a brace, plain text), five of them None."""

_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_VALUES = frozenset({"mchr", "mbegChr", "mendChr", "msepChr"})  # what they hold is a sign of the layout, no text
_LONGEST = 2**20  # bytes of one equation
_DEEPEST = 200  # groups in groups


@dataclass(slots=True)
class _Group:
    """A group being read: its element (that of the group around it where it has no name) and its text so far."""

    element: Element
    name: str = ""
    text: str = ""
    silent: bool = False


@dataclass(slots=True)
class _Linear:
    """Collects the linear form: what the rules for equations write to."""

    pieces: list[str] = field(default_factory=list)

    def inside(self, element: Element) -> None:
        for item in element:
            rule = RULES.get(str(item.tag))
            if rule is not None:
                rule(self, item)
            elif item.tag == MATH_TEXT:
                self.pieces.append(item.text or "")
            else:
                self.inside(item)

    def sign(self, text: str) -> None:
        self.pieces.append(text)


def written_out(data: bytes) -> bytes:
    """The RTF with each equation as a line of text in its place; what cannot be read stays as it is."""
    encoding = code_page(data)
    parts: list[bytes] = []
    done = 0
    for begin in _BEGIN.finditer(data):
        if begin.start() < done:
            continue
        found = _equation(data, begin.start(), encoding)
        if found is None or not found[0]:
            continue
        parts += [data[done : begin.start()], b"{", escaped(found[0]), b"}"]
        done = found[1]
    return b"".join([*parts, data[done:]]) if parts else data


def code_page(data: bytes) -> str:
    """The encoding of the bytes of an RTF file."""
    page = _PAGE.search(data)
    if page is None or page[1] == b"936":
        return "gb18030"
    encoding = f"cp{page[1].decode()}"
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "cp1252"
    return encoding


def _equation(data: bytes, start: int, encoding: str) -> tuple[str, int] | None:
    """The linear form of the equation whose group begins at `start`, and the end of the group; None for none."""
    root = etree.Element(tag("m:oMath"))
    groups = [_Group(root)]
    skip, fallback = 0, 1
    for token in TOKEN.finditer(data, start, min(len(data), start + _LONGEST)):
        word, number, coded, sign, brace, plain = token.groups()
        here = groups[-1]
        if brace == b"{":
            if len(groups) > _DEEPEST:
                return None
            groups.append(_Group(here.element, silent=here.silent))
        elif brace == b"}":
            _close(groups.pop(), groups[-1])
            if len(groups) == 1:
                return _linear(root), token.end()
        elif word is not None:
            name = word.decode("ascii")
            if name == "u" and number is not None:
                here.text += chr(int(number) % 0x10000)
                skip = fallback
            elif name == "uc":
                fallback = int(number or 0)
            elif not here.name:
                _named(here, name)
        elif coded is not None or plain is not None:
            raw = bytes([int(coded, 16)]) if coded is not None else plain
            here.text += raw[skip:].decode("latin-1")
            skip = max(0, skip - len(raw))
        elif sign in (b"\\", b"{", b"}"):
            here.text += sign.decode("ascii")
        if not here.silent and here.text and (brace or word is not None):
            _flush(here, encoding)
    return None


def _named(group: _Group, name: str) -> None:
    """The first word of a group names it: a part of the equation, a value, or formatting that says nothing here."""
    if name == "mmathPict":
        group.silent = True
    elif name.startswith("m") and len(name) > 1:
        group.name = name
        group.element = etree.SubElement(group.element, tag(f"m:{name[1:]}"))
    elif name in ("pict", "fonttbl", "nonshppict", "shppict"):
        group.silent = True


def _flush(group: _Group, encoding: str) -> None:
    """Puts the text read so far in its place."""
    if group.name in _VALUES:
        return
    text = decoded(group.text, encoding)
    group.text = ""
    elements = (group.element, *group.element.iterancestors())
    if text.strip() and not any(str(element.tag).endswith("Pr") for element in elements):
        etree.SubElement(group.element, MATH_TEXT).text = text


def _close(group: _Group, around: _Group) -> None:
    if group.name in _VALUES:
        group.element.set(tag("m:val"), group.text.strip())
    elif not group.name and group.text and around.name in _VALUES:
        around.text += group.text


def decoded(text: str, encoding: str) -> str:
    """A text with bytes of the file's code page among characters given by number."""
    pieces = re.split("([\x80-\xff]+)", text)
    return "".join(
        piece.encode("latin-1").decode(encoding, "replace") if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def _linear(root: Element) -> str:
    line = _Linear()
    line.inside(root)
    return "".join(line.pieces).strip()


def escaped(text: str) -> bytes:
    """Text as RTF in any code page."""
    return b"".join(_character(unit) for unit in _units(text))


def _units(text: str) -> Iterator[int]:
    raw = text.encode("utf-16-le")
    yield from (int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2))


def _character(unit: int) -> bytes:
    if unit < 0x80:
        char = bytes([unit])
        return b"\\" + char if char in b"\\{}" else char
    return b"\\u%d?" % (unit - 0x10000 if unit > 0x7FFF else unit)
