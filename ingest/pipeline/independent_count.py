"""The Han characters of a file counted a second time, by other means than its reader's: bytes in, text out.

Nothing here shares code with a reader. The text is rough: all of it, by part of the file, paragraphs on lines of their
own; good enough to count characters and to say which passages are missing.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

import pypdfium2  # type: ignore[import-untyped]

_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_TEXT_NODE = re.compile(rb"<(?:\w+:)?(?:t|delText)(?:\s[^>]*)?(?<!/)>([^<]*)<")
# Each begins with letters to look for, which is what makes them fast.
_MAY_HOLD_TEXT = tuple(map(re.compile, (rb":t[\s>]", rb"<t[\s>]", rb"delText", rb"textpath")))
_TEXT_TAGS = frozenset({"t", "delText"})
_SILENT = frozenset({"script", "style", "title", "template", "noscript", "object", "iframe", "audio", "video"})
_ON_ITS_OWN = frozenset({"p", "div", "li", "tr", "td", "th", "br", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"})

Texts = Mapping[str, str]
"""Part of the file (a name inside it, a page; "" for the whole) → its text."""


def han(text: str) -> str:
    """The Han characters of a text."""
    return "".join(_HAN.findall(text))


def squeezed(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def texts(format_name: str, file: Path) -> list[Texts]:
    """The readings a file allows: one, or several where its encoding is a guess; none where there is no second way."""
    read = _READERS.get(format_name)
    return read(file) if read else []


# -- Word


class _Scan:
    """One pass of expat over a part: text nodes wherever they stand, of alternatives the fuller one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._reading = False
        # For each alternative open, what came before it, then its branches.
        self._alternatives: list[list[list[str]]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        self._reading = local in _TEXT_TAGS
        if local == "textpath":
            self.pieces.append(attributes.get("string", ""))
        elif local == "AlternateContent":
            self._alternatives.append([self.pieces])
            self.pieces = []

    def end(self, tag: str) -> None:
        self._reading = False
        local = tag.rpartition(":")[2]
        if local == "p":
            self.pieces.append("\n")
        elif local in ("Choice", "Fallback") and self._alternatives:
            self._alternatives[-1].append(self.pieces)
            self.pieces = []
        elif local == "AlternateContent" and self._alternatives:
            before, *branches = self._alternatives.pop()
            self.pieces = [*before, *max(branches, key=lambda branch: len(han("".join(branch))), default=[])]

    def text(self, data: str) -> None:
        if self._reading:
            self.pieces.append(data)


def _word(file: Path) -> list[Texts]:
    with zipfile.ZipFile(file) as opened:
        names = [name for name in opened.namelist() if name.lower().endswith(".xml")]
        return [{name.lstrip("/").replace("\\", "/"): _part(opened.read(name)) for name in names}]


def _part(data: bytes) -> str:
    if b"\0" not in data[:64] and not any(pattern.search(data) for pattern in _MAY_HOLD_TEXT):
        return ""  # styles, settings, themes: most of a short file's bytes, and half the time of its import
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError:  # broken: whatever looks like a text node
        return "\n".join(text.decode("utf-8", "ignore") for text in _TEXT_NODE.findall(data))
    return "".join(scan.pieces)


# -- OpenDocument

# What a program fills in, and descriptions of pictures, are not text of the document.
_FILLED_IN = frozenset({"svg:title", "svg:desc", "dc:creator", "text:title", "text:chapter", "text:file-name"})


def _open_document(file: Path) -> list[Texts]:
    """All character data of the body and of the running heads, before LibreOffice has touched it."""
    with zipfile.ZipFile(file) as opened:
        parts = [part for part in ("content.xml", "styles.xml") if part in opened.namelist()]
        return [{part: _character_data(opened.read(part)) for part in parts}]


def _character_data(data: bytes) -> str:
    pieces: list[str] = []
    skipping = 0

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal skipping
        skipping += tag in _FILLED_IN

    def end(tag: str) -> None:
        nonlocal skipping
        skipping -= tag in _FILLED_IN
        if tag in ("text:p", "text:h"):
            pieces.append("\n")

    def text(piece: str) -> None:
        if not skipping:
            pieces.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return ""  # LibreOffice would not have read it either
    return "".join(pieces)


# -- text


def _text(file: Path) -> list[Texts]:
    """The readings the bytes allow: by mark, else in every encoding that gives no error; UTF-8 leaves no doubt."""
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be"]
    found: list[Texts] = []
    for encoding in encodings:
        try:
            found.append({"": data.decode(encoding)})
            if encoding == "utf-8":
                break
        except UnicodeDecodeError:
            continue
    return found  # none for damaged bytes: the reader has listed every line with them


# -- HTML


class _Page(HTMLParser):
    """Takes the text out of a page with the parser of the standard library."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent: list[str] = []
        self._bracket = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bracket = tag == "rp"
        if tag in _SILENT:
            self._silent.append(tag)
        if tag in _ON_ITS_OWN:
            self.pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bracket = False

    def handle_endtag(self, tag: str) -> None:
        self._bracket = False
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._bracket:
            self.pieces.append(" ".join(data.split("\n")))


def _page(text: str) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    return "".join(page.pieces)


def _html(file: Path) -> list[Texts]:
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [{"": _page(data.decode("utf-16", "ignore"))}]
    found: list[Texts] = []
    for encoding in ("utf-8", "gb18030", "cp950"):
        try:
            found.append({"": _page(data.decode(encoding))})
        except UnicodeDecodeError:
            continue
    return found


def _epub(file: Path) -> list[Texts]:
    with zipfile.ZipFile(file) as opened:
        pages = [name for name in opened.namelist() if name.lower().endswith((".xhtml", ".html", ".htm"))]
        return [{name: _page(opened.read(name).decode("utf-8", "ignore")) for name in pages}]


# -- PDF


def _pdf(file: Path) -> list[Texts]:
    """The text of each page as PDFium gives it in one piece; the reader asks for single characters and their places.

    Both ask the same library. So this count proves that between PDFium and the library nothing is lost: by putting
    characters into lines, telling columns apart, taking off running heads and page numbers, joining paragraphs. It
    cannot prove that PDFium knows every character: what a font without a table of characters draws, or what is only
    drawn as curves or pictures, no program finds in a text layer.
    """
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        return []  # its reader would not have read it either
    try:
        return [{f"第 {number} 页": _page_text(page) for number, page in enumerate(document, 1)}]
    finally:
        document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()


def _nothing(file: Path) -> list[Texts]:
    """A picture holds no text; what was recognised on it is counted where it is heard: readers/recogniser.py."""
    return [{}]


_READERS: dict[str, Callable[[Path], list[Texts]]] = {
    "docx": _word,
    "odt": _open_document,
    "text": _text,
    "html": _html,
    "epub": _epub,
    "pdf": _pdf,
    "picture": _nothing,
}
