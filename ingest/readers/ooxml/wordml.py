"""XML of the package: names, safe parsing, and the one definition of a text character of a Word file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

from lxml import etree

from archive.model.errors import ReadError
from ingest.text.characters import visible

Element = etree._Element

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
}
# ISO 29500 Strict uses other names for the same vocabulary.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", NAMESPACES["w"].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)")


@cache
def tag(name: str) -> str:
    """`w:p` as lxml writes it, `{namespace}p`."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


VAL = tag("w:val")
TEXT = tag("w:t")
DELETED_TEXT = tag("w:delText")
MATH_TEXT = tag("m:t")
DRAWING_TEXT = tag("a:t")
SYMBOL = tag("w:sym")
RARE_SYMBOL = tag("w16se:symEx")  # a character beyond U+FFFF of a font with more than 65,536
CHART_VALUE = tag("c:v")
NEW_CHART = tag("cx:chart")
NEW_CHART_VALUES = (tag("cx:pt"), tag("cx:v"))
HYPHEN = tag("w:noBreakHyphen")
WORD_ART = tag("v:textpath")
_TEXT_NODES = frozenset({TEXT, DELETED_TEXT, MATH_TEXT, DRAWING_TEXT, CHART_VALUE, *NEW_CHART_VALUES})
_COUNTED = (*_TEXT_NODES, SYMBOL, RARE_SYMBOL, HYPHEN, WORD_ART)


def count_characters(root: Element) -> int:
    """Text characters below `root`, white space excluded, wherever they stand; nothing is interpreted.

    A symbol and a non-breaking hyphen count one, WordArt counts its text. Computed text (automatic numbering) and
    alternative texts of pictures are not text of the file.
    """
    total = 0
    for node in root.iter(*_COUNTED):
        if node.tag in _TEXT_NODES:
            total += visible(node.text or "")
        elif node.tag == WORD_ART:
            total += visible(node.get("string") or "")
        else:
            total += 1
    return total


def parse(data: bytes, place: str) -> tuple[Element, bool]:
    """The root element of an XML part, and whether it was broken and could only be read in recovery mode.

    A document type or entity declaration is refused: no word processor writes one, and entities are how a small file
    becomes a huge one.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")
    if _DOCTYPE.search(data):
        raise ReadError(
            "文件内部的 XML 带有文档类型或实体声明，正常的 Word 文件不会有，为安全起见不予读取",
            place=place,
            hint="用 Word 或 WPS 打开后另存为新的 .docx 再导入；若文件来路不明，请不要打开",
        )
    if b"purl.oclc.org/ooxml" in data:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    try:
        return _resolved(etree.fromstring(data, _parser())), False
    except etree.XMLSyntaxError:
        root = _recovered(data)
    if root is None:
        raise ReadError("文件内部的 XML 已损坏，无法读取", place=place, hint="用 Word 打开并修复，另存为新的 .docx")
    return _resolved(root), True


def _recovered(data: bytes) -> Element | None:
    """The root as far as a broken part goes; None where nothing of it can be read."""
    if b"\0" not in data[:64]:
        data = data.decode("utf-8", "replace").encode()  # bytes that are no text would make attributes unreadable
    try:
        return etree.fromstring(data, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _resolved(root: Element) -> Element:
    """Replaces every mc:AlternateContent by the one branch that is to be read.

    The branches say the same thing for newer and older programs. The first is taken unless another carries more text
    (a drawing newer than this reader, with its text only in the fallback). A chart is better than what stands for it.
    """
    for alternative in list(root.iter(tag("mc:AlternateContent"))):
        branches = list(alternative)
        parent = alternative.getparent()
        if parent is None:
            continue
        chosen = max(branches, key=_fullness) if branches else None
        position = parent.index(alternative)
        for child in list(chosen) if chosen is not None else ():
            parent.insert(position, child)
            position += 1
        parent.remove(alternative)
    return root


def _fullness(branch: Element) -> tuple[bool, int]:
    return next(branch.iter(NEW_CHART), None) is not None, count_characters(branch)


def child(element: Element, *path: str) -> Element | None:
    """The first descendant down the path of names (`"w:pPr", "w:jc"`), or None."""
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = found.find(tag(name))
    return found


def value(element: Element, *path: str) -> str | None:
    """The w:val of the element down the path; None where there is no such element or attribute."""
    found = child(element, *path)
    return None if found is None else found.get(VAL)


def switched(element: Element, *path: str) -> bool | None:
    """An on/off property such as w:b: True, False, or None where it is not given."""
    found = child(element, *path)
    if found is None:
        return None
    return found.get(VAL) not in ("0", "false", "off", "none")


def integer(text: str | None, otherwise: int = 0) -> int:
    """A whole number as Word writes it, sometimes with a fraction; `otherwise` where it is none."""
    try:
        return int(float(text)) if text else otherwise
    except (ValueError, OverflowError):
        return otherwise


def attribute(element: Element, name: str) -> str | None:
    """The attribute of that prefixed name."""
    found: str | None = element.get(tag(name))
    return found


_WRAPPERS = frozenset(map(tag, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")))
DROPPED = frozenset(map(tag, ("w:del", "w:moveFrom")))


def unwrapped(element: Element) -> Iterator[Element]:
    """The children of `element`, looking through content controls, smart tags and accepted insertions."""
    for item in element:
        if item.tag in _WRAPPERS:
            yield from unwrapped(item)
        else:
            yield item
