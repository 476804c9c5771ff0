"""Trees of HTML and XHTML: decoding, parsing, and what of them is text. Shared by web pages and electronic books."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from archive.model.errors import ReadError
from archive.model.records import Kind
from ingest.text.characters import visible
from ingest.text.encoding import NAMES, Decoded, decoded, detect

Element = etree._Element

UNTEXT = frozenset({"script", "style", "head", "template", "rp", "object", "iframe", "audio", "video", "noscript"})
KIND = "wenshi-kind"
_SAID = frozenset({Kind.VERSE, Kind.BYLINE, Kind.SUBTITLE, Kind.NOTE})
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "cp950"}
_HEAD = 4096
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.I)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def decode(data: bytes, name: str) -> tuple[Decoded, str]:
    """The text and the Python name of its encoding: by mark, by what it says of itself if that is true, by frequency.

    Bytes that mean nothing in the encoding become U+FFFD. Raises ReadError where no encoding fits.
    """
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        said = _CHARSET.search(data[:_HEAD])
        if said:
            encoding = said[1].decode("ascii", "replace").lower()
            encoding = _CHINESE.get(encoding, encoding)
            try:
                return Decoded(data.decode(encoding)), encoding
            except (LookupError, UnicodeDecodeError):
                pass  # it says what it is not, or a few bytes are damaged
        elif data.isascii():
            return Decoded(data.decode("ascii")), "ascii"
    found = detect(data)
    if found is None:
        hint = "用浏览器打开，确认文字正常后全选复制到 Word 中，存成 .docx 再导入"
        raise ReadError("认不出网页文字的编码，没有读取", place=name, hint=hint)
    read = decoded(data, found)
    return replace(read, text=read.text.removeprefix("\ufeff")), found


def encoding_title(encoding: str) -> str:
    """What people call the encoding."""
    return NAMES.get(encoding, encoding.upper())


def parse_html(text: str, name: str) -> Element:
    """The tree of a web page, however badly it is written."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if any("depth" in entry.message for entry in parser.error_log):  # beyond it the parser drops everything
        hint = "用浏览器打开，全选复制到 Word 中，存成 .docx 再导入"
        raise ReadError("网页的标记嵌套过深，读不出", place=name, hint=hint)
    if root is None:
        raise ReadError("网页里没有内容", place=name, hint="请确认文件，重新保存网页")
    return root


def parse_xhtml(text: str, name: str) -> Element:
    """The tree of a page of a book: XML if it is well formed, else as HTML. Entity declarations are refused."""
    if "<!ENTITY" in text:
        raise ReadError("文件内部带有实体声明，为安全起见不予读取", place=name, hint="若文件来路不明，请不要打开")
    plain = _ENTITY.sub(_character, _DOCTYPE.sub("", text, count=1))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", plain).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return parse_html(text, name)


def _character(match: re.Match[str]) -> str:
    """A named character as itself; XML knows only five names."""
    return match[0] if match[1] in _XML_NAMES else html.unescape(match[0])


def local(element: Element) -> str:
    """The name of an element without its namespace, in lower case; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name (`href` finds xlink:href, `type` finds epub:type); "" where there is none."""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
        found = found or element.get(f"epub:{name}") or element.get(f"xlink:{name}")
    return found or ""


def said_kind(element: Element) -> Kind | None:
    """The kind of a paragraph in a page that a reader made of other markup (readers/moved); None anywhere else."""
    said = element.get(KIND)
    return Kind(said) if said in _SAID else None


def is_hidden(element: Element) -> bool:
    """Whether the page itself never shows the element."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def texts(element: Element) -> Iterator[str]:
    """The pieces of text below an element, without what is no text (scripts, styles); hidden text included."""
    if local(element) in UNTEXT:
        return
    if element.text:
        yield element.text
    for inner in element:
        if local(inner):
            yield from texts(inner)
        if inner.tail:
            yield inner.tail


def count(element: Element) -> int:
    """Visible characters below an element."""
    return sum(map(visible, texts(element)))
