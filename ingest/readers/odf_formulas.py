"""Formulas of OpenDocument texts: objects of their own beside the text, which a conversion may leave behind."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from lxml import etree

from ingest.readers.mathml import linear
from ingest.readers.ooxml.ole_objects import equation_of

_MATH = "{http://www.w3.org/1998/Math/MathML}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_INLINE = frozenset({f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}span", f"{_TEXT}a"})
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, KeyError, NotImplementedError, RuntimeError, etree.LxmlError)


def write_out(file: Path) -> None:
    """Puts the linear form of each formula (7/53, 10^4) in its place in the text. Changes `file`, a copy.

    A file that cannot be read stays as it is: the conversion will say what is wrong with it.
    """
    try:
        with zipfile.ZipFile(file) as opened:
            content = _parsed(opened.read("content.xml"))
            if not _replaced(opened, content):
                return
            members = {info.filename: opened.read(info) for info in opened.infolist()}
    except _UNREADABLE:
        return
    members["content.xml"] = etree.tostring(content, encoding="UTF-8", xml_declaration=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)


def _parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _replaced(opened: zipfile.ZipFile, content: etree._Element) -> int:
    """How many formulas were put into the text."""
    count = 0
    for frame in list(content.iter(f"{_DRAW}frame")):
        parent = frame.getparent()
        formula = _formula(opened, frame)
        text = linear(formula) if formula is not None else _of_object(opened, frame)
        if parent is None or not text:
            continue
        span = etree.Element(f"{_TEXT}span" if parent.tag in _INLINE else f"{_TEXT}p")
        span.text, span.tail = text, frame.tail
        parent.replace(frame, span)
        count += 1
    return count


def _of_object(opened: zipfile.ZipFile, frame: etree._Element) -> str:
    """The equation of an object of the Equation Editor or MathType in a frame; empty for a frame of something else."""
    held = frame.find(f"{_DRAW}object-ole")
    member = str(held.get(_HREF) or "").removeprefix("./") if held is not None else ""
    return equation_of(opened.read(member)) if member in opened.namelist() else ""


def _formula(opened: zipfile.ZipFile, frame: etree._Element) -> etree._Element | None:
    """The MathML of a frame, written in it or in a member of the package; None for a frame of something else."""
    held = frame.find(f"{_DRAW}object")
    if held is None:
        return None
    if (inside := held.find(f"{_MATH}math")) is not None:
        return inside
    member = f"{str(held.get(_HREF) or '').removeprefix('./')}/content.xml"
    if member not in opened.namelist():
        return None
    data = opened.read(member)
    root = _parsed(data) if b"MathML" in data else None
    return root if root is not None and root.tag == f"{_MATH}math" else None
