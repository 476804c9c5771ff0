"""The text of web pages, texts, tables, records and PDF for the second count: bytes in, rough text out."""

from __future__ import annotations

import codecs
import ctypes
import email
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_SILENT = frozenset({"script", "style", "title", "template", "noscript", "object", "iframe", "audio", "video"})
_TYPED = frozenset({"text", "search", "tel", "url", "email", "number", "date", "month", "submit", "button", "reset"})
_LINE_END_HYPHEN = "\ufffe"  # as PDFium gives it, with no line end after it
_ON_ITS_OWN = frozenset({"p", "div", "li", "tr", "td", "th", "br", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"})


HEADS = "页眉页脚"
"""The part of a file that its running heads and feet are counted under, where a conversion may leave some behind."""


@dataclass(frozen=True, slots=True)
class FileText:
    """One reading of a file. `texts`: part of the file (a name inside it, a page; "" for the whole) → its text.

    `unread` are parts so damaged that nothing of them can be read.
    """

    texts: Mapping[str, str]
    unread: tuple[str, ...] = ()


def plain(file: Path) -> list[FileText]:
    """The readings the bytes allow: by mark, else in every encoding that gives no error; UTF-8 leaves no doubt."""
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "gb18030", "cp950", "big5hkscs"]
        if b"\n" not in data or b"\n\0" in data or b"\0\n" in data:  # else its lines would not end there
            encodings += ["utf-16-le", "utf-16-be"]
    found: list[FileText] = []
    for encoding in encodings:
        try:
            found.append(FileText({"": data.decode(encoding)}))
            if encoding == "utf-8":
                break
        except UnicodeDecodeError:
            continue
    if not found and (lines := _by_lines(data)) is not None:
        found.append(FileText({"": lines}))
    # A text that was read in the wrong encoding once and saved again may have been mended, line by line.
    return [*found, *(FileText({"": undone}) for one in found if (undone := _undone(one.texts[""])) is not None)]


def _by_lines(data: bytes) -> str | None:
    """Text whose lines, or parts of them, are UTF-8 or GB18030; None for damaged bytes: the reader lists such lines."""
    lines: list[str] = []
    for raw in data.split(b"\n"):
        for encoding in ("utf-8", "gb18030"):
            try:
                lines.append(raw.decode(encoding))
                break
            except UnicodeDecodeError:
                continue
        else:
            try:
                lines.append("".join(_part(part) for part in _UTF8_PART.split(raw)))
            except UnicodeDecodeError:
                return None
    return "\n".join(lines)


_UTF8_PART = re.compile(rb"((?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2,})")


def _part(raw: bytes) -> str:
    return raw.decode("utf-8" if _UTF8_PART.fullmatch(raw) else "gb18030")


_MISREAD_SIGNS = re.compile("[\u00a0-\u00ff]{2}|[銆锛鐨鏄]")  # hardly any text has them
_MISREAD = (("latin-1", "utf-8"), ("latin-1", "gb18030"), ("gb18030", "utf-8"))


def _undone(text: str) -> str | None:
    """The text with every line put back that can be; None where there is none."""
    if not _MISREAD_SIGNS.search(text):
        return None
    lines = text.split("\n")
    back = [_line_undone(line) for line in lines]
    return "\n".join(back) if back != lines else None


def _line_undone(line: str) -> str:
    if line.isascii():
        return line
    for wrong, right in _MISREAD:
        try:
            raw = b"".join(_byte(char) for char in line) if wrong == "latin-1" else line.encode(wrong)
            return raw.decode(right)
        except UnicodeError:
            continue
    return line


def _byte(char: str) -> bytes:
    """The byte that was read as this character: by Latin-1, or what Windows has in its place."""
    return char.encode("latin-1") if char < "\u0100" else char.encode("cp1252")


# -- HTML


class _CountedPage(HTMLParser):
    """Takes the text out of a page with the parser of the standard library."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent: list[str] = []
        self._bracket = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bracket = tag == "rp"
        told = dict(attrs)
        if tag == "input" and (told.get("type") or "text").lower() in _TYPED:
            self.pieces.append(told.get("value") or "")
        if tag in _SILENT:
            self._silent.append(tag)
        if tag in _ON_ITS_OWN:
            self.pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.handle_starttag(tag, attrs)
        self._bracket = False

    def handle_endtag(self, tag: str) -> None:
        self._bracket = False
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._bracket:
            self.pieces.append(" ".join(data.split("\n")))


def page_text(text: str) -> str:
    page = _CountedPage()
    page.feed(text)
    page.close()
    return "".join(page.pieces)


def web_page(file: Path) -> list[FileText]:
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [FileText({"": page_text(data.decode("utf-16", "ignore"))})]
    found: list[FileText] = []
    for encoding in ("utf-8", "gb18030", "cp950"):
        try:
            found.append(FileText({"": page_text(data.decode(encoding))}))
        except UnicodeDecodeError:
            continue
    return found


def message(file: Path) -> list[FileText]:
    """The subject and addresses of a mail or saved page, and its text in both forms that may be there."""
    return [FileText({"": text}) for text in message_texts(file.read_bytes())]


def message_texts(data: bytes) -> Iterator[str]:
    """The text of each form that a mail or saved page has."""
    whole = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \r\n\t"))
    for part in whole.walk():
        if part.get_content_type() not in ("text/html", "text/plain") or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        for encoding in (part.get_content_charset() or "utf-8", "utf-8", "gb18030", "cp950"):
            try:
                text = payload.decode("gb18030" if encoding.startswith("gb") else encoding)
            except (LookupError, UnicodeDecodeError):
                continue
            yield page_text(text) if part.get_content_subtype() == "html" else text
            break


def book(file: Path) -> list[FileText]:
    with zipfile.ZipFile(file) as opened:
        pages = [name for name in opened.namelist() if name.lower().endswith((".xhtml", ".html", ".htm"))]
        return [FileText({name: page_text(opened.read(name).decode("utf-8", "ignore")) for name in pages})]


# -- PDF


_PAGES_AT_ONCE = 50


def pdf(file: Path) -> list[FileText]:
    """The text of each page as PDFium gives it in one piece; the reader asks for single characters and their places.

    Both ask the same library. So this count proves that between PDFium and the library nothing is lost: by putting
    characters into lines, telling columns apart, taking off running heads and page numbers, joining paragraphs. It
    cannot prove that PDFium knows every character: what a font without a table of characters draws, or what is only
    drawn as curves or pictures, no program finds in a text layer.
    """
    found: dict[str, str] = {}
    while True:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            return []  # its reader would not have read it either
        try:
            if document.get_formtype():
                document.init_forms()
            # A few at a time: an open document keeps the pictures of all pages it has been asked for.
            for at in range(len(found), min(len(document), len(found) + _PAGES_AT_ONCE)):
                found[f"第 {at + 1} 页"] = _page_text(document[at])
            if len(found) >= len(document):
                return [FileText(found)]
        finally:
            document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        words = str(text_page.get_text_range()).replace(_LINE_END_HYPHEN, "-\n")
        return "\n".join([words, *_written_on(page)])
    finally:
        text_page.close()
        page.close()


# Sticky notes, typed text and marks with words to them; what fields hold; what boxes and buttons show.
_WITH_WORDS, _FIELD = frozenset({1, 3, 9, 10, 11, 12, 14}), 20
_BOXES, _FILLED_IN = {2: "☐☒", 3: "○●"}, frozenset({4, 5, 6})


def _written_on(page: pypdfium2.PdfPage) -> Iterator[str]:
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        one = pdfium.FPDFPage_GetAnnot(page, number)
        if not one or pdfium.FPDFAnnot_GetFlags(one) & 2:
            continue
        kind, form = pdfium.FPDFAnnot_GetSubtype(one), page.pdf.formenv
        if kind in _WITH_WORDS:
            yield _utf16(pdfium.FPDFAnnot_GetStringValue, one, b"Contents")
        elif kind == _FIELD and form is not None:
            field = pdfium.FPDFAnnot_GetFormFieldType(form, one)
            if field in _BOXES:
                yield _BOXES[field][bool(pdfium.FPDFAnnot_IsChecked(form, one))]
            elif field in _FILLED_IN:
                yield _utf16(pdfium.FPDFAnnot_GetFormFieldValue, form, one)
        pdfium.FPDFPage_CloseAnnot(one)


def _utf16(ask: Callable[..., int], *of: object) -> str:
    size = ask(*of, None, 0)
    room = (ctypes.c_ushort * (size // 2))()
    ask(*of, room, size)
    return bytes(room).decode("utf-16-le", "replace").split("\0")[0]


# -- records


def records(file: Path) -> list[FileText]:
    """Titles and texts of JSON Lines; a line that is no record counts whole, as its issue does."""
    return [FileText({"": "\n".join(map(_record, reading.texts[""].split("\n")))}) for reading in plain(file)]


def _record(line: str) -> str:
    try:
        values = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return line
    if not isinstance(values, dict) or not isinstance(values.get("text"), str):
        return line
    title = values.get("title") or ""
    return f"{title if isinstance(title, str) else json.dumps(title, ensure_ascii=False)}\n{values['text']}"


# -- texts moved from other systems


def tei(file: Path) -> list[FileText]:
    """All words below `text`, but pictures, and the line of the source that our own exports repeat from the header."""
    found: list[str] = []
    depth = 0
    for event, node in ElementTree.iterparse(file, ("start", "end")):
        name = node.tag.rpartition("}")[2]
        if event == "start":
            depth += name == "text"
            continue
        if name in ("binaryObject", "figDesc") or (name in ("trailer", "p") and node.get("rend") == "source"):
            node.text = ""
            del node[:]
        if name == "text" and depth:
            depth -= 1
            if not depth:
                found.append("".join(node.itertext()))
    return [FileText({"": "\n".join(found)})]


def site(file: Path) -> list[FileText]:
    """Titles and bodies of all items of a feed, without marks."""
    found: list[str] = []
    for _, node in ElementTree.iterparse(file):
        if node.tag != "item":
            continue
        bodies = [one.text or "" for one in node if one.tag.endswith("}encoded") and "content" in one.tag]
        body = (bodies or [node.findtext("description") or ""])[0]
        kind = next((one.text for one in node if one.tag.endswith("}post_type")), "post")
        if kind == "attachment" and not body.strip():
            continue
        page = _CountedPage()
        page.feed(re.sub(r"\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\]]*\]", "", body))
        page.close()
        found += [node.findtext("title") or "", "".join(page.pieces)]
    return [FileText({"": "\n".join(found)})]


def finding_aid(file: Path) -> list[FileText]:
    """Titles and notes of what a finding aid describes last, and of what it says more of above."""
    found: list[str] = []
    for node in ElementTree.parse(file).iter():
        if not re.fullmatch(r"c(\d\d)?|archdesc", node.tag.rpartition("}")[2]):
            continue
        own = [one for one in node if not re.fullmatch(r"c(\d\d)?|dsc", one.tag.rpartition("}")[2])]
        own += [one for did in node.iterfind("{*}did") for one in did]
        notes = [one for one in own if one.tag.rpartition("}")[2] in _WRITTEN]
        pieces = [one for note in notes for one in note.iter() if one.tag.rpartition("}")[2] in ("p", "item")] or notes
        told = ["".join(one.itertext()) for one in pieces]
        below = [one for each in (node, *node.iterfind("{*}dsc")) for one in each]
        lowest = not any(re.fullmatch(r"c(\d\d)?", one.tag.rpartition("}")[2]) for one in below)
        if told or lowest:
            found += [*("".join(one.itertext()) for one in node.findall("{*}did/{*}unittitle")[:1]), *told]
    return [FileText({"": "\n".join(found)})]


_WRITTEN = frozenset({"abstract", "scopecontent", "bioghist", "custodhist", "arrangement"})
